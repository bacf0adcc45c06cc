/* Timestamp. */
#include "unit/sip/probe.h"

TND_TEST(timestamp_is_read, "RFC 3261 §20.38",
         "a timestamp is a decimal number, then perhaps a delay")
{
    struct tnd_timestamp t;

    READ(timestamp, "54", &t);
    CHECK_EQ(t.sent, TND_SEC(54));
    CHECK_EQ(t.delay, -1);
    CHECK_STR(t.text, "54");
    READ(timestamp, "0054.0123456789 1.5", &t);
    CHECK_EQ(t.sent, TND_SEC(54) + 12345);
    CHECK_EQ(t.delay, TND_MS(1500));
    CHECK_STR(t.text, "0054.0123456789");
    READ(timestamp, "7. .25", &t);
    CHECK_EQ(t.sent, TND_SEC(7));
    CHECK_EQ(t.delay, TND_MS(250));
    READ(timestamp, "1000000000000.999999", &t);
    CHECK_EQ(t.sent, TND_SEC(1000000000000) + 999999);
}

TND_TEST(timestamp_flaws, "RFC 3261 §20.38", "what is no decimal number is refused")
{
    CHECK_FLAW(timestamp, struct tnd_timestamp, ".5", TIMESTAMP, ".");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "-1", TIMESTAMP, "-");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "1 x", TIMESTAMP, "x");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "1000000000001", TIMESTAMP, "1");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "99999999999999999999999999", TIMESTAMP, "9");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "1e3", VALUE_END, "e");
    CHECK_FLAW(timestamp, struct tnd_timestamp, "1 2 3", VALUE_END, "3");
}

TND_TEST(timestamp_is_copied_with_a_delay, "RFC 3261 §8.2.6.1",
         "the time is written as it came, the delay behind it")
{
    struct tnd_timestamp t;

    READ(timestamp, "0054.10", &t);
    t.delay = TND_MS(1) + 20;
    CHECK_WRITES(timestamp, &t, "0054.10 0.00102");
    t = (struct tnd_timestamp){.sent = TND_SEC(3), .delay = -1};
    CHECK_WRITES(timestamp, &t, "3");
    CHECK_STABLE(timestamp, timestamp, struct tnd_timestamp, "54.5 .5");
}
