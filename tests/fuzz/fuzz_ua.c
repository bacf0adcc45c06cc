/* A user agent and a peer who says anything. The input is a script, line by line:
 *
 *   !c !o !m !g        a call, an OPTIONS, a MESSAGE, a registration of ours
 *   !r !a !x !e        ring, accept, refuse, end the last call
 *   !h !u              hold it, update it
 *   !+ !-              what is to be reserved is there, or is not
 *   !t !T              a tenth of a second goes by; a minute
 *   !f                 what was sent last could not be delivered
 *   .                  what was collected so far is a message, and comes
 *   any other          a line of a message. $V $F $T $C $Q stand for Via, From, To, Call-ID and CSeq of
 *                      the last request of ours, $t for the tag of our last response
 *
 * Whatever comes: no assertion fails, what is told of a call ends once, and all memory is given back. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "tandem/sip/message.h"
#include "tandem/ua.h"

enum { TEXT_SIZE = 16384, STEP_MAX = 512 };

static size_t live;

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    live++;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    live--;
    free(ptr);
}

static const struct tnd_mem heap = {take, give, NULL};

struct play {
    struct tnd_ua *ua;
    tnd_time now;
    tnd_ua_id id;
    size_t stream;
    uint64_t token;
    char request[TEXT_SIZE], tag[64]; /* of ours, the last ones */
    char text[TEXT_SIZE];             /* that is collected */
    size_t len;
};

static const struct tnd_oa_codec pcmu = {
    .encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = 0};
static const struct tnd_oa_stream audio = {.type = TND_STR_INIT("audio"),
                                           .proto = TND_STR_INIT("RTP/AVP"),
                                           .port = 4000,
                                           .direction = TND_SDP_SENDRECV,
                                           .codecs = &pcmu,
                                           .codec_count = 1};
static const struct tnd_oa_local media = {.origin = {.user = TND_STR_INIT("-"),
                                                     .session_id = 1,
                                                     .version = 1,
                                                     .net_type = TND_STR_INIT("IN"),
                                                     .addr_type = TND_STR_INIT("IP4"),
                                                     .address = TND_STR_INIT("192.0.2.1")},
                                          .conn = {.net_type = TND_STR_INIT("IN"),
                                                   .addr_type = TND_STR_INIT("IP4"),
                                                   .address = TND_STR_INIT("192.0.2.1"),
                                                   .kind = TND_SDP_ADDR_IP4},
                                          .streams = &audio,
                                          .stream_count = 1};

static void note_request(struct play *p, struct tnd_slice bytes)
{
    size_t len = bytes.len < TEXT_SIZE - 1 ? bytes.len : TEXT_SIZE - 1;

    memcpy(p->request, bytes.ptr, len);
    p->request[len] = 0;
}

static void note_response(struct play *p, struct tnd_slice bytes)
{
    char text[TEXT_SIZE];
    size_t len = bytes.len < TEXT_SIZE - 1 ? bytes.len : TEXT_SIZE - 1;

    memcpy(text, bytes.ptr, len);
    text[len] = 0;
    const char *to = strstr(text, "\r\nTo: ");
    const char *tag = to ? strstr(to, ";tag=") : NULL;
    if (tag)
        snprintf(p->tag, sizeof(p->tag), "%.*s", (int)strcspn(tag + 5, ";\r"), tag + 5);
}

static void take_all(struct play *p)
{
    struct tnd_output out;
    struct tnd_ua_event event;

    while (tnd_ua_take(p->ua, &out)) {
        if (out.kind != TND_OUT_SEND)
            continue;
        p->token = out.token;
        if (out.bytes.len > 7 && memcmp(out.bytes.ptr, "SIP/2.0", 7) == 0)
            note_response(p, out.bytes);
        else
            note_request(p, out.bytes);
    }
    while (tnd_ua_event(p->ua, &event)) {
        if (event.kind == TND_UA_INCOMING)
            p->id = event.id;
        if (event.kind == TND_UA_RESERVE)
            p->stream = event.stream;
    }
}

static void put(struct play *p, const char *bytes, size_t len)
{
    if (len <= TEXT_SIZE - p->len) {
        memcpy(p->text + p->len, bytes, len);
        p->len += len;
    }
}

static void put_field(struct play *p, const char *name)
{
    const char *at = strstr(p->request, name);

    if (at)
        put(p, at + strlen(name), strcspn(at + strlen(name), "\r"));
}

static void put_line(struct play *p, const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (line[i] != '$' || i + 1 == len) {
            put(p, line + i, 1);
            continue;
        }
        switch (line[++i]) {
        case 'V':
            put_field(p, "\r\nVia: ");
            break;
        case 'F':
            put_field(p, "\r\nFrom: ");
            break;
        case 'T':
            put_field(p, "\r\nTo: ");
            break;
        case 'C':
            put_field(p, "\r\nCall-ID: ");
            break;
        case 'Q':
            put_field(p, "\r\nCSeq: ");
            break;
        case 't':
            put(p, p->tag, strlen(p->tag));
            break;
        default:
            put(p, line + i, 1);
        }
    }
    put(p, "\r\n", 2);
}

