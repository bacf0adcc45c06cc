/* Why a 481: an element does not know the dialog, or the transaction, that a request is of (RFC 3261 §12.2.2,
 * §9.2; RFC 3262 §3). */
#include "diag/find_case.h"

#include "tandem/sip/session.h"

/* What is known about a 481. */
struct cause {
    enum tnd_diag_rule rule;
    uint32_t proof; /* CASE_NONE: only the request and the response */
    bool is_guess;
};

/* A response that made the dialog of the request; CASE_NONE: none was seen. */
static uint32_t dialog_of(struct find_case *c, uint32_t request)
{
    for (uint32_t i = 0; i < request; i++)
        if (c->m[i].code > 100 && c->m[i].code < 300 && !c->m[i].is_again &&
            case_is_same_dialog(c, i, request))
            return i;
    return CASE_NONE;
}

/* Any response of the leg that made a dialog. */
static uint32_t other_dialog(struct find_case *c, uint32_t request)
{
    for (uint32_t i = 0; i < request; i++)
        if (c->m[i].code > 100 && c->m[i].code < 300 && c->m[i].leg == c->m[request].leg &&
            case_view(c, i)->to_tag.len > 0)
            return i;
    return CASE_NONE;
}

/* Whether passed on or not, it is the same BYE. */
static bool is_same_request(struct find_case *c, uint32_t a, uint32_t b)
{
    return c->m[a].method == c->m[b].method && case_view(c, a)->cseq == case_view(c, b)->cseq &&
           tnd_slice_eq(case_view(c, a)->from_tag, case_view(c, b)->from_tag);
}

/* What ended the dialog before the request came: a BYE, or the refusal of its INVITE. Who captures beside its sender
 * sees what it crossed behind it. */
static uint32_t end_of(struct find_case *c, uint32_t request, uint32_t response)
{
    for (uint32_t i = 0; i < response; i++) {
        if (c->m[i].leg != c->m[request].leg || c->m[i].is_again)
            continue;
        if (c->m[i].code == 0 && c->m[i].method == TND_METHOD_BYE &&
            !is_same_request(c, i, request) && case_is_same_dialog(c, i, request) &&
            (i < request || case_is_by_caller(c, i) != case_is_by_caller(c, request)))
            return i;
        if (c->m[i].code >= 300 && c->m[i].method == TND_METHOD_INVITE &&
            case_is_same_dialog(c, i, request) && case_request(c, i) != CASE_NONE &&
            case_is_initial(c, case_request(c, i)))
            return i;
    }
    return CASE_NONE;
}

/* The INVITE of this branch, which is what a CANCEL is matched by (RFC 3261 §9.1). */
static uint32_t cancelled_by(struct find_case *c, uint32_t cancel)
{
    for (uint32_t i = cancel; i-- > 0;)
        if (case_is_request(c, i) && c->m[i].method == TND_METHOD_INVITE &&
            c->m[i].leg == c->m[cancel].leg &&
            tnd_slice_eq(case_view(c, i)->branch, case_view(c, cancel)->branch))
            return i;
    return CASE_NONE;
}

static struct cause cause_of_cancel(struct find_case *c, uint32_t cancel, uint32_t response)
{
    uint32_t invite = cancelled_by(c, cancel);

    if (invite == CASE_NONE) {
        invite = case_invite(c, c->m[cancel].leg);
        return (struct cause){TND_DIAG_RULE_CANCEL_UNMATCHED, invite, invite == CASE_NONE};
    }
    uint32_t final = case_final(c, invite);
    if (final != CASE_NONE && final < response)
        return (struct cause){TND_DIAG_RULE_CANCEL_LATE, final, false};
    if (!tnd_slice_eq(case_msg(c, invite)->uri, case_msg(c, cancel)->uri))
        return (struct cause){TND_DIAG_RULE_CANCEL_UNMATCHED, invite, false};
    return (struct cause){TND_DIAG_RULE_CALL_FORGOTTEN, invite, true};
}

/* A reliable provisional response that the PRACK speaks of was seen. */
static bool was_sent(struct find_case *c, uint32_t prack)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, prack), TND_HEADER_RACK);
    struct tnd_rack rack;

    if (!tnd_rack_next(&v, &rack))
        return false;
    for (uint32_t i = 0; i < prack; i++)
        if (c->m[i].code > 100 && c->m[i].code < 200 &&
            case_seconds(c, i, TND_HEADER_RSEQ) == rack.rseq && case_view(c, i)->cseq == rack.cseq)
            return true;
    return false;
}

