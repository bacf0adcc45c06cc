/* When two URIs are the same. */
#include "unit/sip/probe.h"

static bool same(const char *a, const char *b)
{
    struct tnd_uri x, y;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(a), &x, &flaw), 0);
    CHECK_EQ(tnd_uri_parse(tnd_slice_str(b), &y, &flaw), 0);
    CHECK(tnd_uri_eq(&x, &x) && tnd_uri_eq(&y, &y));
    CHECK_EQ(tnd_uri_eq(&x, &y), tnd_uri_eq(&y, &x));
    return tnd_uri_eq(&x, &y);
}

TND_TEST(uris_that_are_the_same, "RFC 3261 §19.1.4", "the equal examples of the RFC are equal")
{
    CHECK(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
    CHECK(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
    CHECK(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
    CHECK(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
               "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
    CHECK(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
               "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
    CHECK(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
}

TND_TEST(uris_that_differ, "RFC 3261 §19.1.4", "the unequal examples of the RFC are not equal")
{
    CHECK(!same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
    CHECK(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
    CHECK(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
    CHECK(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
    CHECK(!same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
    CHECK(!same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
    CHECK(!same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TND_TEST(uri_details_that_count, "RFC 3261 §19.1.4",
         "scheme, user, password and some parameters count")
{
    CHECK(!same("sip:a@b", "sips:a@b"));
    CHECK(!same("sip:a@b", "sip:b"));
    CHECK(!same("sip:a@b", "sip:a:@b"));
    CHECK(!same("sip:a:x@b", "sip:a:X@b"));
    CHECK(!same("sip:b", "sip:b;maddr=1.2.3.4"));
    CHECK(!same("sip:b", "sip:b;ttl=1"));
    CHECK(!same("sip:b", "sip:b;user=ip"));
    CHECK(!same("sip:b", "sip:b;method=INVITE"));
    CHECK(!same("sip:b", "sip:b;%75ser=phone")); /* the same name, escaped */
    CHECK(!same("sip:a%3bb@c", "sip:a;b@c"));    /* a reserved character is not its escape */
    CHECK(!same("sip:b?a=1&a=1&a=2", "sip:b?a=1&a=2&a=2"));
    CHECK(!same("sip:b;x", "sip:b;x=y"));
    CHECK(!same("sip:%00@b", "sip:%00%00@b"));
    CHECK(same("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::0001]"));
}

TND_TEST(tel_numbers_that_are_the_same, "RFC 3966 §4",
         "separators and case do not count, parameters do")
{
    CHECK(same("tel:+1-201-555-0123", "tel:+1(201)5550123"));
    CHECK(same("tel:7042;phone-context=Example.COM", "TEL:70-42;PHONE-context=example.com"));
    CHECK(same("tel:aB;ext=1;phone-context=x", "tel:Ab;phone-context=x;ext=1"));
    CHECK(same("tel:7042;phone-context=+1-914-555", "tel:7042;phone-context=+1(914)555"));
    CHECK(same("tel:+12;ext=1-2", "tel:+12;ext=12"));
    CHECK(!same("tel:7042;phone-context=+1", "tel:7042;phone-context=+12"));
    CHECK(!same("tel:7042;phone-context=a-b", "tel:7042;phone-context=ab"));
    CHECK(!same("tel:+12;ext", "tel:+12;ext=-"));
    CHECK(!same("tel:+12015550123", "tel:2015550123;phone-context=+1"));
    CHECK(!same("tel:+1", "tel:+1;ext=2"));
    CHECK(!same("tel:+1", "tel:+12"));
    CHECK(!same("tel:+1", "sip:+1@a"));
}

TND_TEST(bug_scheme_of_other_uris_had_case, "RFC 3986 §6.2.2.1",
         "a scheme is the same in any case, what follows it is not")
{
    CHECK(same("MAILTO:ada@engine.example", "mailto:ada@engine.example"));
    CHECK(!same("mailto:Ada@engine.example", "mailto:ada@engine.example"));
    CHECK(!same("mailto:ada", "im:ada"));
    CHECK(!same("im:ada", "xx:ada"));
}

TND_TEST(other_uris_are_compared_as_text, "RFC 3261 §19.1.4",
         "what follows an unknown scheme is equal byte for byte")
{
    CHECK(same("http://a/b", "http://a/b"));
    CHECK(!same("http://a/b", "http://A/b"));
}
