/* Reason. */
#include "unit/sip/probe.h"

TND_TEST(reason_is_read, "RFC 3326 §2", "a reason has a protocol, a cause and a text")
{
    struct tnd_values v =
        probe(TND_STR("SIP ;cause=200 ;text=\"Call completed elsewhere\", Q.850;cause=16"));
    struct tnd_reason r;

    CHECK(tnd_reason_next(&v, &r));
    CHECK_STR(r.protocol, "SIP");
    CHECK_EQ(r.cause, 200);
    CHECK_STR(r.text, "\"Call completed elsewhere\"");
    CHECK(tnd_reason_next(&v, &r));
    CHECK_STR(r.protocol, "Q.850");
    CHECK_EQ(r.cause, 16);
    CHECK(!r.text.ptr);
    CHECK(!tnd_reason_next(&v, &r));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    CHECK_GOOD(reason, struct tnd_reason, "SIP ;cause=600 ;text=\"Busy, \\\"really\\\"\"", 1);
    CHECK_GOOD(reason, struct tnd_reason, "preemption ;cause=1 ;x ;location=LN", 1);
}

TND_TEST(reason_flaws, "RFC 3326 §2", "a cause is a number, a text is quoted, each stands once")
{
    CHECK_FLAW(reason, struct tnd_reason, "SIP;cause=x", PARAM_VALUE, "cause");
    CHECK_FLAW(reason, struct tnd_reason, "SIP;cause", PARAM_VALUE, "cause");
    CHECK_FLAW(reason, struct tnd_reason, "SIP;cause=99999999999", PARAM_VALUE, "cause");
    CHECK_FLAW(reason, struct tnd_reason, "SIP;cause=1;cause=2", PARAM_VALUE, "cause=2");
    CHECK_FLAW(reason, struct tnd_reason, "SIP;text=Terminated", PARAM_VALUE, "text");
    CHECK_FLAW(reason, struct tnd_reason, "SIP;text=\"open", QUOTED_STRING, "\"");
    CHECK_FLAW(reason, struct tnd_reason, "", VALUE_EMPTY, "");
    CHECK_FLAW(reason, struct tnd_reason, ";cause=1", TOKEN, ";");
}

TND_TEST(reason_is_written, "RFC 3326 §2", "a reason is written from its members")
{
    struct tnd_reason r = {.protocol = TND_STR("SIP"), .cause = 487, .text = TND_STR("\"x\"")};

    CHECK_WRITES(reason, &r, "SIP;cause=487;text=\"x\"");
    r = (struct tnd_reason){.protocol = TND_STR("SIP"), .cause = -1};
    CHECK_WRITES(reason, &r, "SIP");
    CHECK_STABLE(reason, reason, struct tnd_reason, "Q.850 ; cause = 16 ; text = \"a\\\"b\"");
}
