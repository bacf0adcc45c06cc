#include "unit/ua/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tandem/sip/stream.h"
#include "unit/test.h"

const char pair_sdp[] = "v=0\r\n"
                        "o=- 7 1 IN IP4 192.0.2.2\r\n"
                        "s=-\r\n"
                        "c=IN IP4 192.0.2.2\r\n"
                        "t=0 0\r\n"
                        "m=audio 4100 RTP/AVP 0\r\n";

static const struct tnd_oa_codec codecs[] = {
    {.encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = 0},
    {.encoding = TND_STR_INIT("PCMA"), .clock = 8000, .payload = 8},
};

static const char *const froms[] = {"<sip:alice@192.0.2.1>", "<sip:bob@192.0.2.2>"};
static const char *const hosts[] = {"192.0.2.1", "192.0.2.2"};

static void prepare_media(struct pair_side *s, int number)
{
    s->streams[0] = (struct tnd_oa_stream){.type = TND_STR("audio"),
                                           .proto = TND_STR("RTP/AVP"),
                                           .port = (uint16_t)(4000 + 100 * number),
                                           .direction = TND_SDP_SENDRECV,
                                           .codecs = codecs,
                                           .codec_count = 2};
    s->media = (struct tnd_oa_local){
        .origin = {.user = TND_STR("-"),
                   .session_id = (uint64_t)(1000 + number),
                   .version = 1,
                   .net_type = TND_STR("IN"),
                   .addr_type = TND_STR("IP4"),
                   .address = tnd_slice_str(hosts[number])},
        .conn = {.net_type = TND_STR("IN"),
                 .addr_type = TND_STR("IP4"),
                 .address = tnd_slice_str(hosts[number]),
                 .kind = TND_SDP_ADDR_IP4},
        .streams = s->streams,
        .stream_count = 1,
    };
}

void pair_prepare(struct pair *p)
{
    memset(p, 0, sizeof(*p));
    tnd_random_init(&p->random, 1);
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct pair_side *s = &p->side[i];

        tnd_endpoint_parse(tnd_slice_str(hosts[i]), TND_TRANSPORT_UDP, &s->addresses[0]);
        tnd_endpoint_parse(tnd_slice_str(hosts[i]), TND_TRANSPORT_TCP, &s->addresses[1]);
        prepare_media(s, i);
        s->mem = failing_mem(0);
        s->reserves = 1;
        s->config = (struct tnd_ua_config){
            .addresses = s->addresses,
            .address_count = 2,
            .from = tnd_slice_str(froms[i]),
            .agent = TND_STR("tandem-test"),
            .media = &s->media,
        };
    }
    p->side[BOB].rings = p->side[BOB].accepts = true;
}

void pair_start(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    struct tnd_ua_world world = {
        .mem = failing_mem_use(&s->mem), .key = {(unsigned char)(side + 1)}, .seed = 7};

    CHECK_EQ(tnd_ua_new(&world, &s->config, p->now, &s->ua), 0);
}

void pair_open(struct pair *p)
{
    pair_prepare(p);
    pair_start(p, ALICE);
    pair_start(p, BOB);
}

void pair_close(struct pair *p)
{
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct pair_side *s = &p->side[i];

        tnd_ua_free(&s->ua);
        CHECK_EQ(s->mem.live_count, 0);
        for (size_t j = 0; j < s->sent_count; j++)
            free(s->sent[j].bytes);
        for (size_t j = 0; j < s->event_count; j++)
            free(s->events[j].msg);
    }
    for (size_t i = 0; i < p->way_count; i++)
        free(p->way[i].bytes);
}

static char *copy_of(const char *bytes, size_t len)
{
    char *copy = malloc(len + 1);

    memcpy(copy, bytes, len);
    copy[len] = 0;
    return copy;
}

static void put_on_way(struct pair *p, int from, const struct tnd_output *out)
{
    struct pair_packet packet = {.bytes = copy_of(out->bytes.ptr, out->bytes.len),
                                 .len = out->bytes.len,
                                 .at = p->now + TND_MS(10),
                                 .from = from,
                                 .to = out->to,
                                 .token = out->token};

    if (p->delay_max > 0)
        packet.at += tnd_random_time(&p->random, 0, p->delay_max);
    CHECK(p->way_count < PAIR_WAY_COUNT_MAX);
    p->way[p->way_count++] = packet;
}

static void note_sent(struct pair_side *s, int from, const struct tnd_output *out)
{
    if (s->sent_count < PAIR_SENT_COUNT_MAX)
        s->sent[s->sent_count++] =
            (struct pair_packet){.bytes = copy_of(out->bytes.ptr, out->bytes.len),
                                 .len = out->bytes.len,
                                 .from = from,
                                 .to = out->to};
}

static void feed(struct pair *p, int side, const struct tnd_input *in)
{
    CHECK_EQ(tnd_ua_feed(p->side[side].ua, p->now, in), 0);
    if (!p->side[side].is_busy)
        pair_take(p, side);
}

