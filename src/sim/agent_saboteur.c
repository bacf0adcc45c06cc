/* A saboteur of user agents: what it does to the inputs and the outputs of another element. */
#include "sim/agent_saboteur.h"

#include "base/assert.h"
#include "sim/outbox.h"

enum {
    TEXT_SIZE = 8192,
    URI_SIZE = 256,
    CALL_COUNT = 32,
    BLOCK_SIZE = 8192,
    BLOCK_COUNT = 2048,
    PARSE_SIZE = 1 << 20,
};

struct kept {
    char text[TEXT_SIZE];
    size_t len;
    struct tnd_endpoint to;
};

/* INVITEs of one Call-ID. */
struct call {
    char call_id[URI_SIZE];
    struct kept first, last;
    bool is_again; /* one of them was sent once more */
};

struct agent_saboteur {
    const struct tnd_mem *mem;
    struct sim_agent_saboteur_setup *setup;
    struct sim_element inner;
    struct sim_outbox more; /* outputs of its own */
    tnd_time now;
    char spoiled[TEXT_SIZE];
    char misheard[TEXT_SIZE]; /* a message that came, changed */
    char moved_to[URI_SIZE];  /* where the last redirect led */
    struct call calls[CALL_COUNT];
    unsigned call_count;
    void *blocks[BLOCK_COUNT];
    unsigned block_count;
};

static const struct {
    const char *name;
    enum sim_law law;
} sabotages[] = {
#define SABOTAGE_ROW(id, law) {#id, SIM_LAW_##law},
    SIM_AGENT_SABOTAGE_MAP(SABOTAGE_ROW)
#undef SABOTAGE_ROW
};

const char *sim_agent_sabotage_name(enum sim_agent_sabotage kind)
{
    return sabotages[kind].name;
}

enum sim_law sim_agent_sabotage_law(enum sim_agent_sabotage kind)
{
    return sabotages[kind].law;
}

static bool does(const struct agent_saboteur *s, enum sim_agent_sabotage kind)
{
    return s->setup->kind == kind;
}

/* When calls have begun. */
static bool sleeps(const struct agent_saboteur *s)
{
    return does(s, SIM_AGENT_SABOTAGE_SLEEPS) && s->now > TND_SEC(10);
}

static void copy(char *ret, size_t size, struct tnd_slice text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;

    memset(ret, 0, size);
    memcpy(ret, text.ptr, len);
}

static bool has(const struct kept *k, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= k->len; i++)
        if (memcmp(k->text + i, word, len) == 0)
            return true;
    return false;
}

static struct tnd_slice uri_of(const struct kept *k)
{
    const char *start = k->text + strlen("INVITE "), *end = memchr(start, ' ', TEXT_SIZE / 2);

    return tnd_slice_between(start, end);
}

static struct call *find(struct agent_saboteur *s, struct tnd_slice call_id)
{
    for (unsigned i = 0; i < s->call_count; i++)
        if (tnd_slice_eq(tnd_slice_str(s->calls[i].call_id), call_id))
            return &s->calls[i];
    return NULL;
}

/* Once more, with another branch. */
static void send_again(struct agent_saboteur *s, struct call *c, struct kept *k)
{
    static const char branch[] = ";branch=z9hG4bK";
    const size_t len = sizeof(branch) - 1;

    if (c->is_again)
        return;
    c->is_again = true;
    for (size_t i = 0; i + len < k->len; i++)
        if (memcmp(k->text + i, branch, len) == 0) {
            k->text[i + len] ^= 1;
            sim_outbox_put(&s->more, &(struct tnd_output){.kind = TND_OUT_SEND,
                                                          .to = k->to,
                                                          .bytes = {k->text, k->len}});
            return;
        }
}

static bool is_elsewhere(const struct call *c)
{
    return !tnd_slice_eq(uri_of(&c->first), uri_of(&c->last));
}

/* A final response to an INVITE came. */
static void refused(struct agent_saboteur *s, struct call *c, unsigned code)
{
    if (does(s, SIM_AGENT_SABOTAGE_CALLS_ON) && code >= 600)
        send_again(s, c, &c->last);
    if (does(s, SIM_AGENT_SABOTAGE_INSISTS) && code == 580 && has(&c->last, "qos mandatory"))
        send_again(s, c, &c->last);
    if (does(s, SIM_AGENT_SABOTAGE_GOES_BACK) && code < 600 && is_elsewhere(c))
        send_again(s, c, &c->first);
    if (does(s, SIM_AGENT_SABOTAGE_REQUIRES_AGAIN) && code < 600 && !is_elsewhere(c) &&
        has(&c->first, "\r\nRequire: foo") && !has(&c->last, "\r\nRequire: foo"))
        send_again(s, c, &c->first);
}

