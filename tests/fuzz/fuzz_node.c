/* A node in a simulated world (src/sim), with two peers whose messages, their times, and the
 * faults between them are read from the input. The checkers of the simulator are the oracle:
 * whatever comes, no law of sim/check.h is broken.
 *
 * The first byte is the seed of the world. Then come steps: what, how long after the step
 * before, and what it needs. In what, the bits of OVER_TCP and OTHER_PEER say how and who:
 *
 *   REQUEST  method, user, identity, oddities    a request made of these four bytes
 *   RAW      length, bytes                       those bytes
 *   FAULTS   bits                                from now on
 *   CRASH                                        of the node, for half a second
 *   CLOSE                                        of the peer's connection
 *
 * If the highest bit of the seed is set, the node has users, one of the peers is trusted, and there is
 * one more step:
 *
 *   RESPOND  code                                to the request that the peer was sent last */
#include "fuzz/fuzz.h"

#include "sim/check.h"
#include "sim/outbox.h"
#include "sim/store.h"

enum {
    STEP_MAX = 64,
    TEXT_SIZE = 4096,
    TAG_SIZE = 64,
    OVER_TCP = 0x40,
    OTHER_PEER = 0x80,
    RINGS_MAX = 8, /* bindings, a forward and redirects */
};

enum kind {
    REQUEST,
    RAW,
    FAULTS,
    CRASH,
    CLOSE,
    KIND_COUNT_OF_LAB,
    RESPOND = KIND_COUNT_OF_LAB,
    KIND_COUNT
};

struct step {
    tnd_time at;
    uint8_t what;
    const uint8_t *bytes;
    size_t len;
};

struct script {
    unsigned count;
    struct step steps[STEP_MAX];
    tnd_time end;
};

/* A peer: it does its steps, and knows the last tag that it was given. */
struct peer {
    const struct script *script;
    unsigned number, next;
    char tag[TAG_SIZE];
    size_t tag_len;
    char asked[TEXT_SIZE]; /* the request that it was sent last, asked_len bytes, over flow */
    size_t asked_len;
    struct tnd_flow flow;
    struct sim_outbox outbox;
};

static const uint8_t *data, *data_end;
static bool has_users;

static uint8_t take_byte(void)
{
    return data < data_end ? *data++ : 0;
}

static enum kind kind_of(const struct step *step)
{
    return (enum kind)(step->what % 0x40 % (has_users ? KIND_COUNT : KIND_COUNT_OF_LAB));
}

static void read_step(struct script *s)
{
    static const size_t lens[KIND_COUNT] = {[REQUEST] = 4, [FAULTS] = 1, [RESPOND] = 1};
    struct step *step = &s->steps[s->count++];

    step->what = take_byte();
    uint8_t wait = take_byte();
    s->end += TND_MS(wait) * wait; /* up to 65 s */
    step->at = s->end;
    step->len = lens[kind_of(step)];
    if (kind_of(step) == RAW)
        step->len = take_byte();
    if (step->len > (size_t)(data_end - data))
        step->len = (size_t)(data_end - data);
    step->bytes = data;
    data += step->len;
}

static bool is_of(const struct peer *p, const struct step *step)
{
    return kind_of(step) != FAULTS && kind_of(step) != CRASH &&
           (step->what & OTHER_PEER) == (p->number ? OTHER_PEER : 0);
}

static uint8_t byte_of(const struct step *step, unsigned i)
{
    return i < step->len ? step->bytes[i] : 0;
}

/* Three branches, or none as in RFC 2543. */
static void put_via(struct tnd_writer *w, const struct peer *p, const struct step *step)
{
    static const char *const branches[] = {";branch=z9hG4bKone", ";branch=z9hG4bKtwo",
                                           ";branch=z9hG4bKthree", ""};
    uint8_t odd = byte_of(step, 3);

    tnd_put_str(w, step->what & OVER_TCP ? "Via: SIP/2.0/TCP " : "Via: SIP/2.0/UDP ");
    tnd_put_str(w, odd & 4 ? "peer0.sim.example" : p->number ? "198.51.100.11" : "198.51.100.10");
    tnd_put_str(w, branches[byte_of(step, 2) & 3]);
    tnd_put_str(w, odd & 8 ? ";rport" : "");
    tnd_put_str(w, odd & 16 ? ";maddr=198.51.100.11\r\n" : "\r\n");
}

