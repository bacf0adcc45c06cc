/* A saboteur: what it does to the inputs, the outputs and the counters of another element. */
#include "sim/saboteur.h"

#include "base/assert.h"
#include "sim/outbox.h"
#include "sim/world.h"

enum { SPOILED_SIZE = 1 << 17, BLOCK_SIZE = 8192, BLOCK_COUNT = 256 };

struct saboteur {
    const struct tnd_mem *mem;
    struct sim_saboteur_setup *setup;
    struct sim_element inner;
    struct sim_outbox more; /* outputs of its own */
    struct tnd_node_stats stats;
    tnd_time now;
    uint64_t requests;
    unsigned mood, block_count;
    void *blocks[BLOCK_COUNT];
    char spoiled[SPOILED_SIZE];
    char heard[SPOILED_SIZE]; /* a message that came, changed */
    char asked[SPOILED_SIZE]; /* the INVITE that was sent last, asked_len bytes, to there */
    size_t asked_len;
    struct tnd_endpoint there;
    const struct tnd_store_op *op; /* swallowed, and to be answered with this token; NULL: none */
    uint64_t op_token;
    tnd_time born;
    unsigned life;
};

static const struct {
    const char *name;
    enum sim_law law;
} sabotages[] = {
#define SABOTAGE_ROW(id, law) {#id, SIM_LAW_##law},
    SIM_SABOTAGE_MAP(SABOTAGE_ROW)
#undef SABOTAGE_ROW
};

const char *sim_sabotage_name(enum sim_sabotage kind)
{
    return sabotages[kind].name;
}

enum sim_law sim_sabotage_law(enum sim_sabotage kind)
{
    return sabotages[kind].law;
}

static bool does(const struct saboteur *s, enum sim_sabotage kind)
{
    return s->setup->kind == kind && s->now >= s->setup->from;
}

static void take_block(struct saboteur *s)
{
    if (s->block_count < BLOCK_COUNT)
        s->blocks[s->block_count++] = sim_take(s->mem, BLOCK_SIZE);
}

static void answer(struct saboteur *s, const struct tnd_input *in)
{
    char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_reply_write(&w, in->msg,
                    &(struct tnd_reply){.code = 200, .to_tag = TND_STR("ack"), .rport = -1});
    if (!tnd_writer_over(&w))
        sim_outbox_put(&s->more, &(struct tnd_output){.kind = TND_OUT_SEND,
                                                      .flow = in->flow.id,
                                                      .to = in->flow.remote,
                                                      .bytes = tnd_writer_slice(&w)});
}

static bool has(struct tnd_slice text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, word, len) == 0)
            return true;
    return false;
}

/* A final response to an INVITE, of these codes. */
static bool is_final(const struct tnd_input *in, unsigned from, unsigned to)
{
    return in->kind == TND_IN_MESSAGE && in->msg->kind == TND_MSG_RESPONSE &&
           in->msg->code >= from && in->msg->code <= to && has(in->msg->text, " INVITE\r\n");
}

/* The same with another code. */
static int feed_other_code(struct saboteur *s, tnd_time now, const struct tnd_input *in)
{
    struct tnd_input other = *in;
    struct tnd_arena a;
    struct tnd_msg msg;

    TND_ASSERT(in->msg->text.len <= SPOILED_SIZE);
    memcpy(s->heard, in->msg->text.ptr, in->msg->text.len);
    memcpy(s->heard + 8, "486", 3);
    tnd_arena_init(&a, NULL, 0, s->mem, 1 << 20);
    int err = tnd_msg_parse(&msg, &a, tnd_slice(s->heard, in->msg->text.len), TND_DATAGRAM);
    TND_ASSERT(err == 0);
    other.msg = &msg;
    other.a = &a;
    err = s->inner.ops->feed(s->inner.self, now, &other);
    tnd_arena_fini(&a);
    return err;
}

/* The INVITE that this refuses, with another branch. */
static void ask_again(struct saboteur *s, const struct tnd_input *in)
{
    struct tnd_via via;

    if (!tnd_msg_via(in->msg, &via, NULL) || s->asked_len == 0)
        return;
    for (size_t i = 0; i + via.branch.len < s->asked_len; i++)
        if (memcmp(s->asked + i, via.branch.ptr, via.branch.len) == 0) {
            s->asked[i + via.branch.len - 1] ^= 1;
            sim_outbox_put(&s->more, &(struct tnd_output){.kind = TND_OUT_SEND,
                                                          .to = s->there,
                                                          .bytes = {s->asked, s->asked_len}});
            s->asked_len = 0;
        }
}

