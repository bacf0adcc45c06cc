/* The description in the body of a 580, CANCEL or BYE: RFC 3312 §8. */
#include "sdp/table.h"

/* What the other side said last. NULL: nothing. */
static const struct tnd_sdp *last_heard(const struct tnd_oa *oa)
{
    if (oa->state == TND_OA_OFFER_RECEIVED)
        return &oa->pending->remote;
    return oa->agreed->has_remote ? &oa->agreed->remote : NULL;
}

/* The lines of a list that grows in an arena. */
struct lines {
    struct tnd_arena *arena;
    struct tnd_sdp_attr *attrs;
    size_t count, size;
};

static void add(struct lines *lines, struct tnd_slice type, enum tnd_sdp_status status,
                enum tnd_sdp_direction direction, enum tnd_sdp_strength strength)
{
    struct tnd_sdp_precondition p = {TND_SDP_DES, type, strength, status, direction};

    if (lines->count < lines->size)
        lines->attrs[lines->count++] = tnd_sdp_precondition_attr(lines->arena, &p);
}

/* Those of types that there was no room for in the tables. */
static void add_excess(struct lines *lines, const struct tnd_pre_tables *tables,
                       const struct tnd_sdp_media *media)
{
    struct tnd_sdp_precondition p;

    for (size_t i = 0; i < media->part.attr_count; i++)
        if (tnd_pre_read_turned(&media->part.attrs[i], &p) && p.kind == TND_SDP_DES &&
            p.strength == TND_SDP_STRENGTH_MANDATORY && !tnd_pre_find(tables, p.type))
            add(lines, p.type, p.status, p.direction, TND_SDP_STRENGTH_UNKNOWN);
}

/* The lines that failed of the stream that has a line; while nothing has, those that were waited for. */
static void add_failed(const struct tnd_pre *pre, size_t line, const struct tnd_sdp_media *media,
                       struct lines *lines)
{
    bool failed = tnd_pre_verdict(pre, NULL) == TND_PRE_FAILED;
    struct tnd_pre_rows rows;

    for (size_t at = 0; tnd_pre_unmet(pre, failed, &at, &rows);)
        if (tnd_pre_now(pre, rows.stream)->line == (int8_t)line)
            add(lines, rows.type, rows.status, rows.direction,
                failed ? rows.strength : TND_SDP_STRENGTH_FAILURE);
    for (size_t i = 0; i < pre->stream_count; i++) {
        const struct tnd_pre_tables *tables = tnd_pre_now(pre, i);
        if (tables->live && tables->excess && tables->line == (int8_t)line)
            add_excess(lines, tables, media);
    }
}

/* RFC 3312 §8: a line for each of theirs, with port zero. */
static void fill_media(const struct tnd_pre *pre, struct tnd_arena *a, size_t line,
                       const struct tnd_sdp_media *theirs, struct tnd_sdp_media *media)
{
    struct lines lines = {.arena = a, .size = TND_PRE_LINE_COUNT_MAX + theirs->part.attr_count};

    *media = (struct tnd_sdp_media){.type = theirs->type,
                                    .proto = theirs->proto,
                                    .formats = theirs->formats,
                                    .format_count = theirs->format_count};
    lines.attrs = tnd_arena_zero(a, lines.size, sizeof(*lines.attrs));
    if (!lines.attrs)
        return;
    add_failed(pre, line, theirs, &lines);
    media->part.attrs = lines.attrs;
    media->part.attr_count = lines.count;
}

static int print(struct tnd_arena *a, const struct tnd_sdp *sdp, struct tnd_slice *ret)
{
    struct tnd_writer count = tnd_writer(NULL, 0);
    int err = tnd_arena_over(a) ? TND_ENOMEM : tnd_sdp_write(&count, sdp);

    if (err)
        return err;
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (!w.ptr)
        return TND_ENOMEM;
    tnd_sdp_write(&w, sdp);
    *ret = tnd_writer_slice(&w);
    return 0;
}

int tnd_pre_failure(const struct tnd_pre *pre, struct tnd_arena *a,
                    const struct tnd_oa_local *local, struct tnd_slice *ret)
{
    const struct tnd_sdp *heard = last_heard(pre->oa);
    struct tnd_sdp sdp = {.origin = local->origin,
                          .name = local->name,
                          .session = {.conns = &local->conn, .conn_count = 1}};

    if (!heard || heard->media_count == 0 || tnd_pre_verdict(pre, NULL) == TND_PRE_MET)
        return TND_ENONE;
    struct tnd_sdp_media *media = tnd_arena_zero(a, heard->media_count, sizeof(*media));
    for (size_t i = 0; media && i < heard->media_count; i++)
        fill_media(pre, a, i, &heard->media[i], &media[i]);
    sdp.media = media;
    sdp.media_count = heard->media_count;
    return print(a, &sdp, ret);
}

bool tnd_pre_failure_next(const struct tnd_sdp *sdp, size_t *at, size_t *ret_line,
                          struct tnd_sdp_precondition *ret)
{
    size_t step = 0;

    for (size_t line = 0; line < sdp->media_count; line++) {
        const struct tnd_sdp_part *part = &sdp->media[line].part;
        for (size_t i = 0; i < part->attr_count; i++) {
            struct tnd_sdp_precondition p;
            if (step++ < *at || !tnd_pre_read_turned(&part->attrs[i], &p) ||
                p.kind != TND_SDP_DES || p.strength < TND_SDP_STRENGTH_FAILURE)
                continue;
            *at = step;
            *ret_line = line;
            *ret = p;
            return true;
        }
    }
    return false;
}
