/* What is sent again tells what was lost: who did not hear whom (RFC 3261 §17.1). */
#include "diag/find_case.h"

enum { REPEATS_MIN = 2 }; /* once is no news */

static bool is_sent_again(const struct find_case *c, uint32_t i)
{
    return case_is_request(c, i) && c->m[i].method != TND_METHOD_ACK &&
           case_repeats(c, i, i) >= REPEATS_MIN;
}

/* How often before the message at end. */
static size_t repeats_before(const struct find_case *c, uint32_t request, uint32_t end)
{
    return case_repeats(c, request, request) - case_repeats(c, request, end);
}

void find_request_lost(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t first = is_sent_again(c, i) ? case_response(c, i, 100, 699) : CASE_NONE;

        if (first == CASE_NONE || repeats_before(c, i, first) < REPEATS_MIN)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_REQUEST_LOST, i);
        case_show(f, case_last_repeat(c, i));
        case_show(f, first);
        f->place = c->m[i].to;
    }
}

/* RFC 3261 §17.1.1.2: any response stops an INVITE; §17.1.2.2: others go on until the final one. */
static uint32_t stopping(const struct find_case *c, uint32_t request)
{
    unsigned low = c->m[request].method == TND_METHOD_INVITE ? 100 : 200;

    return case_response(c, request, low, 699);
}

void find_response_lost(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t stop = is_sent_again(c, i) ? stopping(c, i) : CASE_NONE;

        if (stop == CASE_NONE || case_repeats(c, i, stop) < REPEATS_MIN)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_RESPONSE_LOST, stop);
        case_show(f, case_last_repeat(c, i));
        f->place = c->m[i].from;
        if (c->call->result == TND_DIAG_FAILED && case_is_initial(c, i))
            f->severity = TND_DIAG_ERROR;
    }
}
