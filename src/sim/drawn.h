/* What goes wrong in a world, as it is drawn from the seed. */
#ifndef SIM_DRAWN_H
#define SIM_DRAWN_H

#include "base/random.h"
#include "sim/scenario.h"

enum { SIM_HAPPENING_MAX = 6 /* crashes, and partitions */ };

#define SIM_SETTLING TND_SEC(280) /* whoever waits for somebody has given up by then */

struct sim_happening {
    unsigned a, b; /* a node, which crashes, and a phone, from which it is parted */
    tnd_time from, until;
};

struct sim_happenings {
    struct sim_happening crashes[SIM_HAPPENING_MAX], partitions[SIM_HAPPENING_MAX];
    unsigned crash_count, partition_count;
};

static inline bool sim_is_on(const struct sim_plan *plan, unsigned which)
{
    return (plan->without >> which & 1) == 0;
}

/* store_max and store_failed_of_1000 are left alone. */
void sim_draw_faults(struct tnd_random *r, enum sim_level level, struct sim_faults *f);
void sim_draw_happenings(struct tnd_random *r, const struct sim_plan *plan, unsigned nodes,
                         unsigned phones, struct sim_happenings *ret);

/* Those that are turned off are none. */
void sim_switch_faults(const struct sim_plan *plan, struct sim_faults *f);

/* When all hosts are there: nodes first, then phones. */
void sim_happenings_add(struct sim_world *w, const struct sim_happenings *h);

/* town.c: a world of users. */
void sim_town_run(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret);

/* village.c: the same with user agents. */
void sim_village_run(const struct tnd_mem *mem, const struct sim_plan *plan,
                     struct sim_result *ret);

#endif
