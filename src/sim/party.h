/* The phone of a user: it registers, calls, and is called.
 *
 * It keeps the law as the RFCs have it, whatever it is asked for: it acknowledges, sends again as the
 * machines of tandem/txn.h say, hangs up by its route set, gives up. What its person does is drawn:
 * whom he calls, when he cancels, whether he answers, refuses or sends the caller on. */
#ifndef SIM_PARTY_H
#define SIM_PARTY_H

#include "sim/element.h"
#include "sim/ledger.h"

enum { SIM_CALLEE_MAX = 40 };

struct sim_callee {
    char uri[SIM_URI_SIZE];
    uint16_t expected; /* of a call when there are no faults; 0: any */
};

/* Kept while it lives. */
struct sim_party_setup {
    struct sim_ledger *ledger;
    unsigned host;                    /* its number, for the ledger */
    const char *user, *domain;        /* of its address-of-record */
    struct tnd_endpoint server;       /* where it sends everything that begins something */
    const struct sim_callee *callees; /* whom it calls, and sends others to */
    unsigned callee_count;
    tnd_time until, after; /* as of phone.h */
    unsigned calls, calls_after;
    bool tcp;
    bool is_hidden;        /* behind a NAT */
    bool registers;        /* else it does nothing but call */
    bool is_plain;         /* always answers, and does not un-register */
    bool follows;          /* 302 by itself */
    bool is_stranger;      /* nobody trusts it; it asks for more than it may have */
    const char *elsewhere; /* of a stranger: a URI of a foreign domain */
};
int sim_party_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

#endif
