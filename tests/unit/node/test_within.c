/* Who may send what within a dialog: each side to the Contact of the other, by our Record-Route, and
 * nobody anything else. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB         "bob@example.com"
#define BOB_SAYS    "sip:bob@192.0.2.11"
#define ALICE_SAYS  "sip:alice@198.51.100.7:5062"
#define INVITE_BOB  "INVITE " BOB_SAYS " "
#define BOBS_TAG    "phone11-5060"
#define CONTACT(of) "Contact: <" of ">\r\n"

/* Alice is no user of ours, and calls bob, who is. */
static void open_with_bob(void)
{
    town_open(&p);
    town_requires_proof(&p);
    town_bind(BOB, BOB_SAYS);
    p.from = "sip:alice@example.org";
}

/* The route sets, as each side has them. */
static char alices[2048], bobs[2048];

static void learn(const char *request, const char *response)
{
    snprintf(bobs, sizeof(bobs), "%s", town_routes(request, false));
    snprintf(alices, sizeof(alices), "%s", town_routes(response, true));
}

static void call_bob(void)
{
    struct town_leg leg;

    play_say(&p, "INVITE", TOWN_BOB, CONTACT(ALICE_SAYS));
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, CONTACT(BOB_SAYS));
    CHECK_EQ(play_code(&p), 200);
    learn(leg.text, play_text(&p));
}

/* A request within the dialog, from one side, with its route set and further lines. */
static void say(bool is_from_bob, const char *method, const char *uri, const char *lines)
{
    static char branch[32], text[4096];
    static unsigned number;

    snprintf(branch, sizeof(branch), "z9hG4bKw%u", number++);
    snprintf(text, sizeof(text), "%s%s", is_from_bob ? bobs : alices, lines);
    p.branch = branch;
    p.from_tag = is_from_bob ? BOBS_TAG : "alice";
    p.to_tag = is_from_bob ? "alice" : BOBS_TAG;
    p.from = is_from_bob ? TOWN_BOB : "sip:alice@example.org";
    p.to = is_from_bob ? "sip:alice@example.org" : TOWN_BOB;
    p.cseq++;
    play_say(&p, method, uri, text);
}

static bool goes(bool is_from_bob, const char *method, const char *uri)
{
    char start[128];

    say(is_from_bob, method, uri, "");
    snprintf(start, sizeof(start), "%s %s ", method, uri);
    return town_count(&p, start) == 1;
}

/* Nothing leaves, and the sender is asked who he is. */
static bool is_stopped(void)
{
    return p.out_count == 1 && play_code(&p) == 407 && strstr(play_text(&p), "PROXY_SIDE");
}

TND_TEST(within_each_to_the_other, "RFC 3261 §12.2.1.1",
         "within a dialog each side reaches the Contact of the other, whatever it sends")
{
    static const char *const methods[] = {"ACK",   "INVITE", "UPDATE",  "PRACK",     "INFO",
                                          "REFER", "NOTIFY", "MESSAGE", "SUBSCRIBE", "BYE"};

    PROVES(PROXY_SIDE);
    open_with_bob();
    call_bob();
    for (unsigned life = 0; life < 2; life++) {
        for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
            CHECK(goes(false, methods[i], BOB_SAYS));
            CHECK(goes(true, methods[i], ALICE_SAYS));
        }
        play_close(&p); /* a crash, once */
        town_open_another(&p);
        town_requires_proof(&p);
    }
    play_close(&p);
}

TND_TEST(within_nobody_else, "RFC 3261 §22.3",
         "who is in a dialog, or has seen its messages, reaches nobody else by it")
{
    static const char *const others[] = {
        "sip:premium@192.0.2.77",              /* somebody else */
        "sip:premium@192.0.2.11",              /* behind the same gateway */
        "sip:bob@192.0.2.11:5070",             /* a service of the same machine */
        "sip:bob@192.0.2.11;maddr=192.0.2.77", /* by another way (§19.1.1) */
        "sip:192.0.2.11",
        "sips:bob@192.0.2.11",
        "sip:bob@gateway.example.net",
        "tel:+15550100",
        ALICE_SAYS, /* whatever Contact one names oneself */
    };

    open_with_bob();
    call_bob();
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        say(false, "INVITE", others[i], "");
        CHECK(is_stopped());
        say(false, "BYE", others[i], "");
        CHECK(is_stopped());
        say(false, "ACK", others[i], "");
        CHECK_EQ(p.out_count, 0);
    }
    say(true, "MESSAGE", BOB_SAYS, "");
    CHECK_EQ(play_code(&p), 407);
    p.config.auth.algorithm_count = 0; /* there is nobody who could prove anything */
    say(false, "BYE", others[0], "");
    CHECK_EQ(play_code(&p), 403);
    CHECK(strstr(play_text(&p), "PROXY_SIDE"));
    play_close(&p);
}

