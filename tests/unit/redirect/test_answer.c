/* The answers: each is written into a response, which is read again. */
#include "tandem/redirect.h"
#include "tandem/sip/write.h"
#include "unit/sip/sip_test.h"

enum { WALL = 1700000000 };

struct answer_test {
    struct tnd_uri uri; /* the Request-URI */
    char room[16384];
    struct tnd_arena a;
    struct tnd_redirect_answer answer;
    const struct tnd_msg *reply;
};

static void start(struct answer_test *t, const char *request_uri)
{
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(request_uri), &t->uri, &flaw), 0);
    tnd_arena_init(&t->a, t->room, sizeof(t->room), NULL, 0);
}

/* Writes what was said, reads it, and looks whether it is valid. */
static void finish(struct answer_test *t, unsigned code, enum tnd_rule rule)
{
    static char text[32768];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    const struct tnd_reply reply = {.code = t->answer.code,
                                    .reason = t->answer.reason,
                                    .to_tag = TND_STR("ours"),
                                    .rport = -1,
                                    .fields = t->answer.fields,
                                    .content_type = t->answer.content_type,
                                    .body = t->answer.body};

    tnd_reply_write(&w, sip_request_with(""), &reply);
    t->reply = sip_read(tnd_writer_slice(&w));
    CHECK_FLAWS(t->reply, "");
    CHECK_EQ(t->reply->code, code);
    CHECK_EQ(t->answer.rule, rule);
}

static void by_route(struct answer_test *t, const char *request_uri, const struct tnd_route *route,
                     unsigned code, enum tnd_rule rule)
{
    start(t, request_uri);
    CHECK_EQ(tnd_redirect_by_route(route, &t->uri, &t->a, &t->answer), 0);
    finish(t, code, rule);
}

