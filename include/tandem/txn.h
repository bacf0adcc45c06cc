/* tandem/txn.h: transactions (RFC 3261 §17, as corrected by RFC 6026 and RFC 4320): four
 * machines. How a message finds its machine: tandem/txn/match.h.
 *
 *   ict    INVITE client       CALLING, PROCEEDING, COMPLETED, ACCEPTED
 *   nict   non-INVITE client   TRYING, PROCEEDING, COMPLETED
 *   ist    INVITE server       PROCEEDING, COMPLETED, CONFIRMED, ACCEPTED
 *   nist   non-INVITE server   TRYING, PROCEEDING, COMPLETED
 *
 * A machine is a few bytes. It holds no message, no address and no timer: those are its
 * owner's. The owner starts it, feeds it events, and does the actions that come out, in
 * their order:
 *
 *     struct tnd_acts acts;
 *
 *     tnd_ict_start(&ict, &timing, reliable, now, &acts);
 *     do_all(&acts);
 *     ...
 *     tnd_ict_step(&ict, tnd_ev_response(180, now), &acts);
 *     do_all(&acts);
 *
 * An event that an action brings about (sending failed) is fed when all actions of the step
 * are done. After TND_ACT_DESTROY, which comes last, nothing may be fed any more.
 *
 * TU is the transaction user: whatever sent the request, or is to answer it. */
#ifndef TANDEM_TXN_H
#define TANDEM_TXN_H

#include "tandem/ref.h"
#include "tandem/txn/match.h"

/* Times that others derive from. One for many machines, which keep it while they live. */
struct tnd_txn_timing {
    tnd_time t1; /* RFC 3261 §17.1.1.1 */
    tnd_time t2; /* RFC 3261 §17.1.2.2; so is t4 */
    tnd_time t4;
};

/* Those of RFC 3261 table 4: 0.5, 4 and 5 s. */
struct tnd_txn_timing tnd_txn_timing_default(void);

/* Events: what happened to a transaction. A message that comes again is a new event. */
enum tnd_ev {
    TND_EV_1XX, /* client: the response came; server: the TU answers */
    TND_EV_2XX,
    TND_EV_3XX_6XX,
    TND_EV_REQUEST,     /* server: the request came again */
    TND_EV_ACK,         /* ist: an ACK came */
    TND_EV_CANCEL,      /* ict: the TU wishes to cancel */
    TND_EV_SEND_FAILED, /* what was sent last cannot be delivered: to no server of RFC 3263 */
    TND_EV_TIMER,
};

struct tnd_txn_event {
    tnd_time now;  /* not before that of the event before */
    uint16_t code; /* of a response */
    uint8_t kind;  /* enum tnd_ev */
    uint8_t timer; /* enum tnd_timer: the one that is due. One that is not armed is our mistake */
};

static inline struct tnd_txn_event tnd_ev(enum tnd_ev kind, tnd_time now)
{
    return (struct tnd_txn_event){.now = now, .kind = (uint8_t)kind};
}

/* code is from 100 to 699. */
static inline struct tnd_txn_event tnd_ev_response(unsigned code, tnd_time now)
{
    enum tnd_ev kind = code < 200 ? TND_EV_1XX : code < 300 ? TND_EV_2XX : TND_EV_3XX_6XX;

    return (struct tnd_txn_event){.now = now, .code = (uint16_t)code, .kind = (uint8_t)kind};
}

static inline struct tnd_txn_event tnd_ev_timer(enum tnd_timer timer, tnd_time now)
{
    return (struct tnd_txn_event){.now = now, .kind = TND_EV_TIMER, .timer = (uint8_t)timer};
}

