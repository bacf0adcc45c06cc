/* What stands on a ladder of one message. */
#include "diag/facts.h"
#include "unit/test.h"

static char room[1 << 16];
static struct tnd_arena a;
static struct tnd_msg msg;
static struct tnd_slice facts[TND_LADDER_FACT_COUNT_MAX];

static size_t read(const char *text)
{
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice_str(text)), 0);
    return tnd_ladder_facts(&msg, &a, facts);
}

TND_TEST(facts_of_a_redirect, "RFC 3261 §8.1.3.4", "a redirect says where else to go")
{
    CHECK_EQ(read("SIP/2.0 302 Gone to lunch\r\nContact: <sip:bob@hotel.example>;q=0.7\r\n"
                  "Contact: <sip:bob@home.example>\r\n\r\n"),
             2);
    CHECK_STR(facts[0], "Contact: <sip:bob@hotel.example>;q=0.7");
    CHECK_STR(facts[1], "Contact: <sip:bob@home.example>");
    CHECK_STR(tnd_ladder_label(&msg, &a), "302 Gone to lunch");
}

TND_TEST(facts_label, "RFC 3261 §7", "a message is called by its method, or by its code and phrase")
{
    read("INVITE sip:bob@127.0.0.1 SIP/2.0\r\n\r\n");
    CHECK_STR(tnd_ladder_label(&msg, &a), "INVITE");
    read("SIP/2.0 404 \r\n\r\n");
    CHECK_STR(tnd_ladder_label(&msg, &a), "404 Not Found");
    read("\001\002\r\n\r\n");
    CHECK_STR(tnd_ladder_label(&msg, &a), "no SIP");
}

TND_TEST(facts_are_bounded, "", "a message has no more facts than a line has places")
{
    char text[4096];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    tnd_put_str(&w, "SIP/2.0 420 Bad Extension\r\n");
    for (int i = 0; i < 4; i++)
        tnd_put_str(&w, "Unsupported: a\r\nRequire: b\r\nWarning: 399 x \"y\"\r\nAllow: BYE\r\n");
    tnd_put_str(&w, "\r\n");
    text[w.len] = '\0';
    CHECK_EQ(read(text), TND_LADDER_FACT_COUNT_MAX);
}

TND_TEST(facts_tone, "RFC 3261 §7.2", "a class of responses has a tone")
{
    CHECK_EQ(tnd_ladder_tone_of(0), TND_LADDER_PLAIN);
    CHECK_EQ(tnd_ladder_tone_of(180), TND_LADDER_GOING);
    CHECK_EQ(tnd_ladder_tone_of(200), TND_LADDER_GOOD);
    CHECK_EQ(tnd_ladder_tone_of(302), TND_LADDER_TURN);
    CHECK_EQ(tnd_ladder_tone_of(481), TND_LADDER_BAD);
    CHECK_EQ(tnd_ladder_tone_of(999), TND_LADDER_BAD);
}
