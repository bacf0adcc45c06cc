/* The contract of tandem/ua.h: what is told when, and until when. */
#include <stdio.h>
#include <string.h>

#include "net/digest_openssl.h"
#include "unit/test.h"
#include "unit/ua/pair.h"

static const struct tnd_ua_call TO_BOB = {.uri = TND_STR_INIT("sip:bob@192.0.2.2")};

TND_TEST(ua_config, "RFC 3261 §8.1.1.3",
         "addresses, from and proxy are what they should be, or none")
{
    static struct pair p;
    struct tnd_ua *ua = NULL;

    pair_prepare(&p);
    struct tnd_ua_world world = {.mem = failing_mem_use(&p.side[ALICE].mem)};
    struct tnd_ua_config config = p.side[ALICE].config;
    config.from = TND_STR("alice");
    CHECK_EQ(tnd_ua_new(&world, &config, 0, &ua), TND_ESYNTAX);
    config.from = tnd_slice(NULL, 0);
    config.proxy = TND_STR("tel:+49");
    CHECK_EQ(tnd_ua_new(&world, &config, 0, &ua), TND_ESYNTAX);
    config.proxy = tnd_slice(NULL, 0);
    config.address_count = 0;
    CHECK_EQ(tnd_ua_new(&world, &config, 0, &ua), TND_ESYNTAX);
    CHECK(!ua);
    config.address_count = 1;
    CHECK_EQ(tnd_ua_new(&world, &config, 0, &p.side[ALICE].ua), 0);
    pair_call(&p, &TO_BOB);
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "INVITE"), "From"),
                 "<sip:anonymous@anonymous.invalid>;tag="));
    pair_close(&p);
}

TND_TEST(ua_bad_commands, "RFC 3261 §8.1.1.1", "what cannot be asked for changes nothing")
{
    static struct pair p;
    tnd_ua_id id = 0;

    pair_open(&p);
    struct tnd_ua *ua = p.side[ALICE].ua;
    CHECK_EQ(tnd_ua_call(ua, 0, &(struct tnd_ua_call){.uri = TND_STR("http://x")}, &id),
             TND_ESYNTAX);
    CHECK_EQ(tnd_ua_request(
                 ua, 0,
                 &(struct tnd_ua_request){.method = TND_METHOD_BYE, .uri = TND_STR("sip:x@y")},
                 &id),
             TND_ESYNTAX);
    CHECK_EQ(
        tnd_ua_register(ua, 0, &(struct tnd_ua_registration){.registrar = TND_STR("nobody")}, &id),
        TND_ESYNTAX);
    CHECK_EQ(tnd_ua_accept(ua, 0, 7), TND_ENONE);
    CHECK_EQ(tnd_ua_end(ua, 0, 7), TND_ENONE);
    CHECK_EQ(tnd_ua_reserved(ua, 0, 7, 0, true), TND_ENONE);
    CHECK_EQ(id, 0);
    struct tnd_output out;
    CHECK(!tnd_ua_take(ua, &out));
    pair_close(&p);
}

TND_TEST(
    ua_outputs_wait, "RFC 3261 §8.1",
    "what a command between two events brings about is not lost, and outputs that nobody takes "
    "are the end of feeding")
{
    static struct pair p;
    struct tnd_ua_event event;
    struct tnd_output out;
    tnd_ua_id id;
    int err = 0;

    pair_open(&p);
    struct tnd_ua *ua = p.side[ALICE].ua;
    CHECK_EQ(tnd_ua_call(ua, 0, &TO_BOB, &id), 0);
    while (tnd_ua_take(ua, &out))
        continue;
    CHECK_EQ(tnd_ua_call(ua, 0, &TO_BOB, &id), 0);
    while (tnd_ua_event(ua, &event))
        continue;
    CHECK_EQ(tnd_ua_feed(ua, 0, &(struct tnd_input){.kind = TND_IN_TICK}), 0);
    CHECK(tnd_ua_take(ua, &out));
    CHECK_EQ(out.kind, TND_OUT_SEND);
    while (err == 0)
        err = tnd_ua_call(ua, 0, &TO_BOB, &id);
    CHECK_EQ(err, TND_ESPACE);
    pair_close(&p);
}

