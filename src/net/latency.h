/* How long something takes, counted by bounds: one thread writes, any may read. */
#ifndef NET_LATENCY_H
#define NET_LATENCY_H

#include "net/count.h"
#include "tandem/base.h"

enum { TND_LATENCY_COUNT = 14 };

struct tnd_latency {
    tnd_count count
        [TND_LATENCY_COUNT]; /* that took no longer than the bound, and longer than the one before */
    tnd_count sum;           /* microseconds, of all together */
};

/* The sum of several, of nobody else. */
struct tnd_latency_sum {
    uint64_t count[TND_LATENCY_COUNT], sum;
};

/* Bound i; the last is TND_NEVER_DUE. */
static inline tnd_time tnd_latency_bound(size_t i)
{
    static const tnd_time bounds[TND_LATENCY_COUNT] = {
        5,         20,         50,         100,         250,         500,        TND_MS(1),
        TND_MS(5), TND_MS(10), TND_MS(25), TND_MS(100), TND_MS(500), TND_SEC(2), TND_NEVER_DUE};

    return bounds[i];
}

static inline void tnd_latency_add(struct tnd_latency *l, tnd_time span)
{
    size_t i = 0;

    while (span > tnd_latency_bound(i))
        i++;
    tnd_count_add(&l->count[i], 1);
    tnd_count_add(&l->sum, (uint64_t)span);
}

static inline void tnd_latency_sum_add(struct tnd_latency_sum *to, const struct tnd_latency *from)
{
    for (size_t i = 0; i < TND_LATENCY_COUNT; i++)
        to->count[i] += tnd_count_read(&from->count[i]);
    to->sum += tnd_count_read(&from->sum);
}

#endif
