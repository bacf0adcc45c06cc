/* The status tables of one stream (RFC 3312 §5), and what offers and answers make of them. */
#ifndef SDP_TABLE_H
#define SDP_TABLE_H

#include "base/assert.h"
#include "tandem/sdp/resource.h"

/* Of struct tnd_pre_stream: our end moves with the next description, or with the pending one. */
enum { TND_PRE_MOVING_NEXT = 1, TND_PRE_MOVING_NOW };

static inline struct tnd_slice tnd_pre_name(const struct tnd_pre_table *t)
{
    return tnd_slice(t->name, t->name_size);
}

/* Rows that are mandatory and not reserved. */
static inline uint8_t tnd_pre_open(const struct tnd_pre_table *t, int status)
{
    return t->used[status] ? (uint8_t)(t->mandatory[status] & ~t->curr[status]) : 0;
}

/* Whether any status has rows. */
bool tnd_pre_is_used(const struct tnd_pre_table *t);

/* NULL: there is none of that type. */
struct tnd_pre_table *tnd_pre_find(const struct tnd_pre_tables *tables, struct tnd_slice type);

/* A table without rows. NULL: type is too long, or there are TND_PRE_TYPE_COUNT_MAX. */
struct tnd_pre_table *tnd_pre_add(struct tnd_pre_tables *tables, struct tnd_slice type);

/* Which rows of a status cannot be met, and for what: FAILURE or UNKNOWN (RFC 3312 §8, §9). */
uint8_t tnd_pre_hopeless(const struct tnd_pre_table *t, int status, enum tnd_sdp_strength *ret);

/* The tables before anybody has said anything. */
void tnd_pre_begin(struct tnd_pre_stream *s);

/* Nothing is reserved any more, nor has failed (RFC 4032 §4.1). */
void tnd_pre_wipe(struct tnd_pre_tables *tables);

/* hear.c: one line; and what all lines say of a stream, both seen by us. Types that are understood in
 * ours get a table, and others that are mandatory. */
bool tnd_pre_read_turned(const struct tnd_sdp_attr *attr, struct tnd_sdp_precondition *ret);
void tnd_pre_hear(const struct tnd_sdp_media *media, const struct tnd_pre_tables *ours,
                  struct tnd_pre_tables *ret, struct tnd_sdp_flaws *flaws);

/* merge.c: the pending tables of an offer of ours for a stream with that direction; of an offer of the
 * other side that says heard; and of the answer to ours. moved: the other side receives elsewhere. */
void tnd_pre_make_offer(struct tnd_pre_stream *s, enum tnd_sdp_direction direction, bool deaf);
void tnd_pre_take_offer(struct tnd_pre_stream *s, const struct tnd_pre_tables *heard, bool moved,
                        enum tnd_sdp_direction direction);
void tnd_pre_take_answer(struct tnd_pre_stream *s, const struct tnd_pre_tables *heard, bool moved,
                         struct tnd_slice where, struct tnd_sdp_flaws *flaws);

/* tell.c: the lines of tables. uas: with the confirmations that RFC 3312 §6 asks for. Returns how many;
 * at most TND_PRE_LINE_COUNT_MAX. */
enum { TND_PRE_LINE_COUNT_MAX = TND_PRE_TYPE_COUNT_MAX * TND_PRE_STATUS_COUNT * 4 };
size_t tnd_pre_tell(const struct tnd_pre_tables *tables, bool uas, struct tnd_arena *a,
                    struct tnd_sdp_attr *ret);

/* The tables that count now: those that will, when the other side's pending offer is answered, or our
 * first one, before which nothing was agreed. */
static inline const struct tnd_pre_tables *tnd_pre_now(const struct tnd_pre *pre, size_t stream)
{
    const struct tnd_pre_stream *s = &pre->streams[stream];
    bool pending = pre->oa->state == TND_OA_OFFER_RECEIVED ||
                   (pre->oa->state == TND_OA_OFFER_SENT && !pre->agreed);

    return pending ? &s->pending : &s->agreed;
}

#endif
