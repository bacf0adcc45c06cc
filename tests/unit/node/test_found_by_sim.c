/* Faults that the simulator found (src/sim): each once more, by hand. */
#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

/* A call that rings, of a node that crashes; its INVITE comes again and waits for the store. */
static void ring_through_crash(struct town_leg *leg)
{
    town_open(&p);
    town_bind("bob@example.com", "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", leg);
    town_respond(&p, leg, 180, "");
    play_close(&p);
    town_open_another(&p);
    town_use_store(TOWN_LATER);
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "INVITE "), 0);
}

TND_TEST(bug_answered_before_it_was_tried, "RFC 3261 §16.7",
         "a call that was answered through a crash is not tried once more")
{
    struct town_leg leg;

    ring_through_crash(&leg);
    town_respond(&p, &leg, 200, "Contact: <sip:bob@192.0.2.11>\r\n");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    town_stored(&p);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), 0);
    town_respond(&p, &leg, 200, "Contact: <sip:bob@192.0.2.11>\r\n"); /* it waits for its ACK */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    play_close(&p);
}

TND_TEST(bug_stray_refusal, "RFC 6026 §7.3",
         "a refusal to what was sent before a crash does not go up where the request is here again")
{
    struct town_leg leg;

    ring_through_crash(&leg);
    town_respond(&p, &leg, 486, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 0);
    town_stored(&p);
    CHECK_EQ(town_count(&p, "INVITE sip:bob@192.0.2.11 "), 1); /* which is answered with it again */
    town_respond(&p, &leg, 486, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 1);
    play_close(&p);
}
