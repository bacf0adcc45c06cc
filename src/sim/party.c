/* The phone of a user: an element that is fed with time, requests and responses. */
#include "base/assert.h"
#include "sim/party_parts.h"

/* The earliest of what it waits for. */
struct next {
    tnd_time at;
    struct sim_uac *uac; /* a timer of one of these, */
    struct party_server *server;
    enum tnd_timer timer;
    struct party_call *call; /* or something of a call, */
    struct party_plan *plan; /* or a plan, or the binding */
};

static void consider(struct next *next, const struct next *other)
{
    if (other->at < next->at)
        *next = *other;
}

static tnd_time of_call(const struct party_call *call)
{
    const tnd_time all[] = {call->answer_at, call->cancel_at, call->give_up_at, call->bye_at,
                            call->again_at};
    tnd_time first = TND_NEVER_DUE;

    for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++)
        first = all[i] < first ? all[i] : first;
    return first;
}

static struct next next_of(struct party *p)
{
    struct next next = {.at = p->register_at};

    for (unsigned i = 0; i < p->plan_count; i++)
        consider(&next, &(struct next){.at = p->plan[i].at, .plan = &p->plan[i]});
    for (struct party_call *call = p->calls; call; call = call->next)
        consider(&next, &(struct next){.at = of_call(call), .call = call});
    for (struct sim_uac *uac = p->uacs.first; uac; uac = uac->next)
        for (unsigned i = 0; !uac->is_ended && i < TND_TIMER_COUNT; i++)
            consider(&next,
                     &(struct next){.at = uac->due[i], .uac = uac, .timer = (enum tnd_timer)i});
    for (struct party_server *s = p->servers; s; s = s->next)
        for (unsigned i = 0; !s->is_ended && i < TND_TIMER_COUNT; i++)
            consider(&next,
                     &(struct next){.at = s->due[i], .server = s, .timer = (enum tnd_timer)i});
    return next;
}

static void go_on(struct party *p, struct party_call *call, tnd_time at)
{
    if (call->answer_at == at) {
        party_called_answer(p, call);
    } else if (call->again_at == at) {
        party_called_again(p, call);
    } else if (call->bye_at == at) {
        party_call_hang_up(p, call);
    } else if (call->cancel_at == at) {
        party_call_cancel(p, call);
    } else {
        call->give_up_at = TND_NEVER_DUE;
        party_call_cancel(p, call);
    }
}

static void begin(struct party *p, struct party_plan *plan)
{
    plan->at = TND_NEVER_DUE;
    if (!plan->is_call)
        party_fetch(p);
    else if (p->setup->is_stranger)
        party_ask_elsewhere(p);
    else
        party_call_somebody(p, plan->after);
}

/* Sometimes it leaves, for a while. Not any more when the others are to reach it. */
static void renew(struct party *p)
{
    bool leaves =
        !p->setup->is_plain && p->now < p->setup->until && tnd_random_chance(&p->random, 1, 6);

    party_register(p, leaves);
}

static void carry_out(struct party *p, const struct next *next)
{
    if (next->uac) {
        next->uac->due[next->timer] = TND_NEVER_DUE;
        sim_uac_step(&p->uacs, next->uac, tnd_ev_timer(next->timer, p->now), NULL);
    } else if (next->server) {
        next->server->due[next->timer] = TND_NEVER_DUE;
        party_server_step(p, next->server, tnd_ev_timer(next->timer, p->now));
    } else if (next->call) {
        go_on(p, next->call, next->at);
    } else if (next->plan) {
        begin(p, next->plan);
    } else {
        renew(p);
    }
}

static void failed(struct party *p, uint64_t token)
{
    sim_uac_failed(&p->uacs, token, p->now);
    for (struct party_server *s = p->servers; s; s = s->next)
        if (s->token == token)
            party_server_failed(p, s);
}

static void came(struct party *p, const struct tnd_input *in)
{
    if (in->msg->kind == TND_MSG_REQUEST)
        party_server_came(p, in);
    else if (in->msg->kind == TND_MSG_RESPONSE)
        sim_uac_came(&p->uacs, in->msg, p->now);
}

/* Those that have ended are not looked at any more. */
static void forget_ended(struct party *p)
{
    struct sim_uac **c = &p->uacs.first;
    struct party_server **s = &p->servers;

    while (*c)
        if ((*c)->is_ended)
            *c = (*c)->next;
        else
            c = &(*c)->next;
    while (*s)
        if ((*s)->is_ended)
            *s = (*s)->next;
        else
            s = &(*s)->next;
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct party *p = self;

    p->now = now;
    for (struct next next = next_of(p); next.at <= now; next = next_of(p))
        carry_out(p, &next);
    if (in->kind == TND_IN_MESSAGE)
        came(p, in);
    else if (in->kind == TND_IN_FAILED)
        failed(p, in->token);
    forget_ended(p);
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    return sim_outbox_take(&((struct party *)self)->outbox, ret);
}

static tnd_time due(const void *self)
{
    /* it is not changed by asking; who asks may change it */
    return next_of((struct party *)self).at;
}

static void end(void *self)
{
    struct party *p = self;
    const struct tnd_mem *mem = p->mem;

    sim_outbox_fini(&p->outbox);
    tnd_arena_fini(&p->a);
    sim_give(mem, p, sizeof(*p));
}

static void plan(struct party *p)
{
    const struct sim_party_setup *s = p->setup;
    unsigned fetches = s->registers ? 3 : 0, all = s->calls + s->calls_after + fetches;

    TND_ASSERT(all <= PARTY_PLAN_MAX);
    for (unsigned i = 0; i < all; i++) {
        bool after = i >= s->calls && i < s->calls + s->calls_after;

        p->plan[p->plan_count++] = (struct party_plan){
            .at = after ? tnd_random_time(&p->random, s->after + TND_SEC(3), s->after + TND_SEC(20))
                        : tnd_random_time(&p->random, TND_MS(500), s->until),
            .after = after,
            .is_call = i < s->calls + s->calls_after,
        };
    }
    if (fetches > 0) /* once more when there are no faults any more */
        p->plan[p->plan_count - 1].at = s->after + TND_SEC(2);
}

static struct sim_fact *new_fact(const struct sim_party_setup *s)
{
    TND_ASSERT(s->ledger->fact_count < SIM_FACT_MAX);
    struct sim_fact *fact = &s->ledger->facts[s->ledger->fact_count++];
    struct tnd_writer w = tnd_writer(fact->aor, sizeof(fact->aor) - 1);

    fact->host = s->host;
    tnd_put_str(&w, s->user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, s->domain);
    return fact;
}

static const struct sim_element_ops party_ops = {feed, take, due, NULL, end};

int sim_party_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct party *p = sim_take(life->mem, sizeof(*p));

    p->mem = life->mem;
    p->setup = ctx;
    p->timing = tnd_txn_timing_default();
    p->address = life->address;
    p->now = life->now;
    tnd_random_init(&p->random, life->seed);
    sim_outbox_init(&p->outbox, life->mem);
    party_clients_init(p);
    tnd_arena_init(&p->a, NULL, 0, life->mem, PARTY_SIZE_MAX);
    p->fact = new_fact(p->setup);
    p->register_id = party_token(p, "register-");
    p->register_at =
        p->setup->registers ? tnd_random_time(&p->random, 0, TND_MS(300)) : TND_NEVER_DUE;
    plan(p);
    *ret = (struct sim_element){&party_ops, p};
    return 0;
}
