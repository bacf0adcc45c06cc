/* Which of our streams goes into which "m=" line. A stream keeps its line for the life of
 * the session (RFC 3264 §8); a new one takes a line that is not used, or a new one. */
#include "sdp/agree.h"

static bool is_used(const int8_t *slot, size_t count, size_t stream)
{
    for (size_t i = 0; i < count; i++)
        if (slot[i] == (int8_t)stream)
            return true;
    return false;
}

/* Whether our stream can answer the offered one, whose formats are described: the same type
 * and transport, and a format in common. Tones and comfort noise alone do not make a call,
 * unless nothing else was offered. */
static bool fits(const struct tnd_oa_stream *ours, const struct tnd_sdp_media *theirs,
                 const struct tnd_oa_codec *codecs)
{
    bool common = false, real_common = false, real = false;

    if (ours->port == 0 || !tnd_slice_eq_fold(ours->type, theirs->type) ||
        !tnd_slice_eq_fold(ours->proto, theirs->proto))
        return false;
    for (size_t i = 0; codecs && i < theirs->format_count; i++) {
        bool is_real = codecs[i].encoding.ptr && !tnd_oa_codec_is_auxiliary(&codecs[i]);
        bool is_common = tnd_oa_codec_find(ours->codecs, ours->codec_count, &codecs[i]) >= 0;
        real |= is_real;
        common |= is_common;
        real_common |= is_real && is_common;
    }
    return real ? real_common : common;
}

static int find_fitting(const struct tnd_oa_local *local, const struct tnd_sdp_media *theirs,
                        const struct tnd_oa_codec *codecs, const int8_t *slot, size_t count)
{
    for (size_t s = 0; s < local->stream_count; s++)
        if (!is_used(slot, count, s) && fits(&local->streams[s], theirs, codecs))
            return (int)s;
    return -1;
}

void tnd_oa_bind_answer(const struct tnd_oa *oa, struct tnd_arena *a,
                        const struct tnd_oa_local *local, int8_t slot[TND_SDP_MEDIA_COUNT_MAX])
{
    const struct tnd_oa_codec *codecs[TND_SDP_MEDIA_COUNT_MAX] = {NULL};
    const struct tnd_sdp *offer = &oa->pending->remote;

    TND_ASSERT(local->stream_count <= TND_SDP_MEDIA_COUNT_MAX);
    memset(slot, -1, TND_SDP_MEDIA_COUNT_MAX);
    for (size_t i = 0; i < offer->media_count; i++) { /* first those that had the line before */
        int before = oa->agreed->slot[i];
        if (offer->media[i].port == 0) /* RFC 3264 §8.2: MUST be answered with port zero */
            continue;
        codecs[i] = tnd_oa_describe(a, &offer->media[i]);
        if (before >= 0 && (size_t)before < local->stream_count &&
            fits(&local->streams[before], &offer->media[i], codecs[i]))
            slot[i] = (int8_t)before;
    }
    for (size_t i = 0; i < offer->media_count; i++)
        if (slot[i] < 0 && codecs[i])
            slot[i] =
                (int8_t)find_fitting(local, &offer->media[i], codecs[i], slot, offer->media_count);
}

/* The line for a new stream: a disabled one of its own type (RFC 3264 §8.1, RFC 6337
 * §5.2.5), else the next below; when there is no more room, any that is disabled. */
static size_t find_line(const struct tnd_oa *oa, const struct tnd_oa_stream *stream,
                        const int8_t *slot, size_t count)
{
    const struct tnd_sdp *before = &oa->agreed->local;
    size_t line = count;

    for (size_t i = count; i-- > 0;) {
        if (slot[i] >= 0)
            continue;
        if (i < before->media_count && tnd_slice_eq_fold(before->media[i].type, stream->type))
            return i;
        if (count == TND_SDP_MEDIA_COUNT_MAX)
            line = i;
    }
    return line;
}

int tnd_oa_bind_offer(const struct tnd_oa *oa, const struct tnd_oa_local *local,
                      int8_t slot[TND_SDP_MEDIA_COUNT_MAX])
{
    size_t count = oa->agreed->local.media_count;

    memcpy(slot, oa->agreed->slot, TND_SDP_MEDIA_COUNT_MAX);
    if (local->stream_count > TND_SDP_MEDIA_COUNT_MAX)
        return TND_ESPACE;
    for (size_t s = 0; s < local->stream_count; s++) {
        if (local->streams[s].port == 0 || is_used(slot, count, s))
            continue;
        size_t line = find_line(oa, &local->streams[s], slot, count);
        if (line == TND_SDP_MEDIA_COUNT_MAX)
            return TND_ESPACE;
        slot[line] = (int8_t)s;
        count += line == count;
    }
    return (int)count;
}
