/* The exchanges of RFC 3264 §10, with the letters of the RFC on one side and the machine on
 * the other, and machine against machine.
 *
 * The machine writes "s=-" where the RFC lost the space behind "s=", and says the direction
 * where the RFC leaves "a=sendrecv" out (RFC 3264 §5.1: MAY). */
#include "unit/sdp/party.h"

#define ALICE(version)                                                   \
    "v=0\r\no=alice 2890844526 " version " IN IP4 host.anywhere.com\r\n" \
    "s=-\r\nc=IN IP4 host.anywhere.com\r\nt=0 0\r\n"
#define BOB(version)                                                  \
    "v=0\r\no=bob 2890844730 " version " IN IP4 host.example.com\r\n" \
    "s=-\r\nc=IN IP4 host.example.com\r\nt=0 0\r\n"

static void alice_init(struct party *p)
{
    party_init(p, "alice", 2890844526, "host.anywhere.com");
}

static void bob_init(struct party *p)
{
    party_init(p, "bob", 2890844730, "host.example.com");
}

TND_TEST(sdp_basic_offer, "RFC 3264 §10.1", "Alice offers one audio and two video streams")
{
    struct party alice;

    alice_init(&alice);
    party_add(&alice, "audio", 49170, "0 PCMU/8000");
    party_add(&alice, "video", 51372, "31 H261/90000");
    party_add(&alice, "video", 53000, "32 MPV/90000");
    CHECK_STR(
        party_offer(&alice),
        ALICE("2890844526") "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
                            "m=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n"
                            "a=sendrecv\r\n"
                            "m=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n"
                            "a=sendrecv\r\n");
    party_fini(&alice);
}

#define ALICE_STREAMS                                                                 \
    "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video 51372 RTP/AVP 31\r\n" \
    "a=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n"

TND_TEST(sdp_basic_exchange, "RFC 3264 §10.1",
         "Bob refuses the first video stream, then moves his audio and adds a stream below")
{
    struct party bob;

    bob_init(&bob);
    party_add(&bob, "audio", 49920, "0 PCMU/8000");
    party_add(&bob, "video", 53000, "32 MPV/90000");
    party_take_offer(&bob, TND_STR(ALICE("2890844526") ALICE_STREAMS));
    CHECK_STR(party_answer(&bob),
              BOB("2890844730") "m=audio 49920 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
                                "m=video 0 RTP/AVP 31\r\n"
                                "m=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n"
                                "a=sendrecv\r\n");

    bob.streams[0].port = 65422;
    party_add(&bob, "audio", 51434, "110 telephone-events/8000")->direction = TND_SDP_RECV;
    CHECK_STR(party_offer(&bob),
              BOB("2890844731") "m=audio 65422 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
                                "m=video 0 RTP/AVP 31\r\n"
                                "m=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n"
                                "a=sendrecv\r\n"
                                "m=audio 51434 RTP/AVP 110\r\n"
                                "a=rtpmap:110 telephone-events/8000\r\na=recvonly\r\n");
    party_take_answer(&bob, TND_STR(ALICE("2890844527") "m=audio 49170 RTP/AVP 0\r\n"
                                                        "a=rtpmap:0 PCMU/8000\r\n"
                                                        "m=video 0 RTP/AVP 31\r\n"
                                                        "a=rtpmap:31 H261/90000\r\n"
                                                        "m=video 53000 RTP/AVP 32\r\n"
                                                        "a=rtpmap:32 MPV/90000\r\n"
                                                        "m=audio 53122 RTP/AVP 110\r\n"
                                                        "a=rtpmap:110 telephone-events/8000\r\n"
                                                        "a=sendonly\r\n"));
    struct tnd_oa_session session = party_session(&bob);
    CHECK_EQ(session.flow_count, 4);
    CHECK(!session.flows[1].live);
    CHECK_EQ(session.flows[3].direction, TND_SDP_RECV);
    CHECK_EQ(session.flows[3].remote_port, 53122);
    CHECK_EQ(session.flows[3].local_port, 51434);
    CHECK_STR(session.flows[3].remote.address, "host.anywhere.com");
    party_fini(&bob);
}

TND_TEST(sdp_one_of_n, "RFC 3264 §10.2",
         "an inactive stream with three codecs is locked down to one by a second exchange")
{
    struct party alice, bob;

    alice_init(&alice);
    bob_init(&bob);
    bob.local.origin.version = 2890844731;
    party_add(&alice, "audio", 62986, "0 PCMU/8000;4 G723/8000;18 G729/8000")->direction =
        TND_SDP_NONE;
    party_add(&bob, "audio", 54344, "4 G723/8000;0 PCMU/8000");
    party_take_offer(&bob, party_offer(&alice));
    struct tnd_slice answer = party_answer(&bob);
    CHECK_STR(answer, BOB("2890844731") "m=audio 54344 RTP/AVP 0 4\r\na=rtpmap:0 PCMU/8000\r\n"
                                        "a=rtpmap:4 G723/8000\r\na=inactive\r\n");
    party_take_answer(&alice, answer);

    party_set_codecs(&alice, 0, "4 G723/8000");
    alice.streams[0].direction = TND_SDP_SENDRECV;
    struct tnd_slice offer = party_offer(&alice);
    CHECK_STR(offer, ALICE("2890844527") "m=audio 62986 RTP/AVP 4\r\na=rtpmap:4 G723/8000\r\n"
                                         "a=sendrecv\r\n");
    party_take_offer(&bob, offer);
    answer = party_answer(&bob);
    CHECK_STR(answer, BOB("2890844732") "m=audio 54344 RTP/AVP 4\r\na=rtpmap:4 G723/8000\r\n"
                                        "a=sendrecv\r\n");
    party_take_answer(&alice, answer);
    party_fini(&alice);
    party_fini(&bob);
}

TND_TEST(sdp_preconditions_pass, "RFC 3312 §13.1",
         "curr, des and conf of a stream stand in what is sent")
{
    struct tnd_sdp_attr wanted[] = {{TND_STR("curr"), TND_STR("qos e2e none")},
                                    {TND_STR("des"), TND_STR("qos mandatory e2e sendrecv")},
                                    {TND_STR("conf"), TND_STR("qos e2e recv")}};
    struct party bob;

    bob_init(&bob);
    struct tnd_oa_stream *s = party_add(&bob, "audio", 30000, "0 PCMU/8000");
    s->attrs = wanted;
    s->attr_count = 3;
    party_take_offer(&bob, TND_STR(ALICE("1") "m=audio 20000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"
                                              "a=curr:qos e2e none\r\n"
                                              "a=des:qos mandatory e2e sendrecv\r\n"));
    CHECK_EQ(tnd_oa_match(&bob.oa, sdp_arena(), &bob.local, 0), 0);
    CHECK_STR(party_answer(&bob),
              BOB("2890844730") "m=audio 30000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
                                "a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n"
                                "a=conf:qos e2e recv\r\na=sendrecv\r\n");
    party_fini(&bob);
}
