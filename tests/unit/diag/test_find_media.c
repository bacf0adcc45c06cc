/* Media: what does not meet, and what carries nothing. */
#include "unit/diag/scene.h"

#define PCMU "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define OPUS \
    "m=audio 4000 RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
#define CALLER(media) SDP("198.51.100.1", media)
#define CALLEE(media) SDP("198.51.100.2", media)

TND_TEST(find_codecs_that_differ, "RFC 3261 §21.4.26",
         "of a 488 with a description it is told what each side offers; key presses do not count")
{
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(OPUS)}, {"0.1 B>A 488 INVITE 1", NULL, CALLEE(PCMU)},
          {"0.2 A>B ACKN 1"});
    CHECK_FOUND(CODECS_DIFFER, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_STR(FOUND(CODECS_DIFFER)->detail, "opus/48000 | PCMU/8000");
    CHECK_SHOWS(CODECS_DIFFER, "m=audio 4000 RTP/AVP 96 101");
    CHECK(!FOUND(MEDIA_REFUSED));
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(OPUS)},
          {"0.1 B>A 606 INVITE 1", "Warning: 305 b \"Incompatible media format\"\r\n"},
          {"0.2 A>B ACKN 1"});
    CHECK_FOUND(CODECS_DIFFER, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_STR(FOUND(CODECS_DIFFER)->detail, "opus/48000");
}

TND_TEST(find_media_refused_for_no_reason, "RFC 3261 §21.4.26",
         "a 488 that says nothing is a guess: encryption, if that was offered")
{
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU)}, {"0.1 B>A 488 INVITE 1"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(MEDIA_REFUSED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(MEDIA_REFUSED)->is_guess);
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER("m=audio 4000 RTP/SAVP 0\r\n")},
          {"0.1 B>A 488 INVITE 1"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(MEDIA_ENCRYPTION, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(MEDIA_ENCRYPTION)->is_guess);
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER("m=audio 4000 RTP/SAVP 0\r\n")},
          {"0.1 B>A 488 INVITE 1", NULL, CALLEE(PCMU)}, {"0.2 A>B ACKN 1"});
    CHECK(!FOUND(MEDIA_ENCRYPTION)->is_guess);
}

TND_TEST(find_refused_stream, "RFC 3264 §6",
         "a stream that is refused in the answer is told; a picture is no more than a note")
{
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU "m=video 4002 RTP/AVP 97\r\n")},
          {"1.0 B>A 200 INVITE 1", NULL, CALLEE(PCMU "m=video 0 RTP/AVP 97\r\n")},
          {"1.1 A>B ACK 1"});
    CHECK_FOUND(STREAM_REFUSED, TND_DIAG_NOTE, TND_DIAG_CALLEE);
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU)},
          {"1.0 B>A 200 INVITE 1", NULL, CALLEE("m=audio 0 RTP/AVP 0\r\n")}, {"1.1 A>B ACK 1"});
    CHECK_FOUND(STREAM_REFUSED, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_SHOWS(STREAM_REFUSED, "m=audio 0 RTP/AVP 0");
}

TND_TEST(find_one_way, "RFC 3264 §6.1",
         "sound in one direction from the beginning is told of the side that asked for it")
{
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU)},
          {"1.0 B>A 200 INVITE 1", NULL, CALLEE(PCMU "a=inactive\r\n")}, {"1.1 A>B ACK 1"});
    CHECK_FOUND(MEDIA_ONE_WAY, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_SHOWS(MEDIA_ONE_WAY, "a=inactive");
    const struct tnd_diag_call *call =
        SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU "a=sendonly\r\n")},
              {"1.0 B>A 200 INVITE 1", NULL, CALLEE(PCMU "a=recvonly\r\n")}, {"1.1 A>B ACK 1"});
    CHECK_FOUND(MEDIA_ONE_WAY, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_EQ(call->finding_count, 1);
}

TND_TEST(find_media_to_nowhere, "RFC 3264 §8.4", "an answer with the address 0.0.0.0 is told")
{
    SCENE({"0.0 A>B INVITE 1", NULL, CALLER(PCMU)},
          {"1.0 B>A 200 INVITE 1", NULL, SDP("0.0.0.0", PCMU)}, {"1.1 A>B ACK 1"});
    CHECK_FOUND(MEDIA_NO_ADDRESS, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_SHOWS(MEDIA_NO_ADDRESS, "c=IN IP4 0.0.0.0");
}
