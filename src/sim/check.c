/* The checkers: what is looked at in each input, each life and each rest of an element. */
#include "sim/checked.h"

#include "base/assert.h"
#include "sim/trace.h"

/* Memory that may stay taken after a rest and was not before: a slab of a pool, a growing map. */
enum { MEMORY_SLACK = 1 << 16, MEMORY_SLACK_OF_USERS = 1 << 18 /* there are more of them */ };

static const struct {
    const char *name, *law, *sentence;
} laws[] = {{"", "", ""},
#define LAW_ROW(name, law, sentence) {#name, law, sentence},
            SIM_LAW_MAP(LAW_ROW)
#undef LAW_ROW
};

const char *sim_law_name(enum sim_law law)
{
    return laws[law].name;
}

struct tnd_writer *sim_check_tell(struct sim_check *c, enum sim_law law, unsigned host,
                                  struct tnd_writer *room)
{
    struct sim_violation *v = &c->violation;

    if (v->law != SIM_LAW_NONE)
        return NULL;
    v->law = law;
    v->host = host;
    v->now = sim_world_now(c->w);
    *room = tnd_writer(v->text, sizeof(v->text));
    tnd_put_str(room, laws[law].name);
    tnd_put_str(room, ": ");
    tnd_put_str(room, laws[law].sentence);
    tnd_put_str(room, " (");
    tnd_put_str(room, laws[law].law);
    tnd_put_str(room, ")\n  at ");
    tnd_put_number(room, (uint64_t)(v->now / 1000));
    tnd_put_str(room, " ms, ");
    tnd_put_str(room, sim_host_name(c->w, host));
    tnd_put_str(room, "\n");
    return room;
}

void sim_check_told(struct sim_check *c, struct tnd_writer *w)
{
    c->violation.len = w->len < w->size ? w->len : w->size;
}

