/* A transaction, its timers, and its actions as text. */
#include "unit/txn/txn_test.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const act_names[] = {
    [TND_ACT_SEND_REQUEST] = "SEND_REQUEST",
    [TND_ACT_SEND_ACK] = "SEND_ACK",
    [TND_ACT_SEND_CANCEL] = "SEND_CANCEL",
    [TND_ACT_SEND_RESPONSE] = "SEND_RESPONSE",
    [TND_ACT_SEND_100] = "SEND_100",
    [TND_ACT_SEND_AGAIN] = "SEND_AGAIN",
    [TND_ACT_PASS] = "PASS",
    [TND_ACT_TIMEOUT] = "TIMEOUT",
    [TND_ACT_FAILED] = "FAILED",
    [TND_ACT_ABSORB] = "ABSORB",
    [TND_ACT_ARM] = "",
    [TND_ACT_DISARM] = "-",
    [TND_ACT_DESTROY] = "DESTROY",
};

static char room[8192];
static struct tnd_writer text;

static void put_act(struct txn *t, const struct tnd_act *a)
{
    tnd_put_str(&text, act_names[a->kind]);
    if (a->kind == TND_ACT_ARM || a->kind == TND_ACT_DISARM)
        tnd_put_str(&text, tnd_timer_name((enum tnd_timer)a->timer));
    if (a->kind == TND_ACT_ARM) {
        tnd_put_char(&text, '+');
        tnd_put_number(&text, (uint64_t)(a->at - t->now) / 1000);
    }
}

static void do_act(struct txn *t, const struct tnd_act *a)
{
    CHECK(!t->over);
    CHECK(a->rule != TND_RULE_NONE && a->rule < TND_RULE_COUNT);
    switch ((enum tnd_act_kind)a->kind) {
    case TND_ACT_ARM:
        CHECK(a->at > t->now);
        t->due[a->timer] = a->at;
        return;
    case TND_ACT_DISARM:
        CHECK(t->due[a->timer] != TND_NEVER_DUE);
        t->due[a->timer] = TND_NEVER_DUE;
        return;
    case TND_ACT_DESTROY:
        t->over = true;
        return;
    case TND_ACT_SEND_REQUEST:
    case TND_ACT_SEND_ACK:
    case TND_ACT_SEND_CANCEL:
        CHECK(t->kind == ICT || t->kind == NICT);
        return;
    case TND_ACT_SEND_RESPONSE:
    case TND_ACT_SEND_100:
    case TND_ACT_SEND_AGAIN:
        CHECK(t->kind == IST || t->kind == NIST);
        return;
    case TND_ACT_PASS:
    case TND_ACT_TIMEOUT:
    case TND_ACT_FAILED:
    case TND_ACT_ABSORB:
        return;
    }
}

static void do_all(struct txn *t)
{
    CHECK(t->out.count > 0); /* even what leads to nothing says why */
    for (unsigned i = 0; i < t->out.count; i++) {
        if (i > 0)
            tnd_put_char(&text, ' ');
        put_act(t, &t->out.act[i]);
        do_act(t, &t->out.act[i]);
    }
    if (t->over)
        for (int i = 0; i < TND_TIMER_COUNT; i++)
            t->due[i] = TND_NEVER_DUE;
}

static const char *text_end(void)
{
    CHECK(text.len < sizeof(room));
    room[text.len] = '\0';
    return room;
}

const char *txn_start_with(struct txn *t, enum txn_kind kind, bool reliable,
                           struct tnd_txn_timing timing)
{
    memset(t, 0xA5, sizeof(*t)); /* whatever is not set is seen */
    t->kind = kind;
    t->timing = timing;
    t->now = 0;
    t->over = false;
    for (int i = 0; i < TND_TIMER_COUNT; i++)
        t->due[i] = TND_NEVER_DUE;
    switch ((int)kind) {
    case ICT:
        tnd_ict_start(&t->u.ict, &t->timing, reliable, 0, &t->out);
        break;
    case NICT:
        tnd_nict_start(&t->u.nict, &t->timing, reliable, 0, &t->out);
        break;
    case IST:
        tnd_ist_start(&t->u.ist, &t->timing, reliable, 0, &t->out);
        break;
    case NIST:
        tnd_nist_start(&t->u.nist, &t->timing, reliable, 0, &t->out);
        break;
    }
    text = tnd_writer(room, sizeof(room));
    do_all(t);
    return text_end();
}

const char *txn_start(struct txn *t, enum txn_kind kind, bool reliable)
{
    return txn_start_with(t, kind, reliable, tnd_txn_timing_default());
}

static void step(struct txn *t, struct tnd_txn_event ev)
{
    CHECK(!t->over);
    CHECK(ev.now >= t->now);
    t->now = ev.now;
    if (ev.kind == TND_EV_TIMER)
        t->due[ev.timer] = TND_NEVER_DUE;
    switch ((int)t->kind) {
    case ICT:
        tnd_ict_step(&t->u.ict, ev, &t->out);
        break;
    case NICT:
        tnd_nict_step(&t->u.nict, ev, &t->out);
        break;
    case IST:
        tnd_ist_step(&t->u.ist, ev, &t->out);
        break;
    case NIST:
        tnd_nist_step(&t->u.nist, ev, &t->out);
        break;
    }
    do_all(t);
}

const char *txn_step(struct txn *t, struct tnd_txn_event ev)
{
    text = tnd_writer(room, sizeof(room));
    step(t, ev);
    return text_end();
}

const char *txn_event(struct txn *t, int ms, enum tnd_ev kind)
{
    return txn_step(t, tnd_ev(kind, TND_MS(ms)));
}

const char *txn_response(struct txn *t, int ms, unsigned code)
{
    return txn_step(t, tnd_ev_response(code, TND_MS(ms)));
}

enum tnd_timer txn_next(const struct txn *t)
{
    enum tnd_timer next = TND_TIMER_NONE;

    for (int i = 0; i < TND_TIMER_COUNT; i++)
        if (t->due[i] < t->due[next])
            next = (enum tnd_timer)i;
    return next;
}

const char *txn_fire(struct txn *t)
{
    enum tnd_timer timer = txn_next(t);

    CHECK(timer != TND_TIMER_NONE);
    return txn_step(t, tnd_ev_timer(timer, t->due[timer]));
}

const char *txn_run(struct txn *t, int ms)
{
    text = tnd_writer(room, sizeof(room));
    for (;;) {
        enum tnd_timer timer = txn_next(t);
        tnd_time due = t->due[timer];
        if (due > TND_MS(ms) || timer == TND_TIMER_NONE)
            return text_end();
        if (text.len > 0)
            tnd_put_str(&text, "; ");
        tnd_put_number(&text, (uint64_t)due / 1000);
        tnd_put_char(&text, ' ');
        tnd_put_str(&text, tnd_timer_name(timer));
        tnd_put_str(&text, ": ");
        step(t, tnd_ev_timer(timer, due));
    }
}

unsigned txn_count(const struct txn *t, enum tnd_act_kind kind)
{
    unsigned count = 0;

    for (unsigned i = 0; i < t->out.count; i++)
        count += t->out.act[i].kind == kind;
    return count;
}

bool txn_by(const struct txn *t, enum tnd_rule rule)
{
    for (unsigned i = 0; i < t->out.count; i++)
        if (t->out.act[i].rule == rule)
            return true;
    return false;
}
