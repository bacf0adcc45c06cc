/* Ladders, drawn into memory. */
#include "cli/ladder.h"

#include <stdlib.h>

#include "unit/test.h"

static struct ladder l;
static char *drawn;
static size_t drawn_len;

static const struct tnd_endpoint here = {{127, 0, 0, 1}, 40000, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
static const struct tnd_endpoint there = {{127, 0, 0, 1}, 5060, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
static const struct tnd_endpoint hotel = {{127, 0, 0, 9}, 5070, TND_TRANSPORT_TCP, TND_FAMILY_IPV4};

static void start(const char *locale)
{
    setenv("LC_ALL", locale, 1);
    FILE *out = open_memstream(&drawn, &drawn_len);
    CHECK(out != NULL);
    ladder_start(&l, out, 0);
}

static void message(bool sent, tnd_time at, const struct tnd_endpoint *remote, const char *text)
{
    static char room[1 << 16];
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_seen seen = {sent, false, at, here, *remote, tnd_slice_str(text)};

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, seen.bytes), 0);
    ladder_message(&l, &seen, &msg, &a);
}

/* What was drawn is this, from its first line on. */
static void is(const char *expected)
{
    fflush(l.out);
    CHECK_STR(tnd_slice(drawn, drawn_len), expected);
    fclose(l.out);
    free(drawn);
}

#define INVITE                                                                  \
    "INVITE sip:bob@127.0.0.1 SIP/2.0\r\nRequire: foo\r\n"                      \
    "Content-Type: application/sdp\r\n\r\n"                                     \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" \
    "m=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\n"                 \
    "a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n"

TND_TEST(ladder_lines, "cli/ladder.h",
         "each message is an arrow with its time, and what it says that matters stands below it")
{
    start("C");
    message(true, 0, &there, INVITE);
    message(false, TND_MS(2), &there, "SIP/2.0 420 Bad Extension\r\nUnsupported: foo\r\n\r\n");
    message(true, TND_MS(3), &there, "ACK sip:bob@127.0.0.1 SIP/2.0\r\n\r\n");
    is("          you                                 127.0.0.1:5060\n"
       "   0.000  |-- INVITE ------------------------>|\n"
       "          |   Require: foo                    |\n"
       "          |   SDP: audio 127.0.0.1:4000, PCMU opus, sendrecv\n"
       "          |   SDP: curr qos e2e none; des qos mandatory e2e sendrecv\n"
       "   0.002  |<- 420 Bad Extension --------------|\n"
       "          |   Unsupported: foo                |\n"
       "   0.003  |-- ACK --------------------------->|\n");
}

TND_TEST(ladder_again, "cli/ladder.h",
         "a message that was sent or came before says so, and nothing more")
{
    start("C");
    message(true, 0, &there, INVITE);
    message(true, TND_MS(500), &there, INVITE);
    CHECK(
        strstr((fflush(l.out), drawn), "   0.500  |-- INVITE ------------------------>|  again\n"));
    message(true, TND_MS(501), &hotel, INVITE); /* to somebody else: that is no repetition */
    CHECK(!strstr((fflush(l.out), strstr(drawn, "0.501")), "again"));
    fclose(l.out);
    free(drawn);
}

TND_TEST(ladder_columns, "cli/ladder.h", "who is called elsewhere has a column of his own")
{
    start("C");
    message(true, 0, &there, "INVITE sip:bob@127.0.0.1 SIP/2.0\r\n\r\n");
    message(false, TND_MS(1), &there,
            "SIP/2.0 302 Moved Temporarily\r\nContact: <sip:bob@127.0.0.9>\r\n\r\n");
    message(true, TND_MS(2), &hotel, "INVITE sip:bob@127.0.0.9 SIP/2.0\r\n\r\n");
    message(false, TND_MS(3), &hotel, "SIP/2.0 481 Call/Transaction Does Not Exist\r\n\r\n");
    is("          you                                 127.0.0.1:5060\n"
       "   0.000  |-- INVITE ------------------------>|\n"
       "   0.001  |<- 302 Moved Temporarily ----------|\n"
       "          |   Contact: <sip:bob@127.0.0.9>    |\n"
       "          you                           127.0.0.1:5060                127.0.0.9:5070\n"
       "   0.002  |-- INVITE ------------------------------------------------>|  TCP\n"
       "   0.003  |<- 481 Call/Transaction Does Not Exist --------------------|  TCP\n");
}

TND_TEST(ladder_utf8, "locale(7)",
         "lines are drawn with the signs for it where the locale has them")
{
    start("de_DE.UTF-8");
    message(true, 0, &there, "BYE sip:bob@127.0.0.1 SIP/2.0\r\n\r\n");
    message(false, 0, &there, "SIP/2.0 200 OK\r\n\r\n");
    is("          you                                 127.0.0.1:5060\n"
       "   0.000  ├── BYE ───────────────────────────>│\n"
       "   0.000  │<─ 200 OK ─────────────────────────┤\n");
}

TND_TEST(ladder_hostile, "cli/cli.h",
         "whatever a peer says is shown as text, cut where it is too long")
{
    start("C");
    message(false, 0, &there,
            "SIP/2.0 500 \033[2Ja reason that is far longer than any reason has to be\r\n"
            "Warning: 399 x \"\033]0;title\a\"\r\n\r\n");
    message(false, 0, &there, "\001\002\r\n\r\n");
    fflush(l.out);
    CHECK(strstr(drawn, "|<- 500 \\x1b[2Ja reason that i.. ---|\n"));
    CHECK(strstr(drawn, "Warning: 399 x \"\\x1b]0;title\\x07\""));
    CHECK(strstr(drawn, "|<- no SIP -------------------------|\n"));
    CHECK(!strchr(drawn, '\033'));
    fclose(l.out);
    free(drawn);
}

TND_TEST(ladder_note, "cli/ladder.h", "what is made of a message is wrapped behind its mark")
{
    start("C");
    ladder_note(
        &l, LADDER_BAD, "=> ",
        TND_STR("the call is placed again, to the address that the response names, which is "
                "good for this call alone"));
    is("          => the call is placed again, to the address that the response names, which is good "
       "for\n"
       "             this call alone\n");
}
