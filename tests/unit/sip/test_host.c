/* Hosts. */
#include "unit/sip/probe.h"

#include <stdio.h>

static int kind(const char *text)
{
    struct tnd_values v = probe(tnd_slice_str(text)); /* for its unmapped page */

    return tnd_host_kind(tnd_slice_between(v.c.base, v.c.end));
}

TND_TEST(host_names, "RFC 3261 §25.1", "labels are joined by dots, the last starts with a letter")
{
    static const char *const good[] = {"a",         "example.com", "example.com.",
                                       "1.2.3.com", "a-b.c-d",     "xn--0zwm56d",
                                       "3com.net",  "a1",          "0.0.0.0.a"};
    static const char *const bad[] = {"",     ".",    "a..b", ".a",      "-a",        "a-",
                                      "a-.b", "a.-b", "a_b",  "1.2.3",   "256.1.1.1", "1.2.3.4.5",
                                      "a.1",  "a%41", "a b",  "1.2.3.4."};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        CHECK_EQ(kind(good[i]), TND_HOST_NAME);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        CHECK_EQ(kind(bad[i]), TND_HOST_NONE);
}

TND_TEST(host_ipv4, "RFC 3261 §25.1", "four numbers up to 255, of up to three digits")
{
    CHECK_EQ(kind("192.0.2.1"), TND_HOST_IPV4);
    CHECK_EQ(kind("255.255.255.255"), TND_HOST_IPV4);
    CHECK_EQ(kind("000.0.00.1"), TND_HOST_IPV4);
    CHECK_EQ(kind("1.2.3.0001"), TND_HOST_NONE);
    CHECK_EQ(kind("1.2.3."), TND_HOST_NONE);
    CHECK_EQ(kind("1.2.3.400"), TND_HOST_NONE);
}

/* The kind of a host in a URI; NONE: it is none, and so is the URI. */
static int kind_in_uri(const char *before, const char *host, const char *behind)
{
    char text[160];
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    snprintf(text, sizeof(text), "sip:%s%s%s", before, host, behind);
    return tnd_uri_parse(tnd_slice_str(text), &uri, &flaw) ? TND_HOST_NONE : uri.host_kind;
}

TND_TEST(host_octets, "RFC 3261 §25.1",
         "any three digits, in any octet, at the start, in the middle and at the end of a text")
{
    static const char *const form[] = {"%03u.1.22.3", "1.%u.200.44", "19.25.%03u.255", "0.0.0.%u"};

    for (unsigned n = 0; n < 1010; n++) {
        for (unsigned i = 0; i < 4; i++) {
            char host[32];
            snprintf(host, sizeof(host), form[i], n);
            int expected = n > 255 ? TND_HOST_NONE : TND_HOST_IPV4;
            CHECK_EQ(kind(host), expected);
            CHECK_EQ(kind_in_uri("", host, ""), expected);
            CHECK_EQ(kind_in_uri("", host, ":5060;transport=udp;maddr=example"), expected);
            CHECK_EQ(kind_in_uri("alice:secret-of-hers@", host, ""), expected);
            CHECK_EQ(kind_in_uri("alice:secret-of-hers-is-not-told@", host, ":5060"), expected);
        }
    }
}

TND_TEST(host_names_of_any_length, "RFC 3261 §25.1",
         "a name is judged the same however long it is, and wherever it starts")
{
    for (unsigned len = 1; len <= 90; len++) {
        for (unsigned digit = 0; digit < 2; digit++) {
            char host[96] = {0};
            for (unsigned i = 0; i < len; i++)
                host[i] = i % 7 == 3 && i + 1 < len ? '.' : 'a';
            /* the top label must start with a letter */
            char *dot = strrchr(host, '.');
            if (digit)
                *(dot ? dot + 1 : host) = '1';
            int expected = digit ? TND_HOST_NONE : TND_HOST_NAME;
            CHECK_EQ(kind(host), expected);
            CHECK_EQ(kind_in_uri("", host, ""), expected);
            CHECK_EQ(kind_in_uri("bob@", host, ";lr"), expected);
            CHECK_EQ(kind_in_uri("a-long-user-name-is-in-front@", host, ":5060"), expected);
        }
    }
}

TND_TEST(host_ipv6, "RFC 5954 §4.1", "the forms of the corrected grammar are taken, others are not")
{
    static const char *const good[] = {
        "[::]",
        "[::1]",
        "[1::]",
        "[2001:db8::10]",
        "[2001:DB8:0:0:8:800:200C:417A]",
        "[2001:db8::10:5070]",
        "[1:2:3:4:5:6:7::]",
        "[::2:3:4:5:6:7:8]",
        "[1:2:3:4:5:6:1.2.3.4]",
        "[::ffff:192.0.2.10]",
        "[::1.2.3.4]",
        "[2001:db8::192.0.2.1]",
        "[2001:db8:::192.0.2.1]",
    };
    static const char *const bad[] = {
        "[]",
        "[:]",
        "[:::]",
        "[1]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[12345::]",
        "[g::]",
        "[::1",
        "::1",
        "[::1]x",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[1.2.3.4]",
        "[::1.2.3]",
        "[::256.1.1.1]",
        "[1:2:3:4:5:6:7:8::]",
        "[1:2:3:4::5:6:7:8]",
        "[:1::2]",
        "[1::2:]",
        "[::1.2.3.4:5]",
        "[1:]",
        "[fe80::1%25eth0]",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        CHECK_EQ(kind(good[i]), TND_HOST_IPV6);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        CHECK_EQ(kind(bad[i]), TND_HOST_NONE);
}

TND_TEST(ipv6_is_sixteen_octets, "RFC 5954 §4.2", "an address is the same however it is written")
{
    uint8_t octets[16];
    static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 10};

    CHECK(tnd_ipv6_octets(TND_STR("::ffff:192.0.2.10"), octets));
    CHECK(memcmp(octets, mapped, 16) == 0);
    CHECK(!tnd_ipv6_octets(TND_STR("1:2:3"), octets));
    CHECK(!tnd_ipv6_octets(TND_STR("1:2:3:4:5:6:7::8:9"), octets));
    CHECK(memcmp(octets, mapped, 16) == 0); /* untouched */
    CHECK(tnd_host_eq(TND_STR("[::ffff:192.0.2.10]"), TND_STR("[::ffff:c000:20a]")));
    CHECK(tnd_host_eq(TND_STR("[2001:db8::9:1]"), TND_STR("[2001:DB8:0:0:0:0:0009:01]")));
    CHECK(tnd_host_eq(TND_STR("[2001:db8::192.0.2.1]"), TND_STR("[2001:db8:::192.0.2.1]")));
    CHECK(!tnd_host_eq(TND_STR("[2001:db8::9:1]"), TND_STR("[2001:db8::9:2]")));
    CHECK(!tnd_host_eq(TND_STR("[::1]"), TND_STR("a")));
    CHECK(tnd_host_eq(TND_STR("Example.COM"), TND_STR("example.com")));
    CHECK(!tnd_host_eq(TND_STR("example.com"), TND_STR("example.org")));
}
