#include <stdio.h>
#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

static const struct tnd_ua_call TO_BOB = {.uri = TND_STR_INIT("sip:bob@192.0.2.2")};

static void finish(struct pair *p)
{
    tnd_ua_end(p->side[ALICE].ua, p->now, p->side[ALICE].id);
    pair_take(p, ALICE);
    pair_run(p, TND_SEC(80));
    for (int i = 0; i < PAIR_COUNT; i++) {
        CHECK_EQ(pair_event_count(p, i, TND_UA_ENDED), 1);
        CHECK_EQ(tnd_ua_due(p->side[i].ua), TND_NEVER_DUE);
    }
    pair_close(p);
}

TND_TEST(ua_rings_reliably, "RFC 3262 §3, §4",
         "a reliable 180 is sent again until its PRACK comes, and the call goes on")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[BOB].config.require_100rel = 1;
    p.side[BOB].accepts = false;
    pair_start(&p, ALICE);
    pair_start(&p, BOB);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0 180"), "Require"), "100rel"), 0);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 1);
    CHECK_EQ(pair_count(&p, ALICE, "PRACK"), 1);
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "PRACK"), "RAck"), "1 INVITE"));
    CHECK_EQ(tnd_ua_accept(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
    pair_take(&p, BOB);
    pair_run(&p, TND_SEC(2));
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    finish(&p);
}

TND_TEST(ua_prack_never_comes, "RFC 3262 §3",
         "a reliable response that nobody acknowledges in 64*T1 ends the call with 504")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[BOB].config.require_100rel = 1;
    p.side[BOB].accepts = false;
    pair_start(&p, ALICE);
    pair_start(&p, BOB);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(15));
    p.is_deaf = true;
    pair_run(&p, TND_SEC(80));
    CHECK(pair_count(&p, BOB, "SIP/2.0 180") > 5);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.code, 504);
    pair_close(&p);
}

static const char OFFERLESS[] =
    "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-offerless\r\nMax-Forwards: 70\r\n"
    "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: offerless\r\n"
    "CSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\n%sContent-Length: 0\r\n\r\n";

static void say_offerless(struct pair *p, const char *lines)
{
    char text[1024];

    snprintf(text, sizeof(text), OFFERLESS, lines);
    pair_say(p, ALICE, text);
    pair_run(p, TND_MS(100));
}

/* In the dialog of the INVITE above. */
static void say_in_dialog(struct pair *p, const char *method, unsigned cseq, const char *lines,
                          const char *body)
{
    char text[2048];

    snprintf(text, sizeof(text),
             "%s sip:bob@192.0.2.2 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-%s-%u\r\nMax-Forwards: 70\r\n"
             "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: %s\r\nCall-ID: offerless\r\n"
             "CSeq: %u %s\r\nContact: <sip:alice@192.0.2.1>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
             method, method, cseq, pair_value(pair_last(p, BOB, "SIP/2.0"), "To"), cseq, method,
             lines, body ? "Content-Type: application/sdp\r\n" : "", body ? strlen(body) : 0,
             body ? body : "");
    pair_say(p, ALICE, text);
    pair_run(p, TND_MS(100));
}

TND_TEST(ua_offers_in_200, "RFC 3261 §13.3.1.4",
         "an INVITE without an offer gets one in the 200; its ACK has the answer")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, BOB);
    say_offerless(&p, "");
    CHECK(strstr(pair_last(&p, BOB, "SIP/2.0 200"), "m=audio 4100"));
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_MEDIA), 0);
    say_in_dialog(&p, "ACK", 1, "", pair_sdp);
    CHECK(pair_event(&p, BOB, TND_UA_CHANGED)->is_live);
    pair_run(&p, TND_SEC(5));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 200"), 1);
    say_in_dialog(&p, "BYE", 2, "", NULL);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    pair_close(&p);
}

TND_TEST(ua_ack_without_answer, "RFC 3261 §13.2.2.4",
         "an ACK without the answer that is due ends the call by BYE")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, BOB);
    say_offerless(&p, "");
    say_in_dialog(&p, "ACK", 1, "", NULL);
    CHECK_EQ(pair_count(&p, BOB, "BYE"), 1);
    CHECK(pair_event(&p, BOB, TND_UA_TROUBLE));
    pair_close(&p);
}