/* "many.example" has two servers, "none.example" none; the rest is bob. */
static void resolve(struct pair *p, int side, struct tnd_output *out)
{
    struct tnd_endpoint addresses[2] = {0};
    struct tnd_lookup_answer answer = {.lookup = out->lookup, .result = TND_LOOKUP_NONE};
    bool has_many = tnd_slice_eq(out->lookup.name, TND_STR("many.example"));

    tnd_address_parse(TND_STR("192.0.2.9"), &addresses[0]);
    tnd_address_parse(TND_STR("192.0.2.2"), &addresses[1]);
    if (out->lookup.kind == TND_LOOKUP_A &&
        !tnd_slice_eq(out->lookup.name, TND_STR("none.example"))) {
        answer.result = TND_LOOKUP_FOUND;
        answer.addresses = has_many ? addresses : addresses + 1;
        answer.count = has_many ? 2 : 1;
        answer.ttl = 60;
    }
    feed(p, side,
         &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = out->token, .answer = &answer});
}

static void keep_text(char *ret, size_t size, struct tnd_slice s)
{
    size_t len = s.len < size - 1 ? s.len : size - 1;

    memcpy(ret, s.ptr ? s.ptr : "", len);
    ret[len] = 0;
}

static void keep_event(struct pair_side *s, const struct tnd_ua_event *event)
{
    CHECK(s->event_count < PAIR_EVENT_COUNT_MAX);
    struct pair_event *e = &s->events[s->event_count++];

    *e = (struct pair_event){.event = *event};
    keep_text(e->uri, sizeof(e->uri), event->uri);
    keep_text(e->text, sizeof(e->text), event->text);
    if (event->recovery)
        e->action = event->recovery->action;
    if (event->session && event->session->flow_count > 0) {
        e->is_live = event->session->flows[0].live;
        e->direction = event->session->flows[0].direction;
        keep_text(e->remote, sizeof(e->remote), event->session->flows[0].remote.address);
    }
    if (event->msg)
        e->msg = copy_of(event->msg->text.ptr, event->msg->text.len);
}

static void incoming(struct pair *p, struct pair_side *s, tnd_ua_id id)
{
    s->id = id;
    if (s->refuses)
        tnd_ua_refuse(s->ua, p->now, id,
                      &(struct tnd_ua_refusal){.code = s->refuses,
                                               .contacts = tnd_slice_str(s->contacts),
                                               .fields = tnd_slice_str(s->fields)});
    else if (s->rings)
        tnd_ua_ring(s->ua, p->now, id);
    if (!s->refuses && s->accepts)
        tnd_ua_accept(s->ua, p->now, id);
}

/* What its owner does; commands come when all events have been read. */
static void react(struct pair *p, struct pair_side *s, const struct tnd_ua_event *event)
{
    if (event->kind == TND_UA_INCOMING)
        incoming(p, s, event->id);
    if (event->kind == TND_UA_RESERVE && s->reserves)
        tnd_ua_reserved(s->ua, p->now, event->id, event->stream, s->reserves > 0);
}

static void take_events(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    struct tnd_ua_event event;
    size_t first = s->event_count;

    while (tnd_ua_event(s->ua, &event))
        keep_event(s, &event);
    size_t end = s->event_count;
    for (size_t i = first; i < end; i++)
        react(p, s, &s->events[i].event);
}

static bool take_outputs(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    struct tnd_output outs[256];
    size_t count = 0;

    while (count < 256 && tnd_ua_take(s->ua, &outs[count]))
        count++;
    for (size_t i = 0; i < count; i++)
        if (outs[i].kind == TND_OUT_SEND) {
            note_sent(s, side, &outs[i]);
            put_on_way(p, side, &outs[i]);
        }
    for (size_t i = 0; i < count; i++)
        if (outs[i].kind == TND_OUT_RESOLVE)
            resolve(p, side, &outs[i]);
    return count > 0;
}

void pair_take(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    size_t before;

    do {
        before = s->event_count;
        take_events(p, side);
    } while (take_outputs(p, side) || s->event_count > before);
}

void pair_call(struct pair *p, const struct tnd_ua_call *call)
{
    CHECK_EQ(tnd_ua_call(p->side[ALICE].ua, p->now, call, &p->side[ALICE].id), 0);
    pair_take(p, ALICE);
}

static void fail(struct pair *p, const struct pair_packet *packet)
{
    if (packet->token && p->side[packet->from].ua)
        feed(p, packet->from, &(struct tnd_input){.kind = TND_IN_FAILED, .token = packet->token});
}

static void arrive(struct pair *p, const struct pair_packet *packet, int side)
{
    struct pair_side *s = &p->side[side];
    static char room[1 << 18];
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_endpoint remote = p->side[packet->from].addresses[0];
    struct tnd_endpoint local = s->addresses[0];

    if (!s->ua)
        return;
    remote.transport = local.transport = packet->to.transport;
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice(packet->bytes, packet->len)), 0);
    struct tnd_input in = {
        .kind = TND_IN_MESSAGE,
        .flow = {.id = (uint64_t)(1 + packet->to.transport), .local = local, .remote = remote},
        .msg = &msg,
        .a = &a};
    feed(p, side, &in);
    tnd_arena_fini(&a);
}

