/* What is written down: a line for each message that leaves, with what it says that matters. */
#include "demo/stage.h"

#include "base/siphash.h"
#include "diag/facts.h"
#include "tandem/sip/media.h"

enum { SCRATCH_SIZE = 1 << 16 };

static struct tnd_demo_line *add(struct demo_stage *s, unsigned from, unsigned to)
{
    struct tnd_demo *ret = s->ret;

    if (!s->is_open || ret->line_count == TND_LADDER_LINE_COUNT_MAX)
        return NULL;
    struct tnd_demo_line *l = &s->lines[ret->line_count];
    *l = (struct tnd_demo_line){.remark = NULL};
    l->line.at = sim_world_now(s->world) - DEMO_BEGINS;
    l->line.from = (uint8_t)from;
    l->line.to = (uint8_t)to;
    s->digests[ret->line_count++] = 0;
    return l;
}

void demo_remark(struct demo_stage *s, unsigned host, enum tnd_ladder_tone tone, const char *remark)
{
    struct tnd_demo_line *l = remark ? add(s, host, host) : NULL;

    if (!l)
        return;
    l->line.tone = (uint8_t)tone;
    l->line.is_timeless = true;
    l->remark = remark;
}

void demo_action(struct demo_stage *s, unsigned host, unsigned action)
{
    size_t count = s->ret->line_count;

    demo_remark(s, host, action == TND_RECOVER_GIVE_UP ? TND_LADDER_BAD : TND_LADDER_GOOD,
                demo_action_text(action));
    if (s->ret->line_count > count)
        s->lines[count].action = (uint8_t)action;
}

static uint64_t digest_of(unsigned host, struct tnd_slice bytes)
{
    static const struct tnd_siphash_key key = {0};

    return tnd_siphash_1_3(&key, bytes) ^ host;
}

static bool is_again(const struct demo_stage *s, uint64_t digest)
{
    for (size_t i = 0; i < s->ret->line_count; i++)
        if (s->digests[i] == digest)
            return true;
    return false;
}

static bool begins(const struct tnd_msg *msg)
{
    struct tnd_addr to;

    return msg->kind == TND_MSG_REQUEST && msg->method != TND_METHOD_ACK &&
           msg->method != TND_METHOD_CANCEL && tnd_msg_to(msg, &to, NULL) && !to.tag.ptr;
}

static bool starts_with(struct tnd_slice s, const char *start)
{
    size_t len = strlen(start);

    return s.len >= len && memcmp(s.ptr, start, len) == 0;
}

/* What a session is made of is told where a flow is about it, and credentials where they are first given. */
static bool matters(const struct demo_stage *s, const struct tnd_msg *msg, struct tnd_slice fact)
{
    if (starts_with(fact, "body: ")) /* put_body() says it in the words of the header */
        return !s->flow->shows_body;
    if (starts_with(fact, "Authorization") || starts_with(fact, "Proxy-Authorization"))
        return begins(msg);
    return !starts_with(fact, "SDP: ") || s->flow->shows_media ||
           (s->flow->has_preconditions && starts_with(fact, "SDP: curr"));
}

static void put_fact(struct demo_stage *s, struct tnd_ladder_line *line, struct tnd_slice fact)
{
    if (line->fact_count < TND_LADDER_FACT_COUNT_MAX)
        line->fact[line->fact_count++] = tnd_slice_keep(s->a, fact);
}

/* Each line of the description for itself: "SDP: curr qos local none; des ...". */
static void put_parts(struct demo_stage *s, struct tnd_ladder_line *line, struct tnd_slice fact)
{
    bool is_description = starts_with(fact, "SDP: ");
    const char *at;

    while (is_description && (at = memchr(fact.ptr, ';', fact.len))) {
        put_fact(s, line, tnd_slice_between(fact.ptr, at));
        fact = tnd_slice_trim(tnd_slice_between(at + 1, tnd_slice_end(fact)));
    }
    put_fact(s, line, fact);
}

/* The extensions that a caller offers, where the flow is about them. */
static void put_supported(struct demo_stage *s, struct tnd_ladder_line *line,
                          const struct tnd_msg *msg)
{
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, "Supported: ");
    tnd_put(&w, tnd_msg_value(msg, TND_HEADER_SUPPORTED));
    if (s->flow->shows_supported && !tnd_writer_over(&w))
        put_fact(s, line, tnd_writer_slice(&w));
}

/* What a body is and how long, where the flow is about it: "Content-Length: 310". */
static void put_body(struct demo_stage *s, struct tnd_ladder_line *line, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_TYPE);
    struct tnd_media_type type;
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (!s->flow->shows_body || !tnd_media_type_next(&v, &type))
        return;
    tnd_put_str(&w, "Content-Type: ");
    tnd_put(&w, type.type);
    tnd_put_char(&w, '/');
    tnd_put(&w, type.subtype);
    put_fact(s, line, tnd_writer_slice(&w));
    w = tnd_writer(room, sizeof(room));
    tnd_put_str(&w, "Content-Length: ");
    tnd_put_number(&w, msg->body.len);
    put_fact(s, line, tnd_writer_slice(&w));
}

