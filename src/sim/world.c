/* The world: its time, its hosts, and what happens when. */
#include "sim/inside.h"

#include "base/assert.h"
#include "base/owner.h"

enum { BATCH_WAIT_US = 500, LIVE_SHIFT = 32 };

struct sim_event *sim_event_add(struct sim_world *w, enum sim_event_kind kind, unsigned host,
                                tnd_time at, struct tnd_slice bytes)
{
    struct sim_event *ev = sim_take(w->mem, sizeof(*ev) + bytes.len);

    ev->kind = (uint8_t)kind;
    ev->host = host;
    ev->life = w->hosts[host]->life;
    ev->len = bytes.len;
    ev->bytes = (char *)(ev + 1);
    if (bytes.len > 0)
        memcpy(ev->bytes, bytes.ptr, bytes.len);
    tnd_wheel_arm(&w->wheel, &ev->timer, at);
    return ev;
}

void sim_see(struct sim_world *w, const struct sim_sight *sight)
{
    struct sim_sight s = *sight;

    s.now = w->now;
    for (unsigned i = 0; i < w->watcher_count; i++)
        w->watchers[i].see(w->watchers[i].ctx, &s);
}

bool sim_chance(struct sim_world *w, unsigned of_1000)
{
    return of_1000 > 0 && tnd_random_chance(&w->random, of_1000, 1000);
}

tnd_time sim_delay(struct sim_world *w)
{
    return tnd_random_time(&w->random, w->faults.delay_min, w->faults.delay_max);
}

tnd_time sim_parted_until(const struct sim_world *w, unsigned a, unsigned b)
{
    tnd_time until = w->now;

    for (unsigned i = 0; i < w->partition_count; i++) {
        const struct sim_partition *p = &w->partitions[i];
        bool between = (p->a == a && p->b == b) || (p->a == b && p->b == a);

        if (between && p->from <= w->now && p->until > until)
            until = p->until;
    }
    return until;
}

void sim_fail(struct sim_world *w, unsigned sender, unsigned life, uint64_t token, tnd_time at)
{
    if (token == 0 || w->hosts[sender]->life != life)
        return;
    struct sim_event *ev = sim_event_add(w, SIM_EV_FAILED, sender, at, tnd_slice(NULL, 0));
    ev->token = token;
}

static void act(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    switch ((enum tnd_output_kind)out->kind) {
    case TND_OUT_SEND:
        if (out->flow >= SIM_FLOW_FIRST && out->flow >> LIVE_SHIFT == 0)
            sim_connection_send(w, host, out);
        else if (out->to.transport == TND_TRANSPORT_UDP)
            sim_datagram_send(w, host, out);
        else if (out->to.transport == TND_TRANSPORT_TCP)
            sim_connection_send(w, host, out);
        else /* nothing here speaks TLS */
            sim_fail(w, host, w->hosts[host]->life, out->token, w->now);
        return;
    case TND_OUT_CLOSE:
        sim_connection_close(w, host, out);
        return;
    case TND_OUT_RESOLVE:
        sim_dns_ask(w, host, out);
        return;
    case TND_OUT_STORE:
        sim_store_ask(w, host, out);
        return;
    case TND_OUT_WHY:
        return;
    }
}

static void wake(struct sim_world *w, struct sim_host *h)
{
    tnd_time due = h->element.ops->due(h->element.self);

    if (due == TND_NEVER_DUE) {
        tnd_wheel_disarm(&w->wheel, &h->tick.timer);
        return;
    }
    due += tnd_random_time(&w->random, 0, w->faults.late_max);
    tnd_wheel_arm(&w->wheel, &h->tick.timer, due > w->now ? due : w->now);
}

static void take_all(struct sim_world *w, unsigned host)
{
    struct sim_host *h = w->hosts[host];
    struct tnd_output out;

    tnd_wheel_disarm(&w->wheel, &h->take.timer);
    while (h->element.ops->take(h->element.self, &out)) {
        sim_see(w, &(struct sim_sight){.kind = SIM_TOOK, .host = host, .out = &out});
        act(w, host, &out);
    }
    wake(w, h);
}

