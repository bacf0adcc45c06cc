/* Addresses and Contact. */
#include "unit/sip/probe.h"

TND_TEST(addresses_are_read, "RFC 3261 §20.10",
         "an address has a display name, a URI and parameters")
{
    struct tnd_addr a;

    READ(addr, "\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s", &a);
    CHECK_STR(a.display, "\"A. G. Bell\"");
    CHECK_STR(a.uri.user, "agb");
    CHECK_STR(a.tag, "a48s");
    CHECK(a.angle);
    READ(addr, "sip:+12125551212@server.phone2net.com;tag=887s", &a);
    CHECK(!a.display.ptr && !a.angle);
    CHECK(!a.uri.params.len);
    CHECK_STR(a.tag, "887s");
    READ(addr, "Anonymous <sip:c8oqz84zk7z@privacy.org;x>;TAG=hyh8", &a);
    CHECK_STR(a.display, "Anonymous");
    CHECK_STR(a.uri.params, ";x");
    CHECK_STR(a.tag, "hyh8");
    READ(addr, "Mr. J %`~ User<sip:a>", &a);
    CHECK_STR(a.display, "Mr. J %`~ User");
    READ(addr, "\"<\\\"sip:x>\"<sip:a?b=c>", &a);
    CHECK_STR(a.display, "\"<\\\"sip:x>\"");
    CHECK_STR(a.uri.headers, "b=c");
    READ(addr, "<mailto:a,b@c;d>", &a);
    CHECK_STR(a.uri.text, "mailto:a,b@c;d");
}

TND_TEST(addresses_in_lists, "RFC 3261 §7.3.1", "a list in one field and in several means the same")
{
    const char *const forms[] = {
        "Record-Route: <sip:a;lr>, \"b, <\" <sip:b>;x=\",\" , sip:c;y\r\n",
        "Record-Route: <sip:a;lr>\r\nrecord-route:\"b, <\"\r\n <sip:b>\r\n ;x=\",\"\r\nRecord-Route : sip:c;y\r\n",
        "Record-Route: <sip:a;lr>\r\nTo: <sip:x>\r\nRecord-Route: \"b, <\" <sip:b>;x=\",\",\r\n\tsip:c;y\r\n",
    };

    for (size_t i = 0; i < 3; i++) {
        struct tnd_values v = probe_fields(TND_HEADER_RECORD_ROUTE, forms[i]);
        struct tnd_addr a;

        CHECK(tnd_addr_next(&v, &a));
        CHECK_STR(a.uri.text, "sip:a;lr");
        CHECK(tnd_addr_next(&v, &a));
        CHECK_STR(a.display, "\"b, <\"");
        CHECK(tnd_addr_next(&v, &a));
        CHECK_STR(a.uri.host, "c");
        CHECK(!tnd_addr_next(&v, &a));
        CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
        CHECK_EQ(v.count, 3);
    }
}

TND_TEST(address_flaws, "RFC 3261 §25.1",
         "an address that breaks the grammar is refused where it does")
{
    CHECK_FLAW(addr, struct tnd_addr, "", VALUE_EMPTY, "");
    CHECK_FLAW(addr, struct tnd_addr, "\"Mr. J. User <sip:j.user@example.com>", QUOTED_STRING,
               "\"");
    CHECK_FLAW(addr, struct tnd_addr, "Bell, Alexander <sip:a@b>", DISPLAY_NAME, ",");
    CHECK_FLAW(addr, struct tnd_addr, "\"A\" B <sip:a@b>", DISPLAY_NAME, "B");
    CHECK_FLAW(addr, struct tnd_addr, "A@B <sip:a@b>", DISPLAY_NAME, "@");
    CHECK_FLAW(addr, struct tnd_addr, "Alice", ADDR_ANGLE, "Alice");
    CHECK_FLAW(addr, struct tnd_addr, "\"Alice\"", ADDR_ANGLE, "\"");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a@b", ADDR_ANGLE, "");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a@b >", URI_END, " >");
    CHECK_FLAW(addr, struct tnd_addr, "sip:user@example.com?Route=%3Csip:sip.example.com%3E",
               ADDR_BARE, "?");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;tag=1;tag=2", PARAM_VALUE, "tag=2");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;tag", PARAM_VALUE, "tag");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;", PARAM, "");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=", PARAM, "");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=[::1", HOST, "[");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a> x", VALUE_END, "x");
    CHECK_FLAW(addr, struct tnd_addr, "< sip:a>", URI_SCHEME, " sip");
    CHECK_FLAW(addr, struct tnd_addr, "<>", URI_SCHEME, ">");
}

TND_TEST(bug_missing_address_read_past_the_end, "RFC 3261 §25.1",
         "a list that ends with a comma is refused")
{
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>,", ADDR_ANGLE, "");
    CHECK_FLAW(contact, struct tnd_contact, "<sip:a>, ", ADDR_ANGLE, "");
}

TND_TEST(parameters_are_bounded, "TND_PARAM_COUNT_MAX",
         "more parameters than the limit are refused")
{
    char text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    tnd_put(&w, TND_STR("<sip:a>"));
    for (unsigned i = 0; i < TND_PARAM_COUNT_MAX; i++) {
        tnd_put(&w, TND_STR(";a"));
        tnd_put_number(&w, i);
    }
    text[w.len] = '\0';
    CHECK_GOOD(addr, struct tnd_addr, text, 1);
    tnd_put(&w, TND_STR(";b"));
    text[w.len] = '\0';
    CHECK_FLAW(addr, struct tnd_addr, text, PARAM_COUNT, "b");
}

