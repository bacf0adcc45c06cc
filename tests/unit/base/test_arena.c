/* Arenas. */
#include "unit/failing_mem.h"
#include "unit/test.h"

TND_TEST(arena_overflow_is_sticky, "ARCHITECTURE §5",
         "after one piece did not fit, none is given until the arena is reset")
{
    _Alignas(TND_ARENA_ALIGN) char room[64];
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK(tnd_arena_take(&a, 48));
    CHECK(!tnd_arena_take(&a, 17));
    CHECK(tnd_arena_over(&a));
    CHECK(!tnd_arena_take(&a, 1));
    tnd_arena_reset(&a);
    CHECK(tnd_arena_take(&a, 64));
    CHECK(!tnd_arena_over(&a));
}

TND_TEST(arena_aligns, "ARCHITECTURE §6",
         "pieces are aligned and inside the first block, wherever that begins and ends")
{
    _Alignas(TND_ARENA_ALIGN) char room[96];

    for (size_t skew = 0; skew < 32; skew++)
        for (size_t size = 0; size <= 64; size++) {
            struct tnd_arena a;
            char *piece, *before = room + skew - 1;

            tnd_arena_init(&a, room + skew, size, NULL, 0);
            while ((piece = tnd_arena_take(&a, 5))) {
                CHECK_EQ((uintptr_t)piece % TND_ARENA_ALIGN, 0);
                CHECK(piece > before && piece + 5 <= room + skew + size);
                before = piece + 4;
            }
            CHECK(tnd_arena_over(&a));
        }
}

TND_TEST(arena_grows, "ARCHITECTURE §6",
         "pieces beyond the first block come from mem, in few blocks, and all go back")
{
    char first[100];
    struct failing_mem m = failing_mem(0);
    struct tnd_arena a;
    char *pieces[1000];

    tnd_arena_init(&a, first, sizeof(first), failing_mem_use(&m), 1 << 20);
    for (int i = 0; i < 1000; i++) {
        pieces[i] = tnd_arena_take(&a, 100);
        CHECK(pieces[i] && (uintptr_t)pieces[i] % TND_ARENA_ALIGN == 0);
        memset(pieces[i], i, 100);
    }
    for (int i = 0; i < 1000; i++)
        CHECK_EQ((unsigned char)pieces[i][99], i & 255);
    CHECK_EQ(m.live_count, 5); /* 4, 8, 16, 32 and 64 KiB */
    tnd_arena_reset(&a);
    CHECK_EQ(m.live_count, 0);
    CHECK(tnd_arena_take(&a, 10000));
    tnd_arena_fini(&a);
    CHECK_EQ(m.live_count, 0);
    tnd_arena_fini(&a);
}

TND_TEST(arena_size_max, "ARCHITECTURE §5",
         "an arena takes no byte more than size_max from mem, and that again after a reset")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_arena a;

    tnd_arena_init(&a, NULL, 0, failing_mem_use(&m), 10000);
    for (int round = 0; round < 3; round++) {
        size_t count = 0;

        while (tnd_arena_take(&a, 64)) {
            CHECK(m.live_size <= 10000);
            count++;
        }
        CHECK(count >= 100);
        CHECK(tnd_arena_over(&a));
        tnd_arena_reset(&a);
    }
    CHECK(!tnd_arena_take(&a, 10001));
    tnd_arena_reset(&a);
    CHECK(tnd_arena_take(&a, 9000));
    tnd_arena_fini(&a);
    CHECK_EQ(m.live_count, 0);
}

TND_TEST(arena_without_memory, "ARCHITECTURE §5",
         "whichever block cannot be had, the arena is over, leaks nothing and works after a reset")
{
    for (size_t nth = 1; nth <= 6; nth++) {
        struct failing_mem m = failing_mem(nth);
        struct tnd_arena a;

        tnd_arena_init(&a, NULL, 0, failing_mem_use(&m), SIZE_MAX);
        while (tnd_arena_take(&a, 500))
            ;
        CHECK_EQ(m.live_count, nth - 1);
        m.fail_at = 0;
        CHECK(!tnd_arena_take(&a, 1));
        tnd_arena_reset(&a);
        CHECK(tnd_arena_take(&a, 500));
        tnd_arena_fini(&a);
        CHECK_EQ(m.live_count, 0);
    }
}

TND_TEST(arena_huge_pieces, "ARCHITECTURE §5", "sizes that cannot be are over, not a small piece")
{
    const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX / 2, SIZE_MAX / 4 + 1};
    char first[64];
    struct failing_mem m = failing_mem(0);
    struct tnd_arena a;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        tnd_arena_init(&a, first, sizeof(first), failing_mem_use(&m), SIZE_MAX);
        CHECK(!tnd_arena_take(&a, sizes[i]));
        CHECK(tnd_arena_over(&a));
        tnd_arena_reset(&a);
        CHECK(!tnd_arena_zero(&a, sizes[i], 8));
        CHECK(tnd_arena_over(&a));
    }
    CHECK_EQ(m.take_count, 0);
}

TND_TEST(arena_zero_clears, "ARCHITECTURE §6",
         "cleared pieces are of zero bytes, and to ask for none of them is no overflow")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_arena a;

    tnd_arena_init(&a, NULL, 0, failing_mem_use(&m), SIZE_MAX);
    char *none = tnd_arena_zero(&a, 0, 8);
    char *some = tnd_arena_zero(&a, 25, 8);
    CHECK(none && some && none != some);
    for (int i = 0; i < 200; i++)
        CHECK_EQ(some[i], 0);
    tnd_arena_fini(&a);
}

TND_TEST(slice_keep, "ARCHITECTURE §6",
         "a kept slice is a copy; absent stays absent and empty stays empty")
{
    _Alignas(TND_ARENA_ALIGN) char room[32];
    char text[] = "sip:bob";
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    struct tnd_slice kept = tnd_slice_keep(&a, tnd_slice_str(text));
    text[0] = 'x';
    CHECK_STR(kept, "sip:bob");
    CHECK(!tnd_slice_keep(&a, tnd_slice(NULL, 0)).ptr);
    CHECK(tnd_slice_keep(&a, tnd_slice(text, 0)).ptr);
    CHECK(!tnd_arena_over(&a));
    CHECK(!tnd_slice_keep(&a, TND_STR("longer than what is left")).ptr);
    CHECK(tnd_arena_over(&a));
}

TND_TEST(slice_keep_str, "ARCHITECTURE §6",
         "a slice kept as a C string is terminated; one with a NUL byte inside is refused")
{
    _Alignas(TND_ARENA_ALIGN) char room[32];
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK(!tnd_slice_keep_str(&a, TND_STR("a\0b")));
    CHECK(!tnd_arena_over(&a));
    char *kept = tnd_slice_keep_str(&a, tnd_slice("bobby", 3));
    CHECK(kept && strcmp(kept, "bob") == 0);
    char *empty = tnd_slice_keep_str(&a, tnd_slice(NULL, 0));
    CHECK(empty && *empty == '\0');
    CHECK(!tnd_slice_keep_str(&a, TND_STR("b")));
    CHECK(tnd_arena_over(&a));
}
