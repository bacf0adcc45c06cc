/* Any machine under any sequence of events, from fixed seeds: it ends, it says one thing, it
 * always has a timer that will end it. */
#include "base/random.h"
#include "unit/txn/txn_test.h"

enum { RUN_COUNT = 3000, EVENT_COUNT_MAX = 40, FIRE_COUNT_MAX = 60 };

/* What has come out so far. */
struct told {
    unsigned passed_2xx, passed_fail, timeouts, failures;
    unsigned sent, sent_2xx, sent_fail, sent_again, requests_passed;
};

static bool is_final(unsigned code)
{
    return code >= 200;
}

static void count_pass(const struct txn *t, struct told *told, const struct tnd_txn_event *ev)
{
    if (ev->kind == TND_EV_REQUEST)
        told->requests_passed++;
    if (ev->kind == TND_EV_2XX)
        told->passed_2xx++;
    if (ev->kind == TND_EV_3XX_6XX)
        told->passed_fail++;
    CHECK(t->kind != NIST && (t->kind != IST || ev->kind == TND_EV_ACK));
}

static void count_send(const struct txn *t, struct told *told, const struct tnd_txn_event *ev)
{
    told->sent++;
    told->sent_2xx += ev->kind == TND_EV_2XX;
    told->sent_fail += ev->kind == TND_EV_3XX_6XX;
    CHECK(t->kind != NIST || (ev->code != 408 && (ev->code == 100 || is_final(ev->code))));
}

static void count(const struct txn *t, struct told *told, const struct tnd_txn_event *ev)
{
    if (txn_count(t, TND_ACT_PASS) > 0)
        count_pass(t, told, ev);
    if (txn_count(t, TND_ACT_SEND_RESPONSE) > 0)
        count_send(t, told, ev);
    told->sent += txn_count(t, TND_ACT_SEND_100);
    if (txn_count(t, TND_ACT_SEND_AGAIN) > 0)
        CHECK(told->sent > 0);
    told->timeouts += txn_count(t, TND_ACT_TIMEOUT);
    told->failures += txn_count(t, TND_ACT_FAILED);
}

/* Whether what was told so far may be told. */
static void check_told(const struct txn *t, const struct told *told)
{
    CHECK_EQ(told->requests_passed, 0); /* start did it */
    CHECK(told->timeouts <= 1);
    switch ((int)t->kind) {
    case ICT:
        CHECK(told->passed_fail + told->timeouts <= 1);
        CHECK(told->passed_2xx == 0 || told->timeouts == 0);
        return;
    case NICT:
        CHECK(told->passed_2xx + told->passed_fail + told->timeouts + told->failures <= 1);
        return;
    case IST:
        CHECK(told->sent_fail <= 1 && (told->sent_2xx == 0 || told->sent_fail == 0));
        return;
    case NIST:
        CHECK(told->sent_2xx + told->sent_fail + told->timeouts <= 1);
        return;
    }
}

/* A call may ring for ever; all else ends by a timer. */
static bool may_wait_for_ever(const struct txn *t)
{
    return (t->kind == ICT && t->u.ict.state == TND_ICT_PROCEEDING &&
            t->u.ict.cancel != TND_ICT_CANCEL_SENT) ||
           (t->kind == IST && t->u.ist.state == TND_IST_PROCEEDING);
}

static void feed(struct txn *t, struct told *told, struct tnd_txn_event ev)
{
    txn_step(t, ev);
    count(t, told, &ev);
    check_told(t, told);
    CHECK(t->over || txn_next(t) != TND_TIMER_NONE || may_wait_for_ever(t));
    CHECK(txn_count(t, TND_ACT_DESTROY) == t->over);
}

/* What may happen to a machine of this kind. */
static struct tnd_txn_event any_event(struct txn *t, struct tnd_random *r, tnd_time now)
{
    static const unsigned codes[] = {100, 100, 180, 183, 199, 200, 202, 299, 302, 408, 486, 699};
    enum tnd_ev client[] = {TND_EV_SEND_FAILED, TND_EV_CANCEL};
    enum tnd_ev server[] = {TND_EV_SEND_FAILED, TND_EV_REQUEST, TND_EV_ACK};

    if (tnd_random_chance(r, 1, 2))
        return tnd_ev_response(codes[tnd_random_below(r, sizeof(codes) / sizeof(*codes))], now);
    if (t->kind == ICT || t->kind == NICT)
        return tnd_ev(client[tnd_random_chance(r, 4, 5) && t->kind == ICT], now);
    return tnd_ev(server[tnd_random_below(r, t->kind == IST ? 3 : 2)], now);
}

/* The timer that is due next, a little late as in life. */
static void fire(struct txn *t, struct told *told, struct tnd_random *r)
{
    enum tnd_timer timer = txn_next(t);
    tnd_time due = t->due[timer] + tnd_random_time(r, 0, TND_MS(20));

    feed(t, told, tnd_ev_timer(timer, due > t->now ? due : t->now));
}

static void run_any(enum txn_kind kind, uint64_t seed)
{
    struct tnd_random r;
    struct told told = {0};
    struct txn t;
    unsigned fired = 0;

    tnd_random_init(&r, seed);
    txn_start(&t, kind, tnd_random_chance(&r, 1, 3));
    for (uint64_t n = tnd_random_below(&r, EVENT_COUNT_MAX); n > 0 && !t.over; n--) {
        tnd_time at = t.now + tnd_random_time(&r, 0, TND_MS(1) << tnd_random_below(&r, 14));
        while (!t.over && txn_next(&t) != TND_TIMER_NONE && t.due[txn_next(&t)] <= at)
            fire(&t, &told, &r);
        if (!t.over)
            feed(&t, &told, any_event(&t, &r, at > t.now ? at : t.now));
    }
    if (!t.over && may_wait_for_ever(&t))
        feed(&t, &told, tnd_ev_response(486, t.now));
    tnd_time end = t.now + 2 * 64 * t.timing.t1 + TND_SEC(1);
    for (; !t.over; fired++)
        fire(&t, &told, &r);
    CHECK(fired < FIRE_COUNT_MAX && t.now <= end);
    if (kind == ICT)
        CHECK(told.passed_2xx + told.passed_fail + told.timeouts + told.failures > 0);
    if (kind == NICT)
        CHECK_EQ(told.passed_2xx + told.passed_fail + told.timeouts + told.failures, 1);
}

TND_TEST(txn_any, "RFC 3261 §17",
         "whatever happens to a transaction, it ends by its timers and gives one final answer")
{
    for (int kind = 0; kind < TXN_KIND_COUNT; kind++)
        for (uint64_t seed = 0; seed < RUN_COUNT; seed++)
            run_any((enum txn_kind)kind, seed);
}

TND_TEST(txn_size, "RFC 3261 §17", "a machine is a few bytes")
{
    CHECK(sizeof(struct tnd_ict) <= 24);
    CHECK(sizeof(struct tnd_nict) <= 24);
    CHECK(sizeof(struct tnd_ist) <= 24);
    CHECK(sizeof(struct tnd_nist) <= 16);
}
