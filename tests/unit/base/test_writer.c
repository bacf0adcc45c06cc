/* Writers. */
#include "unit/test.h"

/* One of each put; together "Via: 50704294967296c0ffee". */
static void put_all(struct tnd_writer *w)
{
    tnd_put(w, TND_STR("Via"));
    tnd_put_char(w, ':');
    tnd_put_str(w, " ");
    tnd_put_number(w, 5070);
    tnd_put_number(w, (uint64_t)1 << 32);
    tnd_put_hex(w, "\xc0\xff\xee", 3);
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

TND_TEST(writer_without_room_counts, "ARCHITECTURE §5",
         "a writer without room counts what would be written")
{
    struct tnd_writer w = tnd_writer(NULL, 0);

    CHECK(!tnd_writer_over(&w));
    put_all(&w);
    CHECK(tnd_writer_over(&w));
    CHECK_EQ(w.len, 25);
}

TND_TEST(writer_stays_in_its_room, "ARCHITECTURE §5",
         "whatever the room, nothing is written behind it and no put is cut in two")
{
    static const char whole[] = "Via: 50704294967296c0ffee";
    static const size_t ends[] = {0, 3, 4, 5, 9, 19, 25}; /* of each put */

    for (size_t size = 0; size <= 25; size++) {
        char room[32];
        struct tnd_writer w = tnd_writer(room, size);
        size_t end = 0;

        memset(room, '#', sizeof(room));
        put_all(&w);
        for (int i = 0; i < 7; i++)
            end = ends[i] <= size ? ends[i] : end;
        CHECK_EQ(w.len, 25);
        CHECK_EQ(tnd_writer_over(&w), size < 25);
        CHECK(memcmp(room, whole, end) == 0);
        CHECK_EQ(room[end], '#');
    }
}

TND_TEST(writer_numbers, "ARCHITECTURE §6", "numbers are written in full, zero and the largest too")
{
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_number(&w, 0);
    tnd_put_char(&w, ' ');
    tnd_put_number(&w, UINT64_MAX);
    tnd_put_str(&w, NULL);
    tnd_put(&w, tnd_slice(NULL, 0));
    CHECK_STR(tnd_writer_slice(&w), "0 18446744073709551615");
}

TND_TEST(writer_lower, "RFC 3261 §7.3.1",
         "upper-case letters become lower-case, and nothing else changes")
{
    char text[256 + 8], room[sizeof(text)];

    for (size_t start = 0; start < 8; start++) {
        struct tnd_writer w = tnd_writer(room, sizeof(room));

        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (char)(i + start);
        tnd_put_lower(&w, tnd_slice(text, sizeof(text) - start));
        CHECK_EQ(w.len, sizeof(text) - start);
        for (size_t i = 0; i < w.len; i++) {
            bool is_upper = text[i] >= 'A' && text[i] <= 'Z';
            CHECK_EQ(room[i], is_upper ? text[i] + 'a' - 'A' : text[i]);
        }
    }
    struct tnd_writer small = tnd_writer(room, 4);
    tnd_put_lower(&small, TND_STR("ABCDE"));
    CHECK(tnd_writer_over(&small) && small.len == 5);
    tnd_put_lower(&small, tnd_slice(NULL, 0));
    CHECK_EQ(small.len, 5);
}
