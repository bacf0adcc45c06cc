/* Outputs that wait to be taken. */
#include "sim/outbox.h"

#include "base/assert.h"

enum { OUTBOX_SIZE_MAX = 1 << 26 };

struct sim_outbox_item {
    struct sim_outbox_item *next;
    struct tnd_output out;
};

void sim_outbox_init(struct sim_outbox *o, const struct tnd_mem *mem)
{
    *o = (struct sim_outbox){0};
    tnd_arena_init(&o->a, NULL, 0, mem, OUTBOX_SIZE_MAX);
}

void sim_outbox_fini(struct sim_outbox *o)
{
    tnd_arena_fini(&o->a);
}

void sim_outbox_put(struct sim_outbox *o, const struct tnd_output *out)
{
    if (o->drained) {
        tnd_arena_reset(&o->a);
        o->drained = false;
    }
    struct sim_outbox_item *item = tnd_arena_zero(&o->a, 1, sizeof(*item));
    TND_ASSERT(item);
    item->out = *out;
    item->out.bytes = tnd_slice_keep(&o->a, out->bytes);
    TND_ASSERT(!tnd_arena_over(&o->a));
    if (o->first)
        o->last->next = item;
    else
        o->first = item;
    o->last = item;
}

bool sim_outbox_take(struct sim_outbox *o, struct tnd_output *ret)
{
    if (!o->first) {
        o->drained = true;
        return false;
    }
    *ret = o->first->out;
    o->first = o->first->next;
    return true;
}
