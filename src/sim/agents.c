/* The checker of user agents: what leaves them, and what they heard before. */
#include "base/assert.h"
#include "sim/agents_parts.h"
#include "sim/checked.h"

enum { AGENTS_SIZE_MAX = 1 << 28, PARSE_SIZE = 1 << 20 };

void sim_agents_tell(struct sim_agents *c, enum sim_law law, unsigned host, const char *what,
                     struct tnd_slice text)
{
    struct tnd_writer room, *w = sim_check_tell(c->check, law, host, &room);

    if (!w)
        return;
    sim_put_quoted(w, what, text);
    sim_check_told(c->check, w);
}

static bool has_tag(const struct sim_dialled *d, struct tnd_slice tag)
{
    for (unsigned i = 0; i < d->tag_count; i++)
        if (tnd_slice_eq_fold(d->tags[i], tag))
            return true;
    return false;
}

static bool has(struct tnd_slice text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, word, len) == 0)
            return true;
    return false;
}

static bool begins_call(const struct tnd_msg *msg)
{
    struct tnd_addr to;
    struct tnd_slice tag;

    return msg->kind == TND_MSG_REQUEST && msg->method == TND_METHOD_INVITE &&
           tnd_msg_to(msg, &to, NULL) && !tnd_param_find(to.params, TND_STR("tag"), &tag);
}

static struct sim_dial *find_dial(const struct sim_agents *c, unsigned host,
                                  struct tnd_slice call_id)
{
    struct sim_dial *d = c->dials;

    while (d &&
           !(d->host == host && d->life == c->lives[host] && tnd_slice_eq(d->call_id, call_id)))
        d = d->before;
    return d;
}

static struct sim_dialled *find_dialled(const struct sim_dial *dial, struct tnd_slice branch)
{
    struct sim_dialled *d = dial->last;

    while (d && !tnd_slice_eq(d->branch, branch))
        d = d->before;
    return d;
}

static struct sim_dialled *keep_dialled(struct sim_agents *c, const struct tnd_msg *msg,
                                        struct tnd_slice branch)
{
    struct sim_dialled *d = tnd_arena_zero(&c->a, 1, sizeof(*d));
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_REQUIRE);
    struct tnd_slice tag;
    struct tnd_cseq cseq;

    TND_ASSERT(d);
    d->cseq = tnd_msg_cseq(msg, &cseq, NULL) ? cseq.number : 0;
    d->branch = tnd_slice_keep(&c->a, branch);
    d->uri = tnd_slice_keep(&c->a, msg->uri);
    d->sent_at = sim_world_now(c->w);
    while (d->tag_count < DIAL_TAG_COUNT_MAX && tnd_token_next(&v, &tag))
        d->tags[d->tag_count++] = tnd_slice_keep(&c->a, tag);
    d->is_mandatory = has_tag(d, TND_STR("precondition")) && has(msg->text, "a=des:qos mandatory");
    return d;
}

/* RFC 3261 §8.1.3.4: each target once. One that is tried in another way is the same. */
static void check_target(struct sim_agents *c, const struct sim_dial *dial,
                         const struct sim_dialled *d, const struct tnd_output *out)
{
    if (dial->count > DIAL_SENT_COUNT_MAX)
        sim_agents_tell(c, SIM_LAW_TRIED_ONCE, dial->host, "sent too often", out->bytes);
    if (!dial->last || sim_uri_is(dial->last->uri, d->uri))
        return;
    for (const struct sim_dialled *b = dial->last->before; b; b = b->before)
        if (sim_uri_is(b->uri, d->uri))
            sim_agents_tell(c, SIM_LAW_TRIED_ONCE, dial->host, "tried again", out->bytes);
}

/* A tag that was required, and then was not, is not required again. */
static void check_tags(struct sim_agents *c, const struct sim_dial *dial,
                       const struct sim_dialled *d, const struct tnd_output *out)
{
    for (unsigned i = 0; i < d->tag_count; i++) {
        bool was_dropped = false;

        for (const struct sim_dialled *b = dial->last; b; b = b->before) {
            bool had = has_tag(b, d->tags[i]);

            if (had && was_dropped)
                sim_agents_tell(c, SIM_LAW_DROPPED_ONCE, dial->host, "required again", out->bytes);
            was_dropped |= !had;
        }
    }
}

