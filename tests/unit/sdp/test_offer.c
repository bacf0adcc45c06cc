/* Offer and answer between two machines: states, versions, hold, streams, payload types. */
#include "unit/sdp/party.h"

static void init(struct party *a, struct party *b)
{
    party_init(a, "a", 100, "192.0.2.1");
    party_init(b, "b", 200, "192.0.2.2");
}

static void init_audio(struct party *a, struct party *b)
{
    init(a, b);
    party_add(a, "audio", 4000, "0 PCMU/8000");
    party_add(b, "audio", 5000, "0 PCMU/8000");
}

static void fini(struct party *a, struct party *b)
{
    party_fini(a);
    party_fini(b);
}

TND_TEST(oa_glare, "RFC 3264 §4",
         "an agent MUST NOT generate a new offer while one is pending in either direction")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_slice text = {NULL, 0}, ret = TND_STR("untouched");
    struct party a, b;

    PROVES(OFFER_PENDING);
    init_audio(&a, &b);
    text = party_offer(&a);
    CHECK_EQ(a.oa.state, TND_OA_OFFER_SENT);
    CHECK_EQ(tnd_oa_offer(&a.oa, sdp_arena(), &a.local, &ret), TND_ESTATE);
    CHECK_EQ(tnd_oa_answer(&a.oa, sdp_arena(), &a.local, &ret), TND_ESTATE);
    CHECK_EQ(tnd_oa_offered(&a.oa, TND_STR(SDP_TOP), &flaws), TND_ESTATE);
    CHECK_EQ(flaws.first[0].rule, TND_RULE_OFFER_PENDING);

    party_take_offer(&b, text);
    CHECK_EQ(b.oa.state, TND_OA_OFFER_RECEIVED);
    CHECK_EQ(tnd_oa_offer(&b.oa, sdp_arena(), &b.local, &ret), TND_ESTATE);
    CHECK_EQ(tnd_oa_offered(&b.oa, text, &flaws), TND_ESTATE);
    CHECK_EQ(tnd_oa_answered(&b.oa, text, &flaws), TND_ESTATE);
    CHECK_STR(ret, "untouched");

    party_take_answer(&a, party_answer(&b));
    CHECK_EQ(tnd_oa_answer(&b.oa, sdp_arena(), &b.local, &ret), TND_ESTATE);
    CHECK_EQ(tnd_oa_answered(&a.oa, text, &flaws), TND_ESTATE);
    fini(&a, &b);
}

