/* What new requests deserve. */
#include <stdio.h>

#include "unit/node/play.h"
#include "unit/test.h"

static struct play p;

#define SERVER   "sip:192.0.2.1"
#define NOBODY   "sip:nobody@example.com"
#define ELSEHOST "sip:bob@elsewhere.example"

/* The code that a request gets, from a node of its own. */
static unsigned code_of(const char *method, const char *uri, const char *lines)
{
    play_open(&p);
    play_say(&p, method, uri, lines);
    unsigned code = play_code(&p);
    play_close(&p);
    return code;
}

TND_TEST(server_options, "RFC 3261 §11.2", "OPTIONS to the server says what it serves")
{
    PROVES(UAS_OPTIONS);
    CHECK_EQ(code_of("OPTIONS", SERVER, ""), 200);
    CHECK(play_has(&p, "\r\nAllow: OPTIONS\r\n"));
    CHECK(play_has(&p, "\r\nAccept: application/sdp\r\n"));
    CHECK(play_has(&p, "\r\nAccept-Encoding: "));
    CHECK(play_has(&p, "\r\nAccept-Language: "));
    CHECK(play_has(&p, "\r\nSupported:"));
    CHECK(*play_to_tag(&p)); /* §8.2.6.2 */
    CHECK_EQ(code_of("OPTIONS", "sip:example.com", ""), 200);
    CHECK_EQ(code_of("OPTIONS", "sip:EXAMPLE.com:5099", ""), 200);
    CHECK_EQ(code_of("OPTIONS", "sip:192.0.2.1:5099", ""), 404);
    CHECK_EQ(code_of("OPTIONS", "sip:192.0.2.1:5060", ""), 200);
}

TND_TEST(own_addresses, "RFC 3261 §16.4",
         "a URI names us by an address of ours, also the one it came to")
{
    play_open(&p);
    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:192.0.2.77:5070"), 0, &p.flow.local), 0);
    play_say(&p, "OPTIONS", "sip:192.0.2.77:5070", "");
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "OPTIONS", "sip:192.0.2.77", ""); /* as a domain: where we listen is no matter */
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "OPTIONS", "sip:192.0.2.77:5060", "");
    CHECK_EQ(play_code(&p), 404);
    play_say(&p, "OPTIONS", "sip:192.0.2.78", "");
    CHECK_EQ(play_code(&p), 404);
    p.config.advertise = TND_STR("sip.example.net:5080");
    play_say(&p, "OPTIONS", "sip:sip.example.net", "");
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "OPTIONS", "sip:sip.example", "");
    CHECK_EQ(play_code(&p), 404);
    play_close(&p);
}

TND_TEST(server_method, "RFC 3261 §8.2.1", "a method that is known and not served gets 405, Allow")
{
    static const char *const methods[] = {"INVITE", "BYE",     "REGISTER", "SUBSCRIBE",
                                          "NOTIFY", "UPDATE",  "PRACK",    "INFO",
                                          "REFER",  "MESSAGE", "PUBLISH"};

    PROVES(UAS_METHOD);
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        CHECK_EQ(code_of(methods[i], SERVER,
                         "Contact: <sip:a@198.51.100.7>\r\n"
                         "Event: dialog\r\nRefer-To: <sip:c@example.com>\r\n"
                         "RAck: 1 1 INVITE\r\n"
                         "Subscription-State: active\r\n"
                         "Require: foo\r\n"), /* §8.2: what it requires is asked later */
                 405);
        CHECK(play_has(&p, "\r\nAllow: OPTIONS\r\n"));
    }
}

TND_TEST(unknown_method, "RFC 3261 §21.5.2", "a method that nobody knows gets 501")
{
    PROVES(UAS_METHOD_UNKNOWN);
    CHECK_EQ(code_of("DANCE", SERVER, ""), 501);
    CHECK_EQ(code_of("invite", NOBODY, ""), 501); /* §7.1: with case */
}

TND_TEST(foreign_scheme, "RFC 3261 §8.2.2.1", "a Request-URI of a foreign scheme gets 416")
{
    PROVES(UAS_SCHEME);
    CHECK_EQ(code_of("OPTIONS", "http://example.com/", ""), 416);
}

