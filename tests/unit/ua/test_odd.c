/* Peers of the test's own, who do what user agents of ours never would. */
#include <stdio.h>
#include <string.h>

#include "ua/call.h"
#include "unit/test.h"
#include "unit/ua/pair.h"

static const struct tnd_ua_call TO_BOB = {.uri = TND_STR_INIT("sip:bob@192.0.2.2")};
static const char contact[] = "Contact: <sip:bob@192.0.2.2>\r\n";

static void call_script(struct pair *p)
{
    pair_prepare(p);
    pair_start(p, ALICE);
    pair_call(p, &TO_BOB);
    pair_run(p, TND_MS(100));
}

static void respond(struct pair *p, const char *start, unsigned code, const char *lines,
                    const char *body)
{
    pair_respond(p, BOB, pair_last(p, ALICE, start), code, "b", lines, body);
    pair_run(p, TND_MS(100));
}

/* Of bob, in the dialog that alice made. */
static void say(struct pair *p, const char *method, unsigned cseq, const char *lines,
                const char *body)
{
    const char *invite = pair_nth(p, ALICE, "INVITE", 0);
    char text[4096];

    snprintf(text, sizeof(text),
             "%s sip:alice@192.0.2.1 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-%s-%u\r\nMax-Forwards: 70\r\n"
             "From: <sip:bob@192.0.2.2>;tag=b\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
             "%s%s%sContent-Length: %zu\r\n\r\n%s",
             method, method, cseq, pair_value(invite, "From"), pair_value(invite, "Call-ID"), cseq,
             method, contact, lines, body ? "Content-Type: application/sdp\r\n" : "",
             body ? strlen(body) : 0, body ? body : "");
    pair_say(p, BOB, text);
    pair_run(p, TND_MS(100));
}

static void answer_script(struct pair *p)
{
    call_script(p);
    respond(p, "INVITE", 200, contact, pair_sdp);
    CHECK(pair_event(p, ALICE, TND_UA_ANSWERED));
}

TND_TEST(ua_refreshes_by_invite, "RFC 4028 §7.4",
         "a session is refreshed by re-INVITE where the other side does not allow UPDATE")
{
    static struct pair p;

    call_script(&p);
    respond(&p, "INVITE", 200,
            "Contact: <sip:bob@192.0.2.2>\r\nSession-Expires: 90;refresher=uac\r\n"
            "Require: timer\r\n",
            pair_sdp);
    pair_run(&p, TND_SEC(50));
    CHECK_EQ(pair_count(&p, ALICE, "UPDATE"), 0);
    const char *again = pair_last(&p, ALICE, "INVITE");
    CHECK_EQ(strcmp(pair_value(again, "CSeq"), "2 INVITE"), 0);
    CHECK(strstr(again, "m=audio 4000"));
    pair_close(&p);
}

TND_TEST(
    ua_preview, "RFC 3261 §13.2.1",
    "a description in an unreliable 183 is as good as that of the 200 that follows without one")
{
    static struct pair p;

    call_script(&p);
    respond(&p, "INVITE", 183, contact, pair_sdp);
    CHECK(pair_event(&p, ALICE, TND_UA_MEDIA)->is_live);
    CHECK_EQ(pair_count(&p, ALICE, "PRACK"), 0);
    respond(&p, "INVITE", 200, contact, pair_sdp);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    pair_close(&p);
}

TND_TEST(ua_refuses_changes, "RFC 3261 §14.2",
         "a re-INVITE or UPDATE that cannot be served is refused, and the call goes on as it was")
{
    static struct pair p;
    static const char video[] = "v=0\r\no=- 7 2 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\n"
                                "t=0 0\r\nm=video 4000 RTP/AVP 31\r\n";

    answer_script(&p);
    say(&p, "INVITE", 11, "", video);
    CHECK_EQ(pair_count(&p, ALICE, "SIP/2.0 488"), 1);
    say(&p, "ACK", 11, "", NULL);
    say(&p, "INVITE", 12, "", "v=0\r\nnonsense\r\n");
    CHECK_EQ(pair_count(&p, ALICE, "SIP/2.0 400"), 1);
    say(&p, "UPDATE", 13, "Session-Expires: 30\r\nSupported: timer\r\n", NULL);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, ALICE, "SIP/2.0 422"), "Min-SE"), "90"), 0);
    say(&p, "PRACK", 14, "RAck: 1 1 INVITE\r\n", NULL);
    CHECK_EQ(pair_count(&p, ALICE, "SIP/2.0 481"), 1);
    say(&p, "UPDATE", 15, "", NULL);
    CHECK_EQ(pair_count(&p, ALICE, "SIP/2.0 200"), 1);
    say(&p, "UPDATE", 9, "", NULL);
    CHECK_EQ(pair_count(&p, ALICE, "SIP/2.0 500"), 1);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_CHANGED), 0);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    say(&p, "BYE", 16, "", NULL);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    pair_close(&p);
}

