/* Reading and writing URIs. */
#include "unit/guarded.h"
#include "unit/sip/probe.h"

/* Reads all of text, which ends at an unmapped page, and each prefix of it. */
static enum tnd_rule parse(const char *text, struct tnd_uri *ret)
{
    struct tnd_slice all = tnd_slice_str(text);
    struct tnd_flaw flaw = {TND_RULE_NONE, {0}};

    for (size_t len = 0; len < all.len; len++) {
        struct tnd_slice part = guarded(tnd_slice(all.ptr, len));
        tnd_uri_parse(part, ret, &flaw);
        guarded_free(part);
    }
    flaw.rule = TND_RULE_NONE;
    CHECK_EQ(tnd_uri_parse(all, ret, &flaw), flaw.rule ? TND_ESYNTAX : 0);
    return flaw.rule;
}

#define CHECK_URI_FLAW(text, rule_, at)                                           \
    do {                                                                          \
        struct tnd_uri uri_;                                                      \
        struct tnd_flaw flaw_ = {TND_RULE_NONE, {0}};                             \
        parse(text, &uri_);                                                       \
        CHECK_EQ(tnd_uri_parse(tnd_slice_str(text), &uri_, &flaw_), TND_ESYNTAX); \
        CHECK_STR(tnd_slice_str(tnd_rule_name(flaw_.rule)), #rule_);              \
        CHECK_STR(tnd_slice_str(flaw_.where.ptr), at);                            \
        PROVES(rule_);                                                            \
    } while (0)

static void check_written(const struct tnd_uri *uri, const char *text)
{
    char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_uri_write(&w, uri);
    CHECK_STR(tnd_writer_slice(&w), text);
}

TND_TEST(uri_examples, "RFC 3261 §19.1.3", "the examples of the RFC are read, and written the same")
{
    static const char *const examples[] = {
        "sip:alice@atlanta.com",
        "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone",
        "sips:1212@gateway.com",
        "sip:alice@192.0.2.4",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
        "sip:alice;day=tuesday@atlanta.com",
        "sip:%00@a",
        "sip:[::1]:5060;x?y=",
        "sip:a:@b",
        "sip:&=+$,;?/@a",
        "sip:a;b=[]/:&+$()",
        "tel:+358-555-1234567",
        "tel:7042;phone-context=example.com;x=%41",
        "tel:+(1)201.555.0123;isub=1411;ext=12",
        "tel:*#aF;phone-context=+1",
        "http://a/b?c=d&e;f@g",
        "urn:service:sos",
        "nobodyKnowsThisScheme:totallyopaquecontent",
        "soap.beep://192.0.2.103:3002",
        "mailto:a@b",
        "x:%41",
    };
    struct tnd_uri uri;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        CHECK_STR(tnd_slice_str(tnd_rule_name(parse(examples[i], &uri))),
                  tnd_rule_name(TND_RULE_NONE));
        CHECK_STR(uri.text, examples[i]);
        check_written(&uri, examples[i]);
    }
}

TND_TEST(uri_parts, "RFC 3261 §19.1.1", "each component is told apart")
{
    struct tnd_uri uri;

    CHECK_EQ(parse("SIPS:alice;x:pw@[2001:db8::1]:5061;lr;a=b?c=d&e=", &uri), 0);
    CHECK_EQ(uri.scheme, TND_SCHEME_SIPS);
    CHECK_STR(uri.user, "alice;x");
    CHECK_STR(uri.password, "pw");
    CHECK_STR(uri.host, "[2001:db8::1]");
    CHECK_EQ(uri.host_kind, TND_HOST_IPV6);
    CHECK_EQ(uri.port, 5061);
    CHECK_STR(uri.params, ";lr;a=b");
    CHECK_STR(uri.headers, "c=d&e=");

    CHECK_EQ(parse("sip:a", &uri), 0);
    CHECK(!uri.user.ptr && !uri.password.ptr && !uri.headers.ptr && uri.params.len == 0);
    CHECK_EQ(uri.port, -1);

    CHECK_EQ(parse("tel:863-1234;phone-context=+1-914-555", &uri), 0);
    CHECK_EQ(uri.scheme, TND_SCHEME_TEL);
    CHECK_STR(uri.user, "863-1234");
    CHECK_STR(uri.params, ";phone-context=+1-914-555");
    CHECK(!uri.host.ptr);
}

