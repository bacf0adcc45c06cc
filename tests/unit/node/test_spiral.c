/* Users who lead to one another: what we send to ourselves, until nothing of it is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

enum {
    USER_COUNT_MAX = 12,
    WAY_COUNT = 2048,
    FEED_COUNT_MAX = 20000,
    OWN_PORT = 45000,
    OWN_FLOW = 50
};

static struct play p;

/* What is on its way from us to us. */
struct way {
    struct tnd_flow flow; /* by which it comes */
    char text[PLAY_TEXT_SIZE];
};

static struct way ways[WAY_COUNT];

/* What came of one request. */
static struct seen {
    unsigned way_count, fed;
    unsigned copies; /* requests that we sent to ourselves, without ACK and CANCEL */
    unsigned alone;  /* ACK and CANCEL */
    unsigned refused;
    unsigned final, final_count; /* of the caller's */
    unsigned phone_count;        /* INVITEs to a phone */
    struct town_leg phone;       /* the last of them */
} seen;

static bool is_own(const struct tnd_endpoint *e)
{
    struct tnd_flow own = play_udp();

    return tnd_address_eq(e, &own.local);
}

/* What is too large for a datagram goes over a connection of ours, from a port of its own. */
static struct tnd_flow flow_of(const struct tnd_endpoint *to)
{
    struct tnd_flow flow = to->transport == TND_TRANSPORT_UDP ? play_udp() : play_tcp();

    flow.remote = flow.local;
    if (to->transport == TND_TRANSPORT_UDP)
        return flow;
    flow.id = to->port == OWN_PORT ? OWN_FLOW : OWN_FLOW + 1;
    *(to->port == OWN_PORT ? &flow.local.port : &flow.remote.port) = OWN_PORT;
    return flow;
}

static void count_in(const char *text)
{
    if (strncmp(text, "SIP/2.0 ", 8) == 0)
        seen.refused += strncmp(text + 8, "482 ", 4) == 0;
    else if (strncmp(text, "ACK ", 4) == 0 || strncmp(text, "CANCEL ", 7) == 0)
        seen.alone++;
    else
        seen.copies++;
}

/* Of what the last input brought about. */
static void gather(void)
{
    for (unsigned i = 0; i < p.out_count; i++) {
        const struct play_out *out = &p.outs[i];
        unsigned code = strncmp(out->text, "SIP/2.0 ", 8) == 0 ? (unsigned)atoi(out->text + 8) : 0;

        if (out->out.kind != TND_OUT_SEND)
            continue;
        if (is_own(&out->out.to)) {
            CHECK(seen.way_count < WAY_COUNT);
            count_in(out->text);
            ways[seen.way_count].flow = flow_of(&out->out.to);
            memcpy(ways[seen.way_count++].text, out->text, PLAY_TEXT_SIZE);
        } else if (code >= 200) {
            seen.final = code;
            seen.final_count++;
        } else if (strncmp(out->text, "INVITE ", 7) == 0) {
            seen.phone_count++;
            town_leg(&p, "INVITE sip:", &seen.phone);
        }
    }
}

/* What is on its way comes there: the oldest first, or the youngest. */
static void turn(bool youngest_first)
{
    static struct way way;
    struct tnd_flow from = p.flow;

    for (gather(); seen.way_count > 0; gather()) {
        unsigned at = youngest_first ? seen.way_count - 1 : 0;

        CHECK(++seen.fed < FEED_COUNT_MAX);
        if (seen.fed >= FEED_COUNT_MAX)
            return;
        way = ways[at];
        memmove(&ways[at], &ways[at + 1], (--seen.way_count - at) * sizeof(way));
        p.flow = way.flow;
        play_feed(&p, way.text);
        p.flow = from;
    }
}

static const char *user(unsigned i)
{
    static char room[USER_COUNT_MAX][32];

    snprintf(room[i], sizeof(room[i]), "user%u@example.com", i);
    return room[i];
}

