/* An element for tests of the simulated world. */
#include "unit/sim/probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/test.h"

static void hear(struct probe *p, const char *what, struct tnd_slice word)
{
    struct tnd_writer w = tnd_writer(p->heard, sizeof(p->heard));

    w.len = p->heard_len;
    if (w.len > 0)
        tnd_put_char(&w, ' ');
    tnd_put_str(&w, what);
    tnd_put(&w, word);
    CHECK(!tnd_writer_over(&w));
    p->heard_len = w.len;
}

static void hear_number(struct probe *p, const char *what, uint64_t number)
{
    char room[24];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_number(&w, number);
    hear(p, what, tnd_writer_slice(&w));
}

static void hear_answer(struct probe *p, const struct tnd_lookup_answer *answer)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (answer->result != TND_LOOKUP_FOUND) {
        hear(p, answer->result == TND_LOOKUP_NONE ? "none" : "dns-failed", TND_STR(""));
        return;
    }
    CHECK_EQ(answer->count, 1);
    tnd_address_write(&w, &answer->addresses[0]);
    hear(p, "", tnd_writer_slice(&w));
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct probe *p = self;

    while (p->sent_count < p->send_count && p->sends[p->sent_count].at <= now)
        sim_outbox_put(&p->outbox, &p->sends[p->sent_count++].out);
    if (in->kind != TND_IN_TICK)
        p->last_at = now;
    switch ((enum tnd_input_kind)in->kind) {
    case TND_IN_MESSAGE:
        p->last_flow = in->flow;
        hear(p, "", tnd_msg_value(in->msg, TND_HEADER_CALL_ID));
        return 0;
    case TND_IN_FAILED:
        hear_number(p, "failed:", in->token);
        return 0;
    case TND_IN_RESOLVED:
    case TND_IN_STORED:
        hear_answer(p, in->answer);
        return 0;
    case TND_IN_TICK:
        return 0;
    }
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    return sim_outbox_take(&((struct probe *)self)->outbox, ret);
}

static tnd_time due(const void *self)
{
    const struct probe *p = self;

    return p->sent_count < p->send_count ? p->sends[p->sent_count].at : TND_NEVER_DUE;
}

static void end(void *self)
{
    sim_outbox_fini(&((struct probe *)self)->outbox);
}

static const struct sim_element_ops probe_ops = {feed, take, due, NULL, end};

static int make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct probe *p = ctx;

    CHECK_EQ(life->number, p->lives);
    p->lives++;
    sim_outbox_init(&p->outbox, life->mem);
    *ret = (struct sim_element){&probe_ops, p};
    return 0;
}

struct sim_kind probe_kind(struct probe *p)
{
    return (struct sim_kind){make, p, false};
}

static struct probe_send *add(struct probe *p, tnd_time at)
{
    CHECK(p->send_count < PROBE_SEND_MAX);
    p->sends[p->send_count].at = at;
    return &p->sends[p->send_count++];
}

void probe_send(struct probe *p, tnd_time at, struct tnd_endpoint to, const char *word,
                uint64_t token)
{
    static char texts[2 * PROBE_SEND_MAX][200]; /* those of one test; the next uses them anew */
    static unsigned text_count;
    char *text = texts[text_count++ % (2 * PROBE_SEND_MAX)];
    struct probe_send *s = add(p, at);

    snprintf(text, sizeof(texts[0]),
             "OPTIONS sip:you SIP/2.0\r\nVia: SIP/2.0/TCP me;branch=z9hG4bK1\r\n"
             "Call-ID: %s\r\nContent-Length: 4\r\n\r\nbody",
             word);
    s->out = (struct tnd_output){
        .kind = TND_OUT_SEND, .to = to, .token = token, .bytes = tnd_slice_str(text)};
}

void probe_resolve(struct probe *p, tnd_time at, const char *name, uint64_t token)
{
    add(p, at)->out = (struct tnd_output){
        .kind = TND_OUT_RESOLVE, .token = token, .lookup = {tnd_slice_str(name), TND_LOOKUP_A}};
}

struct tnd_slice probe_heard(const struct probe *p)
{
    return tnd_slice(p->heard, p->heard_len);
}
