/* The ledger in which the phones of users write down what they know: their calls, at either side, and
 * their bindings. Who reads it knows more than anybody in the world does. */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "tandem/base.h"

enum {
    SIM_LEG_MAX = 4096,
    SIM_FACT_MAX = 64,
    SIM_CALL_ID_SIZE = 48,
    SIM_URI_SIZE = 160,
};

enum sim_leg_state {
    SIM_LEG_TRYING, /* at the caller: no final response yet */
    SIM_LEG_RINGING,
    SIM_LEG_TALKING,
    SIM_LEG_OVER,
};

/* A call, as one phone sees it. */
struct sim_leg {
    unsigned host;
    char call_id[SIM_CALL_ID_SIZE];
    char callee[SIM_URI_SIZE]; /* whom the caller called first */
    bool is_caller;
    bool after;        /* begun when there were no faults any more */
    bool is_cancelled; /* the caller gave up, or was about to */
    bool is_reliable;  /* over TCP, which a crash of the node breaks */
    bool is_unheard;   /* its BYE had no answer, or none that says that the other side is done */
    uint8_t state;     /* enum sim_leg_state */
    uint16_t code;     /* the last final response; 0: none came */
    uint16_t expected; /* at the caller; 0: any */
    tnd_time started, rang_until, over_at; /* rang_until: 0: it rings still */
};

/* A binding that was acknowledged, until when it is there at least, in seconds. */
struct sim_fact {
    unsigned host;
    char aor[SIM_URI_SIZE], contact[SIM_URI_SIZE];
    int64_t until;  /* 0: nothing is known */
    tnd_time since; /* when that was heard */
    bool missed;    /* it was asked for, and was not there */
};

struct sim_ledger {
    struct sim_leg legs[SIM_LEG_MAX];
    struct sim_fact facts[SIM_FACT_MAX];
    unsigned count, fact_count;
    unsigned missed; /* legs for which there was no room */
};

#endif
