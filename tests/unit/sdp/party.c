/* One side of a call, for the tests of offer and answer. */
#include "unit/sdp/party.h"

#include <stdlib.h>

enum { SIZE_MAX_OF_ONE = 256 * 1024 };

void party_init(struct party *p, const char *user, uint64_t id, const char *host)
{
    struct tnd_slice address = tnd_slice_str(host);

    *p = (struct party){.local = {.stream_count = 0}};
    tnd_oa_init(&p->oa, &sdp_mem, SIZE_MAX_OF_ONE);
    CHECK(tnd_sdp_conn_to(address, &p->local.conn));
    p->local.origin = (struct tnd_sdp_origin){tnd_slice_str(user),     id,     id, TND_STR("IN"),
                                              p->local.conn.addr_type, address};
    p->local.streams = p->streams;
}

void party_fini(struct party *p)
{
    tnd_oa_fini(&p->oa);
}

/* "101 telephone-event/8000 0-15" */
static struct tnd_oa_codec codec_of(struct tnd_slice text)
{
    const char *space = memchr(text.ptr, ' ', text.len);
    const char *slash = memchr(text.ptr, '/', text.len);
    const char *end = tnd_slice_end(text);
    struct tnd_oa_codec codec = {.payload = (uint8_t)atoi(text.ptr),
                                 .clock = (uint32_t)atoi(slash + 1)};

    codec.encoding = tnd_slice_between(space + 1, slash);
    const char *fmtp = memchr(slash, ' ', (size_t)(end - slash));
    const char *channels = memchr(slash + 1, '/', (size_t)(end - slash - 1));
    if (fmtp)
        codec.fmtp = tnd_slice_between(fmtp + 1, end);
    if (channels && (!fmtp || channels < fmtp))
        codec.channels = (uint32_t)atoi(channels + 1);
    return codec;
}

void party_set_codecs(struct party *p, size_t stream, const char *codecs)
{
    struct tnd_oa_stream *s = &p->streams[stream];

    s->codecs = p->codecs[stream];
    for (s->codec_count = 0; *codecs; s->codec_count++) {
        size_t len = strcspn(codecs, ";");
        p->codecs[stream][s->codec_count] = codec_of(tnd_slice(codecs, len));
        codecs += len + (codecs[len] == ';');
    }
}

struct tnd_oa_stream *party_add(struct party *p, const char *type, uint16_t port,
                                const char *codecs)
{
    size_t stream = p->local.stream_count++;
    struct tnd_oa_stream *s = &p->streams[stream];

    *s = (struct tnd_oa_stream){.type = tnd_slice_str(type),
                                .proto = TND_STR("RTP/AVP"),
                                .port = port,
                                .direction = TND_SDP_SENDRECV};
    party_set_codecs(p, stream, codecs);
    return s;
}

struct tnd_slice party_offer(struct party *p)
{
    struct tnd_slice text = {NULL, 0};

    CHECK_EQ(tnd_oa_offer(&p->oa, sdp_arena(), &p->local, &text), 0);
    return text;
}

struct tnd_slice party_answer(struct party *p)
{
    struct tnd_slice text = {NULL, 0};

    CHECK_EQ(tnd_oa_answer(&p->oa, sdp_arena(), &p->local, &text), 0);
    return text;
}

/* What the machine said of text must be err, and rule among the flaws, if there is one. */
static void check_said(int got, const struct tnd_sdp_flaws *flaws, int err, enum tnd_rule rule)
{
    if (rule == TND_RULE_NONE ? flaws->count > 0 : !sdp_has_flaw(flaws, rule))
        tnd_test_fail(__FILE__, __LINE__, "%s and not %s", tnd_rule_name(flaws->first[0].rule),
                      tnd_rule_name(rule));
    CHECK_EQ(got, err);
}

static void feed_offer(struct party *p, struct tnd_slice text, int err, enum tnd_rule rule)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    int got = tnd_oa_offered(&p->oa, text, &flaws);

    check_said(got, &flaws, err, rule);
}

static void feed_answer(struct party *p, struct tnd_slice text, int err, enum tnd_rule rule)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    int got = tnd_oa_answered(&p->oa, text, &flaws);

    check_said(got, &flaws, err, rule);
}

void party_take_offer(struct party *p, struct tnd_slice offer)
{
    feed_offer(p, offer, 0, TND_RULE_NONE);
}

void party_take_answer(struct party *p, struct tnd_slice answer)
{
    feed_answer(p, answer, 0, TND_RULE_NONE);
}

void party_talk(struct party *a, struct party *b)
{
    party_take_offer(b, party_offer(a));
    party_take_answer(a, party_answer(b));
}

struct tnd_oa_session party_session(const struct party *p)
{
    struct tnd_oa_session session = {NULL, 0};

    CHECK_EQ(tnd_oa_session(&p->oa, sdp_arena(), &session), 0);
    return session;
}

void party_refuses_offer(struct party *p, const char *offer, enum tnd_rule rule)
{
    feed_offer(p, tnd_slice_str(offer), TND_ESYNTAX, rule);
    CHECK_EQ(p->oa.state, TND_OA_STABLE);
}

void party_names_offer(struct party *p, const char *offer, enum tnd_rule rule)
{
    feed_offer(p, tnd_slice_str(offer), 0, rule);
    tnd_oa_rollback(&p->oa);
}

void party_refuses_answer(struct party *p, const char *answer, enum tnd_rule rule)
{
    feed_answer(p, tnd_slice_str(answer), TND_ESYNTAX, rule);
    CHECK_EQ(p->oa.state, TND_OA_OFFER_SENT);
}

void party_names_answer(struct party *p, const char *answer, enum tnd_rule rule)
{
    feed_answer(p, tnd_slice_str(answer), 0, rule);
    CHECK_EQ(p->oa.state, TND_OA_STABLE);
}

enum tnd_sdp_direction party_said(const struct party *p, size_t stream)
{
    const struct tnd_sdp *sdp = &p->oa.agreed->local;

    return tnd_sdp_direction_of(sdp, &sdp->media[stream]);
}
