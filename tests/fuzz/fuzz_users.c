/* A node that has users, its store, the DNS and the phones around it, who do whatever the input says. The
 * input is steps, each a byte that says which and bytes that say how:
 *
 *   REQUEST   method, target, identity, oddities   a request comes
 *   RESPONSE  which, code, oddities                to a request that the node has sent
 *   STORED    how                                  the store answers the oldest question
 *   RESOLVED  how many                             so does the DNS
 *   FAILED    which                                what was sent could not be delivered
 *   WAIT      how long
 *   RETURN    which                                what the node has sent comes back to it
 *   SETTLE                                         all that was asked is answered
 *
 * What must hold: all that is sent is a SIP message; when nobody does anything any more nothing is left,
 * and all memory is given back. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tandem/node.h"

enum { STEP_MAX = 100, SENT_COUNT = 32, ASKED_COUNT = 512, TEXT_SIZE = 4096, NAME_SIZE = 256 };
enum kind { REQUEST, RESPONSE, STORED, RESOLVED, FAILED, WAIT, RETURN, SETTLE, KIND_COUNT };

struct sent {
    struct tnd_endpoint to;
    uint64_t token;
    size_t len;
    char text[TEXT_SIZE];
};

/* A question to the store or the DNS. */
struct asked {
    uint64_t token;
    uint8_t kind, user;
    size_t len;
    char name[NAME_SIZE];
};

struct queue {
    struct asked asked[ASKED_COUNT];
    size_t first, count;
};

static struct {
    struct tnd_node *node;
    struct tnd_node_config config;
    tnd_time now;
    struct sent sent[SENT_COUNT];
    size_t sent_count;
    struct queue store, dns;
    char route[TEXT_SIZE]; /* the Record-Route that was seen last */
    size_t live;
} f;

static const uint8_t *data, *data_end;

static uint8_t take_byte(void)
{
    return data < data_end ? *data++ : 0;
}

static void *mem_take(void *ctx, size_t size)
{
    (void)ctx;
    f.live++;
    return malloc(size);
}

static void mem_give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    f.live--;
    free(ptr);
}

/* The users, by the first letter of their names. */
#define URI(text)                                              \
    {                                                          \
        .uri = TND_STR_INIT(text), .until = INT64_MAX, .q = -1 \
    }
static const struct tnd_binding bob[] = {URI("sip:bob@192.0.2.11"),
                                         URI("sip:bob@192.0.2.12;transport=tcp")};
static const struct tnd_binding dave[] = {URI("sip:dave@pbx.example.net"),
                                          URI("sip:dave@192.0.2.13")};
static const struct tnd_binding eve[] = {{.uri = TND_STR_INIT("sip:eve@10.0.0.1"),
                                          .path = TND_STR_INIT("<sip:edge.example.net;lr>"),
                                          .until = INT64_MAX,
                                          .q = 500},
                                         {.uri = TND_STR_INIT("sip:eve@10.0.0.1"),
                                          .until = INT64_MAX,
                                          .q = 700,
                                          .source = {.family = TND_FAMILY_IPV4,
                                                     .transport = TND_TRANSPORT_UDP,
                                                     .octets = {192, 0, 2, 14},
                                                     .port = 5062}},
                                         URI("sips:eve@192.0.2.15")};
static const struct tnd_forward to_bob = {.uri = TND_STR_INIT("sip:bob@example.com"),
                                          .mode = TND_FORWARD_PROXY};
static const struct tnd_forward when_busy = {.uri = TND_STR_INIT("sip:bob@example.com"),
                                             .when = TND_FORWARD_BUSY,
                                             .mode = TND_FORWARD_PROXY};
static const struct tnd_forward when_late = {
    .uri = TND_STR_INIT("sip:eve@hotel.example"), .when = TND_FORWARD_NO_ANSWER, .after = 20};
static const struct tnd_user user = {.realm = TND_STR_INIT("example.com")};

static struct tnd_entry entry_of(uint8_t letter)
{
    switch (letter) {
    case 'b':
        return (struct tnd_entry){.bindings = bob, .binding_count = 2};
    case 'c':
        return (struct tnd_entry){.forwards = &to_bob, .forward_count = 1};
    case 'd':
        return (struct tnd_entry){
            .bindings = dave, .binding_count = 2, .forwards = &when_busy, .forward_count = 1};
    case 'e':
        return (struct tnd_entry){
            .bindings = eve, .binding_count = 3, .forwards = &when_late, .forward_count = 1};
    default:
        return (struct tnd_entry){.user = letter == 'f' ? &user : NULL};
    }
}

