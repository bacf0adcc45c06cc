/* RAck. */
#include "unit/sip/probe.h"

TND_TEST(rack_is_read, "RFC 3262 §7.2", "RAck is the RSeq and the CSeq of a provisional response")
{
    struct tnd_rack r;

    READ(rack, "776656 1 INVITE", &r);
    CHECK_EQ(r.rseq, 776656);
    CHECK_EQ(r.cseq, 1);
    CHECK_EQ(r.method, TND_METHOD_INVITE);
    CHECK_GOOD(rack, struct tnd_rack, "4294967295 \t 2147483647   x", 1);
    CHECK_STABLE(rack, rack, struct tnd_rack, "1\t2  INVITE");
}

TND_TEST(rack_flaws, "RFC 3262 §7.2", "what is not two numbers and a method is refused")
{
    CHECK_FLAW(rack, struct tnd_rack, "0 1 INVITE", RACK, "0");
    CHECK_FLAW(rack, struct tnd_rack, "4294967296 1 INVITE", RACK, "4");
    CHECK_FLAW(rack, struct tnd_rack, "1 2147483648 INVITE", RACK, "2");
    CHECK_FLAW(rack, struct tnd_rack, "1 INVITE", RACK, "INVITE");
    CHECK_FLAW(rack, struct tnd_rack, "1 2", RACK, "");
    CHECK_FLAW(rack, struct tnd_rack, "1 2INVITE", RACK, "INVITE");
    CHECK_FLAW(rack, struct tnd_rack, "1 2 INVITE x", VALUE_END, "x");
    CHECK_FLAW(rack, struct tnd_rack, "", VALUE_EMPTY, "");
}
