#include <stdio.h>
#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

static const struct tnd_ua_call TO_BOB = {.uri = TND_STR_INIT("sip:bob@192.0.2.2")};

static void hang_up(struct pair *p, int side)
{
    CHECK_EQ(tnd_ua_end(p->side[side].ua, p->now, p->side[side].id), 0);
    pair_take(p, side);
}

/* A moment after a call: nothing of it is left at either side. */
static void check_rest(struct pair *p)
{
    pair_run(p, TND_SEC(80));
    for (int i = 0; i < PAIR_COUNT; i++) {
        CHECK_EQ(pair_event_count(p, i, TND_UA_ENDED), 1);
        CHECK_EQ(tnd_ua_due(p->side[i].ua), TND_NEVER_DUE);
    }
    pair_close(p);
}

TND_TEST(ua_call_and_hang_up, "RFC 3261 §13, §15",
         "a call rings, is answered, has media at both sides, and ends by BYE at both sides")
{
    static struct pair p;

    pair_open(&p);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    CHECK(pair_event(&p, BOB, TND_UA_INCOMING));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_PROGRESS)->event.code, 180);
    CHECK(pair_event(&p, ALICE, TND_UA_MEDIA)->is_live);
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    CHECK(pair_event(&p, BOB, TND_UA_ANSWERED)->is_live);
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 200"), 1);
    hang_up(&p, ALICE);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    check_rest(&p);
}

TND_TEST(ua_callee_hangs_up, "RFC 3261 §15", "the one who was called may hang up as well")
{
    static struct pair p;

    pair_open(&p);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    hang_up(&p, BOB);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    check_rest(&p);
}

TND_TEST(ua_call_refused, "RFC 3261 §13.3.1.2",
         "a refusal ends the call at both sides, with its code and its reason")
{
    static struct pair p;

    pair_open(&p);
    p.side[BOB].refuses = 603;
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->event.code, 603);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_GIVE_UP);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_REFUSED);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 603);
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    check_rest(&p);
}

TND_TEST(ua_caller_cancels, "RFC 3261 §9.1",
         "a call that rings is cancelled, and ends with 487 at both sides")
{
    static struct pair p;

    pair_open(&p);
    p.side[BOB].accepts = false;
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    hang_up(&p, ALICE);
    hang_up(&p, ALICE);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_count(&p, ALICE, "CANCEL"), 1);
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 487"), 1);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ATTEMPT), 0);
    check_rest(&p);
}

TND_TEST(ua_cancel_waits, "RFC 3261 §9.1", "no CANCEL goes before a provisional response has come")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    hang_up(&p, ALICE);
    CHECK_EQ(pair_count(&p, ALICE, "CANCEL"), 0);
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 100, NULL, "", NULL);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_count(&p, ALICE, "CANCEL"), 1);
    pair_close(&p);
}

TND_TEST(ua_cancel_crosses_200, "RFC 3261 §15",
         "a 200 that crosses the CANCEL is acknowledged, and the call ended by BYE")
{
    static struct pair p;

    pair_open(&p);
    p.side[BOB].accepts = false;
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    CHECK_EQ(tnd_ua_accept(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
    pair_take(&p, BOB);
    hang_up(&p, ALICE);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    CHECK_EQ(pair_count(&p, ALICE, "BYE"), 1);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_BY_US);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 0);
    check_rest(&p);
}

TND_TEST(ua_200_until_ack, "RFC 3261 §13.3.1.4",
         "a 2xx is sent again until its ACK comes; without one the call ends after 64*T1")
{
    static struct pair p;

    PROVES(UAS_2XX_ACK);
    pair_open(&p);
    p.side[BOB].accepts = false;
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(2));
    p.is_deaf = true;
    CHECK_EQ(tnd_ua_accept(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
    pair_take(&p, BOB);
    pair_run(&p, TND_SEC(31));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 200"), 10);
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_ENDED), 0);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_NO_ACK);
    pair_close(&p);
}

TND_TEST(ua_acknowledges_each_200, "RFC 3261 §13.2.2.4",
         "each 2xx that comes again is acknowledged again, with the same bytes")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    const char *invite = pair_last(&p, ALICE, "INVITE");
    for (int i = 0; i < 3; i++) {
        pair_respond(&p, BOB, invite, 200, "b", "Contact: <sip:bob@192.0.2.2>\r\n", pair_sdp);
        pair_run(&p, TND_MS(100));
    }
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 3);
    CHECK_EQ(strcmp(pair_nth(&p, ALICE, "ACK", 0), pair_nth(&p, ALICE, "ACK", 2)), 0);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 1);
    pair_close(&p);
}

TND_TEST(ua_forks, "RFC 3261 §13.2.2.4",
         "of several 2xx the first is the call; each other is acknowledged and ended by BYE")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    const char *invite = pair_last(&p, ALICE, "INVITE");
    pair_respond(&p, BOB, invite, 180, "b1", "Contact: <sip:b1@192.0.2.2>\r\n", NULL);
    pair_respond(&p, BOB, invite, 180, "b2", "Contact: <sip:b2@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, invite, 200, "b2", "Contact: <sip:b2@192.0.2.2>\r\n", pair_sdp);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, invite, 200, "b1", "Contact: <sip:b1@192.0.2.2>\r\n", pair_sdp);
    pair_respond(&p, BOB, invite, 200, "b3", "Contact: <sip:b3@192.0.2.2>\r\n", pair_sdp);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 3);
    CHECK_EQ(pair_count(&p, ALICE, "BYE"), 2);
    CHECK_EQ(pair_count(&p, ALICE, "BYE sip:b2@192.0.2.2"), 0);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 1);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    pair_run(&p, TND_SEC(100)); /* nobody answers the BYEs */
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    pair_close(&p);
}