/* All Contacts of the reply, as they stand, with a comma between them. */
static struct tnd_slice contacts(const struct answer_test *t)
{
    static char text[16384];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_values v = tnd_msg_values(t->reply, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    while (tnd_contact_next(&v, &contact)) {
        tnd_put_str(&w, w.len > 0 ? "," : "");
        tnd_contact_write(&w, &contact);
    }
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    return tnd_writer_slice(&w);
}

TND_TEST(
    redirect_route, "RFC 3261 §8.3",
    "a route redirects to its contacts, the highest q first, and says how long they are good for")
{
    static const struct tnd_route_contact list[] = {
        {.uri = TND_STR_INIT("sip:{user}@gw1.example"), .q = 50},
        {.uri = TND_STR_INIT("sip:{user}@gw2.example;lr"), .q = 900, .expires = 60},
        {.uri = TND_STR_INIT("tel:+49"), .q = 1000, .expires = UINT32_MAX},
        {.uri = TND_STR_INIT("sip:gw4.example?x=y&z=1"), .q = 900},
        {.uri = TND_STR_INIT("sip:gw5.example"), .q = 125},
        {.uri = TND_STR_INIT("sip:gw6.example"), .q = 0},
        {.uri = TND_STR_INIT("sip:gw7.example"), .q = 7},
    };
    const struct tnd_route route = {
        .action = TND_ROUTE_REDIRECT, .code = 301, .contacts = list, .contact_count = 7};
    struct answer_test t;

    by_route(&t, "sip:+4930;x@example.com", &route, 301, TND_RULE_ROUTE_REDIRECT);
    PROVES(ROUTE_REDIRECT);
    CHECK_STR(contacts(&t), "<tel:+49>;q=1.0;expires=4294967295,"
                            "<sip:+4930;x@gw2.example;lr>;q=0.9;expires=60,"
                            "<sip:gw4.example?x=y&z=1>;q=0.9,"
                            "<sip:gw5.example>;q=0.125,"
                            "<sip:+4930;x@gw1.example>;q=0.05,"
                            "<sip:gw7.example>;q=0.007,"
                            "<sip:gw6.example>;q=0.0");
    CHECK_STR(t.answer.fact, "tel:+49");
    CHECK_EQ(t.reply->body.len, 0);
}

TND_TEST(redirect_elsewhere, "RFC 3261 §8.3",
         "nobody is redirected to the URI that he came for; with no other it is a 404")
{
    static const struct tnd_route_contact list[] = {
        {.uri = TND_STR_INIT("sip:{user}@EXAMPLE.com"), .q = 1000},
        {.uri = TND_STR_INIT("sip:{user}@gw.example"), .q = 500},
    };
    struct tnd_route route = {
        .action = TND_ROUTE_REDIRECT, .code = 302, .contacts = list, .contact_count = 2};
    const struct tnd_forward forward = {.uri = TND_STR("sip:bob@example.com")};
    const struct tnd_binding binding = {.uri = TND_STR("sip:b%6Fb@example.com"), .until = WALL + 9};
    struct answer_test t;

    by_route(&t, "sip:bob@example.com", &route, 302, TND_RULE_ROUTE_REDIRECT);
    CHECK_STR(contacts(&t), "<sip:bob@gw.example>;q=0.5");
    /* another transport makes another URI of it */
    by_route(&t, "sip:bob@example.com;transport=tcp", &route, 302, TND_RULE_ROUTE_REDIRECT);
    CHECK_STR(contacts(&t), "<sip:bob@EXAMPLE.com>;q=1.0,<sip:bob@gw.example>;q=0.5");
    route.contact_count = 1;
    by_route(&t, "sip:bob@example.com", &route, 404, TND_RULE_REDIRECT_ELSEWHERE);
    PROVES(REDIRECT_ELSEWHERE);
    CHECK_STR(contacts(&t), "");
    CHECK_STR(t.answer.fact, "sip:bob@example.com");
    CHECK_EQ(tnd_redirect_by_forward(&forward, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 404, TND_RULE_REDIRECT_ELSEWHERE);
    CHECK_EQ(tnd_redirect_by_bindings(&binding, 1, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 404, TND_RULE_REDIRECT_ELSEWHERE);
}

TND_TEST(redirect_no_uri, "RFC 3261 §20.10", "what a user makes no URI of is not named")
{
    static const struct tnd_route_contact list[] = {
        {.uri = TND_STR_INIT("sip:gw1.example;x={user}"), .q = 1000},
        {.uri = TND_STR_INIT("sip:{user}@gw2.example"), .q = 1000},
    };
    const struct tnd_route route = {
        .action = TND_ROUTE_REDIRECT, .code = 302, .contacts = list, .contact_count = 2};
    struct answer_test t;

    by_route(&t, "sip:example.com", &route, 302, TND_RULE_ROUTE_REDIRECT);
    CHECK_STR(contacts(&t), "<sip:gw2.example>;q=1.0");
}

TND_TEST(redirect_reject, "RFC 3261 §20.33",
         "a route refuses with its code, its reason, its Retry-After")
{
    struct tnd_route route = {.action = TND_ROUTE_REJECT,
                              .code = 600,
                              .reason = TND_STR("Gone fishing"),
                              .retry_after = UINT32_MAX};
    struct answer_test t;

    by_route(&t, "sip:sales@example.com", &route, 600, TND_RULE_ROUTE_REJECT);
    PROVES(ROUTE_REJECT);
    CHECK_STR(t.reply->reason, "Gone fishing");
    CHECK_STR(tnd_msg_value(t.reply, TND_HEADER_RETRY_AFTER), "4294967295");
    CHECK_STR(t.answer.fact, "sip:sales@example.com");
    route = (struct tnd_route){.action = TND_ROUTE_REJECT, .code = 486};
    by_route(&t, "sip:sales@example.com", &route, 486, TND_RULE_ROUTE_REJECT);
    CHECK_STR(t.reply->reason, "Busy Here");
    CHECK(!tnd_msg_has(t.reply, TND_HEADER_RETRY_AFTER));
}

#define XML(reason)                                                                          \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                                             \
    "\r\n<ims-3gpp version=\"1\"><alternative-service><type>emergency</type><reason>" reason \
    "</reason></alternative-service></ims-3gpp>\r\n"

TND_TEST(redirect_alternative, "RFC 3261 §21.3.5",
         "a 380 describes the alternative in its body, and names its contacts")
{
    static const struct tnd_route_contact list[] = {
        {.uri = TND_STR_INIT("sip:112@psap.example"), .q = 300, .expires = 5},
        {.uri = TND_STR_INIT("tel:112;phone-context=+49"), .q = 1000},
        {.uri = TND_STR_INIT("sip:sos@example.com")},
    };
    struct tnd_route route = {.action = TND_ROUTE_ALTERNATIVE,
                              .text = TND_STR("Dial 112"),
                              .contacts = list,
                              .contact_count = 3};
    struct answer_test t;

    by_route(&t, "sip:sos@example.com", &route, 380, TND_RULE_ROUTE_ALTERNATIVE);
    PROVES(ROUTE_ALTERNATIVE);
    CHECK_STR(contacts(&t), "<sip:112@psap.example>,<tel:112;phone-context=+49>");
    CHECK_STR(tnd_msg_value(t.reply, TND_HEADER_CONTENT_TYPE), "application/3gpp-ims+xml");
    CHECK_STR(t.reply->body, XML("Dial 112"));
    route = (struct tnd_route){.action = TND_ROUTE_ALTERNATIVE};
    by_route(&t, "sip:sos@example.com", &route, 380, TND_RULE_ROUTE_ALTERNATIVE);
    CHECK_STR(contacts(&t), "");
    CHECK_STR(t.reply->body, XML(""));
}

TND_TEST(redirect_xml, "RFC 3261 §21.3.5", "no text of an alternative is taken for XML")
{
    struct tnd_route route = {.action = TND_ROUTE_ALTERNATIVE};
    struct answer_test t;

    route.text = TND_STR("</reason> & \"'<x a='b'/>]]>");
    by_route(&t, "sip:sos@example.com", &route, 380, TND_RULE_ROUTE_ALTERNATIVE);
    CHECK_STR(t.reply->body,
              XML("&lt;/reason&gt; &amp; &quot;&#39;&lt;x a=&#39;b&#39;/&gt;]]&gt;"));
    route.text = TND_STR("\xc3\xbc\t\x01\xff\r\n\xef\xbf\xbe\xef\xbf\xbd\xf0\x9f\x93\x9e");
    by_route(&t, "sip:sos@example.com", &route, 380, TND_RULE_ROUTE_ALTERNATIVE);
#define NONE "\xef\xbf\xbd"
    CHECK_STR(t.reply->body, XML("\xc3\xbc\t" NONE NONE "\r\n" NONE NONE "\xf0\x9f\x93\x9e"));
}

TND_TEST(redirect_forward, "RFC 3261 §21.3.3", "a forward is a 302 whose expires ends when it does")
{
    struct tnd_forward forward = {.uri = TND_STR("sip:alice@hotel.example;lr"),
                                  .until = WALL + 3600};
    struct answer_test t;

    start(&t, "sip:alice@example.com");
    CHECK_EQ(tnd_redirect_by_forward(&forward, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 302, TND_RULE_REDIRECT_FORWARD);
    PROVES(REDIRECT_FORWARD);
    CHECK_STR(contacts(&t), "<sip:alice@hotel.example;lr>;expires=3600");
    CHECK_STR(t.answer.fact, "sip:alice@hotel.example;lr");
    CHECK_EQ(tnd_redirect_by_forward(&forward, &t.uri, WALL + 3600, &t.a, &t.answer), 0);
    finish(&t, 302, TND_RULE_REDIRECT_FORWARD);
    CHECK_STR(contacts(&t), "<sip:alice@hotel.example;lr>;expires=1");
    forward.until = INT64_MAX;
    CHECK_EQ(tnd_redirect_by_forward(&forward, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 302, TND_RULE_REDIRECT_FORWARD);
    CHECK_STR(contacts(&t), "<sip:alice@hotel.example;lr>;expires=4294967295");
    forward.until = 0; /* RFC 3261 §21.3.3: good for this call only */
    CHECK_EQ(tnd_redirect_by_forward(&forward, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 302, TND_RULE_REDIRECT_FORWARD);
    CHECK_STR(contacts(&t), "<sip:alice@hotel.example;lr>");
}

TND_TEST(redirect_bindings, "RFC 3261 §8.3",
         "a redirect server names what is registered, q as it was given, with what is left of it")
{
    const struct tnd_binding bindings[] = {
        {.uri = TND_STR("sip:alice@192.0.2.1"),
         .until = WALL + 10,
         .q = 100,
         .params = TND_STR(";+sip.instance=\"<urn:uuid:1>\"")},
        {.uri = TND_STR("sip:alice@192.0.2.2;transport=tcp"), .until = WALL + 20, .q = -1},
        {.uri = TND_STR("sip:alice@192.0.2.3"), .until = WALL + 30, .q = 999},
        {.uri = TND_STR("sip:alice@192.0.2.4"), .until = WALL + 40, .q = 1000},
        {.uri = TND_STR("mailto:alice@example.com"), .until = WALL - 1, .q = 100},
    };
    struct answer_test t;

    start(&t, "sip:alice@example.com");
    CHECK_EQ(tnd_redirect_by_bindings(bindings, 5, &t.uri, WALL, &t.a, &t.answer), 0);
    finish(&t, 302, TND_RULE_REDIRECT_BINDINGS);
    PROVES(REDIRECT_BINDINGS);
    CHECK_STR(contacts(&t), "<sip:alice@192.0.2.2;transport=tcp>;expires=20,"
                            "<sip:alice@192.0.2.4>;q=1.0;expires=40,"
                            "<sip:alice@192.0.2.3>;q=0.999;expires=30,"
                            "<sip:alice@192.0.2.1>;q=0.1;expires=10,"
                            "<mailto:alice@example.com>;q=0.1;expires=1");
}

TND_TEST(redirect_most_bindings, "RFC 3261 §8.3", "as many bindings as there may be are all named")
{
    struct tnd_binding bindings[TND_BINDING_COUNT_MAX];
    char uris[TND_BINDING_COUNT_MAX][32];
    struct tnd_contact contact;
    struct answer_test t;
    size_t count = 0;

    for (int i = 0; i < TND_BINDING_COUNT_MAX; i++) {
        snprintf(uris[i], sizeof(uris[i]), "sip:a@h%d.example", i);
        bindings[i] = (struct tnd_binding){
            .uri = tnd_slice_str(uris[i]), .until = WALL + i + 1, .q = (int16_t)(i * 7 % 1001)};
    }
    start(&t, "sip:alice@example.com");
    CHECK_EQ(
        tnd_redirect_by_bindings(bindings, TND_BINDING_COUNT_MAX, &t.uri, WALL, &t.a, &t.answer),
        0);
    finish(&t, 302, TND_RULE_REDIRECT_BINDINGS);
    struct tnd_values v = tnd_msg_values(t.reply, TND_HEADER_CONTACT);
    for (int last = 1000; tnd_contact_next(&v, &contact); count++) {
        CHECK(contact.q <= last);
        last = contact.q;
    }
    CHECK_EQ(count, TND_BINDING_COUNT_MAX);
}

TND_TEST(redirect_over, "TND_ENOMEM", "with an arena of any size there is the whole answer or none")
{
    static const struct tnd_route_contact list[] = {
        {.uri = TND_STR_INIT("sip:{user}@gw1.example"), .q = 900, .expires = 60},
        {.uri = TND_STR_INIT("sip:{user}@gw2.example"), .q = 1000},
    };
    struct tnd_route routes[] = {
        {.action = TND_ROUTE_REDIRECT, .code = 302, .contacts = list, .contact_count = 2},
        {.action = TND_ROUTE_ALTERNATIVE, .contacts = list, .contact_count = 2},
        {.action = TND_ROUTE_REJECT, .code = 486, .retry_after = 9},
    };
    struct answer_test t;

    for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
        int err = TND_ENOMEM;

        for (size_t size = 0; err; size += 16) {
            CHECK(size < 2048);
            start(&t, "sip:7@example.com");
            tnd_arena_init(&t.a, t.room, size, NULL, 0);
            t.answer = (struct tnd_redirect_answer){.code = 1};
            err = tnd_redirect_by_route(&routes[i], &t.uri, &t.a, &t.answer);
            CHECK(err == 0 || err == TND_ENOMEM);
            CHECK(!err || t.answer.code == 1);
        }
        CHECK(t.answer.fields.len > 0);
        finish(&t, t.answer.code, t.answer.rule);
    }
}