static void put_asked(struct queue *q, uint64_t token, uint8_t kind, struct tnd_slice name)
{
    FUZZ_CHECK(q->count < ASKED_COUNT);
    struct asked *asked = &q->asked[(q->first + q->count++) % ASKED_COUNT];

    *asked =
        (struct asked){.token = token, .kind = kind, .user = name.len ? (uint8_t)*name.ptr : 0};
    asked->len = name.len < NAME_SIZE ? name.len : NAME_SIZE;
    memcpy(asked->name, name.ptr, asked->len);
}

static void note_request(const struct tnd_output *out)
{
    struct sent *sent = &f.sent[f.sent_count % SENT_COUNT];

    if (out->bytes.len >= TEXT_SIZE)
        return;
    f.sent_count++;
    *sent = (struct sent){.to = out->to, .token = out->token, .len = out->bytes.len};
    memcpy(sent->text, out->bytes.ptr, out->bytes.len);
    const char *rr = strstr(sent->text, "\r\nRecord-Route: ");
    if (rr)
        snprintf(f.route, sizeof(f.route), "%.*s", (int)strcspn(rr + 16, "\r\n"), rr + 16);
}

/* All that is sent can be read. */
static void check_sent(struct tnd_slice bytes)
{
    static char room[262144];
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse(&msg, &a, bytes, TND_DATAGRAM) == 0);
    FUZZ_CHECK(msg.kind == TND_MSG_REQUEST || msg.kind == TND_MSG_RESPONSE);
}

static void take_all(void)
{
    struct tnd_output out;

    while (tnd_node_take(f.node, &out)) {
        if (out.kind == TND_OUT_STORE)
            put_asked(&f.store, out.token, out.store->kind, out.store->aor);
        else if (out.kind == TND_OUT_RESOLVE)
            put_asked(&f.dns, out.token, out.lookup.kind, out.lookup.name);
        else if (out.kind == TND_OUT_SEND)
            check_sent(out.bytes);
        if (out.kind == TND_OUT_SEND && memcmp(out.bytes.ptr, "SIP/2.0", 7) != 0)
            note_request(&out);
    }
}

static void feed(const struct tnd_input *in)
{
    FUZZ_CHECK(tnd_node_feed(f.node, f.now, in) == 0);
    take_all();
}

static struct tnd_flow flow_from(const struct tnd_endpoint *remote)
{
    static const uint8_t ours[4] = {192, 0, 2, 1};
    uint8_t transport = remote->transport;

    return (struct tnd_flow){.id = transport == TND_TRANSPORT_UDP ? 1 : 100u + remote->octets[3],
                             .local = tnd_endpoint((enum tnd_transport)transport, ours, 4, 5060),
                             .remote = *remote};
}

static void feed_message(struct tnd_slice bytes, const struct tnd_endpoint *from)
{
    static char room[262144];
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (tnd_msg_parse_datagram(&msg, &a, bytes) == 0)
        feed(&(struct tnd_input){
            .kind = TND_IN_MESSAGE, .flow = flow_from(from), .msg = &msg, .a = &a});
}

static void put_odd_lines(struct tnd_writer *w, uint8_t odd)
{
    if (odd & 1 && *f.route) {
        tnd_put_str(w, "Route: ");
        tnd_put_str(w, f.route);
        tnd_put_str(w, "\r\n");
    }
    if (odd & 2)
        tnd_put_str(w, "Route: <sip:edge.example.net;lr>\r\n");
    if (odd & 4)
        tnd_put_str(w, "Route: <sip:192.0.2.60>\r\n");
    if (odd & 8)
        tnd_put_str(w, "Max-Breadth: 2\r\nSupported: histinfo, path\r\n");
    tnd_put_str(w, odd & 16 ? "Max-Forwards: 1\r\n" : "Max-Forwards: 70\r\n");
    if (odd & 32)
        tnd_put_str(w, "Contact: <sip:me@192.0.2.90>\r\n");
    if (odd & 64) {
        tnd_put_str(w, "Subject: ");
        for (int i = 0; i < 130; i++)
            tnd_put_str(w, "0123456789");
        tnd_put_str(w, "\r\n");
    }
}

