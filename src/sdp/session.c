/* What two descriptions come to: RFC 3264 §6.1 and §7, for the one who offered and for the
 * one who answered alike. */
#include "sdp/agree.h"

/* One pass over the formats of the other side, in its order: the first is the one to send
 * with, because the answerer SHOULD use the offer's most preferred that it listed too
 * (RFC 3264 §6.1), and the offerer the first of the answer (RFC 3264 §7). */
static void fill_formats(struct tnd_arena *a, const struct tnd_sdp_media *ours,
                         const struct tnd_sdp_media *theirs, struct tnd_oa_flow *flow)
{
    const struct tnd_oa_codec *our_codecs = tnd_oa_describe(a, ours);
    const struct tnd_oa_codec *codecs = tnd_oa_describe_like(a, theirs, ours, our_codecs);
    struct tnd_oa_format *formats = tnd_arena_zero(a, theirs->format_count, sizeof(*formats));

    if (!our_codecs || !codecs || !formats)
        return;
    for (size_t i = 0; i < theirs->format_count; i++) {
        int j = tnd_oa_codec_find(our_codecs, ours->format_count, &codecs[i]);
        if (j < 0)
            continue;
        struct tnd_oa_format *format = &formats[flow->format_count++];
        format->codec = codecs[i];
        format->codec.payload = our_codecs[j].payload;
        format->send = theirs->formats[i]; /* RFC 3264 §5.1, §6.1: with the other's number */
        format->recv = ours->formats[j];
        format->send_payload = codecs[i].payload;
        format->recv_payload = our_codecs[j].payload;
    }
    flow->formats = formats;
}

static void fill_place(const struct tnd_sdp *theirs, const struct tnd_sdp_media *media,
                       struct tnd_oa_flow *flow)
{
    const struct tnd_sdp_attr *attr = tnd_sdp_attr_find(&media->part, "rtcp");
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(theirs, media);
    struct tnd_sdp_rtcp rtcp;

    TND_ASSERT(conn); /* the reader refuses a stream without */
    flow->remote = *conn;
    flow->remote_port = media->port;
    flow->mute = tnd_sdp_conn_is_hold(conn);
    if (attr && tnd_sdp_rtcp_read(attr->value, &rtcp))
        flow->remote_rtcp_port = rtcp.port;
    else if (media->port < UINT16_MAX) /* RFC 3264 §5.1: one higher */
        flow->remote_rtcp_port = (uint16_t)(media->port + 1);
}

static enum tnd_sdp_direction direction_of(const struct tnd_oa_exchange *x, size_t i)
{
    enum tnd_sdp_direction ours = tnd_sdp_direction_of(&x->local, &x->local.media[i]);
    enum tnd_sdp_direction theirs = tnd_sdp_direction_of(&x->remote, &x->remote.media[i]);
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(&x->remote, &x->remote.media[i]);

    if (conn->multicast) /* RFC 3264 §5.2: the same for all who take part */
        return ours;
    return (enum tnd_sdp_direction)(ours & tnd_sdp_direction_reverse(theirs));
}

static void fill_flow(struct tnd_arena *a, const struct tnd_oa_exchange *x, size_t i,
                      struct tnd_oa_flow *flow)
{
    const struct tnd_sdp_media *ours = &x->local.media[i], *theirs = &x->remote.media[i];
    const struct tnd_sdp_attr *ptime = tnd_sdp_attr_find(&theirs->part, "ptime");

    flow->type = ours->type;
    flow->proto = ours->proto;
    flow->stream = x->slot[i];
    flow->live = ours->port != 0 && theirs->port != 0;
    if (!flow->live) /* RFC 3264 §6: no media and no RTCP for it */
        return;
    flow->local_port = ours->port;
    fill_place(&x->remote, theirs, flow);
    flow->direction = direction_of(x, i);
    if (flow->mute) /* RFC 3264 §8.4 */
        flow->direction &= TND_SDP_RECV;
    if (ptime)
        tnd_sdp_ptime_read(ptime->value, &flow->ptime);
    fill_formats(a, ours, theirs, flow);
}

static int describe(const struct tnd_oa_exchange *x, struct tnd_arena *a,
                    struct tnd_oa_session *ret)
{
    size_t count = x->local.media_count;
    struct tnd_oa_flow *flows = NULL;

    if (!x->has_local)
        return TND_ENONE;
    if (count > 0)
        flows = tnd_arena_zero(a, count, sizeof(*flows));
    for (size_t i = 0; flows && i < count; i++)
        fill_flow(a, x, i, &flows[i]);
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = (struct tnd_oa_session){flows, count};
    return 0;
}

int tnd_oa_session(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_oa_session *ret)
{
    return describe(oa->agreed, a, ret);
}

/* Reads a copy of text, which could be read before. */
static bool read_again(struct tnd_arena *a, struct tnd_slice text, struct tnd_sdp *ret)
{
    struct tnd_sdp_flaws flaws = {.count = 0};

    return tnd_sdp_read(a, tnd_slice_keep(a, text), ret, &flaws) == 0;
}

int tnd_oa_session_keep(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_oa_session *ret)
{
    struct tnd_oa_exchange x = {.has_local = oa->agreed->has_local};

    if (!x.has_local)
        return TND_ENONE;
    if (!read_again(a, oa->agreed->local_text, &x.local) ||
        !read_again(a, oa->agreed->remote_text, &x.remote))
        return TND_ENOMEM;
    memcpy(x.slot, oa->agreed->slot, sizeof(x.slot));
    return describe(&x, a, ret);
}
