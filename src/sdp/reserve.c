/* What is to be reserved, what became of it, and what that means for the call: RFC 3312 §5.2, §6, §7. */
#include "sdp/table.h"

/* Goes over the rows of all live streams: two steps for each status, the mandatory ones and the others.
 * false: no more. */
struct walk {
    size_t stream;
    const struct tnd_pre_table *table;
    int status;
    bool mandatory;
};

enum { STEPS_OF_TABLE = 2 * TND_PRE_STATUS_COUNT, STEPS = STEPS_OF_TABLE * TND_PRE_TYPE_COUNT_MAX };

static bool walk(const struct tnd_pre *pre, size_t *at, struct walk *ret)
{
    while (*at < pre->stream_count * STEPS) {
        size_t step = (*at)++, table = step % STEPS / STEPS_OF_TABLE;
        const struct tnd_pre_tables *tables = tnd_pre_now(pre, step / STEPS);
        if (!tables->live || table >= tables->count)
            continue;
        *ret = (struct walk){.stream = step / STEPS,
                             .table = &tables->table[table],
                             .status = (int)(step % STEPS_OF_TABLE / 2),
                             .mandatory = step % 2 == 0};
        if (ret->table->used[ret->status])
            return true;
    }
    return false;
}

static void fill(const struct walk *w, uint8_t direction, enum tnd_sdp_strength strength,
                 struct tnd_pre_rows *ret)
{
    *ret = (struct tnd_pre_rows){
        .stream = w->stream,
        .type = tnd_pre_name(w->table),
        .status = (enum tnd_sdp_status)w->status,
        .direction = (enum tnd_sdp_direction)direction,
        .strength = strength,
    };
}

/* Rows of that strength that are ours to reserve, and are neither reserved nor refused. */
static uint8_t wanted(const struct walk *w)
{
    const struct tnd_pre_table *t = w->table;
    int status = w->status;
    uint8_t desired = w->mandatory ? t->mandatory[status]
                                   : (uint8_t)(t->optional[status] & ~t->mandatory[status]);

    return (uint8_t)(desired & t->own[status] & ~t->curr[status] & ~t->failed[status]);
}

bool tnd_pre_next(const struct tnd_pre *pre, size_t *at, struct tnd_pre_rows *ret)
{
    bool early = !pre->agreed || pre->oa->state != TND_OA_STABLE;
    struct walk w;

    while (walk(pre, at, &w)) {
        uint8_t direction = wanted(&w);
        /* RFC 3312 §5.2: where both have to take part, after the answer; else it MAY be before. */
        if (!direction || (early && w.status == TND_SDP_E2E))
            continue;
        fill(&w, direction, w.mandatory ? TND_SDP_STRENGTH_MANDATORY : TND_SDP_STRENGTH_OPTIONAL,
             ret);
        ret->early = early;
        return true;
    }
    return false;
}

static void note(struct tnd_pre_tables *tables, const struct tnd_pre_rows *rows,
                 enum tnd_pre_outcome outcome)
{
    struct tnd_pre_table *t = tnd_pre_find(tables, rows->type);
    uint8_t rest = (uint8_t)~rows->direction;

    if (!t)
        return;
    t->curr[rows->status] &= rest;
    t->failed[rows->status] &= rest;
    if (outcome == TND_PRE_RESERVED)
        t->curr[rows->status] |= (uint8_t)rows->direction;
    if (outcome == TND_PRE_REFUSED)
        t->failed[rows->status] |= (uint8_t)rows->direction;
}

int tnd_pre_reserved(struct tnd_pre *pre, const struct tnd_pre_rows *rows,
                     enum tnd_pre_outcome outcome)
{
    if (rows->stream >= pre->stream_count)
        return TND_ENONE;
    struct tnd_pre_stream *s = &pre->streams[rows->stream];
    const struct tnd_pre_table *t = tnd_pre_find(&s->agreed, rows->type);
    if (!t || (rows->direction & ~t->own[rows->status]))
        return TND_ENONE;
    note(&s->agreed, rows, outcome);
    note(&s->pending, rows, outcome);
    return 0;
}

void tnd_pre_moved(struct tnd_pre *pre, size_t stream)
{
    TND_ASSERT(stream < pre->stream_count);
    struct tnd_pre_stream *s = &pre->streams[stream];
    s->moving = TND_PRE_MOVING_NEXT;
    if (pre->oa->state == TND_OA_OFFER_RECEIVED) {
        s->moving = TND_PRE_MOVING_NOW;
        tnd_pre_wipe(&s->pending);
    }
}

