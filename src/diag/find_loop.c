/* 482 and 483: what goes in a circle (RFC 3261 §16.3; RFC 5393). */
#include "diag/find_case.h"

/* An element that has put its Via on the request twice, for the same reason or another: where the second
 * one stands; absent: none. */
static struct tnd_slice via_twice(struct find_case *c, uint32_t request)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, request), TND_HEADER_VIA);
    struct tnd_via via, seen[CASE_HOP_COUNT_MAX];
    size_t count = 0;

    for (; count < CASE_HOP_COUNT_MAX && tnd_via_next(&v, &via); seen[count++] = via)
        for (size_t i = 0; i < count; i++)
            if (tnd_host_eq(seen[i].host, via.host) && seen[i].port == via.port)
                return via.text;
    return (struct tnd_slice){0};
}

/* The same request, that came to the same element by another way. */
static uint32_t twin_of(struct find_case *c, uint32_t request)
{
    const struct case_view *view = case_view(c, request);

    for (uint32_t i = 0; i < request; i++) {
        if (!case_is_request(c, i) || c->m[i].method != c->m[request].method ||
            c->m[i].leg != c->m[request].leg || case_is_elsewhere(&c->m[i].to, &c->m[request].to))
            continue;
        const struct case_view *other = case_view(c, i);
        if (other->cseq == view->cseq && tnd_slice_eq(other->from_tag, view->from_tag) &&
            !tnd_slice_eq(other->branch, view->branch))
            return i;
    }
    return CASE_NONE;
}

static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t response, uint32_t *ret_proof)
{
    uint32_t request = case_request(c, response);

    *ret_proof = CASE_NONE;
    if (request == CASE_NONE)
        return TND_DIAG_RULE_LOOP;
    if (via_twice(c, request).ptr)
        return TND_DIAG_RULE_LOOP;
    if (c->m[response].code == 483)
        return TND_DIAG_RULE_NONE; /* that hops are spent is said anyway */
    *ret_proof = twin_of(c, request);
    return *ret_proof == CASE_NONE ? TND_DIAG_RULE_LOOP : TND_DIAG_RULE_REQUEST_MERGED;
}

/* One circle is found at many places of it. */
static bool is_told(const struct find_case *c, enum tnd_diag_rule rule)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->finding[i].rule == rule && !c->finding[i].is_guess)
            return true;
    return false;
}

static void raise(struct find_case *c, enum tnd_diag_rule rule, uint32_t response, uint32_t proof)
{
    uint32_t request = case_request(c, response);
    struct tnd_diag_finding *f = case_raise(c, rule, response);
    struct tnd_slice via = {0};

    if (request != CASE_NONE)
        via = via_twice(c, request);
    f->place = c->m[response].from;
    f->is_guess = rule == TND_DIAG_RULE_LOOP && !via.ptr;
    if (via.ptr)
        case_show_line(c, f, request, via);
    if (proof != CASE_NONE)
        case_show(f, proof);
    if (request != CASE_NONE)
        f->detail = case_msg(c, request)->uri;
    if (rule == TND_DIAG_RULE_LOOP)
        case_ease(c, f, response);
    else if (c->call->result == TND_DIAG_FAILED && c->call->code == 482)
        f->severity = TND_DIAG_ERROR; /* the copy that came first has got no better answer */
}

void find_loop(struct find_case *c)
{
    static const uint16_t codes[] = {482, 483};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        for (uint32_t r = 0; (r = case_next_refusal(c, r, codes[i])) != CASE_NONE; r++) {
            uint32_t proof;
            enum tnd_diag_rule rule = cause_of(c, r, &proof);

            if (rule != TND_DIAG_RULE_NONE && !is_told(c, rule))
                raise(c, rule, r, proof);
        }
}

void find_hops_spent(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 483)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_HOPS_SPENT, r);

        if (request != CASE_NONE) {
            case_show_field(c, f, request, TND_HEADER_MAX_FORWARDS);
            case_show_field(c, f, case_top(c, request), TND_HEADER_MAX_FORWARDS);
        }
        case_ease(c, f, r);
    }
}