TND_TEST(
    ua_offers_in_180, "RFC 3262 §5",
    "an INVITE without an offer gets one in the first reliable response; its PRACK has the answer")
{
    static struct pair p;

    pair_prepare(&p);
    p.side[BOB].accepts = false;
    pair_start(&p, BOB);
    say_offerless(&p, "Require: 100rel\r\n");
    char rack[128];
    snprintf(rack, sizeof(rack), "RAck: %s 1 INVITE\r\n",
             pair_value(pair_last(&p, BOB, "SIP/2.0 180"), "RSeq"));
    CHECK(strstr(pair_last(&p, BOB, "SIP/2.0 180"), "m=audio 4100"));
    say_in_dialog(&p, "PRACK", 2, "RAck: 77 1 INVITE\r\n", pair_sdp);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 481"), 1);
    say_in_dialog(&p, "PRACK", 3, rack, pair_sdp);
    CHECK(pair_event(&p, BOB, TND_UA_MEDIA)->is_live);
    CHECK_EQ(tnd_ua_accept(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
    pair_take(&p, BOB);
    CHECK(!strstr(pair_last(&p, BOB, "SIP/2.0 200"), "m=audio"));
    say_in_dialog(&p, "ACK", 1, "", NULL);
    say_in_dialog(&p, "INVITE", 2, "", NULL);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 500"), 1); /* its CSeq is too low */
    pair_close(&p);
}

static void open_with(struct pair *p, enum tnd_ua_precondition alice, enum tnd_ua_precondition bob,
                      int reserves)
{
    struct tnd_ua_call call = TO_BOB;

    pair_prepare(p);
    p->side[BOB].config.precondition = (uint8_t)bob;
    p->side[BOB].reserves = reserves;
    pair_start(p, ALICE);
    pair_start(p, BOB);
    call.precondition = (uint8_t)alice;
    pair_call(p, &call);
    pair_run(p, TND_SEC(5));
}

TND_TEST(ua_preconditions_are_met, "RFC 3312 §13",
         "with preconditions a phone rings when both sides have reserved: 183, PRACK, UPDATE, 180")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_MANDATORY, TND_UA_PRECONDITION_OPTIONAL, 1);
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "a=des:qos mandatory local sendrecv"));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "INVITE"), "Require"), "precondition"));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 183"), 1);
    CHECK(pair_count(&p, ALICE, "UPDATE") >= 1);
    CHECK(pair_event(&p, ALICE, TND_UA_RESERVE));
    CHECK(pair_event(&p, BOB, TND_UA_RESERVE));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 1);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    CHECK(pair_event(&p, BOB, TND_UA_ANSWERED)->is_live);
    finish(&p);
}

TND_TEST(ua_preconditions_wait, "RFC 3312 §7",
         "nobody is alerted while something that is mandatory is not reserved")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_MANDATORY, TND_UA_PRECONDITION_MANDATORY, 0);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 0);
    size_t stream = pair_event(&p, BOB, TND_UA_RESERVE)->event.stream;
    CHECK_EQ(tnd_ua_reserved(p.side[BOB].ua, p.now, p.side[BOB].id, stream, true), 0);
    pair_take(&p, BOB);
    pair_run(&p, TND_SEC(5));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 1);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
    CHECK_EQ(tnd_ua_reserved(p.side[BOB].ua, p.now, p.side[BOB].id, stream, true), TND_ESTATE);
    finish(&p);
}

TND_TEST(
    ua_preconditions_fail, "RFC 3312 §8",
    "what cannot be reserved is refused with 580 and the lines that failed; then the call goes "
    "without being mandatory")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_MANDATORY, TND_UA_PRECONDITION_OPTIONAL, -1);
    CHECK(strstr(pair_last(&p, BOB, "SIP/2.0 580"), "a=des:qos failure"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_RELAX_PRECONDITIONS);
    CHECK(!strstr(pair_last(&p, ALICE, "INVITE"), "mandatory"));
    pair_run(&p, TND_SEC(5));
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
    pair_close(&p);
}

