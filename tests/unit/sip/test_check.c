/* Checking: what every message has, and what one field says of another. */
#include "unit/sip/sip_test.h"

TND_TEST(check_presence, "RFC 3261 §8.1.1",
         "each field that every message has is missed where it is not")
{
    static const struct {
        const char *fields, *flaws;
    } without[] = {
        {SIP_FROM SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS, "VIA_MISSING"},
        {SIP_VIA SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS, "FROM_MISSING"},
        {SIP_VIA SIP_FROM SIP_CALL SIP_CSEQ SIP_HOPS, "TO_MISSING"},
        {SIP_VIA SIP_FROM SIP_TO SIP_CSEQ SIP_HOPS, "CALL_ID_MISSING"},
        {SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_HOPS, "CSEQ_MISSING"},
        {SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ, "MAX_FORWARDS_MISSING"},
        {"", "VIA_MISSING FROM_MISSING TO_MISSING CALL_ID_MISSING CSEQ_MISSING "
             "MAX_FORWARDS_MISSING"},
    };

    for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++) {
        const struct tnd_msg *msg = sip_read(sip_repeat(SIP_LINE, without[i].fields, 1, "\r\n"));
        CHECK_FLAWS(msg, without[i].flaws);
        /* where it would stand: at the empty line */
        CHECK_EQ(msg->flaws[0].where.ptr - msg->head.ptr, msg->head.len - 2);
        CHECK_EQ(tnd_msg_valid(msg), i == 5); /* the last is advice */
    }
    CHECK_FLAWS(sip_read_str("SIP/2.0 200 OK\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "\r\n"),
                "");
    PROVES(VIA_MISSING);
    PROVES(FROM_MISSING);
    PROVES(TO_MISSING);
    PROVES(CALL_ID_MISSING);
    PROVES(CSEQ_MISSING);
    PROVES(MAX_FORWARDS_MISSING);
}

TND_TEST(check_once, "RFC 3261 §7.3.1",
         "a field whose value is no list stands once, whatever it is called")
{
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "t: <sip:c@d>\r\n\r\n", HEADER_ONCE, "t: <sip:c@d>");
    CHECK_FLAWS(sip_request_with("Subject: x\r\ns: y\r\nS: z\r\n"), "HEADER_ONCE HEADER_ONCE");
    CHECK_FLAWS(sip_request_with("Require: a\r\nRequire: b\r\nContact: <sip:a>\r\nm: <sip:b>\r\n"),
                "");
    CHECK_FLAWS(sip_request_with("Z: x\r\nZ: y\r\n"), "");
}

TND_TEST(bug_a_second_identity_was_refused, "RFC 8224 §6.1",
         "a request that was diverted has an Identity of each who vouches for it")
{
    CHECK_FLAWS(sip_request_with("Identity: a.b.c;info=<https://x.example/1>;ppt=shaken\r\n"
                                 "y: d.e.f;info=<https://x.example/2>;ppt=\"div\"\r\n"),
                "");
}

TND_TEST(check_branch, "RFC 3261 §8.1.1.7",
         "only the top branch is looked at; without cookie it is of RFC 2543")
{
    static const struct {
        const char *via, *flaws;
    } vias[] = {
        {"SIP/2.0/UDP a;branch=z9hG4bKx", ""},
        {"SIP/2.0/UDP a;branch=Z9HG4BKx", ""},
        {"SIP/2.0/UDP a;branch=z9hG4bK", "BRANCH"},
        {"SIP/2.0/UDP a;branch=z9hg4bk", "BRANCH"},
        {"SIP/2.0/UDP a;branch=1", "BRANCH_COOKIE"},
        {"SIP/2.0/UDP a", "BRANCH_COOKIE"},
        {"SIP/2.0/UDP a;branch=z9hG4bKx, SIP/2.0/UDP b;branch=z9hG4bK", ""},
        {"SIP/2.0/UDP a;branch=z9hG4bKx\r\nVia: SIP/2.0/UDP b", ""},
    };

    for (size_t i = 0; i < sizeof(vias) / sizeof(*vias); i++) {
        char fields[512];
        snprintf(fields, sizeof(fields),
                 SIP_LINE "Via: %s\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS "\r\n",
                 vias[i].via);
        const struct tnd_msg *msg = sip_read_str(fields);
        CHECK_FLAWS(msg, vias[i].flaws);
        CHECK_EQ(tnd_msg_valid(msg), strcmp(vias[i].flaws, "BRANCH") != 0);
    }
    PROVES(BRANCH);
    PROVES(BRANCH_COOKIE);
}