/* Actions: what the owner does now. */
enum tnd_act_kind {
    TND_ACT_SEND_REQUEST,  /* client: send the request, the first time or once more */
    TND_ACT_SEND_ACK,      /* ict: send the ACK to the response of this event, tnd_ack_write(),
                             * to where the INVITE went */
    TND_ACT_SEND_CANCEL,   /* ict: send a CANCEL, tnd_cancel_write(), with a nict of its own,
                             * to where the INVITE went */
    TND_ACT_SEND_RESPONSE, /* server: send the TU's response of this event, and keep it for
                             * TND_ACT_SEND_AGAIN; a 2xx to an INVITE need not be kept */
    TND_ACT_SEND_100,      /* server: make a 100, send it and keep it; RFC 3261 §8.2.6.1 */
    TND_ACT_SEND_AGAIN,    /* server: send the response that was kept last */
    TND_ACT_PASS,          /* the message of this event is for the TU */
    TND_ACT_TIMEOUT,       /* tell the TU: a client that nobody answered (a 408, RFC 3261
                             * §8.1.3.1), an ist whose ACK never came, a nist not answered in time */
    TND_ACT_FAILED,        /* tell the TU: it could not be sent; to a client as a 503 */
    TND_ACT_ABSORB,        /* this event leads to nothing, and rule says why. What the TU
                             * wanted to be sent is not sent */
    TND_ACT_ARM,           /* timer is due at; one that is armed is moved */
    TND_ACT_DISARM,        /* timer is not wanted any more; it may be due already */
    TND_ACT_DESTROY,       /* the transaction ends, and with it every timer still armed */
};

struct tnd_act {
    tnd_time at;   /* of ARM */
    uint16_t rule; /* enum tnd_rule: the one that made it */
    uint8_t kind;  /* enum tnd_act_kind */
    uint8_t timer; /* enum tnd_timer: of ARM and DISARM */
};

enum { TND_ACT_COUNT_MAX = 6 };

/* What one step asks for. Each step fills it anew; it need not be cleared. */
struct tnd_acts {
    unsigned count;
    struct tnd_act act[TND_ACT_COUNT_MAX];
};

/* Machines. reliable: the transport of the request is (TCP, TLS, SCTP, WebSocket). Start
 * keeps timing until the machine is destroyed. Nothing outlives its timers, but for an ist in
 * PROCEEDING: a call rings as long as the TU lets it. All fields are for reading. */

/* INVITE client. RFC 3261 §17.1.1, figure 5 as in RFC 6026 §8.4. Start sends the INVITE.
 *
 *   CALLING     sent again at timer A, over UDP; given up at timer B
 *   PROCEEDING  a provisional response came; waits as long as the other side wants, but
 *               after a CANCEL only 64*T1, for which timer B is armed again
 *   COMPLETED   300-699 came; each that comes again is acknowledged again; until timer D
 *   ACCEPTED    2xx came; each is passed to the TU, which acknowledges it; until timer M
 *
 * Exactly one of 300-699, a timeout or a failure is told to the TU, or else one or more 2xx.
 * But a 2xx of a fork that answers later than COMPLETED is passed all the same; and in COMPLETED
 * a failure is one of the ACK, behind the 300-699 (figure 5): it changes nothing for the TU. */
enum tnd_ict_state {
    TND_ICT_CALLING,
    TND_ICT_PROCEEDING,
    TND_ICT_COMPLETED,
    TND_ICT_ACCEPTED,
    TND_ICT_TERMINATED,
};

enum tnd_ict_cancel { TND_ICT_NO_CANCEL, TND_ICT_CANCEL_WANTED, TND_ICT_CANCEL_SENT };

struct tnd_ict {
    const struct tnd_txn_timing *timing;
    tnd_time a_wait; /* what timer A was armed with last */
    uint8_t state;   /* enum tnd_ict_state */
    uint8_t cancel;  /* enum tnd_ict_cancel */
    bool reliable;
};

void tnd_ict_start(struct tnd_ict *t, const struct tnd_txn_timing *timing, bool reliable,
                   tnd_time now, struct tnd_acts *out);
void tnd_ict_step(struct tnd_ict *t, struct tnd_txn_event ev, struct tnd_acts *out);

/* Non-INVITE client. RFC 3261 §17.1.2, figure 6. Start sends the request.
 *
 *   TRYING      sent again at timer E, over UDP; given up at timer F
 *   PROCEEDING  a provisional response came; timer E goes on, at T2; given up at timer F
 *   COMPLETED   the final response came; whatever else comes is absorbed until timer K */
enum tnd_nict_state {
    TND_NICT_TRYING,
    TND_NICT_PROCEEDING,
    TND_NICT_COMPLETED,
    TND_NICT_TERMINATED,
};

