/* Timer wheels, compared with a dumb model: an array that is searched from end to end. */
#include "base/wheel.h"

#include <stdlib.h>

#include "base/random.h"
#include "unit/test.h"

enum { TIMER_COUNT = 300 };

struct model {
    tnd_time now;
    uint64_t turn; /* of the timer armed next */
    struct {
        bool armed;
        tnd_time due;
        uint64_t turn;
    } timers[TIMER_COUNT];
};

static void model_arm(struct model *m, int i, tnd_time due)
{
    m->timers[i].armed = true;
    m->timers[i].due = due > m->now ? due : m->now;
    m->timers[i].turn = m->turn++;
}

/* The timer to fire first, or -1. */
static int model_first(const struct model *m)
{
    int first = -1;

    for (int i = 0; i < TIMER_COUNT; i++) {
        if (!m->timers[i].armed)
            continue;
        if (first < 0 || m->timers[i].due < m->timers[first].due ||
            (m->timers[i].due == m->timers[first].due && m->timers[i].turn < m->timers[first].turn))
            first = i;
    }
    return first;
}

static int model_next(struct model *m, tnd_time now)
{
    int first = model_first(m);

    if (first >= 0 && m->timers[first].due <= (now > m->now ? now : m->now)) {
        m->timers[first].armed = false;
        m->now = m->timers[first].due;
        return first;
    }
    m->now = now > m->now ? now : m->now;
    return -1;
}

struct run {
    struct tnd_wheel wheel;
    struct tnd_wheel_timer timers[TIMER_COUNT];
    struct model model;
    struct tnd_random random;
};

/* A span of any size: each number of bits is as likely. */
static tnd_time any_span(struct tnd_random *r)
{
    return (tnd_time)(tnd_random_next(r) >> 1 >> tnd_random_below(r, 63));
}

/* Near or far, before or after now, now and then at an end of all time. */
static tnd_time any_due(struct run *r)
{
    tnd_time span = tnd_random_chance(&r->random, 1, 2) ? any_span(&r->random)
                                                        : tnd_random_time(&r->random, 0, 8);
    if (tnd_random_chance(&r->random, 1, 50))
        return tnd_random_chance(&r->random, 1, 2) ? INT64_MIN : INT64_MAX;
    if (tnd_random_chance(&r->random, 1, 10))
        return r->model.now < INT64_MIN + span ? INT64_MIN : r->model.now - span;
    return r->model.now > INT64_MAX - span ? INT64_MAX : r->model.now + span;
}

static void arm_one(struct run *r)
{
    int i = (int)tnd_random_below(&r->random, TIMER_COUNT);
    tnd_time due = any_due(r);

    tnd_wheel_arm(&r->wheel, &r->timers[i], due);
    model_arm(&r->model, i, due);
}

static void disarm_one(struct run *r)
{
    int i = (int)tnd_random_below(&r->random, TIMER_COUNT);

    tnd_wheel_disarm(&r->wheel, &r->timers[i]);
    r->model.timers[i].armed = false;
}

/* Takes one timer, or fewer, from both. */
static bool next_agrees(struct run *r, tnd_time now, bool *ret_more)
{
    int expected = model_next(&r->model, now);
    struct tnd_wheel_timer *timer = tnd_wheel_next(&r->wheel, now);

    *ret_more = timer != NULL;
    if (expected < 0 || !timer)
        return expected < 0 && !timer;
    return timer == &r->timers[expected] && timer->due == r->model.timers[expected].due &&
           !tnd_wheel_armed(timer);
}

/* Sometimes to the very instant that the wheel asks for. */
static bool take_some(struct run *r)
{
    tnd_time due = tnd_wheel_due(&r->wheel);
    tnd_time now = due;
    bool more = true;

    if (due == TND_NEVER_DUE || tnd_random_chance(&r->random, 1, 3))
        now = r->model.now + tnd_random_time(&r->random, -5, 3000);
    while (more) {
        if (!next_agrees(r, now, &more))
            return false;
        if (tnd_random_chance(&r->random, 1, 3))
            arm_one(r);
    }
    return true;
}

/* The wheel may want to wake early, never late. */
static bool due_agrees(const struct run *r)
{
    int first = model_first(&r->model);
    tnd_time due = tnd_wheel_due(&r->wheel);

    return first < 0 ? due == TND_NEVER_DUE : due <= r->model.timers[first].due;
}

/* The model alone forgets its first timer; at that instant they must differ. */
static bool break_model(struct run *r)
{
    int first = model_first(&r->model);
    bool more;

    r->model.timers[first].armed = false;
    return next_agrees(r, r->model.timers[first].due, &more);
}

