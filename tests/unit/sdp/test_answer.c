/* Judging the answer of the other side, and what it comes to. */
#include "unit/sdp/party.h"

/* An offer of audio with PCMU and iLBC, and of video. */
static void offer(struct party *p)
{
    party_init(p, "a", 100, "192.0.2.1");
    party_add(p, "audio", 4000, "0 PCMU/8000;96 iLBC/8000");
    party_add(p, "video", 4002, "31 H261/90000")->direction = TND_SDP_SEND;
    party_offer(p);
}

#define VIDEO "m=video 5002 RTP/AVP 31\r\na=recvonly\r\n"

TND_TEST(oa_answer_flaws, "RFC 3264 §6", "an answer that does not fit the offer is refused")
{
    struct party a;

    offer(&a);
    PROVES(ANSWER_STREAMS);
    party_refuses_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 0\r\n", TND_RULE_ANSWER_STREAMS);
    party_refuses_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 0\r\n" VIDEO VIDEO,
                         TND_RULE_ANSWER_STREAMS);
    PROVES(ANSWER_TYPE);
    party_refuses_answer(&a, SDP_TOP "m=text 5000 RTP/AVP 0\r\n" VIDEO, TND_RULE_ANSWER_TYPE);
    PROVES(ANSWER_FORMAT);
    party_refuses_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 8\r\n" VIDEO, TND_RULE_ANSWER_FORMAT);
    PROVES(ANSWER_DIRECTION);
    party_refuses_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 0\r\nm=video 5002 RTP/AVP 31\r\n",
                         TND_RULE_ANSWER_DIRECTION);
    PROVES(ANSWER_UNICAST);
    party_refuses_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 233.252.0.1/127\r\n" VIDEO,
                         TND_RULE_ANSWER_UNICAST);
    party_refuses_answer(&a, "v=0\r\n", TND_RULE_SDP_MISSING);
    party_take_answer(&a, TND_STR(SDP_TOP "m=audio 5000 RTP/AVP 0\r\n" VIDEO));
    party_fini(&a);
}

TND_TEST(oa_answer_oddities, "RFC 3264 §6.1", "an answer that is merely odd is taken, and told")
{
    struct party a;

    offer(&a);
    PROVES(ANSWER_TIME);
    party_names_answer(&a, SDP_HEAD SDP_CONN "t=1 2\r\nm=audio 5000 RTP/AVP 0\r\n" VIDEO,
                       TND_RULE_ANSWER_TIME);
    party_fini(&a);
    offer(&a);
    PROVES(ANSWER_RTPMAP);
    party_names_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 96\r\n" VIDEO, TND_RULE_ANSWER_RTPMAP);
    CHECK_EQ(party_session(&a).flows[0].formats[0].send_payload, 96);
    party_fini(&a);
}

TND_TEST(oa_answer_extra_formats, "RFC 3264 §6.1",
         "the stream MAY indicate additional media formats, which are not sent")
{
    struct party a;

    offer(&a);
    party_take_answer(&a, TND_STR(SDP_TOP "m=audio 5000 RTP/AVP 8 96 0\r\n"
                                          "a=rtpmap:96 iLBC/8000\r\na=ptime:30\r\n" VIDEO));
    const struct tnd_oa_flow *flow = &party_session(&a).flows[0];
    CHECK_EQ(flow->format_count, 2);
    CHECK_EQ(flow->formats[0].send_payload, 96); /* RFC 3264 §7: the answer's order */
    CHECK_EQ(flow->ptime, TND_MS(30));
    CHECK_EQ(flow->remote_rtcp_port, 5001);
    CHECK_EQ(flow->direction, TND_SDP_SENDRECV);
    party_fini(&a);
}

TND_TEST(oa_answer_port_zero, "RFC 3264 §8.2",
         "a stream that is offered with a port of zero MUST be marked with port zero in the answer")
{
    struct party a, b;

    PROVES(ANSWER_PORT_ZERO);
    offer(&a);
    party_take_answer(&a, TND_STR("v=0\r\no=b 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\n"
                                  "t=0 0\r\nm=audio 5000 RTP/AVP 0\r\n" VIDEO));
    a.streams[1].port = 0;
    party_init(&b, "b", 200, "192.0.2.2");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_add(&b, "video", 5002, "31 H261/90000");
    party_take_offer(&b, party_offer(&a));
    party_answer(&b);
    CHECK_EQ(b.oa.agreed->local.media[1].port, 0);
    party_refuses_answer(&a,
                         "v=0\r\no=b 1 2 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\n"
                         "t=0 0\r\nm=audio 5000 RTP/AVP 0\r\n" VIDEO,
                         TND_RULE_ANSWER_PORT_ZERO);
    party_fini(&a);
    party_fini(&b);
}

TND_TEST(oa_hold_address_mutes, "RFC 3264 §8.4",
         "0.0.0.0 means that neither RTP nor RTCP should be sent to the peer")
{
    struct party b;

    party_init(&b, "b", 200, "192.0.2.2");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_take_offer(&b, TND_STR(SDP_HEAD "c=IN IP4 0.0.0.0\r\n" SDP_TIME
                                          "m=audio 4000 RTP/AVP 0\r\na=rtcp:4010\r\n"));
    party_answer(&b);
    CHECK_EQ(party_said(&b, 0), TND_SDP_SENDRECV); /* RFC 6337 §5.4: by the direction alone */
    const struct tnd_oa_flow *flow = &party_session(&b).flows[0];
    CHECK(flow->mute);
    CHECK_EQ(flow->direction, TND_SDP_RECV);
    CHECK_EQ(flow->remote_rtcp_port, 4010);
    party_fini(&b);
}

#define MULTICAST(port, formats, rest) \
    SDP_TOP "m=audio " port " RTP/AVP " formats "\r\nc=IN IP4 233.252.0.1/127\r\n" rest

TND_TEST(oa_multicast, "RFC 3264 §6.2",
         "address, port and direction of a multicast answer MUST match the offer")
{
    struct party b;

    party_init(&b, "b", 200, "192.0.2.2");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_take_offer(&b, TND_STR(MULTICAST("4000", "0 8", "a=recvonly\r\n")));
    CHECK_STR(party_answer(&b), "v=0\r\no=b 200 200 IN IP4 192.0.2.2\r\ns=-\r\n"
                                "c=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
                                "c=IN IP4 233.252.0.1/127\r\na=rtpmap:0 PCMU/8000\r\n"
                                "a=recvonly\r\n");
    CHECK_EQ(party_session(&b).flows[0].direction, TND_SDP_RECV);
    party_fini(&b);
}

TND_TEST(oa_multicast_judged, "RFC 3264 §6.2", "there is only a single view of the stream")
{
    struct party a;

    PROVES(ANSWER_MULTICAST);
    party_init(&a, "a", 100, "192.0.2.1");
    party_add(&a, "audio", 4000, "0 PCMU/8000;8 PCMA/8000");
    CHECK_EQ(tnd_sdp_conn_read(TND_STR("IN IP4 233.252.0.1/127"), &a.local.conn), 0);
    party_offer(&a);
    party_refuses_answer(&a, MULTICAST("4002", "0", ""), TND_RULE_ANSWER_MULTICAST);
    party_refuses_answer(&a, MULTICAST("4000", "0", "a=sendonly\r\n"), TND_RULE_ANSWER_MULTICAST);
    party_refuses_answer(&a, MULTICAST("4000", "0 3", ""), TND_RULE_ANSWER_MULTICAST);
    party_take_answer(&a, TND_STR(MULTICAST("4000", "0", "")));
    party_fini(&a);
}
