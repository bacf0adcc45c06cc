/* Random numbers. */
#include "base/random.h"

#include "unit/test.h"

TND_TEST(random_is_xoshiro, "ARCHITECTURE §1",
         "the generator is xoshiro256**: its first numbers from the state 1, 2, 3, 4")
{
    static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240};
    struct tnd_random r = {{1, 2, 3, 4}};

    for (int i = 0; i < 4; i++)
        CHECK(tnd_random_next(&r) == expected[i]);
}

TND_TEST(random_seed_is_splitmix, "ARCHITECTURE §1",
         "the state comes from the seed by splitmix64, so near seeds have nothing in common")
{
    static const uint64_t expected[] = {6457827717110365317, 3203168211198807973,
                                        9817491932198370423u, 4593380528125082431};
    struct tnd_random r, same, near;

    tnd_random_init(&r, 1234567);
    for (int i = 0; i < 4; i++)
        CHECK(r.s[i] == expected[i]);
    tnd_random_init(&same, 1234567);
    tnd_random_init(&near, 1234568);
    for (int i = 0; i < 100; i++) {
        uint64_t n = tnd_random_next(&r);

        CHECK(n == tnd_random_next(&same));
        CHECK(n != tnd_random_next(&near));
    }
}

TND_TEST(random_below_is_fair, "ARCHITECTURE §1",
         "each number below a bound comes about equally often, and none at the bound")
{
    struct tnd_random r;
    int seen[6] = {0};
    uint64_t big = UINT64_MAX / 3 * 2; /* where leaving out the skip would show */
    int low = 0;

    tnd_random_init(&r, 0);
    for (int i = 0; i < 60000; i++) {
        seen[tnd_random_below(&r, 6)]++;
        low += tnd_random_below(&r, big) < big / 2;
    }
    for (int i = 0; i < 6; i++)
        CHECK(seen[i] > 9600 && seen[i] < 10400);
    CHECK(low > 29000 && low < 31000);
    CHECK_EQ(tnd_random_below(&r, 1), 0);
}

TND_TEST(random_time_reaches_both_ends, "ARCHITECTURE §1",
         "an instant between two is each of them sometimes and none outside, to the ends of time")
{
    struct tnd_random r;
    bool first = false, last = false;

    tnd_random_init(&r, 5);
    for (int i = 0; i < 200; i++) {
        tnd_time t = tnd_random_time(&r, -2, 3);

        CHECK(t >= -2 && t <= 3);
        first = first || t == -2;
        last = last || t == 3;
    }
    CHECK(first && last);
    CHECK_EQ(tnd_random_time(&r, 7, 7), 7);
    CHECK(tnd_random_time(&r, INT64_MIN, INT64_MAX) != tnd_random_time(&r, INT64_MIN, INT64_MAX));
    CHECK(!tnd_random_chance(&r, 0, 1) && tnd_random_chance(&r, 1, 1));
}