static void do_request(void)
{
    static const char *const methods[] = {"INVITE",  "INVITE",   "ACK",       "CANCEL",  "BYE",
                                          "MESSAGE", "REGISTER", "SUBSCRIBE", "OPTIONS", "INVITE"};
    static const char *const targets[] = {
        "sip:bob@example.com",    "sip:carol@example.com", "sip:dave@example.com",
        "sip:eve@example.com",    "sip:fay@example.com",   "sip:nobody@example.com",
        "sip:x@203.0.113.9",      "sip:x@far.example.net", "tel:+4930123",
        "sip:lab-fork@192.0.2.1", "sip:lab-600@192.0.2.1", "sip:lab-302@192.0.2.1",
        "sip:example.com",        "sip:bob@192.0.2.11",    "sip:bob@192.0.2.1;lr",
        "sips:bob@example.com"};
    static const uint8_t peer[4] = {198, 51, 100, 7};
    uint8_t method = take_byte() % 10, target = take_byte(), identity = take_byte(),
            odd = take_byte();
    struct tnd_endpoint from =
        tnd_endpoint(identity & 64 ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP, peer, 4, 5062);
    char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_str(&w, methods[method]);
    tnd_put_char(&w, ' ');
    tnd_put_str(&w, targets[target % 16]);
    tnd_put_str(&w, " SIP/2.0\r\nVia: SIP/2.0/");
    tnd_put_str(&w, identity & 64 ? "TCP" : "UDP");
    tnd_put_str(&w, " 198.51.100.7:5062;branch=z9hG4bK");
    tnd_put_number(&w, identity & 3);
    tnd_put_str(&w, target & 64 ? ";rport\r\nFrom: <sip:bob@example.com>;tag=1\r\nTo: <"
                                : "\r\nFrom: <sip:a@a>;tag=1\r\nTo: <");
    tnd_put_str(&w, targets[target % 16]);
    tnd_put_str(&w, identity & 16 ? ">;tag=phone\r\nCall-ID: " : ">\r\nCall-ID: ");
    tnd_put_number(&w, identity >> 2 & 1);
    tnd_put_str(&w, "\r\nCSeq: ");
    tnd_put_number(&w, 1u + (identity >> 3 & 1));
    tnd_put_char(&w, ' ');
    tnd_put_str(&w, methods[method]);
    tnd_put_str(&w, "\r\n");
    put_odd_lines(&w, odd);
    tnd_put_str(&w, "Content-Length: 0\r\n\r\n");
    feed_message(tnd_writer_slice(&w), &from);
}

static struct sent *sent_of(uint8_t which)
{
    size_t count = f.sent_count < SENT_COUNT ? f.sent_count : SENT_COUNT;

    return count ? &f.sent[(f.sent_count - 1 - which % count) % SENT_COUNT] : NULL;
}

static void do_response(void)
{
    static const uint16_t codes[] = {100, 180, 183, 200, 202, 301, 302, 302, 401, 407, 408, 416,
                                     481, 486, 487, 500, 503, 503, 600, 603, 699, 180, 200, 404};
    static const char *const fields[] = {
        "",
        "Contact: <sip:bob@example.com>, <sip:x@203.0.113.9>\r\n",
        "Contact: <sip:dave@example.com>;q=0.3\r\nContact: <sip:eve@example.com>;q=0.5\r\n",
        "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\nRetry-After: 5\r\n",
        "Contact: <sip:lab-200@192.0.2.1>\r\nRecord-Route: <sip:192.0.2.44;lr>\r\n",
        "Contact: *\r\n",
        "Reason: SIP;cause=486\r\nDiversion: <sip:d@d>;reason=user-busy\r\n",
        "Content-Type: text/plain\r\n",
    };
    static char room[262144], text[2 * TEXT_SIZE];
    uint8_t which = take_byte(), code = take_byte(), odd = take_byte();
    const struct sent *sent = sent_of(which);
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (!sent || tnd_msg_parse(&msg, &a, tnd_slice(sent->text, sent->len), TND_DATAGRAM) != 0)
        return;
    struct tnd_reply reply = {.code = codes[code % 24],
                              .rport = -1,
                              .to_tag = odd & 8 ? TND_STR("phone") : TND_STR("fork"),
                              .fields = tnd_slice_str(fields[odd & 7])};
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    tnd_reply_write(&w, &msg, &reply);
    if (!tnd_writer_over(&w))
        feed_message(tnd_writer_slice(&w), &sent->to);
}

static bool do_stored(uint8_t how)
{
    struct queue *q = &f.store;
    const struct asked *asked = &q->asked[q->first % ASKED_COUNT];
    struct tnd_store_answer answer = {.result = how < 200 ? TND_STORE_OK : how % 4};

    if (q->count == 0)
        return false;
    answer.entry = entry_of(asked->user);
    q->first++;
    q->count--;
    feed(&(struct tnd_input){.kind = TND_IN_STORED, .token = asked->token, .stored = &answer});
    return true;
}