TND_TEST(check_cseq_method, "RFC 3261 §8.1.1.5",
         "the method in CSeq is that of the request, with case")
{
    CHECK_MSG_FLAW("BYE sip:a SIP/2.0\r\n" SIP_HEAD "\r\n", CSEQ_METHOD, "OPTIONS");
    CHECK_MSG_FLAW("options sip:a SIP/2.0\r\n" SIP_HEAD "\r\n", CSEQ_METHOD, "OPTIONS");
    /* of a response it is that of the request, which is not here */
    CHECK_FLAWS(sip_read_str("SIP/2.0 200 OK\r\n" SIP_HEAD "\r\n"), "");
    /* a CSeq that cannot be read is one flaw, not two */
    CHECK_FLAWS(sip_read_str(SIP_LINE SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_HOPS "CSeq: 1\r\n\r\n"),
                "CSEQ");
}

TND_TEST(check_from_tag, "RFC 3261 §8.1.1.3",
         "a From without a tag is of RFC 2543, which is advice")
{
    const struct tnd_msg *msg = sip_read_str(SIP_LINE SIP_VIA SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS
                                             "From: <sip:a@b;tag=x>\r\n\r\n");

    CHECK_FLAWS(msg, "FROM_TAG_MISSING");
    CHECK(tnd_msg_valid(msg));
    CHECK_EQ(tnd_msg_verdict(msg, TND_AS_UAS).action, TND_PROCESS);
    PROVES(FROM_TAG_MISSING);
}

TND_TEST(check_uri, "RFC 3261 §19.1.1", "the Request-URI is checked, and has no headers part")
{
    CHECK_FLAWS(sip_read_str("OPTIONS sip:a@b?x=y SIP/2.0\r\n" SIP_HEAD "\r\n"),
                "REQUEST_URI_HEADERS");
    CHECK_FLAWS(sip_read_str("OPTIONS sip:a@-b SIP/2.0\r\n" SIP_HEAD "\r\n"), "HOST");
    CHECK_FLAWS(sip_read_str("OPTIONS sip:a@b:70000 SIP/2.0\r\n" SIP_HEAD "\r\n"), "PORT");
    CHECK_FLAWS(sip_read_str("OPTIONS x:y?z SIP/2.0\r\n" SIP_HEAD "\r\n"), "");
    PROVES(REQUEST_URI_HEADERS);
}

TND_TEST(check_body, "RFC 3261 §20.15",
         "a body has a Content-Type; on a stream a Content-Length too")
{
    CHECK_FLAWS(sip_request_with("l: 1\r\n\r\nx"), "CONTENT_TYPE_MISSING");
    CHECK_FLAWS(sip_request_with("c: text/plain\r\nl: 1\r\n\r\nx"), "");
    CHECK_FLAWS(sip_read_stream(TND_STR(SIP_LINE SIP_HEAD "\r\n")), "CONTENT_LENGTH_STREAM");
    CHECK_FLAWS(sip_read_stream(TND_STR(SIP_LINE SIP_HEAD "l: 0\r\n\r\n")), "");
}

TND_TEST(check_keeps_flaws, "RFC 3261 §7",
         "checking adds to what parsing has noted, a flaw of a field each")
{
    CHECK_FLAWS(sip_request_with("Z\r\nDate: x\r\nExpires: y\r\nContact: <sip:\r\n"),
                "HEADER_COLON DATE DELTA_SECONDS HOST");
    const struct tnd_msg *msg = sip_request_with("Subject: x\r\nExpires: 1 \r\n y\r\n");
    const struct tnd_flaw *flaw = sip_flaw(msg, TND_RULE_VALUE_END);
    CHECK(flaw);
    struct tnd_place place = tnd_place(msg->text, flaw->where.ptr);
    CHECK_EQ(place.line, 10);
    CHECK_EQ(place.column, 2);
}

TND_TEST(check_quoted_fold, "RFC 3261 §25.1", "a backslash does not escape a line end")
{
    CHECK_FLAWS(sip_read_str(SIP_LINE SIP_HEAD "m: \"a\\b\r\n c\" <sip:a>\r\n\r\n"), "");
    CHECK_FLAWS(sip_read_str(SIP_LINE SIP_HEAD "m: \"a\\\r\n c\" <sip:a>\r\n\r\n"),
                "QUOTED_STRING");
}
