/* A 6xx speaks for all branches of a fork (RFC 3261 §16.7, step 5). */
#include "diag/find_case.h"

static bool is_global(const struct find_case *c, uint32_t i)
{
    return c->m[i].code >= 600 && !c->m[i].is_again && c->m[i].method == TND_METHOD_INVITE;
}

/* The CANCEL of an INVITE; CASE_NONE. */
static uint32_t cancel_of(struct find_case *c, uint32_t invite)
{
    for (uint32_t i = invite + 1; i < c->count; i++)
        if (case_is_request(c, i) && c->m[i].method == TND_METHOD_CANCEL &&
            tnd_slice_eq(case_view(c, i)->branch, case_view(c, invite)->branch))
            return i;
    return CASE_NONE;
}

/* Another branch of the same fork that was still pending when the response came, or was on its way out just
 * then; start with after = 0. */
static uint32_t next_pending(struct find_case *c, uint32_t response, uint32_t after)
{
    uint32_t branch = case_request(c, response);
    uint32_t up = branch == CASE_NONE ? CASE_NONE : case_up(c, branch);

    if (up == CASE_NONE)
        return CASE_NONE;
    for (uint32_t i = case_down(c, up, after > up ? after : up); i != CASE_NONE;
         i = case_down(c, up, i)) {
        uint32_t final = case_final(c, i);

        if (i != branch && (final == CASE_NONE || final > response))
            return i;
    }
    return CASE_NONE;
}

void find_fork_stopped(struct find_case *c)
{
    for (uint32_t r = 0; r < c->count; r++) {
        if (!is_global(c, r) || case_is_passed_on(c, r))
            continue;
        uint32_t other = next_pending(c, r, 0);
        uint32_t cancel = other == CASE_NONE ? CASE_NONE : cancel_of(c, other);
        if (cancel == CASE_NONE || cancel < r)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_FORK_STOPPED, r);
        case_blame_answer(c, f, r);
        case_show(f, cancel);
        f->detail = case_msg(c, case_request(c, r))->uri;
    }
}

void find_fork_not_stopped(struct find_case *c)
{
    for (uint32_t r = 0; r < c->count; r++) {
        if (!is_global(c, r) || case_is_passed_on(c, r) || !case_is_handed_up(c, r))
            continue;
        for (uint32_t i = next_pending(c, r, 0); i != CASE_NONE; i = next_pending(c, r, i)) {
            if (case_response(c, i, 101, 199) == CASE_NONE || cancel_of(c, i) != CASE_NONE ||
                case_final(c, i) != CASE_NONE)
                continue;
            struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_FORK_NOT_STOPPED, r);
            case_show(f, i);
            f->place = c->m[i].from;
            f->detail = case_msg(c, i)->uri;
            break;
        }
    }
}