/* To the first phone, whoever asks. */
static void relay(struct saboteur *s, const struct tnd_input *in)
{
    static const uint8_t phone[4] = {198, 51, 100, 10};

    if (in->msg->kind == TND_MSG_REQUEST && has(in->msg->text, "Call-ID: stranger-"))
        sim_outbox_put(&s->more, &(struct tnd_output){
                                     .kind = TND_OUT_SEND,
                                     .to = tnd_endpoint(TND_TRANSPORT_UDP, phone, 4, SIM_PORT),
                                     .bytes = in->msg->text});
}

/* What was swallowed is said to be kept. */
static void answer_op(struct saboteur *s, tnd_time now)
{
    const struct tnd_binding_change *change = s->op->change;
    bool adds = change->count > 0 && change->contacts[0].until > now / TND_SEC(1);
    const struct tnd_store_answer kept = {
        .result = TND_STORE_OK,
        .entry = {.bindings = change->contacts, .binding_count = adds ? change->count : 0}};

    s->op = NULL;
    s->inner.ops->feed(
        s->inner.self, now,
        &(struct tnd_input){.kind = TND_IN_STORED, .token = s->op_token, .stored = &kept});
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct saboteur *s = self;
    bool message = in->kind == TND_IN_MESSAGE;

    s->now = now;
    if (s->op)
        answer_op(s, now);
    if (message && does(s, SIM_SABOTAGE_RELAYS))
        relay(s, in);
    if (does(s, SIM_SABOTAGE_ASKS_AGAIN) && is_final(in, 400, 486))
        ask_again(s, in);
    if (does(s, SIM_SABOTAGE_HEARS_BUSY) && is_final(in, 600, 699))
        return feed_other_code(s, now, in);
    if (does(s, SIM_SABOTAGE_DROPS_STRAYS) && s->life > 0 && now < s->born + TND_SEC(80) &&
        is_final(in, 200, 699))
        return 0;
    if (message && in->msg->kind == TND_MSG_REQUEST && in->msg->method != TND_METHOD_ACK)
        s->requests++;
    if (message && in->msg->method == TND_METHOD_ACK && does(s, SIM_SABOTAGE_ANSWERS_ACKS))
        answer(s, in);
    if (does(s, SIM_SABOTAGE_GROWS) || (does(s, SIM_SABOTAGE_LEAKS) && s->block_count == 0))
        take_block(s);
    if (message && does(s, SIM_SABOTAGE_REFUSES))
        return TND_ESTATE;
    if (message && does(s, SIM_SABOTAGE_DEAF))
        return s->inner.ops->feed(s->inner.self, now, &(struct tnd_input){.kind = TND_IN_TICK});
    return s->inner.ops->feed(s->inner.self, now, in);
}

static bool is_response(const struct tnd_output *out)
{
    return out->kind == TND_OUT_SEND && out->bytes.len > 12 &&
           memcmp(out->bytes.ptr, "SIP/2.0 ", 8) == 0;
}

static char *code_of(struct saboteur *s)
{
    return s->spoiled + 8;
}

/* A copy of the bytes, to be spoiled. */
static void copy(struct saboteur *s, struct tnd_output *out)
{
    TND_ASSERT(out->bytes.len <= SPOILED_SIZE);
    memcpy(s->spoiled, out->bytes.ptr, out->bytes.len);
    out->bytes.ptr = s->spoiled;
}

static void other_call_id(struct saboteur *s, struct tnd_output *out)
{
    static const char name[] = "\r\nCall-ID: ";

    for (size_t i = 0; i + sizeof(name) < out->bytes.len; i++)
        if (memcmp(s->spoiled + i, name, sizeof(name) - 1) == 0)
            s->spoiled[i + sizeof(name) - 1] ^= 1;
}

static void spoil_response(struct saboteur *s, struct tnd_output *out)
{
    static const uint8_t victim[4] = {192, 0, 2, 222};
    char class = out->bytes.ptr[8];

    if (does(s, SIM_SABOTAGE_SECOND_FINAL) && class >= '2') {
        struct tnd_output second = *out;
        copy(s, &second);
        memcpy(code_of(s), class == '2' ? "500" : "200", 3);
        sim_outbox_put(&s->more, &second);
    }
    if (does(s, SIM_SABOTAGE_LATE_OK) && class >= '3' && has(out->bytes, " INVITE\r\n") &&
        has(out->bytes, ";tag=phone-")) { /* it was passed back, so it is of a transaction */
        struct tnd_output second = *out;
        copy(s, &second);
        memcpy(code_of(s), "200", 3);
        sim_outbox_put(&s->more, &second);
    }
    if (does(s, SIM_SABOTAGE_OTHER_CALL_ID)) {
        copy(s, out);
        other_call_id(s, out);
    }
    if (does(s, SIM_SABOTAGE_ELSEWHERE)) {
        out->to = tnd_endpoint(TND_TRANSPORT_UDP, victim, sizeof(victim), SIM_PORT);
        out->flow = 0;
    }
    if (does(s, SIM_SABOTAGE_OTHER_CODE) && class >= '2') {
        copy(s, out);
        memcpy(code_of(s), "488", 3);
    }
    if (does(s, SIM_SABOTAGE_MOODY) && s->mood % 2) {
        copy(s, out);
        memcpy(code_of(s) + 4, "?", 1);
    }
}

