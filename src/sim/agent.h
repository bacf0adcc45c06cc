/* A user agent with its person: tnd_ua (tandem/ua.h) on a host of the simulated world. It registers,
 * calls and is called; what its person does is drawn: whom he calls and what he asks for, whether he
 * answers, refuses or sends the caller on, what he reserves, when he changes the call and hangs up.
 *
 * A crash takes all that it knows. */
#ifndef SIM_AGENT_H
#define SIM_AGENT_H

#include "sim/diary.h"
#include "sim/element.h"
#include "sim/party.h"

/* Kept while it lives. */
struct sim_agent_setup {
    struct sim_diary *diary;
    unsigned host;                    /* its number, for the diary */
    const char *user, *domain;        /* of its address-of-record */
    const struct sim_callee *callees; /* whom it calls, and sends others to */
    unsigned callee_count;
    tnd_time until, after; /* as of phone.h */
    tnd_time close_at;     /* it hangs up whatever there is, and leaves */
    unsigned calls, calls_after;
    bool tcp;             /* it prefers that */
    bool is_plain;        /* always answers, and reserves whatever it is asked to */
    uint8_t precondition; /* enum tnd_ua_precondition, of calls to it */
    bool require_100rel;
    uint32_t session_expires; /* seconds */
    const char *proxy;        /* a URI; NULL: none */
};
int sim_agent_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

/* What each of them allows: attempts of one call. */
enum { SIM_AGENT_ATTEMPT_COUNT = TND_RECOVER_ATTEMPT_COUNT };

#endif
