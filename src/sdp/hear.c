/* What the preconditions of a description say, seen by us: "send", "recv", "local" and "remote" are
 * turned around (RFC 3312 §5.2, table 4). */
#include "sdp/table.h"

static enum tnd_sdp_status turn(enum tnd_sdp_status status)
{
    switch (status) {
    case TND_SDP_LOCAL:
        return TND_SDP_REMOTE;
    case TND_SDP_REMOTE:
        return TND_SDP_LOCAL;
    case TND_SDP_E2E:
        break;
    }
    return TND_SDP_E2E;
}

bool tnd_pre_read_turned(const struct tnd_sdp_attr *attr, struct tnd_sdp_precondition *ret)
{
    if (!tnd_sdp_precondition_read(attr, ret))
        return false;
    ret->status = turn(ret->status);
    ret->direction = tnd_sdp_direction_reverse(ret->direction);
    return true;
}

/* Makes the tables that are needed. What is mandatory, and of a type that we do not know, matters
 * (RFC 3312 §9); what is optional and not known is for us as if it were not there, and the answer says
 * so by not having it (RFC 3312 §11). */
static void open_table(const struct tnd_sdp_precondition *p, const struct tnd_pre_tables *ours,
                       struct tnd_pre_tables *ret)
{
    const struct tnd_pre_table *known = tnd_pre_find(ours, p->type);
    bool understood = known && known->understood;

    if (tnd_pre_find(ret, p->type))
        return;
    if (!understood && (p->kind != TND_SDP_DES || p->strength != TND_SDP_STRENGTH_MANDATORY))
        return;
    struct tnd_pre_table *t = tnd_pre_add(ret, p->type);
    if (t)
        t->understood = understood;
    else
        ret->excess = true;
}

static void hear_desired(const struct tnd_sdp_precondition *p, struct tnd_pre_table *t)
{
    t->used[p->status] = true;
    if (p->strength >= TND_SDP_STRENGTH_OPTIONAL)
        t->optional[p->status] |= (uint8_t)p->direction;
    if (p->strength == TND_SDP_STRENGTH_MANDATORY)
        t->mandatory[p->status] |= (uint8_t)p->direction;
}

/* One line. said has a bit for each status whose current one was said. */
static void hear_line(const struct tnd_sdp_precondition *p, struct tnd_slice where,
                      struct tnd_pre_table *t, struct tnd_sdp_flaws *flaws)
{
    if (p->kind == TND_SDP_CONF) {
        t->conf[p->status] |= (uint8_t)p->direction;
    } else if (p->kind == TND_SDP_CURR) {
        if (t->said[p->status]) /* RFC 3312 §5.1.1: MUST generate one */
            tnd_sdp_blame(flaws, TND_RULE_PRECONDITION_STATUS, where);
        t->said[p->status] = true;
        t->used[p->status] = true;
        t->curr[p->status] |= (uint8_t)p->direction;
    } else if (p->strength > TND_SDP_STRENGTH_MANDATORY) {
        tnd_sdp_blame(flaws, TND_RULE_PRECONDITION_STRENGTH, where);
    } else {
        hear_desired(p, t);
    }
}

/* The first pass makes tables of the types that are understood, so that no others take their place. */
static void open_tables(const struct tnd_sdp_media *media, const struct tnd_pre_tables *ours,
                        struct tnd_pre_tables *ret, bool understood)
{
    struct tnd_sdp_precondition p;

    for (size_t i = 0; i < media->part.attr_count; i++) {
        if (!tnd_pre_read_turned(&media->part.attrs[i], &p))
            continue;
        const struct tnd_pre_table *known = tnd_pre_find(ours, p.type);
        if ((known && known->understood) == understood)
            open_table(&p, ours, ret);
    }
}

void tnd_pre_hear(const struct tnd_sdp_media *media, const struct tnd_pre_tables *ours,
                  struct tnd_pre_tables *ret, struct tnd_sdp_flaws *flaws)
{
    struct tnd_sdp_precondition p;

    *ret = (struct tnd_pre_tables){.live = true, .line = -1};
    open_tables(media, ours, ret, true);
    open_tables(media, ours, ret, false);
    for (size_t i = 0; i < media->part.attr_count; i++) {
        if (!tnd_pre_read_turned(&media->part.attrs[i], &p))
            continue;
        struct tnd_pre_table *t = tnd_pre_find(ret, p.type);
        if (t)
            hear_line(&p, media->part.attrs[i].value, t, flaws);
    }
    for (size_t i = 0; i < ret->count; i++)
        for (int status = 0; status < TND_PRE_STATUS_COUNT; status++)
            if (ret->table[i].used[status] && !ret->table[i].said[status])
                tnd_sdp_blame(flaws, TND_RULE_PRECONDITION_STATUS, media->type);
}
