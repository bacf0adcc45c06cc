/* A simulated world: hosts, a network between them, a DNS, a store, and one time for
 * all.
 *
 * Everything that happens is an event at an instant, and what happens is drawn from the seed:
 * so two worlds of the same seed are the same to the last byte. On each host lives an element
 * (sim/element.h) that is reached over UDP and TCP. The network delays, loses, repeats and
 * reorders datagrams; it delays connections, cuts what they carry into pieces and breaks them;
 * hosts are cut off from one another, crash and start again; the DNS and the store are
 * late, or fail.
 *
 * Watchers see all of it: sim/trace.h tells it, sim/check.h judges it. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/element.h"
#include "sim/mem.h"

enum {
    SIM_HOST_MAX = 32,
    SIM_WATCHER_MAX = 4,
    SIM_PARTITION_MAX = 16,
    SIM_SRV_MAX = 4,
    SIM_PORT = 5060,         /* where every host is reached */
    SIM_RESTLESS_MAX = 1000, /* ticks that one element may ask for in one instant */
};

/* What goes wrong, and how often. Of zero bytes: nothing ever, and nothing takes time. */
struct sim_faults {
    tnd_time delay_min, delay_max; /* of a datagram, or a piece of a stream, on its way */
    tnd_time reorder_max;          /* further delay of a datagram that others overtake */
    tnd_time late_max;             /* a tick comes that much later than it is due */
    tnd_time dns_max;              /* the DNS takes up to that long */
    tnd_time store_max;            /* the store likewise, and a little more to say so */
    unsigned lost_of_1000;         /* datagrams; pieces of a stream are sent again */
    unsigned doubled_of_1000;      /* datagrams */
    unsigned reordered_of_1000;    /* datagrams */
    unsigned bounced_of_1000;      /* datagrams to a host that is down, of which the sender hears */
    unsigned broken_of_1000;       /* messages sent over a connection, which breaks it */
    unsigned batched_of_1000;      /* inputs after which the outputs wait for more inputs */
    unsigned dns_failed_of_1000, dns_none_of_1000, store_failed_of_1000;
    unsigned memory_of_1000; /* takes of a watched element that find no memory */
    bool pieces;             /* streams arrive in pieces of any size */
};

/* What watchers see. */
enum sim_sight_kind {
    SIM_BORN,     /* an element starts on host */
    SIM_DYING,    /* it crashes, or the world ends; it is still there */
    SIM_DEAD,     /* it is gone; live_size says what it has left behind */
    SIM_FEEDING,  /* in is about to be fed */
    SIM_FED,      /* it was, and err came back */
    SIM_TOOK,     /* out came out */
    SIM_LOST,     /* bytes from there to there, on their way to host, are lost */
    SIM_RESTLESS, /* it asks for a tick again and again */
};

struct sim_sight {
    uint8_t kind; /* enum sim_sight_kind */
    int err;
    unsigned host;
    tnd_time now;
    size_t live_size;             /* bytes */
    const struct tnd_input *in;   /* of FEEDING and FED */
    const struct tnd_output *out; /* of TOOK */
    struct tnd_endpoint from, to; /* of LOST */
    struct tnd_slice bytes;       /* of LOST */
};

struct sim_watcher {
    void (*see)(void *ctx, const struct sim_sight *sight);
    void *ctx;
};

/* What happened, in numbers. */
struct sim_counts {
    uint64_t messages; /* that reached an element */
    uint64_t lost, doubled, bounced;
    uint64_t connections, broken;
    uint64_t crashes, lookups, stored;
};

struct sim_world;

/* mem is kept, and must have memory. */
struct sim_world *sim_world_new(const struct tnd_mem *mem, uint64_t seed);

/* Every element ends: SIM_DYING, SIM_DEAD. Sets *w to NULL; of NULL: fine. */
void sim_world_free(struct sim_world **w);

/* Before the first host. Keeps what ctx leads to. */
void sim_world_watch(struct sim_world *w, struct sim_watcher watcher);

/* From now on. Copies. */
void sim_world_faults(struct sim_world *w, const struct sim_faults *faults);

/* A record SRV of the DNS, of target, a host by its domain. Keeps both names. */
void sim_dns_srv(struct sim_world *w, const char *name, const char *target, uint16_t priority);

/* A host, whose element starts now. name is also that of a domain, below sim.example unless it has a dot. address: without a transport, or with no port: SIM_PORT.
 * seen: where others see its datagrams come from and reach it, if it is behind a NAT; NULL: it
 * is not. kind is copied, name is kept. Returns its number, from 0. */
unsigned sim_host_add(struct sim_world *w, const char *name, struct tnd_endpoint address,
                      const struct tnd_endpoint *seen, const struct sim_kind *kind);

/* From now on it finds no memory now and then, as those do that are watched. */
void sim_host_starve(struct sim_world *w, unsigned host);

unsigned sim_host_count(const struct sim_world *w);
const char *sim_host_name(const struct sim_world *w, unsigned host);
struct tnd_endpoint sim_host_address(const struct sim_world *w, unsigned host);
bool sim_host_watched(const struct sim_world *w, unsigned host);

/* NULL: it is down, or does not count. */
const struct tnd_node_stats *sim_host_stats(const struct sim_world *w, unsigned host);

/* When it wants its next tick; TND_NEVER_DUE also if it is down. */
tnd_time sim_host_due(const struct sim_world *w, unsigned host);

/* Bytes that it has taken and not given back. */
size_t sim_host_memory(const struct sim_world *w, unsigned host);

/* Which host has this address; -1: none. */
int sim_host_find(const struct sim_world *w, const struct tnd_endpoint *address);

/* The host at the far end of a connection that an element knows by flow; -1: there is none. */
int sim_flow_far(const struct sim_world *w, uint64_t flow);

/* The same for the host of a name. */
int sim_host_named(const struct sim_world *w, struct tnd_slice name);

/* host crashes at that time, and starts again at the other. */
void sim_world_crash(struct sim_world *w, unsigned host, tnd_time at, tnd_time again);

/* From then until then nothing passes between the two. */
void sim_world_part(struct sim_world *w, unsigned a, unsigned b, tnd_time from, tnd_time until);

/* Everything up to and at that time happens. Not after SIM_RESTLESS. */
void sim_world_run(struct sim_world *w, tnd_time until);

tnd_time sim_world_now(const struct sim_world *w);
const struct sim_counts *sim_world_counts(const struct sim_world *w);

#endif