TND_TEST(oa_flaws_not_kept, "TND_SDP_FLAW_COUNT_MAX",
         "an offer is refused for a flaw that was only counted, and its caller hears of it")
{
    char room[1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct party a, b;

    init_audio(&a, &b);
    tnd_put_str(&w, SDP_TOP);
    for (int i = 0; i < TND_SDP_FLAW_COUNT_MAX; i++)
        tnd_put_str(&w, "a=ptime:0\r\n");
    tnd_put_str(&w, "m=\r\n");
    CHECK_EQ(tnd_oa_offered(&a.oa, tnd_writer_slice(&w), &flaws), TND_ESYNTAX);
    CHECK_EQ(flaws.count, TND_SDP_FLAW_COUNT_MAX + 1);
    CHECK(flaws.refusing);
    CHECK(flaws.first[0].where.ptr > room && flaws.first[0].where.ptr < room + w.len);
    fini(&a, &b);
}

TND_TEST(oa_version, "RFC 3264 §8",
         "the version increments by one if the description changes, and only then")
{
    struct party a, b;

    PROVES(OFFER_VERSION);
    init_audio(&a, &b);
    party_talk(&a, &b);
    CHECK_EQ(a.oa.agreed->local.origin.version, 100);
    party_talk(&a, &b);
    CHECK_EQ(a.oa.agreed->local.origin.version, 100);
    CHECK_EQ(b.oa.agreed->local.origin.version, 200);
    a.streams[0].port = 4002;
    party_talk(&a, &b);
    CHECK_EQ(a.oa.agreed->local.origin.version, 101);
    CHECK_EQ(b.oa.agreed->local.origin.version, 200);
    party_talk(&b, &a);
    CHECK_EQ(a.oa.agreed->local.origin.version, 101);
    CHECK_EQ(b.oa.agreed->local.origin.version, 200);
    fini(&a, &b);
}

TND_TEST(oa_rollback, "RFC 3264 §4",
         "if an offer is rejected the session reverts to the state prior to the offer")
{
    struct party a, b;

    init_audio(&a, &b);
    party_talk(&a, &b);
    a.streams[0].port = 4002;
    party_take_offer(&b, party_offer(&a));
    tnd_oa_rollback(&a.oa);
    tnd_oa_rollback(&b.oa);
    CHECK_EQ(a.oa.state, TND_OA_STABLE);
    CHECK_EQ(party_session(&b).flows[0].remote_port, 4000);
    CHECK_EQ(party_session(&a).flows[0].local_port, 4000);

    /* The refused one was the last that was given: what differs from it has the next number. */
    a.streams[0].port = 4000;
    party_offer(&a);
    CHECK_EQ(a.oa.pending->local.origin.version, 102);
    fini(&a, &b);
}

TND_TEST(oa_rollback_leaves_nothing, "ARCHITECTURE §5",
         "however many offers are refused, the memory of one is enough")
{
    struct party a, b;

    init_audio(&a, &b);
    party_talk(&a, &b);
    for (uint16_t port = 1; port < 2000; port++) {
        a.streams[0].port = port;
        party_take_offer(&b, party_offer(&a));
        tnd_oa_rollback(&a.oa);
        tnd_oa_rollback(&b.oa);
    }
    party_talk(&a, &b);
    fini(&a, &b);
}

TND_TEST(oa_rollback_of_first, "RFC 3264 §4", "which may be absence of a session")
{
    struct tnd_oa_session session;
    struct party a, b;

    init_audio(&a, &b);
    party_offer(&a);
    tnd_oa_rollback(&a.oa);
    tnd_oa_rollback(&a.oa);
    CHECK_EQ(tnd_oa_session(&a.oa, sdp_arena(), &session), TND_ENONE);
    party_talk(&a, &b);
    CHECK_EQ(a.oa.agreed->local.origin.version, 100);
    fini(&a, &b);
}

TND_TEST(oa_directions, "RFC 3264 §6.1",
         "each offered direction is answered with one that it allows, and no more than we wish")
{
    struct party a, b;

    for (int offered = 0; offered < 4; offered++) {
        for (int wished = 0; wished < 4; wished++) {
            init_audio(&a, &b);
            a.streams[0].direction = (enum tnd_sdp_direction)offered;
            b.streams[0].direction = (enum tnd_sdp_direction)wished;
            party_talk(&a, &b);
            enum tnd_sdp_direction reversed =
                tnd_sdp_direction_reverse((enum tnd_sdp_direction)offered);
            CHECK_EQ(party_said(&b, 0), reversed & wished);
            CHECK_EQ(party_session(&b).flows[0].direction, reversed & wished);
            CHECK_EQ(party_session(&a).flows[0].direction,
                     tnd_sdp_direction_reverse(party_session(&b).flows[0].direction));
            fini(&a, &b);
        }
    }
}

TND_TEST(oa_hold_and_resume, "RFC 6337 §5.3",
         "each side holds and resumes for itself, and nobody gets stuck on hold")
{
    struct party a, b;

    init_audio(&a, &b);
    party_talk(&a, &b);
    a.streams[0].direction = TND_SDP_SEND; /* a holds */
    party_talk(&a, &b);
    CHECK_EQ(party_said(&b, 0), TND_SDP_RECV);
    b.streams[0].direction = TND_SDP_SEND; /* b, on hold, holds too */
    party_talk(&b, &a);
    CHECK_EQ(party_said(&b, 0), TND_SDP_SEND);
    CHECK_EQ(party_said(&a, 0), TND_SDP_NONE);
    a.streams[0].direction = TND_SDP_SENDRECV; /* a resumes */
    party_talk(&a, &b);
    CHECK_EQ(party_said(&b, 0), TND_SDP_SEND);
    b.streams[0].direction = TND_SDP_SENDRECV; /* b resumes */
    party_talk(&b, &a);
    CHECK_EQ(party_said(&a, 0), TND_SDP_SENDRECV);
    CHECK_EQ(party_session(&a).flows[0].direction, TND_SDP_SENDRECV);
    fini(&a, &b);
}

TND_TEST(oa_no_streams, "RFC 3264 §6",
         "if the offer contained zero m= lines, the answer MUST contain zero m= lines")
{
    struct party a, b;

    init(&a, &b);
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_talk(&a, &b);
    CHECK_EQ(party_session(&b).flow_count, 0);
    party_talk(&b, &a); /* a has nothing to give, and says so */
    CHECK(!party_session(&b).flows[0].live);
    fini(&a, &b);
}

TND_TEST(oa_nothing_in_common, "RFC 3264 §6.1",
         "if there are no media formats in common the offer is rejected, or each stream is")
{
    struct tnd_slice text;
    struct party a, b;

    init(&a, &b);
    party_add(&a, "audio", 4000, "18 G729/8000");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_take_offer(&b, party_offer(&a));
    CHECK_EQ(tnd_oa_match(&b.oa, sdp_arena(), &b.local, 0), -1);
    CHECK_EQ(tnd_oa_answer(&b.oa, sdp_arena(), &b.local, &text), TND_ENONE);
    CHECK_EQ(b.oa.state, TND_OA_OFFER_RECEIVED);
    b.local.stream_count = 0; /* RFC 6337 §5.2.4: ports set to zero */
    party_take_answer(&a, party_answer(&b));
    CHECK_EQ(b.oa.agreed->local.media[0].port, 0);
    CHECK_EQ(a.oa.state, TND_OA_STABLE);
    fini(&a, &b);
}

TND_TEST(oa_tones_alone, "RFC 3264 §6", "a stream MAY be rejected: tones alone do not make a call")
{
    struct tnd_slice text;
    struct party a, b;

    init(&a, &b);
    party_add(&a, "audio", 4000, "18 G729/8000;101 telephone-event/8000");
    party_add(&b, "audio", 5000, "0 PCMU/8000;101 telephone-event/8000");
    party_take_offer(&b, party_offer(&a));
    CHECK_EQ(tnd_oa_answer(&b.oa, sdp_arena(), &b.local, &text), TND_ENONE);
    fini(&a, &b);
}

TND_TEST(oa_fmtp, "RFC 3264 §6.1",
         "telephone-event is carried, with our fmtp, or with the offer's where we have none")
{
    struct party a, b;

    init(&a, &b);
    party_add(&a, "audio", 4000, "8 PCMA/8000;96 telephone-event/8000 0-16;97 iLBC/8000 mode=20");
    party_add(&b, "audio", 5000, "97 iLBC/8000;8 pcma/8000;101 telephone-event/8000 0-15");
    party_take_offer(&b, party_offer(&a));
    CHECK_STR(party_answer(&b), "v=0\r\no=b 200 200 IN IP4 192.0.2.2\r\ns=-\r\n"
                                "c=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8 96 97\r\n"
                                "a=rtpmap:8 PCMA/8000\r\n"
                                "a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n"
                                "a=rtpmap:97 iLBC/8000\r\na=fmtp:97 mode=20\r\na=sendrecv\r\n");
    fini(&a, &b);
}

TND_TEST(oa_static_payloads, "RFC 3264 §5.1",
         "if there is no rtpmap, the default payload type mapping is used")
{
    struct party a, b;

    init(&a, &b);
    party_add(&b, "audio", 5000, "10 L16/44100/2;9 G722/8000");
    party_take_offer(&b, TND_STR(SDP_TOP "m=audio 4000 RTP/AVP 11 9 10\r\n"));
    party_answer(&b);
    struct tnd_oa_session session = party_session(&b);
    CHECK_EQ(session.flows[0].format_count, 2); /* 11 has one channel, not two */
    CHECK_EQ(session.flows[0].formats[0].send_payload, 9);
    CHECK_EQ(session.flows[0].formats[1].send_payload, 10);
    fini(&a, &b);
}

TND_TEST(oa_payloads_both_ways, "RFC 3264 §5.1",
         "the offerer MUST send with the payload type numbers from the answer")
{
    struct party a, b;

    PROVES(ANSWER_PAYLOAD);
    init(&a, &b);
    party_add(&a, "audio", 4000, "96 iLBC/8000");
    party_offer(&a);
    party_names_answer(&a, SDP_TOP "m=audio 5000 RTP/AVP 98\r\na=rtpmap:98 ILBC/8000\r\n",
                       TND_RULE_ANSWER_PAYLOAD);
    const struct tnd_oa_format *format = &party_session(&a).flows[0].formats[0];
    CHECK_EQ(format->send_payload, 98);
    CHECK_EQ(format->recv_payload, 96);
    CHECK_STR(format->send, "98");
    fini(&a, &b);
}

TND_TEST(oa_payloads_stay, "RFC 3264 §8.3.2",
         "the mapping from a dynamic payload type to a codec MUST NOT change in a session")
{
    struct party a, b;

    PROVES(OFFER_PAYLOAD);
    init(&a, &b);
    party_add(&a, "audio", 4000, "96 opus/48000/2;97 iLBC/8000");
    party_add(&b, "audio", 5000, "96 speex/8000;111 opus/48000/2;97 AMR/8000");
    party_talk(&a, &b);
    party_take_offer(&a, party_offer(&b)); /* 96 is opus by now, and 97 iLBC */
    const struct tnd_sdp_media *offer = &b.oa.pending->local.media[0];
    CHECK_STR(offer->formats[0], "98");
    CHECK_STR(offer->formats[1], "96");
    CHECK_STR(offer->formats[2], "99");
    fini(&a, &b);

    init(&a, &b);
    party_add(&b, "audio", 5000, "96 opus/48000/2;97 iLBC/8000");
    party_take_offer(&b, TND_STR(SDP_TOP "m=audio 1 RTP/AVP 96\r\na=rtpmap:96 iLBC/8000\r\n"));
    party_answer(&b);
    party_names_offer(&b, SDP_TOP "m=audio 1 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n",
                      TND_RULE_OFFER_PAYLOAD);
    fini(&a, &b);
}

TND_TEST(oa_streams_never_fewer, "RFC 3264 §8",
         "if the previous SDP had N m= lines, the new SDP MUST have at least N")
{
    struct party a, b;

    PROVES(OFFER_STREAMS);
    PROVES(OFFER_ORIGIN);
    init(&a, &b);
    party_add(&a, "audio", 4000, "0 PCMU/8000");
    party_add(&a, "video", 4002, "31 H261/90000");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_add(&b, "video", 5002, "31 H261/90000");
    party_talk(&a, &b);
    a.streams[0].port = 0; /* RFC 3264 §8.2: port zero, in its place */
    party_talk(&a, &b);
    CHECK_EQ(a.oa.agreed->local.media_count, 2);
    CHECK(!party_session(&b).flows[0].live);
    CHECK(party_session(&b).flows[1].live);
    a.streams[0].port = 4004;
    party_talk(&a, &b);
    CHECK_EQ(party_session(&b).flows[0].remote_port, 4004);

    party_refuses_offer(&b, SDP_TOP "m=audio 1 RTP/AVP 0\r\n", TND_RULE_OFFER_STREAMS);
    party_names_offer(&b, SDP_TOP "m=audio 1 RTP/AVP 0\r\nm=video 1 RTP/AVP 31\r\n",
                      TND_RULE_OFFER_ORIGIN);
    party_names_offer(&b,
                      "v=0\r\no=a 100 999 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                      "t=0 0\r\nm=audio 1 RTP/AVP 0\r\nm=video 1 RTP/AVP 31\r\n",
                      TND_RULE_OFFER_VERSION);
    CHECK_EQ(party_session(&b).flows[0].remote_port, 4004);
    fini(&a, &b);
}

TND_TEST(oa_line_reused, "RFC 6337 §5.2.5",
         "a zeroed m= line is used again for a stream of its type")
{
    struct party a, b;

    init(&a, &b);
    party_add(&a, "video", 4000, "31 H261/90000");
    party_add(&a, "audio", 4002, "0 PCMU/8000");
    party_add(&b, "audio", 5000, "0 PCMU/8000");
    party_talk(&a, &b);
    party_add(&b, "video", 5002, "31 H261/90000");
    party_talk(&b, &a);
    CHECK_EQ(b.oa.agreed->local.media_count, 2);
    CHECK_EQ(b.oa.agreed->local.media[0].port, 5002);
    CHECK_EQ(party_session(&b).flows[0].stream, 1);
    CHECK(party_session(&b).flows[0].live);
    fini(&a, &b);
}

TND_TEST(oa_not_rtp, "RFC 8866 §5.14", "formats of other transports are compared as words")
{
    struct party a, b;

    init(&a, &b);
    struct tnd_oa_codec codecs[] = {{.encoding = TND_STR("t38")}};
    for (struct party *p = &a; p; p = p == &a ? &b : NULL) {
        struct tnd_oa_stream *s = party_add(p, "image", 4000, "");
        s->proto = TND_STR("udptl");
        s->codecs = codecs;
        s->codec_count = 1;
    }
    party_talk(&a, &b);
    CHECK_STR(party_session(&a).flows[0].formats[0].send, "t38");
    fini(&a, &b);
}

TND_TEST(oa_budget, "ARCHITECTURE §5",
         "with each budget of memory an exchange succeeds whole, or fails and changes nothing")
{
    static _Alignas(TND_ARENA_ALIGN) char room[8192];
    bool done = false;

    for (size_t n = 0; n < sizeof(room) && !done; n += 8) {
        struct tnd_slice text = TND_STR("untouched");
        struct tnd_sdp_flaws flaws = {.count = 0};
        struct party b;
        struct tnd_arena arena;
        party_init(&b, "b", 200, "192.0.2.2");
        party_add(&b, "audio", 5000, "0 PCMU/8000;101 telephone-event/8000");
        party_fini(&b);
        tnd_oa_init(&b.oa, &sdp_mem, n);
        tnd_arena_init(&arena, room, n, NULL, 0);
        int err = tnd_oa_offered(&b.oa, tnd_slice_str(sdp_sample_call), &flaws);
        CHECK_EQ(b.oa.state, err ? TND_OA_STABLE : TND_OA_OFFER_RECEIVED);
        if (!err)
            err = tnd_oa_answer(&b.oa, &arena, &b.local, &text);
        done = err == 0;
        CHECK_EQ(err, done ? 0 : TND_ENOMEM);
        if (!done)
            CHECK_STR(text, "untouched");
        tnd_oa_fini(&b.oa);
    }
    CHECK(done);
}

TND_TEST(oa_audio, "RFC 3264 §5",
         "the audio that most calls begin with is an offer that can be answered")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_oa_audio audio = {.stream = {.port = 7}};
    struct tnd_slice offer;
    struct party a, b;

    init_audio(&a, &b);
    CHECK_EQ(tnd_oa_audio_init(&audio, TND_STR("no address"), 4000, 1), TND_ESYNTAX);
    CHECK_EQ(tnd_oa_audio_init(&audio, TND_STR("192.0.2.1"), 0, 1), TND_ESYNTAX);
    CHECK_EQ(audio.stream.port, 7);
    CHECK_EQ(tnd_oa_audio_init(&audio, TND_STR("2001:db8::1"), 4000, UINT64_MAX), 0);
    CHECK_EQ(tnd_oa_offer(&a.oa, sdp_arena(), &audio.local, &offer), 0);
    CHECK_STR(offer, "v=0\r\n"
                     "o=- 9223372036854775807 1 IN IP6 2001:db8::1\r\n"
                     "s=-\r\n"
                     "c=IN IP6 2001:db8::1\r\n"
                     "t=0 0\r\n"
                     "m=audio 4000 RTP/AVP 0 8\r\n"
                     "a=rtpmap:0 PCMU/8000\r\n"
                     "a=rtpmap:8 PCMA/8000\r\n"
                     "a=sendrecv\r\n");
    party_take_offer(&b, offer);
    CHECK_EQ(tnd_oa_answered(&a.oa, party_answer(&b), &flaws), 0);
    CHECK_EQ(flaws.count, 0);
    fini(&a, &b);
}
