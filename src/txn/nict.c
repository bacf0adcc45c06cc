/* The non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.
 *
 *             1xx                200-699
 *   TRYING ---------> PROCEEDING --------> COMPLETED --- timer K ---> TERMINATED
 *     |  `--- 200-699 ----|-------------------^                         ^
 *     `-------------------+--- timer F, send failed -------------------'
 */
#include "txn/act.h"

void tnd_nict_start(struct tnd_nict *t, const struct tnd_txn_timing *timing, bool reliable,
                    tnd_time now, struct tnd_acts *out)
{
    *t = (struct tnd_nict){.timing = timing, .e_wait = timing->t1, .reliable = reliable};
    out->count = 0;
    act_do(out, TND_ACT_SEND_REQUEST, TND_RULE_NICT_START);
    if (!reliable)
        act_arm(out, TND_TIMER_E, now + t->e_wait, TND_RULE_NICT_TIMER_E);
    act_arm(out, TND_TIMER_F, now + long_wait(timing), TND_RULE_NICT_TIMER_F);
}

static void terminate(struct tnd_nict *t, struct tnd_acts *out, enum tnd_rule rule)
{
    t->state = TND_NICT_TERMINATED;
    act_do(out, TND_ACT_DESTROY, rule);
}

/* Ends with word to the TU. */
static void give_up(struct tnd_nict *t, struct tnd_acts *out, enum tnd_act_kind word,
                    enum tnd_rule rule)
{
    act_do(out, word, rule);
    terminate(t, out, rule);
}

static void complete(struct tnd_nict *t, tnd_time now, struct tnd_acts *out)
{
    if (!t->reliable)
        act_disarm(out, TND_TIMER_E, TND_RULE_NICT_FINAL);
    act_disarm(out, TND_TIMER_F, TND_RULE_NICT_FINAL);
    t->state = TND_NICT_COMPLETED;
    act_do(out, TND_ACT_PASS, TND_RULE_NICT_FINAL);
    if (t->reliable)
        terminate(t, out, TND_RULE_NICT_TIMER_K);
    else
        act_arm(out, TND_TIMER_K, now + t->timing->t4, TND_RULE_NICT_TIMER_K);
}

static void send_again(struct tnd_nict *t, tnd_time now, tnd_time wait, enum tnd_rule rule,
                       struct tnd_acts *out)
{
    t->e_wait = wait;
    act_do(out, TND_ACT_SEND_REQUEST, rule);
    act_arm(out, TND_TIMER_E, now + wait, rule);
}

/* Timers of TRYING and PROCEEDING. */
static void timer(struct tnd_nict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    if (ev->timer == TND_TIMER_F) {
        give_up(t, out, TND_ACT_TIMEOUT, TND_RULE_NICT_TIMER_F);
        return;
    }
    TND_ASSERT(ev->timer == TND_TIMER_E && !t->reliable);
    /* RFC 3261 §17.1.2.1: also after a provisional response, since the server sends its final
     * one again only when it is asked. */
    if (t->state == TND_NICT_PROCEEDING)
        send_again(t, ev->now, t->timing->t2, TND_RULE_NICT_TIMER_E_PROCEEDING, out);
    else
        send_again(t, ev->now, twice_up_to_t2(t->e_wait, t->timing), TND_RULE_NICT_TIMER_E, out);
}

/* TRYING and PROCEEDING, which differ in how timer E goes on. */
static void in_trying(struct tnd_nict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
        t->state = TND_NICT_PROCEEDING;
        act_do(out, TND_ACT_PASS, TND_RULE_NICT_1XX);
        return;
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
        complete(t, ev->now, out);
        return;
    case TND_EV_SEND_FAILED:
        give_up(t, out, TND_ACT_FAILED, TND_RULE_TXN_REQUEST_FAILED);
        return;
    case TND_EV_TIMER:
        timer(t, ev, out);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
    case TND_EV_CANCEL: /* RFC 3261 §9.1 */
        TND_ASSERT(!"a client receives no request, and only an INVITE is cancelled");
    }
}

static void in_completed(struct tnd_nict *t, const struct tnd_txn_event *ev, struct tnd_acts *out)
{
    switch ((enum tnd_ev)ev->kind) {
    case TND_EV_1XX:
    case TND_EV_2XX:
    case TND_EV_3XX_6XX:
    case TND_EV_SEND_FAILED:
        act_do(out, TND_ACT_ABSORB, TND_RULE_NICT_ABSORBS);
        return;
    case TND_EV_TIMER:
        TND_ASSERT(ev->timer == TND_TIMER_K);
        terminate(t, out, TND_RULE_NICT_TIMER_K);
        return;
    case TND_EV_REQUEST:
    case TND_EV_ACK:
    case TND_EV_CANCEL:
        TND_ASSERT(!"a client receives no request, and only an INVITE is cancelled");
    }
}

void tnd_nict_step(struct tnd_nict *t, struct tnd_txn_event ev, struct tnd_acts *out)
{
    out->count = 0;
    switch ((enum tnd_nict_state)t->state) {
    case TND_NICT_TRYING:
    case TND_NICT_PROCEEDING:
        in_trying(t, &ev, out);
        return;
    case TND_NICT_COMPLETED:
        in_completed(t, &ev, out);
        return;
    case TND_NICT_TERMINATED:
        TND_ASSERT(!"this transaction was destroyed");
    }
}
