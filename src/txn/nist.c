/* The non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, as RFC 4320 corrects it.
 *
 *             100                200-699
 *   TRYING ---------> PROCEEDING --------> COMPLETED --- timer J ---> TERMINATED
 *        `---- 200-699, 408, timer F ----------^
 *
 * RFC 3261 ends nobody's wait for a TU that does not answer. But RFC 4320 §4.2 says when an
 * answer comes too late: when the client's timer F has fired. So has ours then, and a
 * transaction that was forgotten ends.
 */
#include "txn/act.h"

/* RFC 4320 §4.1: when timer E of a client that starts now is reset to T2. */
static tnd_time until_e_is_t2(const struct tnd_txn_timing *timing)
{
    tnd_time wait = timing->t1, sum = wait;

    while (twice_up_to_t2(wait, timing) < timing->t2) {
        wait *= 2;
        sum += wait;
    }
    return sum;
}

void tnd_nist_start(struct tnd_nist *t, const struct tnd_txn_timing *timing, bool reliable,
                    tnd_time now, struct tnd_acts *out)
{
    *t = (struct tnd_nist){.timing = timing, .reliable = reliable};
    out->count = 0;
    act_do(out, TND_ACT_PASS, TND_RULE_TXN_REQUEST);
    act_arm(out, TND_TIMER_TRYING, now + until_e_is_t2(timing), TND_RULE_NIST_100);
    act_arm(out, TND_TIMER_F, now + long_wait(timing), TND_RULE_NIST_LATE);
}

static void terminate(struct tnd_nist *t, struct tnd_acts *out, enum tnd_rule rule)
{
    t->state = TND_NIST_TERMINATED;
    act_do(out, TND_ACT_DESTROY, rule);
}

/* RFC 3261 §17.2.2: nothing comes again over a reliable transport. */
static void await_repeats(struct tnd_nist *t, tnd_time now, struct tnd_acts *out)
{
    if (t->reliable) {
        terminate(t, out, TND_RULE_NIST_TIMER_J);
        return;
    }
    t->state = TND_NIST_COMPLETED;
    act_arm(out, TND_TIMER_J, now + long_wait(t->timing), TND_RULE_NIST_TIMER_J);
}

static void disarm_waits(const struct tnd_nist *t, struct tnd_acts *out, enum tnd_rule rule)
{
    if (t->state == TND_NIST_TRYING)
        act_disarm(out, TND_TIMER_TRYING, rule);
    act_disarm(out, TND_TIMER_F, rule);
}

static void answer(struct tnd_nist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    /* RFC 4320 §4.2: a 408 can only come when the client knows. */
    enum tnd_rule rule = ev->code == 408 ? TND_RULE_NIST_NO_408 : TND_RULE_NIST_FINAL;

    t->silent = ev->code == 408;
    disarm_waits(t, out, rule);
    act_do(out, t->silent ? TND_ACT_ABSORB : TND_ACT_SEND_RESPONSE, rule);
    await_repeats(t, ev->now, out);
}

/* Timers of TRYING and PROCEEDING. */
static void timer(struct tnd_nist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    if (ev->timer == TND_TIMER_F) {
        act_do(out, TND_ACT_TIMEOUT, TND_RULE_NIST_LATE);
        t->silent = true;
        await_repeats(t, ev->now, out);
        return;
    }
    TND_ASSERT(ev->timer == TND_TIMER_TRYING && t->state == TND_NIST_TRYING);
    t->state = TND_NIST_PROCEEDING;
    act_do(out, TND_ACT_SEND_100, TND_RULE_NIST_100);
}

/* A provisional response before any other. */
static void provisional_in_trying(struct tnd_nist *t, const struct tnd_txn_event *ev,
                                  struct tnd_acts *out)
{
    if (ev->code != 100) {
        act_do(out, TND_ACT_ABSORB, TND_RULE_NIST_ONLY_100);
        return;
    }
    /* RFC 4320 §4.1: over UDP it would slow down the client's timer E, and with it the
     * recovery of what is lost. The machine sends one when that does no harm. */
    if (!t->reliable) {
        act_do(out, TND_ACT_ABSORB, TND_RULE_NIST_100_EARLY);
        return;
    }
    act_disarm(out, TND_TIMER_TRYING, TND_RULE_NIST_1XX);
    t->state = TND_NIST_PROCEEDING;
    act_do(out, TND_ACT_SEND_RESPONSE, TND_RULE_NIST_1XX);
}

static void in_trying(struct tnd_nist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        provisional_in_trying(t, ev, out);
        return;
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        answer(t, ev, out);
        return;
    case TND_EV_REQUEST:
        act_do(out, TND_ACT_ABSORB, TND_RULE_NIST_TRYING_ABSORBS);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        timer(t, ev, out);
        return;
    case TND_EV_ACK:
    case TND_EV_CANCEL:
        TND_ASSERT(!"an ACK belongs to an INVITE, a CANCEL is a request of its own");
    }
}

static void in_proceeding(struct tnd_nist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        if (ev->code == 100)
            act_do(out, TND_ACT_SEND_RESPONSE, TND_RULE_NIST_1XX);
        else
            act_do(out, TND_ACT_ABSORB, TND_RULE_NIST_ONLY_100);
        return;
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        answer(t, ev, out);
        return;
    case TND_EV_REQUEST:
        act_do(out, TND_ACT_SEND_AGAIN, TND_RULE_NIST_1XX);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        timer(t, ev, out);
        return;
    case TND_EV_ACK:
    case TND_EV_CANCEL:
        TND_ASSERT(!"an ACK belongs to an INVITE, a CANCEL is a request of its own");
    }
}

static void in_completed(struct tnd_nist *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        act_do(out, TND_ACT_ABSORB, t->silent ? TND_RULE_NIST_LATE : TND_RULE_TXN_ONE_FINAL);
        return;
    case TND_EV_REQUEST:
        if (t->silent)
            act_do(out, TND_ACT_ABSORB, TND_RULE_NIST_LATE);
        else
            act_do(out, TND_ACT_SEND_AGAIN, TND_RULE_NIST_FINAL_AGAIN);
        return;
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_FAILED, TND_RULE_TXN_RESPONSE_FAILED);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_J);
        terminate(t, out, TND_RULE_NIST_TIMER_J);
        return;
    case TND_EV_ACK:
    case TND_EV_CANCEL:
        TND_ASSERT(!"an ACK belongs to an INVITE, a CANCEL is a request of its own");
    }
}

void tnd_nist_step(struct tnd_nist *t, struct tnd_txn_event ev, struct tnd_acts *out)
{
    out->count = 0;
    switch ((enum tnd_nist_state)t->state) {
    case TND_NIST_TRYING:
        in_trying(t, &ev, out);
        return;
    case TND_NIST_PROCEEDING:
        in_proceeding(t, &ev, out);
        return;
    case TND_NIST_COMPLETED:
        in_completed(t, &ev, out);
        return;
    case TND_NIST_TERMINATED:
        TND_ASSERT(!"this transaction was destroyed");
    }
}
