/* The table of routes: which one a request takes. */
#include "redirect/parts.h"
#include "unit/test.h"

static struct tnd_uri uri_of(const char *text)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(text), &uri, &flaw), 0);
    return uri;
}

/* Whether a request with these is one for the route. NULL as from: it cannot be read. */
static bool takes(const struct tnd_route_match *match, const char *method, const char *request_uri,
                  const char *from, const char *source)
{
    const struct tnd_route route = {.match = *match};
    struct tnd_uri uri = uri_of(request_uri), from_uri = uri_of(from ? from : "sip:none");
    struct tnd_endpoint endpoint;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(source), TND_TRANSPORT_UDP, &endpoint), 0);
    const struct tnd_route_asked asked = {.method = tnd_slice_str(method),
                                          .uri = &uri,
                                          .from = from ? &from_uri : NULL,
                                          .source = &endpoint};
    return tnd_route_find(&route, 1, &asked) == &route;
}

static bool takes_user(const char *pattern, const char *request_uri)
{
    const struct tnd_route_match match = {.user = tnd_slice_str(pattern)};

    return takes(&match, "INVITE", request_uri, "sip:a@b", "192.0.2.1:5060");
}

static bool takes_domain(const char *pattern, const char *request_uri)
{
    const struct tnd_route_match match = {.domain = tnd_slice_str(pattern)};

    return takes(&match, "INVITE", request_uri, "sip:a@b", "192.0.2.1:5060");
}

/* What * and ? mean, by trying everything. */
static bool means(const char *pattern, const char *text)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '*')
        return means(pattern + 1, text) || (*text && means(pattern, text + 1));
    return *text && (*pattern == '?' || *pattern == *text) && means(pattern + 1, text + 1);
}

/* The n-th text of these letters: first those of none, then of one, and so on. */
static void write_nth(unsigned n, const char *letters, char *ret)
{
    unsigned base = (unsigned)strlen(letters);

    for (; n > 0; n = (n - 1) / base)
        *ret++ = letters[(n - 1) % base];
    *ret = '\0';
}

TND_TEST(wild_small, "RFC 3261 §19.1.4", "* is any text and ? any one character: every small case")
{
    char pattern[8], text[8];
    unsigned matched = 0;

    for (unsigned p = 0; p < 1365; p++) { /* up to five of four letters */
        write_nth(p, "ab*?", pattern);
        for (unsigned t = 0; t < 63; t++) { /* up to five of two */
            write_nth(t, "ab", text);
            bool is = wild_match(tnd_slice_str(pattern), tnd_slice_str(text),
                                 (struct wild_how){.fold = false});
            if (is != means(pattern, text))
                tnd_test_fail(__FILE__, __LINE__, "\"%s\" and \"%s\": %d", pattern, text, is);
            matched += is;
        }
    }
    CHECK(matched > 10000);
}

TND_TEST(
    wild_hard, "RFC 3261 §19.1.4",
    "a pattern of many stars is done with before the worlds of a search through all splits end")
{
    static char pattern[1001], text[4000];

    for (size_t i = 0; i < 1000; i += 2)
        memcpy(pattern + i, "*a", 2);
    memset(text, 'a', sizeof(text));
    struct tnd_slice long_text = tnd_slice(text, sizeof(text));
    CHECK(wild_match(tnd_slice(pattern, 1000), long_text, (struct wild_how){.fold = true}));
    pattern[1000] = 'b'; /* and nothing fits any more */
    CHECK(!wild_match(tnd_slice(pattern, 1001), long_text, (struct wild_how){.fold = true}));
}

TND_TEST(route_user, "RFC 3261 §19.1.4", "a user is matched as it is, with its escapes undone")
{
    CHECK(takes_user("+49*", "sip:+4930123@example.com"));
    CHECK(!takes_user("+49*", "sip:+4830123@example.com"));
    CHECK(takes_user("+49*", "tel:+4930123"));
    CHECK(takes_user("sales", "sip:s%61les@example.com"));
    CHECK(!takes_user("sales", "sip:Sales@example.com"));
    CHECK(!takes_user("sales", "sip:sales2@example.com"));
    CHECK(takes_user("a b", "sip:a%20b@example.com"));
    CHECK(!takes_user("a%20b", "sip:a%20b@example.com"));
    CHECK(takes_user("a%20b", "sip:a%2520b@example.com")); /* undone once */
    CHECK(takes_user("ex?", "sip:ex7@example.com"));
    CHECK(!takes_user("ex?", "sip:ex@example.com"));
    CHECK(takes_user("x*z", "sip:x%2A%3Fyz@example.com"));
}

TND_TEST(route_user_utf8, "RFC 3261 §19.1.2", "? is one character, however many escapes that takes")
{
    CHECK(takes_user("m?ller", "sip:m%C3%BCller@example.com"));
    CHECK(takes_user("m\xc3\xbcller", "sip:m%C3%BCller@example.com"));
    CHECK(!takes_user("m??ller", "sip:m%C3%BCller@example.com"));
    CHECK(takes_user("*??", "sip:%E2%82%ACx@example.com"));
    CHECK(!takes_user("*??", "sip:%E2%82%AC@example.com"));
    CHECK(!takes_user("*82*", "sip:%E2%82%AC@example.com")); /* nor does * stop within one */
    CHECK(!takes_user("*\x82*", "sip:%E2%82%AC@example.com"));
    CHECK(takes_user("?", "sip:%F0%9F%93%9E@example.com"));
    CHECK(takes_user("??", "sip:%C3x@example.com")); /* no UTF-8: by octets */
    CHECK(takes_user("?", "sip:%BC@example.com"));
}

