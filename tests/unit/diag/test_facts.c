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

#define SDP_INVITE "INVITE sip:bob@127.0.0.1 SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n"
#define SDP_HEAD   "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"

TND_TEST(
    facts_of_a_description, "RFC 3264 §6",
    "a stream is told by its address, codecs and direction, one that is not wanted by its port 0")
{
    CHECK_EQ(read(SDP_INVITE SDP_HEAD
                  "c=IN IP6 2001:db8::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n"
                  "c=IN IP4 192.0.2.1\r\nm=video 4002 RTP/AVP 31\r\n"
                  "a=sendonly\r\nm=audio 0 RTP/AVP 0\r\n"),
             3);
    CHECK_STR(facts[0], "SDP: audio 192.0.2.1:4000, PCMU PCMA, sendrecv");
    CHECK_STR(facts[1], "SDP: video [2001:db8::1]:4002, H261, sendonly");
    CHECK_STR(facts[2], "SDP: m=audio 0");
}

TND_TEST(
    facts_of_other_bodies, "RFC 3261 §20.15",
    "of another body its type and length are told, and of a description that cannot be read the rule")
{
    CHECK_EQ(read("MESSAGE sip:bob@127.0.0.1 SIP/2.0\r\nContent-Type: text/plain\r\n\r\nHello"), 2);
    CHECK_STR(facts[0], "Content-Type: text/plain");
    CHECK_STR(facts[1], "Content-Length: 5");
    CHECK_EQ(read(SDP_INVITE "v=1\r\n"), 1);
    CHECK(memmem(facts[0].ptr, facts[0].len, "SDP: SDP_", 9) == facts[0].ptr);
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