struct tnd_nict {
    const struct tnd_txn_timing *timing;
    tnd_time e_wait; /* what timer E was armed with last */
    uint8_t state;   /* enum tnd_nict_state */
    bool reliable;
};

void tnd_nict_start(struct tnd_nict *t, const struct tnd_txn_timing *timing, bool reliable,
                    tnd_time now, struct tnd_acts *out);
void tnd_nict_step(struct tnd_nict *t, struct tnd_txn_event ev, struct tnd_acts *out);

/* Either of the two, for who has both. */
struct tnd_client_txn {
    union {
        struct tnd_ict ict;
        struct tnd_nict nict;
    } of;
    bool is_invite; /* to be set before the start */
};

static inline void tnd_client_txn_start(struct tnd_client_txn *t,
                                        const struct tnd_txn_timing *timing, bool reliable,
                                        tnd_time now, struct tnd_acts *out)
{
    if (t->is_invite)
        tnd_ict_start(&t->of.ict, timing, reliable, now, out);
    else
        tnd_nict_start(&t->of.nict, timing, reliable, now, out);
}

static inline void tnd_client_txn_step(struct tnd_client_txn *t, struct tnd_txn_event ev,
                                       struct tnd_acts *out)
{
    if (t->is_invite)
        tnd_ict_step(&t->of.ict, ev, out);
    else
        tnd_nict_step(&t->of.nict, ev, out);
}

/* INVITE server. RFC 3261 §17.2.1, figure 7 as in RFC 6026 §8.6. Start passes the INVITE.
 *
 *   PROCEEDING  a 100 is sent unless the TU answers within 200 ms (timer TRYING)
 *   COMPLETED   the TU answered 300-699: sent again at timer G, over UDP; until an ACK comes,
 *               or timer H
 *   CONFIRMED   the ACK came; others are absorbed until timer I
 *   ACCEPTED    the TU answered 2xx and sends it again itself, as TND_EV_2XX, until it has
 *               the ACK, which is passed to it; the INVITE is absorbed; until timer L */
enum tnd_ist_state {
    TND_IST_PROCEEDING,
    TND_IST_COMPLETED,
    TND_IST_CONFIRMED,
    TND_IST_ACCEPTED,
    TND_IST_TERMINATED,
};

struct tnd_ist {
    const struct tnd_txn_timing *timing;
    tnd_time g_wait; /* what timer G was armed with last */
    uint8_t state;   /* enum tnd_ist_state */
    bool answered;   /* something was sent */
    bool reliable;
};

void tnd_ist_start(struct tnd_ist *t, const struct tnd_txn_timing *timing, bool reliable,
                   tnd_time now, struct tnd_acts *out);
void tnd_ist_step(struct tnd_ist *t, struct tnd_txn_event ev, struct tnd_acts *out);

/* Non-INVITE server. RFC 3261 §17.2.2, figure 8, and RFC 4320. Start passes the request.
 *
 *   TRYING      a request that comes again is absorbed
 *   PROCEEDING  a 100 was sent: by the machine when the client's timer E has reached T2
 *               (timer TRYING), sooner by the TU if the transport is reliable
 *   COMPLETED   the final response is sent again whenever the request comes again, until
 *               timer J
 *
 * The TU may give any response at any time. A provisional one other than 100, a 100 too
 * early, and a 408 are not sent (RFC 4320 §4.1, §4.2). When the client must have given up
 * (timer F, as long as the client's) the TU is told and can answer no more. After that, and
 * after a 408, a request that comes again is absorbed in silence. */
enum tnd_nist_state {
    TND_NIST_TRYING,
    TND_NIST_PROCEEDING,
    TND_NIST_COMPLETED,
    TND_NIST_TERMINATED,
};

struct tnd_nist {
    const struct tnd_txn_timing *timing;
    uint8_t state; /* enum tnd_nist_state */
    bool silent;   /* COMPLETED without a response */
    bool reliable;
};

void tnd_nist_start(struct tnd_nist *t, const struct tnd_txn_timing *timing, bool reliable,
                    tnd_time now, struct tnd_acts *out);
void tnd_nist_step(struct tnd_nist *t, struct tnd_txn_event ev, struct tnd_acts *out);

#endif