static const char *sdp_at(const char *address, unsigned version)
{
    static char text[256];

    snprintf(text, sizeof(text),
             "v=0\r\no=- 7 %u IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
             "m=audio 4100 RTP/AVP 0\r\n",
             version, address);
    return text;
}

TND_TEST(bug_session_of_an_event_ended, "RFC 3311 §5.2",
         "what was agreed is told as it was then, though it changes again before it is heard")
{
    static struct pair p;

    answer_script(&p);
    p.side[ALICE].is_busy = true;
    say(&p, "UPDATE", 11, "", sdp_at("192.0.2.11", 2));
    say(&p, "UPDATE", 12, "", sdp_at("192.0.2.12", 3));
    say(&p, "BYE", 13, "", NULL);
    p.side[ALICE].is_busy = false;
    size_t first = p.side[ALICE].event_count;
    pair_take(&p, ALICE);
    CHECK_EQ(p.side[ALICE].event_count, first + 3);
    CHECK_EQ(strcmp(p.side[ALICE].events[first].remote, "192.0.2.11"), 0);
    CHECK_EQ(strcmp(p.side[ALICE].events[first + 1].remote, "192.0.2.12"), 0);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 1);
    pair_close(&p);
}

TND_TEST(ua_offers_again, "RFC 3261 §14.2",
         "a re-INVITE without an offer gets one in its 200, and the answer comes in the ACK")
{
    static struct pair p;

    answer_script(&p);
    say(&p, "INVITE", 11, "", NULL);
    CHECK(strstr(pair_last(&p, ALICE, "SIP/2.0 200"), "m=audio 4000"));
    say(&p, "ACK", 11, "", pair_sdp);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_CHANGED)->event.code, 200);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    pair_close(&p);
}

TND_TEST(ua_reinvite_without_ack, "RFC 3261 §14.2",
         "a call whose re-INVITE was answered and never acknowledged is ended by BYE")
{
    static struct pair p;

    answer_script(&p);
    say(&p, "INVITE", 11, "", pair_sdp);
    pair_run(&p, TND_SEC(33));
    CHECK(pair_count(&p, ALICE, "SIP/2.0 200") > 5);
    CHECK(pair_count(&p, ALICE, "BYE") > 0);
    respond(&p, "BYE", 200, "", NULL);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_NO_ACK);
    pair_close(&p);
}

TND_TEST(ua_history_of_siblings, "RFC 7044 §10.3",
         "the second contact of a redirect has the next index, and the first its own cause")
{
    static struct pair p;

    call_script(&p);
    respond(&p, "INVITE", 302, "Contact: <sip:c1@192.0.2.2>;q=0.9, <sip:c2@192.0.2.2>;q=0.1\r\n",
            NULL);
    respond(&p, "INVITE sip:c1", 404, "", NULL);
    const char *invite = pair_last(&p, ALICE, "INVITE sip:c2@192.0.2.2");
    CHECK(strstr(invite, "<sip:bob@192.0.2.2?Reason=SIP%3Bcause%3D302>;index=1\r\n"));
    CHECK(strstr(invite, "<sip:c1@192.0.2.2?Reason=SIP%3Bcause%3D404>;index=1.1\r\n"));
    CHECK(strstr(invite, "<sip:c2@192.0.2.2>;index=1.2\r\n"));
    pair_close(&p);
}