TND_TEST(ua_response_by_another_way, "RFC 3261 §18.2.2",
         "a response whose connection is gone goes to received and the port of sent-by")
{
    static struct pair p;
    static const char text[] =
        "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
        "Via: SIP/2.0/TCP 192.0.2.1:5080;branch=z9hG4bKo\r\nMax-Forwards: 70\r\n"
        "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: o\r\n"
        "CSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\nContent-Length: 0\r\n\r\n";
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_output out;
    char room[65536];

    PROVES(RESPONSE_NEW_CONNECTION);
    pair_prepare(&p);
    pair_start(&p, BOB);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_msg_parse(&msg, &a, tnd_slice_str(text), TND_DATAGRAM), 0);
    struct tnd_input in = {
        .kind = TND_IN_MESSAGE,
        .flow = {.id = 9, .local = p.side[BOB].addresses[1], .remote = p.side[ALICE].addresses[1]},
        .msg = &msg,
        .a = &a};
    in.flow.remote.port = 40000;
    CHECK_EQ(tnd_ua_feed(p.side[BOB].ua, 0, &in), 0);
    struct tnd_ua_event event;
    CHECK(tnd_ua_event(p.side[BOB].ua, &event));
    CHECK_EQ(tnd_ua_refuse(p.side[BOB].ua, 0, event.id, &(struct tnd_ua_refusal){.code = 486}), 0);
    CHECK(tnd_ua_take(p.side[BOB].ua, &out));
    CHECK_EQ(out.flow, 9);
    uint64_t token = out.token;
    CHECK(token != 0);
    while (tnd_ua_take(p.side[BOB].ua, &out))
        continue;
    in = (struct tnd_input){.kind = TND_IN_FAILED, .token = token};
    CHECK_EQ(tnd_ua_feed(p.side[BOB].ua, 0, &in), 0);
    CHECK(tnd_ua_take(p.side[BOB].ua, &out));
    CHECK_EQ(out.flow, 0);
    CHECK_EQ(out.to.port, 5080);
    CHECK_EQ(out.to.transport, TND_TRANSPORT_TCP);
    pair_close(&p);
}

TND_TEST(ua_goes_by_proxy, "RFC 3261 §8.1.2",
         "with a proxy what begins a dialog has it as its only route, and goes there")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[ALICE].config.proxy = TND_STR("sip:192.0.2.2:5070");
    pair_start(&p, ALICE);
    pair_call(&p, &(struct tnd_ua_call){.uri = TND_STR("sip:carol@far.example")});
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "INVITE sip:carol@far.example"), "Route"),
                    "<sip:192.0.2.2:5070;lr>"),
             0);
    CHECK_EQ(p.side[ALICE].sent[0].to.port, 5070);
    pair_close(&p);
}

TND_TEST(ua_calls_what_was_learned, "RFC 3261 §21.3.2",
         "what an earlier redirect named is called, and uri stays whom the call is for")
{
    static struct pair p;
    struct tnd_ua_call call = TO_BOB;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    call.learned = TND_STR("sip:new@192.0.2.2");
    pair_call(&p, &call);
    const char *invite = pair_last(&p, ALICE, "INVITE");
    CHECK(strncmp(invite, "INVITE sip:new@192.0.2.2 ", 25) == 0);
    CHECK_EQ(strcmp(pair_value(invite, "To"), "<sip:bob@192.0.2.2>"), 0);
    pair_close(&p);
}

TND_TEST(
    ua_adds_what_it_offers, "RFC 3261 §21.4.16",
    "an extension that a 421 asks for and the policy offers is in Supported of the next attempt")
{
    static const struct tnd_slice offers[] = {TND_STR_INIT("foo")};
    static struct pair p;

    pair_prepare(&p);
    p.side[ALICE].config.recover.offers = offers;
    p.side[ALICE].config.recover.offer_count = 1;
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 421, "x", "Require: foo\r\n", NULL);
    pair_run(&p, TND_MS(50));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_ADD_EXTENSION);
    CHECK(!strstr(pair_value(pair_nth(&p, ALICE, "INVITE", 0), "Supported"), "foo"));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "INVITE"), "Supported"), "foo"));
    pair_close(&p);
}