static void heard(struct agent_saboteur *s, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    struct tnd_contact contact;
    struct tnd_cseq cseq;
    struct call *c;

    if (msg->kind != TND_MSG_RESPONSE || msg->code < 300 || !tnd_msg_cseq(msg, &cseq, NULL) ||
        cseq.method != TND_METHOD_INVITE)
        return;
    if (msg->code / 100 == 3 && tnd_contact_next(&v, &contact) && !contact.star)
        copy(s->moved_to, URI_SIZE, contact.addr.uri.text);
    c = find(s, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    if (c && c->last.len > 0)
        refused(s, c, msg->code);
}

static void take_block(struct agent_saboteur *s)
{
    if (s->block_count < BLOCK_COUNT)
        s->blocks[s->block_count++] = sim_take(s->mem, BLOCK_SIZE);
}

/* recvonly in what comes is inactive. */
static int mishear(struct agent_saboteur *s, const struct tnd_input *in)
{
    static const char listens[] = "a=recvonly";
    const size_t len = sizeof(listens) - 1;
    struct tnd_input other = *in;
    struct tnd_arena a;
    struct tnd_msg msg;

    memcpy(s->misheard, in->msg->text.ptr, in->msg->text.len);
    for (size_t i = 0; i + len <= in->msg->text.len; i++)
        if (memcmp(s->misheard + i, listens, len) == 0)
            memcpy(s->misheard + i, "a=inactive", len);
    tnd_arena_init(&a, NULL, 0, s->mem, PARSE_SIZE);
    int err = tnd_msg_parse(&msg, &a, tnd_slice(s->misheard, in->msg->text.len), TND_DATAGRAM);
    TND_ASSERT(err == 0);
    other.msg = &msg;
    other.a = &a;
    err = s->inner.ops->feed(s->inner.self, s->now, &other);
    tnd_arena_fini(&a);
    return err;
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct agent_saboteur *s = self;
    const struct tnd_input nothing = {.kind = TND_IN_TICK};
    bool is_message = in->kind == TND_IN_MESSAGE;

    s->now = now;
    if (is_message)
        heard(s, in->msg);
    if (does(s, SIM_AGENT_SABOTAGE_GROWS) ||
        (does(s, SIM_AGENT_SABOTAGE_LEAKS) && s->block_count == 0))
        take_block(s);
    if (sleeps(s) && in->kind == TND_IN_TICK)
        return 0;
    if (is_message && does(s, SIM_AGENT_SABOTAGE_DEAF_TO_CANCEL) &&
        in->msg->kind == TND_MSG_REQUEST && in->msg->method == TND_METHOD_CANCEL)
        in = &nothing;
    if (is_message && does(s, SIM_AGENT_SABOTAGE_MISHEARS) && in->msg->text.len < TEXT_SIZE)
        return mishear(s, in);
    return s->inner.ops->feed(s->inner.self, now, in);
}

static void keep(struct kept *k, const struct tnd_output *out)
{
    memset(k->text, 0, sizeof(k->text));
    memcpy(k->text, out->bytes.ptr, out->bytes.len);
    k->len = out->bytes.len;
    k->to = out->to;
}

/* The same with the Request-URI of the last redirect. */
static void redirect(struct agent_saboteur *s, const struct kept *k, struct tnd_output *out)
{
    struct tnd_writer w = tnd_writer(s->spoiled, sizeof(s->spoiled));
    const char *rest = tnd_slice_end(uri_of(k));

    if (!s->moved_to[0])
        return;
    tnd_put_str(&w, "INVITE ");
    tnd_put_str(&w, s->moved_to);
    tnd_put(&w, tnd_slice_between(rest, k->text + k->len));
    if (!tnd_writer_over(&w))
        out->bytes = tnd_writer_slice(&w);
}

static void note_invite(struct agent_saboteur *s, const struct tnd_msg *msg, struct tnd_output *out)
{
    struct tnd_slice call_id = tnd_msg_value(msg, TND_HEADER_CALL_ID);
    struct call *c = find(s, call_id);
    struct tnd_addr to;
    struct tnd_slice tag;

    if (!tnd_msg_to(msg, &to, NULL) || tnd_param_find(to.params, TND_STR("tag"), &tag))
        return;
    if (!c && s->call_count < CALL_COUNT) {
        c = &s->calls[s->call_count++];
        copy(c->call_id, URI_SIZE, call_id);
        keep(&c->first, out);
        if (does(s, SIM_AGENT_SABOTAGE_LEARNS_ALL))
            redirect(s, &c->first, out);
    }
    if (c)
        keep(&c->last, out);
}

/* Another code of three digits in a response that begins so. */
static void recode(struct agent_saboteur *s, struct tnd_output *out, const char *from,
                   const char *to)
{
    const size_t len = strlen(from);

    if (out->bytes.len < len || memcmp(out->bytes.ptr, from, len) != 0)
        return;
    memcpy(s->spoiled, out->bytes.ptr, out->bytes.len);
    memcpy(s->spoiled, to, len);
    out->bytes.ptr = s->spoiled;
}

/* false: it does not leave at all. */
static bool spoil(struct agent_saboteur *s, struct tnd_output *out)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    if (out->kind != TND_OUT_SEND || out->bytes.len >= TEXT_SIZE)
        return true;
    if (does(s, SIM_AGENT_SABOTAGE_RINGS_EARLY))
        recode(s, out, "SIP/2.0 183", "SIP/2.0 180");
    if (does(s, SIM_AGENT_SABOTAGE_ONE_SIDED)) {
        recode(s, out, "SIP/2.0 481", "SIP/2.0 200");
        if (memcmp(out->bytes.ptr, "BYE ", 4) == 0)
            return false;
    }
    if (memcmp(out->bytes.ptr, "INVITE ", 7) != 0)
        return true;
    tnd_arena_init(&a, NULL, 0, s->mem, PARSE_SIZE);
    if (tnd_msg_parse(&msg, &a, out->bytes, TND_DATAGRAM) == 0)
        note_invite(s, &msg, out);
    tnd_arena_fini(&a);
    return true;
}