TND_TEST(ua_says_where_he_is, "RFC 3261 §13.3.1.2", "a redirect of ours names its contacts")
{
    static struct pair p;

    pair_open(&p);
    p.side[BOB].refuses = 302;
    p.side[BOB].contacts = "<sip:hotel@192.0.2.2>;q=0.5";
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0 302"), "Contact"),
                    "<sip:hotel@192.0.2.2>;q=0.5"),
             0);
    CHECK_EQ(pair_count(&p, ALICE, "INVITE sip:hotel@192.0.2.2"), 1);
    pair_run(&p, TND_SEC(60));
    pair_close(&p);
}

TND_TEST(ua_short_sessions, "RFC 4028 §9", "a call whose session is too short is refused with 422")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, BOB);
    pair_say(&p, ALICE,
             "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKs\r\nMax-Forwards: 70\r\n"
             "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: s\r\n"
             "CSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\nSession-Expires: 30\r\n"
             "Supported: timer\r\nContent-Length: 0\r\n\r\n");
    pair_run(&p, TND_MS(100));
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0 422"), "Min-SE"), "90"), 0);
    CHECK_EQ(p.side[BOB].event_count, 0);
    pair_run(&p, TND_SEC(40));
    pair_close(&p);
}

TND_TEST(bug_answer_behind_many_forks, "RFC 3261 §13.2.2.4",
         "a 2xx of one fork more than are remembered is the call all the same")
{
    static struct pair p;
    char tag[8];

    call_script(&p);
    for (int i = 0; i < UA_FORK_COUNT_MAX + 4; i++) {
        snprintf(tag, sizeof(tag), "f%d", i);
        pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 180, tag, contact, NULL);
        pair_run(&p, TND_MS(20));
    }
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 200, tag, contact, pair_sdp);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 1);
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    pair_close(&p);
}

/* A call whose 200 has these lines is acknowledged and ended, and why is told. */
static void check_unusable(const char *lines)
{
    static struct pair p;

    call_script(&p);
    respond(&p, "INVITE", 200, lines, pair_sdp);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 0);
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    CHECK_EQ(pair_count(&p, ALICE, "BYE"), 1);
    CHECK(strstr(pair_event(&p, ALICE, TND_UA_TROUBLE)->text, "Record-Route"));
    respond(&p, "BYE", 200, "", NULL);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(bug_answer_without_a_route, "RFC 3261 §13.2.2.4",
         "a 2xx whose Record-Route cannot be used is acknowledged, and its call is ended")
{
    char lines[4096];
    size_t len = (size_t)snprintf(lines, sizeof(lines), "%s", contact);

    for (int i = 0; i <= TND_DIALOG_ROUTE_COUNT_MAX; i++)
        len += (size_t)snprintf(lines + len, sizeof(lines) - len, "Record-Route: <sip:p%d>\r\n", i);
    check_unusable(lines);
    check_unusable("Contact: <sip:bob@192.0.2.2>\r\nRecord-Route: <<<\r\n");
}