TND_TEST(unknown_user, "RFC 3261 §21.4.5", "a user who does not exist gets 404, and why")
{
    PROVES(UAS_USER);
    CHECK_EQ(code_of("INVITE", NOBODY, ""), 404);
    CHECK(play_has(&p, "\r\nWarning: 399 192.0.2.1 \"UAS_USER: "));
    CHECK_EQ(code_of("INVITE", "sip:lab-99@example.com", ""), 404);
    CHECK_EQ(code_of("INVITE", "sip:lab-700@example.com", ""), 404);
}

TND_TEST(foreign_domain, "RFC 3261 §8.2.2.1", "what is not served here is refused, not relayed")
{
    PROVES(UAS_REQUEST_URI);
    CHECK_EQ(code_of("INVITE", ELSEHOST, ""), 404);
    CHECK_EQ(code_of("INVITE", "tel:+49301234", ""), 404);
    CHECK_EQ(code_of("INVITE", "sip:lab-200@elsewhere.example", ""), 404);
    /* a Route leads away; one that names us is used up (§16.4) */
    CHECK_EQ(code_of("OPTIONS", SERVER, "Route: <sip:elsewhere.example;lr>\r\n"), 404);
    CHECK_EQ(code_of("OPTIONS", SERVER, "Route: <sip:example.com;lr>\r\n"), 200);
}

TND_TEST(lab_is_off, "RFC 3261 §21.4.5", "without the lab its users do not exist")
{
    play_open(&p);
    p.config.lab = false;
    tnd_node_configure(p.node, &p.config);
    play_say(&p, "INVITE", "sip:lab-486@example.com", "");
    CHECK_EQ(play_code(&p), 404);
    play_close(&p);
}

TND_TEST(max_forwards, "RFC 3261 §16.3", "Max-Forwards 0 gets 483, but of what ends here")
{
    PROVES(PROXY_MAX_FORWARDS);
    CHECK_EQ(code_of("INVITE", NOBODY, "Max-Forwards: 0\r\n"), 483);
    CHECK_EQ(code_of("INVITE", ELSEHOST, "Max-Forwards: 0\r\n"), 483);
    CHECK_EQ(code_of("OPTIONS", ELSEHOST, "Max-Forwards: 0\r\n"), 200);
    CHECK_EQ(code_of("OPTIONS", SERVER, "Max-Forwards: 0\r\n"), 200);
    CHECK_EQ(code_of("INVITE", "sip:lab-486@example.com", "Max-Forwards: 0\r\n"), 486);
    CHECK_EQ(code_of("INVITE", NOBODY, "Max-Forwards: 1\r\n"), 404);
}

TND_TEST(require, "RFC 3261 §8.2.2.3", "420 lists exactly what Require asks for and is not known")
{
    PROVES(UAS_REQUIRE);
    CHECK_EQ(code_of("OPTIONS", SERVER, "Require: foo\r\n"), 420);
    CHECK(play_has(&p, "\r\nUnsupported: foo\r\n"));
    CHECK_EQ(code_of("INVITE", "sip:lab-200@example.com", "Require: foo,bar\r\nRequire: baz\r\n"),
             420);
    CHECK(play_has(&p, "\r\nUnsupported: foo, bar, baz\r\n"));
    /* who does not serve the request lets it be (§16.3) */
    CHECK_EQ(code_of("INVITE", NOBODY, "Require: foo\r\n"), 404);
}

TND_TEST(require_precondition, "RFC 3312 §11", "of the lab lab-580 alone knows preconditions")
{
    CHECK_EQ(code_of("INVITE", "sip:lab-580@example.com", "Require: precondition\r\n"), 200);
    CHECK_EQ(code_of("INVITE", "sip:lab-580@example.com", "Require: precondition, foo\r\n"), 420);
    CHECK_EQ(code_of("INVITE", "sip:lab-580@example.com", "Proxy-Require: precondition\r\n"), 420);
    CHECK_EQ(code_of("INVITE", "sip:lab-200@example.com", "Require: precondition\r\n"), 420);
}

TND_TEST(proxy_require, "RFC 3261 §16.3", "420 lists what Proxy-Require asks for and is not known")
{
    PROVES(PROXY_REQUIRE);
    CHECK_EQ(code_of("INVITE", NOBODY, "Proxy-Require: foo\r\nRequire: bar\r\n"), 420);
    CHECK(play_has(&p, "\r\nUnsupported: foo\r\n"));
    CHECK_EQ(code_of("OPTIONS", SERVER, "Proxy-Require: foo\r\nRequire: bar\r\n"), 420);
    CHECK(play_has(&p, "\r\nUnsupported: foo, bar\r\n"));
}

