/* The trace ring, and what a failed assertion says. */
#include "base/trace.h"

#include "base/assert.h"
#include "unit/dying.h"
#include "unit/test.h"

TND_TEST(trace_overwrites_the_oldest, "ARCHITECTURE §6",
         "a ring of 4 holds the last 4 records, the newest first to be read")
{
    struct tnd_trace_record records[4];
    struct tnd_trace t;

    tnd_trace_init(&t, records, 4);
    CHECK_EQ(tnd_trace_count(&t), 0);
    for (uint64_t i = 1; i <= 11; i++) {
        tnd_trace(&t, (tnd_time)i, "test.step", i, 0, TND_STR(""));
        CHECK_EQ(tnd_trace_count(&t), i < 4 ? i : 4);
        for (size_t age = 0; age < tnd_trace_count(&t); age++)
            CHECK_EQ(tnd_trace_at(&t, age)->a, i - age);
    }
}

TND_TEST(trace_cuts_long_texts, "ARCHITECTURE §5",
         "of a long text the beginning is kept, and the record beside it stays whole")
{
    struct tnd_trace_record records[2];
    struct tnd_trace t;

    tnd_trace_init(&t, records, 2);
    tnd_trace(&t, 1, "test.step", 0, 0, TND_STR(""));
    tnd_trace(&t, 2, "test.beside", 0, 0, TND_STR(""));
    tnd_trace(&t, 3, "test.step", 0, 0, TND_STR("01234567890123456789012345678901234567"));
    CHECK_EQ(tnd_trace_at(&t, 0)->text_len, TND_TRACE_TEXT_SIZE);
    CHECK_EQ(tnd_trace_at(&t, 1)->at, 2);
}

TND_TEST(trace_prints_lines, "ARCHITECTURE §6",
         "records are printed oldest first, a line each, nothing a peer wrote as it came")
{
    struct tnd_trace_record records[8];
    struct tnd_trace t;
    char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_trace_init(&t, records, 8);
    tnd_trace(&t, 0, "test.forgotten", 0, 0, TND_STR(""));
    tnd_trace(&t, TND_MS(1500) + 7, "ict.timer_a", 2, UINT64_MAX,
              TND_STR("z9hG4bK\r\n\x1b[1m\xff"));
    tnd_trace(&t, -1, "node.feed", 0, 1, TND_STR(""));
    tnd_trace(&t, INT64_MIN, "x", 0, 0, TND_STR("0123456789012345678901234567890123456789"));
    tnd_trace_print(&w, &t, 3);
    CHECK_STR(tnd_writer_slice(&w),
              "1.500007 ict.timer_a 2 18446744073709551615 \"z9hG4bK...[1m.\"\n"
              "-0.000001 node.feed 0 1\n"
              "-9223372036854.775808 x 0 0 \"0123456789012345678901234567890\"\n");
}

TND_TEST(trace_prints_all_there_is, "ARCHITECTURE §6",
         "asked for more records than there are, the printer prints those")
{
    struct tnd_trace_record records[2];
    struct tnd_trace t;
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_trace_init(&t, records, 2);
    tnd_trace_print(&w, &t, 10);
    CHECK_EQ(w.len, 0);
    tnd_trace(&t, 0, "a.b", 1, 2, TND_STR(""));
    tnd_trace_print(&w, &t, 10);
    CHECK_STR(tnd_writer_slice(&w), "0.000000 a.b 1 2\n");
}

static void fail(void *ctx)
{
    int timers = 1;

    (void)ctx;
    TND_ASSERT(timers == 0);
}

static void fail_with_trace(void *ctx)
{
    tnd_assert_show(ctx);
    fail(NULL);
}

TND_TEST(assert_shows_the_trace, "ARCHITECTURE §5",
         "a failed assertion prints its condition, its place and the last 32 records")
{
    static struct tnd_trace_record records[64];
    struct tnd_trace t;
    char text[8192];

    tnd_trace_init(&t, records, 64);
    for (uint64_t i = 1; i <= 100; i++)
        tnd_trace(&t, TND_MS(20), "ict.send", i, 0, TND_STR("z9hG4bK776"));
    dying_words(fail_with_trace, &t, text, sizeof(text));
    CHECK(strstr(text, "tandem: assertion failed: timers == 0 ("));
    CHECK(strstr(text, "test_trace.c:"));
    CHECK(!strstr(text, "ict.send 68 "));
    char *oldest = strstr(text, ")\ntandem: 0.020000 ict.send 69 0 \"z9hG4bK776\"\n");
    char *newest = strstr(text, "tandem: 0.020000 ict.send 100 0 \"z9hG4bK776\"\n");
    CHECK(oldest && newest && oldest < newest);
}

TND_TEST(assert_without_a_trace, "ARCHITECTURE §5",
         "a thread that shows no trace, or an empty one, has its condition printed all the same")
{
    struct tnd_trace_record records[1];
    struct tnd_trace t;
    char text[4096];

    tnd_trace_init(&t, records, 1);
    dying_words(fail_with_trace, &t, text, sizeof(text));
    CHECK(strstr(text, "timers == 0"));
    dying_words(fail, NULL, text, sizeof(text));
    CHECK(strstr(text, "timers == 0"));
    CHECK_EQ(strlen(strchr(text, '\n')), 1);
}

TND_TEST(assert_shows_what_it_was_told, "ARCHITECTURE §5",
         "showing a trace gives back the one that was shown, to be put back after a step")
{
    struct tnd_trace outer = {0}, inner = {0};

    const struct tnd_trace *before = tnd_assert_show(&outer);
    CHECK(tnd_assert_show(&inner) == &outer);
    CHECK(tnd_assert_show(&outer) == &inner);
    CHECK(tnd_assert_show(before) == &outer);
}