TND_TEST(within_no_other_proxy, "RFC 3261 §16.4", "nor by a Route that the dialog has not")
{
    open_with_bob();
    call_bob();
    say(false, "BYE", BOB_SAYS, "Route: <sip:192.0.2.66;lr>\r\n");
    CHECK(is_stopped());
    say(false, "ACK", BOB_SAYS, "Route: <sip:192.0.2.66;lr>\r\n");
    CHECK_EQ(p.out_count, 0);
    say(false, "BYE", BOB_SAYS, "Route: <sip:premium@192.0.2.66>\r\n"); /* a strict router */
    CHECK(is_stopped());
    snprintf(alices, sizeof(alices), "Route: <sip:192.0.2.1;lr>\r\n"); /* it was never ours */
    say(false, "BYE", BOB_SAYS, "");
    CHECK_EQ(play_code(&p), 407);
    play_close(&p);
}

TND_TEST(within_no_other_dialog, "RFC 3261 §12",
         "a Record-Route is of one dialog, and of one side: by Call-ID and tags")
{
    open_with_bob();
    call_bob();
    p.call_id = "call-2@198.51.100.7";
    say(false, "BYE", BOB_SAYS, "");
    CHECK(is_stopped());
    p.call_id = "call-1@198.51.100.7";
    snprintf(bobs, sizeof(bobs), "%s", alices); /* his, in the hand of the other */
    say(true, "BYE", ALICE_SAYS, "");
    CHECK_EQ(play_code(&p), 407);
    p.branch = "z9hG4bKtag";
    p.from_tag = "alice";
    p.to_tag = "another";
    play_say(&p, "BYE", BOB_SAYS, alices);
    CHECK(is_stopped());
    p.branch = "z9hG4bKbegins";
    p.to_tag = NULL;
    play_say(&p, "INVITE", BOB_SAYS, alices);
    CHECK_EQ(play_code(&p), 407);
    play_close(&p);
}

TND_TEST(
    within_refused, "RFC 3261 §22.3",
    "a response that makes no dialog does not bring the caller what leads to the Contact that he chose")
{
    static const struct {
        unsigned code;
        const char *tag;
    } answers[] = {{183, ""}, {180, BOBS_TAG}, {486, BOBS_TAG}};
    struct town_leg leg, answer;
    char start[16];

    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        open_with_bob();
        play_say(&p, "INVITE", TOWN_BOB, CONTACT("sip:premium@192.0.2.77"));
        town_leg(&p, INVITE_BOB, &leg);
        town_respond_as(&p, &leg, answers[i].code, answers[i].tag, CONTACT(BOB_SAYS));
        snprintf(start, sizeof(start), "SIP/2.0 %u ", answers[i].code);
        town_leg(&p, start, &answer);
        CHECK(strstr(answer.text, ";tnd="));
        p.branch = "z9hG4bKown";
        p.from_tag = BOBS_TAG;
        p.to_tag = "alice";
        p.cseq++;
        play_say(&p, "INVITE", "sip:premium@192.0.2.77", town_routes(answer.text, true));
        CHECK(is_stopped());
        play_close(&p);
    }
}

/* A REGISTER that says to be within bob's call is asked for a password, and bob keeps his binding. */
static void check_registers_nobody(const char *branch, const char *lines)
{
    p.branch = branch;
    p.to_tag = BOBS_TAG;
    p.cseq++;
    play_say(&p, "REGISTER", "sip:example.com", lines);
    CHECK_EQ(play_code(&p), 401);
    CHECK_EQ(town_binding_count(BOB), 1);
}