/* A violation that needs no more than a sentence and a number. */
static void tell(struct sim_check *c, enum sim_law law, unsigned host, const char *what,
                 uint64_t number)
{
    struct tnd_writer room, *w = sim_check_tell(c, law, host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  ");
    tnd_put_str(w, what);
    tnd_put_str(w, ": ");
    tnd_put_number(w, number);
    tnd_put_str(w, "\n");
    sim_check_told(c, w);
}

static void forget(struct sim_check *c, unsigned host)
{
    struct sim_checked *k = c->hosts[host];

    if (!k)
        return;
    tnd_map_fini(&k->txns);
    tnd_map_fini(&k->asked);
    tnd_map_fini(&k->passed);
    tnd_arena_fini(&k->a);
    sim_give(c->mem, k, sizeof(*k));
    c->hosts[host] = NULL;
}

static void begin(struct sim_check *c, unsigned host)
{
    static const struct tnd_siphash_key secret = {1, 2};
    struct sim_checked *k = sim_take(c->mem, sizeof(*k));

    forget(c, host);
    tnd_arena_init(&k->a, NULL, 0, c->mem, SIM_CHECKED_SIZE_MAX);
    tnd_map_init(&k->txns, &secret, c->mem);
    tnd_map_init(&k->asked, &secret, c->mem);
    tnd_map_init(&k->passed, &secret, c->mem);
    c->hosts[host] = k;
    c->memory_at_rest[host] = 0;
}

static uint64_t served_by(const struct sim_check *c, unsigned host)
{
    const struct tnd_node_stats *stats = sim_host_stats(c->w, host);

    return stats ? stats->served : 0;
}

static bool is_request(const struct tnd_input *in)
{
    return in->kind == TND_IN_MESSAGE && in->msg->kind == TND_MSG_REQUEST;
}

/* Of a node without users only what is served by a user at once grows the counter. */
static bool may_serve(const struct sim_check *c, const struct tnd_input *in)
{
    return is_request(in) && (c->has_users || in->msg->method != TND_METHOD_ACK);
}

static void fed(struct sim_check *c, const struct sim_sight *s)
{
    const struct tnd_input *in = s->in;
    uint64_t grown = served_by(c, s->host) - c->hosts[s->host]->served;

    if (s->err != 0 && !(s->err == TND_ENOMEM && c->is_short))
        tell(c, SIM_LAW_CONTRACT, s->host, "an input was refused with error", (uint64_t)-s->err);
    if (grown > 1 || (grown > 0 && !may_serve(c, in)))
        tell(c, SIM_LAW_ABSORBED, s->host, "served by an input that is no request, or at once",
             grown);
    if (is_request(in) && s->err == 0)
        sim_checked_request(c, s->host, in, grown);
    else if (in->kind == TND_IN_MESSAGE && in->msg->kind == TND_MSG_RESPONSE && c->has_users)
        sim_checked_response(c, s->host, in->msg);
}

static void see(void *ctx, const struct sim_sight *s)
{
    struct sim_check *c = ctx;

    if (!sim_host_watched(c->w, s->host))
        return;
    switch ((enum sim_sight_kind)s->kind) {
    case SIM_BORN:
        begin(c, s->host);
        return;
    case SIM_DEAD:
        if (s->live_size > 0)
            tell(c, SIM_LAW_MEMORY, s->host, "bytes that it left behind when it ended",
                 s->live_size);
        forget(c, s->host);
        return;
    case SIM_FEEDING:
        c->hosts[s->host]->served = served_by(c, s->host);
        return;
    case SIM_FED:
        fed(c, s);
        return;
    case SIM_TOOK:
        if (s->out->kind == TND_OUT_SEND)
            sim_checked_sent(c, s->host, s->out);
        return;
    case SIM_RESTLESS:
        tell(c, SIM_LAW_CONTRACT, s->host, "ticks in one instant, and it asks for more",
             SIM_RESTLESS_MAX);
        return;
    case SIM_DYING:
    case SIM_LOST:
        return;
    }
}

void sim_check_init(struct sim_check *c, const struct sim_world *w, const struct tnd_mem *mem)
{
    *c = (struct sim_check){.w = w, .mem = mem};
}

void sim_check_fini(struct sim_check *c)
{
    for (unsigned i = 0; i < SIM_HOST_MAX; i++)
        forget(c, i);
}

struct sim_watcher sim_check_watcher(struct sim_check *c)
{
    return (struct sim_watcher){see, c};
}

void sim_check_rest(struct sim_check *c)
{
    for (unsigned i = 0; i < sim_host_count(c->w); i++) {
        const struct tnd_node_stats *stats = sim_host_stats(c->w, i);
        size_t *before = &c->memory_at_rest[i], size = sim_host_memory(c->w, i);

        if (!sim_host_watched(c->w, i) || !stats)
            continue;
        if (stats->transactions > 0)
            tell(c, SIM_LAW_TIMERS, i, "transactions that are still there", stats->transactions);
        if (stats->clients > 0)
            tell(c, SIM_LAW_TIMERS, i, "client transactions that are still there", stats->clients);
        if (stats->contexts > 0)
            tell(c, SIM_LAW_TIMERS, i, "requests that still wait for something", stats->contexts);
        size_t slack = c->has_users ? MEMORY_SLACK_OF_USERS : MEMORY_SLACK;
        if (*before > 0 && size > *before + slack)
            tell(c, SIM_LAW_MEMORY, i, "bytes more than when it rested before", size - *before);
        *before = size;
    }
}

/* Whether what came back is what the law says, or what the faults excuse. */
static bool is_due(const struct sim_check *c, const struct sim_call *call)
{
    if (call->code == call->expected || (call->other != 0 && call->code == call->other))
        return true;
    if (c->is_short && (call->code == 503 || call->code == 500))
        return true;
    return c->is_faulty && !call->after && call->code == 0;
}

static void tell_call(struct sim_check *c, enum sim_law law, const struct sim_call *call)
{
    struct tnd_writer room, *w = sim_check_tell(c, law, call->host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  its ");
    tnd_put_str(w, call->method);
    tnd_put_str(w, " to ");
    tnd_put_str(w, call->user);
    tnd_put_str(w, ", Call-ID ");
    tnd_put_str(w, call->call_id);
    tnd_put_str(w, ", sent at ");
    tnd_put_number(w, (uint64_t)(call->started / 1000));
    tnd_put_str(w, " ms, expected ");
    tnd_put_number(w, call->expected);
    tnd_put_str(w, call->over ? ", ended with " : ", did not end; so far ");
    tnd_put_number(w, call->code);
    tnd_put_str(w, " (0: no answer)\n");
    sim_check_told(c, w);
}

void sim_check_book(struct sim_check *c, const struct sim_book *book)
{
    for (unsigned i = 0; i < book->count; i++) {
        const struct sim_call *call = &book->calls[i];

        if (!call->over || (call->after && call->code == 0 && call->expected != 0))
            tell_call(c, SIM_LAW_SETTLED, call);
        else if (!is_due(c, call))
            tell_call(c, SIM_LAW_ANSWER, call);
    }
}
