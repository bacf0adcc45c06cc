/* Random: numbers that follow from a seed, for simulation and for jitter.
 *
 * Never for secrets: a few outputs give away all others, past and future. What a stranger
 * must not guess (tags, branches, nonces) is a keyed digest (base/digest.h). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "tandem/base.h"

/* xoshiro256** (Blackman and Vigna, 2018). */
struct tnd_random {
    uint64_t s[4];
};

/* Any seed will do, 0 too; near seeds give sequences that have nothing in common. */
void tnd_random_init(struct tnd_random *r, uint64_t seed);

uint64_t tnd_random_next(struct tnd_random *r);

/* One of 0 to count - 1, each as likely. count is at least 1. */
uint64_t tnd_random_below(struct tnd_random *r, uint64_t count);

/* An instant or a span from first to last, both included; first is not after last. */
tnd_time tnd_random_time(struct tnd_random *r, tnd_time first, tnd_time last);

/* true in times of every of_times calls on average. of_times is at least 1. */
static inline bool tnd_random_chance(struct tnd_random *r, uint64_t times, uint64_t of_times)
{
    return tnd_random_below(r, of_times) < times;
}

#endif
