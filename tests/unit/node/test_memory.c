/* Scenes that run out of memory at every place where they take some, one after the other: nothing is
 * broken, and nothing is left. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB "bob@example.com"

static char large[3000]; /* a line: what has it needs memory of its own */

/* Whether it was sent: in a scene like these it need not be. */
static bool leg_of(const char *start, struct town_leg *ret)
{
    if (town_count(&p, start) == 0)
        return false;
    town_leg(&p, start, ret);
    return true;
}

static void respond(const struct town_leg *leg, bool is_there, unsigned code, const char *lines)
{
    if (is_there)
        town_respond(&p, leg, code, lines);
}

static void scene_register(void)
{
    char lines[4000];

    p.from = p.to = "sip:bob@example.com";
    snprintf(lines, sizeof(lines), "Contact: <sip:bob@192.0.2.11>\r\n%s", large);
    play_say(&p, "REGISTER", "sip:example.com", lines);
    p.branch = "z9hG4bKfetch";
    play_say(&p, "REGISTER", "sip:example.com", "");
}

static void scene_call(void)
{
    struct town_leg leg;

    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, large);
    bool is_there = leg_of("INVITE ", &leg);
    respond(&leg, is_there, 180, "");
    play_say(&p, "INVITE", TOWN_BOB, large);
    respond(&leg, is_there, 200, large);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", TOWN_BOB, large);
    p.branch = "z9hG4bKbye";
    play_say(&p, "BYE", TOWN_BOB, large);
    if (leg_of("BYE ", &leg))
        town_respond(&p, &leg, 200, large);
}

static void scene_refused(void)
{
    struct town_leg leg;

    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    bool is_there = leg_of("INVITE ", &leg);
    respond(&leg, is_there, 486, large);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    respond(&leg, is_there, 486, large);
    play_say(&p, "ACK", TOWN_BOB, "");
}

static void scene_fork(void)
{
    struct town_leg one, two, three, next;

    town_bind(BOB, "sip:bob@192.0.2.11");
    town_bind(BOB, "sip:bob@192.0.2.12");
    town_bind(BOB, "sip:bob@pbx.example.net");
    play_say(&p, "INVITE", TOWN_BOB, large);
    bool is_one = leg_of("INVITE sip:bob@192.0.2.11 ", &one);
    bool is_two = leg_of("INVITE sip:bob@192.0.2.12 ", &two);
    respond(&one, is_one, 302, "Contact: <sip:carol@example.com>, <sip:dave@example.com>\r\n");
    bool is_next = leg_of("INVITE sip:carol@", &next);
    bool is_three = leg_of("INVITE sip:dave@", &three);
    respond(&two, is_two, 180, large);
    respond(&next, is_next, 401, "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n");
    respond(&three, is_three, 407, large);
    respond(&two, is_two, 600, large);
}

static void scene_cancel(void)
{
    struct town_leg one, two;

    town_bind(BOB, "sip:bob@192.0.2.11");
    town_bind(BOB, "sip:bob@192.0.2.12");
    play_say(&p, "INVITE", TOWN_BOB, "");
    bool is_one = leg_of("INVITE sip:bob@192.0.2.11 ", &one);
    bool is_two = leg_of("INVITE sip:bob@192.0.2.12 ", &two);
    respond(&one, is_one, 180, "");
    play_say(&p, "CANCEL", TOWN_BOB, large);
    respond(&two, is_two, 180, "");
    respond(&one, is_one, 487, "");
    respond(&two, is_two, 200, "");
}

static void scene_other(void)
{
    struct town_leg leg;

    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "MESSAGE", TOWN_BOB, large);
    bool is_there = leg_of("MESSAGE ", &leg);
    play_say(&p, "MESSAGE", TOWN_BOB, large);
    respond(&leg, is_there, 200, large);
    play_say(&p, "MESSAGE", TOWN_BOB, large);
}

/* From the nth take on there is no memory. false: the scene did not need so many. */
static bool run(void (*scene)(void), size_t nth)
{
    bool is_short;

    if (!town_open_failing(&p, nth))
        return true;
    scene();
    is_short = p.mem.take_count >= nth;
    play_wait(&p, TND_SEC(600));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    CHECK_EQ(tnd_node_stats(p.node)->clients, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
    return is_short;
}

static void run_all(void (*scene)(void))
{
    snprintf(large, sizeof(large), "Subject: %02900d\r\n", 0);
    for (size_t nth = 1; run(scene, nth); nth++)
        CHECK(nth < 1000);
}

TND_TEST(memory_register, "RFC 3261 §21.5.4",
         "a REGISTER for which there is no memory leaves nothing behind")
{
    run_all(scene_register);
}

TND_TEST(memory_call, "RFC 3261 §21.5.4", "nor does a call")
{
    run_all(scene_call);
}

TND_TEST(memory_refused, "RFC 3261 §21.5.4",
         "nor does one that is refused, and cancelled when its refusal was lost")
{
    run_all(scene_refused);
}

TND_TEST(memory_fork, "RFC 3261 §21.5.4",
         "nor does a call to several phones that redirect it and refuse it")
{
    run_all(scene_fork);
}

TND_TEST(memory_cancel, "RFC 3261 §21.5.4", "nor does one that is cancelled")
{
    run_all(scene_cancel);
}

TND_TEST(memory_other, "RFC 3261 §21.5.4", "nor does another request")
{
    run_all(scene_other);
}

TND_TEST(memory_ack, "RFC 3261 §17.1.1.3", "an ACK for which there is no memory has no answer")
{
    town_open(&p);
    p.to_tag = "phone";
    p.branch = "z9hG4bKack";
    p.mem.fail_at = p.mem.take_count + 1;
    play_say(&p, "ACK", TOWN_BOB, "");
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->lost, 1);
    play_close(&p);
}

enum { PHONES = 40 };

TND_TEST(
    memory_answer, "RFC 3261 §17.2.1",
    "a final response that cannot be written ends the call all the same, and a CANCEL then finds it ended")
{
    static struct town_leg legs[PHONES];
    static char uris[PHONES][40];
    char line[3600];

    snprintf(line, sizeof(line), "Proxy-Authenticate: Digest realm=\"b\", nonce=\"%03400d\"\r\n",
             0);
    town_open(&p);
    for (unsigned i = 0; i < PHONES; i++) {
        snprintf(uris[i], sizeof(uris[i]), "sip:bob@192.0.2.%u", 11 + i);
        town_bind(BOB, uris[i]);
    }
    play_say(&p, "INVITE", TOWN_BOB, "");
    for (unsigned i = 0; i < PHONES; i++) {
        char start[64];

        snprintf(start, sizeof(start), "INVITE %s ", uris[i]);
        town_leg(&p, start, &legs[i]);
    }
    for (unsigned i = 0; i < PHONES; i++) {
        if (i == PHONES - 1)
            p.mem.fail_at = p.mem.take_count + 1;
        town_respond(&p, &legs[i], 407, line);
    }
    CHECK(tnd_node_stats(p.node)->lost > 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 0);
    play_wait(&p, TND_SEC(100));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}
