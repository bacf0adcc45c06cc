/* Names what is wrong with an offer or an answer of the other side, beyond its grammar:
 * RFC 3264 §6, §6.1, §6.2 and §8. */
#include "sdp/agree.h"

/* The "m=" line without its letter, as the place of a flaw. */
static struct tnd_slice place_of(const struct tnd_sdp_media *media)
{
    if (media->format_count == 0)
        return media->type;
    return tnd_slice_between(media->type.ptr,
                             tnd_slice_end(media->formats[media->format_count - 1]));
}

static bool same_origin(const struct tnd_sdp_origin *a, const struct tnd_sdp_origin *b)
{
    return tnd_slice_eq(a->user, b->user) && a->session_id == b->session_id &&
           tnd_slice_eq(a->net_type, b->net_type) && tnd_slice_eq(a->addr_type, b->addr_type) &&
           tnd_slice_eq(a->address, b->address);
}

/* Whether the version is the next one, after what was agreed or after what was refused
 * since, or the same for the same text (RFC 3264 §8). */
static bool is_next_version(const struct tnd_oa *oa)
{
    const struct tnd_oa_exchange *was = oa->agreed, *is = oa->pending;
    uint64_t version = is->remote.origin.version, agreed = was->remote.origin.version;

    if (version == agreed)
        return tnd_slice_eq(was->remote_text, is->remote_text);
    return version == agreed + 1 || version == oa->heard || version == oa->heard + 1;
}

/* RFC 3264 §8: "o=" is the same, and its version grows by one or else nothing has changed.
 * Neither refuses: third parties who put calls together cannot always keep to it
 * (RFC 6337 §5.2.5: what to do then is for us to choose). */
static void judge_origin(const struct tnd_oa *oa, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp_origin *was = &oa->agreed->remote.origin,
                                *is = &oa->pending->remote.origin;

    if (!oa->agreed->has_remote)
        return;
    if (!same_origin(was, is))
        tnd_sdp_blame(flaws, TND_RULE_OFFER_ORIGIN, is->user);
    else if (!is_next_version(oa))
        tnd_sdp_blame(flaws, TND_RULE_OFFER_VERSION, is->user);
}

/* RFC 3264 §8.3.2: what a dynamic payload type means MUST NOT change within a stream. */
static void judge_payloads(struct tnd_arena *a, const struct tnd_sdp_media *was,
                           const struct tnd_sdp_media *is, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_oa_codec *before[TND_SDP_PAYLOAD_COUNT] = {NULL};

    if (was->port == 0 || is->port == 0 || !tnd_sdp_is_rtp(was->proto) ||
        !tnd_sdp_is_rtp(is->proto))
        return;
    const struct tnd_oa_codec *old = tnd_oa_describe(a, was), *new = tnd_oa_describe(a, is);
    for (size_t i = 0; old && i < was->format_count; i++)
        before[old[i].payload] = &old[i];
    for (size_t i = 0; old && new &&i < is->format_count; i++) {
        const struct tnd_oa_codec *codec = before[new[i].payload];
        if (codec && codec->encoding.ptr && new[i].encoding.ptr && !tnd_oa_codec_eq(codec, &new[i]))
            tnd_sdp_blame(flaws, TND_RULE_OFFER_PAYLOAD, is->formats[i]);
    }
}

void tnd_oa_judge_offer(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp *was = &oa->agreed->remote, *is = &oa->pending->remote;

    judge_origin(oa, flaws);
    if (is->media_count < was->media_count)
        tnd_sdp_blame(flaws, TND_RULE_OFFER_STREAMS,
                      tnd_slice(tnd_slice_end(oa->pending->remote_text), 0));
    for (size_t i = 0; i < was->media_count && i < is->media_count; i++)
        judge_payloads(a, &was->media[i], &is->media[i], flaws);
}

/* A stream as both see it. */
struct pair {
    const struct tnd_sdp *offer, *answer;
    const struct tnd_sdp_media *offered, *answered;
    const struct tnd_oa_codec *offered_codecs, *answered_codecs;
};

/* Whether the offer gives codec the same payload type; it may give it several. */
static bool offers_as(const struct pair *p, const struct tnd_oa_codec *codec)
{
    for (size_t i = 0; i < p->offered->format_count; i++)
        if (p->offered_codecs[i].payload == codec->payload &&
            tnd_oa_codec_eq(&p->offered_codecs[i], codec))
            return true;
    return false;
}

/* RFC 3264 §6.1: at least one format from amongst those in the offer, more MAY be there,
 * and the same codec SHOULD have the same payload type. RFC 3264 §6.2: of multicast there
 * may be no other. */
