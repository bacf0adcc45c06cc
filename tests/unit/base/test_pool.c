/* Pools. */
#include "base/pool.h"

#include "unit/dying.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

enum { SIZE_COUNT = 6, HELD_COUNT = 500 };
static const size_t sizes[SIZE_COUNT] = {1, 8, 15, 24, 200, 70000};

static bool is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

TND_TEST(pool_objects_are_apart, "ARCHITECTURE §6",
         "objects of a pool are aligned, cleared and do not overlap, whatever their size")
{
    char *held[HELD_COUNT];

    for (int s = 0; s < SIZE_COUNT; s++) {
        struct failing_mem m = failing_mem(0);
        struct tnd_pool p;

        tnd_pool_init(&p, "held_max", sizes[s], HELD_COUNT, failing_mem_use(&m));
        for (int i = 0; i < HELD_COUNT; i++) {
            held[i] = tnd_pool_take(&p);
            CHECK(held[i] && is_zero(held[i], sizes[s]));
            CHECK_EQ((uintptr_t)held[i] % 16, 0);
            memset(held[i], i, sizes[s]);
        }
        for (int i = 0; i < HELD_COUNT; i++) {
            CHECK_EQ((unsigned char)held[i][sizes[s] - 1], i & 255);
            tnd_pool_give(&p, held[i]);
        }
        CHECK_EQ(p.count, 0);
        tnd_pool_fini(&p);
        CHECK_EQ(m.live_count, 0);
    }
}

TND_TEST(pool_clears_the_front, "ARCHITECTURE §6",
         "of objects whose end is not worth it, the front is cleared, also when they come again")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_pool p;

    tnd_pool_init(&p, "held_max", 200, 1, failing_mem_use(&m));
    p.clear_size = 100;
    for (int round = 0; round < 2; round++) {
        char *object = tnd_pool_take(&p);

        CHECK(object && is_zero(object, 100));
        memset(object, 7, 200);
        tnd_pool_give(&p, object);
    }
    tnd_pool_fini(&p);
}

TND_TEST(pool_has_a_bound, "ARCHITECTURE §5",
         "a pool gives count_max objects and then NULL, until one is given back")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_pool p;

    tnd_pool_init(&p, "calls_max", 24, 3, failing_mem_use(&m));
    void *first = tnd_pool_take(&p);
    CHECK(first && tnd_pool_take(&p));
    CHECK(!tnd_pool_full(&p));
    CHECK(tnd_pool_take(&p));
    CHECK(tnd_pool_full(&p));
    CHECK(!tnd_pool_take(&p));
    CHECK(m.live_size < 200); /* no room for objects that may not be */
    tnd_pool_give(&p, first);
    CHECK_EQ(p.count, 2);
    CHECK(tnd_pool_take(&p) == first);
    CHECK(is_zero(first, 24));
    CHECK(!tnd_pool_take(&p));
    tnd_pool_fini(&p);
    CHECK_EQ(m.live_count, 0);
}

TND_TEST(pool_of_none, "ARCHITECTURE §5",
         "a pool with a bound of 0 gives nothing and takes no memory")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_pool p;

    tnd_pool_init(&p, "calls_max", 24, 0, failing_mem_use(&m));
    CHECK(!tnd_pool_take(&p));
    tnd_pool_give(&p, NULL);
    CHECK_EQ(m.take_count, 0);
    tnd_pool_fini(&p);
    tnd_pool_fini(&p);
}

TND_TEST(pool_reuses, "ARCHITECTURE §6", "after the first rush a pool asks for no memory")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_pool p;
    void *held[100];

    tnd_pool_init(&p, "calls_max", 100, 1000, failing_mem_use(&m));
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 100; i++)
            CHECK((held[i] = tnd_pool_take(&p)));
        for (int i = 0; i < 100; i++)
            tnd_pool_give(&p, held[i]);
    }
    CHECK(m.take_count <= 3);
    tnd_pool_fini(&p);
}

TND_TEST(pool_without_memory, "ARCHITECTURE §5",
         "whichever slab cannot be had, the pool says NULL, stays as it was and leaks nothing")
{
    for (size_t nth = 1; nth <= 4; nth++) {
        struct failing_mem m = failing_mem(nth);
        struct tnd_pool p;
        size_t count = 0;

        tnd_pool_init(&p, "calls_max", 1000, 1000, failing_mem_use(&m));
        while (tnd_pool_take(&p))
            count++;
        CHECK_EQ(p.count, count);
        CHECK_EQ(m.live_count, nth - 1);
        m.fail_at = 0;
        CHECK(tnd_pool_take(&p));
        tnd_pool_fini(&p);
        CHECK_EQ(m.live_count, 0);
    }
}

/* What a caller can do wrong; each in a child. */
struct wrong {
    struct tnd_pool pool, other;
    char *object;
};

static struct wrong wrong_setup(struct failing_mem *m)
{
    struct wrong w;

    *m = failing_mem(0);
    tnd_pool_init(&w.pool, "calls_max", 24, 10, failing_mem_use(m));
    tnd_pool_init(&w.other, "calls_max", 24, 10, failing_mem_use(m));
    return w;
}

static void give_twice(void *ctx)
{
    struct wrong *w = ctx;
    void *object = tnd_pool_take(&w->pool);

    tnd_pool_give(&w->pool, object);
    tnd_pool_give(&w->pool, object);
}

static void give_to_another(void *ctx)
{
    struct wrong *w = ctx;

    tnd_pool_give(&w->other, tnd_pool_take(&w->pool));
}

static void write_behind_the_end(void *ctx)
{
    struct wrong *w = ctx;
    char *object = tnd_pool_take(&w->pool);

    object[24] = 1;
    tnd_pool_give(&w->pool, object);
}

static void write_after_give(void *ctx)
{
    struct wrong *w = ctx;
    char *object = tnd_pool_take(&w->pool);

    tnd_pool_give(&w->pool, object);
    object[23] = 1;
    tnd_pool_take(&w->pool);
}

TND_TEST(pool_catches_misuse, "ARCHITECTURE §5",
         "a second give, a give to the wrong pool and a write outside an object's life or end "
         "are assertions")
{
    void (*const misuse[])(void *) = {give_twice, give_to_another, write_behind_the_end,
                                      write_after_give};

    for (size_t i = 0; i < sizeof(misuse) / sizeof(misuse[0]); i++) {
        struct failing_mem m;
        struct wrong w = wrong_setup(&m);

        check_dies(misuse[i], &w);
        tnd_pool_fini(&w.pool);
        tnd_pool_fini(&w.other);
    }
}
