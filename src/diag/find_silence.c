/* Requests that nobody answers: not at all, not to the end, or not within a call. */
#include "diag/find_case.h"

enum { DATAGRAM_SIZE_MAX = 1300 }; /* RFC 3261 §18.1.1 */

/* The capture lasts long enough to know: it was sent again, or the call is over. */
static bool is_given_up(const struct find_case *c, uint32_t request)
{
    return c->call->result == TND_DIAG_FAILED || case_repeats(c, request, request) > 0;
}

/* What is given up has failed, or was sent again: else nothing has to be read. */
static bool is_begun_by(struct find_case *c, uint32_t i)
{
    return case_is_request(c, i) && c->m[i].method == c->call->method &&
           c->m[i].method != TND_METHOD_ACK && is_given_up(c, i) && case_is_initial(c, i);
}

static bool is_unanswered(struct find_case *c, uint32_t request)
{
    return case_response(c, request, 100, 699) == CASE_NONE && is_given_up(c, request) &&
           case_down(c, request, request) == CASE_NONE;
}

static enum tnd_diag_rule rule_of_silence(struct find_case *c, uint32_t request)
{
    if (case_up(c, request) != CASE_NONE)
        return TND_DIAG_RULE_NO_RESPONSE_BEHIND;
    if (c->m[request].method == TND_METHOD_OPTIONS)
        return TND_DIAG_RULE_OPTIONS_UNANSWERED;
    if (c->m[request].method == TND_METHOD_REGISTER)
        return TND_DIAG_RULE_REGISTER_UNANSWERED;
    return TND_DIAG_RULE_NO_RESPONSE;
}

/* The last thing that was heard of a request that did not end; CASE_NONE: it ended, or is passed on. */
static uint32_t stuck_at(struct find_case *c, uint32_t request)
{
    uint32_t last = case_response(c, request, 100, 199);

    if (last == CASE_NONE || case_final(c, request) != CASE_NONE ||
        case_down(c, request, request) != CASE_NONE || c->call->result != TND_DIAG_FAILED)
        return CASE_NONE;
    return last;
}

static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t request, uint32_t *ret_last)
{
    *ret_last = CASE_NONE;
    if (is_unanswered(c, request))
        return rule_of_silence(c, request);
    *ret_last = stuck_at(c, request);
    if (*ret_last != CASE_NONE && case_response(c, request, 180, 183) == CASE_NONE)
        return TND_DIAG_RULE_NO_FINAL_RESPONSE;
    return TND_DIAG_RULE_NONE;
}

void find_silence(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t last = CASE_NONE;
        enum tnd_diag_rule rule = is_begun_by(c, i) ? cause_of(c, i, &last) : TND_DIAG_RULE_NONE;

        if (rule == TND_DIAG_RULE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, rule, last == CASE_NONE ? i : last);
        uint32_t repeat = case_last_repeat(c, i);
        f->code = c->call->code;
        if (last != CASE_NONE)
            case_blame_answer(c, f, last);
        if (repeat != i)
            case_show(f, repeat);
        f->place = c->m[i].to;
        f->detail = case_msg(c, i)->uri;
        if (c->call->result != TND_DIAG_FAILED)
            f->severity = TND_DIAG_NOTE; /* one of several was enough */
    }
}

/* How it ends when nobody picks up: the caller's side or a proxy gives up. */
static bool is_end_of_patience(unsigned code)
{
    return code == 0 || code == 408 || code == 480 || code == 487 || code == 504;
}

void find_not_picked_up(struct find_case *c)
{
    if (c->call->result != TND_DIAG_FAILED || c->call->method != TND_METHOD_INVITE ||
        !is_end_of_patience(c->call->code))
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t ringing = is_begun_by(c, i) ? case_response(c, i, 180, 183) : CASE_NONE;
        uint32_t final = ringing == CASE_NONE ? CASE_NONE : case_final(c, i);

        if (ringing == CASE_NONE || case_down(c, i, i) != CASE_NONE)
            continue;
        if (final != CASE_NONE && !is_end_of_patience(c->m[final].code))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_NOT_PICKED_UP, ringing);
        case_blame_answer(c, f, ringing);
        if (final != CASE_NONE)
            case_show(f, final);
        f->code = c->call->code;
        f->detail = case_msg(c, i)->uri;
    }
}

/* A request that is cut into fragments: firewalls drop those, and nobody says so. */
void find_too_large(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (!case_is_request(c, i) || c->m[i].from.transport != TND_TRANSPORT_UDP ||
            c->m[i].bytes.len <= DATAGRAM_SIZE_MAX || c->m[i].method == TND_METHOD_ACK ||
            !is_unanswered(c, i) || c->call->result != TND_DIAG_FAILED)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_REQUEST_TOO_LARGE, i);
        f->is_guess = true;
        f->code = c->call->code;
        case_blame_sender(c, f, i);
    }
}

/* Of a capture that begins within a call, it may be all that there is. */
static bool is_sent_enough(const struct find_case *c, uint32_t i)
{
    return case_repeats(c, i, i) >= 2 ||
           (c->call->result == TND_DIAG_FAILED && c->m[i].method == c->call->method);
}

void find_dialog_silence(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (!case_is_request(c, i) || c->m[i].method == TND_METHOD_ACK || !is_sent_enough(c, i) ||
            case_is_initial(c, i) || case_response(c, i, 100, 699) != CASE_NONE ||
            case_down(c, i, i) != CASE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_DIALOG_REQUEST_UNANSWERED, i);
        case_show(f, case_last_repeat(c, i));
        f->place = c->m[i].to;
        f->detail = case_msg(c, i)->uri;
        /* Who has hung up does not mind; the other side believes that the call goes on. */
        if (c->m[i].method == TND_METHOD_BYE)
            f->severity = TND_DIAG_WARNING;
    }
}
