/* tandem/dialog/act.h: what the machines of a dialog ask of their owner: the INVITE usage
 * (tandem/dialog/session.h), reliable provisional responses (provisional.h), the session timer
 * (timer.h).
 *
 * Each step fills acts anew; they are done in their order. What an action says to send counts as
 * sent: it is not told to the machine again, but where the action says so. */
#ifndef TANDEM_DIALOG_ACT_H
#define TANDEM_DIALOG_ACT_H

#include "tandem/ref.h"

/* Times that others derive from: T1 and T2 of tandem/txn.h. One for many machines, which keep it. */
struct tnd_dialog_timing {
    tnd_time t1, t2;
};

enum tnd_dialog_act_kind {
    TND_DIALOG_PASS,   /* the message of this event is for the user */
    TND_DIALOG_ABSORB, /* it leads to nothing, and rule says why */
    TND_DIALOG_REFUSE, /* answer the request of this event with code, and with Retry-After: seconds unless
                        * that is below 0. It is not told to the machine */
    TND_DIALOG_REFUSE_INVITE, /* answer the INVITE of the other side that waits with code. That of
                               * provisional.h is told to the session, as a refusal that is sent */
    TND_DIALOG_REFUSE_PENDING, /* answer every other request of theirs that waits (UPDATE, PRACK) with code */
    TND_DIALOG_SEND_INVITE, /* send a re-INVITE: of timer.h; tell it to the session */
    TND_DIALOG_SEND_UPDATE, /* send an UPDATE without an offer: likewise */
    TND_DIALOG_SEND_ACK, /* acknowledge the 2xx to the INVITE with this cseq; if that was done before, by the
                          * same ACK */
    TND_DIALOG_ANSWER_IN_ACK, /* make an answer to the offer of the 2xx with this cseq, and tell the session
                                * that the ACK with it is sent. Soon: the 2xx comes again until then */
    TND_DIALOG_SEND_PRACK, /* acknowledge the response of this event, rseq; tell it to the session */
    TND_DIALOG_SEND_CANCEL, /* cancel our INVITE */
    TND_DIALOG_SEND_BYE,    /* send a BYE; its final response, a timeout as 408, is told */
    TND_DIALOG_SEND_AGAIN, /* send the 2xx to the INVITE with this cseq, or the provisional response with
                                * this rseq, once more */
    TND_DIALOG_SEND_RELIABLE, /* send the provisional response that waits first, with Require: 100rel and
                                * this rseq */
    TND_DIALOG_SEND_FINAL, /* the final response that was held back goes now */
    TND_DIALOG_ROLLBACK, /* the session is again what it was before the offer (RFC 3261 §14.1); for what
                          * a re-INVITE changed: before the re-INVITE */
    TND_DIALOG_SYNCHRONIZE, /* a change that was undone had been in use: offer what is in force by
                             * re-INVITE or UPDATE, so that both sides agree (RFC 6141 §3.4) */
    TND_DIALOG_RETRY, /* what was refused with 491 may be tried again now, if it is still wanted */
    TND_DIALOG_END, /* the usage is over. Comes last. 2xx to an INVITE of ours that come yet are given to the
                       * machine all the same: they are acknowledged */
    TND_DIALOG_ARM,    /* timer is due at; one that is armed is moved */
    TND_DIALOG_DISARM, /* timer is not wanted any more; it may be due already */
};

enum tnd_dialog_timer {
    TND_DIALOG_TIMER_2XX,         /* session.h: a 2xx of ours is sent again, or given up */
    TND_DIALOG_TIMER_GLARE,       /* session.h: the wait after a 491 */
    TND_DIALOG_TIMER_PROVISIONAL, /* provisional.h: a response of ours is sent again, or given up */
    TND_DIALOG_TIMER_REFRESH,     /* timer.h: the session is refreshed by us */
    TND_DIALOG_TIMER_EXPIRY,      /* timer.h: the session was not refreshed */
    TND_DIALOG_TIMER_COUNT
};

struct tnd_dialog_act {
    tnd_time at;   /* of ARM */
    uint32_t cseq; /* of SEND_ACK, ANSWER_IN_ACK, and SEND_AGAIN of a 2xx */
    uint32_t
        rseq; /* of SEND_PRACK, SEND_RELIABLE, and SEND_AGAIN of a provisional response; else 0 */
    int32_t seconds; /* of REFUSE: Retry-After; -1: none */
    uint16_t code;   /* of REFUSE, REFUSE_INVITE, REFUSE_PENDING */
    uint16_t rule;   /* enum tnd_rule: the one that made it */
    uint8_t kind;    /* enum tnd_dialog_act_kind */
    uint8_t timer;   /* enum tnd_dialog_timer: of ARM and DISARM */
};

enum { TND_DIALOG_ACT_COUNT_MAX = 12 };

struct tnd_dialog_acts {
    unsigned count;
    struct tnd_dialog_act act[TND_DIALOG_ACT_COUNT_MAX];
};

#endif
