/* 3xx: whether it could be followed, and was (RFC 3261 §8.1.3.4). */
#include "diag/find_case.h"

enum { CONTACT_COUNT_MAX = 20 }; /* of one response that are looked at */

/* Where a response leads to. */
struct targets {
    struct tnd_uri uri[CONTACT_COUNT_MAX];
    size_t count;
};

static void read_targets(struct find_case *c, uint32_t response, struct targets *ret)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, response), TND_HEADER_CONTACT);
    struct tnd_contact contact;

    ret->count = 0;
    while (ret->count < CONTACT_COUNT_MAX && tnd_contact_next(&v, &contact))
        if (!contact.star && contact.addr.uri.scheme != TND_SCHEME_OTHER)
            ret->uri[ret->count++] = contact.addr.uri;
}

static bool leads_to(const struct targets *targets, const struct tnd_uri *uri)
{
    for (size_t i = 0; i < targets->count; i++)
        if (tnd_uri_eq(&targets->uri[i], uri))
            return true;
    return false;
}

/* A request that begins the same thing, from before to behind, for one of the targets; CASE_NONE. */
static uint32_t find_request(struct find_case *c, const struct targets *targets, uint32_t request,
                             uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++) {
        struct tnd_uri uri;

        if (case_is_request(c, i) && c->m[i].method == c->m[request].method &&
            case_is_initial(c, i) && tnd_msg_uri(case_msg(c, i), &uri, NULL) &&
            leads_to(targets, &uri))
            return i;
    }
    return CASE_NONE;
}

/* Only what this response leads to, and was asked by who asked here: a proxy gives on what it has asked. */
static uint32_t tried_before(struct find_case *c, const struct targets *targets, uint32_t request)
{
    return find_request(c, targets, request, 0, request + 1);
}

static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t response, uint32_t request,
                                   uint32_t *ret_proof)
{
    struct targets targets;

    *ret_proof = CASE_NONE;
    if (c->m[response].code == 305)
        return TND_DIAG_RULE_REDIRECT_TO_PROXY;
    read_targets(c, response, &targets);
    bool is_followed = find_request(c, &targets, request, response + 1, c->count) != CASE_NONE;
    if (c->m[response].code == 380) /* its body tells more than its Contact */
        return is_followed ? TND_DIAG_RULE_NONE : TND_DIAG_RULE_ALTERNATIVE_NOT_USED;
    if (targets.count == 0)
        return TND_DIAG_RULE_REDIRECT_WITHOUT_CONTACT;
    *ret_proof = tried_before(c, &targets, request);
    if (is_followed && *ret_proof == CASE_NONE)
        return TND_DIAG_RULE_NONE;
    return *ret_proof == CASE_NONE ? TND_DIAG_RULE_REDIRECT_NOT_FOLLOWED
                                   : TND_DIAG_RULE_REDIRECT_LOOP;
}

void find_redirect(struct find_case *c)
{
    for (uint32_t r = 0; r < c->count; r++) {
        unsigned code = c->m[r].code;
        uint32_t request, proof;

        if (code < 300 || code > 399 || c->m[r].is_again || case_is_passed_on(c, r))
            continue;
        request = case_request(c, r);
        if (request == CASE_NONE)
            continue;
        enum tnd_diag_rule rule = cause_of(c, r, request, &proof);
        if (rule == TND_DIAG_RULE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, rule, r);
        case_show_field(c, f, r, TND_HEADER_CONTACT);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_CONTACT);
        if (proof != CASE_NONE)
            case_show(f, proof);
        if (f->culprit == TND_DIAG_CALLEE)
            case_blame_answer(c, f, r);
        case_ease(c, f, r);
    }
}