static const struct sim_entry *caller_of(const struct sim_agents *c, struct tnd_slice number)
{
    for (unsigned i = c->diary->count; i-- > 0;) {
        const struct sim_entry *e = &c->diary->entries[i];

        if (e->is_caller && tnd_slice_eq(tnd_slice_str(e->number), number))
            return e;
    }
    return NULL;
}

static void check_invite(struct sim_agents *c, const struct sim_dial *dial,
                         const struct sim_dialled *d, const struct tnd_output *out)
{
    if (dial->is_declined)
        sim_agents_tell(c, SIM_LAW_DECLINED, dial->host, "tried after a 6xx", out->bytes);
    if (dial->was_580 && d->is_mandatory)
        sim_agents_tell(c, SIM_LAW_BEST_EFFORT, dial->host, "asked for again", out->bytes);
    check_target(c, dial, d, out);
    check_tags(c, dial, d, out);
}

static struct sim_dial *new_dial(struct sim_agents *c, unsigned host, const struct tnd_msg *msg)
{
    struct sim_dial *dial = tnd_arena_zero(&c->a, 1, sizeof(*dial));

    TND_ASSERT(dial);
    dial->host = host;
    dial->life = c->lives[host];
    dial->call_id = tnd_slice_keep(&c->a, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    dial->number = tnd_slice_keep(&c->a, tnd_msg_value(msg, TND_HEADER_SUBJECT));
    dial->before = c->dials;
    c->dials = dial;
    return dial;
}

static bool is_first_of_number(const struct sim_dial *dial)
{
    for (const struct sim_dial *d = dial->before; d; d = d->before)
        if (tnd_slice_eq(d->number, dial->number))
            return false;
    return dial->count == 1;
}

static void sent_invite(struct sim_agents *c, unsigned host, const struct tnd_output *out,
                        const struct tnd_msg *msg)
{
    struct sim_dial *dial = find_dial(c, host, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    struct tnd_via via;

    if (!tnd_msg_via(msg, &via, NULL) || (dial && find_dialled(dial, via.branch)))
        return; /* sent again */
    if (!dial)
        dial = new_dial(c, host, msg);
    struct sim_dialled *d = keep_dialled(c, msg, via.branch);
    dial->count++;
    check_invite(c, dial, d, out);
    d->before = dial->last;
    dial->last = d;
    if (!dial->first)
        dial->first = d;
    const struct sim_entry *e = caller_of(c, dial->number);
    if (is_first_of_number(dial) && e)
        sim_agents_first(c, dial, e);
}

static bool is_alerting(const struct tnd_msg *msg)
{
    struct tnd_cseq cseq;

    return msg->kind == TND_MSG_RESPONSE && (msg->code == 180 || msg->code / 100 == 2) &&
           tnd_msg_cseq(msg, &cseq, NULL) && cseq.method == TND_METHOD_INVITE;
}

static const struct sim_entry *callee_of(const struct sim_agents *c, unsigned host,
                                         const struct tnd_msg *msg)
{
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(msg, &cseq, NULL))
        return NULL;
    for (unsigned i = c->diary->count; i-- > 0;) {
        const struct sim_entry *e = &c->diary->entries[i];

        if (!e->is_caller && e->host == host && e->life == c->lives[host] &&
            e->cseq == cseq.number &&
            tnd_slice_eq(tnd_slice_str(e->call_id), tnd_msg_value(msg, TND_HEADER_CALL_ID)))
            return e;
    }
    return NULL;
}

/* Whether the INVITE that it answers had mandatory preconditions. */
static bool is_dial_mandatory(const struct sim_agents *c, const struct sim_entry *callee)
{
    const struct sim_dial *dial = c->dials;

    while (dial && !(tnd_slice_eq(dial->call_id, tnd_slice_str(callee->call_id))))
        dial = dial->before;
    for (const struct sim_dialled *d = dial ? dial->last : NULL; d; d = d->before)
        if (d->cseq == callee->cseq)
            return d->is_mandatory;
    return false;
}

/* RFC 3312 §6: "the UAS SHOULD NOT alert"; not before it knows of both sides. */
static void check_alert(struct sim_agents *c, unsigned host, const struct tnd_output *out,
                        const struct tnd_msg *msg)
{
    const struct sim_entry *callee = callee_of(c, host, msg);
    const struct sim_entry *caller = callee ? caller_of(c, tnd_slice_str(callee->number)) : NULL;

    if (!caller || !(callee->is_mandatory || is_dial_mandatory(c, callee)))
        return;
    if (callee->reserved_at == TND_NEVER_DUE)
        sim_agents_tell(c, SIM_LAW_ALERTED, host, "the callee has reserved nothing", out->bytes);
    if (caller->reserved_at == TND_NEVER_DUE)
        sim_agents_tell(c, SIM_LAW_ALERTED, host, "the caller has reserved nothing", out->bytes);
}

static void took(struct sim_agents *c, const struct sim_sight *s)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    if (s->out->kind != TND_OUT_SEND)
        return;
    tnd_arena_init(&a, NULL, 0, c->check->mem, PARSE_SIZE);
    if (tnd_msg_parse(&msg, &a, s->out->bytes, TND_DATAGRAM) != 0)
        sim_agents_tell(c, SIM_LAW_MESSAGE, s->host, "sent", s->out->bytes);
    else if (begins_call(&msg))
        sent_invite(c, s->host, s->out, &msg);
    else if (is_alerting(&msg))
        check_alert(c, s->host, s->out, &msg);
    tnd_arena_fini(&a);
}