TND_TEST(no_dialog, "RFC 3261 §12.2.2", "a request of a dialog that nobody knows gets 481")
{
    static const char *const methods[] = {"INVITE", "BYE",   "UPDATE",  "PRACK",   "NOTIFY",
                                          "INFO",   "REFER", "MESSAGE", "OPTIONS", "SUBSCRIBE"};
    static const char *const uris[] = {SERVER, NOBODY, "sip:lab-200@example.com"};

    PROVES(UAS_NO_DIALOG);
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        for (size_t u = 0; u < sizeof(uris) / sizeof(*uris); u++) {
            play_open(&p);
            p.to_tag = "gone";
            play_say(&p, methods[i], uris[u],
                     "Contact: <sip:a@198.51.100.7>\r\nEvent: dialog\r\nRAck: 1 1 INVITE\r\n"
                     "Refer-To: <sip:c@example.com>\r\nSubscription-State: active\r\n");
            CHECK_EQ(play_code(&p), 481);
            play_close(&p);
        }
}

TND_TEST(no_transaction, "RFC 3261 §9.2", "a CANCEL that finds nothing gets 481")
{
    PROVES(UAS_NO_TRANSACTION);
    CHECK_EQ(code_of("CANCEL", NOBODY, ""), 481);
    CHECK_EQ(code_of("CANCEL", "sip:lab-200@example.com", ""), 481);
}

TND_TEST(never_answered, "RFC 3261 §17.1.1.3", "an ACK and a response are never answered")
{
    PROVES(UAS_ACK);
    play_open(&p);
    play_say(&p, "ACK", NOBODY, "");
    CHECK_EQ(p.out_count, 0);
    play_say(&p, "ACK", "sip:lab-200@example.com", "Require: foo\r\nMax-Forwards: 0\r\n");
    CHECK_EQ(p.out_count, 0);
    play_feed(&p, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n"
                  "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
                  "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
    CHECK_EQ(p.out_count, 0);
    play_feed(&p, "\r\n\r\n");
    play_feed(&p, "hello");
    play_feed(&p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->dropped, 6);
    play_close(&p);
}

TND_TEST(malformed, "RFC 3261 §21.4.1", "a flaw that matters gets 400, and a reason that names it")
{
    CHECK_EQ(code_of("OPTIONS", SERVER, "Contact: <sip:a@b\r\n"), 400);
    CHECK(play_has(&p, "SIP/2.0 400 Bad Contact: "));
    CHECK(play_has(&p, "\r\nWarning: 399 192.0.2.1 \"ADDR_ANGLE: "));
    play_open(&p);
    play_feed(&p,
              "OPTIONS sip:192.0.2.1 SIP/3.0\r\nVia: SIP/2.0/UDP 198.51.100.7\r\n"
              "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n");
    CHECK_EQ(play_code(&p), 505);
    play_close(&p);
}

TND_TEST(draining, "RFC 3261 §21.5.4", "a server that is about to stop refuses what is new")
{
    PROVES(UAS_DRAINING);
    play_open(&p);
    p.config.draining = true;
    tnd_node_configure(p.node, &p.config);
    play_say(&p, "INVITE", "sip:lab-200@example.com", "");
    CHECK_EQ(play_code(&p), 503);
    CHECK(play_has(&p, "\r\nRetry-After: "));
    play_close(&p);
}

TND_TEST(same_answer, "RFC 3261 §8.2.7",
         "without a transaction the same request has the same answer")
{
    char first[PLAY_TEXT_SIZE];

    play_open(&p);
    play_say(&p, "INVITE", NOBODY, "");
    memcpy(first, play_text(&p), sizeof(first));
    p.now += TND_SEC(5);
    play_say(&p, "INVITE", NOBODY, "");
    CHECK_STR(tnd_slice_str(play_text(&p)), first);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
    play_open(&p); /* after a restart with the same key, too */
    play_say(&p, "INVITE", NOBODY, "");
    CHECK_STR(tnd_slice_str(play_text(&p)), first);
    play_close(&p);
}

TND_TEST(source, "RFC 3581 §4", "the response says where the request came from, and goes there")
{
    play_open(&p);
    p.sent_by = "client.example:5099;rport";
    play_say(&p, "OPTIONS", SERVER, "");
    CHECK(play_has(&p, "\r\nVia: SIP/2.0/UDP client.example:5099;branch=z9hG4bKplay;"
                       "received=198.51.100.7;rport=5062\r\n"));
    CHECK_EQ(p.outs[0].out.to.port, 5062);
    CHECK_EQ(p.outs[0].out.flow, PLAY_UDP);
    p.sent_by = "client.example:5099;maddr=203.0.113.9";
    play_say(&p, "OPTIONS", SERVER, ""); /* no stranger is talked to */
    CHECK_EQ(p.outs[0].out.to.port, 5099);
    CHECK_EQ(p.outs[0].out.to.octets[0], 198);
    play_close(&p);
}

TND_TEST(rate, "limits.requests_per_second", "more than a source may send is not answered")
{
    play_open(&p);
    p.config.requests_per_second = 3;
    for (unsigned i = 0; i < 5; i++) {
        play_say(&p, "OPTIONS", SERVER, "");
        CHECK_EQ(p.out_count, i < 3);
    }
    CHECK_EQ(tnd_node_stats(p.node)->limited, 2);
    p.flow.remote.octets[3]++;
    play_say(&p, "OPTIONS", SERVER, ""); /* another source */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), 1);
    p.flow.remote.octets[3]--;
    p.now += TND_SEC(1);
    play_say(&p, "OPTIONS", SERVER, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), 1);
    play_close(&p);
}