void sim_feed(struct sim_world *w, unsigned host, const struct tnd_input *in)
{
    struct sim_host *h = w->hosts[host];

    if (!h->element.ops)
        return;
    sim_see(w, &(struct sim_sight){.kind = SIM_FEEDING, .host = host, .in = in});
    int err = h->element.ops->feed(h->element.self, w->now, in);
    if (err == TND_ESPACE) {
        take_all(w, host);
        err = h->element.ops->feed(h->element.self, w->now, in);
    }
    w->counts.messages += in->kind == TND_IN_MESSAGE;
    sim_see(w, &(struct sim_sight){.kind = SIM_FED, .host = host, .in = in, .err = err});
    if (tnd_wheel_armed(&h->take.timer)) {
        wake(w, h);
    } else if (sim_chance(w, w->faults.batched_of_1000)) {
        tnd_wheel_arm(&w->wheel, &h->take.timer,
                      w->now + tnd_random_time(&w->random, 0, BATCH_WAIT_US));
        wake(w, h);
    } else {
        take_all(w, host);
    }
}

static bool starves(const struct sim_host *h)
{
    return h->kind.watched || h->starves;
}

static void start(struct sim_world *w, unsigned host)
{
    struct sim_host *h = w->hosts[host];
    const struct sim_life life = {
        .mem = &h->mem.mem,
        .now = w->now,
        .seed = h->seed,
        .number = h->life,
        .address = h->address,
        .name = tnd_slice_str(h->domain),
    };

    TND_ASSERT(!h->element.ops);
    h->mem.refused_of_1000 = 0; /* one that cannot start teaches nothing */
    int err = h->kind.make(h->kind.ctx, &life, &h->element);
    TND_ASSERT(err == 0);
    h->mem.refused_of_1000 = starves(h) ? w->faults.memory_of_1000 : 0;
    sim_see(w, &(struct sim_sight){.kind = SIM_BORN, .host = host});
    take_all(w, host);
}

static void stop(struct sim_world *w, unsigned host)
{
    struct sim_host *h = w->hosts[host];

    if (!h->element.ops)
        return;
    sim_see(w, &(struct sim_sight){.kind = SIM_DYING, .host = host});
    tnd_wheel_disarm(&w->wheel, &h->tick.timer);
    tnd_wheel_disarm(&w->wheel, &h->take.timer);
    sim_connection_crash(w, host);
    h->element.ops->free(h->element.self);
    h->element = (struct sim_element){0};
    h->life++;
    sim_see(w, &(struct sim_sight){.kind = SIM_DEAD, .host = host, .live_size = h->mem.live_size});
}

static void tick(struct sim_world *w, struct sim_host *h, unsigned host)
{
    h->ticks = h->tick_at == w->now ? h->ticks + 1 : 0;
    h->tick_at = w->now;
    if (h->ticks > SIM_RESTLESS_MAX) {
        w->restless = true;
        sim_see(w, &(struct sim_sight){.kind = SIM_RESTLESS, .host = host});
        return;
    }
    sim_feed(w, host, &(struct tnd_input){.kind = TND_IN_TICK});
}

static void happen(struct sim_world *w, struct sim_event *ev)
{
    struct sim_host *h = w->hosts[ev->host];
    bool lives = h->element.ops && h->life == ev->life;

    switch ((enum sim_event_kind)ev->kind) {
    case SIM_EV_TICK:
        tick(w, h, ev->host);
        return;
    case SIM_EV_TAKE:
        take_all(w, ev->host);
        return;
    case SIM_EV_DATAGRAM:
        sim_datagram_arrive(w, ev);
        return;
    case SIM_EV_CONNECT:
        sim_connection_open(w, ev);
        return;
    case SIM_EV_PIECE:
        sim_connection_arrive(w, ev);
        return;
    case SIM_EV_BREAK:
        sim_connection_break(w, ev->flow);
        return;
    case SIM_EV_FAILED:
        if (lives)
            sim_feed(w, ev->host, &(struct tnd_input){.kind = TND_IN_FAILED, .token = ev->token});
        return;
    case SIM_EV_ANSWER:
        if (lives)
            sim_dns_answer(w, ev);
        return;
    case SIM_EV_STORE:
        sim_store_answer(w, ev);
        return;
    case SIM_EV_CRASH:
        w->counts.crashes += h->element.ops != NULL;
        stop(w, ev->host);
        return;
    case SIM_EV_START:
        if (!h->element.ops)
            start(w, ev->host);
        return;
    }
}

