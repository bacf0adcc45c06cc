/* The lines of status tables: RFC 3312 §5.1.1. */
#include "sdp/table.h"

struct lines {
    struct tnd_arena *arena;
    struct tnd_sdp_attr *attrs;
    size_t count;
};

static void add(struct lines *lines, enum tnd_sdp_precondition_kind kind,
                const struct tnd_pre_table *t, int status, int direction,
                enum tnd_sdp_strength strength)
{
    struct tnd_sdp_precondition p = {
        .kind = kind,
        .type = tnd_pre_name(t),
        .strength = strength,
        .status = (enum tnd_sdp_status)status,
        .direction = (enum tnd_sdp_direction)direction,
    };

    TND_ASSERT(lines->count < TND_PRE_LINE_COUNT_MAX);
    lines->attrs[lines->count++] = tnd_sdp_precondition_attr(lines->arena, &p);
}

static enum tnd_sdp_strength strength_of(const struct tnd_pre_table *t, int status, int direction)
{
    if (t->mandatory[status] & direction)
        return TND_SDP_STRENGTH_MANDATORY;
    return t->optional[status] & direction ? TND_SDP_STRENGTH_OPTIONAL : TND_SDP_STRENGTH_NONE;
}

/* RFC 3312 §5.1.1: MUST be one line if both are equal, MUST be two if they are not. */
static void tell_desired(struct lines *lines, const struct tnd_pre_table *t, int status)
{
    enum tnd_sdp_strength send = strength_of(t, status, TND_SDP_SEND);
    enum tnd_sdp_strength recv = strength_of(t, status, TND_SDP_RECV);

    if (send == recv) {
        add(lines, TND_SDP_DES, t, status, TND_SDP_SENDRECV, send);
        return;
    }
    add(lines, TND_SDP_DES, t, status, TND_SDP_SEND, send);
    add(lines, TND_SDP_DES, t, status, TND_SDP_RECV, recv);
}

/* RFC 3312 §6: who cannot meet all by himself, and holds back until they are met, MUST ask for
 * confirmation. */
static void tell_conf(struct lines *lines, const struct tnd_pre_table *t, int status, bool uas)
{
    uint8_t wanted = t->confirm[status];

    if (uas)
        wanted |= tnd_pre_open(t, status) & (uint8_t)~t->own[status];
    if (wanted & ~t->curr[status])
        add(lines, TND_SDP_CONF, t, status, wanted, TND_SDP_STRENGTH_NONE);
}

/* Those of a type that are end-to-end, or segmented: current, desired, to be confirmed. */
static void tell_group(struct lines *lines, const struct tnd_pre_table *t, bool e2e, bool uas)
{
    int first = e2e ? TND_SDP_E2E : TND_SDP_LOCAL, last = e2e ? TND_SDP_E2E : TND_SDP_REMOTE;

    for (int status = first; status <= last; status++)
        if (t->used[status])
            add(lines, TND_SDP_CURR, t, status, t->curr[status], TND_SDP_STRENGTH_NONE);
    for (int status = first; status <= last; status++)
        if (t->used[status])
            tell_desired(lines, t, status);
    for (int status = first; status <= last; status++)
        if (t->used[status])
            tell_conf(lines, t, status, uas);
}

size_t tnd_pre_tell(const struct tnd_pre_tables *tables, bool uas, struct tnd_arena *a,
                    struct tnd_sdp_attr *ret)
{
    struct lines lines = {.arena = a, .attrs = ret};

    for (size_t i = 0; i < tables->count; i++) {
        tell_group(&lines, &tables->table[i], false, uas);
        tell_group(&lines, &tables->table[i], true, uas);
    }
    return lines.count;
}
