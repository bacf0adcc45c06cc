/* What offers and answers make of status tables: RFC 3312 §5, with RFC 4032 §4.1.
 *
 * A row that is our own is known by local information only: by what was reserved here. All others are
 * known by what the other side says last. That makes the tables of RFC 3312 §5.2 and RFC 4032 §4.1 two
 * lines: see offered_curr() and answered_curr(). */
#include "sdp/table.h"

static void keep_conf(const struct tnd_pre_table *heard, const struct tnd_pre_table *was,
                      struct tnd_pre_table *t)
{
    uint8_t any = heard->conf[0] | heard->conf[1] | heard->conf[2];

    /* Not negotiated: each side uses what the other says (RFC 3312 §7). The flag stays when a later
     * description has no "conf": the loss of what it asked for is to be told too. */
    memcpy(t->conf, any ? heard->conf : was->conf, sizeof(t->conf));
}

/* RFC 3312 §5.1: an offer is the local status table, except in what we want otherwise since. deaf: the other
 * side is known not to speak of preconditions. */
static void offer_table(const struct tnd_pre_wish *wish, uint8_t mask, bool fresh, bool deaf,
                        struct tnd_pre_table *t)
{
    bool renew = fresh || (!tnd_pre_is_used(t) && !deaf);

    if (renew) {
        memcpy(t->used, wish->offered, sizeof(t->used));
        memset(t->optional, 0, sizeof(t->optional));
        memset(t->mandatory, 0, sizeof(t->mandatory));
        t->unanswered = false;
    }
    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        t->optional[status] |= wish->optional[status] & mask;
        t->mandatory[status] |= wish->mandatory[status] & mask;
    }
}

void tnd_pre_make_offer(struct tnd_pre_stream *s, enum tnd_sdp_direction direction, bool deaf)
{
    s->pending = s->agreed;
    s->pending.live = true;
    s->pending.excess = false; /* it is not in what we offer */
    if (s->moving) { /* RFC 4032 §4.1: MUST set what we have no local information of to "No" */
        tnd_pre_wipe(&s->pending);
        s->moving = TND_PRE_MOVING_NOW;
    }
    for (size_t i = 0; i < s->wish_count; i++) {
        struct tnd_pre_table *t = tnd_pre_find(&s->pending, s->wishes[i].type);
        if (TND_ALWAYS(t))
            offer_table(&s->wishes[i], (uint8_t)direction, s->fresh, deaf, t);
    }
}

/* RFC 3312 table 3, with RFC 4032 §4.1: where the offer and we differ, it depends on local information. */
static uint8_t offered_curr(const struct tnd_pre_table *heard, const struct tnd_pre_table *was,
                            int status)
{
    uint8_t own = was->own[status];

    return (uint8_t)((heard->curr[status] & ~own) | (was->curr[status] & own));
}

static void take_offered(const struct tnd_pre_table *heard, const struct tnd_pre_table *was,
                         struct tnd_pre_table *t)
{
    *t = *was;
    t->unanswered = false;
    memcpy(t->used, heard->used, sizeof(t->used));
    memcpy(t->optional, heard->optional, sizeof(t->optional));
    memcpy(t->mandatory, heard->mandatory, sizeof(t->mandatory));
    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++)
        t->curr[status] = offered_curr(heard, was, status);
    keep_conf(heard, was, t);
}

/* RFC 3312 §5.2: MAY upgrade the strength of any entry, MUST NOT downgrade. */
static void raise(const struct tnd_pre_wish *wish, uint8_t mask, struct tnd_pre_table *t)
{
    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        if (!t->used[status])
            continue;
        t->optional[status] |= wish->optional[status] & mask;
        t->mandatory[status] |= wish->mandatory[status] & mask;
    }
}

/* Types that we do not understand have nothing of our own. */
static void take_unknown(struct tnd_pre_stream *s, const struct tnd_pre_tables *heard)
{
    for (size_t i = 0; i < heard->count; i++) {
        const struct tnd_pre_table *h = &heard->table[i];
        const struct tnd_pre_table *was = tnd_pre_find(&s->agreed, tnd_pre_name(h));
        if (h->understood)
            continue;
        struct tnd_pre_table *t = tnd_pre_add(&s->pending, tnd_pre_name(h));
        struct tnd_pre_table empty = t ? *t : *h;
        if (t)
            take_offered(h, was ? was : &empty, t);
        else
            s->pending.excess = true;
    }
}

