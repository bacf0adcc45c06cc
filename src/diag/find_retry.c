/* When to try again, where, and with which value: Retry-After, 503 and 423. */
#include "diag/find_case.h"

/* RFC 3261 §20.33; another server may be tried at once (§21.5.4). */
void find_retried_early(struct find_case *c)
{
    for (uint32_t r = 0; r < c->count; r++) {
        if (c->m[r].code < 300 || c->m[r].is_again || case_is_handed_up(c, r))
            continue;
        int64_t wait = case_seconds(c, r, TND_HEADER_RETRY_AFTER);
        uint32_t again = wait > 0 ? case_next_try(c, r) : CASE_NONE;
        if (again == CASE_NONE || c->m[again].at - c->m[r].at >= TND_SEC(wait) ||
            case_is_elsewhere(&c->m[again].to, &c->m[r].from))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_RETRIED_EARLY, r);
        case_show_field(c, f, r, TND_HEADER_RETRY_AFTER);
        case_show(f, again);
        case_blame_sender(c, f, again);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_RETRY_AFTER);
    }
}

static bool is_tried_elsewhere(struct find_case *c, uint32_t response)
{
    uint32_t again = case_next_try(c, response);

    return again != CASE_NONE && case_is_elsewhere(&c->m[again].to, &c->m[response].from);
}

/* RFC 3263 §4.2: an address is a target by itself; only a name may have several. */
static bool has_one_server(struct find_case *c, uint32_t request)
{
    struct tnd_uri uri;

    return !tnd_msg_uri(case_msg(c, request), &uri, NULL) || uri.host_kind != TND_HOST_NAME;
}

/* RFC 3263 §4.3: a 503 is as good as no answer: the next server is to be tried. */
void find_next_server(struct find_case *c)
{
    if (c->call->result != TND_DIAG_FAILED || c->call->code != 503)
        return;
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 503)) != CASE_NONE; r++) {
        if (case_request(c, r) == CASE_NONE || is_tried_elsewhere(c, r) ||
            has_one_server(c, case_request(c, r)))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_NEXT_SERVER_NOT_TRIED, r);
        case_blame_sender(c, f, case_request(c, r));
        case_show_field(c, f, r, TND_HEADER_RETRY_AFTER);
        return;
    }
}

/* What a request asks for; the parameter of Contact comes first (RFC 3261 §10.2.1.1). */
static int64_t expires_of(struct find_case *c, uint32_t request)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, request), TND_HEADER_CONTACT);
    struct tnd_contact contact;

    if (tnd_contact_next(&v, &contact) && contact.expires >= 0)
        return contact.expires;
    return case_seconds(c, request, TND_HEADER_EXPIRES);
}

void find_expires_brief(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 423)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r), again = case_next_try(c, r);
        int64_t least = case_seconds(c, r, TND_HEADER_MIN_EXPIRES);

        if (request == CASE_NONE)
            continue;
        if (again != CASE_NONE && (least < 0 || expires_of(c, again) >= least))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_EXPIRES_BRIEF, r);
        case_show_field(c, f, r, TND_HEADER_MIN_EXPIRES);
        case_show_field(c, f, again == CASE_NONE ? request : again, TND_HEADER_EXPIRES);
        case_blame_sender(c, f, request);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_MIN_EXPIRES);
        case_ease(c, f, r);
    }
}
