#include <stdio.h>
#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

static const struct tnd_ua_call TO_BOB = {.uri = TND_STR_INIT("sip:bob@192.0.2.2")};

static void open_call(struct pair *p)
{
    pair_open(p);
    pair_call(p, &TO_BOB);
    pair_run(p, TND_SEC(2));
    CHECK(pair_event(p, ALICE, TND_UA_ANSWERED));
}

static void change(struct pair *p, int side, enum tnd_ua_change how)
{
    CHECK_EQ(tnd_ua_change(p->side[side].ua, p->now, p->side[side].id, how), 0);
    pair_take(p, side);
}

static void finish(struct pair *p)
{
    CHECK_EQ(tnd_ua_end(p->side[ALICE].ua, p->now, p->side[ALICE].id), 0);
    pair_take(p, ALICE);
    pair_run(p, TND_SEC(80));
    for (int i = 0; i < PAIR_COUNT; i++) {
        CHECK_EQ(pair_event_count(p, i, TND_UA_ENDED), 1);
        CHECK_EQ(tnd_ua_due(p->side[i].ua), TND_NEVER_DUE);
    }
    pair_close(p);
}

TND_TEST(ua_holds, "RFC 3264 §8.4", "a call is held by sendonly, and taken back by sendrecv")
{
    static struct pair p;

    open_call(&p);
    change(&p, ALICE, TND_UA_HOLD);
    pair_run(&p, TND_SEC(1));
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "a=sendonly"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_CHANGED)->direction, TND_SDP_SEND);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_CHANGED)->direction, TND_SDP_RECV);
    CHECK_EQ(pair_count(&p, ALICE, "ACK"), 2);
    change(&p, ALICE, TND_UA_RESUME);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_event(&p, BOB, TND_UA_CHANGED)->direction, TND_SDP_SENDRECV);
    finish(&p);
}

TND_TEST(ua_updates, "RFC 3311 §5.1",
         "a session is changed by UPDATE where the other side allows it")
{
    static struct pair p;

    open_call(&p);
    change(&p, BOB, TND_UA_UPDATE);
    pair_run(&p, TND_SEC(1));
    CHECK_EQ(pair_count(&p, BOB, "UPDATE"), 1);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_CHANGED)->event.code, 200);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_CHANGED), 1);
    change(&p, ALICE, TND_UA_REFRESH);
    pair_run(&p, TND_SEC(1));
    CHECK(!strstr(pair_last(&p, ALICE, "UPDATE"), "v=0"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_CHANGED)->event.code, 200);
    finish(&p);
}

TND_TEST(ua_glare, "RFC 3261 §14.1",
         "re-INVITEs that cross are refused with 491, and come again at different times")
{
    static struct pair p;

    open_call(&p);
    change(&p, ALICE, TND_UA_HOLD);
    change(&p, BOB, TND_UA_RESUME);
    pair_run(&p, TND_SEC(10));
    CHECK(pair_count(&p, ALICE, "SIP/2.0 491") > 0);
    CHECK(pair_count(&p, BOB, "SIP/2.0 491") > 0);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_CHANGED)->event.code, 200);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_CHANGED)->event.code, 200);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_CHANGED), 2);
    finish(&p);
}

TND_TEST(ua_one_change_at_a_time, "RFC 3261 §14.1", "while a change is under way there is no other")
{
    static struct pair p;

    open_call(&p);
    change(&p, ALICE, TND_UA_HOLD);
    CHECK_EQ(tnd_ua_change(p.side[ALICE].ua, p.now, p.side[ALICE].id, TND_UA_RESUME), TND_ESTATE);
    CHECK_EQ(tnd_ua_change(p.side[ALICE].ua, p.now, 999, TND_UA_RESUME), TND_ENONE);
    pair_run(&p, TND_SEC(1));
    finish(&p);
}

TND_TEST(ua_session_is_refreshed, "RFC 4028 §7.4",
         "a session with a timer is refreshed before it expires, over hours")
{
    static struct pair p;

    open_call(&p);
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "Session-Expires: 1800"));
    pair_run(&p, TND_SEC(4 * 3600));
    CHECK(pair_count(&p, ALICE, "UPDATE") + pair_count(&p, BOB, "UPDATE") >= 15);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_ENDED), 0);
    finish(&p);
}

TND_TEST(ua_session_expires, "RFC 4028 §10", "a session that is not refreshed ends at both sides")
{
    static struct pair p;

    open_call(&p);
    p.is_deaf = true;
    pair_run(&p, TND_SEC(3600));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    CHECK_EQ(tnd_ua_due(p.side[ALICE].ua), TND_NEVER_DUE);
    pair_close(&p);
}

TND_TEST(ua_reestablishes, "RFC 5057 §5.1",
         "a call whose dialog is gone at the other side is set up again, with another Call-ID")
{
    static struct pair p;

    open_call(&p);
    struct tnd_ua *gone = p.side[BOB].ua;
    tnd_ua_free(&gone);
    pair_start(&p, BOB);
    change(&p, ALICE, TND_UA_HOLD);
    pair_run(&p, TND_SEC(3));
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 481"), 2);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_REESTABLISH);
    CHECK(strcmp(pair_value(pair_nth(&p, ALICE, "INVITE", 0), "Call-ID"),
                 pair_value(pair_last(&p, ALICE, "INVITE"), "Call-ID")) != 0);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 2);
    CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ENDED), 0);
    finish(&p);
}

/* The method of the nth message behind the first re-INVITE of a side; "" if there is none. */
static const char *behind_change(const struct pair *p, int side, size_t n)
{
    const struct pair_side *s = &p->side[side];
    unsigned invites = 0;

    for (size_t i = 0; i + n < s->sent_count; i++) {
        invites += strncmp(s->sent[i].bytes, "INVITE ", 7) == 0;
        if (invites == 2)
            return s->sent[i + n].bytes;
    }
    return "";
}

TND_TEST(bug_ack_behind_what_it_brings_about, "RFC 3261 §17.1.1.2",
         "the ACK of a refusal leaves before the BYE and the INVITE that follow from it")
{
    static struct pair p;

    open_call(&p);
    struct tnd_ua *gone = p.side[BOB].ua;
    tnd_ua_free(&gone);
    pair_start(&p, BOB);
    change(&p, ALICE, TND_UA_HOLD);
    pair_run(&p, TND_SEC(3));
    CHECK_STR(tnd_slice(behind_change(&p, ALICE, 1), 4), "ACK ");
    finish(&p);
}

TND_TEST(ua_loses_the_other_side, "RFC 5057 §5.1",
         "an UPDATE that is answered with 481 ends the call")
{
    static struct pair p;

    open_call(&p);
    p.side[ALICE].config.recover.is_off = true;
    tnd_ua_id id = p.side[BOB].id;
    tnd_ua_free(&p.side[ALICE].ua);
    pair_start(&p, ALICE);
    CHECK_EQ(tnd_ua_change(p.side[BOB].ua, p.now, id, TND_UA_UPDATE), 0);
    pair_take(&p, BOB);
    pair_run(&p, TND_SEC(40));
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_LOST);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.code, 481);
    pair_close(&p);
}

TND_TEST(ua_byes_cross, "RFC 3261 §15", "two BYEs that cross end the call at both sides")
{
    static struct pair p;

    open_call(&p);
    CHECK_EQ(tnd_ua_end(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
    pair_take(&p, BOB);
    finish(&p);
}
