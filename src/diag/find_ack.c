/* What is to be acknowledged, and is not: 2xx and refusals of INVITE by ACK, reliable provisional responses
 * by PRACK. Who waits for it sends the response again and again (RFC 3261 §13.3.1.4; RFC 3262 §3). */
#include "diag/find_case.h"

enum {
    REPEATS_MIN = 2,            /* once is what any loss does */
    GIVEN_UP_MIN = TND_SEC(25), /* 64*T1 is 32 s; some ask less */
    GIVEN_UP_MAX = TND_SEC(70),
};

static bool is_answer(const struct find_case *c, uint32_t i)
{
    return c->m[i].method == TND_METHOD_INVITE && c->m[i].code >= 200 && c->m[i].code < 300 &&
           !c->m[i].is_again;
}

/* An answer has a Contact and a Record-Route, by which its ACK goes. */
static bool is_ack_of(struct find_case *c, uint32_t i, uint32_t answer)
{
    return c->m[i].code == 0 && c->m[i].method == TND_METHOD_ACK &&
           case_view(c, i)->cseq == case_view(c, answer)->cseq && case_is_same_dialog(c, i, answer);
}

static uint32_t ack_of(struct find_case *c, uint32_t answer)
{
    for (uint32_t i = answer + 1; i < c->count; i++)
        if (is_ack_of(c, i, answer))
            return i;
    return CASE_NONE;
}

/* Why an answer was sent again: NONE, if it was not, or not so often that it matters. */
static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t answer, uint32_t *ret_ack)
{
    *ret_ack = CASE_NONE;
    if (case_repeats(c, answer, answer) < REPEATS_MIN)
        return TND_DIAG_RULE_NONE;
    *ret_ack = ack_of(c, answer);
    if (*ret_ack == CASE_NONE)
        return TND_DIAG_RULE_ACK_MISSING;
    return case_repeats(c, answer, *ret_ack) < REPEATS_MIN ? TND_DIAG_RULE_NONE
                                                           : TND_DIAG_RULE_ACK_LOST;
}

static bool has_private_contact(struct find_case *c, uint32_t answer)
{
    struct tnd_endpoint host;
    struct tnd_uri uri;

    return case_contact(c, answer, &uri) && tnd_address_parse(uri.host, &host) == 0 &&
           case_is_private(&host) && case_is_public(&c->m[answer].from);
}

static void raise_lost(struct find_case *c, struct tnd_diag_finding *f, uint32_t answer,
                       uint32_t ack)
{
    struct tnd_slice uri = case_msg(c, ack)->uri;
    struct tnd_uri contact;

    case_show_field(c, f, answer, TND_HEADER_CONTACT);
    case_show_line(c, f, ack, uri);
    f->detail = uri;
    if (has_private_contact(c, answer)) {
        case_blame_answer(c, f, answer);
        return;
    }
    /* RFC 3261 §12.2.1.1: a request within a dialog goes to the remote target. */
    if (case_contact(c, answer, &contact) && !tnd_slice_eq(contact.text, uri) &&
        case_up(c, ack) == CASE_NONE && !tnd_msg_has(case_msg(c, answer), TND_HEADER_RECORD_ROUTE))
        case_blame_sender(c, f, ack);
}

void find_ack(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t ack = CASE_NONE;
        enum tnd_diag_rule rule = is_answer(c, i) ? cause_of(c, i, &ack) : TND_DIAG_RULE_NONE;

        if (rule == TND_DIAG_RULE_NONE || case_is_passed_on(c, i))
            continue;
        struct tnd_diag_finding *f = case_raise(c, rule, i);
        case_show(f, case_last_repeat(c, i));
        if (ack != CASE_NONE)
            raise_lost(c, f, i, ack);
        else if (case_request(c, i) != CASE_NONE)
            case_blame_sender(c, f, case_request(c, i));
    }
}

/* The BYE of who was called; CASE_NONE: none at that time. */
static uint32_t dropped_by(struct find_case *c, uint32_t answer)
{
    for (uint32_t i = answer + 1; i < c->count; i++) {
        int64_t after = c->m[i].at - c->m[answer].at;

        if (case_is_request(c, i) && c->m[i].method == TND_METHOD_BYE &&
            case_is_same_dialog(c, i, answer) &&
            tnd_slice_eq(case_view(c, i)->from_tag, case_view(c, answer)->to_tag) &&
            after >= GIVEN_UP_MIN && after <= GIVEN_UP_MAX)
            return i;
    }
    return CASE_NONE;
}

void find_dropped(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t ack, bye;

        if (!is_answer(c, i) || cause_of(c, i, &ack) == TND_DIAG_RULE_NONE ||
            case_is_passed_on(c, i))
            continue;
        bye = dropped_by(c, i);
        if (bye == CASE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_CALL_DROPPED_UNACKNOWLEDGED, bye);
        case_show(f, i);
        case_show(f, case_last_repeat(c, i));
        if (ack != CASE_NONE)
            f->culprit = TND_DIAG_NETWORK; /* the caller has done what he should */
        f->place = (struct tnd_endpoint){0};
        if (ack == CASE_NONE && case_request(c, i) != CASE_NONE)
            case_blame_sender(c, f, case_request(c, i));
    }
}

/* RFC 3261 §17.1.1.3: the ACK of a refusal is made by the client transaction, at each hop. */
void find_refusal_repeated(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->m[i].method != TND_METHOD_INVITE || c->m[i].code < 300 || c->m[i].is_again ||
            case_repeats(c, i, i) < REPEATS_MIN)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_REFUSAL_NOT_ACKNOWLEDGED, i);
        case_show(f, case_last_repeat(c, i));
        if (case_request(c, i) != CASE_NONE)
            f->place = c->m[case_request(c, i)].from;
        if (case_request(c, i) != CASE_NONE && case_up(c, case_request(c, i)) != CASE_NONE)
            f->culprit = TND_DIAG_PROXY;
    }
}

static bool has_prack(struct find_case *c, uint32_t provisional)
{
    for (uint32_t i = provisional + 1; i < c->count; i++)
        if (c->m[i].code == 0 && c->m[i].method == TND_METHOD_PRACK &&
            case_is_same_dialog(c, i, provisional))
            return true;
    return false;
}

void find_provisional_repeated(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->m[i].code <= 100 || c->m[i].code >= 200 || c->m[i].is_again ||
            case_repeats(c, i, i) < REPEATS_MIN || case_is_passed_on(c, i) ||
            !tnd_msg_has(case_msg(c, i), TND_HEADER_RSEQ) || has_prack(c, i))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_PROVISIONAL_NOT_ACKNOWLEDGED, i);
        case_show_field(c, f, i, TND_HEADER_REQUIRE);
        case_show_field(c, f, i, TND_HEADER_RSEQ);
        if (case_request(c, i) != CASE_NONE)
            case_blame_sender(c, f, case_request(c, i));
    }
}
