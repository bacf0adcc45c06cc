/* Call-Info, Alert-Info, Error-Info; Privacy. */
#include "unit/sip/probe.h"

TND_TEST(call_info_is_read, "RFC 3261 §20.9", "the examples of the RFC are read")
{
    struct tnd_values v = probe(TND_STR("<http://wwww.example.com/alice/photo.jpg> ;purpose=icon, "
                                        "<http://www.example.com/alice/> ;purpose=info"));
    struct tnd_info info;

    CHECK(tnd_info_next(&v, &info));
    CHECK_EQ(info.uri.scheme, TND_SCHEME_OTHER);
    CHECK_STR(info.uri.text, "http://wwww.example.com/alice/photo.jpg");
    CHECK_STR(info.purpose, "icon");
    CHECK(tnd_info_next(&v, &info));
    CHECK_STR(info.purpose, "info");
    CHECK(!tnd_info_next(&v, &info));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    CHECK_GOOD(info, struct tnd_info, "<urn:alert:service:call-waiting@example>", 1);
    CHECK_GOOD(info, struct tnd_info, "<sip:not-in-service-recording@atlanta.com>;x=y", 1);
}

TND_TEST(call_info_flaws, "RFC 3261 §25.1", "a URI that is not in <> is refused")
{
    CHECK_FLAW(info, struct tnd_info, "http://example.com", INFO_ANGLE, "http");
    CHECK_FLAW(info, struct tnd_info, ";info=alert-autoanswer", INFO_ANGLE, ";");
    CHECK_FLAW(info, struct tnd_info, "\"a\" <http://example.com>", INFO_ANGLE, "\"");
    CHECK_FLAW(info, struct tnd_info, "<http://example.com", INFO_ANGLE, "");
    CHECK_FLAW(info, struct tnd_info, "<http://example.com>;purpose=\"a\"", PARAM_VALUE, "purpose");
    CHECK_FLAW(info, struct tnd_info, "<example.com>", URI_SCHEME, "example");
}

TND_TEST(privacy_is_parted_by_semicolons, "RFC 3323 §4.2", "privacy values stand behind semicolons")
{
    CHECK_GOOD(privacy, struct tnd_slice, "header ; session;critical", 3);
    CHECK_GOOD(privacy, struct tnd_slice, "id, history", 2);
    CHECK_FLAW(privacy, struct tnd_slice, "id;", TOKEN, "");
    CHECK_FLAW(privacy, struct tnd_slice, ";id", TOKEN, ";");
    CHECK_FLAW(privacy, struct tnd_slice, "id user", VALUE_END, "user");
    CHECK_FLAW(privacy, struct tnd_slice, "", VALUE_EMPTY, "");

    struct tnd_values v = probe_fields(TND_HEADER_PRIVACY, "Privacy: id;user\r\nPrivacy: none\r\n");
    struct tnd_slice s;
    CHECK(tnd_privacy_next(&v, &s) && tnd_privacy_next(&v, &s) && tnd_privacy_next(&v, &s));
    CHECK_STR(s, "none");
    CHECK(!tnd_privacy_next(&v, &s));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(info_is_written_as_read, "RFC 3261 §20.9", "what is read and written is stable")
{
    CHECK_STABLE(info, info, struct tnd_info, "<http://a/b?c> ; purpose = card ");
}
