/* What a node must not have of its own: the time, and chance. */
#ifndef NET_CLOCK_H
#define NET_CLOCK_H

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "tandem/base.h"

/* Runs on while the clock on the wall is set. */
static inline tnd_time tnd_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return TND_SEC(t.tv_sec) + t.tv_nsec / 1000;
}

/* The time of day: microseconds since 1970-01-01 UTC. */
static inline int64_t tnd_clock_wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return TND_SEC(t.tv_sec) + t.tv_nsec / 1000;
}

/* len secret bytes, at most 256. Waits while the system has just booted. */
static inline void tnd_entropy(void *ret, size_t len)
{
    if (getrandom(ret, len, 0) != (ssize_t)len)
        abort(); /* up to 256 bytes come whole (getrandom(2)); without them no key is one */
}

#endif
