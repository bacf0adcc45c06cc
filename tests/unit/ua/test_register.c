#include <stdio.h>
#include <string.h>

#include "net/digest_openssl.h"
#include "unit/test.h"
#include "unit/ua/pair.h"

static struct tnd_digest_openssl openssl; /* until the program ends */

/* alice registers at a registrar of the test's own. */
static void open_with_registrar(struct pair *p, bool once)
{
    if (!openssl.ctx)
        CHECK_EQ(tnd_digest_openssl_init(&openssl), 0);
    pair_prepare(p);
    p->side[ALICE].config.user = TND_STR("alice");
    p->side[ALICE].config.password = TND_STR("secret");
    struct tnd_ua_world world = {
        .mem = failing_mem_use(&p->side[ALICE].mem), .seed = 7, .digester = &openssl.digester};
    CHECK_EQ(tnd_ua_new(&world, &p->side[ALICE].config, p->now, &p->side[ALICE].ua), 0);
    struct tnd_ua_registration r = {
        .registrar = TND_STR("sip:192.0.2.2"), .expires = 600, .once = once};
    CHECK_EQ(tnd_ua_register(p->side[ALICE].ua, p->now, &r, &p->side[ALICE].id), 0);
    pair_take(p, ALICE);
    pair_run(p, TND_MS(50));
}

static void answer(struct pair *p, unsigned code, const char *lines)
{
    pair_respond(p, BOB, pair_last(p, ALICE, "REGISTER"), code, "r", lines, NULL);
    pair_run(p, TND_MS(50));
}

TND_TEST(ua_registers, "RFC 3261 §10.2.4",
         "a registration is refreshed before it expires, with the same Call-ID and a higher CSeq")
{
    static struct pair p;

    open_with_registrar(&p, false);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "REGISTER"), "Expires"), "600"), 0);
    answer(&p, 200,
           "Contact: <sip:alice@192.0.2.1:5060>;expires=300\r\n"
           "Service-Route: <sip:edge.example;lr>\r\n");
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_REGISTERED)->event.expires, 300);
    CHECK_EQ(pair_count(&p, ALICE, "REGISTER"), 1);
    pair_run(&p, TND_SEC(260));
    CHECK_EQ(pair_count(&p, ALICE, "REGISTER"), 1);
    pair_run(&p, TND_SEC(11));
    CHECK(pair_count(&p, ALICE, "REGISTER") > 1);
    const char *first = pair_nth(&p, ALICE, "REGISTER", 0),
               *last = pair_last(&p, ALICE, "REGISTER");
    CHECK_EQ(strcmp(pair_value(first, "Call-ID"), pair_value(last, "Call-ID")), 0);
    CHECK_EQ(strcmp(pair_value(first, "CSeq"), "1 REGISTER"), 0);
    CHECK_EQ(strcmp(pair_value(last, "CSeq"), "2 REGISTER"), 0);
    answer(&p, 200, "Contact: <sip:alice@192.0.2.1:5060>;expires=300\r\n");
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "REGISTER"), "Expires"), "0"), 0);
    answer(&p, 200, "");
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(ua_registers_for_longer, "RFC 3261 §21.4.17",
         "a registration that is too short is asked for again as long as Min-Expires says")
{
    static struct pair p;

    open_with_registrar(&p, true);
    answer(&p, 423, "Min-Expires: 1800\r\n");
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_ADJUST);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "REGISTER"), "Expires"), "1800"), 0);
    answer(&p, 200, "Contact: <sip:alice@192.0.2.1:5060>;expires=1800\r\n");
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_DONE);
    pair_close(&p);
}

TND_TEST(ua_proves_itself, "RFC 3261 §22.2",
         "a challenge is answered once, in a new transaction; another one for the same is the end")
{
    static struct pair p;
    static const char challenge[] =
        "WWW-Authenticate: Digest realm=\"example\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n";

    open_with_registrar(&p, true);
    answer(&p, 401, challenge);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_AUTHENTICATE);
    const char *last = pair_last(&p, ALICE, "REGISTER");
    CHECK(strstr(pair_value(last, "Authorization"), "nonce=\"n1\""));
    CHECK_EQ(strcmp(pair_value(last, "CSeq"), "2 REGISTER"), 0);
    answer(&p, 401, challenge);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 401);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_REFUSED);
    pair_close(&p);
}

TND_TEST(ua_service_route, "RFC 3608 §6.1",
         "what the registrar wants to be passed is the route of what begins later")
{
    static struct pair p;

    open_with_registrar(&p, false);
    answer(&p, 200,
           "Contact: <sip:alice@192.0.2.1:5060>;expires=300\r\n"
           "Service-Route: <sip:192.0.2.2;lr>, <sip:core.example;lr>\r\n");
    struct tnd_ua_request request = {.method = TND_METHOD_OPTIONS,
                                     .uri = TND_STR("sip:x@y.example")};
    CHECK_EQ(tnd_ua_request(p.side[ALICE].ua, p.now, &request, &p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "OPTIONS"), "Route"),
                    "<sip:192.0.2.2;lr>, <sip:core.example;lr>"),
             0);
    pair_close(&p);
}

TND_TEST(ua_registers_again, "RFC 3261 §10.2.7",
         "a refresh that fails is tried again while the registration lasts; then it has ended")
{
    static struct pair p;

    open_with_registrar(&p, false);
    answer(&p, 200, "Contact: <sip:alice@192.0.2.1:5060>;expires=600\r\n");
    pair_run(&p, TND_SEC(545));
    answer(&p, 500, "");
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    size_t count = pair_count(&p, ALICE, "REGISTER");
    pair_run(&p, TND_SEC(30));
    CHECK(pair_count(&p, ALICE, "REGISTER") > count);
    answer(&p, 403, "");
    pair_run(&p, TND_SEC(60));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_REFUSED);
    pair_close(&p);
}

TND_TEST(ua_unregisters_at_once, "RFC 3261 §10.2",
         "a registration that is ended while its REGISTER is under way is undone behind it")
{
    static struct pair p;

    open_with_registrar(&p, false);
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    CHECK_EQ(pair_count(&p, ALICE, "REGISTER"), 1);
    answer(&p, 200, "Contact: <sip:alice@192.0.2.1:5060>;expires=600\r\n");
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "REGISTER"), "Expires"), "0"), 0);
    answer(&p, 200, "");
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_REGISTERED), 0);
    pair_close(&p);
}
