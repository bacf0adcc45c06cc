/* How the messages of a call belong together: responses and requests, what proxies passed on, dialogs, and
 * what was tried again. */
#include "diag/find_case.h"

uint32_t case_request(const struct find_case *c, uint32_t response)
{
    uint32_t request = c->m[response].request;

    if (request >= c->count)
        return CASE_NONE;
    return c->m[request].first < c->count ? c->m[request].first : request;
}

uint32_t case_response(const struct find_case *c, uint32_t request, unsigned low, unsigned high)
{
    for (uint32_t i = request + 1; i < c->count; i++)
        if (c->m[i].code >= low && c->m[i].code <= high && !c->m[i].is_again &&
            case_request(c, i) == request)
            return i;
    return CASE_NONE;
}

static bool is_repeat(const struct find_case *c, uint32_t i, uint32_t message)
{
    return c->m[i].is_again && c->m[i].first == message;
}

size_t case_repeats(const struct find_case *c, uint32_t message, uint32_t after)
{
    size_t count = 0;

    for (uint32_t i = after + 1; i < c->count; i++)
        count += is_repeat(c, i, message);
    return count;
}

uint32_t case_last_repeat(const struct find_case *c, uint32_t message)
{
    for (uint32_t i = c->count; i-- > message;)
        if (is_repeat(c, i, message))
            return i;
    return message;
}

/* RFC 3261 §16.6, step 8: a proxy puts its own Via on top of the one that it got. */
static uint32_t look_up(struct find_case *c, uint32_t request)
{
    struct tnd_slice before = case_view(c, request)->branch_before;

    if (before.len == 0)
        return CASE_NONE;
    for (uint32_t i = request; i-- > 0;)
        if (case_is_request(c, i) && c->m[i].method == c->m[request].method &&
            tnd_slice_eq(case_view(c, i)->branch, before))
            return i;
    return CASE_NONE;
}

uint32_t case_up(struct find_case *c, uint32_t request)
{
    struct case_view *view = &c->view[request];

    if (!view->has_up) {
        uint32_t up = look_up(c, request);

        view->up = up;
        view->has_up = true;
    }
    return view->up;
}

uint32_t case_top(struct find_case *c, uint32_t request)
{
    for (int hop = 0; hop < CASE_HOP_COUNT_MAX; hop++) {
        uint32_t up = case_up(c, request);

        if (up == CASE_NONE)
            break;
        request = up;
    }
    return request;
}

uint32_t case_down(struct find_case *c, uint32_t request, uint32_t after)
{
    for (uint32_t i = after + 1; i < c->count; i++)
        if (case_is_request(c, i) && c->m[i].method == c->m[request].method &&
            case_up(c, i) == request)
            return i;
    return CASE_NONE;
}

/* Through a proxy; or through a B2BUA, whose other leg ends in the same way. */
static bool is_source_of(struct find_case *c, uint32_t source, uint32_t request, uint8_t leg)
{
    uint32_t asked = case_request(c, source);

    if (asked == CASE_NONE)
        return false;
    return c->m[source].leg > leg || (request != CASE_NONE && case_up(c, asked) == request);
}

bool case_is_passed_on(struct find_case *c, uint32_t response)
{
    const struct tnd_diag_message *m = &c->m[response];
    uint32_t request = case_request(c, response);

    for (uint32_t i = response; i-- > 0;)
        if (case_is_response(c, i, m->code) && c->m[i].method == m->method &&
            is_source_of(c, i, request, m->leg))
            return true;
    return false;
}

bool case_is_handed_up(struct find_case *c, uint32_t response)
{
    uint32_t request = case_request(c, response);
    uint32_t up = request == CASE_NONE ? CASE_NONE : case_up(c, request);

    if (up == CASE_NONE)
        return false;
    for (uint32_t i = response + 1; i < c->count; i++)
        if (case_is_response(c, i, c->m[response].code) && case_request(c, i) == up)
            return true;
    return false;
}

bool case_is_initial(struct find_case *c, uint32_t request)
{
    return case_view(c, request)->to_tag.len == 0;
}

uint32_t case_invite(struct find_case *c, uint8_t leg)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (case_is_request(c, i) && c->m[i].method == TND_METHOD_INVITE && c->m[i].leg == leg &&
            case_is_initial(c, i))
            return i;
    return CASE_NONE;
}

bool case_is_by_caller(struct find_case *c, uint32_t request)
{
    uint32_t invite = case_invite(c, c->m[request].leg);

    return invite == CASE_NONE ||
           tnd_slice_eq(case_view(c, invite)->from_tag, case_view(c, request)->from_tag);
}

bool case_is_same_dialog(struct find_case *c, uint32_t a, uint32_t b)
{
    const struct case_view *x = case_view(c, a), *y = case_view(c, b);

    if (c->m[a].leg != c->m[b].leg || x->to_tag.len == 0 || y->to_tag.len == 0)
        return false;
    return (tnd_slice_eq(x->from_tag, y->from_tag) && tnd_slice_eq(x->to_tag, y->to_tag)) ||
           (tnd_slice_eq(x->from_tag, y->to_tag) && tnd_slice_eq(x->to_tag, y->from_tag));
}

/* Of the same sender: of who passed the same request on, or of who began. */
static bool is_next_try(struct find_case *c, uint32_t i, uint32_t request)
{
    const struct tnd_diag_message *m = &c->m[request];

    return case_is_request(c, i) && c->m[i].method == m->method && c->m[i].leg == m->leg &&
           case_is_initial(c, i) == case_is_initial(c, request) &&
           tnd_slice_eq(case_view(c, i)->from_tag, case_view(c, request)->from_tag) &&
           case_up(c, i) == case_up(c, request) &&
           !tnd_slice_eq(case_view(c, i)->branch, case_view(c, request)->branch);
}

uint32_t case_next_try(struct find_case *c, uint32_t response)
{
    uint32_t request = case_request(c, response);

    if (request == CASE_NONE)
        return CASE_NONE;
    for (uint32_t i = response + 1; i < c->count; i++)
        if (is_next_try(c, i, request))
            return i;
    return CASE_NONE;
}

bool case_is_mended(struct find_case *c, uint32_t response)
{
    uint32_t code = c->m[response].code;

    for (int hop = 0; hop < CASE_HOP_COUNT_MAX; hop++) {
        uint32_t request = case_next_try(c, response);
        uint32_t final = request == CASE_NONE ? CASE_NONE : case_final(c, request);

        if (final == CASE_NONE)
            break;
        if (c->m[final].code != code)
            return true;
        response = final;
    }
    /* Where a proxy is between, who asks tries again on another hop. */
    return c->call->result == TND_DIAG_ANSWERED;
}

uint32_t case_next_refusal(struct find_case *c, uint32_t at, unsigned code)
{
    if (!case_has(c, code))
        return CASE_NONE;
    for (; at < c->count; at++)
        if (case_is_response(c, at, code) && !case_is_passed_on(c, at))
            return at;
    return CASE_NONE;
}