TND_TEST(ua_follows_a_redirect, "RFC 3261 §8.1.3.4; RFC 7044 §9.1",
         "a 302 is followed: same Call-ID and From, To without tag, another CSeq and branch, "
         "History-Info and Diversion")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    const char *first = pair_last(&p, ALICE, "INVITE");
    pair_respond(&p, BOB, first, 302, "b", "Contact: <sip:hotel@192.0.2.2>;q=0.5\r\n", NULL);
    pair_run(&p, TND_MS(100));
    const char *second = pair_last(&p, ALICE, "INVITE");
    CHECK(strncmp(second, "INVITE sip:hotel@192.0.2.2 ", 27) == 0);
    CHECK_EQ(strcmp(pair_value(first, "Call-ID"), pair_value(second, "Call-ID")), 0);
    CHECK_EQ(strcmp(pair_value(first, "From"), pair_value(second, "From")), 0);
    CHECK_EQ(strcmp(pair_value(second, "To"), "<sip:bob@192.0.2.2>"), 0);
    CHECK_EQ(strcmp(pair_value(second, "CSeq"), "2 INVITE"), 0);
    CHECK(strcmp(pair_value(first, "Via"), pair_value(second, "Via")) != 0);
    CHECK(strstr(second, "History-Info: <sip:bob@192.0.2.2?Reason=SIP%3Bcause%3D302>;index=1\r\n"));
    CHECK(strstr(second, "History-Info: <sip:hotel@192.0.2.2>;index=1.1\r\n"));
    CHECK(strstr(second, "Diversion: <sip:bob@192.0.2.2>;reason=unconditional\r\n"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_FOLLOW_CONTACT);
    CHECK_EQ(strcmp(pair_event(&p, ALICE, TND_UA_ATTEMPT)->uri, "sip:bob@192.0.2.2"), 0);
    pair_respond(&p, BOB, second, 404, "c", "", NULL);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 404);
    pair_close(&p);
}

TND_TEST(ua_drops_extensions, "RFC 3261 §8.1.3.5",
         "what a 420 does not support is not required any more")
{
    static struct pair p;
    const struct tnd_slice foo = TND_STR("foo");
    struct tnd_ua_call call = TO_BOB;

    pair_open(&p);
    call.with.require = &foo;
    call.with.require_count = 1;
    pair_call(&p, &call);
    pair_run(&p, TND_SEC(2));
    CHECK(strstr(pair_nth(&p, ALICE, "INVITE", 0), "Require: foo\r\n"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_DROP_EXTENSION);
    CHECK(!strstr(pair_last(&p, ALICE, "INVITE"), "Require: foo"));
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
    hang_up(&p, ALICE);
    check_rest(&p);
}

TND_TEST(ua_is_busy, "RFC 3261 §21.4.24", "beyond calls_max a call is refused with 486")
{
    static struct pair p;

    pair_prepare(&p);
    struct tnd_ua_world world = {.mem = failing_mem_use(&p.side[BOB].mem), .calls_max = 1};
    CHECK_EQ(tnd_ua_new(&world, &p.side[BOB].config, 0, &p.side[BOB].ua), 0);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(1));
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.code, 486);
    tnd_ua_id id;
    CHECK_EQ(tnd_ua_call(p.side[BOB].ua, p.now, &TO_BOB, &id), TND_ESPACE);
    pair_close(&p);
}

TND_TEST(
    ua_answers_that_cannot_be_read, "RFC 3261 §13.2.1",
    "an answer that cannot be read is said to be so; its 2xx is acknowledged, and ended by BYE")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 200, "b",
                 "Contact: <sip:bob@192.0.2.2>\r\n", "v=0\r\nnonsense\r\n");
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    CHECK_EQ(pair_count(&p, ALICE, "BYE"), 1);
    CHECK(pair_event(&p, ALICE, TND_UA_TROUBLE)->event.rule != TND_RULE_NONE);
    pair_respond(&p, BOB, pair_last(&p, ALICE, "BYE"), 200, NULL, "", NULL);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    pair_close(&p);
}

TND_TEST(ua_200_without_answer, "RFC 3261 §13.2.1",
         "a 2xx without the answer that is due is acknowledged, and ended by BYE")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, pair_last(&p, ALICE, "INVITE"), 200, "b",
                 "Contact: <sip:bob@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_MS(100));
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 1);
    CHECK_EQ(pair_count(&p, ALICE, "BYE"), 1);
    CHECK(pair_event(&p, ALICE, TND_UA_TROUBLE));
    pair_close(&p);
}

TND_TEST(
    bug_same_tag_again, "RFC 3261 §12.1.2",
    "a dialog of an attempt that was refused is over; the next attempt may have one with the same "
    "tag")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &TO_BOB);
    pair_run(&p, TND_MS(100));
    const char *invite = pair_last(&p, ALICE, "INVITE");
    pair_respond(&p, BOB, invite, 180, "b", "Contact: <sip:bob@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, invite, 302, "b", "Contact: <sip:b2@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_MS(100));
    invite = pair_last(&p, ALICE, "INVITE sip:b2@192.0.2.2");
    pair_respond(&p, BOB, invite, 180, "b", "Contact: <sip:bob@192.0.2.2>\r\n", NULL);
    pair_run(&p, TND_MS(100));
    pair_respond(&p, BOB, invite, 200, "b", "Contact: <sip:bob@192.0.2.2>\r\n", pair_sdp);
    pair_run(&p, TND_MS(100));
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    pair_close(&p);
}