TND_TEST(bug_callee_is_silent, "RFC 3261 §13.3.1.1, §16.6",
         "who rings and says so each minute is waited for; who says nothing any more is not")
{
    static struct pair p;

    call_script(&p);
    respond(&p, "INVITE", 100, "", NULL);
    for (int i = 0; i < 10; i++) {
        respond(&p, "INVITE", 180, contact, NULL);
        pair_run(&p, TND_SEC(200));
    }
    CHECK_EQ(pair_count(&p, ALICE, "CANCEL"), 0);
    pair_run(&p, TND_SEC(60));
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_TROUBLE), 1);
    CHECK(pair_count(&p, ALICE, "CANCEL") > 0);
    pair_run(&p, TND_SEC(80)); /* CANCEL is not answered either */
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 408);
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(ua_garbage, "RFC 3261 §18.2.2",
         "what is no message at all, or answers nothing, changes nothing")
{
    static struct pair p;

    pair_open(&p);
    pair_say(&p, ALICE, "hello\r\n\r\n");
    pair_say(&p, ALICE, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKx\r\n\r\n");
    pair_say(&p, ALICE, "ACK sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 0\r\n\r\n");
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(p.side[BOB].sent_count, 0);
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_TROUBLE), 1);
    CHECK_EQ(tnd_ua_due(p.side[BOB].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(ua_memory_is_bounded, "RFC 3261 §21.5.4",
         "who is flooded with calls refuses what there is no memory for, and recovers")
{
    static struct pair p;

    PROVES(UAS_OVERLOAD);
    pair_prepare(&p);
    struct tnd_ua_world world = {.mem = failing_mem_use(&p.side[BOB].mem), .memory_max = 1 << 21};
    CHECK_EQ(tnd_ua_new(&world, &p.side[BOB].config, 0, &p.side[BOB].ua), 0);
    p.side[BOB].rings = p.side[BOB].accepts = false;
    for (int i = 0; i < 150; i++) {
        char text[1024];

        snprintf(text, sizeof(text),
                 "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKf%d\r\nMax-Forwards: 70\r\n"
                 "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: f%d\r\n"
                 "CSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\n"
                 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
                 i, i, strlen(pair_sdp), pair_sdp);
        pair_say(&p, ALICE, text);
        pair_run(&p, TND_MS(15));
    }
    CHECK(pair_event_count(&p, BOB, TND_UA_INCOMING) > 10);
    CHECK(pair_event_count(&p, BOB, TND_UA_INCOMING) < 150);
    CHECK(pair_count(&p, BOB, "SIP/2.0 503") + pair_count(&p, BOB, "SIP/2.0 500") > 0);
    pair_run(&p, TND_SEC(300));
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_INCOMING), pair_event_count(&p, BOB, TND_UA_ENDED));
    CHECK_EQ(p.side[BOB].ua->call_count, 0);
    CHECK_EQ(p.side[BOB].ua->txn_count, 0);
    pair_close(&p);
}

TND_TEST(ua_bye_refused, "RFC 3261 §15.1.1",
         "a BYE that is refused again and again, with 491 for one, ends the call all the same")
{
    static struct pair p;

    answer_script(&p);
    CHECK_EQ(tnd_ua_end(p.side[ALICE].ua, p.now, p.side[ALICE].id), 0);
    pair_take(&p, ALICE);
    for (int i = 0; i < 20; i++) {
        respond(&p, "BYE", 491, "", NULL);
        pair_run(&p, TND_SEC(5));
    }
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    pair_run(&p, TND_SEC(80));
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(
    ua_transactions_are_bounded, "RFC 3261 §8.2.7",
    "who is flooded with requests answers without transactions, and can ask others all the same")
{
    static struct pair p;
    struct tnd_ua_event event;
    struct tnd_output out;
    size_t answered = 0;

    pair_prepare(&p);
    pair_start(&p, BOB);
    for (int i = 0; i < UA_TXN_COUNT_MAX; i++) {
        static char room[1 << 16];
        char text[512];
        struct tnd_arena a;
        struct tnd_msg msg;

        snprintf(text, sizeof(text),
                 "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKo%d\r\nMax-Forwards: 70\r\n"
                 "From: <sip:alice@192.0.2.1>;tag=a1\r\nTo: <sip:bob@192.0.2.2>\r\n"
                 "Call-ID: o%d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
                 i, i);
        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice_str(text)), 0);
        CHECK_EQ(tnd_ua_feed(p.side[BOB].ua, 0,
                             &(struct tnd_input){.kind = TND_IN_MESSAGE,
                                                 .flow = {.id = 1,
                                                          .local = p.side[BOB].addresses[0],
                                                          .remote = p.side[ALICE].addresses[0]},
                                                 .msg = &msg,
                                                 .a = &a}),
                 0);
        while (tnd_ua_take(p.side[BOB].ua, &out))
            answered += memcmp(out.bytes.ptr, "SIP/2.0 200", 11) == 0;
        while (tnd_ua_event(p.side[BOB].ua, &event))
            continue;
    }
    CHECK_EQ(answered, UA_TXN_COUNT_MAX);
    CHECK_EQ(p.side[BOB].ua->txn_count, UA_TXN_COUNT_MAX - UA_TXN_OF_OURS);
    tnd_ua_id id;
    CHECK_EQ(tnd_ua_call(p.side[BOB].ua, 0, &TO_BOB, &id), 0);
    CHECK(tnd_ua_take(p.side[BOB].ua, &out));
    CHECK_EQ(memcmp(out.bytes.ptr, "INVITE", 6), 0);
    pair_close(&p);
}
