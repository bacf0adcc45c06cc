/* The INVITE client transaction: RFC 3261 §17.1.1, with figure 5 as RFC 6026 §8.4 has it.
 *
 *              1xx               300-699, ACK
 *   CALLING ---------> PROCEEDING -----------> COMPLETED --- timer D ---.
 *     |  |  `--- 300-699, ACK -----|-------------^  |                   v
 *     |  |                         | 2xx            `- send failed -> TERMINATED
 *     |  `--------- 2xx -----------+---------> ACCEPTED ---- timer M ---^
 *     `--- timer B, send failed --------------------------------------'
 */
#include "txn/act.h"

void tnd_ict_start(struct tnd_ict *t, const struct tnd_txn_timing *timing, bool reliable,
                   tnd_time now, struct tnd_acts *out)
{
    *t = (struct tnd_ict){.timing = timing, .a_wait = timing->t1, .reliable = reliable};
    out->count = 0;
    act_do(out, TND_ACT_SEND_REQUEST, TND_RULE_ICT_START);
    if (!reliable)
        act_arm(out, TND_TIMER_A, now + t->a_wait, TND_RULE_ICT_TIMER_A_DOUBLES);
    act_arm(out, TND_TIMER_B, now + long_wait(timing), TND_RULE_ICT_TIMER_B);
}

static void terminate(struct tnd_ict *t, struct tnd_acts *out, enum tnd_rule rule)
{
    t->state = TND_ICT_TERMINATED;
    act_do(out, TND_ACT_DESTROY, rule);
}

/* Ends with word to the TU. */
static void give_up(struct tnd_ict *t, struct tnd_acts *out, enum tnd_act_kind word,
                    enum tnd_rule rule)
{
    act_do(out, word, rule);
    terminate(t, out, rule);
}

/* Which timers CALLING and PROCEEDING have running. */
static void disarm_waits(const struct tnd_ict *t, struct tnd_acts *out, enum tnd_rule rule)
{
    bool calling = t->state == TND_ICT_CALLING;

    if (calling && !t->reliable)
        act_disarm(out, TND_TIMER_A, rule);
    if (calling || t->cancel == TND_ICT_CANCEL_SENT)
        act_disarm(out, TND_TIMER_B, rule);
}

/* RFC 3261 §9.1: the other side has 64*T1 to end what it was asked to end. An RFC 2543
 * server may answer the CANCEL alone; so the wait is ours. */
static void send_cancel(struct tnd_ict *t, tnd_time now, struct tnd_acts *out)
{
    t->cancel = TND_ICT_CANCEL_SENT;
    act_do(out, TND_ACT_SEND_CANCEL, TND_RULE_ICT_CANCEL_WAITS);
    act_arm(out, TND_TIMER_B, now + long_wait(t->timing), TND_RULE_ICT_CANCEL_TIMEOUT);
}

/* RFC 6026 §8.4: at least 32 s, whatever T1 is here: it is the server that has to give up
 * first, and its T1 is not known. Over a reliable transport nothing comes twice. */
static void await_repeats(struct tnd_ict *t, tnd_time now, struct tnd_acts *out)
{
    tnd_time least = tnd_timer_default(TND_TIMER_D), wait = long_wait(t->timing);

    if (t->reliable) {
        terminate(t, out, TND_RULE_ICT_TIMER_D);
        return;
    }
    act_arm(out, TND_TIMER_D, now + (wait > least ? wait : least), TND_RULE_ICT_TIMER_D);
}

static void fail(struct tnd_ict *t, tnd_time now, struct tnd_acts *out)
{
    disarm_waits(t, out, TND_RULE_ICT_3XX_6XX);
    t->state = TND_ICT_COMPLETED;
    /* what the TU sends when it has heard of the refusal comes behind the ACK */
    act_do(out, TND_ACT_SEND_ACK, TND_RULE_ICT_3XX_6XX);
    act_do(out, TND_ACT_PASS, TND_RULE_ICT_3XX_6XX);
    await_repeats(t, now, out);
}

static void accept(struct tnd_ict *t, tnd_time now, struct tnd_acts *out)
{
    disarm_waits(t, out, TND_RULE_ICT_2XX);
    t->state = TND_ICT_ACCEPTED;
    act_do(out, TND_ACT_PASS, TND_RULE_ICT_2XX);
    act_arm(out, TND_TIMER_M, now + long_wait(t->timing), TND_RULE_ICT_TIMER_M);
}

static void proceed(struct tnd_ict *t, tnd_time now, struct tnd_acts *out)
{
    disarm_waits(t, out, TND_RULE_ICT_1XX);
    t->state = TND_ICT_PROCEEDING;
    act_do(out, TND_ACT_PASS, TND_RULE_ICT_1XX);
    if (t->cancel == TND_ICT_CANCEL_WANTED)
        send_cancel(t, now, out);
}