static bool take(void *self, struct tnd_output *ret)
{
    struct agent_saboteur *s = self;

    do
        if (!s->inner.ops->take(s->inner.self, ret))
            return sim_outbox_take(&s->more, ret);
    while (!spoil(s, ret));
    return true;
}

static tnd_time due(const void *self)
{
    const struct agent_saboteur *s = self;
    tnd_time of_inner = s->inner.ops->due(s->inner.self), soon = s->now + TND_SEC(1);

    if (sleeps(s))
        return TND_NEVER_DUE;
    return does(s, SIM_AGENT_SABOTAGE_WAKES) && soon < of_inner ? soon : of_inner;
}

static void end(void *self)
{
    struct agent_saboteur *s = self;
    const struct tnd_mem *mem = s->mem;

    s->inner.ops->free(s->inner.self);
    for (unsigned i = 0; i < s->block_count; i++)
        if (does(s, SIM_AGENT_SABOTAGE_LEAKS) && !s->setup->leaked)
            s->setup->leaked = s->blocks[i];
        else
            sim_give(mem, s->blocks[i], BLOCK_SIZE);
    sim_outbox_fini(&s->more);
    sim_give(mem, s, sizeof(*s));
}

static const struct sim_element_ops saboteur_ops = {feed, take, due, NULL, end};

int sim_agent_saboteur_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct sim_agent_saboteur_setup *setup = ctx;
    struct agent_saboteur *s = sim_take(life->mem, sizeof(*s));

    s->mem = life->mem;
    s->setup = setup;
    s->now = life->now;
    sim_outbox_init(&s->more, life->mem);
    int err = setup->inner.make(setup->inner.ctx, life, &s->inner);
    if (err != 0) {
        sim_outbox_fini(&s->more);
        sim_give(life->mem, s, sizeof(*s));
        return err;
    }
    *ret = (struct sim_element){&saboteur_ops, s};
    return 0;
}

void sim_agent_saboteur_mend(struct sim_agent_saboteur_setup *setup, const struct tnd_mem *mem)
{
    sim_give(mem, setup->leaked, BLOCK_SIZE);
    setup->leaked = NULL;
}
