/* Wheel: many timers, exact to the microsecond.
 *
 * A timer is a member of the caller's object (TND_OWNER leads back); a timer of zero bytes
 * is not armed. Arming and disarming cost the same however many timers there are. Timers
 * are taken one by one, in the order of their times, and those of one instant in the order
 * in which they were armed: the same inputs give the same outputs.
 *
 *     while ((timer = tnd_wheel_next(&w, now)))
 *         step(TND_OWNER(timer, struct tnd_ict, timer_a), timer->due);
 *     wake_me_at(tnd_wheel_due(&w));
 *
 * Time does not run backwards: the wheel stands at the time of the timer taken last or,
 * when none was left, at the now it was asked with, and whatever is earlier counts as that
 * instant. */
#ifndef BASE_WHEEL_H
#define BASE_WHEEL_H

#include "tandem/base.h"

struct tnd_wheel_timer {
    tnd_time due;                 /* once armed: when, not before the wheel's time */
    struct tnd_wheel_timer *next; /* in its slot; NULL: the last one */
    struct tnd_wheel_timer *prev; /* of the first one: the last. NULL: not armed */
};

struct tnd_wheel_slot {
    struct tnd_wheel_timer *first; /* in the order in which they were armed */
    uint64_t due_min;              /* no timer here is earlier; one may have been, once */
};

enum {
    TND_WHEEL_SLOT_COUNT = 64,
    TND_WHEEL_LEVEL_COUNT = 11, /* six bits each: all 64 of a time */
};

struct tnd_wheel {
    uint64_t now;
    size_t count;                         /* of the timers armed */
    uint64_t used[TND_WHEEL_LEVEL_COUNT]; /* a bit for each slot with timers */
    struct tnd_wheel_slot slots[TND_WHEEL_LEVEL_COUNT][TND_WHEEL_SLOT_COUNT];
};

/* An empty wheel that stands at now. */
void tnd_wheel_init(struct tnd_wheel *w, tnd_time now);

/* Keeps t until it is taken or disarmed. One that is armed already is moved. due may be in
 * the past: then t is due at once, behind all that are due at the wheel's time. */
void tnd_wheel_arm(struct tnd_wheel *w, struct tnd_wheel_timer *t, tnd_time due);

/* Lets go of t; fine if it is not armed. */
void tnd_wheel_disarm(struct tnd_wheel *w, struct tnd_wheel_timer *t);

static inline bool tnd_wheel_armed(const struct tnd_wheel_timer *t)
{
    return t->prev != NULL;
}

/* Takes the next timer that is due at now; it is not armed any more, its due says when it
 * was. Between two calls timers may be armed and disarmed. NULL: no more, and the wheel
 * stands at now. */
struct tnd_wheel_timer *tnd_wheel_next(struct tnd_wheel *w, tnd_time now);

/* When to call tnd_wheel_next: the time of the earliest timer. If that timer was disarmed
 * it may still be its time, hence too early for the others, never too late: then there is
 * nothing to take, and the next answer is better. TND_NEVER_DUE: no timer is armed. */
tnd_time tnd_wheel_due(const struct tnd_wheel *w);

#endif