void tnd_pre_take_offer(struct tnd_pre_stream *s, const struct tnd_pre_tables *heard, bool moved,
                        enum tnd_sdp_direction direction)
{
    const struct tnd_pre_table nothing = {.name_size = 0};
    struct tnd_pre_tables *p = &s->pending;

    *p = s->agreed;
    if (moved) /* RFC 4032 §4.1: like establishing a new stream */
        tnd_pre_wipe(p);
    p->live = true;
    p->excess = heard->excess;
    p->count = s->wish_count; /* the types that we understand come first, and stay */
    for (size_t i = 0; i < s->wish_count; i++) {
        const struct tnd_pre_table *h = tnd_pre_find(heard, s->wishes[i].type);
        struct tnd_pre_table was = p->table[i];
        take_offered(h ? h : &nothing, &was, &p->table[i]);
        raise(&s->wishes[i], (uint8_t)direction, &p->table[i]);
    }
    take_unknown(s, heard);
}

/* RFC 4032 §4.1, last table: the answer's value becomes ours, "No" too. Departs from RFC 4032 §4.1: of a row
 * of our own only the way down is followed, and only from what our offer has said, because what was
 * reserved or lost since is local information, which RFC 3312 §5.2 asks us to keep. */
static uint8_t answered_curr(const struct tnd_pre_table *heard, const struct tnd_pre_table *t,
                             int status)
{
    uint8_t own = t->own[status];
    uint8_t taken_back = t->said[status] & ~heard->curr[status];

    return (uint8_t)((heard->curr[status] & ~own) | (t->curr[status] & own & ~taken_back));
}

/* RFC 3312 §5.2: an answer repeats each row, and MUST NOT downgrade it. What it took away stays with us. */
static bool is_lowered(const struct tnd_pre_table *heard, const struct tnd_pre_table *t, int status)
{
    return (t->mandatory[status] & ~heard->mandatory[status]) != 0 ||
           (t->optional[status] & ~(heard->optional[status] | heard->mandatory[status])) != 0;
}

static void take_answered(const struct tnd_pre_table *heard, struct tnd_pre_table *t,
                          struct tnd_slice where, struct tnd_sdp_flaws *flaws)
{
    bool lowered = false;

    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        if (!t->used[status])
            continue;
        lowered |= is_lowered(heard, t, status);
        t->optional[status] |= heard->optional[status];
        t->mandatory[status] |= heard->mandatory[status];
        if (!heard->used[status])
            continue;
        t->curr[status] = answered_curr(heard, t, status);
        t->said[status] &= heard->curr[status]; /* so it will have to be told again */
    }
    keep_conf(heard, t, t);
    if (lowered)
        tnd_sdp_blame(flaws, TND_RULE_PRECONDITION_LOWERED, where);
}

/* RFC 3312 §11: the lack of preconditions in the answer says that they are not supported there. What
 * was mandatory stays so, and cannot be met; all else is as if it had not been said. */
static void take_silence(struct tnd_pre_table *t, struct tnd_slice where,
                         struct tnd_sdp_flaws *flaws)
{
    bool mandatory = false;

    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++)
        mandatory |= t->used[status] && t->mandatory[status] != 0;
    t->unanswered = mandatory;
    if (mandatory)
        tnd_sdp_blame(flaws, TND_RULE_PRECONDITION_UNANSWERED, where);
    else
        memset(t->used, 0, sizeof(t->used));
}

void tnd_pre_take_answer(struct tnd_pre_stream *s, const struct tnd_pre_tables *heard, bool moved,
                         struct tnd_slice where, struct tnd_sdp_flaws *flaws)
{
    if (moved)
        tnd_pre_wipe(&s->pending);
    for (size_t i = 0; i < s->pending.count; i++) {
        struct tnd_pre_table *t = &s->pending.table[i];
        const struct tnd_pre_table *h = tnd_pre_find(heard, tnd_pre_name(t));
        t->unanswered = false;
        if (!tnd_pre_is_used(t))
            continue;
        if (h && tnd_pre_is_used(h))
            take_answered(h, t, where, flaws);
        else
            take_silence(t, where, flaws);
    }
}