/* A binding, or the other side of a dialog; and whom the request is for. */
static void put_users(struct tnd_writer *w, const struct peer *p, const struct step *step)
{
    static const char *const expires[] = {"", "", "Expires: 0\r\n", "Expires: 60\r\n"};

    tnd_put_str(w, p->number ? "Contact: <sip:u1@198.51.100.11" : "Contact: <sip:u0@198.51.100.10");
    tnd_put_str(w, step->what & OVER_TCP ? ";transport=tcp>\r\n" : ">\r\n");
    tnd_put_str(w, expires[byte_of(step, 3) >> 6]);
}

static void put_request(struct tnd_writer *w, const struct peer *p, const struct step *step)
{
    static const char *const methods[] = {"INVITE",  "ACK",    "CANCEL", "BYE",  "OPTIONS",
                                          "MESSAGE", "UPDATE", "PRACK",  "INFO", "FOO"};
    static const char *const users[] = {"lab-200@", "lab-486@", "lab-180@", "lab-481@", "lab-302@",
                                        "lab-420@", "lab-580@", "lab-600@", "lab-408@", "nobody@",
                                        "",         "lab-503@", "lab-200@"};
    static const char *const params[] = {"", ";ring=2", ";delay=1", ";ring=1;delay=100"};
    uint8_t user = byte_of(step, 1), identity = byte_of(step, 2), odd = byte_of(step, 3);
    const char *method = methods[byte_of(step, 0) % 10];
    const char *callee = users[user % 13];

    if (has_users && user & 32)
        callee = user & 1 ? "u1@" : "u0@";
    if (has_users && byte_of(step, 0) & 0x80)
        method = "REGISTER";

    tnd_put_str(w, method);
    tnd_put_str(w, " sip:");
    tnd_put_str(w, callee);
    tnd_put_str(w, has_users && odd & 32 ? "198.51.100.11" : "192.0.2.1");
    tnd_put_str(w, params[user >> 6]);
    tnd_put_str(w, " SIP/2.0\r\n");
    put_via(w, p, step);
    tnd_put_str(w, odd & 1 ? "Require: foo\r\nMax-Forwards: 0\r\n" : "Max-Forwards: 70\r\n");
    tnd_put_str(w, identity & 4 ? "From: <sip:a@a>;tag=x\r\n" : "From: <sip:a@a>;tag=y\r\n");
    tnd_put_str(w, "To: <sip:");
    tnd_put_str(w, has_users ? callee : "b@");
    tnd_put_str(w, has_users ? "192.0.2.1>" : "b>");
    if (identity & 16) {
        tnd_put_str(w, ";tag=");
        tnd_put(w, identity & 32 || p->tag_len == 0 ? TND_STR("strange")
                                                    : tnd_slice(p->tag, p->tag_len));
    }
    tnd_put_str(w, identity & 8 ? "\r\nCall-ID: one\r\nCSeq: " : "\r\nCall-ID: two\r\nCSeq: ");
    tnd_put_number(w, 1u + (identity >> 6));
    tnd_put_str(w, " ");
    tnd_put_str(w, method);
    if (has_users) {
        tnd_put_str(w, "\r\n");
        put_users(w, p, step);
    }
    tnd_put_str(w, has_users ? "" : "\r\n");
    tnd_put_str(w, odd & 2 ? "Content-Length: 7\r\n\r\n" : "Content-Length: 0\r\n\r\n");
}