static struct cause cause_in_dialog(struct find_case *c, uint32_t request, uint32_t response)
{
    uint32_t dialog = dialog_of(c, request), other = other_dialog(c, request);

    if (dialog != CASE_NONE) {
        uint32_t end = end_of(c, request, response);

        if (end != CASE_NONE)
            return (struct cause){TND_DIAG_RULE_CALL_OVER, end, false};
        if (c->m[request].method == TND_METHOD_PRACK && !was_sent(c, request))
            return (struct cause){TND_DIAG_RULE_PRACK_UNMATCHED, dialog, false};
        return (struct cause){TND_DIAG_RULE_CALL_FORGOTTEN, dialog, true};
    }
    if (other != CASE_NONE)
        return (struct cause){TND_DIAG_RULE_TAG_WRONG, other, false};
    /* A capture that begins late has not seen how the call was set up. */
    return (struct cause){TND_DIAG_RULE_CALL_UNKNOWN, CASE_NONE,
                          case_invite(c, c->m[request].leg) == CASE_NONE};
}

static bool needs_dialog(unsigned method)
{
    return method != TND_METHOD_INVITE && method != TND_METHOD_OPTIONS &&
           method != TND_METHOD_SUBSCRIBE && method != TND_METHOD_MESSAGE;
}

static struct cause cause_of(struct find_case *c, uint32_t request, uint32_t response)
{
    unsigned method = c->m[request].method;

    if (method == TND_METHOD_CANCEL)
        return cause_of_cancel(c, request, response);
    if (case_is_initial(c, request) && needs_dialog(method))
        return (struct cause){TND_DIAG_RULE_TAG_MISSING, CASE_NONE, false};
    return cause_in_dialog(c, request, response);
}

static void show(struct find_case *c, struct tnd_diag_finding *f, uint32_t request, uint32_t proof)
{
    enum tnd_diag_rule rule = (enum tnd_diag_rule)f->rule;

    if (rule == TND_DIAG_RULE_PRACK_UNMATCHED)
        case_show_field(c, f, request, TND_HEADER_RACK);
    else if (rule == TND_DIAG_RULE_CANCEL_UNMATCHED)
        case_show_field(c, f, request, TND_HEADER_VIA);
    else if (rule == TND_DIAG_RULE_TAG_WRONG || rule == TND_DIAG_RULE_TAG_MISSING)
        case_show_field(c, f, request, TND_HEADER_TO);
    else if (tnd_msg_has(case_msg(c, request), TND_HEADER_REPLACES))
        case_show_field(c, f, request, TND_HEADER_REPLACES);
    else
        case_show_field(c, f, request, TND_HEADER_CALL_ID);
    if (proof == CASE_NONE)
        return;
    if (rule == TND_DIAG_RULE_CANCEL_UNMATCHED)
        case_show_field(c, f, proof, TND_HEADER_VIA);
    else if (rule == TND_DIAG_RULE_TAG_WRONG)
        case_show_field(c, f, proof, TND_HEADER_TO);
    else
        case_show(f, proof);
}

/* Two BYEs that cross (RFC 5407 §3.2.1), and the NOTIFY of a subscription that a BYE does not end, but whose
 * subscriber has gone (RFC 5057 §4.2). */
static bool is_harmless(const struct find_case *c, enum tnd_diag_rule rule, uint32_t request)
{
    return rule == TND_DIAG_RULE_CALL_OVER &&
           (c->m[request].method == TND_METHOD_BYE || c->m[request].method == TND_METHOD_NOTIFY);
}

void find_dialog(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 481)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);

        if (request == CASE_NONE)
            continue;
        struct cause cause = cause_of(c, request, r);
        struct tnd_diag_finding *f = case_raise(c, cause.rule, r);
        f->is_guess = cause.is_guess;
        if (is_harmless(c, cause.rule, request))
            f->severity = TND_DIAG_NOTE;
        f->detail = tnd_slice_str(tnd_method_name((enum tnd_method)c->m[request].method));
        show(c, f, request, cause.proof);
        if (cause.rule == TND_DIAG_RULE_CALL_FORGOTTEN)
            case_blame_answer(c, f, r);
        else
            case_blame_sender(c, f, request);
    }
}
