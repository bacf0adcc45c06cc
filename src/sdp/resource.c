/* The machine of preconditions in front of that of offer and answer: RFC 3312, RFC 4032.
 *
 * Each stream has two sets of status tables, as the machine of offer and answer has two exchanges: what
 * was agreed, and what will be when the pending exchange ends. What refuses an offer throws the second
 * away. */
#include "sdp/table.h"

void tnd_pre_init(struct tnd_pre *pre, struct tnd_oa *oa, struct tnd_pre_stream *streams,
                  size_t stream_count, const struct tnd_pre_wish *wishes, size_t wish_count)
{
    TND_ASSERT(wish_count <= TND_PRE_TYPE_COUNT_MAX);
    *pre = (struct tnd_pre){.oa = oa, .streams = streams, .stream_count = stream_count};
    for (size_t i = 0; i < stream_count; i++) {
        streams[i] =
            (struct tnd_pre_stream){.wishes = wishes, .wish_count = wish_count, .fresh = true};
        tnd_pre_begin(&streams[i]);
    }
}

void tnd_pre_set_wishes(struct tnd_pre *pre, size_t stream, const struct tnd_pre_wish *wishes)
{
    struct tnd_pre_stream *s = &pre->streams[stream];

    TND_ASSERT(stream < pre->stream_count && pre->oa->state == TND_OA_STABLE);
    s->wishes = wishes;
    s->fresh = true;
    for (size_t i = 0; i < s->wish_count; i++) {
        struct tnd_pre_table *t = &s->agreed.table[i];
        TND_ASSERT(tnd_slice_eq_fold(tnd_pre_name(t), wishes[i].type));
        memcpy(t->own, wishes[i].own, sizeof(t->own));
        memcpy(t->confirm, wishes[i].confirm, sizeof(t->confirm));
    }
}

/* The streams of local with those lines behind their attributes. NULL: a is over. */
static const struct tnd_oa_stream *with_lines(const struct tnd_pre *pre, struct tnd_arena *a,
                                              const struct tnd_oa_local *local)
{
    struct tnd_oa_stream *streams = tnd_arena_zero(a, local->stream_count, sizeof(*streams));

    for (size_t i = 0; streams && i < local->stream_count; i++) {
        const struct tnd_pre_tables *tables = &pre->streams[i].pending;
        size_t count = local->streams[i].attr_count;
        struct tnd_sdp_attr *attrs =
            tnd_arena_zero(a, count + TND_PRE_LINE_COUNT_MAX, sizeof(*attrs));
        if (!attrs)
            return NULL;
        if (count > 0)
            memcpy(attrs, local->streams[i].attrs, count * sizeof(*attrs));
        streams[i] = local->streams[i];
        streams[i].attrs = attrs;
        streams[i].attr_count = count;
        if (tables->live)
            streams[i].attr_count += tnd_pre_tell(tables, pre->uas, a, attrs + count);
    }
    return tnd_arena_over(a) ? NULL : streams;
}

/* What the tables say has been said to the other side now. */
static void note_said(struct tnd_pre *pre)
{
    for (size_t i = 0; i < pre->stream_count; i++) {
        struct tnd_pre_tables *tables = &pre->streams[i].pending;
        for (size_t j = 0; j < tables->count; j++)
            memcpy(tables->table[j].said, tables->table[j].curr, sizeof(tables->table[j].curr));
    }
}

/* The line of a stream in the exchange, or -1. */
static int8_t line_of(const struct tnd_oa_exchange *x, size_t stream)
{
    for (size_t i = 0; i < x->local.media_count; i++)
        if (x->slot[i] == (int8_t)stream)
            return (int8_t)i;
    return -1;
}

/* RFC 3312 §8.1: what has port zero is not looked at. */
static void bind(struct tnd_pre *pre, const struct tnd_oa_exchange *x)
{
    for (size_t i = 0; i < pre->stream_count; i++) {
        struct tnd_pre_tables *tables = &pre->streams[i].pending;
        int8_t line = line_of(x, i);
        tables->line = line;
        tables->live = line >= 0 && x->local.media[line].port != 0 &&
                       (!x->has_remote || x->remote.media[line].port != 0);
    }
}

/* RFC 3312 §11: MUST be required if a strength is mandatory; else supported is RECOMMENDED. */
static enum tnd_pre_tag tag_of(const struct tnd_pre *pre)
{
    enum tnd_pre_tag tag = TND_PRE_TAG_NONE;

    for (size_t i = 0; i < pre->stream_count; i++) {
        const struct tnd_pre_tables *tables = &pre->streams[i].pending;
        for (size_t j = 0; tables->live && j < tables->count; j++) {
            for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
                if (tables->table[j].used[status] && tables->table[j].mandatory[status])
                    return TND_PRE_TAG_REQUIRE;
                if (tables->table[j].used[status])
                    tag = TND_PRE_TAG_SUPPORTED;
            }
        }
    }
    return tag;
}

static void make_pending(struct tnd_pre *pre, const struct tnd_oa_local *local)
{
    for (size_t i = 0; i < pre->stream_count; i++) {
        struct tnd_pre_stream *s = &pre->streams[i];
        if (i < local->stream_count && local->streams[i].port != 0)
            tnd_pre_make_offer(s, local->streams[i].direction, pre->agreed && !pre->heard);
        else
            s->pending = (struct tnd_pre_tables){.line = -1};
    }
}