static void heard(struct sim_agents *c, unsigned host, const struct tnd_msg *msg)
{
    struct sim_dial *dial;
    struct sim_dialled *d;
    struct tnd_via via;
    struct tnd_cseq cseq;

    if (msg->kind != TND_MSG_RESPONSE || msg->code < 200 || !tnd_msg_via(msg, &via, NULL) ||
        !tnd_msg_cseq(msg, &cseq, NULL) || cseq.method != TND_METHOD_INVITE)
        return;
    dial = find_dial(c, host, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    d = dial ? find_dialled(dial, via.branch) : NULL;
    if (!d || d->code != 0)
        return;
    d->code = msg->code;
    d->heard_at = sim_world_now(c->w);
    if (d != dial->last) /* nobody waits for it any more */
        return;
    if (msg->code == 301 || msg->code == 302)
        d->response = tnd_slice_keep(&c->a, msg->text);
    dial->is_declined |= msg->code >= 600 && msg->code != 604;
    dial->was_580 |= msg->code == 580;
}

static void see(void *ctx, const struct sim_sight *s)
{
    struct sim_agents *c = ctx;

    if (!sim_is_agent(c, s->host))
        return;
    if (s->kind == SIM_TOOK) {
        took(c, s);
    } else if (s->kind == SIM_FEEDING && s->in->kind == TND_IN_MESSAGE) {
        heard(c, s->host, s->in->msg);
    } else if (s->kind == SIM_FED && s->err != 0 && !(s->err == TND_ENOMEM && c->check->is_short)) {
        sim_agents_tell(c, SIM_LAW_CONTRACT, s->host, "an input was refused",
                        s->in->msg ? s->in->msg->text : TND_STR("it is no message"));
    } else if (s->kind == SIM_DEAD) {
        c->lives[s->host]++;
        c->memory_at_rest[s->host] = 0;
        if (s->live_size > 0)
            sim_agents_tell(c, SIM_LAW_MEMORY, s->host, "it left memory behind", TND_STR(""));
    } else if (s->kind == SIM_RESTLESS) {
        sim_agents_tell(c, SIM_LAW_CONTRACT, s->host, "it asks for ticks", TND_STR(""));
    }
}

void sim_agents_init(struct sim_agents *c, struct sim_check *check, const struct sim_world *w,
                     const struct sim_diary *diary, const struct tnd_mem *mem)
{
    *c = (struct sim_agents){.check = check, .w = w, .diary = diary};
    tnd_arena_init(&c->a, NULL, 0, mem, AGENTS_SIZE_MAX);
}

void sim_agents_fini(struct sim_agents *c)
{
    tnd_arena_fini(&c->a);
}

struct sim_watcher sim_agents_watcher(struct sim_agents *c)
{
    return (struct sim_watcher){see, c};
}