static void timer_in_calling(struct tnd_ict *t, const struct tnd_txn_event *ev,
                             struct tnd_acts *out)
{
    if (ev->timer == TND_TIMER_B) {
        give_up(t, out, TND_ACT_TIMEOUT, TND_RULE_ICT_TIMER_B);
        return;
    }
    TND_ASSERT(ev->timer == TND_TIMER_A && !t->reliable);
    /* RFC 3261 §17.1.1.2: T2 does not cap it; that is timer E, RFC 3261 §17.1.2.2. */
    t->a_wait *= 2;
    act_do(out, TND_ACT_SEND_REQUEST, TND_RULE_ICT_TIMER_A_DOUBLES);
    act_arm(out, TND_TIMER_A, ev->now + t->a_wait, TND_RULE_ICT_TIMER_A_DOUBLES);
}

static void in_calling(struct tnd_ict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        proceed(t, ev->now, out);
        return;
    case TND_EV_2XX:
        accept(t, ev->now, out);
        return;
    case TND_EV_3XX_6XX:
        fail(t, ev->now, out);
        return;
    case TND_EV_CANCEL:
        /* RFC 3261 §9.1: sent now it may arrive before the INVITE and find nothing to
         * cancel: a 481, and a phone that rings for nobody later. */
        t->cancel = TND_ICT_CANCEL_WANTED;
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_CANCEL_WAITS);
        return;
    case TND_EV_SEND_FAILED:
        give_up(t, out, TND_ACT_FAILED, TND_RULE_TXN_REQUEST_FAILED);
        return;
    case TND_EV_TIMER:
        timer_in_calling(t, ev, out);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
        TND_ASSERT(!"a client receives no request");
    }
}

static void in_proceeding(struct tnd_ict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        act_do(out, TND_ACT_PASS, TND_RULE_ICT_1XX);
        return;
    case TND_EV_2XX:
        accept(t, ev->now, out);
        return;
    case TND_EV_3XX_6XX:
        fail(t, ev->now, out);
        return;
    case TND_EV_CANCEL:
        if (t->cancel == TND_ICT_CANCEL_SENT)
            act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_CANCEL_TIMEOUT);
        else
            send_cancel(t, ev->now, out);
        return;
    case TND_EV_SEND_FAILED: /* the news is late: somebody has the INVITE and answered */
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_1XX);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_B && t->cancel == TND_ICT_CANCEL_SENT);
        give_up(t, out, TND_ACT_TIMEOUT, TND_RULE_ICT_CANCEL_TIMEOUT);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
        TND_ASSERT(!"a client receives no request");
    }
}

static void in_completed(struct tnd_ict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_LATE);
        return;
    case TND_EV_2XX:
        /* A proxy sends a 2xx on even after it sent another final response (RFC 3261 §16.7,
         * step 5). Who answered waits for an ACK, and only the TU can send it, and a BYE. */
        act_do(out, TND_ACT_PASS, TND_RULE_ICT_2XX_LATE);
        return;
    case TND_EV_3XX_6XX:
        act_do(out, TND_ACT_SEND_ACK, TND_RULE_ICT_ACK_AGAIN);
        return;
    case TND_EV_CANCEL:
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_CANCEL_FINAL);
        return;
    case TND_EV_SEND_FAILED:
        give_up(t, out, TND_ACT_FAILED, TND_RULE_TXN_REQUEST_FAILED);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_D);
        terminate(t, out, TND_RULE_ICT_TIMER_D);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
        TND_ASSERT(!"a client receives no request");
    }
}

static void in_accepted(struct tnd_ict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_2XX: /* again, or of another branch of a fork */
        act_do(out, TND_ACT_PASS, TND_RULE_ICT_2XX);
        return;
    case TND_EV_1XX:
    case TND_EV_3XX_6XX:
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_LATE);
        return;
    case TND_EV_CANCEL:
        act_do(out, TND_ACT_ABSORB, TND_RULE_ICT_CANCEL_FINAL);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_M);
        terminate(t, out, TND_RULE_ICT_TIMER_M);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
        TND_ASSERT(!"a client receives no request");
    }
}

void tnd_ict_step(struct tnd_ict *t, struct tnd_txn_event ev, struct tnd_acts *out)
{
    out->count = 0;
    switch ((enum tnd_ict_state)t->state) {
    case TND_ICT_CALLING:
        in_calling(t, &ev, out);
        return;
    case TND_ICT_PROCEEDING:
        in_proceeding(t, &ev, out);
        return;
    case TND_ICT_COMPLETED:
        in_completed(t, &ev, out);
        return;
    case TND_ICT_ACCEPTED:
        in_accepted(t, &ev, out);
        return;
    case TND_ICT_TERMINATED:
        TND_ASSERT(!"this transaction was destroyed");
    }
}
