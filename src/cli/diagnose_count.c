/* What the parts of tandem diagnose share: pieces of output, ladders, the count. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/diagnose.h"

enum { PIECE_SIZE_FIRST = 1 << 16 };

struct tnd_slice diagnose_fill(struct diagnose_room *room, diagnose_writes *writes, void *ctx)
{
    for (;;) {
        struct tnd_writer w = tnd_writer(room->ptr, room->size);

        writes(&w, ctx);
        if (room->ptr && !tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        size_t size = w.len > PIECE_SIZE_FIRST ? w.len + w.len / 2 : PIECE_SIZE_FIRST;
        char *more = realloc(room->ptr, size);
        if (!more)
            return (struct tnd_slice){NULL, 0};
        room->ptr = more;
        room->size = size;
    }
}

bool diagnose_ladder(struct diagnose *d, const struct tnd_diag_call *call, struct tnd_ladder *ret)
{
    tnd_arena_reset(&d->arena);
    return tnd_diag_ladder(call, d->lang, &d->arena, ret) == 0;
}

/* A rule counts once in a call, however often it was broken there. */
static bool is_repeated(const struct tnd_diag_call *call, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (call->finding[i].rule == call->finding[at].rule)
            return true;
    return false;
}

bool diagnose_is_trouble(const struct tnd_diag_call *call)
{
    for (size_t i = 0; i < call->finding_count; i++)
        if (call->finding[i].severity == TND_DIAG_ERROR)
            return true;
    return call->result == TND_DIAG_FAILED;
}

void diagnose_count(struct diagnose *d, const struct tnd_diag_call *call)
{
    d->sum.calls++;
    d->sum.failed += call->result == TND_DIAG_FAILED;
    d->sum.broken += call->result != TND_DIAG_FAILED && diagnose_is_trouble(call);
    d->sum.answered += call->result == TND_DIAG_ANSWERED;
    d->sum.cancelled += call->result == TND_DIAG_CANCELLED;
    d->sum.open += call->result == TND_DIAG_OPEN;
    for (size_t i = 0; i < call->finding_count; i++)
        if (call->finding[i].rule < DIAGNOSE_RULE_COUNT_MAX && !is_repeated(call, i) &&
            call->finding[i].severity != TND_DIAG_NOTE)
            d->by_rule[call->finding[i].rule]++;
}

/* The one that is counted most, below the last one; the lower number first. */
static unsigned commonest(const struct diagnose *d, const struct tnd_call_common *last)
{
    unsigned best = 0;

    for (unsigned i = 1; i < DIAGNOSE_RULE_COUNT_MAX; i++) {
        bool was = last && (d->by_rule[i] > last->count ||
                            (d->by_rule[i] == last->count && i <= last->rule));

        if (!was && d->by_rule[i] > d->by_rule[best])
            best = i;
    }
    return best;
}

void diagnose_count_end(struct diagnose *d)
{
    struct tnd_call_sum *sum = &d->sum;

    for (sum->common_count = 0; sum->common_count < TND_CALL_SUM_COMMON_MAX; sum->common_count++) {
        size_t n = sum->common_count;
        unsigned rule = commonest(d, n > 0 ? &sum->common[n - 1] : NULL);

        if (rule == 0)
            return;
        sum->common[n] = (struct tnd_call_common){(uint16_t)rule, d->by_rule[rule]};
    }
}
