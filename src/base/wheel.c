/* Wheel: a hierarchical timer wheel without ticks.
 *
 * A time is eleven digits of six bits. A timer lies on the level of the highest digit in
 * which its time differs from the wheel's, in the slot of its own digit there; one due now
 * lies on level 0. So
 *
 *   - a slot of level 0 holds timers of one instant;
 *   - what lies on a lower level is earlier than all on a higher one, and on one level the
 *     lower slot is earlier: two bit scans find the earliest slot;
 *   - all timers of one instant lie in one slot, at its end the one armed last.
 *
 * When the wheel moves on, never past a timer, one slot at most must be spread over the
 * levels below: that of the new time's digit, on the highest level where the time changed.
 * A timer moves down at most ten times, keeping its turn.
 *
 * A sorted tree would do too, but pays a logarithm for each of the many timers that are
 * disarmed before they fire. A wheel with ticks would round times. */
#include "base/wheel.h"

#include "base/assert.h"

enum { DIGIT_BITS = 6 };

/* Instants as unsigned numbers in the same order, so that digits can be cut out. */
static uint64_t count_from_min(tnd_time t)
{
    return (uint64_t)t ^ (uint64_t)1 << 63;
}

static tnd_time time_of(uint64_t n)
{
    return (tnd_time)(n ^ (uint64_t)1 << 63);
}

static int level_between(uint64_t a, uint64_t b)
{
    return a == b ? 0 : (63 - __builtin_clzll(a ^ b)) / DIGIT_BITS;
}

static int digit(uint64_t n, int level)
{
    return (int)(n >> DIGIT_BITS * level) & (TND_WHEEL_SLOT_COUNT - 1);
}

void tnd_wheel_init(struct tnd_wheel *w, tnd_time now)
{
    memset(w, 0, sizeof(*w));
    w->now = count_from_min(now);
}

static void append(struct tnd_wheel_slot *slot, struct tnd_wheel_timer *t)
{
    t->next = NULL;
    if (slot->first) {
        t->prev = slot->first->prev;
        t->prev->next = t;
    } else {
        slot->first = t;
    }
    slot->first->prev = t;
}

static void place(struct tnd_wheel *w, struct tnd_wheel_timer *t)
{
    uint64_t due = count_from_min(t->due);
    int level = level_between(due, w->now);
    int at = digit(due, level);
    struct tnd_wheel_slot *slot = &w->slots[level][at];

    if (!slot->first || due < slot->due_min)
        slot->due_min = due;
    append(slot, t);
    w->used[level] |= (uint64_t)1 << at;
}

void tnd_wheel_arm(struct tnd_wheel *w, struct tnd_wheel_timer *t, tnd_time due)
{
    tnd_wheel_disarm(w, t);
    t->due = count_from_min(due) < w->now ? time_of(w->now) : due;
    place(w, t);
    w->count++;
}

void tnd_wheel_disarm(struct tnd_wheel *w, struct tnd_wheel_timer *t)
{
    if (!tnd_wheel_armed(t))
        return;
    uint64_t due = count_from_min(t->due);
    int level = level_between(due, w->now);
    int at = digit(due, level);
    struct tnd_wheel_slot *slot = &w->slots[level][at];

    TND_ASSERT(slot->first && w->count > 0);
    if (t->next)
        t->next->prev = t->prev;
    else
        slot->first->prev = t->prev;
    if (t == slot->first)
        slot->first = t->next;
    else
        t->prev->next = t->next;
    if (!slot->first)
        w->used[level] &= ~((uint64_t)1 << at);
    t->next = NULL;
    t->prev = NULL;
    w->count--;
}

/* Sets the wheel to a time that no timer is before. */
static void move(struct tnd_wheel *w, uint64_t now)
{
    TND_ASSERT(now >= w->now);
    int level = level_between(now, w->now);
    int at = digit(now, level);

    w->now = now;
    if (level == 0)
        return;
    struct tnd_wheel_timer *t = w->slots[level][at].first;
    w->slots[level][at].first = NULL;
    w->used[level] &= ~((uint64_t)1 << at);
    while (t) {
        struct tnd_wheel_timer *next = t->next;

        place(w, t);
        t = next;
    }
}

/* The level of the earliest timers; TND_WHEEL_LEVEL_COUNT: there are none. */
static int first_level(const struct tnd_wheel *w)
{
    int level = 0;

    while (level < TND_WHEEL_LEVEL_COUNT && w->used[level] == 0)
        level++;
    return level;
}

static int first_slot(const struct tnd_wheel *w, int level)
{
    return __builtin_ctzll(w->used[level]);
}

struct tnd_wheel_timer *tnd_wheel_next(struct tnd_wheel *w, tnd_time now)
{
    uint64_t until = count_from_min(now) > w->now ? count_from_min(now) : w->now;

    for (;;) { /* each round finds its timers on a lower level */
        int level = first_level(w);
        const struct tnd_wheel_slot *slot =
            level < TND_WHEEL_LEVEL_COUNT ? &w->slots[level][first_slot(w, level)] : NULL;

        if (!slot || slot->due_min > until)
            break;
        move(w, slot->due_min);
        if (level == 0) {
            struct tnd_wheel_timer *t = slot->first;

            tnd_wheel_disarm(w, t);
            return t;
        }
    }
    move(w, until);
    return NULL;
}

tnd_time tnd_wheel_due(const struct tnd_wheel *w)
{
    int level = first_level(w);

    if (level == TND_WHEEL_LEVEL_COUNT)
        return TND_NEVER_DUE;
    return time_of(w->slots[level][first_slot(w, level)].due_min);
}
