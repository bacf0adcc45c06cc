/* Calls that the caller ends before they are answered (RFC 3261 §9; RFC 5407 §3.1.2). */
#include "diag/find_case.h"

/* The INVITE that the CANCEL is of; CASE_NONE: not seen. */
static uint32_t invite_of(struct find_case *c, uint32_t cancel)
{
    for (uint32_t i = cancel; i-- > 0;)
        if (case_is_request(c, i) && c->m[i].method == TND_METHOD_INVITE &&
            c->m[i].leg == c->m[cancel].leg &&
            tnd_slice_eq(case_view(c, i)->branch, case_view(c, cancel)->branch))
            return i;
    return CASE_NONE;
}

static bool is_cancel(const struct find_case *c, uint32_t i)
{
    return case_is_request(c, i) && c->m[i].method == TND_METHOD_CANCEL;
}

/* A BYE of this dialog; CASE_NONE. */
static uint32_t bye_of(struct find_case *c, uint32_t answer)
{
    for (uint32_t i = answer + 1; i < c->count; i++)
        if (c->m[i].code == 0 && c->m[i].method == TND_METHOD_BYE &&
            case_is_same_dialog(c, i, answer))
            return i;
    return CASE_NONE;
}

/* The same answer on a hop where nothing was cancelled is no other crossing. */
static bool is_told(const struct find_case *c)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->finding[i].rule == TND_DIAG_RULE_CANCEL_CROSSED ||
            c->finding[i].rule == TND_DIAG_RULE_CANCEL_CROSSED_OPEN)
            return true;
    return false;
}

void find_cancel_crossed(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count && !is_told(c); i++) {
        uint32_t invite = is_cancel(c, i) ? invite_of(c, i) : CASE_NONE;
        uint32_t answer = invite == CASE_NONE ? CASE_NONE : case_response(c, invite, 200, 299);

        if (answer == CASE_NONE)
            continue;
        uint32_t bye = bye_of(c, answer);
        bool is_open = bye == CASE_NONE && c->call->result != TND_DIAG_OPEN;
        struct tnd_diag_finding *f = case_raise(
            c, is_open ? TND_DIAG_RULE_CANCEL_CROSSED_OPEN : TND_DIAG_RULE_CANCEL_CROSSED, answer);
        case_show(f, i);
        if (bye != CASE_NONE)
            case_show(f, bye);
        /* A proxy that cancels a branch passes its answer on all the same (RFC 3261 §16.7, step 5). */
        case_blame_sender(c, f, invite);
    }
}

/* RFC 3261 §9.2: the INVITE is answered with 487. */
void find_cancel_without_end(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t invite = is_cancel(c, i) ? invite_of(c, i) : CASE_NONE;
        uint32_t accepted = is_cancel(c, i) ? case_response(c, i, 200, 299) : CASE_NONE;

        if (invite == CASE_NONE || accepted == CASE_NONE || case_final(c, invite) != CASE_NONE ||
            c->call->result == TND_DIAG_OPEN)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_CANCEL_WITHOUT_END, accepted);
        case_show(f, i);
        case_blame_answer(c, f, accepted);
    }
}

void find_cancelled(struct find_case *c)
{
    if (c->call->result != TND_DIAG_CANCELLED)
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        if (!is_cancel(c, i))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_CANCELLED, i);
        case_show_field(c, f, i, TND_HEADER_REASON);
        case_blame_sender(c, f, i);
        f->code = c->call->code;
        return;
    }
}
