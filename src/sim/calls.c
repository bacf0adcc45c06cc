/* The checker of calls: what nodes do with the branches of a request, and what callers are told. */
#include "sim/calls.h"

#include "base/assert.h"
#include "base/owner.h"
#include "sim/checked.h"
#include "sim/trace.h"

enum { CALLS_SIZE_MAX = 1 << 28, KEY_SIZE = 512, PARSE_SIZE = 1 << 20 };

/* A client that is asked answers within that, or the node thinks that nobody does. */
#define ANSWERS_WITHIN TND_SEC(31)

/* By then a proxy has forgotten that it answered: timer L of a 2xx, timer I of others. */
#define FORGOTTEN_AFTER(code) ((code) / 100 == 2 ? TND_SEC(32) : TND_SEC(5))

/* A copy of a request that a node sent. */
struct attempt {
    struct tnd_map_node node;
    struct attempt *before; /* of the same context */
    struct context *context;
    struct tnd_slice uri, branch;
    struct tnd_endpoint to;
    tnd_time sent_at;
    uint16_t code; /* final; 0: none came */
};

/* A request that a node passes on. */
struct context {
    struct tnd_map_node node;
    struct attempt *attempts; /* the newest first */
    tnd_time declined_at;     /* a 6xx came; TND_NEVER_DUE: none did */
    uint16_t declined_by;
};

struct sim_declined {
    struct sim_declined *next;
    struct tnd_slice call_id;
    tnd_time at;
};

/* What a caller heard of one INVITE. */
struct final {
    struct tnd_map_node node;
    tnd_time sent_at, at;
    uint16_t code;
};

/* What of a message counts. */
struct seen {
    struct tnd_via top, below;
    struct tnd_cseq cseq;
    bool has_below;
};

static bool look(const struct tnd_msg *msg, struct seen *ret)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);

    if (!tnd_via_next(&v, &ret->top) || !tnd_msg_cseq(msg, &ret->cseq, NULL))
        return false;
    ret->has_below = tnd_via_next(&v, &ret->below);
    return true;
}

static struct tnd_map_node *find(const struct tnd_map *map, struct sim_calls *c, unsigned host,
                                 struct tnd_slice branch, char room[KEY_SIZE],
                                 struct tnd_slice *ret_key)
{
    struct tnd_writer w = tnd_writer(room, KEY_SIZE);

    tnd_put_number(&w, host);
    tnd_put_str(&w, " ");
    tnd_put_number(&w, c->lives[host]);
    tnd_put_str(&w, " ");
    tnd_put(&w, branch);
    *ret_key = tnd_writer_slice(&w);
    return tnd_map_find(map, *ret_key);
}

static void *add(struct sim_calls *c, struct tnd_map *map, struct tnd_slice key, size_t size)
{
    struct tnd_map_node *node = tnd_arena_zero(&c->a, 1, size); /* it is the first of each */

    TND_ASSERT(node);
    int err = tnd_map_add(map, node, tnd_slice_keep(&c->a, key));
    TND_ASSERT(err == 0);
    return node;
}

static struct context *context_of(struct sim_calls *c, unsigned host, struct tnd_slice branch)
{
    char room[KEY_SIZE];
    struct tnd_slice key;
    struct tnd_map_node *node = find(&c->contexts, c, host, branch, room, &key);

    if (node)
        return TND_OWNER(node, struct context, node);
    struct context *ctx = add(c, &c->contexts, key, sizeof(*ctx));
    ctx->declined_at = TND_NEVER_DUE;
    return ctx;
}

static struct attempt *attempt_of(struct sim_calls *c, unsigned host, struct tnd_slice branch)
{
    char room[KEY_SIZE];
    struct tnd_slice key;
    struct tnd_map_node *node = find(&c->attempts, c, host, branch, room, &key);

    return node ? TND_OWNER(node, struct attempt, node) : NULL;
}

static void tell(struct sim_calls *c, enum sim_law law, unsigned host, const char *what,
                 struct tnd_slice text)
{
    struct tnd_writer room, *w = sim_check_tell(c->check, law, host, &room);

    if (!w)
        return;
    sim_put_quoted(w, what, text);
    sim_check_told(c->check, w);
}

/* The same target once more, where it has answered. Another try at another server of it, and after
 * 503 or silence, is none (RFC 3263 §4.3). */
static bool is_again(const struct context *ctx, const struct tnd_msg *msg,
                     const struct tnd_endpoint *to)
{
    for (const struct attempt *a = ctx->attempts; a; a = a->before)
        if (a->code >= 300 && a->code != 503 && tnd_slice_eq(a->uri, msg->uri) &&
            tnd_endpoint_eq(&a->to, to))
            return true;
    return false;
}