/* RFC 4032 §4: the callee does not tell that all is met, but goes on. */
static void resume(struct tnd_pre_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        struct tnd_pre_table *t = &tables->table[i];
        for (int status = 0; status < TND_PRE_STATUS_COUNT; status++)
            t->curr[status] |= tnd_pre_open(t, status) & (uint8_t)~t->own[status];
    }
}

void tnd_pre_resumed(struct tnd_pre *pre)
{
    for (size_t i = 0; pre->agreed && i < pre->stream_count; i++) {
        resume(&pre->streams[i].agreed);
        resume(&pre->streams[i].pending);
    }
}

bool tnd_pre_unmet(const struct tnd_pre *pre, bool failed, size_t *at, struct tnd_pre_rows *ret)
{
    struct walk w;

    while (walk(pre, at, &w)) {
        enum tnd_sdp_strength strength;
        uint8_t hopeless = tnd_pre_hopeless(w.table, w.status, &strength);
        uint8_t direction = failed ? hopeless : tnd_pre_open(w.table, w.status);
        if (!w.mandatory || !direction)
            continue;
        fill(&w, direction, failed ? strength : TND_SDP_STRENGTH_MANDATORY, ret);
        return true;
    }
    return false;
}

/* RFC 3312 §9 before §8: what is unknown cannot be helped by another reservation. */
static enum tnd_rule why_failed(const struct tnd_pre *pre)
{
    enum tnd_rule rule = TND_RULE_NONE;
    struct tnd_pre_rows rows;

    for (size_t i = 0; i < pre->stream_count; i++)
        if (tnd_pre_now(pre, i)->live && tnd_pre_now(pre, i)->excess)
            return TND_RULE_PRECONDITION_UNKNOWN;
    for (size_t at = 0; tnd_pre_unmet(pre, true, &at, &rows);) {
        if (rows.strength == TND_SDP_STRENGTH_UNKNOWN)
            return TND_RULE_PRECONDITION_UNKNOWN;
        rule = TND_RULE_PRECONDITION_FAILED;
    }
    return rule;
}

/* RFC 3312 §6: an offer of the callee with preconditions waits for those of its answer. */
static bool awaits_answer(const struct tnd_pre *pre)
{
    return pre->oa->state == TND_OA_OFFER_SENT && !pre->agreed && pre->tag != TND_PRE_TAG_NONE;
}

enum tnd_pre_verdict tnd_pre_verdict(const struct tnd_pre *pre, enum tnd_rule *ret_rule)
{
    enum tnd_pre_verdict verdict = TND_PRE_MET;
    enum tnd_rule rule = why_failed(pre);
    struct tnd_pre_rows rows;
    size_t at = 0;

    if (rule != TND_RULE_NONE) {
        verdict = TND_PRE_FAILED;
    } else if (awaits_answer(pre) || tnd_pre_unmet(pre, false, &at, &rows)) {
        verdict = TND_PRE_SUSPENDED;
        rule = TND_RULE_PRECONDITION_SUSPENDED;
    }
    if (ret_rule && verdict != TND_PRE_MET)
        *ret_rule = rule;
    return verdict;
}

/* Whether all that the other side asked for is there, by curr, or as we said last. Only rows of our own
 * count: what it asks of others it has told us itself. */
static bool is_reached(const struct tnd_pre_tables *tables, bool said)
{
    for (size_t i = 0; i < tables->count; i++) {
        const struct tnd_pre_table *t = &tables->table[i];
        for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
            uint8_t is = said ? t->said[status] : t->curr[status];
            if (t->used[status] && (t->conf[status] & t->own[status] & ~is))
                return false;
        }
    }
    return true;
}

bool tnd_pre_offer_is_due(const struct tnd_pre *pre)
{
    for (size_t i = 0; pre->agreed && i < pre->stream_count; i++) {
        const struct tnd_pre_stream *s = &pre->streams[i];
        const struct tnd_pre_tables *tables =
            pre->oa->state == TND_OA_OFFER_SENT && s->pending.live ? &s->pending : &s->agreed;
        /* RFC 3312 §7: when the threshold is reached, MUST send an offer; crossed again, too. */
        if (tables->live && is_reached(tables, false) != is_reached(tables, true))
            return true;
    }
    return false;
}