TND_TEST(why, "RFC 3261 §20.43", "each refusal leaves a record of its rule and what decided")
{
    char line[512];
    struct tnd_writer w = tnd_writer(line, sizeof(line));

    play_open(&p);
    p.config.log = true;
    play_say(&p, "INVITE", NOBODY, "");
    const struct tnd_why *why = tnd_node_why(p.node, tnd_slice_str(p.call_id));
    CHECK(why && why->rule == TND_RULE_UAS_USER && why->code == 404);
    CHECK_EQ(play_count(&p, TND_OUT_WHY, 0), 1);
    tnd_why_write(&w, why);
    CHECK_STR(tnd_writer_slice(&w),
              "404 to INVITE from udp:198.51.100.7:5062: UAS_USER: a request for a user who does "
              "not exist is refused with 404 (RFC 3261 §21.4.5) [nobody] Call-ID "
              "call-1@198.51.100.7");
    CHECK(!tnd_node_why(p.node, TND_STR("another")));
    play_close(&p);
}

TND_TEST(why_is_a_line, "tandem/node.h", "a record is one line, whatever a peer wrote")
{
    char line[512];
    struct tnd_writer w = tnd_writer(line, sizeof(line));

    play_open(&p);
    play_say(&p, "OPTIONS", SERVER, "Subject: a\nSubject: b\r\n");
    CHECK_EQ(play_code(&p), 400);
    const struct tnd_why *why = tnd_node_why(p.node, tnd_slice_str(p.call_id));
    CHECK(memchr(why->fact, '\n', why->fact_len));
    tnd_why_write(&w, why);
    CHECK(!tnd_writer_over(&w));
    for (size_t i = 0; i < w.len; i++)
        CHECK((unsigned char)line[i] >= ' ' && line[i] != 127);
    play_close(&p);
}

TND_TEST(why_of_each, "tandem/node.h", "however many records are logged, each is its own")
{
    struct tnd_output out;
    unsigned fed = 0, count = 0;
    int err = 0;

    play_open(&p);
    p.config.log = true;
    for (; err == 0; fed++) {
        static char room[65536];
        char text[512];
        struct tnd_arena a;
        struct tnd_msg msg;

        snprintf(
            text, sizeof(text),
            "OPTIONS sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKx\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: %08u\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            fed);
        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice_str(text)), 0);
        err = tnd_node_feed(
            p.node, 0,
            &(struct tnd_input){.kind = TND_IN_MESSAGE, .flow = p.flow, .msg = &msg, .a = &a});
    }
    CHECK_EQ(err, TND_ESPACE);
    CHECK(fed > TND_WHY_COUNT);
    while (tnd_node_take(p.node, &out)) {
        char call_id[16];

        if (out.kind != TND_OUT_WHY)
            continue;
        snprintf(call_id, sizeof(call_id), "%08u", count++);
        CHECK_STR(tnd_slice(out.why->call_id, out.why->call_id_len), call_id);
    }
    CHECK_EQ(count, fed - 1);
    play_close(&p);
}