static void respond(struct peer *p, const struct step *step)
{
    static const uint16_t codes[] = {100, 180, 183, 200, 202, 302, 404,
                                     480, 486, 487, 503, 600, 603};
    static const char *const contacts[] = {
        "Contact: <sip:u1@192.0.2.1>\r\n",
        "Contact: <sip:u0@192.0.2.1>, <sip:lab-200@192.0.2.1>\r\n",
        "Contact: <sip:u0@198.51.100.10>\r\n", ""};
    static _Alignas(TND_ARENA_ALIGN) char room[1 << 16];
    char text[2 * TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_arena a;
    struct tnd_msg msg;
    uint8_t byte = byte_of(step, 0);

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (p->asked_len == 0 ||
        tnd_msg_parse(&msg, &a, tnd_slice(p->asked, p->asked_len), TND_DATAGRAM) != 0)
        return;
    tnd_reply_write(&w, &msg,
                    &(struct tnd_reply){.code = codes[(byte & 0x3f) % 13],
                                        .to_tag = p->number ? TND_STR("one") : TND_STR("nought"),
                                        .rport = -1,
                                        .fields = tnd_slice_str(contacts[byte >> 6])});
    if (!tnd_writer_over(&w))
        sim_outbox_put(&p->outbox, &(struct tnd_output){.kind = TND_OUT_SEND,
                                                        .flow = p->flow.id,
                                                        .to = p->flow.remote,
                                                        .bytes = tnd_writer_slice(&w)});
}

static void do_step(struct peer *p, const struct step *step)
{
    if (kind_of(step) == RESPOND) {
        respond(p, step);
        return;
    }
    static const uint8_t node[4] = {192, 0, 2, 1};
    char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_output out = {.kind = TND_OUT_SEND};

    out.to = tnd_endpoint(step->what & OVER_TCP ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP, node, 4,
                          SIM_PORT);
    if (kind_of(step) == REQUEST)
        put_request(&w, p, step);
    else if (kind_of(step) == RAW)
        tnd_put(&w, tnd_slice((const char *)step->bytes, step->len));
    else
        out.kind = TND_OUT_CLOSE;
    out.bytes = tnd_writer_slice(&w);
    sim_outbox_put(&p->outbox, &out);
}

static unsigned next_of(const struct peer *p)
{
    unsigned next = p->next;

    while (next < p->script->count && !is_of(p, &p->script->steps[next]))
        next++;
    return next;
}

static void learn_tag(struct peer *p, const struct tnd_msg *msg)
{
    struct tnd_addr to;

    if (msg->kind != TND_MSG_RESPONSE || !tnd_msg_to(msg, &to, NULL) || !to.tag.ptr ||
        to.tag.len > sizeof(p->tag))
        return;
    memcpy(p->tag, to.tag.ptr, to.tag.len);
    p->tag_len = to.tag.len;
}

static void learn_request(struct peer *p, const struct tnd_input *in)
{
    if (in->msg->kind != TND_MSG_REQUEST || in->msg->method == TND_METHOD_ACK ||
        in->msg->text.len > sizeof(p->asked))
        return;
    memcpy(p->asked, in->msg->text.ptr, in->msg->text.len);
    p->asked_len = in->msg->text.len;
    p->flow = in->flow;
}

static int peer_feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct peer *p = self;

    for (unsigned i = next_of(p); i < p->script->count && p->script->steps[i].at <= now;
         i = next_of(p)) {
        p->next = i + 1;
        do_step(p, &p->script->steps[i]);
    }
    if (in->kind == TND_IN_MESSAGE) {
        learn_tag(p, in->msg);
        learn_request(p, in);
    }
    return 0;
}

static bool peer_take(void *self, struct tnd_output *ret)
{
    return sim_outbox_take(&((struct peer *)self)->outbox, ret);
}

static tnd_time peer_due(const void *self)
{
    const struct peer *p = self;
    unsigned next = next_of(p);

    return next < p->script->count ? p->script->steps[next].at : TND_NEVER_DUE;
}

static void peer_end(void *self)
{
    sim_outbox_fini(&((struct peer *)self)->outbox);
}

static const struct sim_element_ops peer_ops = {peer_feed, peer_take, peer_due, NULL, peer_end};

static int peer_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct peer *p = ctx;

    sim_outbox_init(&p->outbox, life->mem);
    *ret = (struct sim_element){&peer_ops, p};
    return 0;
}

static void *mem_take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void mem_give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

static struct sim_faults faults_of(uint8_t bits)
{
    return (struct sim_faults){
        .delay_min = TND_MS(1),
        .delay_max = bits & 1 ? TND_MS(900) : TND_MS(10),
        .lost_of_1000 = bits & 2 ? 300 : 0,
        .doubled_of_1000 = bits & 4 ? 400 : 0,
        .reordered_of_1000 = bits & 8 ? 400 : 0,
        .reorder_max = TND_SEC(2),
        .broken_of_1000 = bits & 16 ? 300 : 0,
        .bounced_of_1000 = bits & 32 ? 900 : 0,
        .dns_failed_of_1000 = bits & 64 ? 500 : 0,
        .batched_of_1000 = bits & 128 ? 600 : 0,
        .pieces = bits & 16,
    };
}

