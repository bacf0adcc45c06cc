/* A phone that does not behave: when it does its tricks, and how they are sent. */
#include "sim/rogue.h"

#include "base/assert.h"
#include "sim/mem.h"

enum { KEPT_SIZE_MAX = 1 << 26 };

static const char *or_else(const char *said, const char *usual)
{
    return said ? said : usual;
}

const char *rogue_word(struct rogue *r, const char *before)
{
    char room[80];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    uint64_t random = tnd_random_next(&r->random);

    tnd_put_str(&w, before);
    tnd_put_hex(&w, &random, sizeof(random));
    char *word = tnd_slice_keep_str(&r->a, tnd_writer_slice(&w));
    TND_ASSERT(word);
    return word;
}

static void put_via(struct tnd_writer *w, struct rogue *r, const struct forged *f)
{
    tnd_put_str(w, "Via: ");
    if (f->via) {
        tnd_put_str(w, f->via);
    } else {
        tnd_put_str(w, "SIP/2.0/");
        tnd_put_str(w, tnd_transport_name((enum tnd_transport)r->to.transport));
        tnd_put_str(w, " ");
        tnd_address_write_host(w, &r->address);
    }
    if (!f->branch || *f->branch) { /* "": none, as in RFC 2543 */
        tnd_put_str(w, ";branch=");
        tnd_put_str(w, or_else(f->branch, rogue_word(r, TND_BRANCH_COOKIE)));
    }
    tnd_put_str(w, "\r\n");
}

static void put_body(struct tnd_writer *w, const struct forged *f)
{
    struct tnd_slice body = tnd_slice_str(or_else(f->body, ""));

    tnd_put_str(w, "Content-Length: ");
    if (f->length)
        tnd_put_str(w, f->length);
    else
        tnd_put_number(w, body.len);
    tnd_put_str(w, "\r\n\r\n");
    tnd_put(w, body);
}

struct tnd_slice rogue_forge(struct rogue *r, const struct forged *f)
{
    struct tnd_writer w = tnd_writer(r->bytes, sizeof(r->bytes));

    tnd_put_str(&w, or_else(f->method, "OPTIONS"));
    tnd_put_str(&w, " ");
    if (f->uri) {
        tnd_put_str(&w, f->uri);
    } else {
        tnd_put_str(&w, "sip:lab-486@");
        tnd_address_write_host(&w, &r->to);
    }
    tnd_put_str(&w, " SIP/2.0\r\n");
    put_via(&w, r, f);
    tnd_put_str(&w, "Max-Forwards: 70\r\nFrom: <sip:rogue@sim.example>;tag=");
    tnd_put_str(&w, or_else(f->from_tag, rogue_word(r, "f")));
    tnd_put_str(&w, "\r\nTo: <sip:anybody@sim.example>");
    if (f->to_tag) {
        tnd_put_str(&w, ";tag=");
        tnd_put_str(&w, f->to_tag);
    }
    tnd_put_str(&w, "\r\nCall-ID: ");
    tnd_put_str(&w, or_else(f->call_id, rogue_word(r, "rogue-")));
    tnd_put_str(&w, "\r\nCSeq: ");
    if (f->cseq) {
        tnd_put_str(&w, f->cseq);
    } else {
        tnd_put_str(&w, "7 ");
        tnd_put_str(&w, or_else(f->method, "OPTIONS"));
    }
    tnd_put_str(&w, "\r\nContact: <sip:rogue@192.0.2.250>\r\n");
    tnd_put_str(&w, or_else(f->fields, ""));
    put_body(&w, f);
    TND_ASSERT(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static struct tnd_output sending(const struct rogue *r, struct tnd_slice bytes)
{
    return (struct tnd_output){.kind = TND_OUT_SEND, .to = r->to, .bytes = bytes};
}

void rogue_send(struct rogue *r, struct tnd_slice bytes)
{
    const struct tnd_output out = sending(r, bytes);

    sim_outbox_put(&r->outbox, &out);
}

/* Without a free place it is forgotten. */
static void put_later(struct rogue *r, tnd_time wait, struct tnd_output out)
{
    for (unsigned i = 0; i < ROGUE_LATER_MAX; i++) {
        if (r->later[i].at != TND_NEVER_DUE)
            continue;
        out.bytes = tnd_slice_keep(&r->a, out.bytes);
        TND_ASSERT(!tnd_arena_over(&r->a));
        r->later[i] = (struct rogue_later){r->now + wait, out};
        return;
    }
}

void rogue_send_later(struct rogue *r, tnd_time wait, struct tnd_slice bytes)
{
    put_later(r, wait, sending(r, bytes));
}

void rogue_close_later(struct rogue *r, tnd_time wait)
{
    put_later(r, wait, (struct tnd_output){.kind = TND_OUT_CLOSE, .to = r->to});
}

static tnd_time due(const void *self)
{
    const struct rogue *r = self;
    tnd_time at = r->next;

    for (unsigned i = 0; i < ROGUE_LATER_MAX; i++)
        if (r->later[i].at < at)
            at = r->later[i].at;
    return at;
}

static void plan_next(struct rogue *r)
{
    const struct sim_rogue_setup *s = r->setup;

    r->next = r->tricks_left > 0 ? tnd_random_time(&r->random, s->from, s->until) : TND_NEVER_DUE;
    if (r->next < r->now)
        r->next = r->now;
}

static void do_trick(struct rogue *r)
{
    const struct sim_rogue_setup *s = r->setup;

    r->tricks_left--;
    r->to = s->targets[tnd_random_below(&r->random, s->target_count)];
    r->to.transport = tnd_random_chance(&r->random, 1, 3) ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP;
    rogue_trick(r, s->only >= 0 ? (unsigned)s->only
                                : (unsigned)tnd_random_below(&r->random, sim_trick_count()));
    plan_next(r);
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct rogue *r = self;

    (void)in; /* it does not listen */
    r->now = now;
    for (unsigned i = 0; i < ROGUE_LATER_MAX; i++) {
        if (r->later[i].at > now)
            continue;
        sim_outbox_put(&r->outbox, &r->later[i].out);
        r->later[i].at = TND_NEVER_DUE;
    }
    if (r->tricks_left > 0 && r->next <= now)
        do_trick(r);
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    return sim_outbox_take(&((struct rogue *)self)->outbox, ret);
}

static void end(void *self)
{
    struct rogue *r = self;
    const struct tnd_mem *mem = r->mem;

    sim_outbox_fini(&r->outbox);
    tnd_arena_fini(&r->a);
    sim_give(mem, r, sizeof(*r));
}

static const struct sim_element_ops rogue_ops = {feed, take, due, NULL, end};

int sim_rogue_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct rogue *r = sim_take(life->mem, sizeof(*r));

    r->mem = life->mem;
    r->setup = ctx;
    r->address = life->address;
    r->now = life->now;
    r->tricks_left = r->setup->tricks;
    tnd_random_init(&r->random, life->seed);
    sim_outbox_init(&r->outbox, life->mem);
    tnd_arena_init(&r->a, NULL, 0, life->mem, KEPT_SIZE_MAX);
    for (unsigned i = 0; i < ROGUE_LATER_MAX; i++)
        r->later[i].at = TND_NEVER_DUE;
    plan_next(r);
    *ret = (struct sim_element){&rogue_ops, r};
    return 0;
}
