/* Whether requests within a call go by the proxies that have to see them (RFC 3261 §12.2.1.1, §16.6). */
#include "diag/find_case.h"

/* ACK aside, one that got no response; or that was answered by who does not know the call. */
static bool has_failed(struct find_case *c, uint32_t request)
{
    uint32_t final = case_final(c, request);

    if (c->m[request].method == TND_METHOD_ACK)
        return false;
    if (final == CASE_NONE)
        return case_repeats(c, request, request) > 0;
    return c->m[final].code == 408 || c->m[final].code == 481 || c->m[final].code == 404;
}

static size_t count_of(struct find_case *c, uint32_t i, enum tnd_header header)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, i), header);
    struct tnd_addr addr;
    size_t count = 0;

    while (tnd_addr_next(&v, &addr))
        count++;
    return count;
}

static uint32_t first_invite(const struct find_case *c)
{
    uint32_t i = 0;

    while (i < c->count && !(case_is_request(c, i) && c->m[i].method == TND_METHOD_INVITE))
        i++;
    return i;
}

/* An INVITE that a proxy passed on without asking to stay in the way; start with at = 0. The first one was not
 * passed on by anybody who was seen. */
static uint32_t next_unrecorded(struct find_case *c, uint32_t at)
{
    uint32_t first = first_invite(c);

    for (at = at > first ? at : first + 1; at < c->count; at++) {
        uint32_t up;

        if (!case_is_request(c, at) || c->m[at].method != TND_METHOD_INVITE ||
            !case_is_initial(c, at) || case_response(c, at, 200, 299) == CASE_NONE)
            continue;
        up = case_up(c, at);
        if (up != CASE_NONE &&
            count_of(c, at, TND_HEADER_RECORD_ROUTE) <= count_of(c, up, TND_HEADER_RECORD_ROUTE))
            return at;
    }
    return CASE_NONE;
}

/* A request of that dialog that an endpoint has sent to somebody else than the proxy, and that failed. */
static uint32_t failed_around(struct find_case *c, uint32_t invite,
                              const struct tnd_endpoint *proxy)
{
    uint32_t answer = case_response(c, invite, 200, 299);

    for (uint32_t i = answer + 1; i < c->count; i++)
        if (case_is_request(c, i) && case_is_same_dialog(c, i, answer) &&
            case_up(c, i) == CASE_NONE && case_is_elsewhere(&c->m[i].to, proxy) &&
            case_is_elsewhere(&c->m[i].from, proxy) && has_failed(c, i))
            return i;
    return CASE_NONE;
}

void find_record_route(struct find_case *c)
{
    for (uint32_t i = 0; (i = next_unrecorded(c, i)) != CASE_NONE; i++) {
        uint32_t up = case_up(c, i);
        uint32_t failed = failed_around(c, i, &c->m[up].to);

        if (failed == CASE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_RECORD_ROUTE_MISSING, i);
        f->place = c->m[up].to;
        f->is_guess = true; /* what stops the request on its way is not seen */
        case_show(f, failed);
        case_show_field(c, f, case_response(c, i, 200, 299), TND_HEADER_CONTACT);
        f->detail = case_msg(c, failed)->uri;
    }
}

/* The answer to the INVITE that this side sent or got; only its own hop: a proxy takes Route away. */
static uint32_t answer_at(struct find_case *c, uint32_t request)
{
    for (uint32_t i = 0; i < request; i++) {
        uint32_t invite;

        if (c->m[i].code < 200 || c->m[i].code > 299 || c->m[i].method != TND_METHOD_INVITE ||
            c->m[i].is_again || !case_is_same_dialog(c, i, request))
            continue;
        invite = case_request(c, i);
        if (invite == CASE_NONE)
            continue;
        const struct tnd_endpoint *own =
            case_is_by_caller(c, request) ? &c->m[invite].from : &c->m[invite].to;
        if (c->m[request].from.family != TND_FAMILY_NONE &&
            !case_is_elsewhere(own, &c->m[request].from))
            return i;
    }
    return CASE_NONE;
}

/* The ACK of a refusal is made at each hop, with the branch of its INVITE and the Route that this had there (RFC
 * 3261 §17.1.1.3): that of a proxy, which has taken its own away, is no request of an endpoint. */
static bool is_refusal_acknowledged(struct find_case *c, uint32_t ack)
{
    for (uint32_t i = ack; i-- > 0;)
        if (c->m[i].code >= 300 && c->m[i].method == TND_METHOD_INVITE &&
            c->m[i].leg == c->m[ack].leg &&
            tnd_slice_eq(case_view(c, i)->branch, case_view(c, ack)->branch))
            return true;
    return false;
}

static bool lacks_route(struct find_case *c, uint32_t i)
{
    return case_is_request(c, i) && c->m[i].method != TND_METHOD_CANCEL &&
           !case_glance(c, i, CASE_HAS_ROUTE) && !case_is_initial(c, i) &&
           case_view(c, i)->via_count == 1 &&
           !(c->m[i].method == TND_METHOD_ACK && is_refusal_acknowledged(c, i));
}

static bool has_record_route(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->m[i].method == TND_METHOD_INVITE && c->m[i].code >= 200 && c->m[i].code < 300 &&
            case_glance(c, i, CASE_HAS_RECORD_ROUTE))
            return true;
    return false;
}

void find_route_ignored(struct find_case *c)
{
    if (!has_record_route(c))
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t answer = lacks_route(c, i) ? answer_at(c, i) : CASE_NONE;

        if (answer == CASE_NONE || !tnd_msg_has(case_msg(c, answer), TND_HEADER_RECORD_ROUTE))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_ROUTE_IGNORED, i);
        case_show_field(c, f, answer, TND_HEADER_RECORD_ROUTE);
        case_blame_sender(c, f, i);
        f->detail = tnd_slice_str(tnd_method_name((enum tnd_method)c->m[i].method));
        if (!has_failed(c, i))
            f->severity = TND_DIAG_WARNING;
    }
}
