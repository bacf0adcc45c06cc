/* The INVITE server transaction: RFC 3261 §17.2.1, with figure 7 as RFC 6026 §8.6 has it.
 *
 *                 300-699              ACK
 *   PROCEEDING -----------> COMPLETED -----> CONFIRMED --- timer I ---> TERMINATED
 *       |                       `---------- timer H ---------------------^
 *       |  2xx
 *       `-----------------> ACCEPTED --- timer L ------------------------'
 */
#include "txn/act.h"

void tnd_ist_start(struct tnd_ist *t, const struct tnd_txn_timing *timing, bool reliable,
                   tnd_time now, struct tnd_acts *out)
{
    *t = (struct tnd_ist){.timing = timing, .g_wait = timing->t1, .reliable = reliable};
    out->count = 0;
    act_do(out, TND_ACT_PASS, TND_RULE_TXN_REQUEST);
    act_arm(out, TND_TIMER_TRYING, now + tnd_timer_default(TND_TIMER_TRYING), TND_RULE_IST_100);
}

static void terminate(struct tnd_ist *t, struct tnd_acts *out, enum tnd_rule rule)
{
    t->state = TND_IST_TERMINATED;
    act_do(out, TND_ACT_DESTROY, rule);
}

static void send_response(struct tnd_ist *t, struct tnd_acts *out, enum tnd_rule rule)
{
    if (!t->answered)
        act_disarm(out, TND_TIMER_TRYING, rule);
    t->answered = true;
    act_do(out, TND_ACT_SEND_RESPONSE, rule);
}

static void send_100(struct tnd_ist *t, struct tnd_acts *out)
{
    t->answered = true;
    act_do(out, TND_ACT_SEND_100, TND_RULE_IST_100);
}

static void fail(struct tnd_ist *t, tnd_time now, struct tnd_acts *out)
{
    t->state = TND_IST_COMPLETED;
    send_response(t, out, TND_RULE_IST_3XX_6XX);
    if (!t->reliable)
        act_arm(out, TND_TIMER_G, now + t->g_wait, TND_RULE_IST_TIMER_G);
    act_arm(out, TND_TIMER_H, now + long_wait(t->timing), TND_RULE_IST_TIMER_H);
}

static void accept(struct tnd_ist *t, tnd_time now, struct tnd_acts *out)
{
    t->state = TND_IST_ACCEPTED;
    send_response(t, out, TND_RULE_IST_2XX);
    /* RFC 6026 §8.7: whatever the transport; the TU sends its 2xx again over each. */
    act_arm(out, TND_TIMER_L, now + long_wait(t->timing), TND_RULE_IST_TIMER_L);
}

static void confirm(struct tnd_ist *t, tnd_time now, struct tnd_acts *out)
{
    if (t->reliable) {
        terminate(t, out, TND_RULE_IST_TIMER_I);
        return;
    }
    t->state = TND_IST_CONFIRMED;
    act_disarm(out, TND_TIMER_G, TND_RULE_IST_ACK);
    act_disarm(out, TND_TIMER_H, TND_RULE_IST_ACK);
    act_arm(out, TND_TIMER_I, now + t->timing->t4, TND_RULE_IST_TIMER_I);
}

static void in_proceeding(struct tnd_ist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        send_response(t, out, TND_RULE_IST_1XX);
        return;
    case TND_EV_2XX:
        accept(t, ev->now, out);
        return;
    case TND_EV_3XX_6XX:
        fail(t, ev->now, out);
        return;
    case TND_EV_REQUEST:
        if (t->answered) {
            act_do(out, TND_ACT_SEND_AGAIN, TND_RULE_IST_1XX_AGAIN);
            return;
        }
        act_disarm(out, TND_TIMER_TRYING, TND_RULE_IST_100); /* a 100 is what it waits for */
        send_100(t, out);
        return;
    case TND_EV_ACK: /* to a response that is yet to be sent */
        act_do(out, TND_ACT_ABSORB, TND_RULE_IST_ABSORBS);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_TRYING && !t->answered);
        send_100(t, out);
        return;
    case TND_EV_CANCEL:
        TND_ASSERT(!"a CANCEL is a transaction of its own; the TU answers the INVITE");
    }
}

