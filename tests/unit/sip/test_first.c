/* The first value of what most messages have. */
#include "unit/sip/probe.h"

TND_TEST(first_values, "RFC 3261 §8.1.1", "the fields of every message are read in one call")
{
    const struct tnd_msg *msg =
        probe_msg("v: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b\r\n"
                  "f: <sip:f>;tag=1\r\nt: <sip:t>\r\ni: c@d\r\nCSeq: 7 OPTIONS\r\n");
    struct tnd_via via;
    struct tnd_addr addr;
    struct tnd_cseq cseq;
    struct tnd_slice call_id;
    struct tnd_uri uri;

    CHECK(tnd_msg_via(msg, &via, NULL));
    CHECK_STR(via.host, "a");
    CHECK(tnd_msg_from(msg, &addr, NULL));
    CHECK_STR(addr.tag, "1");
    CHECK(tnd_msg_to(msg, &addr, NULL));
    CHECK(!addr.tag.ptr);
    CHECK(tnd_msg_cseq(msg, &cseq, NULL));
    CHECK_EQ(cseq.number, 7);
    CHECK(tnd_msg_call_id(msg, &call_id, NULL));
    CHECK_STR(call_id, "c@d");
    CHECK(tnd_msg_uri(msg, &uri, NULL));
    CHECK_STR(uri.host, "example.com");
}

TND_TEST(first_values_that_are_not_there, "RFC 3261 §8.1.1", "what is missing or wrong is told")
{
    const struct tnd_msg *msg = probe_msg("From: x\r\nCSeq: 1\r\n");
    struct tnd_flaw flaw = {TND_RULE_NONE, {0}};
    struct tnd_via via;
    struct tnd_addr addr;
    struct tnd_cseq cseq;

    CHECK(!tnd_msg_via(msg, &via, NULL));
    CHECK(!tnd_msg_via(msg, &via, &flaw));
    CHECK(flaw.rule != TND_RULE_NONE);
    CHECK(!tnd_msg_from(msg, &addr, &flaw));
    CHECK_EQ(flaw.rule, TND_RULE_ADDR_ANGLE);
    CHECK(!tnd_msg_cseq(msg, &cseq, &flaw));
    CHECK_EQ(flaw.rule, TND_RULE_CSEQ);
}