static bool do_resolved(uint8_t count)
{
    struct queue *q = &f.dns;
    const struct asked *asked = &q->asked[q->first % ASKED_COUNT];
    struct tnd_endpoint addresses[3];
    struct tnd_lookup_answer answer = {.lookup = {tnd_slice(asked->name, asked->len), asked->kind},
                                       .result = TND_LOOKUP_NONE,
                                       .addresses = addresses};

    if (q->count == 0)
        return false;
    for (uint8_t i = 0; i < 3; i++) {
        const uint8_t octets[4] = {192, 0, 2, (uint8_t)(31 + i)};
        addresses[i] = tnd_endpoint(TND_TRANSPORT_NONE, octets, 4, 0);
    }
    if (asked->kind == TND_LOOKUP_A && count % 4 > 0) {
        answer.result = TND_LOOKUP_FOUND;
        answer.count = count % 4;
    }
    q->first++;
    q->count--;
    feed(&(struct tnd_input){.kind = TND_IN_RESOLVED, .token = asked->token, .answer = &answer});
    return true;
}

static void wait(tnd_time span)
{
    tnd_time until = f.now + span, due;

    while ((due = tnd_node_due(f.node)) <= until) {
        f.now = due > f.now ? due : f.now;
        feed(&(struct tnd_input){.kind = TND_IN_TICK});
    }
    f.now = until;
    feed(&(struct tnd_input){.kind = TND_IN_TICK});
}

static void settle(void)
{
    while (do_stored(0) || do_resolved(1)) {
    }
}

static void do_step(void)
{
    static const uint8_t ours[4] = {192, 0, 2, 1};
    static const tnd_time spans[] = {TND_MS(1), TND_MS(500), TND_SEC(5), TND_SEC(33), TND_SEC(190)};
    const struct tnd_endpoint self = tnd_endpoint(TND_TRANSPORT_UDP, ours, 4, 5060);
    const struct sent *sent;

    switch ((enum kind)(take_byte() % KIND_COUNT)) {
    case REQUEST:
        do_request();
        return;
    case RESPONSE:
        do_response();
        return;
    case STORED:
        do_stored(take_byte());
        return;
    case RESOLVED:
        do_resolved(take_byte());
        return;
    case FAILED:
        sent = sent_of(take_byte());
        if (sent && sent->token)
            feed(&(struct tnd_input){.kind = TND_IN_FAILED, .token = sent->token});
        return;
    case WAIT:
        wait(spans[take_byte() % 5]);
        return;
    case RETURN:
        sent = sent_of(take_byte());
        if (sent)
            feed_message(tnd_slice(sent->text, sent->len), &self);
        return;
    case SETTLE:
        settle();
        return;
    case KIND_COUNT:
        return;
    }
}

static void open_node(uint8_t bits)
{
    static const struct tnd_mem mem = {mem_take, mem_give, NULL};
    static const struct tnd_slice domains[] = {TND_STR_INIT("example.com")};
    static const uint8_t ours[4] = {192, 0, 2, 1};
    static struct tnd_endpoint addresses[2];
    static const struct tnd_network everybody = {
        .address = {.family = TND_FAMILY_IPV4, .octets = {198, 51, 100, 7}}, .bits = 32};
    struct tnd_node_world world = {
        .mem = &mem, .key = "0123456789abcde", .life = 1, .transactions_max = 200};

    addresses[0] = tnd_endpoint(TND_TRANSPORT_UDP, ours, 4, 5060);
    addresses[1] = tnd_endpoint(TND_TRANSPORT_TCP, ours, 4, 5060);
    f.config = (struct tnd_node_config){
        .domains = domains,
        .domain_count = 1,
        .addresses = addresses,
        .address_count = 2,
        .lab = true,
        .has_users = true,
        .log = bits & 1,
        .auth = {.trusted = &everybody, .trusted_count = bits & 2 ? 1 : 0},
        .registrar = {.default_expires = 3600,
                      .min_expires = 60,
                      .max_expires = 86400,
                      .max_contacts = 10},
        .proxy = {.serial = bits & 4,
                  .recurse = bits & 8 ? TND_RECURSE_ANY : TND_RECURSE_LOCAL,
                  .max_redirects = 5,
                  .record_route = true,
                  .timer_c = bits & 16 ? 3 : 185},
    };
    FUZZ_CHECK(tnd_node_new(&world, &f.config, 0, &f.node) == 0);
}

/* Nothing outlives its timers. */
static void check_rest(void)
{
    const struct tnd_node_stats *stats = tnd_node_stats(f.node);

    for (int i = 0; i < 20 && (i < 3 || stats->contexts > 0); i++) {
        settle();
        wait(TND_SEC(300));
    }
    FUZZ_CHECK(stats->contexts == 0);
    FUZZ_CHECK(stats->clients == 0);
    FUZZ_CHECK(stats->transactions == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    memset(&f, 0, sizeof(f));
    data = bytes;
    data_end = bytes + size;
    open_node(take_byte());
    for (int i = 0; i < STEP_MAX && data < data_end; i++)
        do_step();
    check_rest();
    tnd_node_free(&f.node);
    FUZZ_CHECK(f.live == 0);
    return 0;
}