TND_TEST(uri_flaws, "RFC 3261 §25.1", "a URI that breaks the grammar is refused where it does")
{
    CHECK_URI_FLAW("", URI_SCHEME, "");
    CHECK_URI_FLAW("alice@atlanta.com", URI_SCHEME, "alice@atlanta.com");
    CHECK_URI_FLAW("<sip:a>", URI_SCHEME, "<sip:a>");
    CHECK_URI_FLAW("1a:b", URI_SCHEME, "1a:b");
    CHECK_URI_FLAW(":a", URI_SCHEME, ":a");
    CHECK_URI_FLAW("sip:a;lr;b=1;LR", URI_PARAM_ONCE, "LR");
    CHECK_URI_FLAW("tel:+1;ext=1;ext=2", URI_PARAM_ONCE, "ext=2");
    CHECK_URI_FLAW("sip:@b", URI_USER, "@b");
    CHECK_URI_FLAW("sip::a@b", URI_USER, ":a@b");
    CHECK_URI_FLAW("sip:a\"b@c", URI_USER, "\"b@c");
    CHECK_URI_FLAW("sip:a:b:c@d", URI_USER, ":c@d");
    CHECK_URI_FLAW("sip:a@b@c", URI_END, "@c");
    CHECK_URI_FLAW("sip:%4@b", URI_ESCAPE, "%4@b");
    CHECK_URI_FLAW("sip:%@b", URI_ESCAPE, "%@b");
    CHECK_URI_FLAW("sip:a:%zz@b", URI_ESCAPE, "%zz@b");
    CHECK_URI_FLAW("sip:a;b=%4", URI_ESCAPE, "%4");
    CHECK_URI_FLAW("sip:", HOST, "");
    CHECK_URI_FLAW("sip:a_b", HOST, "a_b");
    CHECK_URI_FLAW("sip:2001:db8::1", HOST, "2001:db8::1");
    CHECK_URI_FLAW("sip:a:", PORT, "");
    CHECK_URI_FLAW("sip:a:65536", PORT, "65536");
    CHECK_URI_FLAW("sip:a:5x", URI_END, "x");
    CHECK_URI_FLAW("sip:a;", URI_PARAM, "");
    CHECK_URI_FLAW("sip:a;=b", URI_PARAM, "=b");
    CHECK_URI_FLAW("sip:a;b=", URI_PARAM, "");
    CHECK_URI_FLAW("sip:a;;b", URI_PARAM, ";b");
    CHECK_URI_FLAW("sip:a?", URI_HEADERS, "");
    CHECK_URI_FLAW("sip:a?b", URI_HEADERS, "");
    CHECK_URI_FLAW("sip:a?=b", URI_HEADERS, "=b");
    CHECK_URI_FLAW("sip:a?b=c&", URI_HEADERS, "");
    CHECK_URI_FLAW("sip:a?b=c;d", URI_END, ";d");
    CHECK_URI_FLAW("sip:a b", URI_END, " b");
    CHECK_URI_FLAW("sip:a#b", URI_END, "#b");
    CHECK_URI_FLAW("http:", URI_END, "");
    CHECK_URI_FLAW("http://a b", URI_END, " b");
    CHECK_URI_FLAW("http://a/%g0", URI_ESCAPE, "%g0");
}

TND_TEST(bug_uri_flaw_unasked, "RFC 3261 §25.1",
         "who does not ask for the flaw hears that there is one")
{
    struct tnd_uri uri = {.port = 7};

    CHECK_EQ(tnd_uri_parse(TND_STR("sip:a b@h"), &uri, NULL), TND_ESYNTAX);
    CHECK_EQ(uri.port, 7);
}

TND_TEST(tel_flaws, "RFC 3966 §3", "a telephone number has digits, a local one a context")
{
    CHECK_URI_FLAW("tel:", TEL_NUMBER, "");
    CHECK_URI_FLAW("tel:+", TEL_NUMBER, "+");
    CHECK_URI_FLAW("tel:-.-", TEL_NUMBER, "-.-");
    CHECK_URI_FLAW("tel:+12a", TEL_NUMBER, "a");
    CHECK_URI_FLAW("tel:12x;phone-context=a", TEL_NUMBER, "x;phone-context=a");
    CHECK_URI_FLAW("tel:1234", TEL_CONTEXT, "1234");
    CHECK_URI_FLAW("tel:+1;=2", URI_PARAM, "=2");
    CHECK_URI_FLAW("tel:1;phone-context", TEL_CONTEXT, "1;phone-context");
    CHECK_URI_FLAW("tel:1;phone-context=+", TEL_CONTEXT, "+");
    CHECK_URI_FLAW("tel:1;phone-context=+1a", TEL_CONTEXT, "+1a");
    CHECK_URI_FLAW("tel:1;phone-context=a.)b", TEL_CONTEXT, "a.)b");
    CHECK_URI_FLAW("tel:1;phone-context=192.0.2.1", TEL_CONTEXT, "192.0.2.1");
}

TND_TEST(uri_of_control_characters, "RFC 3261 §25.1",
         "a URI holds no control character and no line end")
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(TND_STR("sip:a\r\n"), &uri, &flaw), TND_ESYNTAX);
    CHECK_EQ(flaw.rule, TND_RULE_CONTROL_CHAR);
    CHECK_EQ(tnd_uri_parse(TND_STR("sip:a\0b"), &uri, &flaw), TND_ESYNTAX);
    PROVES(CONTROL_CHAR);
}

TND_TEST(uri_params_are_bounded, "TND_PARAM_COUNT_MAX",
         "more URI parameters than the limit are refused")
{
    char text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    tnd_put(&w, TND_STR("sip:a"));
    for (unsigned i = 0; i < TND_PARAM_COUNT_MAX; i++) {
        tnd_put(&w, TND_STR(";a"));
        tnd_put_number(&w, i);
    }
    CHECK_EQ(tnd_uri_parse(tnd_writer_slice(&w), &uri, &flaw), 0);
    tnd_put(&w, TND_STR(";a"));
    CHECK_EQ(tnd_uri_parse(tnd_writer_slice(&w), &uri, &flaw), TND_ESYNTAX);
    CHECK_EQ(flaw.rule, TND_RULE_PARAM_COUNT);
    PROVES(PARAM_COUNT);
}

TND_TEST(users_are_escaped, "RFC 3261 §19.1.2",
         "what may not stand in a user part is escaped, and undone")
{
    char room[64], again[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room)), v = tnd_writer(again, sizeof(again));

    tnd_put_user(&w, TND_STR("a;b@c d%\"\0:"));
    CHECK_STR(tnd_writer_slice(&w), "a;b%40c%20d%25%22%00%3a");
    tnd_put_unescaped(&v, tnd_writer_slice(&w));
    CHECK(tnd_slice_eq(tnd_writer_slice(&v), TND_STR("a;b@c d%\"\0:")));
    v = tnd_writer(again, sizeof(again));
    tnd_put_unescaped(&v, TND_STR("%2541%4%"));
    CHECK_STR(tnd_writer_slice(&v), "%41%4%"); /* once only; what is no escape stays */
}
