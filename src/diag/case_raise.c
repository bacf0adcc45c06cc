/* Findings: made, blamed on somebody, and proved. */
#include "diag/find_case.h"

static bool is_enough(struct find_case *c, enum tnd_diag_rule rule)
{
    size_t same = 0;

    if (!c->finding)
        c->finding = tnd_arena_take(c->a, CASE_FINDING_COUNT_MAX * sizeof(*c->finding));
    if (!c->finding)
        return true;

    for (size_t i = 0; i < c->finding_count; i++)
        same += c->finding[i].rule == rule;
    return same >= CASE_SAME_COUNT_MAX || c->finding_count == CASE_FINDING_COUNT_MAX;
}

/* Of who it is by the rule, as far as the message itself tells. */
static struct tnd_endpoint place_of(const struct find_case *c, enum tnd_diag_culprit culprit,
                                    uint32_t message)
{
    uint32_t request = c->m[message].code ? case_request(c, message) : message;

    switch (culprit) {
    case TND_DIAG_CALLER:
        if (request != CASE_NONE)
            return c->m[request].from;
        return c->m[message].to;
    case TND_DIAG_CALLEE:
    case TND_DIAG_PROXY:
        return c->m[message].code ? c->m[message].from : c->m[message].to;
    case TND_DIAG_NOBODY:
    case TND_DIAG_NETWORK:
        break;
    }
    return (struct tnd_endpoint){0};
}

struct tnd_diag_finding *case_raise(struct find_case *c, enum tnd_diag_rule rule, uint32_t message)
{
    struct tnd_diag_finding *f = is_enough(c, rule) ? &c->spare : &c->finding[c->finding_count++];
    enum tnd_diag_culprit culprit = tnd_diag_rule_culprit(rule);

    *f = (struct tnd_diag_finding){
        .rule = (uint16_t)rule,
        .severity = (uint8_t)tnd_diag_rule_severity(rule),
        .culprit = (uint8_t)culprit,
        .code = c->m[message].code,
        .place = place_of(c, culprit, message),
    };
    case_show(f, message);
    return f;
}

/* Whoever makes a request of another one is a proxy, and so is who began a leg that is not the first. */
void case_blame_sender(struct find_case *c, struct tnd_diag_finding *f, uint32_t request)
{
    uint32_t top = case_top(c, request);
    bool by_caller = case_is_by_caller(c, top);

    f->place = c->m[top].from;
    if (!by_caller)
        f->culprit = TND_DIAG_CALLEE;
    else
        f->culprit = c->m[top].leg > 0 ? TND_DIAG_PROXY : TND_DIAG_CALLER;
}

void case_blame_answer(struct find_case *c, struct tnd_diag_finding *f, uint32_t response)
{
    uint32_t request = case_request(c, response);

    f->place = c->m[response].from;
    f->culprit = TND_DIAG_CALLEE;
    if (request == CASE_NONE)
        return;
    if (case_down(c, request, request) != CASE_NONE)
        f->culprit = TND_DIAG_PROXY;
    else if (!case_is_by_caller(c, request))
        f->culprit = TND_DIAG_CALLER;
}

static void put_evidence(struct tnd_diag_finding *f, uint32_t message, struct tnd_slice line)
{
    if (f->evidence_count < TND_DIAG_EVIDENCE_COUNT_MAX)
        f->evidence[f->evidence_count++] = (struct tnd_diag_evidence){message, line};
}

void case_show(struct tnd_diag_finding *f, uint32_t message)
{
    put_evidence(f, message, tnd_slice(NULL, 0));
}

void case_show_field(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                     enum tnd_header header)
{
    const struct tnd_msg *msg = case_msg(c, message);
    const struct tnd_field *field = tnd_msg_field(msg, header);

    if (field)
        put_evidence(f, message, tnd_slice_trim(tnd_field_lines(msg, field)));
}

void case_show_line(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                    struct tnd_slice where)
{
    const struct tnd_msg *msg = case_msg(c, message);
    const char *first = where.ptr, *end = where.ptr;
    uintptr_t at = (uintptr_t)where.ptr - (uintptr_t)msg->text.ptr;

    if (!where.ptr || !msg->text.ptr || at > msg->text.len)
        return; /* it is not of this message */
    while (first > msg->text.ptr && first[-1] != '\n')
        first--;
    while (end < tnd_slice_end(msg->text) && *end != '\r' && *end != '\n')
        end++;
    put_evidence(f, message, tnd_slice_between(first, end));
}

void case_ease(struct find_case *c, struct tnd_diag_finding *f, uint32_t response)
{
    if (case_is_mended(c, response))
        f->severity = TND_DIAG_NOTE;
}

struct tnd_slice case_text(struct find_case *c, const struct tnd_slice *pieces, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        size += pieces[i].len;
    struct tnd_writer w = tnd_writer(tnd_arena_take(c->a, size), size);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    for (size_t i = 0; i < count; i++)
        tnd_put(&w, pieces[i]);
    return tnd_writer_slice(&w);
}

struct tnd_slice case_unquoted(struct tnd_slice s)
{
    if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
        return tnd_slice(s.ptr + 1, s.len - 2);
    return s;
}
