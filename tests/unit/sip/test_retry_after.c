/* Retry-After. */
#include "unit/sip/probe.h"

TND_TEST(retry_after_is_read, "RFC 3261 §20.33", "the examples of the RFC are read")
{
    struct tnd_retry_after r;

    READ(retry_after, "18000;duration=3600", &r);
    CHECK_EQ(r.seconds, 18000);
    CHECK_EQ(r.duration, 3600);
    CHECK(!r.comment.ptr);
    READ(retry_after, "120 (I'm in a meeting)", &r);
    CHECK_EQ(r.seconds, 120);
    CHECK_EQ(r.duration, -1);
    CHECK_STR(r.comment, "(I'm in a meeting)");
    CHECK_GOOD(retry_after, struct tnd_retry_after, "0(a (b) \\) \\( c) ; duration = 1;x", 1);
}

TND_TEST(retry_after_flaws, "RFC 3261 §20.33",
         "what is no number of seconds, or an open comment, is refused")
{
    CHECK_FLAW(retry_after, struct tnd_retry_after, "949302838503028349304", DELTA_SECONDS, "9");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "4294967296", DELTA_SECONDS, "4");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "-1", DELTA_SECONDS, "-");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1 (a", COMMENT, "(");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1 (a\\)", COMMENT, "(");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1 (a) b", VALUE_END, "b");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1;duration=x", PARAM_VALUE, "duration");
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1;duration=1;duration=2", PARAM_VALUE,
               "duration=2");
}

TND_TEST(comments_nest_within_a_limit, "TND_NESTING_MAX", "comments nest eight deep and no deeper")
{
    CHECK_GOOD(retry_after, struct tnd_retry_after, "1((((((((a))))))))", 1);
    CHECK_FLAW(retry_after, struct tnd_retry_after, "1((((((((b(a))))))))", NESTING, "(a");
}

TND_TEST(retry_after_is_written_as_read, "RFC 3261 §20.33", "what is read and written is stable")
{
    CHECK_STABLE(retry_after, retry_after, struct tnd_retry_after,
                 "5( in (a) minute );duration=60");
}