TND_TEST(bug_register_within, "RFC 3261 §10.2",
         "a REGISTER is within no dialog: who is in a call changes nobody's bindings")
{
    char lines[4096];

    open_with_bob();
    call_bob();
    snprintf(lines, sizeof(lines), "%s%s", alices, CONTACT("sip:premium@192.0.2.77"));
    check_registers_nobody("z9hG4bKregister", lines);
    play_close(&p);
    open_with_bob(); /* nor by a call to the registrar's own name, which a Contact may be */
    struct town_leg leg;
    play_say(&p, "INVITE", TOWN_BOB, CONTACT(ALICE_SAYS));
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, CONTACT("sip:example.com"));
    snprintf(lines, sizeof(lines), "%s%s", town_routes(play_text(&p), true),
             CONTACT("sip:premium@192.0.2.77"));
    check_registers_nobody("z9hG4bKregister2", lines);
    play_close(&p);
}

TND_TEST(within_credentials, "RFC 3261 §22.3",
         "a user of ours who proves who he is goes on, also where the Contact is another")
{
    char lines[4096];

    open_with_bob();
    town_user(BOB, "secret");
    call_bob();
    say(true, "BYE", "sip:alice@198.51.100.8", "");
    CHECK(is_stopped());
    snprintf(lines, sizeof(lines), "%s%s", bobs,
             town_proof(&p, "Proxy-Authorization", "BYE", "bob", "secret", 1));
    p.branch = "z9hG4bKproved";
    p.cseq++;
    play_say(&p, "BYE", "sip:alice@198.51.100.8", lines);
    CHECK_EQ(town_count(&p, "BYE sip:alice@198.51.100.8 "), 1);
    play_close(&p);
}

TND_TEST(within_same_contact, "RFC 3261 §19.1.4",
         "a Contact in other words is the same, and parameters that lead nowhere do not count")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, CONTACT("sip:%61lice@Example.NET;ob;transport=udp;line=7"));
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, CONTACT("sip:bob%3B1@192.0.2.11:5060;x"));
    learn(leg.text, play_text(&p));
    say(true, "ACK", "sip:alice@example.net;transport=udp", "");
    CHECK_EQ(play_count(&p, TND_OUT_RESOLVE, 0), 1); /* it is looked up */
    CHECK(goes(false, "ACK", "sip:bob%3b1@192.0.2.11"));
    CHECK(goes(false, "ACK", "sip:bob%3B1@192.0.2.11;x;y=z"));
    CHECK(goes(false, "ACK", "sip:bob;1@192.0.2.11:5060"));
    CHECK(!goes(false, "ACK", "sip:Bob%3B1@192.0.2.11"));
    play_close(&p);
}

TND_TEST(within_ipv6, "RFC 5954 §4.2", "an IPv6 address in other words is the same")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, CONTACT(ALICE_SAYS));
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, CONTACT("sip:bob@[2001:DB8:0:0::11]"));
    learn(leg.text, play_text(&p));
    CHECK(goes(false, "ACK", "sip:bob@[2001:db8::11]"));
    CHECK(!goes(false, "ACK", "sip:bob@[2001:db8::12]"));
    play_close(&p);
}

/* A request from bob that is answered, and names a Contact. */
static void change(bool is_from_bob, const char *method, unsigned code, const char *theirs)
{
    const char *ours = is_from_bob ? "sip:bob@192.0.2.99" : "sip:alice@198.51.100.99";
    const char *to = is_from_bob ? ALICE_SAYS : BOB_SAYS;
    struct town_leg leg;
    char start[64], line[128];

    snprintf(line, sizeof(line), "Contact: <%s>\r\n", ours);
    say(is_from_bob, method, to, line);
    snprintf(start, sizeof(start), "%s %s ", method, to);
    town_leg(&p, start, &leg);
    town_respond(&p, &leg, code, theirs);
}

TND_TEST(within_changed_contact, "RFC 3261 §12.2.1.2",
         "a side that changes its Contact is reached there, once the other side has agreed")
{
    open_with_bob();
    call_bob();
    CHECK(!goes(false, "ACK", "sip:bob@192.0.2.99"));
    change(true, "UPDATE", 500, "");
    CHECK(!goes(false, "ACK", "sip:bob@192.0.2.99"));
    change(true, "OPTIONS", 200, ""); /* that changes nothing */
    CHECK(!goes(false, "ACK", "sip:bob@192.0.2.99"));
    change(true, "UPDATE", 200, CONTACT("sip:alice@198.51.100.98"));
    CHECK(goes(false, "ACK", "sip:bob@192.0.2.99"));
    CHECK(goes(false, "BYE", "sip:bob@192.0.2.99"));
    CHECK(goes(false, "ACK", BOB_SAYS)); /* what has crossed it */
    CHECK(goes(true, "ACK", "sip:alice@198.51.100.98"));
    CHECK(!goes(true, "ACK", "sip:alice@198.51.100.99"));
    change(false, "INVITE", 200, CONTACT(BOB_SAYS));
    CHECK(goes(true, "BYE", "sip:alice@198.51.100.99"));
    CHECK(!goes(false, "ACK", "sip:alice@198.51.100.99")); /* it is the other side's to go there */
    play_close(&p);
}

