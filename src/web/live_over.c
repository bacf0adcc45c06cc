/* Calls that are over: copies, as many as there is room for, the oldest of which go first. */
#include "web/live_inside.h"

#include <stdlib.h>

#include "net/heap.h"

enum { CALL_SIZE_MAX = 4 << 20 /* beyond: its last messages are left out */ };

static void drop(struct tnd_live *l)
{
    struct live_over **place = &l->over[l->over_first++ % TND_LIVE_OVER_COUNT_MAX];

    l->over_size -= (*place)->size;
    tnd_arena_fini(&(*place)->arena);
    free(*place);
    *place = NULL;
}

void live_forget_all(struct tnd_live *l)
{
    while (l->over_first < l->over_count)
        drop(l);
}

/* Messages, as many as fit. */
static bool copy_messages(struct live_over *to, const struct tnd_diag_call *call)
{
    struct tnd_diag_message *list =
        tnd_arena_zero(&to->arena, call->message_count, sizeof(*call->message));
    size_t count = 0, size = 0;

    if (!list)
        return false;
    while (count < call->message_count && size + call->message[count].bytes.len < CALL_SIZE_MAX) {
        list[count] = call->message[count];
        list[count].bytes = tnd_slice_keep(&to->arena, call->message[count].bytes);
        size += list[count++].bytes.len;
    }
    to->call.message = list;
    to->call.message_count = count;
    to->call.left_out += (uint32_t)(call->message_count - count);
    return true;
}

static struct tnd_slice keep(struct tnd_arena *a, struct tnd_slice s)
{
    return s.ptr ? tnd_slice_keep(a, s) : s;
}

/* What a finding quotes is copied, too: it may be of a message that was left out. */
static bool copy_findings(struct live_over *to, const struct tnd_diag_call *call)
{
    struct tnd_diag_finding *list =
        tnd_arena_zero(&to->arena, call->finding_count, sizeof(*call->finding));

    for (size_t i = 0; list && i < call->finding_count; i++) {
        list[i] = call->finding[i];
        list[i].detail = keep(&to->arena, list[i].detail);
        for (size_t k = 0; k < list[i].evidence_count; k++)
            list[i].evidence[k].line = keep(&to->arena, list[i].evidence[k].line);
    }
    to->call.finding = list;
    return list;
}

static bool copy(struct live_over *to, const struct tnd_diag_call *call)
{
    struct tnd_arena *a = &to->arena;

    to->call = *call;
    to->call.call_id = keep(a, call->call_id);
    to->call.from = keep(a, call->from);
    to->call.to = keep(a, call->to);
    for (size_t i = 0; i < call->leg_count; i++)
        to->call.leg[i] = keep(a, call->leg[i]);
    return copy_messages(to, call) && copy_findings(to, call) && !tnd_arena_over(a);
}

static size_t size_of(const struct tnd_diag_call *call)
{
    size_t size = sizeof(struct live_over) + call->message_count * sizeof(*call->message) +
                  call->finding_count * sizeof(*call->finding);

    for (size_t i = 0; i < call->message_count; i++)
        size += call->message[i].bytes.len;
    return size;
}

void live_keep(struct tnd_live *l, const struct tnd_diag_call *call)
{
    struct live_over *over = calloc(1, sizeof(*over));

    if (!over)
        return;
    tnd_arena_init(&over->arena, NULL, 0, &tnd_heap, 4 * (size_t)CALL_SIZE_MAX);
    if (!copy(over, call)) { /* no memory: then it is not known any more */
        tnd_arena_fini(&over->arena);
        free(over);
        return;
    }
    const struct tnd_why *why = live_find_why(l, call);
    if (why)
        over->why = *why;
    over->id = live_id(l, call);
    over->size = size_of(&over->call);
    while (l->over_first < l->over_count &&
           (l->over_count - l->over_first == TND_LIVE_OVER_COUNT_MAX ||
            l->over_size + over->size > TND_LIVE_OVER_SIZE_MAX))
        drop(l);
    l->over_size += over->size;
    l->over[l->over_count++ % TND_LIVE_OVER_COUNT_MAX] = over;
}
