/* Accept-Encoding, Accept-Language, Content-Language. */
#include "unit/sip/probe.h"

TND_TEST(accept_language_has_weights, "RFC 3261 §20.3", "the example of the RFC is read")
{
    struct tnd_values v = probe(TND_STR("da, en-gb;q=0.8, en;q=0.7, *"));
    struct tnd_choice c;

    CHECK(tnd_accept_language_next(&v, &c));
    CHECK_STR(c.name, "da");
    CHECK_EQ(c.q, -1);
    CHECK(tnd_accept_language_next(&v, &c));
    CHECK_STR(c.name, "en-gb");
    CHECK_EQ(c.q, 800);
    CHECK(tnd_accept_language_next(&v, &c) && tnd_accept_language_next(&v, &c));
    CHECK_STR(c.name, "*");
    CHECK(!tnd_accept_language_next(&v, &c));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(accept_lists_may_be_empty, "RFC 3261 §25.1",
         "Accept-Encoding and Accept-Language may be empty")
{
    CHECK_GOOD(accept_language, struct tnd_choice, "", 0);
    CHECK_GOOD(accept_encoding, struct tnd_choice, "", 0);
    CHECK_GOOD(accept_encoding, struct tnd_choice, "gzip, identity;q=0.5 , *;q=0", 3);
    CHECK_FLAW(language, struct tnd_slice, "", VALUE_EMPTY, "");
}

TND_TEST(language_tags_are_judged, "RFC 3261 §25.1",
         "a language tag is of words of one to eight letters")
{
    CHECK_GOOD(language, struct tnd_slice, "fr", 1);
    CHECK_GOOD(language, struct tnd_slice, "en, de-AT-1996, es-419, x-klingonx", 4);
    CHECK_FLAW(language, struct tnd_slice, "en-", LANGUAGE, "en");
    CHECK_FLAW(language, struct tnd_slice, "-en", LANGUAGE, "-en");
    CHECK_FLAW(language, struct tnd_slice, "en--us", LANGUAGE, "en");
    CHECK_FLAW(language, struct tnd_slice, "abcdefghi", LANGUAGE, "a");
    CHECK_FLAW(language, struct tnd_slice, "e1", LANGUAGE, "e1");
    CHECK_FLAW(language, struct tnd_slice, "*", LANGUAGE, "*");
    CHECK_FLAW(accept_language, struct tnd_choice, "en;q=1.001", PARAM_VALUE, "q");
    CHECK_FLAW(accept_encoding, struct tnd_choice, "gzip;q", PARAM_VALUE, "q");
    CHECK_FLAW(accept_encoding, struct tnd_choice, ",gzip", TOKEN, ",");
}

TND_TEST(choices_are_written_as_read, "RFC 3261 §20.3", "what is read and written is stable")
{
    CHECK_STABLE(accept_language, choice, struct tnd_choice, "en-gb ; q=0.8 ;x");
    CHECK_STABLE(accept_encoding, choice, struct tnd_choice, "* ; q=1");
}