static bool is_own(const struct sim_world *w, const struct sim_event *ev)
{
    const struct sim_host *h = w->hosts[ev->host];

    return ev == &h->tick || ev == &h->take;
}

void sim_world_run(struct sim_world *w, tnd_time until)
{
    while (!w->restless) {
        tnd_time due = tnd_wheel_due(&w->wheel);

        if (due > until)
            break;
        struct tnd_wheel_timer *timer = tnd_wheel_next(&w->wheel, due);
        if (!timer)
            continue;
        struct sim_event *ev = TND_OWNER(timer, struct sim_event, timer);
        w->now = timer->due;
        happen(w, ev);
        if (!is_own(w, ev))
            sim_give(w->mem, ev, sizeof(*ev) + ev->len);
    }
    if (!w->restless && w->now < until)
        w->now = until;
}

struct sim_world *sim_world_new(const struct tnd_mem *mem, uint64_t seed)
{
    struct sim_world *w = sim_take(mem, sizeof(*w));

    w->mem = mem;
    tnd_wheel_init(&w->wheel, 0);
    tnd_random_init(&w->random, seed);
    tnd_arena_init(&w->arena, NULL, 0, mem, SIM_MESSAGE_ROOM);
    return w;
}

void sim_world_free(struct sim_world **w)
{
    struct sim_world *gone = *w;
    struct tnd_wheel_timer *timer;

    if (!gone)
        return;
    *w = NULL;
    for (unsigned i = 0; i < gone->host_count; i++)
        stop(gone, i);
    while ((timer = tnd_wheel_next(&gone->wheel, INT64_MAX - 1))) {
        struct sim_event *ev = TND_OWNER(timer, struct sim_event, timer);
        sim_give(gone->mem, ev, sizeof(*ev) + ev->len);
    }
    sim_connection_free_all(gone);
    sim_store_free(gone);
    for (unsigned i = 0; i < gone->host_count; i++)
        sim_give(gone->mem, gone->hosts[i], sizeof(*gone->hosts[i]));
    tnd_arena_fini(&gone->arena);
    sim_give(gone->mem, gone, sizeof(*gone));
}

void sim_world_watch(struct sim_world *w, struct sim_watcher watcher)
{
    TND_ASSERT(w->watcher_count < SIM_WATCHER_MAX && w->host_count == 0);
    w->watchers[w->watcher_count++] = watcher;
}

void sim_world_faults(struct sim_world *w, const struct sim_faults *faults)
{
    w->faults = *faults;
    for (unsigned i = 0; i < w->host_count; i++)
        w->hosts[i]->mem.refused_of_1000 = starves(w->hosts[i]) ? faults->memory_of_1000 : 0;
}

unsigned sim_host_add(struct sim_world *w, const char *name, struct tnd_endpoint address,
                      const struct tnd_endpoint *seen, const struct sim_kind *kind)
{
    unsigned host = w->host_count++;
    struct sim_host *h = sim_take(w->mem, sizeof(*h));

    TND_ASSERT(host < SIM_HOST_MAX);
    w->hosts[host] = h;
    struct tnd_writer name_w = tnd_writer(h->name, sizeof(h->name) - 1);
    tnd_put_str(&name_w, name);
    struct tnd_writer domain_w = tnd_writer(h->domain, sizeof(h->domain) - 1);
    tnd_put_str(&domain_w, name);
    if (!memchr(name, '.', strlen(name)))
        tnd_put_str(&domain_w, ".sim.example");
    h->kind = *kind;
    h->address = sim_over(address, TND_TRANSPORT_NONE);
    if (h->address.port == 0)
        h->address.port = SIM_PORT;
    h->seen = seen ? sim_over(*seen, TND_TRANSPORT_NONE) : h->address;
    h->seed = tnd_random_next(&w->random);
    sim_mem_init(&h->mem, w->mem, h->seed);
    h->tick.kind = SIM_EV_TICK;
    h->take.kind = SIM_EV_TAKE;
    h->tick.host = h->take.host = host;
    h->tick_at = -1;
    start(w, host);
    return host;
}
