/* Users who lead to one another: what we send to ourselves, until nothing of it is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

enum { USER_COUNT_MAX = 12, WAY_COUNT = 2048, FEED_COUNT_MAX = 20000, OWN_PORT = 45000, OWN_FLOW = 50 };

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