static void spoil(struct saboteur *s, struct tnd_output *out)
{
    if (!is_response(out))
        return;
    spoil_response(s, out);
    if (does(s, SIM_SABOTAGE_BABBLES))
        out->bytes.len /= 2;
    if (does(s, SIM_SABOTAGE_ASKS)) {
        struct tnd_output own = *out;
        own.bytes =
            TND_STR("OPTIONS sip:you SIP/2.0\r\nVia: SIP/2.0/UDP me;branch=z9hG4bK1\r\n\r\n");
        sim_outbox_put(&s->more, &own);
    }
}

static bool begins_with(const struct tnd_output *out, const char *word)
{
    return out->kind == TND_OUT_SEND && out->bytes.len > strlen(word) &&
           memcmp(out->bytes.ptr, word, strlen(word)) == 0;
}

static void note_asked(struct saboteur *s, const struct tnd_output *out)
{
    if (!begins_with(out, "INVITE ") || out->bytes.len > SPOILED_SIZE ||
        out->to.transport != TND_TRANSPORT_UDP)
        return;
    memcpy(s->asked, out->bytes.ptr, out->bytes.len);
    s->asked_len = out->bytes.len;
    s->there = out->to;
}

/* What does not leave at all. */
static bool swallows(struct saboteur *s, const struct tnd_output *out)
{
    if (does(s, SIM_SABOTAGE_KEEPS_BYES) && begins_with(out, "BYE "))
        return true;
    if (!does(s, SIM_SABOTAGE_STORES_NOTHING) || out->kind != TND_OUT_STORE || s->op ||
        out->store->kind != TND_STORE_CHANGE)
        return false;
    s->op = out->store;
    s->op_token = out->token;
    return true;
}

static bool take(void *self, struct tnd_output *ret)
{
    struct saboteur *s = self;

    do
        if (!s->inner.ops->take(s->inner.self, ret))
            return sim_outbox_take(&s->more, ret);
    while (swallows(s, ret));
    note_asked(s, ret);
    spoil(s, ret);
    return true;
}

static tnd_time due(const void *self)
{
    const struct saboteur *s = self;

    return does(s, SIM_SABOTAGE_RESTLESS) || s->op ? s->now : s->inner.ops->due(s->inner.self);
}

static const struct tnd_node_stats *stats(const void *self)
{
    /* asking changes nothing that anybody sees */
    struct saboteur *s = (struct saboteur *)self;
    const struct tnd_node_stats *inner = s->inner.ops->stats(s->inner.self);

    s->stats = *inner;
    if (does(s, SIM_SABOTAGE_SERVES_AGAIN))
        s->stats.served = s->requests;
    if (does(s, SIM_SABOTAGE_KEEPS))
        s->stats.transactions++;
    return &s->stats;
}

static void end(void *self)
{
    struct saboteur *s = self;
    const struct tnd_mem *mem = s->mem;

    s->inner.ops->free(s->inner.self);
    for (unsigned i = 0; i < s->block_count; i++)
        if (s->setup->kind == SIM_SABOTAGE_LEAKS && s->setup->leak_count < SIM_LEAK_MAX)
            s->setup->leaks[s->setup->leak_count++] = s->blocks[i];
        else
            sim_give(mem, s->blocks[i], BLOCK_SIZE);
    sim_outbox_fini(&s->more);
    sim_give(mem, s, sizeof(*s));
}

static const struct sim_element_ops saboteur_ops = {feed, take, due, stats, end};

int sim_saboteur_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    static unsigned moods; /* what an element must not have: state that outlives it */
    struct sim_saboteur_setup *setup = ctx;
    struct saboteur *s = sim_take(life->mem, sizeof(*s));

    s->mem = life->mem;
    s->setup = setup;
    s->now = s->born = life->now;
    s->life = life->number;
    s->mood = moods++;
    sim_outbox_init(&s->more, life->mem);
    int err = setup->inner.make(setup->inner.ctx, life, &s->inner);
    if (err != 0) {
        sim_give(life->mem, s, sizeof(*s));
        return err;
    }
    *ret = (struct sim_element){&saboteur_ops, s};
    return 0;
}

void sim_saboteur_mend(struct sim_saboteur_setup *setup, const struct tnd_mem *mem)
{
    while (setup->leak_count > 0)
        sim_give(mem, setup->leaks[--setup->leak_count], BLOCK_SIZE);
}