static void deliver(struct pair *p, struct pair_packet packet)
{
    bool is_tcp = packet.to.transport == TND_TRANSPORT_TCP;
    bool is_lost = !is_tcp && p->loss > 0 && tnd_random_chance(&p->random, p->loss, 100);
    int to = -1;

    for (int i = 0; i < PAIR_COUNT; i++)
        if (tnd_address_eq(&packet.to, &p->side[i].addresses[0]))
            to = i;
    if (p->meddle)
        p->meddle(p, &packet);
    if (is_tcp && (p->refuses_tcp || to < 0))
        fail(p, &packet);
    else if (to >= 0 && !is_lost && !p->is_deaf && packet.bytes)
        arrive(p, &packet, to);
    free(packet.bytes);
}

static size_t first_of(const struct pair *p)
{
    size_t first = 0;

    for (size_t i = 1; i < p->way_count; i++)
        if (p->way[i].at < p->way[first].at)
            first = i;
    return first;
}

static tnd_time due_of(const struct pair *p, int side)
{
    return p->side[side].ua ? tnd_ua_due(p->side[side].ua) : TND_NEVER_DUE;
}

static void tick(struct pair *p)
{
    for (int i = 0; i < PAIR_COUNT; i++)
        if (due_of(p, i) <= p->now)
            feed(p, i, &(struct tnd_input){.kind = TND_IN_TICK});
}

void pair_run(struct pair *p, tnd_time span)
{
    tnd_time end = p->now + span;

    for (;;) {
        size_t first = first_of(p);
        tnd_time next = p->way_count > 0 ? p->way[first].at : TND_NEVER_DUE;

        for (int i = 0; i < PAIR_COUNT; i++)
            next = due_of(p, i) < next ? due_of(p, i) : next;
        if (next > end)
            break;
        p->now = next > p->now ? next : p->now;
        if (p->way_count > 0 && p->way[first].at <= p->now) {
            struct pair_packet packet = p->way[first];

            p->way[first] = p->way[--p->way_count];
            deliver(p, packet);
        } else {
            tick(p);
        }
    }
    p->now = end;
}

const struct pair_event *pair_event(const struct pair *p, int side, enum tnd_ua_event_kind kind)
{
    for (size_t i = p->side[side].event_count; i > 0; i--)
        if (p->side[side].events[i - 1].event.kind == kind)
            return &p->side[side].events[i - 1];
    tnd_test_fail(__FILE__, __LINE__, "no event of kind %d at side %d", (int)kind, side);
}

size_t pair_event_count(const struct pair *p, int side, enum tnd_ua_event_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < p->side[side].event_count; i++)
        count += p->side[side].events[i].event.kind == kind;
    return count;
}

size_t pair_count(const struct pair *p, int side, const char *start)
{
    size_t count = 0;

    for (size_t i = 0; i < p->side[side].sent_count; i++)
        count += strncmp(p->side[side].sent[i].bytes, start, strlen(start)) == 0;
    return count;
}

const char *pair_nth(const struct pair *p, int side, const char *start, size_t n)
{
    for (size_t i = 0; i < p->side[side].sent_count; i++)
        if (strncmp(p->side[side].sent[i].bytes, start, strlen(start)) == 0 && n-- == 0)
            return p->side[side].sent[i].bytes;
    return "";
}

const char *pair_last(const struct pair *p, int side, const char *start)
{
    size_t count = pair_count(p, side, start);

    return count > 0 ? pair_nth(p, side, start, count - 1) : "";
}

void pair_say(struct pair *p, int from, const char *text)
{
    struct tnd_output out = {
        .kind = TND_OUT_SEND, .bytes = tnd_slice_str(text), .to = p->side[1 - from].addresses[0]};

    note_sent(&p->side[from], from, &out);
    put_on_way(p, from, &out);
}

const char *pair_value(const char *text, const char *name)
{
    static char rooms[8][1024];
    static int at;
    char *room = rooms[at++ % 8];
    char start[64];

    snprintf(start, sizeof(start), "\r\n%s: ", name);
    const char *found = strstr(text, start);
    if (!found)
        return "";
    found += strlen(start);
    snprintf(room, sizeof(rooms[0]), "%.*s", (int)strcspn(found, "\r"), found);
    return room;
}

void pair_respond(struct pair *p, int from, const char *request, unsigned code, const char *to_tag,
                  const char *lines, const char *body)
{
    char text[8192];
    const char *to = pair_value(request, "To");

    snprintf(text, sizeof(text),
             "SIP/2.0 %u %s\r\n"
             "Via: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s%s"
             "Content-Length: %zu\r\n\r\n%s",
             code, tnd_code_phrase(code), pair_value(request, "Via"), pair_value(request, "From"),
             to, to_tag && !strstr(to, ";tag=") ? ";tag=" : "",
             to_tag && !strstr(to, ";tag=") ? to_tag : "", pair_value(request, "Call-ID"),
             pair_value(request, "CSeq"), lines, body ? "Content-Type: application/sdp\r\n" : "",
             body ? strlen(body) : 0, body ? body : "");
    pair_say(p, from, text);
}
