/* The book in which phones that behave write down their requests: what the law says must come
 * back, and what came. */
#ifndef SIM_BOOK_H
#define SIM_BOOK_H

#include "tandem/base.h"

enum { SIM_CALL_MAX = 1024 };

struct sim_call {
    unsigned host;             /* of the phone */
    const char *method, *user; /* static */
    char call_id[48];
    uint16_t expected; /* 0: nobody answers in time */
    uint16_t other;    /* as good as that; 0: none is */
    uint16_t code;     /* 0: nobody answered */
    bool after;        /* sent when there were no faults any more */
    bool over;         /* the transaction of the phone said so */
    tnd_time started, ended;
};

struct sim_book {
    struct sim_call calls[SIM_CALL_MAX];
    unsigned count;
    unsigned missed; /* calls for which there was no page */
};

#endif