TND_TEST(within_change_by_a_stranger, "RFC 3261 §12.2.1.2",
         "nobody changes the Contact of the other side, though he be in the dialog")
{
    struct town_leg leg;

    open_with_bob();
    call_bob();
    p.branch = "z9hG4bKforged";
    p.from_tag = p.to_tag = BOBS_TAG;
    play_say(&p, "UPDATE", BOB_SAYS, alices);
    town_leg(&p, "UPDATE ", &leg); /* it gets to bob, and to nobody else */
    town_respond(&p, &leg, 200, "");
    char lines[2100];
    snprintf(lines, sizeof(lines), "%s%s", alices, CONTACT("sip:premium@192.0.2.77"));
    p.branch = "z9hG4bKforged2";
    p.cseq++;
    play_say(&p, "UPDATE", BOB_SAYS, lines);
    town_leg(&p, "UPDATE ", &leg);
    town_respond(&p, &leg, 200, "");
    CHECK(!goes(false, "ACK", "sip:premium@192.0.2.77"));
    p.branch = "z9hG4bKforged3";
    p.from_tag = "made-up";
    p.to_tag = BOBS_TAG;
    p.cseq++;
    play_say(&p, "UPDATE", BOB_SAYS, lines);
    town_leg(&p, "UPDATE ", &leg);
    town_respond(&p, &leg, 200, "");
    p.branch = "z9hG4bKforged4";
    p.from_tag = "alice";
    p.to_tag = "made-up";
    p.cseq++;
    play_say(&p, "BYE", "sip:premium@192.0.2.77", alices);
    CHECK(is_stopped());
    play_close(&p);
}

TND_TEST(within_changed_contact_forgotten, "RFC 3261 §12.2.1.2",
         "after a restart a changed Contact is for who proves who he is, until it is named again")
{
    open_with_bob();
    call_bob();
    change(true, "INVITE", 200, CONTACT(ALICE_SAYS));
    CHECK(goes(false, "ACK", "sip:bob@192.0.2.99"));
    play_close(&p);
    town_open_another(&p);
    town_requires_proof(&p);
    CHECK(goes(false, "INFO", BOB_SAYS));
    say(false, "INFO", "sip:bob@192.0.2.99", "");
    CHECK(is_stopped());
    change(true, "INVITE", 200, CONTACT(ALICE_SAYS));
    CHECK(goes(false, "INFO", "sip:bob@192.0.2.99"));
    play_close(&p);
}

TND_TEST(
    within_answer_elsewhere, "RFC 3261 §13.2.2.4",
    "a 200 that names another Contact than the 180 is acknowledged there, by the route set of either")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, CONTACT(ALICE_SAYS));
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 180, CONTACT(BOB_SAYS));
    learn(leg.text, play_text(&p));
    CHECK(goes(false, "PRACK", BOB_SAYS)); /* in the early dialog */
    p.from_tag = "alice";
    town_respond(&p, &leg, 200, CONTACT("sip:bob@192.0.2.12"));
    CHECK(goes(false, "ACK", "sip:bob@192.0.2.12"));
    CHECK(!goes(false, "ACK", "sip:bob@192.0.2.13"));
    play_close(&p);
}

/* The first Route. */
static void drop_first(char *routes)
{
    char *second = strstr(routes + 1, "Route:");

    CHECK(second);
    memmove(routes, second, strlen(second) + 1);
}

