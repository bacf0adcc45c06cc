/* The grammar table. */
#include "sip/grammar.h"

#include "unit/sip/probe.h"

static const char *rule_of(const char *field)
{
    const struct tnd_msg *msg = probe_msg(field);
    struct tnd_flaw flaw = {TND_RULE_NONE, {0}};
    struct tnd_judged judged = {.has_via = false};

    CHECK_EQ(msg->field_count, 1);
    CHECK_EQ(tnd_field_good(msg, &msg->fields[1], &(uint32_t){0}, &judged, &flaw),
             flaw.rule == TND_RULE_NONE);
    return tnd_rule_name(flaw.rule);
}

#define CHECK_RULE(field, rule) CHECK_STR(tnd_slice_str(rule_of(field)), rule)

TND_TEST(fields_are_judged_by_their_kind, "RFC 3261 §25.1", "each kind of field has its grammar")
{
    static const char *const good[] = {
        "Accept: \r\n",
        "Accept-Encoding:\r\n",
        "Accept-Language:\r\n",
        "Allow:\r\n",
        "k:\r\n",
        "Recv-Info:\r\n",
        "Subject:\r\n",
        "Organization:\r\n",
        "s: x, y\r\n",
        "X-Other: ;;,,;\r\n",
        "Require: 100rel, timer\r\n",
        "Contact: *\r\n",
        "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n",
        "User-Agent: a/b (c) d\r\n",
        "Timestamp: 1 2\r\n",
        "Session-Expires: 90\r\n",
        "P-Asserted-Identity: \"A\" <sip:a@b>, <tel:+1>\r\n",
        "In-Reply-To: a@b, c@d\r\n",
        "Refer-To: <sip:a?Replaces=b>\r\n",
        "Max-Breadth: 60\r\n",
        "Min-Expires: 60\r\n",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        CHECK_RULE(good[i], tnd_rule_name(TND_RULE_NONE));
    CHECK_RULE("Authorization: Digest username=\"a\",realm=\"b\",\r\n"
               " nonce=\"c\",uri=\"sip:d\",response=\"\"\r\n",
               tnd_rule_name(TND_RULE_NONE));
}

TND_TEST(fields_that_may_not_be_empty, "RFC 3261 §25.1", "most fields have a value")
{
    PROVES(VALUE_EMPTY);
    CHECK_RULE("Require:\r\n", "VALUE_EMPTY");
    CHECK_RULE("Proxy-Require: \r\n", "VALUE_EMPTY");
    CHECK_RULE("Unsupported:\r\n", "VALUE_EMPTY");
    CHECK_RULE("Content-Encoding:\r\n", "VALUE_EMPTY");
    CHECK_RULE("Via:\r\n", "VALUE_EMPTY");
    CHECK_RULE("c: \r\n \r\n", "VALUE_EMPTY");
}

TND_TEST(fields_that_are_no_list, "RFC 3261 §7.3.1",
         "a comma does not add a value where there is one")
{
    PROVES(VALUE_END);
    CHECK_RULE("Content-Type: a/b, c/d\r\n", "VALUE_END");
    CHECK_RULE("CSeq: 1 INVITE, 2 INVITE\r\n", "VALUE_END");
    CHECK_RULE("Max-Forwards: 70,70\r\n", "VALUE_END");
    CHECK_RULE("From: <sip:a>,\r\n", "VALUE_END");
    CHECK_RULE("Priority: urgent, normal\r\n", "VALUE_END");
    CHECK_RULE("User-Agent: a, b\r\n", "PRODUCT");
}

TND_TEST(every_value_of_a_field_is_judged, "RFC 3261 §7.3.1", "a flaw in a later value is found")
{
    CHECK_RULE("Via: SIP/2.0/UDP a, SIP/2.0/UDP b:x\r\n", "PORT");
    CHECK_RULE("Supported: a, , b\r\n", "TOKEN");
    CHECK_RULE("Route: <sip:a>, sip:b\r\n", "NAME_ADDR");
    CHECK_RULE("RSeq: 0\r\n", "RSEQ");
    PROVES(RSEQ);
}