/* Runs both from one seed; at step break_at the model is broken. */
static bool agree(uint64_t seed, int step_count, int break_at)
{
    struct run *r = calloc(1, sizeof(*r));
    bool agreed = true;

    CHECK(r);
    tnd_random_init(&r->random, seed);
    r->model.now = tnd_random_time(&r->random, -TND_SEC(5), TND_SEC(5));
    tnd_wheel_init(&r->wheel, r->model.now);
    for (int i = 0; i < step_count && agreed; i++) {
        if (i == break_at)
            agreed = break_model(r);
        else if (tnd_random_chance(&r->random, 3, 4))
            arm_one(r);
        else if (tnd_random_chance(&r->random, 1, 2))
            disarm_one(r);
        else if (r->model.now < INT64_MAX - TND_SEC(1))
            agreed = take_some(r);
        agreed = agreed && due_agrees(r);
    }
    free(r);
    return agreed;
}

TND_TEST(wheel_and_model, "ARCHITECTURE §1",
         "a wheel gives the same timers in the same order as an array searched from end to end")
{
    for (uint64_t seed = 0; seed < 60; seed++)
        CHECK(agree(seed, 3000, -1));
}

TND_TEST(wheel_and_broken_model, "ARCHITECTURE §1",
         "when the model alone forgets a timer, the comparison with the wheel notices")
{
    for (uint64_t seed = 0; seed < 20; seed++)
        CHECK(!agree(seed, 3000, 500));
}

TND_TEST(wheel_keeps_turns, "ARCHITECTURE §1",
         "timers of one instant fire in the order in which they were armed, from near and far")
{
    struct tnd_wheel_timer timers[6] = {{0}};
    struct tnd_wheel w;
    tnd_time due = TND_SEC(32);

    tnd_wheel_init(&w, 0);
    for (int i = 0; i < 6; i++) { /* each from nearer by */
        tnd_wheel_arm(&w, &timers[i], due);
        CHECK(!tnd_wheel_next(&w, due - (due >> 4 * i)));
    }
    tnd_wheel_arm(&w, &timers[2], due); /* again: now it is last */
    CHECK_EQ(tnd_wheel_due(&w), due);
    for (int i = 0; i < 5; i++)
        CHECK(tnd_wheel_next(&w, due) == &timers[i < 2 ? i : i + 1]);
    CHECK(tnd_wheel_next(&w, due) == &timers[2]);
    CHECK_EQ(w.count, 0);
}

TND_TEST(wheel_is_exact, "ARCHITECTURE §1",
         "a timer is not given a microsecond before its time, and the wheel wakes for no other")
{
    for (tnd_time span = 1; span < INT64_MAX / 3; span = span * 3 + 1) {
        struct tnd_wheel_timer t = {0};
        struct tnd_wheel w;

        tnd_wheel_init(&w, -span / 2);
        tnd_wheel_arm(&w, &t, span);
        CHECK_EQ(tnd_wheel_due(&w), span);
        CHECK(!tnd_wheel_next(&w, span - 1));
        CHECK_EQ(tnd_wheel_due(&w), span);
        CHECK(tnd_wheel_next(&w, span) == &t);
        CHECK_EQ(tnd_wheel_due(&w), TND_NEVER_DUE);
    }
}

TND_TEST(wheel_wakes_once_for_a_disarmed_timer, "ARCHITECTURE §6",
         "after the earliest timer was disarmed the wheel wakes early once at most")
{
    struct tnd_wheel_timer timers[3] = {{0}};
    struct tnd_wheel w;

    tnd_wheel_init(&w, 0);
    tnd_wheel_arm(&w, &timers[0], TND_SEC(32));
    tnd_wheel_arm(&w, &timers[1], TND_SEC(32) + 10);
    tnd_wheel_arm(&w, &timers[2], TND_SEC(32) + 2000);
    tnd_wheel_disarm(&w, &timers[0]);
    CHECK_EQ(tnd_wheel_due(&w), TND_SEC(32));
    CHECK(!tnd_wheel_next(&w, tnd_wheel_due(&w)));
    CHECK_EQ(tnd_wheel_due(&w), TND_SEC(32) + 10);
    CHECK(tnd_wheel_next(&w, tnd_wheel_due(&w)) == &timers[1]);
    CHECK_EQ(tnd_wheel_due(&w), TND_SEC(32) + 2000);
}

TND_TEST(wheel_time_stands_or_goes_on, "ARCHITECTURE §1",
         "a time in the past counts as the wheel's, and the clock never takes it back")
{
    struct tnd_wheel_timer past = {0}, oldest = {0}, last = {0};
    struct tnd_wheel w;

    tnd_wheel_init(&w, 100);
    tnd_wheel_arm(&w, &past, 50);
    tnd_wheel_arm(&w, &oldest, INT64_MIN);
    tnd_wheel_arm(&w, &last, INT64_MAX);
    CHECK_EQ(tnd_wheel_due(&w), 100);
    CHECK(tnd_wheel_next(&w, 60) == &past);
    CHECK_EQ(past.due, 100);
    CHECK(tnd_wheel_next(&w, 60) == &oldest);
    CHECK(!tnd_wheel_next(&w, 60));
    CHECK(!tnd_wheel_next(&w, INT64_MAX - 1));
    CHECK(tnd_wheel_next(&w, INT64_MAX) == &last);
}
