/* Session descriptions of the lab. */
#include "unit/lab/lab_test.h"

/* The lines of an INVITE or UPDATE that is answered with 200, and the description in it. */
static void check_answer(const char *offer, const char *expected)
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-200@a", offer ? LAB_SDP_TYPE : "", offer);
    CHECK_REFUSED(&t, 200, LAB_CODE);
    CHECK_STR(t.reply->body, expected);
    lab_ask_in_dialog(&t, "INVITE", "sip:lab-486@a", offer ? LAB_SDP_TYPE : "", offer);
    CHECK_REFUSED(&t, 200, LAB_DIALOG);
    CHECK_STR(t.reply->body, expected);
    lab_ask_in_dialog(&t, "UPDATE", "sip:lab-486@a", offer ? LAB_SDP_TYPE : "", offer);
    CHECK_REFUSED(&t, 200, LAB_DIALOG);
    CHECK_STR(t.reply->body, offer ? expected : ""); /* RFC 3311 §5.2 */
}

#define HEAD                                                                             \
    "v=0\r\no=- 9223372036854775807 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n" \
    "t=0 0\r\n"

TND_TEST(lab_answer, "RFC 3264 §6",
         "an offer is answered stream by stream: inactive what is known, port 0 what is not")
{
    check_answer(LAB_SDP, HEAD "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n");
    check_answer(LAB_SDP_HEAD "m=video 4000 RTP/AVP 31\r\n"
                              "m=audio 4002 RTP/AVPF 111 8 18 101\r\na=sendonly\r\n"
                              "a=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
                              "m=audio 4004 RTP/SAVP 0\r\n",
                 HEAD "m=video 0 RTP/AVP 31\r\nm=audio 9 RTP/AVPF 111 8 101\r\n"
                      "a=rtpmap:111 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\n"
                      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=inactive\r\n"
                      "m=audio 0 RTP/SAVP 0\r\n");
    check_answer(LAB_SDP_HEAD, HEAD);
}

TND_TEST(lab_offer, "RFC 3261 §13.2.1", "a call without an offer is given one")
{
    check_answer(NULL, HEAD "m=audio 9 RTP/AVP 0 8 96 101\r\na=rtpmap:0 PCMU/8000\r\n"
                            "a=rtpmap:8 PCMA/8000\r\na=rtpmap:96 opus/48000/2\r\n"
                            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
                            "a=inactive\r\n");
}

static void check_host(const char *host, const char *conn)
{
    struct lab_test t;
    struct tnd_sdp_flaws flaws = {.count = 0};
    static _Alignas(TND_ARENA_ALIGN) char room[16 * 1024];
    struct tnd_arena a;
    struct tnd_sdp sdp;

    lab_ask(&t, "INVITE", "sip:lab-200@a", "", NULL);
    t.asked.host = tnd_slice_str(host);
    CHECK_EQ(lab_end(&t), 200);
    CHECK(lab_holds(t.reply->body, conn));
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_sdp_read(&a, t.reply->body, &sdp, &flaws), 0);
    CHECK_EQ(flaws.count, 0);
}

TND_TEST(lab_description_host, "RFC 8866 §5.7", "the connection is to the host of the user")
{
    check_host("192.0.2.9", "c=IN IP4 192.0.2.9\r\n");
    check_host("[2001:db8::1]", "c=IN IP6 2001:db8::1\r\n");
    check_host("tandem.example", "c=IN IP4 tandem.example\r\n");
    check_host("224.0.0.1", "c=IN IP4 0.0.0.0\r\n"); /* no host of anybody */
}

TND_TEST(lab_offer_unreadable, "RFC 3261 §21.4.1",
         "an offer that cannot be read is refused at once with 400, and its flaw named")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-200@a;delay=5", LAB_SDP_TYPE, "v=1\r\n");
    CHECK_REFUSED(&t, 400, LAB_OFFER_READ);
    CHECK_STR(t.reply->reason, "Bad session description: the version of SDP is 0");
    lab_ask(&t, "INVITE", "sip:lab-200@a", LAB_SDP_TYPE, "v=1\no=- 1 1 IN IP4 a\ns=-\nt=0 0\n");
    CHECK_REFUSED(&t, 400, LAB_OFFER_READ); /* the line ends are no reason */
    CHECK_STR(t.reply->reason, "Bad session description: the version of SDP is 0");
    lab_ask_in_dialog(&t, "UPDATE", "sip:lab-200@a", LAB_SDP_TYPE, LAB_SDP_HEAD "m=x\r\n");
    CHECK_REFUSED(&t, 400, LAB_OFFER_READ);
}

TND_TEST(lab_offer_nothing_common, "RFC 3261 §13.3.1.3",
         "an offer with nothing in common is refused with 488, and a Warning says why")
{
    static const struct {
        const char *media, *warning;
    } cases[] = {
        {"m=video 4000 RTP/AVP 31\r\nm=audio 0 RTP/AVP 0\r\n", "304 192.0.2.1 \"Media type"},
        {"m=audio 4000 RTP/SAVP 0\r\n", "302 192.0.2.1 \"Incompatible transport protocol"},
        {"m=audio 4000 RTP/AVP 18 4\r\n", "305 192.0.2.1 \"Incompatible media format"},
    };
    struct lab_test t;
    char offer[512];

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(offer, sizeof(offer), LAB_SDP_HEAD "%s", cases[i].media);
        lab_ask(&t, "INVITE", "sip:lab-180@a", LAB_SDP_TYPE, offer);
        CHECK_REFUSED(&t, 488, LAB_OFFER_COMMON);
        CHECK_STR(tnd_slice(lab_value(&t, TND_HEADER_WARNING).ptr, strlen(cases[i].warning)),
                  cases[i].warning);
        CHECK_EQ(t.reply->body.len, 0);
    }
}

TND_TEST(lab_offer_large, "RFC 3264 §6", "an offer that fills a datagram is answered")
{
    static char offer[64 * 1024];
    struct lab_test t;

    snprintf(offer, sizeof(offer),
             LAB_SDP_HEAD "m=audio 4000 RTP/AVP 96 0 8\r\na=fmtp:96 %064800d"
                          "\r\na=rtpmap:96 opus/48000/2\r\n",
             1);
    lab_ask(&t, "INVITE", "sip:lab-200@a", LAB_SDP_TYPE, offer);
    t.room = 1024 * 1024;
    CHECK_REFUSED(&t, 200, LAB_CODE);
    CHECK(t.reply->body.len > 64800);
    t.lab.stage = 0;
    t.room = 64 * 1024;
    lab_next(&t);
    CHECK(t.step.over);
}