/* Faults and crashes at their times; then calm, until everything must be over. */
static void play(struct sim_world *w, const struct script *s)
{
    struct sim_faults faults = faults_of(0);

    for (unsigned i = 0; i < s->count; i++) {
        const struct step *step = &s->steps[i];

        if (kind_of(step) != FAULTS && kind_of(step) != CRASH)
            continue;
        sim_world_run(w, step->at);
        if (kind_of(step) == CRASH) {
            sim_world_crash(w, 0, step->at, step->at + TND_MS(500));
            continue;
        }
        faults = faults_of(byte_of(step, 0));
        sim_world_faults(w, &faults);
    }
    sim_world_run(w, s->end + TND_SEC(1));
    faults = faults_of(0);
    sim_world_faults(w, &faults);
    /* one after the other, each target may ring until timer C */
    sim_world_run(w, s->end + TND_SEC(60) + (has_users ? RINGS_MAX : 1) * SIM_REST);
}

static void provision(struct sim_world *w)
{
    const struct tnd_user user = {.realm = TND_STR("sim")};
    const struct tnd_forward forward = {
        .uri = TND_STR("sip:u1@192.0.2.1"), .when = TND_FORWARD_BUSY, .mode = TND_FORWARD_PROXY};

    sim_store_put(w, TND_STR("u0@node0.sim.example"), &user, &forward, 1);
    sim_store_put(w, TND_STR("u1@node0.sim.example"), &user, NULL, 0);
}

static struct sim_node_users users_of(uint8_t seed)
{
    static const uint8_t peer[4] = {198, 51, 100, 10};

    return (struct sim_node_users){
        .trusted = {tnd_endpoint(TND_TRANSPORT_NONE, peer, 4, 0), 32},
        .serial = seed & 1,
        .redirects = (seed & 6) == 6,
        .record_route = seed & 8,
        .recurse = (uint8_t)((seed >> 4) % 3),
        .max_redirects = 3,
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct tnd_mem mem = {mem_take, mem_give, NULL};
    static const uint8_t addresses[3][4] = {{192, 0, 2, 1}, {198, 51, 100, 10}, {198, 51, 100, 11}};
    static struct sim_check check;
    struct sim_node_setup setup = {.transactions_max = 1000};
    struct script script = {.count = 0};
    struct peer peers[2] = {{.script = &script}, {.script = &script, .number = 1}};
    const struct sim_kind node_kind = {sim_node_make, &setup, true},
                          peer_kinds[2] = {{peer_make, &peers[0], false},
                                           {peer_make, &peers[1], false}};

    data = bytes;
    data_end = bytes + size;
    uint8_t seed = take_byte();
    const struct sim_node_users users = users_of(seed);
    struct sim_world *w = sim_world_new(&mem, seed);

    has_users = seed & 0x80;
    setup.users = has_users ? &users : NULL;
    if (has_users)
        provision(w);
    while (data < data_end && script.count < STEP_MAX)
        read_step(&script);
    const struct sim_faults faults = faults_of(0);
    sim_check_init(&check, w, &mem);
    check.has_users = has_users;
    sim_world_watch(w, sim_check_watcher(&check));
    sim_world_faults(w, &faults);
    sim_host_add(w, "node0", tnd_endpoint(TND_TRANSPORT_NONE, addresses[0], 4, 0), NULL,
                 &node_kind);
    for (unsigned i = 0; i < 2; i++)
        sim_host_add(w, i ? "peer1" : "peer0",
                     tnd_endpoint(TND_TRANSPORT_NONE, addresses[1 + i], 4, 0), NULL,
                     &peer_kinds[i]);
    play(w, &script);
    sim_check_rest(&check);
    sim_world_free(&w);
    sim_check_fini(&check);
    if (check.violation.law != SIM_LAW_NONE)
        fprintf(stderr, "%.*s", (int)check.violation.len, check.violation.text);
    FUZZ_CHECK(check.violation.law == SIM_LAW_NONE);
    return 0;
}
