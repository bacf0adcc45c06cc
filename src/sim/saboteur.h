/* A saboteur: an element around another one, whose work it spoils in one way, so that a test
 * can see that a checker notices. */
#ifndef SIM_SABOTEUR_H
#define SIM_SABOTEUR_H

#include "sim/check.h"

/* X(id, the law that is broken) */
#define SIM_SABOTAGE_MAP(X)                                                         \
    X(SECOND_FINAL, ONE_FINAL) /* each final response is followed by another one */ \
    X(ANSWERS_ACKS, ASKED)                                                          \
    X(OTHER_CALL_ID, ASKED) /* a response to a request that never came */           \
    X(ASKS, ASKED)          /* a request of its own */                              \
    X(ELSEWHERE, WAY_BACK)  /* responses go to somebody else */                     \
    X(BABBLES, MESSAGE)     /* what is sent loses its end */                        \
    X(SERVES_AGAIN, ABSORBED)                                                       \
    X(KEEPS, TIMERS)      /* a transaction stays for ever */                        \
    X(LEAKS, MEMORY)      /* a block is not given back when it ends */              \
    X(GROWS, MEMORY)      /* a block for each input is given back only then */      \
    X(RESTLESS, CONTRACT) /* asks for a tick all the time */                        \
    X(REFUSES, CONTRACT)  /* an input is refused */                                 \
    X(DEAF, SETTLED)      /* messages are not heard */                              \
    X(OTHER_CODE, ANSWER) /* 480 for 486, 503 for 200... always */                  \
    /* of nodes with users */                                                       \
    X(LATE_OK, CALLER)             /* a refusal is followed by a 200 */             \
    X(HEARS_BUSY, DECLINED)        /* 6xx are taken for 486 */                      \
    X(ASKS_AGAIN, REDIRECTS)       /* who has refused is asked once more */         \
    X(STORES_NOTHING, BINDINGS)    /* says that it is kept, and it is not */        \
    X(DROPS_STRAYS, THROUGH_CRASH) /* what belongs to the life before is dropped */ \
    X(KEEPS_BYES, CALLS_SETTLE)    /* no BYE leaves */                              \
    X(RELAYS, RELAY)               /* what a stranger asks for leaves */            \
    X(MOODY, NONE)                 /* another one each time it is made: no seed repeats it */

enum sim_sabotage {
#define SIM_SABOTAGE_ENUM(id, law) SIM_SABOTAGE_##id,
    SIM_SABOTAGE_MAP(SIM_SABOTAGE_ENUM)
#undef SIM_SABOTAGE_ENUM
        SIM_SABOTAGE_COUNT
};

enum { SIM_LEAK_MAX = 16 };

struct sim_saboteur_setup {
    enum sim_sabotage kind;
    struct sim_kind inner;
    tnd_time from;             /* before that it does no harm */
    void *leaks[SIM_LEAK_MAX]; /* what LEAKS has left behind */
    unsigned leak_count;
};
int sim_saboteur_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

/* When the world has ended: gives what was leaked to the mem of the world, so that only the
 * checker has seen a leak. */
void sim_saboteur_mend(struct sim_saboteur_setup *setup, const struct tnd_mem *mem);

/* "SECOND_FINAL", and the law that it breaks. */
const char *sim_sabotage_name(enum sim_sabotage kind);
enum sim_law sim_sabotage_law(enum sim_sabotage kind);

#endif
