/* Changes of a call that meet (RFC 3261 §14.1), and the session timer (RFC 4028). */
#include "diag/find_case.h"

#include "tandem/sip/session.h"

enum {
    GLARE_WAIT_MAX = TND_SEC(5), /* RFC 3261 §14.1: at most 4 s */
    EXPIRY_EARLY = 32,           /* seconds; RFC 4028 §10: a BYE before the session expires */
    EXPIRY_SLACK = TND_SEC(5),
};

/* Before there is a call, there is nothing that two could change. */
static bool is_glare(struct find_case *c, uint32_t response)
{
    uint32_t request = case_request(c, response);

    return request != CASE_NONE && !case_is_initial(c, request);
}

void find_glare(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 491)) != CASE_NONE; r++)
        if (is_glare(c, r))
            case_show(case_raise(c, TND_DIAG_RULE_GLARE, r), case_request(c, r));
}

static bool is_change(const struct find_case *c, uint32_t i)
{
    return case_is_request(c, i) &&
           (c->m[i].method == TND_METHOD_INVITE || c->m[i].method == TND_METHOD_UPDATE);
}

/* The call went on for longer than anybody waits, and nobody changed it any more. */
static bool is_given_up(struct find_case *c, uint32_t response)
{
    bool is_long = false;

    for (uint32_t i = response + 1; i < c->count; i++) {
        if (is_change(c, i))
            return false;
        is_long = is_long || c->m[i].at - c->m[response].at > GLARE_WAIT_MAX;
    }
    return is_long;
}

void find_glare_given_up(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 491)) != CASE_NONE; r++) {
        if (!is_glare(c, r) || !is_given_up(c, r) || case_is_handed_up(c, r))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_GLARE_GIVEN_UP, r);
        case_show(f, case_request(c, r));
        case_blame_sender(c, f, case_request(c, r));
    }
}

/* RFC 4028 §7.3: again, with at least what Min-SE says. */
void find_interval_small(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 422)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r), again = case_next_try(c, r);
        int64_t least = case_seconds(c, r, TND_HEADER_MIN_SE);

        if (request == CASE_NONE || case_is_mended(c, r))
            continue;
        if (again != CASE_NONE && case_seconds(c, again, TND_HEADER_SESSION_EXPIRES) >= least)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_SESSION_INTERVAL_SMALL, r);
        case_show_field(c, f, r, TND_HEADER_MIN_SE);
        case_show_field(c, f, again == CASE_NONE ? request : again, TND_HEADER_SESSION_EXPIRES);
        case_blame_sender(c, f, request);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_MIN_SE);
    }
}

static bool has_timer(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->m[i].code >= 200 && c->m[i].code < 300 &&
            case_glance(c, i, CASE_HAS_SESSION_EXPIRES))
            return true;
    return false;
}

/* The last response before the BYE that set the timer; CASE_NONE. */
static uint32_t last_refresh(struct find_case *c, uint32_t bye)
{
    for (uint32_t i = bye; i-- > 0;)
        if (c->m[i].code >= 200 && c->m[i].code < 300 && !c->m[i].is_again &&
            (c->m[i].method == TND_METHOD_INVITE || c->m[i].method == TND_METHOD_UPDATE) &&
            case_is_same_dialog(c, i, bye))
            return i;
    return CASE_NONE;
}

/* RFC 4028 §10: a side that is not refreshed sends BYE a third of the time, or 32 s, before the end. */
static bool is_expiry(int64_t seconds, int64_t passed)
{
    int64_t early = seconds / 3 < EXPIRY_EARLY ? seconds / 3 : EXPIRY_EARLY;

    return passed >= TND_SEC(seconds - early) - EXPIRY_SLACK / 5 &&
           passed <= TND_SEC(seconds) + EXPIRY_SLACK;
}

/* Who was to refresh, as the response says (RFC 4028 §9): uac is who sent the request. */
static void blame_refresher(struct find_case *c, struct tnd_diag_finding *f, uint32_t refresh)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, refresh), TND_HEADER_SESSION_EXPIRES);
    struct tnd_session_expires se;

    if (case_request(c, refresh) == CASE_NONE || !tnd_session_expires_next(&v, &se))
        return;
    if (se.refresher == TND_REFRESHER_UAS)
        case_blame_answer(c, f, refresh);
    else
        case_blame_sender(c, f, case_request(c, refresh));
}

void find_session_expired(struct find_case *c)
{
    if (!has_timer(c))
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        if (!case_is_request(c, i) || c->m[i].method != TND_METHOD_BYE ||
            case_up(c, i) != CASE_NONE)
            continue;
        uint32_t refresh = last_refresh(c, i);
        int64_t seconds =
            refresh == CASE_NONE ? -1 : case_seconds(c, refresh, TND_HEADER_SESSION_EXPIRES);
        if (seconds < 0 || !is_expiry(seconds, c->m[i].at - c->m[refresh].at))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_SESSION_EXPIRED, i);
        f->is_guess = !tnd_msg_has(case_msg(c, i), TND_HEADER_REASON);
        case_show_field(c, f, i, TND_HEADER_REASON);
        case_show_field(c, f, refresh, TND_HEADER_SESSION_EXPIRES);
        blame_refresher(c, f, refresh);
        f->detail = tnd_msg_value(case_msg(c, refresh), TND_HEADER_SESSION_EXPIRES);
    }
}
