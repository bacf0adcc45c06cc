#include "unit/node/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

static const struct tnd_slice domains[] = {TND_STR_INIT("example.com")};
static struct tnd_endpoint addresses[2];

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_NONE, &e), 0);
    return e;
}

struct tnd_flow play_udp(void)
{
    return (struct tnd_flow){PLAY_UDP, endpoint("udp:192.0.2.1:5060"),
                             endpoint("udp:198.51.100.7:5062")};
}

struct tnd_flow play_tcp(void)
{
    return (struct tnd_flow){PLAY_TCP, endpoint("tcp:192.0.2.1:5060"),
                             endpoint("tcp:198.51.100.7:40000")};
}

static void prepare(struct play *p, size_t nth)
{
    static uint64_t lives;

    memset(p, 0, offsetof(struct play, outs));
    addresses[0] = endpoint("udp:192.0.2.1:5060");
    addresses[1] = endpoint("tcp:192.0.2.1:5060");
    p->mem = failing_mem(nth);
    p->config = (struct tnd_node_config){.domains = domains,
                                         .domain_count = 1,
                                         .addresses = addresses,
                                         .address_count = 2,
                                         .lab = true};
    p->world = (struct tnd_node_world){.mem = failing_mem_use(&p->mem),
                                       .key = "0123456789abcde",
                                       .life = ++lives,
                                       .transactions_max = 100};
    p->flow = play_udp();
    p->branch = "z9hG4bKplay";
    p->call_id = "call-1@198.51.100.7";
    p->from_tag = "alice";
    p->sent_by = "198.51.100.7:5062";
    p->from = "sip:alice@example.org";
    p->to = "sip:bob@example.com";
    p->cseq = 1;
}

bool play_open_with(struct play *p, size_t nth, const struct tnd_digester *digester)
{
    prepare(p, nth);
    p->world.digester = digester;
    return tnd_node_new(&p->world, &p->config, p->now, &p->node) == 0;
}

bool play_open_failing(struct play *p, size_t nth)
{
    return play_open_with(p, nth, NULL);
}

void play_open(struct play *p)
{
    CHECK(play_open_failing(p, 0));
}

void play_close(struct play *p)
{
    tnd_node_free(&p->node);
    CHECK_EQ(p->mem.live_count, 0);
}

static void take_all(struct play *p)
{
    struct tnd_output out;

    while (tnd_node_take(p->node, &out)) {
        struct tnd_slice text = out.kind == TND_OUT_RESOLVE ? out.lookup.name : out.bytes;

        CHECK(p->out_count < PLAY_OUT_COUNT_MAX && text.len < PLAY_TEXT_SIZE);
        struct play_out *to = &p->outs[p->out_count++];
        to->out = out;
        snprintf(to->text, sizeof(to->text), "%.*s", TND_FMT(text));
        if (out.kind == TND_OUT_STORE && p->asks)
            p->asks(p, &out);
    }
}

static void settle(struct play *p)
{
    do
        take_all(p);
    while (p->answers && p->answers(p));
}

void play_input(struct play *p, const struct tnd_input *in)
{
    p->out_count = 0;
    tnd_node_feed(p->node, p->now, in);
    settle(p);
}

void play_feed(struct play *p, const char *text)
{
    static char room[262144];
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_slice bytes = tnd_slice_str(text);

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (p->flow.remote.transport == TND_TRANSPORT_UDP)
        CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, bytes), 0);
    else
        CHECK_EQ(tnd_msg_parse(&msg, &a, bytes, TND_STREAM), 0);
    play_input(p,
               &(struct tnd_input){.kind = TND_IN_MESSAGE, .flow = p->flow, .msg = &msg, .a = &a});
}

void play_say(struct play *p, const char *method, const char *uri, const char *lines)
{
    bool is_ack = strcmp(method, "ACK") == 0 || strcmp(method, "CANCEL") == 0;
    char text[PLAY_TEXT_SIZE];

    snprintf(text, sizeof(text),
             "%s %s SIP/2.0\r\n"
             "Via: SIP/2.0/%s %s%s%s\r\n"
             "From: <%s>%s%s\r\n"
             "To: <%s>%s%s\r\n"
             "Call-ID: %s\r\n"
             "CSeq: %u %s\r\n"
             "%s%s"
             "Content-Length: 0\r\n\r\n",
             method, uri, p->flow.remote.transport == TND_TRANSPORT_UDP ? "UDP" : "TCP", p->sent_by,
             p->branch ? ";branch=" : "", p->branch ? p->branch : "", p->from,
             p->from_tag ? ";tag=" : "", p->from_tag ? p->from_tag : "", p->to,
             p->to_tag ? ";tag=" : "", p->to_tag ? p->to_tag : "", p->call_id, p->cseq, method,
             is_ack || strstr(lines, "Max-Forwards") ? "" : "Max-Forwards: 70\r\n", lines);
    play_feed(p, text);
}

void play_wait(struct play *p, tnd_time span)
{
    tnd_time until = p->now + span, due;

    p->out_count = 0;
    while ((due = tnd_node_due(p->node)) <= until) {
        p->now = due > p->now ? due : p->now;
        tnd_node_feed(p->node, p->now, &(struct tnd_input){.kind = TND_IN_TICK});
        settle(p);
    }
    p->now = until;
    tnd_node_feed(p->node, p->now, &(struct tnd_input){.kind = TND_IN_TICK});
    settle(p);
}

static unsigned code_of(const struct play_out *out)
{
    return strncmp(out->text, "SIP/2.0 ", 8) == 0 ? (unsigned)atoi(out->text + 8) : 0;
}

unsigned play_count(const struct play *p, enum tnd_output_kind kind, unsigned code)
{
    unsigned count = 0;

    for (unsigned i = 0; i < p->out_count; i++)
        count += p->outs[i].out.kind == kind && (code == 0 || code_of(&p->outs[i]) == code);
    return count;
}

const char *play_text(const struct play *p)
{
    for (unsigned i = 0; i < p->out_count; i++)
        if (p->outs[i].out.kind == TND_OUT_SEND)
            return p->outs[i].text;
    return "";
}

unsigned play_code(const struct play *p)
{
    CHECK_EQ(play_count(p, TND_OUT_SEND, 0), 1);
    return (unsigned)atoi(play_text(p) + 8);
}

bool play_has(const struct play *p, const char *text)
{
    return strstr(play_text(p), text) != NULL;
}

const char *play_to_tag(const struct play *p)
{
    static char tag[64];
    const char *to = strstr(play_text(p), "\r\nTo: ");
    const char *at = to ? strstr(to, ";tag=") : NULL;

    snprintf(tag, sizeof(tag), "%.*s", at ? (int)strcspn(at + 5, "\r\n") : 0, at ? at + 5 : "");
    return tag;
}