/* Vias below are of copies that went to the same place with the same Request-URI. Once is none: that it
 * is a loop is found when it comes round (RFC 3261 §16.3, step 4). */
static bool is_looping(struct sim_calls *c, unsigned host, const struct tnd_msg *msg,
                       const struct tnd_endpoint *to)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);
    struct tnd_via via;
    unsigned rounds = 0;

    for (bool is_top = true; tnd_via_next(&v, &via); is_top = false) {
        const struct attempt *a = is_top ? NULL : attempt_of(c, host, via.branch);
        rounds += a && tnd_slice_eq(a->uri, msg->uri) && tnd_endpoint_eq(&a->to, to);
    }
    return rounds > 1;
}

/* A forward of a user who is busy everywhere is his own wish (tandem/store.h). */
static bool is_wished(const struct context *ctx, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_DIVERSION);
    struct tnd_slice reason;
    struct tnd_addr addr;

    return ctx->declined_by == 600 && tnd_addr_next(&v, &addr) &&
           tnd_param_find(addr.params, TND_STR("reason"), &reason) &&
           tnd_slice_eq(reason, TND_STR("user-busy"));
}

static void sent_invite(struct sim_calls *c, unsigned host, const struct tnd_output *out,
                        const struct tnd_msg *msg, const struct seen *seen)
{
    char room[KEY_SIZE];
    struct tnd_slice key;
    struct context *ctx = context_of(c, host, seen->below.branch);
    tnd_time now = sim_world_now(c->w);

    if (attempt_of(c, host, seen->top.branch))
        return; /* sent again */
    if (ctx->declined_at != TND_NEVER_DUE && now > ctx->declined_at + SIM_SLACK &&
        !is_wished(ctx, msg))
        tell(c, SIM_LAW_DECLINED, host, "tried after a 6xx", out->bytes);
    if (is_again(ctx, msg, &out->to))
        tell(c, SIM_LAW_REDIRECTS, host, "tried again", out->bytes);
    if (is_looping(c, host, msg, &out->to))
        tell(c, SIM_LAW_REDIRECTS, host, "in a loop", out->bytes);
    find(&c->attempts, c, host, seen->top.branch, room, &key);
    struct attempt *a = add(c, &c->attempts, key, sizeof(*a));
    a->context = ctx;
    a->before = ctx->attempts;
    ctx->attempts = a;
    a->uri = tnd_slice_keep(&c->a, msg->uri);
    a->to = out->to;
    a->sent_at = now;
}

/* What strangers ask for has a Call-ID of theirs. */
static void check_relay(struct sim_calls *c, unsigned host, const struct tnd_output *out,
                        const struct tnd_msg *msg)
{
    static const char stranger[] = "stranger-";
    struct tnd_slice call_id = tnd_msg_value(msg, TND_HEADER_CALL_ID);

    if (call_id.len >= sizeof(stranger) - 1 &&
        memcmp(call_id.ptr, stranger, sizeof(stranger) - 1) == 0)
        tell(c, SIM_LAW_RELAY, host, "passed on", out->bytes);
}

static void node_sent(struct sim_calls *c, unsigned host, const struct tnd_output *out,
                      const struct tnd_msg *msg)
{
    struct seen seen;

    if (msg->kind != TND_MSG_REQUEST || !look(msg, &seen))
        return;
    check_relay(c, host, out, msg);
    if (msg->method == TND_METHOD_INVITE && seen.has_below)
        sent_invite(c, host, out, msg, &seen);
}