TND_TEST(within_by_proxies, "RFC 3261 §16.6",
         "proxies between us and the sides stay in the way, on both")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB,
             CONTACT(ALICE_SAYS) "Record-Route: <sip:198.51.100.90;lr>\r\n");
    town_leg(&p, INVITE_BOB, &leg);
    town_record(&leg, "sip:192.0.2.90;lr;x=y");
    town_respond(&p, &leg, 200, CONTACT(BOB_SAYS));
    learn(leg.text, play_text(&p));
    /* each proxy takes itself off on the way to us */
    drop_first(alices);
    drop_first(bobs);
    say(false, "BYE", BOB_SAYS, "");
    town_leg(&p, "BYE " BOB_SAYS " ", &leg);
    CHECK_EQ(leg.to.octets[3], 90);
    CHECK_EQ(leg.to.octets[0], 192);
    say(true, "BYE", ALICE_SAYS, "");
    town_leg(&p, "BYE " ALICE_SAYS " ", &leg);
    CHECK_EQ(leg.to.octets[3], 90);
    CHECK_EQ(leg.to.octets[0], 198);
    *strstr(alices, "\r\nRoute:") = '\0'; /* not around them */
    strcat(alices, "\r\n");
    say(false, "BYE", BOB_SAYS, "");
    CHECK(is_stopped());
    play_close(&p);
}

TND_TEST(within_answered_after_crash, "RFC 3261 §16.11",
         "an answer that comes after a crash brings the caller what leads to the callee, too")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, CONTACT(ALICE_SAYS));
    town_leg(&p, INVITE_BOB, &leg);
    play_close(&p);
    town_open_another(&p);
    town_requires_proof(&p);
    town_respond(&p, &leg, 200, CONTACT(BOB_SAYS));
    CHECK_EQ(play_code(&p), 200);
    learn(leg.text, play_text(&p));
    CHECK(goes(false, "ACK", BOB_SAYS));
    CHECK(goes(true, "BYE", ALICE_SAYS));
    play_close(&p);
}

TND_TEST(
    within_spiral, "RFC 3261 §16.6",
    "a call that goes through us twice has our Record-Route twice, and is no less its sides' own")
{
    static const struct tnd_forward to_bob = {
        .uri = TND_STR_INIT(TOWN_BOB), .when = TND_FORWARD_ALWAYS, .mode = TND_FORWARD_PROXY};
    struct town_leg leg, own;

    open_with_bob();
    town_forward("carol@example.com", &to_bob);
    play_say(&p, "INVITE", "sip:carol@example.com", CONTACT(ALICE_SAYS));
    town_leg(&p, "INVITE " TOWN_BOB " ", &own);
    town_return(&p, &own);
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, CONTACT(BOB_SAYS));
    town_leg(&p, "SIP/2.0 200 ", &own);
    own.to = play_udp().local;
    town_return(&p, &own); /* it comes back from ourselves */
    CHECK_EQ(play_code(&p), 200);
    learn(leg.text, play_text(&p));
    CHECK(strstr(strstr(alices, "<sip:192.0.2.1;") + 1, "<sip:192.0.2.1;"));
    CHECK(goes(false, "ACK", BOB_SAYS));
    CHECK(goes(true, "BYE", ALICE_SAYS));
    say(false, "BYE", "sip:premium@192.0.2.77", "");
    CHECK(is_stopped());
    play_close(&p);
}

TND_TEST(
    within_subscription, "RFC 6665 §4.2.2",
    "a NOTIFY that is there before the 200 reaches the subscriber by the Record-Route of its SUBSCRIBE")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "SUBSCRIBE", TOWN_BOB, CONTACT(ALICE_SAYS) "Event: dialog\r\n");
    town_leg(&p, "SUBSCRIBE " BOB_SAYS " ", &leg);
    learn(leg.text, "");
    CHECK(goes(true, "NOTIFY", ALICE_SAYS));
    CHECK(!goes(true, "NOTIFY", "sip:alice@198.51.100.8"));
    play_close(&p);
}

TND_TEST(within_no_contact, "RFC 3261 §12.1.1",
         "who names no Contact is reached by nobody; who is answered by an element of ours is")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 200, "");
    learn(leg.text, play_text(&p));
    CHECK(!goes(true, "BYE", ALICE_SAYS));
    CHECK(!goes(false, "ACK", "sip:192.0.2.11"));
    say(false, "BYE", TOWN_BOB, ""); /* to the user, who is ours: as anybody may */
    CHECK_EQ(town_count(&p, "BYE " BOB_SAYS " "), 1);
    p.branch = "z9hG4bKclaim"; /* but not in the name of a user of ours */
    p.from = "sip:carol@example.com";
    p.cseq++;
    play_say(&p, "BYE", TOWN_BOB, alices);
    CHECK_EQ(play_code(&p), 407);
    play_close(&p);
}