static void timer_in_completed(struct tnd_ist *t, const struct tnd_txn_event *ev,
                               struct tnd_acts *out)
{
    if (ev->timer == TND_TIMER_H) { /* RFC 3261 §17.2.1: the ACK was never received */
        act_do(out, TND_ACT_TIMEOUT, TND_RULE_IST_TIMER_H);
        terminate(t, out, TND_RULE_IST_TIMER_H);
        return;
    }
    TND_ASSERT(ev->timer == TND_TIMER_G && !t->reliable);
    t->g_wait = twice_up_to_t2(t->g_wait, t->timing);
    act_do(out, TND_ACT_SEND_AGAIN, TND_RULE_IST_TIMER_G);
    act_arm(out, TND_TIMER_G, ev->now + t->g_wait, TND_RULE_IST_TIMER_G);
}

static void in_completed(struct tnd_ist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        act_do(out, TND_ACT_ABSORB, TND_RULE_TXN_ONE_FINAL);
        return;
    case TND_EV_REQUEST:
        act_do(out, TND_ACT_SEND_AGAIN, TND_RULE_IST_FINAL_AGAIN);
        return;
    case TND_EV_ACK:
        confirm(t, ev->now, out);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        timer_in_completed(t, ev, out);
        return;
    case TND_EV_CANCEL:
        TND_ASSERT(!"a CANCEL is a transaction of its own; the TU answers the INVITE");
    }
}

static void in_confirmed(struct tnd_ist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        act_do(out, TND_ACT_ABSORB, TND_RULE_TXN_ONE_FINAL);
        return;
    case TND_EV_REQUEST: /* overtaken by its own ACK */
    case TND_EV_ACK:
    case TND_EV_SEND_FAILED: /* the news is late: the response was acknowledged */
        act_do(out, TND_ACT_ABSORB, TND_RULE_IST_ABSORBS);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_I);
        terminate(t, out, TND_RULE_IST_TIMER_I);
        return;
    case TND_EV_CANCEL:
        TND_ASSERT(!"a CANCEL is a transaction of its own; the TU answers the INVITE");
    }
}

static void in_accepted(struct tnd_ist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_2XX: /* again, or at a proxy of another branch of a fork */
        send_response(t, out, TND_RULE_IST_2XX);
        return;
    case TND_EV_1XX:
    case TND_EV_3XX_6XX:
        act_do(out, TND_ACT_ABSORB, TND_RULE_TXN_ONE_FINAL);
        return;
    case TND_EV_REQUEST: /* who accepted it sends the 2xx again unasked */
        act_do(out, TND_ACT_ABSORB, TND_RULE_IST_ACCEPTED_ABSORBS);
        return;
    case TND_EV_ACK:
        act_do(out, TND_ACT_PASS, TND_RULE_IST_ACCEPTED_ACK);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_L);
        terminate(t, out, TND_RULE_IST_TIMER_L);
        return;
    case TND_EV_CANCEL:
        TND_ASSERT(!"a CANCEL is a transaction of its own; the TU answers the INVITE");
    }
}

void tnd_ist_step(struct tnd_ist *t, struct tnd_txn_event ev, struct tnd_acts *out)
{
    out->count = 0;
    switch ((enum tnd_ist_state)t->state) {
    case TND_IST_PROCEEDING:
        in_proceeding(t, &ev, out);
        return;
    case TND_IST_COMPLETED:
        in_completed(t, &ev, out);
        return;
    case TND_IST_CONFIRMED:
        in_confirmed(t, &ev, out);
        return;
    case TND_IST_ACCEPTED:
        in_accepted(t, &ev, out);
        return;
    case TND_IST_TERMINATED:
        TND_ASSERT(!"this transaction was destroyed");
    }
}
