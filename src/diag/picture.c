/* A call as a ladder: who takes part, and each message with what it says that matters; what was found stands
 * behind the message that proves it. */
#include "diag/diag.h"
#include "diag/facts.h"
#include "tandem/sip/field.h"

enum {
    EPHEMERAL_PORT_MIN =
        32768, /* where clients of a connection begin: RFC 6056 §3.2 has 49152, Linux this */
    NO_PARTY = TND_LADDER_PARTY_COUNT_MAX,
};

struct picture {
    const struct tnd_diag_call *call;
    enum tnd_lang lang;
    struct tnd_arena *a;
    struct tnd_endpoint ends[TND_LADDER_PARTY_COUNT_MAX];
    struct tnd_ladder ladder;
    struct tnd_ladder_line *line;
    struct tnd_slice caller_tag; /* of From in the first message */
    size_t left_out;
};

static struct tnd_slice keep(struct picture *p, const struct tnd_writer *w)
{
    return tnd_slice_keep(p->a, tnd_slice(w->ptr, w->len < w->size ? w->len : w->size));
}

/* RFC 3261 §18: who opens a connection has a port of its own for it, which names nobody. */
static bool is_ephemeral(const struct tnd_endpoint *e)
{
    return tnd_transport_is_reliable((enum tnd_transport)e->transport) &&
           e->port >= EPHEMERAL_PORT_MIN;
}

static bool is_same_party(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    return tnd_address_eq(a, b) && (a->port == b->port || is_ephemeral(a) || is_ephemeral(b));
}

static struct tnd_slice name_of(struct picture *p, const struct tnd_endpoint *e)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_endpoint plain = *e;

    plain.transport = TND_TRANSPORT_NONE;
    tnd_endpoint_write(&w, &plain);
    return keep(p, &w);
}

static uint8_t add_party(struct picture *p, const struct tnd_endpoint *e, struct tnd_slice name)
{
    size_t i = p->ladder.party_count;

    if (i == TND_LADDER_PARTY_COUNT_MAX) { /* all further ones are the last */
        p->ladder.party[i - 1] = TND_STR("...");
        return (uint8_t)(i - 1);
    }
    p->ends[i] = *e;
    p->ladder.party[i] = name;
    p->ladder.party_count++;
    return (uint8_t)i;
}

static uint8_t find_party(const struct picture *p, const struct tnd_endpoint *e)
{
    for (uint8_t i = 0; i < p->ladder.party_count; i++)
        if (tnd_endpoint_eq(&p->ends[i], e))
            return i;
    for (uint8_t i = 0; i < p->ladder.party_count && e->family != TND_FAMILY_NONE; i++)
        if (is_same_party(&p->ends[i], e))
            return i;
    return NO_PARTY;
}

static uint8_t party_of(struct picture *p, const struct tnd_endpoint *e)
{
    uint8_t found = find_party(p, e);

    if (found != NO_PARTY)
        return found;
    return add_party(p, e, e->family == TND_FAMILY_NONE ? TND_STR("?") : name_of(p, e));
}

/* Of a log that names neither end: the two that the call is between, told apart by the tag of From, which is
 * the sender's (RFC 3261 §12.2.1.1). */
static void sides_of(struct picture *p, const struct tnd_msg *msg, struct tnd_ladder_line *line)
{
    const struct tnd_endpoint none = {0};
    struct tnd_addr from;

    if (p->ladder.party_count < 2) {
        enum tnd_lang lang = p->lang;

        add_party(p, &none, tnd_slice_str(tnd_diag_culprit_text(TND_DIAG_CALLER, lang)));
        add_party(p, &none, tnd_slice_str(tnd_diag_culprit_text(TND_DIAG_CALLEE, lang)));
    }
    bool is_readable = tnd_msg_from(msg, &from, NULL);
    bool is_of_caller = !is_readable || !p->caller_tag.ptr || tnd_slice_eq(from.tag, p->caller_tag);
    line->from = is_of_caller == (msg->kind == TND_MSG_RESPONSE);
    line->to = !line->from;
}

static void set_ends(struct picture *p, const struct tnd_diag_message *m, const struct tnd_msg *msg,
                     struct tnd_ladder_line *line)
{
    if (m->from.family == TND_FAMILY_NONE && m->to.family == TND_FAMILY_NONE) {
        sides_of(p, msg, line);
        return;
    }
    if (m->code != 0) /* who asked stands on the left */
        line->to = party_of(p, &m->to);
    line->from = party_of(p, &m->from);
    line->to = party_of(p, &m->to);
    if (line->from == line->to && !tnd_endpoint_eq(&m->from, &m->to)) /* both of one machine */
        line->to = add_party(p, &m->to, name_of(p, &m->to));
}

static struct tnd_ladder_line *add_line(struct picture *p, int64_t at)
{
    /* the last one is for what is left out */
    if (p->ladder.line_count == TND_LADDER_LINE_COUNT_MAX - 1) {
        p->left_out++;
        return NULL;
    }
    struct tnd_ladder_line *line = &p->line[p->ladder.line_count++];
    *line = (struct tnd_ladder_line){.at = at > 0 ? at : 0};
    return line;
}