static void put_facts(struct demo_stage *s, struct tnd_ladder_line *line, const struct tnd_msg *msg,
                      struct tnd_arena *scratch)
{
    struct tnd_slice facts[TND_LADDER_FACT_COUNT_MAX];
    size_t count = tnd_ladder_facts(msg, scratch, facts);

    if (begins(msg)) {
        put_fact(s, line, msg->uri); /* whom it is for */
        put_supported(s, line, msg);
        put_body(s, line, msg);
    }
    for (size_t i = 0; i < count; i++)
        if (matters(s, msg, facts[i]))
            put_parts(s, line, facts[i]);
}

/* A phone registers in the background; where that is what is shown, it is the caller's. */
static bool is_background(const struct demo_stage *s, const struct tnd_msg *msg)
{
    struct tnd_cseq cseq;

    return s->flow->caller.method != TND_METHOD_REGISTER && tnd_msg_cseq(msg, &cseq, NULL) &&
           cseq.method == TND_METHOD_REGISTER;
}

static void put_message(struct demo_stage *s, const struct tnd_msg *msg, unsigned from, unsigned to,
                        struct tnd_arena *scratch)
{
    uint64_t digest = digest_of(from, msg->text);
    bool again = is_again(s, digest);

    if (again && !s->is_again_told)
        for (size_t i = 0; i < DEMO_NOTE_COUNT_MAX; i++)
            if (s->flow->note[i].text && s->flow->note[i].code == 0)
                demo_remark(s, s->flow->note[i].host, TND_LADDER_PLAIN, s->flow->note[i].text);
    s->is_again_told |= again;
    struct tnd_demo_line *l = add(s, from, to);
    if (!l)
        return;
    s->digests[l - s->lines] = digest;
    l->line.tone = again
                       ? TND_LADDER_FAINT
                       : (uint8_t)tnd_ladder_tone_of(msg->kind == TND_MSG_RESPONSE ? msg->code : 0);
    l->line.text = tnd_slice_keep(s->a, tnd_ladder_label(msg, scratch));
    if (!again)
        put_facts(s, &l->line, msg, scratch);
}

static void sent(struct demo_stage *s, const struct sim_sight *sight)
{
    static char room[SCRATCH_SIZE];
    const struct tnd_output *out = sight->out;
    int to = out->to.family ? sim_host_find(s->world, &out->to) : -1;
    bool is_tcp = out->to.transport == TND_TRANSPORT_TCP;
    struct tnd_arena scratch;
    struct tnd_msg msg;

    if (out->kind != TND_OUT_SEND || !s->is_open)
        return;
    if (to < 0) {
        to = sim_flow_far(s->world, out->flow);
        is_tcp = true;
    }
    tnd_arena_init(&scratch, room, sizeof(room), s->given->mem, SIZE_MAX);
    if (to >= 0 && tnd_msg_parse_datagram(&msg, &scratch, out->bytes) == 0 &&
        (msg.kind == TND_MSG_REQUEST || msg.kind == TND_MSG_RESPONSE) && !is_background(s, &msg)) {
        size_t count = s->ret->line_count;

        put_message(s, &msg, sight->host, (unsigned)to, &scratch);
        if (is_tcp && s->ret->line_count > count)
            s->lines[s->ret->line_count - 1].line.aside = TND_STR("TCP");
    }
    tnd_arena_fini(&scratch);
}

/* The last one with these bytes. */
static void lost(struct demo_stage *s, const struct sim_sight *sight)
{
    int from = sim_host_find(s->world, &sight->from);
    uint64_t digest = digest_of((unsigned)from, sight->bytes);

    for (size_t i = s->ret->line_count; i-- > 0;) {
        if (s->digests[i] != digest)
            continue;
        s->lines[i].line.is_lost = true;
        return;
    }
}

static void came(struct demo_stage *s, const struct sim_sight *sight)
{
    const struct tnd_msg *msg = sight->in->msg;

    if (sight->in->kind != TND_IN_MESSAGE || msg->kind != TND_MSG_RESPONSE || !s->is_open)
        return;
    s->ret->is_seen |= sight->host == 0 && msg->code == s->flow->code;
    for (size_t i = 0; i < DEMO_NOTE_COUNT_MAX; i++) {
        const struct demo_note *note = &s->flow->note[i];

        if (!note->text || note->code != msg->code || note->host != sight->host || s->is_told[i])
            continue;
        s->is_told[i] = true;
        demo_remark(s, note->host, TND_LADDER_PLAIN, note->text);
    }
}

static void see(void *ctx, const struct sim_sight *sight)
{
    struct demo_stage *s = ctx;

    switch ((enum sim_sight_kind)sight->kind) {
    case SIM_TOOK:
        sent(s, sight);
        return;
    case SIM_LOST:
        lost(s, sight);
        return;
    case SIM_FEEDING:
        came(s, sight);
        return;
    case SIM_DYING:
        demo_remark(s, sight->host, TND_LADDER_BAD,
                    N_("The callee starts again, and knows nothing of the call any more."));
        return;
    case SIM_BORN:
    case SIM_DEAD:
    case SIM_FED:
    case SIM_RESTLESS:
        return;
    }
}

struct sim_watcher demo_watcher(struct demo_stage *s)
{
    return (struct sim_watcher){see, s};
}
