/* Makes the text's content: RFC 3264 §5 for an offer, §6 for an answer, §8 for both when
 * there was an exchange before. */
#include "sdp/agree.h"

/* A format of ours as it will stand. */
struct pick {
    struct tnd_oa_codec codec; /* payload and fmtp as they will be written */
    struct tnd_slice format;
};

/* A stream about to be written. */
struct plan {
    const struct tnd_oa_stream *stream;
    struct pick picks[TND_SDP_FORMAT_COUNT_MAX];
    size_t count;
    uint16_t port;
    enum tnd_sdp_direction direction;
};

static struct tnd_slice print_number(struct tnd_arena *a, uint64_t n)
{
    char digits[20];
    struct tnd_writer w = tnd_writer(digits, sizeof(digits));

    tnd_put_number(&w, n);
    return tnd_slice_keep(a, tnd_writer_slice(&w));
}

static struct tnd_sdp_attr rtpmap_attr(struct tnd_arena *a, const struct tnd_oa_codec *c)
{
    struct tnd_sdp_rtpmap map = {c->payload, c->encoding, c->clock, c->channels};
    struct tnd_writer count = tnd_writer(NULL, 0);

    tnd_sdp_rtpmap_write(&count, &map);
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (w.ptr)
        tnd_sdp_rtpmap_write(&w, &map);
    return (struct tnd_sdp_attr){TND_STR("rtpmap"), tnd_slice(w.ptr, w.len)};
}

static struct tnd_sdp_attr fmtp_attr(struct tnd_arena *a, const struct pick *pick)
{
    size_t len = pick->format.len + 1 + pick->codec.fmtp.len;
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, len), len);

    if (w.ptr) {
        tnd_put(&w, pick->format);
        tnd_put_char(&w, ' ');
        tnd_put(&w, pick->codec.fmtp);
    }
    return (struct tnd_sdp_attr){TND_STR("fmtp"), tnd_slice(w.ptr, w.len)};
}

/* rtpmap for each payload type, static ones too (RFC 3264 §5.1, §6.1), fmtp, what the
 * caller adds, and the direction. */
static void fill_attrs(struct tnd_arena *a, const struct plan *plan, struct tnd_sdp_part *part)
{
    const struct tnd_oa_stream *s = plan->stream;
    struct tnd_sdp_attr *attrs =
        tnd_arena_zero(a, 2 * plan->count + s->attr_count + 1, sizeof(*attrs));
    size_t n = 0;

    if (!attrs)
        return;
    for (size_t i = 0; i < plan->count; i++) {
        if (tnd_sdp_is_rtp(s->proto))
            attrs[n++] = rtpmap_attr(a, &plan->picks[i].codec);
        if (plan->picks[i].codec.fmtp.len > 0)
            attrs[n++] = fmtp_attr(a, &plan->picks[i]);
    }
    for (size_t i = 0; i < s->attr_count; i++)
        attrs[n++] = s->attrs[i];
    attrs[n++].name = tnd_sdp_direction_name(plan->direction);
    part->attrs = attrs;
    part->attr_count = n;
}

static void fill_media(struct tnd_arena *a, const struct plan *plan, struct tnd_sdp_media *media)
{
    struct tnd_slice *formats = tnd_arena_zero(a, plan->count, sizeof(*formats));

    if (!formats)
        return;
    for (size_t i = 0; i < plan->count; i++)
        formats[i] = plan->picks[i].format;
    media->type = plan->stream->type;
    media->proto = plan->stream->proto;
    media->port = plan->port;
    media->formats = formats;
    media->format_count = plan->count;
    fill_attrs(a, plan, &media->part);
}

/* RFC 3264 §8.2: port zero, and a single format will do. */
static void fill_disabled(const struct tnd_sdp_media *like, struct tnd_sdp_media *media)
{
    media->type = like->type;
    media->proto = like->proto;
    media->formats = like->formats;
    media->format_count = like->format_count > 0;
}

/* What is not a stream. */
static struct tnd_sdp_media *fill_session(struct tnd_arena *a, const struct tnd_oa_local *local,
                                          size_t media_count, struct tnd_sdp *sdp)
{
    struct tnd_sdp_media *media = NULL;

    if (media_count > 0)
        media = tnd_arena_zero(a, media_count, sizeof(*media));
    sdp->origin = local->origin;
    sdp->name = local->name;
    sdp->session.conns = &local->conn;
    sdp->session.conn_count = 1;
    sdp->session.attrs = local->attrs;
    sdp->session.attr_count = local->attr_count;
    sdp->media = media;
    sdp->media_count = media ? media_count : 0;
    return media;
}

/* The payload types that the stream of a line has given a meaning already. */
struct taken {
    bool is[TND_SDP_PAYLOAD_COUNT];
    const struct tnd_oa_codec *codecs; /* ours of the last description */
    size_t count;
};

static void note_taken(struct tnd_arena *a, const struct tnd_sdp *sdp, size_t i, bool is_ours,
                       struct taken *taken)
{
    if (i >= sdp->media_count || sdp->media[i].port == 0 || !tnd_sdp_is_rtp(sdp->media[i].proto))
        return;
    const struct tnd_oa_codec *codecs = tnd_oa_describe(a, &sdp->media[i]);
    for (size_t j = 0; codecs && j < sdp->media[i].format_count; j++)
        taken->is[codecs[j].payload] = true;
    if (is_ours && codecs) {
        taken->codecs = codecs;
        taken->count = sdp->media[i].format_count;
    }
}

