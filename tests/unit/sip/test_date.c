/* Date. */
#include "unit/sip/probe.h"

static tnd_time date_of(const char *text)
{
    tnd_time t = -1;

    READ(date, text, &t);
    return t;
}

TND_TEST(date_is_seconds_since_1970, "RFC 3261 §20.17", "a date is read as the time since 1970")
{
    CHECK_EQ(date_of("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    CHECK_EQ(date_of("Thu, 01 Jan 1970 00:00:01 GMT"), TND_SEC(1));
    CHECK_EQ(date_of("Sat, 13 Nov 2010 23:29:00 GMT"), TND_SEC(1289690940));
    CHECK_EQ(date_of("Sat, 13 Nov 2010 23:29:00 gmt"), TND_SEC(1289690940));
    CHECK_EQ(date_of("Tue, 29 Feb 2000 12:00:00 GMT"), TND_SEC(951825600));
    CHECK_EQ(date_of("Fri, 31 Dec 9999 23:59:59 GMT"), TND_SEC(253402300799));
}

TND_TEST(date_of_every_day, "RFC 3261 §20.17",
         "each day of five centuries is written and read as itself")
{
    for (tnd_time day = 0; day < 500 * 366; day++) {
        tnd_time date = TND_SEC(day * 86400 + day * 7919 % 86400), again = -1;
        char room[64];
        struct tnd_writer w = tnd_writer(room, sizeof(room));
        struct tnd_marks marks;

        tnd_date_write(&w, date);
        struct tnd_values v = tnd_values(tnd_writer_slice(&w), &marks);
        CHECK(tnd_date_next(&v, &again));
        CHECK_EQ(again, date);
    }
}

TND_TEST(date_is_written, "RFC 3261 §20.17",
         "a date is written with its day, in GMT, whole seconds")
{
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_date_write(&w, TND_SEC(1289690940) + 999999);
    CHECK_STR(tnd_writer_slice(&w), "Sat, 13 Nov 2010 23:29:00 GMT");
    w = tnd_writer(room, sizeof(room));
    tnd_date_write(&w, -1);
    CHECK_STR(tnd_writer_slice(&w), "Thu, 01 Jan 1970 00:00:00 GMT");
    w = tnd_writer(room, sizeof(room));
    tnd_date_write(&w, TND_NEVER_DUE);
    CHECK_STR(tnd_writer_slice(&w), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TND_TEST(date_flaws, "RFC 3261 §20.17",
         "another zone, another form or a day that is not is refused")
{
    PROVES(DATE);
    CHECK_GOOD(date, tnd_time, "Mon, 29 Feb 2016 00:00:00 GMT", 1);
    CHECK_FLAW(date, tnd_time, "Fri, 01 Jan 2010 16:00:00 EST", DATE, "EST");
    CHECK_FLAW(date, tnd_time, "Mon, 29 Feb 2100 00:00:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 31 Apr 2010 00:00:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 00 Apr 2010 00:00:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 01 Apr 1969 00:00:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 01 Apr 2010 24:00:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 01 Apr 2010 23:60:00 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 01 Apr 2010 23:00:60 GMT", DATE, "Mon");
    CHECK_FLAW(date, tnd_time, "Mon, 1 Apr 2010 00:00:00 GMT", DATE, " Apr");
    CHECK_FLAW(date, tnd_time, "Mon, 01 Foo 2010 00:00:00 GMT", DATE, "Foo");
    CHECK_FLAW(date, tnd_time, "Foo, 01 Jan 2010 00:00:00 GMT", DATE, "Foo");
    CHECK_FLAW(date, tnd_time, "Sunday, 06-Nov-94 08:49:37 GMT", DATE, "day");
    CHECK_FLAW(date, tnd_time, "Sun Nov  6 08:49:37 1994", DATE, " Nov");
    CHECK_FLAW(date, tnd_time, "Sun, 06 Nov 1994 08:49:37", DATE, "");
    CHECK_FLAW(date, tnd_time, "Sun, 06 Nov 1994 08:49:37 GMT+1", DATE, "GMT");
    CHECK_FLAW(date, tnd_time, "Sun, 06 Nov 1994 08:49:37 GMT x", VALUE_END, "x");
    CHECK_FLAW(date, tnd_time, "Su", DATE, "Su");
    CHECK_FLAW(date, tnd_time, "", VALUE_EMPTY, "");
}
