/* The checker of user agents: it sees each INVITE that leaves one and each response that comes, reads
 * the diaries of their persons (sim/diary.h), and tells what breaks a law to a struct sim_check. */
#ifndef SIM_AGENTS_H
#define SIM_AGENTS_H

#include "sim/check.h"
#include "sim/diary.h"

struct sim_agents {
    struct sim_check *check;
    const struct sim_world *w;
    const struct sim_diary *diary;
    unsigned first_host, host_count; /* of the user agents */
    struct tnd_arena a;
    struct sim_dial *dials; /* the newest first */
    unsigned lives[SIM_HOST_MAX];
    size_t memory_at_rest[SIM_HOST_MAX]; /* 0: it has not rested in this life */
    bool is_calm;                        /* there are no faults at all */
};

/* Keeps all; c must not move while w lives. The hosts are told when they are known. */
void sim_agents_init(struct sim_agents *c, struct sim_check *check, const struct sim_world *w,
                     const struct sim_diary *diary, const struct tnd_mem *mem);
void sim_agents_fini(struct sim_agents *c);
struct sim_watcher sim_agents_watcher(struct sim_agents *c);

/* When all that the faults have left behind must be over: what goes on goes on at both sides. */
void sim_agents_rest(struct sim_agents *c);

/* When their persons have hung up and left: nothing goes on. */
void sim_agents_closed(struct sim_agents *c);

#endif
