/* Rings between threads. */
#include "net/ring.h"

#include <pthread.h>

#include "base/random.h"
#include "unit/test.h"

static bool put(struct tnd_ring *r, const char *text)
{
    size_t len = strlen(text);
    char *room = tnd_ring_take(r, len);

    if (!room)
        return false;
    memcpy(room, text, len);
    tnd_ring_put(r);
    return true;
}

TND_TEST(ring_in_order, "net/ring.h", "records come out in the order in which they went in")
{
    struct tnd_ring r;

    CHECK_EQ(tnd_ring_init(&r, 256), 0);
    CHECK(tnd_ring_is_empty(&r) && !tnd_ring_next(&r).ptr);
    CHECK(put(&r, "one") && put(&r, "") && put(&r, "three"));
    CHECK(!tnd_ring_is_empty(&r));
    CHECK_STR(tnd_ring_next(&r), "one");
    CHECK_STR(tnd_ring_next(&r), "one"); /* until it is dropped */
    tnd_ring_drop(&r);
    CHECK(tnd_ring_next(&r).ptr && tnd_ring_next(&r).len == 0);
    tnd_ring_drop(&r);
    CHECK_STR(tnd_ring_next(&r), "three");
    tnd_ring_drop(&r);
    CHECK(tnd_ring_is_empty(&r) && !tnd_ring_next(&r).ptr);
    tnd_ring_fini(&r);
}

TND_TEST(ring_taken_not_put, "net/ring.h", "a record that was not put is not seen")
{
    struct tnd_ring r;

    CHECK_EQ(tnd_ring_init(&r, 256), 0);
    CHECK(tnd_ring_take(&r, 100));
    CHECK(tnd_ring_is_empty(&r) && !tnd_ring_next(&r).ptr);
    CHECK(put(&r, "other"));
    CHECK_STR(tnd_ring_next(&r), "other");
    tnd_ring_fini(&r);
}

TND_TEST(ring_full, "net/ring.h",
         "a full ring says so, and takes records again when one was dropped")
{
    struct tnd_ring r;
    unsigned count = 0;

    CHECK_EQ(tnd_ring_init(&r, 256), 0);
    CHECK(!tnd_ring_take(&r, 256) && !tnd_ring_take(&r, SIZE_MAX));
    while (put(&r, "0123456789abcdef"))
        count++;
    CHECK_EQ(count, 256 / (16 + TND_RING_ALIGN));
    CHECK(tnd_ring_next(&r).ptr);
    tnd_ring_drop(&r);
    CHECK(put(&r, "0123456789abcdef"));
    CHECK(!put(&r, "0123456789abcdef"));
    tnd_ring_fini(&r);
}

TND_TEST(ring_fill, "net/ring.h", "how full a ring is counts what was put and not dropped yet")
{
    struct tnd_ring r;

    CHECK_EQ(tnd_ring_init(&r, 256), 0);
    CHECK_EQ(tnd_ring_fill(&r), 0);
    CHECK(put(&r, "one"));
    size_t one = tnd_ring_fill(&r);
    CHECK(one > 3);
    for (int i = 0; i < 100; i++) { /* round and round, past its end */
        CHECK(put(&r, "two"));
        CHECK_EQ(tnd_ring_fill(&r), 2 * one);
        CHECK(tnd_ring_next(&r).ptr);
        CHECK_EQ(tnd_ring_fill(&r), 2 * one);
        tnd_ring_drop(&r);
        CHECK_EQ(tnd_ring_fill(&r), one);
    }
    tnd_ring_fini(&r);
}

TND_TEST(ring_half_fits, "net/ring.h", "a record of half its size fits wherever the ring stands")
{
    for (unsigned start = 0; start < 16; start++) {
        struct tnd_ring r;

        CHECK_EQ(tnd_ring_init(&r, 256), 0);
        for (unsigned i = 0; i < start; i++) {
            CHECK(put(&r, "") && tnd_ring_next(&r).ptr);
            tnd_ring_drop(&r);
        }
        char *room = tnd_ring_take(&r, 128 - TND_RING_ALIGN);
        CHECK(room && (uintptr_t)room % TND_RING_ALIGN == 0);
        memset(room, 'x', 128 - TND_RING_ALIGN);
        tnd_ring_put(&r);
        struct tnd_slice got = tnd_ring_next(&r);
        CHECK(got.ptr == room && got.len == 128 - TND_RING_ALIGN);
        tnd_ring_fini(&r);
    }
}

enum { RECORD_COUNT = 100000 };

/* Record n is n, then bytes that say n too, as many as a sequence of both sides says. */
static void *produce(void *ctx)
{
    struct tnd_random random;
    struct tnd_ring *r = ctx;

    tnd_random_init(&random, 7);
    for (uint32_t n = 0; n < RECORD_COUNT; n++) {
        size_t len = 4 + tnd_random_below(&random, 200);
        char *room;

        while (!(room = tnd_ring_take(r, len)))
            sched_yield();
        memset(room, (char)n, len);
        memcpy(room, &n, 4);
        tnd_ring_put(r);
    }
    return NULL;
}

static bool is_record(struct tnd_slice got, uint32_t n, size_t len)
{
    uint32_t is;

    if (got.len != len)
        return false;
    memcpy(&is, got.ptr, 4);
    for (size_t i = 4; i < len; i++)
        if (got.ptr[i] != (char)n)
            return false;
    return is == n;
}

TND_TEST(ring_two_threads, "net/ring.h", "nothing is lost, torn or seen early between two threads")
{
    struct tnd_random random;
    struct tnd_ring r;
    pthread_t thread;
    uint32_t right = 0;

    tnd_random_init(&random, 7);
    CHECK_EQ(tnd_ring_init(&r, 1024), 0);
    CHECK_EQ(pthread_create(&thread, NULL, produce, &r), 0);
    for (uint32_t n = 0; n < RECORD_COUNT; n++) {
        struct tnd_slice got;

        while (!(got = tnd_ring_next(&r)).ptr)
            sched_yield();
        right += is_record(got, n, 4 + tnd_random_below(&random, 200));
        tnd_ring_drop(&r);
    }
    pthread_join(thread, NULL);
    CHECK_EQ(right, RECORD_COUNT);
    tnd_ring_fini(&r);
}