TND_TEST(parameters_stand_once, "RFC 3261 §7.3.1", "a parameter stands once in a value")
{
    CHECK_GOOD(addr, struct tnd_addr, "<sip:a>;x=1;y=1;xx=1", 1);
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=1;y;x=2", PARAM_VALUE, "x=2");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>; x ; y ; X", PARAM_VALUE, "X");
}

TND_TEST(contacts_are_read, "RFC 3261 §20.10", "a contact has q and expires")
{
    struct tnd_values v = probe(
        TND_STR("\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com> ;q=0.7; expires=3600, "
                "\"Mr. Watson\" <mailto:watson@bell-telephone.com> ;q=0.1"));
    struct tnd_contact c;

    CHECK(tnd_contact_next(&v, &c));
    CHECK_EQ(c.q, 700);
    CHECK_EQ(c.expires, 3600);
    CHECK(tnd_contact_next(&v, &c));
    CHECK_EQ(c.q, 100);
    CHECK_EQ(c.expires, -1);
    CHECK(!tnd_contact_next(&v, &c));

    v = probe_fields(TND_HEADER_CONTACT, "m: <sips:bob@192.0.2.4>;expires=60\r\n");
    CHECK(tnd_contact_next(&v, &c));
    CHECK_EQ(c.addr.uri.scheme, TND_SCHEME_SIPS);
    READ(contact, "*", &c);
    CHECK(c.star);
    READ(contact, "* <sip:a>", &c);
    CHECK(!c.star);
    CHECK_STR(c.addr.display, "*");
}

TND_TEST(contact_expiry_out_of_range_counts_as_an_hour, "RFC 3261 §10.2",
         "a malformed expires is treated as 3600")
{
    struct tnd_contact c;

    READ(contact, "<sip:a>;expires=99999999999999999999", &c);
    CHECK_EQ(c.expires, 3600);
    READ(contact, "<sip:a>;expires=soon", &c);
    CHECK_EQ(c.expires, 3600);
}

TND_TEST(qvalues, "RFC 3261 §25.1", "a q is from 0 to 1 with up to three digits")
{
    static const struct {
        const char *text;
        int q;
    } good[] = {{"0", 0},     {"1", 1000},   {"0.", 0},    {"1.", 1000},
                {"0.5", 500}, {"0.25", 250}, {"0.001", 1}, {"1.000", 1000}};
    static const char *const bad[] = {"2", "1.001", "0.0001", ".5", "-1", "x", "00", "1.0000"};
    struct tnd_contact c;
    char text[32];

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        struct tnd_writer w = tnd_writer(text, sizeof(text));
        tnd_put(&w, TND_STR("<sip:a>;q="));
        tnd_put_str(&w, good[i].text);
        tnd_put_char(&w, '\0');
        READ(contact, text, &c);
        CHECK_EQ(c.q, good[i].q);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct tnd_writer w = tnd_writer(text, sizeof(text));
        tnd_put(&w, TND_STR("<sip:a>;q="));
        tnd_put_str(&w, bad[i]);
        struct tnd_values v = probe(tnd_writer_slice(&w));
        CHECK(!tnd_contact_next(&v, &c));
    }
}

TND_TEST(contact_flaws, "RFC 3261 §25.1", "q and expires stand once, a star alone")
{
    CHECK_FLAW(contact, struct tnd_contact, "<sip:a>;q=0.1;q=0.2", PARAM_VALUE, "q=0.2");
    CHECK_FLAW(contact, struct tnd_contact, "<sip:a>;q=5", PARAM_VALUE, "q=5");
    CHECK_FLAW(contact, struct tnd_contact, "<sip:a>;expires=1;expires=2", PARAM_VALUE,
               "expires=2");
    CHECK_FLAW(contact, struct tnd_contact, "*;expires=0", VALUE_END, ";");
    CHECK_FLAW(contact, struct tnd_contact, "*, <sip:a>", VALUE_END, ",");
    CHECK_FLAW(contact, struct tnd_contact, "<sip:a>, *", VALUE_END, "*");
}

TND_TEST(params_end_where_their_text_ends, "RFC 3261 §25.1",
         "white space behind the last parameter is not of the parameters")
{
    struct tnd_addr a;

    READ(addr, "<sip:a> ;x=y ;z \t, <sip:b>", &a);
    CHECK_STR(a.params, " ;x=y ;z");
    READ(addr, "<sip:a> \t, <sip:b>", &a);
    CHECK_STR(a.params, "");
}

TND_TEST(addresses_are_written_with_angles, "RFC 3261 §20.10",
         "no parameter changes sides when an address is written")
{
    struct tnd_addr a;
    struct tnd_contact c;

    READ(addr, "sip:a@b;tag=c", &a);
    CHECK_WRITES(addr, &a, "<sip:a@b>;tag=c");
    READ(contact, "*", &c);
    CHECK_WRITES(contact, &c, "*");
    CHECK_STABLE(addr, addr, struct tnd_addr, "A  B<sip:a:b@[::1]:1;c?d=e> ; f = \"g;h\" ;i");
    CHECK_STABLE(addr, addr, struct tnd_addr, "sips:a@b;c=[::1]");
    CHECK_STABLE(addr, addr, struct tnd_addr, "tel:+1-2;x");
    CHECK_STABLE(contact, contact, struct tnd_contact, "<http://a/?b>;q=0.5;expires=7");
}