static void judge_formats(const struct pair *p, bool multicast, struct tnd_sdp_flaws *flaws)
{
    size_t common = 0;

    for (size_t i = 0; p->answered_codecs && i < p->answered->format_count; i++) {
        const struct tnd_oa_codec *codec = &p->answered_codecs[i];
        int j = tnd_oa_codec_find(p->offered_codecs, p->offered->format_count, codec);
        common += j >= 0;
        if (j >= 0 && !offers_as(p, codec))
            tnd_sdp_blame(flaws, TND_RULE_ANSWER_PAYLOAD, p->answered->formats[i]);
    }
    if (common == 0)
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_FORMAT, place_of(p->answered));
    else if (multicast && common < p->answered->format_count)
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_MULTICAST, place_of(p->answered));
}

/* RFC 3264 §6.1: the answer MUST contain rtpmap attributes for dynamic payload types. */
static void judge_rtpmaps(struct tnd_arena *a, const struct pair *p, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_oa_codec *codecs = tnd_oa_describe(a, p->answered);

    for (size_t i = 0; codecs && i < p->answered->format_count; i++)
        if (!codecs[i].encoding.ptr)
            tnd_sdp_blame(flaws, TND_RULE_ANSWER_RTPMAP, p->answered->formats[i]);
}

/* RFC 3264 §6.1: the answer does nothing that the offer does not take. */
static void judge_direction(const struct pair *p, struct tnd_sdp_flaws *flaws)
{
    enum tnd_sdp_direction offered = tnd_sdp_direction_of(p->offer, p->offered);
    enum tnd_sdp_direction answered = tnd_sdp_direction_of(p->answer, p->answered);

    if (answered & ~tnd_sdp_direction_reverse(offered))
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_DIRECTION, place_of(p->answered));
}

static void judge_multicast(const struct pair *p, const struct tnd_sdp_conn *offered,
                            const struct tnd_sdp_conn *answered, struct tnd_sdp_flaws *flaws)
{
    bool same_place = tnd_slice_eq_fold(offered->address, answered->address) &&
                      p->offered->port == p->answered->port;

    /* RFC 3264 §6.2: there is only a single view of the stream. */
    if (!same_place ||
        tnd_sdp_direction_of(p->offer, p->offered) != tnd_sdp_direction_of(p->answer, p->answered))
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_MULTICAST, place_of(p->answered));
}

static void judge_stream(struct tnd_arena *a, struct pair *p, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp_conn *offered = tnd_sdp_conn_of(p->offer, p->offered);
    const struct tnd_sdp_conn *answered = tnd_sdp_conn_of(p->answer, p->answered);

    if (!tnd_slice_eq_fold(p->offered->type, p->answered->type))
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_TYPE, place_of(p->answered));
    if (p->answered->port == 0)
        return;                  /* RFC 3264 §6: any media formats listed are ignored */
    if (p->offered->port == 0) { /* RFC 3264 §8.2 */
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_PORT_ZERO, place_of(p->answered));
        return;
    }
    p->offered_codecs = tnd_oa_describe(a, p->offered);
    p->answered_codecs = tnd_oa_describe_like(a, p->answered, p->offered, p->offered_codecs);
    judge_rtpmaps(a, p, flaws);
    judge_formats(p, offered->multicast, flaws);
    if (offered->multicast) {
        judge_multicast(p, offered, answered, flaws);
        return;
    }
    if (answered->multicast)
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_UNICAST, place_of(p->answered));
    judge_direction(p, flaws);
}

/* RFC 3264 §6: the "t=" line in the answer MUST equal that of the offer. */
static bool same_times(const struct tnd_sdp *a, const struct tnd_sdp *b)
{
    if (a->time_count != b->time_count)
        return false;
    for (size_t i = 0; i < a->time_count; i++)
        if (a->times[i].start != b->times[i].start || a->times[i].stop != b->times[i].stop)
            return false;
    return true;
}

void tnd_oa_judge_answer(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp *offer = &oa->pending->local, *answer = &oa->pending->remote;

    judge_origin(oa, flaws);
    if (!same_times(offer, answer))
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_TIME, oa->pending->remote.origin.user);
    if (answer->media_count != offer->media_count) { /* RFC 3264 §6: exactly the same number */
        tnd_sdp_blame(flaws, TND_RULE_ANSWER_STREAMS,
                      tnd_slice(tnd_slice_end(oa->pending->remote_text), 0));
        return;
    }
    for (size_t i = 0; i < offer->media_count; i++) {
        struct pair pair = {offer, answer, &offer->media[i], &answer->media[i], NULL, NULL};
        judge_stream(a, &pair, flaws);
    }
}