static void note_declined(struct sim_calls *c, const struct tnd_msg *msg)
{
    struct sim_declined *d = tnd_arena_zero(&c->a, 1, sizeof(*d));

    TND_ASSERT(d);
    d->call_id = tnd_slice_keep(&c->a, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    d->at = sim_world_now(c->w);
    d->next = c->declined;
    c->declined = d;
}

static void node_heard(struct sim_calls *c, unsigned host, const struct tnd_msg *msg)
{
    tnd_time now = sim_world_now(c->w);
    struct attempt *a;
    struct seen seen;

    if (msg->kind != TND_MSG_RESPONSE || msg->code < 300 || !look(msg, &seen) ||
        seen.cseq.method != TND_METHOD_INVITE)
        return;
    a = attempt_of(c, host, seen.top.branch);
    if (!a || a->code != 0)
        return;
    a->code = msg->code;
    if (msg->code < 600 || now > a->sent_at + ANSWERS_WITHIN || c->check->is_short)
        return;
    if (a->context->declined_at == TND_NEVER_DUE) {
        a->context->declined_at = now;
        a->context->declined_by = msg->code;
    }
    if (msg->code > 600) /* of 600 the callee may wish otherwise: is_wished() */
        note_declined(c, msg);
}

/* Who has no room says so without keeping anything, and may have room a moment later. */
static bool is_refusal(unsigned code)
{
    return code == 500 || code == 503;
}

/* Of one INVITE a caller hears one final response, or 2xx. What was sent before a crash is excused:
 * a proxy that has forgotten passes on what comes (RFC 3261 §16.11), and so several may. */
static void caller_heard(struct sim_calls *c, unsigned host, const struct tnd_msg *msg)
{
    char room[KEY_SIZE];
    struct tnd_slice key;
    struct seen seen;

    if (msg->kind != TND_MSG_RESPONSE || msg->code < 200 || !look(msg, &seen) ||
        seen.cseq.method != TND_METHOD_INVITE)
        return;
    struct tnd_map_node *node = find(&c->finals, c, host, seen.top.branch, room, &key);
    struct final *f = node ? TND_OWNER(node, struct final, node) : NULL;
    if (!f)
        return;
    tnd_time now = sim_world_now(c->w);
    bool is_excused = f->sent_at <= c->crashed_at ||
                      (f->code != 0 && now > f->at + FORGOTTEN_AFTER(f->code)) ||
                      (c->check->is_faulty && msg->code < 300) ||
                      (c->check->is_short && (is_refusal(f->code) || is_refusal(msg->code)));
    bool is_other = f->code != msg->code && !(f->code / 100 == 2 && msg->code / 100 == 2);
    if (f->code != 0 && is_other && !is_excused)
        tell(c, SIM_LAW_CALLER, host, "another final response", msg->text);
    if (f->code == 0) {
        f->code = msg->code;
        f->at = now;
    }
}

static void caller_sent(struct sim_calls *c, unsigned host, const struct tnd_msg *msg)
{
    char room[KEY_SIZE];
    struct tnd_slice key;
    struct seen seen;

    if (msg->kind != TND_MSG_REQUEST || msg->method != TND_METHOD_INVITE || !look(msg, &seen) ||
        find(&c->finals, c, host, seen.top.branch, room, &key))
        return;
    struct final *f = add(c, &c->finals, key, sizeof(*f));
    f->sent_at = sim_world_now(c->w);
}

static void took(struct sim_calls *c, const struct sim_sight *s)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    if (s->out->kind != TND_OUT_SEND)
        return;
    tnd_arena_init(&a, NULL, 0, c->check->mem, PARSE_SIZE);
    if (tnd_msg_parse(&msg, &a, s->out->bytes, TND_DATAGRAM) == 0) {
        if (sim_host_watched(c->w, s->host))
            node_sent(c, s->host, s->out, &msg);
        else
            caller_sent(c, s->host, &msg);
    }
    tnd_arena_fini(&a);
}

static void see(void *ctx, const struct sim_sight *s)
{
    struct sim_calls *c = ctx;
    bool watched = sim_host_watched(c->w, s->host);

    if (s->kind == SIM_TOOK) {
        took(c, s);
    } else if (s->kind == SIM_FED && s->in->kind == TND_IN_MESSAGE && s->err == 0) {
        if (watched)
            node_heard(c, s->host, s->in->msg);
        else
            caller_heard(c, s->host, s->in->msg);
    } else if (s->kind == SIM_DYING && watched) {
        c->crashed_at = s->now;
        if (c->crash_count < SIM_CRASH_MAX)
            c->crashes[c->crash_count++] = s->now;
        c->lives[s->host]++;
    }
}

void sim_calls_init(struct sim_calls *c, struct sim_check *check, const struct sim_world *w,
                    const struct sim_ledger *ledger, const struct tnd_mem *mem)
{
    static const struct tnd_siphash_key secret = {1, 2};

    *c = (struct sim_calls){.check = check, .w = w, .ledger = ledger, .crashed_at = -1};
    tnd_arena_init(&c->a, NULL, 0, mem, CALLS_SIZE_MAX);
    tnd_map_init(&c->contexts, &secret, mem);
    tnd_map_init(&c->attempts, &secret, mem);
    tnd_map_init(&c->finals, &secret, mem);
}

void sim_calls_fini(struct sim_calls *c)
{
    tnd_map_fini(&c->contexts);
    tnd_map_fini(&c->attempts);
    tnd_map_fini(&c->finals);
    tnd_arena_fini(&c->a);
}

struct sim_watcher sim_calls_watcher(struct sim_calls *c)
{
    return (struct sim_watcher){see, c};
}

