/* Counters that one thread writes and any may read. */
#ifndef NET_COUNT_H
#define NET_COUNT_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t tnd_count;

static inline uint64_t tnd_count_read(const tnd_count *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

static inline void tnd_count_set(tnd_count *c, uint64_t n)
{
    atomic_store_explicit(c, n, memory_order_relaxed);
}

/* By the one that writes: two plain moves, no locked one. */
static inline void tnd_count_add(tnd_count *c, uint64_t n)
{
    tnd_count_set(c, tnd_count_read(c) + n);
}

#endif