int tnd_pre_offer(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                  struct tnd_slice *ret)
{
    struct tnd_oa_local full = *local;

    if (pre->oa->state != TND_OA_STABLE)
        return TND_ESTATE;
    if (local->stream_count > pre->stream_count)
        return TND_ESPACE;
    make_pending(pre, local);
    full.streams = with_lines(pre, a, local);
    if (!full.streams)
        return TND_ENOMEM;
    int err = tnd_oa_offer(pre->oa, a, &full, ret);
    if (err)
        return err;
    bind(pre, pre->oa->pending);
    note_said(pre);
    pre->tag = (uint8_t)tag_of(pre);
    return 0;
}

/* A digest of where media go, FNV-1a; 0: nowhere now. Who makes two places alike deceives himself. */
static uint64_t place_of(const struct tnd_sdp *sdp, const struct tnd_sdp_media *media)
{
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(sdp, media);
    uint64_t digest = 0xcbf29ce484222325u ^ media->port;

    if (!conn || media->port == 0 || tnd_sdp_conn_is_hold(conn))
        return 0;
    for (size_t i = 0; i < conn->address.len; i++)
        digest = (digest ^ (unsigned char)conn->address.ptr[i]) * 0x100000001b3u;
    return digest;
}

/* Whether the other side receives elsewhere than before, and where. On hold it stays where it was. */
static bool moves(struct tnd_pre_stream *s, const struct tnd_sdp *sdp,
                  const struct tnd_sdp_media *media)
{
    uint64_t place = place_of(sdp, media);

    s->place_pending = place ? place : s->place;
    return s->place != 0 && s->place_pending != s->place;
}

static void hear_offer(struct tnd_pre *pre, const struct tnd_oa_local *local, size_t stream,
                       size_t line, struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp *offer = &pre->oa->pending->remote;
    const struct tnd_sdp_media *media = &offer->media[line];
    struct tnd_pre_stream *s = &pre->streams[stream];
    enum tnd_sdp_direction direction =
        tnd_sdp_direction_reverse(tnd_sdp_direction_of(offer, media));
    struct tnd_pre_tables heard;

    tnd_pre_hear(media, &s->agreed, &heard, flaws);
    pre->heard |= heard.count > 0 || heard.excess;
    tnd_pre_take_offer(s, &heard, moves(s, offer, media),
                       direction & local->streams[stream].direction);
    s->pending.line = (int8_t)line;
    if (s->moving) {
        tnd_pre_wipe(&s->pending);
        s->moving = TND_PRE_MOVING_NOW;
    }
}

int tnd_pre_offered(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                    struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws)
{
    if (local->stream_count > pre->stream_count)
        return TND_ESPACE;
    int err = tnd_oa_offered(pre->oa, text, ret_flaws);
    if (err)
        return err;
    for (size_t i = 0; i < pre->stream_count; i++)
        pre->streams[i].pending = (struct tnd_pre_tables){.line = -1};
    for (size_t i = 0; i < pre->oa->pending->remote.media_count; i++) {
        int stream = tnd_oa_match(pre->oa, a, local, i);
        if (stream >= 0)
            hear_offer(pre, local, (size_t)stream, i, ret_flaws);
    }
    if (tnd_arena_over(a)) {
        tnd_oa_rollback(pre->oa);
        return TND_ENOMEM;
    }
    return 0;
}

/* The pending exchange has ended well. A stream that it does not have keeps what was known of it. */
static void agree(struct tnd_pre *pre)
{
    for (size_t i = 0; i < pre->stream_count; i++) {
        struct tnd_pre_stream *s = &pre->streams[i];
        if (!s->pending.live) {
            s->agreed.live = false;
            continue;
        }
        s->agreed = s->pending;
        s->place = s->place_pending;
        s->fresh = false;
        if (s->moving == TND_PRE_MOVING_NOW)
            s->moving = 0;
    }
    pre->agreed = true;
}

int tnd_pre_answer(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                   struct tnd_slice *ret)
{
    struct tnd_oa_local full = *local;

    if (pre->oa->state != TND_OA_OFFER_RECEIVED)
        return TND_ESTATE;
    if (local->stream_count > pre->stream_count)
        return TND_ESPACE;
    full.streams = with_lines(pre, a, local);
    if (!full.streams)
        return TND_ENOMEM;
    int err = tnd_oa_answer(pre->oa, a, &full, ret);
    if (err)
        return err;
    bind(pre, pre->oa->agreed);
    note_said(pre);
    agree(pre);
    return 0;
}

static bool hear_answer(struct tnd_pre_stream *s, const struct tnd_sdp *answer,
                        struct tnd_sdp_flaws *flaws)
{
    const struct tnd_sdp_media *media = &answer->media[s->pending.line];
    struct tnd_pre_tables heard;

    tnd_pre_hear(media, &s->pending, &heard, flaws);
    tnd_pre_take_answer(s, &heard, moves(s, answer, media), media->type, flaws);
    return heard.count > 0;
}

int tnd_pre_answered(struct tnd_pre *pre, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws)
{
    int err = tnd_oa_answered(pre->oa, text, ret_flaws);

    if (err)
        return err;
    bind(pre, pre->oa->agreed);
    if (pre->tag != TND_PRE_TAG_NONE) /* RFC 3312 §11: silence says that they are not supported */
        pre->heard = false;
    for (size_t i = 0; i < pre->stream_count; i++)
        if (pre->streams[i].pending.live)
            pre->heard |= hear_answer(&pre->streams[i], &pre->oa->agreed->remote, ret_flaws);
    agree(pre);
    return 0;
}

void tnd_pre_rollback(struct tnd_pre *pre)
{
    tnd_oa_rollback(pre->oa);
    for (size_t i = 0; i < pre->stream_count; i++) {
        pre->streams[i].pending = (struct tnd_pre_tables){.line = -1};
        if (pre->streams[i].moving)
            pre->streams[i].moving = TND_PRE_MOVING_NEXT;
    }
}
