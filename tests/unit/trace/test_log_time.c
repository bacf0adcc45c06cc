/* Times as logs write them. */
#include "trace/log_time.h"

#include "unit/test.h"

TND_TEST(log_time_forms, "RFC 3339 §5.6",
         "times are read in the forms that logs have, others are not")
{
    static const struct {
        const char *text;
        int64_t day, of_day;
    } rows[] = {
        {"2026-11-26 10:00:00", 20783, TND_SEC(36000)},
        {"2026/11/26 10:00:00.123456 x", 20783, TND_SEC(36000) + 123456},
        {"2026-11-26T10:00:00.5Z", 20783, TND_SEC(36000) + 500000},
        {"2026-11-26T10:00:00,123+01:00", 20783, TND_SEC(32400) + 123000},
        {"2026-11-26T10:00:00-0130", 20783, TND_SEC(36000 + 5400)},
        {"Nov 26 10:00:00 host", 329, TND_SEC(36000)},
        {"Nov  6 10:00:00] x", 309, TND_SEC(36000)},
        {"Nov 26 10:00:00 2026", 20783, TND_SEC(36000)},
        {"Jan 1 00:00:00", 0, 0},
        {"2000-02-29 00:00:00", 11016, 0},
        {"2000-03-01 00:00:00", 11017, 0},
        {"10:11:29.008   pjsua", INT64_MIN, TND_SEC(36689) + 8000},
        {"9:00:01", INT64_MIN, TND_SEC(32401)},
        {"1795687200.1234567", 20783, TND_SEC(36000) + 123456},
    };
    static const char *const none[] = {"",
                                       "x",
                                       "2026",
                                       "2026-11-26",
                                       "2026-11-26 10:00",
                                       "2026-13-26 10:00:00",
                                       "2026-11/26 10:00:00",
                                       "24:00:00",
                                       "10:60:00",
                                       "Nov 26",
                                       "Foo 26 10:00:00",
                                       "1795687200",
                                       "1795687200.",
                                       "179568720.1",
                                       "Nov 32 10:00:00"};
    struct tnd_log_time t = {0};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(tnd_log_time_read(tnd_slice_str(rows[i].text), &t));
        CHECK_EQ(t.day, rows[i].day);
        CHECK_EQ(t.of_day, rows[i].of_day);
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        CHECK(!tnd_log_time_read(tnd_slice_str(none[i]), &t));
}

TND_TEST(log_time_find, "RFC 5424 §6.2.3",
         "the first time of a line counts, but one with a day before one without")
{
    struct tnd_log_time t = {0};

    CHECK(tnd_log_time_find(TND_STR("[10:00:00] on 2026-11-26 10:00:01 it was"), &t));
    CHECK_EQ(t.day, 20783);
    CHECK(tnd_log_time_find(TND_STR("recv 5 bytes from udp/[192.0.2.1]:5060 at 10:00:01.5:"), &t));
    CHECK_EQ(t.of_day, TND_SEC(36001) + 500000);
    CHECK(!tnd_log_time_find(TND_STR("recv 5 bytes from udp/[2001:db8::10:11:12]:5060"), &t));
}