/* RFC 3264 §8.3.2: a payload type MUST NOT change its codec for the duration of a session.
 * So: the number the codec had, else the one we like if it is free, else any free one.
 * -1: there is none. */
static int choose_payload(struct taken *taken, const struct tnd_oa_codec *codec)
{
    int before = tnd_oa_codec_find(taken->codecs, taken->count, codec);

    if (before >= 0)
        return taken->codecs[before].payload;
    if (codec->payload < TND_SDP_PAYLOAD_COUNT && !taken->is[codec->payload])
        return codec->payload;
    for (int payload = 96; payload < TND_SDP_PAYLOAD_COUNT; payload++)
        if (!taken->is[payload])
            return payload;
    return -1;
}

/* All that we can do. false: there are too many formats. */
static bool plan_offer(struct tnd_arena *a, const struct tnd_oa *oa, size_t i, struct plan *plan)
{
    const struct tnd_oa_stream *s = plan->stream;
    struct taken taken = {.codecs = NULL};

    note_taken(a, &oa->agreed->remote, i, false, &taken);
    note_taken(a, &oa->agreed->local, i, true, &taken);
    if (s->codec_count > TND_SDP_FORMAT_COUNT_MAX)
        return false;
    for (size_t j = 0; j < s->codec_count; j++) {
        struct pick *pick = &plan->picks[plan->count++];
        pick->codec = s->codecs[j];
        pick->format = s->codecs[j].encoding;
        if (!tnd_sdp_is_rtp(s->proto))
            continue;
        int payload = choose_payload(&taken, &s->codecs[j]);
        if (payload < 0)
            return false;
        taken.is[payload] = true;
        pick->codec.payload = (uint8_t)payload;
        pick->format = print_number(a, (uint64_t)payload);
    }
    return true;
}

int tnd_oa_compose_offer(const struct tnd_oa *oa, struct tnd_arena *a,
                         const struct tnd_oa_local *local, const int8_t *slot, size_t count,
                         struct tnd_sdp *ret)
{
    struct tnd_sdp_media *media = fill_session(a, local, count, ret);

    for (size_t i = 0; media && i < count; i++) {
        bool bound = slot[i] >= 0 && (size_t)slot[i] < local->stream_count;
        if (!bound || local->streams[slot[i]].port == 0) {
            fill_disabled(&oa->agreed->local.media[i], &media[i]);
            continue;
        }
        const struct tnd_oa_stream *s = &local->streams[slot[i]];
        struct plan plan = {.stream = s, .port = s->port, .direction = s->direction};
        if (!plan_offer(a, oa, i, &plan))
            return TND_ESPACE;
        if (plan.count > 0)
            fill_media(a, &plan, &media[i]);
    }
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}

/* Those of the offer that we can do too, in its order and with its payload types, as
 * RFC 3264 §6.1 recommends. */
static void plan_answer(struct tnd_arena *a, const struct tnd_sdp_media *theirs, struct plan *plan)
{
    const struct tnd_oa_stream *s = plan->stream;
    const struct tnd_oa_codec *codecs = tnd_oa_describe(a, theirs);

    for (size_t i = 0; codecs && i < theirs->format_count; i++) {
        int ours = tnd_oa_codec_find(s->codecs, s->codec_count, &codecs[i]);
        if (ours < 0)
            continue;
        struct pick *pick = &plan->picks[plan->count++];
        *pick = (struct pick){codecs[i], theirs->formats[i]};
        if (s->codecs[ours].fmtp.ptr)
            pick->codec.fmtp = s->codecs[ours].fmtp;
    }
}

static void answer_media(struct tnd_arena *a, const struct tnd_sdp *offer,
                         const struct tnd_sdp_media *theirs, const struct tnd_oa_stream *s,
                         struct tnd_sdp_media *media)
{
    enum tnd_sdp_direction offered = tnd_sdp_direction_of(offer, theirs);
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(offer, theirs);
    struct plan plan = {.stream = s, .port = s->port};

    /* RFC 3264 §6.1: recvonly to sendonly, and no more than we wish ourselves. */
    plan.direction = (enum tnd_sdp_direction)(tnd_sdp_direction_reverse(offered) & s->direction);
    if (conn && conn->multicast) { /* RFC 3264 §6.2: address, port, direction MUST match */
        plan.port = theirs->port;
        plan.direction = offered;
        media->port_count = theirs->port_count;
        media->part.conns = theirs->part.conn_count > 0 ? theirs->part.conns : conn;
        media->part.conn_count = theirs->part.conn_count > 0 ? theirs->part.conn_count : 1;
    }
    plan_answer(a, theirs, &plan);
    if (plan.count > 0)
        fill_media(a, &plan, media);
}

int tnd_oa_compose_answer(const struct tnd_oa *oa, struct tnd_arena *a,
                          const struct tnd_oa_local *local, const int8_t *slot, struct tnd_sdp *ret)
{
    const struct tnd_sdp *offer = &oa->pending->remote;
    struct tnd_sdp_media *media = fill_session(a, local, offer->media_count, ret);

    ret->times = offer->times; /* RFC 3264 §6: MUST equal that of the offer */
    ret->time_count = offer->time_count;
    for (size_t i = 0; media && i < offer->media_count; i++) {
        if (slot[i] < 0)
            fill_disabled(&offer->media[i], &media[i]);
        else
            answer_media(a, offer, &offer->media[i], &local->streams[slot[i]], &media[i]);
    }
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}
