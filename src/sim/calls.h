/* The checker of calls: it sees what goes into the nodes and the phones and what comes out of them,
 * reads the ledger of the phones (sim/ledger.h), and tells what breaks a law to a struct sim_check. */
#ifndef SIM_CALLS_H
#define SIM_CALLS_H

#include "base/map.h"
#include "sim/check.h"
#include "sim/ledger.h"

enum { SIM_CRASH_MAX = 16 };

struct sim_calls {
    struct sim_check *check;
    const struct sim_world *w;
    const struct sim_ledger *ledger;
    struct tnd_arena a;
    struct tnd_map contexts; /* of nodes; by host, life and the branch of the request that came */
    struct tnd_map attempts; /* what they sent; by host and branch */
    struct tnd_map finals;   /* what callers were given; by host and branch */
    struct sim_declined *declined; /* the 6xx that came to nodes */
    unsigned lives[SIM_HOST_MAX];
    tnd_time crashed_at; /* the last time that a node did; -1: none has */
    tnd_time crashes[SIM_CRASH_MAX];
    unsigned crash_count;
    bool is_lossless; /* nothing is lost but by crashes, and datagrams keep their order */
    bool is_calm;     /* there are no faults at all */
};

/* Keeps all; c must not move while w lives. */
void sim_calls_init(struct sim_calls *c, struct sim_check *check, const struct sim_world *w,
                    const struct sim_ledger *ledger, const struct tnd_mem *mem);
void sim_calls_fini(struct sim_calls *c);
struct sim_watcher sim_calls_watcher(struct sim_calls *c);

/* When everything must be over. */
void sim_calls_rest(struct sim_calls *c);

#endif
