#include <stdio.h>
#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

static void ask(struct pair *p, enum tnd_method method, const char *uri, const char *body)
{
    struct tnd_ua_request request = {.method = (uint8_t)method,
                                     .uri = tnd_slice_str(uri),
                                     .content_type =
                                         body ? TND_STR("text/plain") : tnd_slice(NULL, 0),
                                     .body = tnd_slice_str(body)};

    CHECK_EQ(tnd_ua_request(p->side[ALICE].ua, p->now, &request, &p->side[ALICE].id), 0);
    pair_take(p, ALICE);
}

TND_TEST(ua_options, "RFC 3261 §11.2", "OPTIONS is answered with what a call would be served")
{
    static struct pair p;

    pair_open(&p);
    ask(&p, TND_METHOD_OPTIONS, "sip:bob@192.0.2.2", NULL);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ANSWERED)->event.code, 200);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    const char *ok = pair_last(&p, BOB, "SIP/2.0 200");
    CHECK(strstr(pair_value(ok, "Allow"), "INVITE"));
    CHECK(strstr(pair_value(ok, "Accept"), "application/sdp"));
    CHECK(strstr(pair_value(ok, "Supported"), "100rel"));
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    CHECK_EQ(tnd_ua_due(p.side[BOB].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(ua_asks_where_was_learned, "RFC 3261 §21.3.2",
         "what an earlier redirect named is asked, and uri stays whom the request is for")
{
    static struct pair p;
    struct tnd_ua_request request = {.method = TND_METHOD_OPTIONS,
                                     .uri = TND_STR("sip:bob@192.0.2.2"),
                                     .learned = TND_STR("new")};
    tnd_ua_id id = 0;

    pair_open(&p);
    CHECK_EQ(tnd_ua_request(p.side[ALICE].ua, p.now, &request, &id), TND_ESYNTAX);
    request.learned = TND_STR("sip:new@192.0.2.2");
    CHECK_EQ(tnd_ua_request(p.side[ALICE].ua, p.now, &request, &id), 0);
    pair_take(&p, ALICE);
    const char *options = pair_last(&p, ALICE, "OPTIONS");
    CHECK(strncmp(options, "OPTIONS sip:new@192.0.2.2 ", 26) == 0);
    CHECK_EQ(strcmp(pair_value(options, "To"), "<sip:bob@192.0.2.2>"), 0);
    pair_close(&p);
}

TND_TEST(ua_message, "RFC 3428 §7", "a MESSAGE is answered with 200 and told to the owner, once")
{
    static struct pair p;

    pair_open(&p);
    p.loss = 40;
    ask(&p, TND_METHOD_MESSAGE, "sip:bob@192.0.2.2", "Watson, come here.");
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_RECEIVED), 1);
    CHECK(strstr(pair_event(&p, BOB, TND_UA_RECEIVED)->msg, "Watson, come here."));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    pair_close(&p);
}

TND_TEST(
    ua_nobody_answers, "RFC 3261 §8.1.3.1",
    "a request that nobody answers is sent again for 64*T1, and then counts as answered with 408")
{
    static struct pair p;

    pair_open(&p);
    p.is_deaf = true;
    ask(&p, TND_METHOD_OPTIONS, "sip:bob@192.0.2.2", NULL);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_count(&p, ALICE, "OPTIONS"), 11);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->event.code, 408);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 408);
    pair_close(&p);
}

TND_TEST(ua_next_server, "RFC 3263 §4.3",
         "after no response the next server of a name is asked, in a transaction of its own")
{
    static struct pair p;

    pair_open(&p);
    ask(&p, TND_METHOD_OPTIONS, "sip:bob@many.example", NULL);
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_NEXT_SERVER);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    const char *first = pair_nth(&p, ALICE, "OPTIONS", 0), *last = pair_last(&p, ALICE, "OPTIONS");
    CHECK(strcmp(pair_value(first, "Via"), pair_value(last, "Via")) != 0);
    CHECK(strcmp(pair_value(first, "CSeq"), pair_value(last, "CSeq")) == 0);
    pair_close(&p);
}

TND_TEST(ua_no_server, "RFC 3263 §4.2",
         "a name without an address is a request that could not be sent")
{
    static struct pair p;

    pair_open(&p);
    ask(&p, TND_METHOD_OPTIONS, "sip:bob@none.example", NULL);
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 503);
    CHECK_EQ(pair_count(&p, ALICE, "OPTIONS"), 0);
    pair_close(&p);
}

static void say_long(struct pair *p)
{
    char body[1500];

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = 0;
    ask(p, TND_METHOD_MESSAGE, "sip:bob@192.0.2.2", body);
}

TND_TEST(ua_large_by_tcp, "RFC 3261 §18.1.1", "a request that is too large for UDP goes by TCP")
{
    static struct pair p;

    PROVES(REQUEST_LARGE);
    pair_open(&p);
    say_long(&p);
    pair_run(&p, TND_SEC(40));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "MESSAGE"), "Via"), "SIP/2.0/TCP"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    pair_close(&p);
}

TND_TEST(ua_back_to_udp, "RFC 3261 §18.1.1",
         "a request that went by TCP for its size alone, and was refused there, goes by UDP")
{
    static struct pair p;

    PROVES(REQUEST_BACK_TO_UDP);
    pair_open(&p);
    p.refuses_tcp = true;
    say_long(&p);
    pair_run(&p, TND_SEC(40));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "MESSAGE"), "Via"), "SIP/2.0/UDP"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ATTEMPT), 0);
    pair_close(&p);
}

TND_TEST(ua_ends_a_request, "RFC 3261 §9.1",
         "a request other than INVITE is given up without a word")
{
    static struct pair p;

    pair_open(&p);
    p.is_deaf = true;
    ask(&p, TND_METHOD_OPTIONS, "sip:bob@192.0.2.2", NULL);
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), TND_ENONE);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 1);
    pair_close(&p);
}