TND_TEST(route_no_user, "RFC 3261 §19.1.1", "a user that a URI does not have is the empty text")
{
    CHECK(takes_user("*", "sip:example.com"));
    CHECK(!takes_user("?*", "sip:example.com"));
    CHECK(!takes_user("sales", "sip:example.com"));
    CHECK(takes_domain("*", "tel:+4930123"));
    CHECK(!takes_domain("example.com", "tel:+4930123"));
}

TND_TEST(route_domain, "RFC 3261 §19.1.4", "a host is matched without case, an address by value")
{
    CHECK(takes_domain("example.com", "sip:a@EXAMPLE.com:5070;lr"));
    CHECK(takes_domain("*.Example.com", "sips:a@pbx.example.COM"));
    CHECK(!takes_domain("*.example.com", "sip:a@example.com"));
    CHECK(!takes_domain("example.com", "sip:a@example.com.evil.example"));
    CHECK(!takes_domain("example.com", "sip:a@notexample.com"));
    CHECK(takes_domain("192.0.2.?", "sip:a@192.0.2.7"));
    CHECK(takes_domain("[2001:db8::1]", "sip:a@[2001:DB8:0::1]"));
    CHECK(!takes_domain("[2001:db8::1]", "sip:a@[2001:db8::2]"));
}

TND_TEST(route_from, "RFC 3261 §20.20", "the caller is matched by the URI of From, if there is one")
{
    const struct tnd_route_match match = {.from_user = TND_STR("b?b"),
                                          .from_domain = TND_STR("*.example.org")};
    const struct tnd_route_match any = {.from_user = TND_STR("*")};

    CHECK(takes(&match, "INVITE", "sip:a@b", "sip:b%6Fb@pbx.Example.org", "192.0.2.1:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", "sip:bb@pbx.example.org", "192.0.2.1:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", "sip:bob@example.org", "192.0.2.1:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", NULL, "192.0.2.1:5060"));
    CHECK(takes(&any, "INVITE", "sip:a@b", "sip:example.org", "192.0.2.1:5060"));
    CHECK(!takes(&any, "INVITE", "sip:a@b", NULL, "192.0.2.1:5060"));
}

TND_TEST(route_method, "RFC 3261 §7.1", "a method of a route may be written in any case")
{
    const struct tnd_route_match match = {.method = TND_STR("invite")};
    const struct tnd_route_match some = {.method = TND_STR("*S")};

    CHECK(takes(&match, "INVITE", "sip:a@b", NULL, "192.0.2.1:5060"));
    CHECK(!takes(&match, "OPTIONS", "sip:a@b", NULL, "192.0.2.1:5060"));
    CHECK(takes(&some, "OPTIONS", "sip:a@b", NULL, "192.0.2.1:5060"));
    CHECK(!takes(&some, "REGISTER", "sip:a@b", NULL, "192.0.2.1:5060"));
}

TND_TEST(route_source, "RFC 3261 §18.2.1", "a source is an address or a network")
{
    struct tnd_route_match match = {.source = {.bits = 24}};

    CHECK_EQ(tnd_address_parse(TND_STR("192.0.2.0"), &match.source.address), 0);
    CHECK(takes(&match, "INVITE", "sip:a@b", NULL, "192.0.2.255:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", NULL, "192.0.3.1:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", NULL, "[2001:db8::1]:5060"));
    match.source.bits = 0; /* of one family all */
    CHECK_EQ(tnd_address_parse(TND_STR("::"), &match.source.address), 0);
    CHECK(takes(&match, "INVITE", "sip:a@b", NULL, "[2001:db8::1]:5060"));
    CHECK(!takes(&match, "INVITE", "sip:a@b", NULL, "192.0.2.1:5060"));
}

TND_TEST(route_first, "RFC 3261 §8.3",
         "all that a route asks for must be so; the first that is counts")
{
    const struct tnd_route routes[] = {
        {.match = {.user = TND_STR("bob"), .method = TND_STR("MESSAGE")}},
        {.match = {.user = TND_STR("b*"), .domain = TND_STR("example.com")}},
        {.match = {.user = TND_STR("bob")}},
        {.match = {.user = TND_STR("")}},
    };
    struct tnd_uri uri = uri_of("sip:bob@example.com");
    struct tnd_endpoint source = {.family = TND_FAMILY_IPV4};
    struct tnd_route_asked asked = {
        .method = TND_STR("INVITE"), .uri = &uri, .from = &uri, .source = &source};

    CHECK(tnd_route_find(routes, 4, &asked) == &routes[1]);
    uri = uri_of("sip:bob@example.org");
    CHECK(tnd_route_find(routes, 4, &asked) == &routes[2]);
    asked.method = TND_STR("MESSAGE");
    CHECK(tnd_route_find(routes, 4, &asked) == &routes[0]);
    uri = uri_of("sip:carol@example.org");
    CHECK(tnd_route_find(routes, 4, &asked) == NULL);
    CHECK(tnd_route_find(NULL, 0, &asked) == NULL);
}
