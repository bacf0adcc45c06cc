/* Making a failing run smaller: one switch after the other is turned off, for good if the same
 * law is broken without it. */
#include "sim/scenario.h"

struct sim_plan sim_shrink(const struct tnd_mem *mem, const struct sim_plan *plan,
                           struct sim_result *ret)
{
    struct sim_plan best = *plan;
    enum sim_law law;

    best.put = NULL;
    sim_run(mem, &best, ret);
    law = ret->violation.law;
    for (unsigned i = 0; law != SIM_LAW_NONE && i < SIM_SWITCH_COUNT; i++) {
        static struct sim_result smaller; /* too large for the stack */
        struct sim_plan less = best;

        less.without |= (uint64_t)1 << i;
        if (less.without == best.without)
            continue;
        sim_run(mem, &less, &smaller);
        if (smaller.violation.law == law) {
            best = less;
            *ret = smaller;
        }
    }
    return best;
}