/* With room for more transactions. */
static void open_wide(void)
{
    town_open(&p);
    tnd_node_free(&p.node);
    p.world.transactions_max = 4000;
    CHECK_EQ(tnd_node_new(&p.world, &p.config, p.now, &p.node), 0);
    seen = (struct seen){0};
}

static void bind_to_user(unsigned i, unsigned k)
{
    char uri[64];

    snprintf(uri, sizeof(uri), "sip:%s", user(k));
    town_bind(user(i), uri);
}

/* Each has all others for contacts. */
static void open_clique(unsigned count)
{
    open_wide();
    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < count; k++)
            if (k != i)
                bind_to_user(i, k);
}

/* All that was there has ended. */
static void close_quiet(void)
{
    play_wait(&p, TND_SEC(70));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

/* Whatever comes first: the large ones go over TCP, whose transactions end at once. */
TND_TEST(bug_spiral_of_all, "RFC 3261 §8.2.2.2",
         "users who all have each other for contacts are searched once each, not in every order")
{
    static const char *const methods[] = {"MESSAGE", "INVITE", "BYE"};

    PROVES(PROXY_MERGED);
    for (unsigned n = 3; n <= USER_COUNT_MAX; n += 3)
        for (unsigned i = 0; i < 6; i++) {
            open_clique(n);
            p.to_tag = i / 2 == 2 ? "phone" : NULL;
            play_say(&p, methods[i / 2], "sip:user0@example.com", "");
            turn(i % 2);
            CHECK_EQ(seen.copies, n * (n - 1));
            CHECK_EQ(seen.final_count, 1);
            CHECK_EQ(seen.final, 482);
            close_quiet();
        }
}

TND_TEST(bug_spiral_alone, "RFC 3261 §16.11",
         "what has no transaction is bounded as well, and may come again")
{
    static const char *const methods[] = {"ACK", "CANCEL"};

    for (unsigned i = 0; i < 4; i++) {
        open_clique(USER_COUNT_MAX);
        for (unsigned again = 1; again <= 2; again++) {
            play_say(&p, methods[i / 2], "sip:user0@example.com", "");
            turn(i % 2);
            CHECK_EQ(seen.alone, again * USER_COUNT_MAX * (USER_COUNT_MAX - 1));
        }
        close_quiet();
    }
}

/* Bob is at carol's and at dave's, and carol at dave's, who has a phone. */
static void open_two_ways(void)
{
    open_wide();
    town_bind("bob@example.com", "sip:carol@example.com");
    town_bind("bob@example.com", "sip:dave@example.com");
    town_bind("carol@example.com", "sip:dave@example.com;by=carol");
    town_bind("dave@example.com", "sip:dave@192.0.2.11");
}

TND_TEST(spiral_of_two_ways, "RFC 3261 §8.2.2.2",
         "a phone to which two ways lead is called once, and its answer is what the caller hears")
{
    static const unsigned codes[] = {200, 486, 503, 600};
    struct town_leg leg;

    for (unsigned i = 0; i < 8; i++) {
        open_two_ways();
        play_say(&p, "INVITE", TOWN_BOB, "");
        turn(i % 2);
        CHECK_EQ(seen.phone_count, 1);
        CHECK_EQ(seen.refused, 2); /* and carol's is passed on to bob */
        CHECK_EQ(seen.final_count, 0);
        leg = seen.phone;
        town_respond(&p, &leg, codes[i / 2], "Contact: <sip:dave@192.0.2.11>\r\n");
        turn(i % 2);
        CHECK_EQ(seen.final_count, 1);
        CHECK_EQ(seen.final, codes[i / 2] == 503 ? 500 : codes[i / 2]);
        close_quiet();
    }
}

TND_TEST(spiral_after_cancel, "RFC 3261 §16.5",
         "a user whose search was cancelled is found by the forward that was taken instead")
{
    struct town_leg leg;

    open_wide();
    town_bind("bob@example.com", "sip:carol@example.com");
    town_bind("erin@example.com", "sip:carol@example.com");
    town_bind("carol@example.com", "sip:carol@192.0.2.11");
    town_forward("bob@example.com", &(struct tnd_forward){.uri = TND_STR("sip:erin@example.com"),
                                                          .when = TND_FORWARD_NO_ANSWER,
                                                          .mode = TND_FORWARD_PROXY,
                                                          .after = 20});
    play_say(&p, "INVITE", TOWN_BOB, "");
    turn(false);
    leg = seen.phone;
    town_respond(&p, &leg, 180, "");
    turn(false);
    play_wait(&p, TND_SEC(20));
    turn(false);
    town_respond(&p, &leg, 487, "");
    turn(false);
    CHECK_EQ(seen.phone_count, 2);
    leg = seen.phone;
    town_respond(&p, &leg, 200, "Contact: <sip:carol@192.0.2.11>\r\n");
    turn(false);
    CHECK_EQ(seen.final, 200);
    close_quiet();
}

/* What the caller hears of a further copy. */
static unsigned say_again(const char *branch, const char *method, const char *uri)
{
    p.branch = branch;
    play_say(&p, method, uri, "");
    return town_count(&p, "SIP/2.0 482 ");
}

TND_TEST(
    spiral_of_others, "RFC 3261 §8.2.2.2",
    "a copy that others send by another way is refused while the first has no answer, and told why")
{
    struct town_leg leg;

    PROVES(PROXY_MERGED);
    open_two_ways();
    play_say(&p, "INVITE", "sip:dave@example.com", "");
    town_leg(&p, "INVITE sip:dave@192.0.2.11 ", &leg);
    CHECK_EQ(say_again("z9hG4bKplay", "INVITE", "sip:dave@example.com"), 0); /* it came again */
    CHECK_EQ(say_again("z9hG4bKtwo", "INVITE", "sip:%64ave@example.com"), 1);
    CHECK(play_has(&p, "\r\nWarning: 399 "));
    CHECK_EQ(tnd_node_why(p.node, tnd_slice_str(p.call_id))->rule, TND_RULE_PROXY_MERGED);
    CHECK_EQ(say_again("z9hG4bKfour", "MESSAGE", "sip:dave@example.com"), 0);
    CHECK_EQ(say_again("z9hG4bKfive", "INVITE", "sip:carol@example.com"), 0);
    p.cseq = 2;
    CHECK_EQ(say_again("z9hG4bKsix", "INVITE", "sip:dave@example.com"), 0);
    p.cseq = 1;
    p.to_tag = "phone";
    CHECK_EQ(say_again("z9hG4bKseven", "INVITE", "sip:dave@example.com"), 0);
    p.to_tag = NULL;
    town_respond(&p, &leg, 401, ""); /* who does not count, but shows now who he is */
    CHECK_EQ(say_again("z9hG4bKeight", "INVITE", "sip:dave@example.com"), 0);
    CHECK_EQ(town_count(&p, "INVITE sip:dave@192.0.2.11 "), 1);
    close_quiet();
}

TND_TEST(spiral_by_a_peer, "RFC 3261 §16.3",
         "a request that went through us to a peer, who sends it back, is searched then")
{
    static const struct tnd_route_contact peer = {TND_STR_INIT("sip:192.0.2.50"), 1000, 0};
    static struct tnd_route route = {
        .action = TND_ROUTE_PROXY, .contacts = &peer, .contact_count = 1};
    struct town_leg leg;

    open_two_ways();
    route.match.source = (struct tnd_network){p.flow.remote, 32};
    p.config.routes = &route;
    p.config.route_count = 1;
    play_say(&p, "INVITE", "sip:dave@example.com", "");
    town_leg(&p, "INVITE sip:dave@example.com ", &leg);
    CHECK_EQ(leg.to.octets[3], 50);
    p.flow.remote = leg.to;
    play_feed(&p, leg.text);
    CHECK_EQ(town_count(&p, "INVITE sip:dave@192.0.2.11 "), 1);
    play_close(&p);
}
