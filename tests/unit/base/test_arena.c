/* Arenas, slices and the writer. */
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

TND_TEST(writer_counts_past_its_room, "ARCHITECTURE §5",
         "a writer that overflows writes nothing more and says how much room it wanted")
{
    char room[4];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put(&w, TND_STR("abc"));
    tnd_put(&w, TND_STR("de"));
    tnd_put_char(&w, 'f');
    CHECK(tnd_writer_over(&w));
    CHECK_EQ(w.len, 6);
    CHECK(!tnd_writer_slice(&w).ptr);
    CHECK(memcmp(room, "abc", 3) == 0);
}