static void tell_leg(struct sim_calls *c, enum sim_law law, const struct sim_leg *leg,
                     const char *what)
{
    static const char *const states[] = {"trying", "ringing", "talking", "over"};
    struct tnd_writer room, *w = sim_check_tell(c->check, law, leg->host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  ");
    tnd_put_str(w, what);
    tnd_put_str(w, leg->is_caller ? ": caller" : ": callee");
    tnd_put_str(w, ", Call-ID ");
    tnd_put_str(w, leg->call_id);
    if (leg->callee[0]) {
        tnd_put_str(w, ", to ");
        tnd_put_str(w, leg->callee);
    }
    tnd_put_str(w, ", begun at ");
    tnd_put_number(w, (uint64_t)(leg->started / 1000));
    tnd_put_str(w, " ms, ");
    tnd_put_str(w, states[leg->state]);
    tnd_put_str(w, ", final response ");
    tnd_put_number(w, leg->code);
    tnd_put_str(w, " (0: none)\n");
    sim_check_told(c->check, w);
}

/* What the ledger says of one leg. */
static void check_leg(struct sim_calls *c, const struct sim_leg *leg)
{
    bool is_calm = (leg->after || c->is_calm) && !c->check->is_short;

    if (leg->state != SIM_LEG_OVER)
        tell_leg(c, SIM_LAW_CALLS_SETTLE, leg, "not over");
    if (is_calm && leg->is_unheard)
        tell_leg(c, SIM_LAW_CALLS_SETTLE, leg, "nobody heard that it hung up");
    if (is_calm && leg->is_caller && leg->code == 0)
        tell_leg(c, SIM_LAW_CALLS_SETTLE, leg, "nobody answered");
    if (is_calm && leg->expected != 0 && leg->code != leg->expected && !leg->is_cancelled)
        tell_leg(c, SIM_LAW_BINDINGS, leg, "the phone that is registered was not reached");
}

enum { GRACE_SECONDS = 2 };

/* Who rang when a 6xx came rings no more a moment later. */
static void check_declined(struct sim_calls *c, const struct sim_declined *d)
{
    for (unsigned i = 0; i < c->ledger->count; i++) {
        const struct sim_leg *leg = &c->ledger->legs[i];

        if ((leg->after || c->is_calm) && !leg->is_caller && leg->started <= d->at &&
            leg->rang_until > d->at + TND_SEC(GRACE_SECONDS) &&
            tnd_slice_eq(tnd_slice_str(leg->call_id), d->call_id))
            tell_leg(c, SIM_LAW_DECLINED, leg, "rings on");
    }
}

static void check_fact(struct sim_calls *c, const struct sim_fact *fact)
{
    struct tnd_writer room, *w;

    if (!fact->missed)
        return;
    w = sim_check_tell(c->check, SIM_LAW_BINDINGS, fact->host, &room);
    if (!w)
        return;
    tnd_put_str(w, "  it was told that it is registered, and then that it is not: ");
    tnd_put_str(w, fact->contact);
    tnd_put_str(w, "\n");
    sim_check_told(c->check, w);
}

static bool rang_through_crash(const struct sim_calls *c, const struct sim_leg *leg)
{
    for (unsigned i = 0; i < c->crash_count; i++)
        if (leg->started < c->crashes[i] && leg->rang_until > c->crashes[i])
            return true;
    return false;
}

/* Who has called a phone that rang through a crash hears how it ended. */
static void check_crash(struct sim_calls *c, const struct sim_leg *leg)
{
    if (leg->is_caller || !c->is_lossless || !rang_through_crash(c, leg))
        return;
    for (unsigned i = 0; i < c->ledger->count; i++) {
        const struct sim_leg *caller = &c->ledger->legs[i];

        if (caller->is_caller && caller->callee[0] && !caller->is_cancelled &&
            !caller->is_reliable && caller->code == 0 &&
            tnd_slice_eq(tnd_slice_str(caller->call_id), tnd_slice_str(leg->call_id)))
            tell_leg(c, SIM_LAW_THROUGH_CRASH, caller, "it was never told how its call ended");
    }
}

void sim_calls_rest(struct sim_calls *c)
{
    for (unsigned i = 0; i < c->ledger->count; i++)
        check_crash(c, &c->ledger->legs[i]);
    for (unsigned i = 0; i < c->ledger->count; i++)
        check_leg(c, &c->ledger->legs[i]);
    for (unsigned i = 0; i < c->ledger->fact_count; i++)
        check_fact(c, &c->ledger->facts[i]);
    for (const struct sim_declined *d = c->declined; d; d = d->next)
        check_declined(c, d);
}
