/* A saboteur of user agents: an element around one, whose work it spoils in one way, so that a test can
 * see that a checker notices. */
#ifndef SIM_AGENT_SABOTEUR_H
#define SIM_AGENT_SABOTEUR_H

#include "sim/check.h"

/* X(id, the law that is broken) */
#define SIM_AGENT_SABOTAGE_MAP(X)                                                                \
    X(LEARNS_ALL, ASKED_FOR)        /* the next call goes where the last redirect led */         \
    X(CALLS_ON, DECLINED)           /* who has declined is called once more */                   \
    X(DEAF_TO_CANCEL, DECLINED)     /* it rings on */                                            \
    X(RINGS_EARLY, ALERTED)         /* 180 where 183 was meant */                                \
    X(INSISTS, BEST_EFFORT)         /* after 580 the same once more */                           \
    X(ONE_SIDED, ONE_SIDED)         /* hangs up silently, and says that it has not */            \
    X(MISHEARS, AGREED)             /* that the other side listens */                            \
    X(SLEEPS, ONE_END)              /* time does not pass */                                     \
    X(GOES_BACK, TRIED_ONCE)        /* to the first target, when another one has refused */      \
    X(REQUIRES_AGAIN, DROPPED_ONCE) /* what it has dropped */                                    \
    X(WAKES, QUIET)                 /* each second */                                            \
    X(GROWS, MEMORY)                /* a block for each input is given back only when it ends */ \
    X(LEAKS, MEMORY)                /* a block is not given back when it ends */

enum sim_agent_sabotage {
#define SIM_AGENT_SABOTAGE_ENUM(id, law) SIM_AGENT_SABOTAGE_##id,
    SIM_AGENT_SABOTAGE_MAP(SIM_AGENT_SABOTAGE_ENUM)
#undef SIM_AGENT_SABOTAGE_ENUM
        SIM_AGENT_SABOTAGE_COUNT
};

struct sim_agent_saboteur_setup {
    enum sim_agent_sabotage kind;
    struct sim_kind inner;
    void *leaked; /* what LEAKS has left behind; NULL: nothing */
};
int sim_agent_saboteur_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

/* When the world has ended, as sim_saboteur_mend(). */
void sim_agent_saboteur_mend(struct sim_agent_saboteur_setup *setup, const struct tnd_mem *mem);

/* "LEARNS_ALL", and the law that it breaks. */
const char *sim_agent_sabotage_name(enum sim_agent_sabotage kind);
enum sim_law sim_agent_sabotage_law(enum sim_agent_sabotage kind);

#endif
