/* What the parts of the world share: its events, its hosts, its connections. */
#ifndef SIM_INSIDE_H
#define SIM_INSIDE_H

#include "base/wheel.h"
#include "sim/world.h"
#include "tandem/sip/stream.h"

enum {
    SIM_MESSAGE_ROOM = 1 << 22,   /* of the arena of one message */
    SIM_DATAGRAM_LEN_MAX = 65507, /* bytes that fit a UDP datagram */
    SIM_FLOW_FIRST = 1000,        /* of connections; two for each, one for each end */
    SIM_NAME_LEN_MAX = 64,
};

#define SIM_PATIENCE TND_SEC(10) /* of TCP: a longer silence of the network breaks it */

enum sim_event_kind {
    SIM_EV_TICK,     /* the element is due */
    SIM_EV_TAKE,     /* outputs that were left are taken */
    SIM_EV_DATAGRAM, /* bytes arrive */
    SIM_EV_CONNECT,  /* a connection is opened at the far end */
    SIM_EV_PIECE,    /* bytes arrive at the end flow of a connection */
    SIM_EV_BREAK,    /* the connection of flow ends */
    SIM_EV_FAILED,   /* an output could not be delivered */
    SIM_EV_ANSWER,   /* the DNS answers; bytes are the name */
    SIM_EV_STORE,    /* the store does what it was asked for, or answers; bytes are its own */
    SIM_EV_CRASH,
    SIM_EV_START,
};

struct sim_event {
    struct tnd_wheel_timer timer;
    uint8_t kind;                 /* enum sim_event_kind */
    uint8_t lookup;               /* enum tnd_lookup_kind: of ANSWER */
    unsigned host;                /* where it happens */
    unsigned life;                /* which life of it; another one does not hear of it */
    unsigned sender, sender_life; /* who hears that it failed, */
    uint64_t token;               /* if this is not 0 */
    uint64_t flow;
    struct tnd_endpoint from, to; /* of DATAGRAM */
    size_t len;
    char *bytes; /* behind the event, or NULL */
};

struct sim_host {
    char name[SIM_NAME_LEN_MAX];   /* "phone1" */
    char domain[SIM_NAME_LEN_MAX]; /* "phone1.sim.example" */
    struct sim_kind kind;
    struct sim_element element;
    struct sim_mem mem;
    struct tnd_endpoint address, seen; /* without a transport */
    uint64_t seed;
    bool starves;
    unsigned life;
    unsigned ticks; /* in this instant */
    tnd_time tick_at;
    struct sim_event tick, take; /* never freed, nor do they carry bytes */
    tnd_time last[SIM_HOST_MAX]; /* when the last datagram from each host arrives */
};

/* One end of a connection. */
struct sim_end {
    unsigned host, life;
    struct tnd_endpoint local; /* how the other end sees it */
    struct tnd_stream stream;
    bool deaf;     /* what comes is not read any more */
    tnd_time last; /* when the last piece on its way to here arrives */
    char *bytes;   /* that came and were not used */
    size_t len, size;
};

struct sim_connection {
    struct sim_end end[2]; /* [0] opened it */
    bool broken;
};

struct sim_partition {
    unsigned a, b;
    tnd_time from, until;
};

struct sim_world {
    const struct tnd_mem *mem;
    struct tnd_wheel wheel;
    struct tnd_random random;
    struct sim_faults faults;
    struct sim_counts counts;
    tnd_time now;
    bool restless;
    unsigned host_count, watcher_count, partition_count, srv_count;
    struct sim_host *hosts[SIM_HOST_MAX];
    struct sim_watcher watchers[SIM_WATCHER_MAX];
    struct sim_partition partitions[SIM_PARTITION_MAX];
    struct sim_srv {
        const char *name;
        struct tnd_srv srv;
    } srvs[SIM_SRV_MAX];
    struct sim_connection **connections;
    size_t connection_count, connection_size;
    struct tnd_arena arena;     /* of the message that is being fed */
    struct sim_record *records; /* of the store */
};

/* An event at that time, whose bytes are copied. */
struct sim_event *sim_event_add(struct sim_world *w, enum sim_event_kind kind, unsigned host,
                                tnd_time at, struct tnd_slice bytes);

void sim_see(struct sim_world *w, const struct sim_sight *sight);

/* To the element of host, if it lives. Then its outputs are taken, now or in a while. */
void sim_feed(struct sim_world *w, unsigned host, const struct tnd_input *in);

/* Sender is told of token in a while; of 0: nobody is. */
void sim_fail(struct sim_world *w, unsigned sender, unsigned life, uint64_t token, tnd_time at);

/* What a fault of so many of 1000 does now. */
bool sim_chance(struct sim_world *w, unsigned of_1000);

/* How long something takes on its way. */
tnd_time sim_delay(struct sim_world *w);

/* Until when nothing passes between the two, or now. */
tnd_time sim_parted_until(const struct sim_world *w, unsigned a, unsigned b);

static inline struct tnd_endpoint sim_over(struct tnd_endpoint e, enum tnd_transport transport)
{
    e.transport = (uint8_t)transport;
    return e;
}

/* datagram.c */
void sim_datagram_send(struct sim_world *w, unsigned host, const struct tnd_output *out);
void sim_datagram_arrive(struct sim_world *w, struct sim_event *ev);

/* connection.c */
void sim_connection_send(struct sim_world *w, unsigned host, const struct tnd_output *out);
void sim_connection_close(struct sim_world *w, unsigned host, const struct tnd_output *out);
void sim_connection_open(struct sim_world *w, struct sim_event *ev);
void sim_connection_arrive(struct sim_world *w, struct sim_event *ev);
void sim_connection_break(struct sim_world *w, uint64_t flow);
void sim_connection_crash(struct sim_world *w, unsigned host);
void sim_connection_free_all(struct sim_world *w);

/* dns.c */
void sim_dns_ask(struct sim_world *w, unsigned host, const struct tnd_output *out);
void sim_dns_answer(struct sim_world *w, struct sim_event *ev);

/* store.c */
void sim_store_ask(struct sim_world *w, unsigned host, const struct tnd_output *out);
void sim_store_answer(struct sim_world *w, struct sim_event *ev);
void sim_store_free(struct sim_world *w);

#endif
