/* Random: xoshiro256**, its state filled from the seed by splitmix64. */
#include "base/random.h"

#include "base/assert.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

void tnd_random_init(struct tnd_random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&seed);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t tnd_random_next(struct tnd_random *r)
{
    uint64_t *s = r->s;
    uint64_t ret = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return ret;
}

uint64_t tnd_random_below(struct tnd_random *r, uint64_t count)
{
    TND_ASSERT(count > 0);
    /* 2^64 is seldom a multiple of count: the first few numbers would come once too often. */
    uint64_t skip = -count % count;
    uint64_t n = tnd_random_next(r);
    while (n < skip)
        n = tnd_random_next(r);
    return n % count;
}

tnd_time tnd_random_time(struct tnd_random *r, tnd_time first, tnd_time last)
{
    TND_ASSERT(first <= last);
    uint64_t count = (uint64_t)last - (uint64_t)first + 1;
    uint64_t n = count ? tnd_random_below(r, count) : tnd_random_next(r);
    return (tnd_time)((uint64_t)first + n);
}