TND_TEST(
    ua_invites_for_so_long, "RFC 3261 §21.4.17, §13.2.1",
    "after a 423 the INVITE has the Expires that was asked for, and is cancelled when that is over")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 423, "x", "Min-Expires: 60\r\n", NULL);
    pair_run(&p, TND_MS(50));
    const char *invite = pair_last(&p, ALICE, "INVITE");
    CHECK_EQ(strcmp(pair_value(invite, "Expires"), "60"), 0);
    pair_respond(&p, BOB, invite, 180, "b", "Contact: <sip:bob@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_SEC(59));
    CHECK_EQ(pair_count(&p, ALICE, "CANCEL"), 0);
    pair_run(&p, TND_SEC(1));
    CHECK(pair_count(&p, ALICE, "CANCEL") > 0);
    pair_close(&p);
}

static struct tnd_digest_openssl openssl; /* until the program ends */

TND_TEST(
    ua_proves_itself_in_a_call, "RFC 3261 §22.3, §22.1",
    "a call that is challenged goes on with credentials, which its ACK and its BYE have as well")
{
    static struct pair p;

    if (!openssl.ctx)
        CHECK_EQ(tnd_digest_openssl_init(&openssl), 0);
    pair_prepare(&p);
    p.side[ALICE].config.password = TND_STR("secret");
    struct tnd_ua_world world = {.mem = failing_mem_use(&p.side[ALICE].mem),
                                 .digester = &openssl.digester};
    CHECK_EQ(tnd_ua_new(&world, &p.side[ALICE].config, 0, &p.side[ALICE].ua), 0);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 407, "x",
                 "Proxy-Authenticate: Digest realm=\"example\", nonce=\"n1\", qop=\"auth\"\r\n",
                 NULL);
    pair_run(&p, TND_MS(50));
    const char *invite = pair_last(&p, ALICE, "INVITE");
    CHECK(strstr(pair_value(invite, "Proxy-Authorization"), "username=\"alice\""));
    pair_respond(&p, BOB, invite, 200, "b", "Contact: <sip:bob@192.0.2.2>\r\n", pair_sdp);
    pair_run(&p, TND_MS(50));
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "ACK"), "Proxy-Authorization"),
                    pair_value(invite, "Proxy-Authorization")),
             0);
    tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id);
    pair_take(&p, ALICE);
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "BYE"), "Proxy-Authorization"), "nc=00000002"));
    pair_close(&p);
}

TND_TEST(ua_session_is_longer, "RFC 4028 §7.3",
         "a session that is too short is asked for again as long as Min-SE says")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[ALICE].config.session_expires = 200;
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 422, "x", "Min-SE: 600\r\n", NULL);
    pair_run(&p, TND_MS(50));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_ADJUST);
    const char *invite = pair_last(&p, ALICE, "INVITE");
    CHECK(strstr(pair_value(invite, "Session-Expires"), "600"));
    CHECK_EQ(strcmp(pair_value(invite, "Min-SE"), "600"), 0);
    pair_close(&p);
}

TND_TEST(ua_ends_while_it_waits, "RFC 3261 §9.1",
         "a call that waits for its next attempt ends at once, and there is none")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[ALICE].config.recover.retries = true;
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 486, "x", "Retry-After: 30\r\n", NULL);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_WAIT_AND_RETRY);
    tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id);
    pair_take(&p, ALICE);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    pair_run(&p, TND_SEC(60));
    CHECK_EQ(pair_count(&p, ALICE, "INVITE"), 1);
    pair_close(&p);
}

TND_TEST(ua_next_server_after_503, "RFC 3263 §4.3",
         "after a 503 the next server of a name is asked")
{
    static struct pair p;

    PROVES(LOCATE_NEXT);
    pair_prepare(&p);
    tnd_endpoint_parse(TND_STR("192.0.2.9"), TND_TRANSPORT_UDP, &p.side[BOB].addresses[0]);
    pair_start(&p, ALICE);
    pair_call(&p, &(struct tnd_ua_call){.uri = TND_STR("sip:bob@many.example")});
    pair_run(&p, TND_MS(50));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 503, "x", "", NULL);
    pair_run(&p, TND_MS(50));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_NEXT_SERVER);
    CHECK_EQ(pair_count(&p, ALICE, "INVITE"), 2);
    struct tnd_endpoint other;
    tnd_endpoint_parse(TND_STR("192.0.2.2"), TND_TRANSPORT_UDP, &other);
    size_t to_other = 0;
    for (size_t i = 0; i < p.side[ALICE].sent_count; i++)
        to_other += tnd_endpoint_eq(&p.side[ALICE].sent[i].to, &other);
    CHECK_EQ(to_other, 1);
    pair_close(&p);
}

