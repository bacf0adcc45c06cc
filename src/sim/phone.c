/* A phone that behaves: an element that is fed with time and responses. */
#include "sim/phone_parts.h"

#include "base/assert.h"

/* The earliest of what a phone waits for. */
struct next {
    tnd_time at;
    struct sim_uac *uac; /* a timer of it, */
    enum tnd_timer timer;
    struct phone_call *call; /* or a plan */
};

static void consider(struct next *next, tnd_time at, struct sim_uac *uac, enum tnd_timer timer,
                     struct phone_call *call)
{
    if (at < next->at)
        *next = (struct next){at, uac, timer, call};
}

static struct next next_of(const struct phone *p)
{
    struct next next = {.at = TND_NEVER_DUE};

    for (unsigned i = 0; i < p->call_count; i++) {
        /* the phone is not changed by asking; who asks may change it */
        struct phone_call *call = (struct phone_call *)&p->calls[i];

        consider(&next, call->start, NULL, TND_TIMER_NONE, call);
        consider(&next, call->cancel_at, NULL, TND_TIMER_NONE, call);
        consider(&next, call->bye_at, NULL, TND_TIMER_NONE, call);
        consider(&next, call->give_up_at, NULL, TND_TIMER_NONE, call);
    }
    for (struct sim_uac *uac = p->uacs.first; uac; uac = uac->next)
        for (unsigned i = 0; !uac->is_ended && i < TND_TIMER_COUNT; i++)
            consider(&next, uac->due[i], uac, (enum tnd_timer)i, NULL);
    return next;
}

static void cancel(struct phone *p, struct phone_call *call)
{
    call->cancel_at = TND_NEVER_DUE;
    sim_uac_give_up(&p->uacs, &call->client->uac, p->now);
}

static void carry_out(struct phone *p, const struct next *next)
{
    struct phone_call *call = next->call;

    if (next->uac) {
        next->uac->due[next->timer] = TND_NEVER_DUE;
        sim_uac_step(&p->uacs, next->uac, tnd_ev_timer(next->timer, p->now), NULL);
    } else if (call->start == next->at) {
        phone_begin(p, call);
    } else if (call->bye_at == next->at) {
        phone_hang_up(p, call);
    } else if (call->cancel_at == next->at) {
        cancel(p, call);
    } else {
        call->give_up_at = TND_NEVER_DUE;
        cancel(p, call);
    }
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct phone *p = self;

    p->now = now;
    for (struct next next = next_of(p); next.at <= now; next = next_of(p))
        carry_out(p, &next);
    switch ((enum tnd_input_kind)in->kind) {
    case TND_IN_MESSAGE:
        if (in->msg->kind == TND_MSG_RESPONSE) /* it is called by nobody */
            sim_uac_came(&p->uacs, in->msg, now);
        return 0;
    case TND_IN_FAILED:
        sim_uac_failed(&p->uacs, in->token, now);
        return 0;
    case TND_IN_TICK:
    case TND_IN_RESOLVED:
    case TND_IN_STORED:
        return 0;
    }
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    return sim_outbox_take(&((struct phone *)self)->outbox, ret);
}

static tnd_time due(const void *self)
{
    return next_of(self).at;
}

static void end(void *self)
{
    struct phone *p = self;
    const struct tnd_mem *mem = p->mem;

    sim_outbox_fini(&p->outbox);
    tnd_arena_fini(&p->a);
    sim_give(mem, p, sizeof(*p));
}

static const struct sim_element_ops phone_ops = {feed, take, due, NULL, end};

int sim_phone_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct phone *p = sim_take(life->mem, sizeof(*p));

    p->mem = life->mem;
    p->setup = ctx;
    p->timing = tnd_txn_timing_default();
    p->address = life->address;
    p->name = life->name;
    p->now = life->now;
    tnd_random_init(&p->random, life->seed);
    sim_outbox_init(&p->outbox, life->mem);
    phone_clients_init(p);
    tnd_arena_init(&p->a, NULL, 0, life->mem, PHONE_SIZE_MAX);
    TND_ASSERT(p->setup->target_count > 0);
    phone_plan(p);
    *ret = (struct sim_element){&phone_ops, p};
    return 0;
}
