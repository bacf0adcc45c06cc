/* Status tables: RFC 3312 §5.1. */
#include "sdp/table.h"

bool tnd_pre_is_used(const struct tnd_pre_table *t)
{
    return t->used[TND_SDP_E2E] || t->used[TND_SDP_LOCAL] || t->used[TND_SDP_REMOTE];
}

struct tnd_pre_table *tnd_pre_find(const struct tnd_pre_tables *tables, struct tnd_slice type)
{
    for (size_t i = 0; i < tables->count; i++)
        if (tnd_slice_eq_fold(tnd_pre_name(&tables->table[i]), type))
            return (struct tnd_pre_table *)&tables->table[i];
    return NULL;
}

struct tnd_pre_table *tnd_pre_add(struct tnd_pre_tables *tables, struct tnd_slice type)
{
    if (type.len > TND_PRE_TYPE_SIZE_MAX || tables->count == TND_PRE_TYPE_COUNT_MAX)
        return NULL;
    struct tnd_pre_table *t = &tables->table[tables->count++];
    *t = (struct tnd_pre_table){.name_size = (uint8_t)type.len};
    memcpy(t->name, type.ptr, type.len);
    return t;
}

/* RFC 3312 §9: of a type that is not known we need not be involved if it is for the other side alone.
 * Of a type that is known, what fails is what we reserve ourselves; the other side tells its own. */
uint8_t tnd_pre_hopeless(const struct tnd_pre_table *t, int status, enum tnd_sdp_strength *ret)
{
    uint8_t open = tnd_pre_open(t, status);

    *ret = t->understood ? TND_SDP_STRENGTH_FAILURE : TND_SDP_STRENGTH_UNKNOWN;
    if (t->unanswered)
        return open;
    if (status == TND_SDP_REMOTE)
        return 0;
    if (!t->understood || t->own[status] == 0)
        return open;
    if (status == TND_SDP_LOCAL)
        return (uint8_t)(open & (t->failed[status] | ~t->own[status]));
    return open & t->failed[status];
}

void tnd_pre_wipe(struct tnd_pre_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        memset(tables->table[i].curr, 0, sizeof(tables->table[i].curr));
        memset(tables->table[i].said, 0, sizeof(tables->table[i].said));
        memset(tables->table[i].failed, 0, sizeof(tables->table[i].failed));
    }
}

static void begin_table(const struct tnd_pre_wish *wish, struct tnd_pre_table *t)
{
    t->understood = true;
    memcpy(t->used, wish->offered, sizeof(t->used));
    memcpy(t->own, wish->own, sizeof(t->own));
    memcpy(t->optional, wish->optional, sizeof(t->optional));
    memcpy(t->mandatory, wish->mandatory, sizeof(t->mandatory));
    memcpy(t->confirm, wish->confirm, sizeof(t->confirm));
}

void tnd_pre_begin(struct tnd_pre_stream *s)
{
    s->agreed = (struct tnd_pre_tables){.live = true, .line = -1};
    s->pending = (struct tnd_pre_tables){.line = -1};
    for (size_t i = 0; i < s->wish_count; i++) {
        struct tnd_pre_table *t = tnd_pre_add(&s->agreed, s->wishes[i].type);
        TND_ASSERT(t);
        begin_table(&s->wishes[i], t);
    }
}

void tnd_pre_qos(enum tnd_sdp_strength strength, bool segmented, struct tnd_pre_wish *ret)
{
    *ret = (struct tnd_pre_wish){.type = TND_STR("qos")};
    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        ret->offered[status] = segmented == (status != TND_SDP_E2E);
        if (strength >= TND_SDP_STRENGTH_OPTIONAL && ret->offered[status])
            ret->optional[status] = TND_SDP_SENDRECV;
        if (strength >= TND_SDP_STRENGTH_MANDATORY && ret->offered[status])
            ret->mandatory[status] = TND_SDP_SENDRECV;
    }
    ret->own[TND_SDP_LOCAL] = TND_SDP_SENDRECV;
    ret->own[TND_SDP_E2E] = TND_SDP_SEND;
}

bool tnd_pre_relax(struct tnd_pre_wish *wish)
{
    bool mandatory = false, optional = false;

    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        mandatory |= wish->mandatory[status] != 0;
        optional |= wish->optional[status] != 0;
    }
    for (int status = 0; status < TND_PRE_STATUS_COUNT; status++) {
        wish->optional[status] =
            mandatory ? (uint8_t)(wish->optional[status] | wish->mandatory[status]) : 0;
        wish->mandatory[status] = 0;
    }
    return mandatory || optional;
}