TND_TEST(ua_calls_a_number, "RFC 3261 §8.1.2",
         "a telephone number is asked for where we are at home, unless there is a proxy")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[ALICE].config.from = TND_STR("sip:alice@192.0.2.2");
    pair_start(&p, ALICE);
    pair_call(&p, &(struct tnd_ua_call){.uri = TND_STR("tel:+4930123456")});
    CHECK(pair_count(&p, ALICE, "INVITE tel:+4930123456 SIP/2.0") == 1);
    CHECK(tnd_endpoint_eq(&p.side[ALICE].sent[0].to, &p.side[BOB].addresses[0]));
    pair_close(&p);
}

/* A request of alice to bob, whose events nobody reads meanwhile. */
static void feed_request(struct tnd_ua *bob, const char *method, int cseq, const char *tag)
{
    static char text[2048], room[65536];
    struct tnd_endpoint local, remote;
    struct tnd_arena a;
    struct tnd_msg msg;
    size_t body_len = strcmp(method, "ACK") == 0 ? 0 : strlen(pair_sdp);
    int number = strcmp(method, "ACK") == 0 ? 1 : cseq;

    snprintf(text, sizeof(text),
             "%s sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%d\r\n"
             "Max-Forwards: 70\r\nFrom: <sip:alice@192.0.2.1>;tag=a1\r\n"
             "To: <sip:bob@192.0.2.2>%s\r\nCall-ID: o\r\nCSeq: %d %s\r\n"
             "Contact: <sip:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             method, cseq, tag, number, method, body_len, body_len ? pair_sdp : "");
    if (body_len > 0)
        *(strstr(text, "o=- 7 1") + 6) = (char)('0' + cseq); /* RFC 3264 §8: another version */
    tnd_endpoint_parse(TND_STR("192.0.2.2"), TND_TRANSPORT_UDP, &local);
    tnd_endpoint_parse(TND_STR("192.0.2.1"), TND_TRANSPORT_UDP, &remote);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_msg_parse(&msg, &a, tnd_slice_str(text), TND_DATAGRAM), 0);
    CHECK_EQ(
        tnd_ua_feed(bob, 0,
                    &(struct tnd_input){
                        .kind = TND_IN_MESSAGE, .flow = {1, local, remote}, .msg = &msg, .a = &a}),
        0);
}

static const char *tag_of_answer(struct tnd_ua *bob)
{
    static char answer[4096];
    struct tnd_output out = {.bytes = {NULL, 0}};

    while (tnd_ua_take(bob, &out))
        snprintf(answer, sizeof(answer), "%.*s", TND_FMT(out.bytes));
    const char *tag = strstr(pair_value(answer, "To"), ";tag=");
    CHECK(tag);
    return tag;
}

TND_TEST(ua_events_last, "RFC 3264 §4",
         "what an event points to stays while others are read, whatever is said or comes meanwhile")
{
    static struct pair p;
    struct tnd_ua_event event, incoming, answered = {.kind = TND_UA_ENDED};

    pair_prepare(&p);
    pair_start(&p, BOB);
    struct tnd_ua *bob = p.side[BOB].ua;
    feed_request(bob, "INVITE", 1, "");
    CHECK(tnd_ua_event(bob, &incoming));
    CHECK_EQ(tnd_ua_accept(bob, 0, incoming.id), 0);
    while (answered.kind != TND_UA_ANSWERED)
        CHECK(tnd_ua_event(bob, &answered));
    const char *tag = tag_of_answer(bob);
    feed_request(bob, "ACK", 2, tag);
    for (int cseq = 3; cseq < 6; cseq++) /* each is an exchange that ends the one before */
        feed_request(bob, "UPDATE", cseq, tag);
    CHECK_EQ(tnd_ua_end(bob, 0, incoming.id), 0);
    CHECK_STR(incoming.uri, "sip:alice@192.0.2.1");
    CHECK_EQ(answered.session->flow_count, 1);
    CHECK_STR(answered.session->flows[0].remote.address, "192.0.2.2");
    CHECK_STR(answered.session->flows[0].formats[0].codec.encoding, "PCMU");
    int changes = 0;
    while (tnd_ua_event(bob, &event))
        changes += event.kind == TND_UA_CHANGED;
    CHECK_EQ(changes, 3);
    pair_close(&p);
}