TND_TEST(ua_preconditions_are_not_known, "RFC 3312 §11",
         "preconditions are refused with 420 by who does not know them, and asked for no more")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_MANDATORY, TND_UA_PRECONDITION_NONE, 1);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0 420"), "Unsupported"), "precondition"),
             0);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
    finish(&p);
}

TND_TEST(ua_preconditions_are_optional, "RFC 3312 §5.1",
         "what is optional is reserved, and does not hold the call up")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_OPTIONAL, TND_UA_PRECONDITION_OPTIONAL, 1);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
    finish(&p);
}

TND_TEST(ua_needs_preconditions, "RFC 3261 §21.4.16",
         "who needs preconditions refuses a caller who does not know them with 421")
{
    static struct pair p;

    open_with(&p, TND_UA_PRECONDITION_NONE, TND_UA_PRECONDITION_MANDATORY, 1);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 421"), 1);
    pair_close(&p);
}

TND_TEST(
    ua_caller_cannot_reserve, "RFC 3312 §8",
    "a caller who cannot reserve what is mandatory cancels, says why, and does not relax what he keeps")
{
    static struct pair p;
    struct tnd_ua_call call = TO_BOB;

    pair_prepare(&p);
    p.side[ALICE].config.recover.keeps_preconditions = true;
    p.side[BOB].config.precondition = TND_UA_PRECONDITION_OPTIONAL;
    p.side[ALICE].reserves = -1;
    pair_start(&p, ALICE);
    pair_start(&p, BOB);
    call.precondition = TND_UA_PRECONDITION_MANDATORY;
    pair_call(&p, &call);
    pair_run(&p, TND_SEC(5));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "CANCEL"), "Reason"), "cause=580"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_REFUSED);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 580);
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_ANSWERED), 0);
    finish(&p);
}

static void call_without_resources(struct pair *p)
{
    struct tnd_ua_call call = TO_BOB;

    pair_prepare(p);
    p->side[BOB].config.precondition = TND_UA_PRECONDITION_OPTIONAL;
    p->side[ALICE].reserves = -1;
    pair_start(p, ALICE);
    pair_start(p, BOB);
    call.precondition = TND_UA_PRECONDITION_MANDATORY;
    pair_call(p, &call);
}

TND_TEST(ua_caller_relaxes, "RFC 3312 §8",
         "a caller who cannot reserve what is mandatory cancels, and calls again with best effort")
{
    static struct pair p;

    call_without_resources(&p);
    pair_run(&p, TND_SEC(5));
    CHECK(strstr(pair_value(pair_last(&p, ALICE, "CANCEL"), "Reason"), "cause=580"));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ATTEMPT), 1);
    const struct pair_event *attempt = pair_event(&p, ALICE, TND_UA_ATTEMPT);
    CHECK_EQ(attempt->event.code, 580);
    CHECK_EQ(attempt->action, TND_RECOVER_RELAX_PRECONDITIONS);
    CHECK(!attempt->msg && strstr(attempt->text, "could not be reserved here"));
    CHECK(strstr(pair_nth(&p, ALICE, "INVITE", 0), "a=des:qos mandatory"));
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "a=des:qos optional"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ANSWERED)->event.code, 200);
    tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id);
    pair_take(&p, ALICE);
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 1);
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_ENDED), 2); /* to him it was two calls */
    for (int i = 0; i < PAIR_COUNT; i++)
        CHECK_EQ(tnd_ua_due(p.side[i].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(
    ua_caller_relaxes_and_is_ended, "RFC 3261 §9.1",
    "who hangs up while his INVITE is being cancelled for want of resources does not call again")
{
    static struct pair p;

    call_without_resources(&p);
    while (pair_count(&p, ALICE, "CANCEL") == 0)
        pair_run(&p, TND_MS(1));
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_count(&p, ALICE, "INVITE"), 1);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 487);
    finish(&p);
}