static void add_message(struct picture *p, const struct tnd_diag_message *m)
{
    struct tnd_slice fact[TND_LADDER_FACT_COUNT_MAX];
    struct tnd_ladder_line *line = add_line(p, m->at - p->call->message[0].at);
    struct tnd_msg msg;

    if (!line || tnd_msg_parse_datagram(&msg, p->a, m->bytes))
        return;
    set_ends(p, m, &msg, line);
    line->text = tnd_ladder_label(&msg, p->a);
    line->tone = m->is_again ? TND_LADDER_FAINT : (uint8_t)tnd_ladder_tone_of(m->code);
    if (tnd_transport_is_reliable((enum tnd_transport)m->from.transport))
        line->aside = tnd_slice_str(tnd_transport_name((enum tnd_transport)m->from.transport));
    if (m->is_again)
        return;
    line->fact_count = (uint8_t)tnd_ladder_facts(&msg, p->a, fact);
    memcpy(line->fact, fact, line->fact_count * sizeof(*fact));
}

/* Behind which message a finding stands: the last one of what proves it; of nothing, the last of all. */
static size_t message_of(const struct tnd_diag_call *call, const struct tnd_diag_finding *f)
{
    size_t last = 0;

    for (size_t i = 0; i < f->evidence_count; i++)
        if (f->evidence[i].message > last)
            last = f->evidence[i].message;
    return f->evidence_count > 0 && last < call->message_count ? last : call->message_count - 1;
}

static struct tnd_slice remark_of(struct picture *p, const struct tnd_diag_finding *f)
{
    const char *text = tnd_diag_rule_text(f->rule, p->lang);
    char detail_room[TND_DIAG_DETAIL_SIZE];
    struct tnd_slice detail = tnd_diag_detail(f, p->lang, detail_room);
    size_t size = strlen(text) + detail.len + sizeof(" ()");
    char *room = tnd_arena_take(p->a, size);

    if (!room)
        return tnd_slice(NULL, 0);
    struct tnd_writer w = tnd_writer(room, size);
    tnd_put_str(&w, text);
    if (detail.len > 0) {
        tnd_put_str(&w, " (");
        tnd_put(&w, detail);
        tnd_put_str(&w, ")");
    }
    return tnd_writer_slice(&w);
}

static void add_remark(struct picture *p, const struct tnd_diag_finding *f,
                       const struct tnd_ladder_line *behind)
{
    struct tnd_ladder_line *line = add_line(p, behind ? behind->at : 0);
    uint8_t party = f->place.family == TND_FAMILY_NONE ? NO_PARTY : find_party(p, &f->place);

    if (!line)
        return;
    line->from = line->to = party != NO_PARTY ? party : behind ? behind->to : 0;
    line->tone = f->severity == TND_DIAG_ERROR ? TND_LADDER_BAD : TND_LADDER_PLAIN;
    line->text = remark_of(p, f);
}

static void add_remarks(struct picture *p, size_t message)
{
    const struct tnd_ladder_line *behind =
        p->ladder.line_count > 0 ? &p->line[p->ladder.line_count - 1] : NULL;

    for (size_t i = 0; i < p->call->finding_count; i++)
        if (message_of(p->call, &p->call->finding[i]) == message)
            add_remark(p, &p->call->finding[i], behind);
}

static void add_left_out(struct picture *p)
{
    char room[32];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    p->left_out += p->call->left_out;
    if (p->left_out == 0)
        return;
    struct tnd_ladder_line *line = &p->line[p->ladder.line_count++];
    *line = (struct tnd_ladder_line){.is_timeless = true};
    tnd_put_str(&w, "... +");
    tnd_put_number(&w, p->left_out);
    line->text = keep(p, &w);
}

/* "INVITE sip:alice@example.org > sip:bob@example.org: 486 Busy Here" */
static struct tnd_slice title_of(struct picture *p)
{
    const struct tnd_diag_call *call = p->call;
    const char *phrase = tnd_code_phrase(call->code);
    size_t size = call->from.len + call->to.len + strlen(phrase) + 64;
    char *room = tnd_arena_take(p->a, size);

    if (!room)
        return tnd_slice(NULL, 0);
    struct tnd_writer w = tnd_writer(room, size);
    tnd_put_str(&w, tnd_method_name((enum tnd_method)call->method));
    tnd_put_str(&w, " ");
    tnd_put(&w, call->from);
    tnd_put_str(&w, " > ");
    tnd_put(&w, call->to);
    if (call->code != 0) {
        tnd_put_str(&w, ": ");
        tnd_put_number(&w, call->code);
        tnd_put_str(&w, " ");
        tnd_put_str(&w, phrase);
    }
    return tnd_writer_slice(&w);
}

static struct tnd_slice first_tag(struct picture *p)
{
    struct tnd_msg msg;
    struct tnd_addr from;

    if (p->call->message_count > 0 &&
        tnd_msg_parse_datagram(&msg, p->a, p->call->message[0].bytes) == 0 &&
        tnd_msg_from(&msg, &from, NULL))
        return from.tag;
    return tnd_slice(NULL, 0);
}

int tnd_diag_ladder(const struct tnd_diag_call *call, enum tnd_lang lang, struct tnd_arena *a,
                    struct tnd_ladder *ret)
{
    size_t line_count = call->message_count + call->finding_count + 1;
    struct picture p = {.call = call, .lang = lang, .a = a};

    if (line_count > TND_LADDER_LINE_COUNT_MAX)
        line_count = TND_LADDER_LINE_COUNT_MAX;
    p.line = tnd_arena_take(a, line_count * sizeof(*p.line));
    if (!p.line)
        return TND_ENOMEM;
    p.caller_tag = first_tag(&p);
    for (size_t i = 0; i < call->message_count; i++) {
        add_message(&p, &call->message[i]);
        add_remarks(&p, i);
    }
    add_left_out(&p);
    p.ladder.title = title_of(&p);
    p.ladder.line = p.line;
    p.ladder.lang = (uint8_t)lang;
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = p.ladder;
    return 0;
}