static void comes(struct play *p)
{
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_flow flow = {.id = 1};

    tnd_endpoint_parse(TND_STR("192.0.2.1:5060"), TND_TRANSPORT_UDP, &flow.local);
    tnd_endpoint_parse(TND_STR("192.0.2.2:5060"), TND_TRANSPORT_UDP, &flow.remote);
    tnd_arena_init(&a, NULL, 0, &heap, 1 << 20);
    if (tnd_msg_parse_datagram(&msg, &a, tnd_slice(p->text, p->len)) == 0)
        tnd_ua_feed(
            p->ua, p->now,
            &(struct tnd_input){.kind = TND_IN_MESSAGE, .flow = flow, .msg = &msg, .a = &a});
    tnd_arena_fini(&a);
    p->len = 0;
}

static void wait(struct play *p, tnd_time span)
{
    p->now += span;
    tnd_ua_feed(p->ua, p->now, &(struct tnd_input){.kind = TND_IN_TICK});
}

static void ask(struct play *p, enum tnd_method method)
{
    tnd_ua_id id;

    tnd_ua_request(
        p->ua, p->now,
        &(struct tnd_ua_request){.method = (uint8_t)method, .uri = TND_STR("sip:bob@192.0.2.2")},
        &id);
}

static void command(struct play *p, char what)
{
    static const struct tnd_ua_call call = {.uri = TND_STR_INIT("sip:bob@192.0.2.2"),
                                            .precondition = TND_UA_PRECONDITION_OPTIONAL};
    static const struct tnd_ua_registration registration = {.registrar =
                                                                TND_STR_INIT("sip:192.0.2.2")};

    switch (what) {
    case 'c':
        tnd_ua_call(p->ua, p->now, &call, &p->id);
        break;
    case 'o':
        ask(p, TND_METHOD_OPTIONS);
        break;
    case 'm':
        ask(p, TND_METHOD_MESSAGE);
        break;
    case 'g':
        tnd_ua_register(p->ua, p->now, &registration, &p->id);
        break;
    case 'r':
        tnd_ua_ring(p->ua, p->now, p->id);
        break;
    case 'a':
        tnd_ua_accept(p->ua, p->now, p->id);
        break;
    case 'x':
        tnd_ua_refuse(p->ua, p->now, p->id, &(struct tnd_ua_refusal){.code = 480});
        break;
    case 'e':
        tnd_ua_end(p->ua, p->now, p->id);
        break;
    case 'h':
        tnd_ua_change(p->ua, p->now, p->id, TND_UA_HOLD);
        break;
    case 'u':
        tnd_ua_change(p->ua, p->now, p->id, TND_UA_UPDATE);
        break;
    case '+':
        tnd_ua_reserved(p->ua, p->now, p->id, p->stream, true);
        break;
    case '-':
        tnd_ua_reserved(p->ua, p->now, p->id, p->stream, false);
        break;
    case 't':
        wait(p, TND_MS(100));
        break;
    case 'T':
        wait(p, TND_SEC(60));
        break;
    case 'f':
        tnd_ua_feed(p->ua, p->now, &(struct tnd_input){.kind = TND_IN_FAILED, .token = p->token});
        break;
    }
}

static void step(struct play *p, const char *line, size_t len)
{
    if (len == 2 && line[0] == '!')
        command(p, line[1]);
    else if (len == 1 && line[0] == '.')
        comes(p);
    else
        put_line(p, line, len);
    take_all(p);
}

static void open_play(struct play *p)
{
    static struct tnd_endpoint address;
    static const struct tnd_ua_world world = {.mem = &heap, .memory_max = 1 << 22};
    struct tnd_ua_config config = {.addresses = &address,
                                   .address_count = 1,
                                   .from = TND_STR("sip:alice@192.0.2.1"),
                                   .media = &media,
                                   .precondition = TND_UA_PRECONDITION_OPTIONAL,
                                   .require_100rel = 1};

    tnd_endpoint_parse(TND_STR("192.0.2.1:5060"), TND_TRANSPORT_UDP, &address);
    memset(p, 0, sizeof(*p));
    FUZZ_CHECK(tnd_ua_new(&world, &config, 0, &p->ua) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct play p;
    const char *at = (const char *)data, *end = at + size;

    open_play(&p);
    for (int i = 0; i < STEP_MAX && at < end; i++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((line_end ? line_end : end) - at);

        step(&p, at, len);
        at += len + 1;
    }
    tnd_ua_free(&p.ua);
    FUZZ_CHECK(live == 0);
    return 0;
}
