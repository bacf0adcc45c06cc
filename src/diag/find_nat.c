/* What a NAT does to addresses: private ones that are told to the outside, responses that come from or go to
 * another place (RFC 3581; RFC 6314). */
#include "diag/find_case.h"

/* The message comes from the public, and the one who made it sent it himself, as far as it tells: behind a
 * proxy that stays in the way, his address is the business of that proxy. */
static bool is_from_outside(struct find_case *c, uint32_t i)
{
    if (!case_is_public(&c->m[i].from) || c->m[i].is_again)
        return false;
    if (c->m[i].code == 0)
        return case_view(c, i)->via_count == 1;
    return !tnd_msg_has(case_msg(c, i), TND_HEADER_RECORD_ROUTE) && !case_is_passed_on(c, i);
}

/* What says where the sender is to be reached: INVITE, REGISTER, and the answer to an INVITE. */
static bool is_contact_told(const struct find_case *c, uint32_t i)
{
    if (c->m[i].code == 0)
        return c->m[i].method == TND_METHOD_INVITE || c->m[i].method == TND_METHOD_REGISTER;
    return c->m[i].method == TND_METHOD_INVITE && c->m[i].code >= 200 && c->m[i].code < 300;
}

static void blame(struct find_case *c, struct tnd_diag_finding *f, uint32_t i)
{
    if (c->m[i].code == 0)
        case_blame_sender(c, f, i);
    else
        case_blame_answer(c, f, i);
}

void find_contact_private(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        struct tnd_endpoint host;
        struct tnd_uri uri;

        if (!is_contact_told(c, i) || !case_is_public(&c->m[i].from) || !is_from_outside(c, i) ||
            !case_contact(c, i, &uri) || tnd_address_parse(uri.host, &host) != 0 ||
            !case_is_private(&host))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_CONTACT_PRIVATE, i);
        case_show_field(c, f, i, TND_HEADER_CONTACT);
        blame(c, f, i);
        f->code = 0;
        f->detail = uri.text;
        /* A registrar that took it knows where it came from (RFC 3581 §4, RFC 5626 §5.1). */
        if (c->m[i].method == TND_METHOD_REGISTER && c->call->result == TND_DIAG_ANSWERED)
            f->severity = TND_DIAG_NOTE;
    }
}

/* The first stream's connection that cannot be reached from outside; NULL: none. With ICE other addresses are
 * in the description too (RFC 8839 §5.1). */
static const struct tnd_sdp_conn *private_conn(const struct tnd_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++) {
        const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(sdp, &sdp->media[i]);
        struct tnd_endpoint host;

        if (conn && sdp->media[i].port != 0 &&
            !tnd_sdp_attr_find(&sdp->media[i].part, "candidate") &&
            tnd_address_parse(conn->address, &host) == 0 && case_is_private(&host))
            return conn;
    }
    return NULL;
}

void find_sdp_private(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->m[i].method != TND_METHOD_INVITE || c->m[i].code >= 300 ||
            !case_is_public(&c->m[i].from) || !case_glance(c, i, CASE_SDP_PRIVATE) ||
            !is_from_outside(c, i) || !case_sdp(c, i))
            continue;
        const struct tnd_sdp_conn *conn = private_conn(case_sdp(c, i));
        if (!conn)
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_SDP_PRIVATE, i);
        case_show_line(c, f, i, conn->address);
        blame(c, f, i);
        f->code = 0;
        f->detail = conn->address;
    }
}

/* On a connection a response goes where the request came from, whatever ports it has. */
static bool is_by_datagram(const struct find_case *c, uint32_t i)
{
    return c->m[i].from.transport == TND_TRANSPORT_UDP;
}

/* Nothing but that the request was sent again shows that its sender has not got the response. */
static bool is_unheard(struct find_case *c, uint32_t response, uint32_t request)
{
    return case_repeats(c, request, response) > 0;
}

static void find_odd_way(struct find_case *c, enum tnd_diag_rule rule, bool from_elsewhere)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t request = c->m[i].code && !c->m[i].is_again ? case_request(c, i) : CASE_NONE;

        if (request == CASE_NONE || !is_by_datagram(c, i))
            continue;
        const struct tnd_diag_message *r = &c->m[i], *q = &c->m[request];
        if (from_elsewhere ? !case_is_elsewhere(&r->from, &q->to)
                           : !case_is_elsewhere(&r->to, &q->from) || !is_unheard(c, i, request))
            continue;
        struct tnd_diag_finding *f = case_raise(c, rule, i);
        case_show(f, request);
        case_show_field(c, f, request, TND_HEADER_VIA);
        if (from_elsewhere)
            case_blame_answer(c, f, i);
        else
            case_blame_sender(c, f, request);
        if (c->call->result == TND_DIAG_FAILED && is_unheard(c, i, request))
            f->severity = TND_DIAG_ERROR;
    }
}

/* RFC 3581 §4: from the address and port at which the request came. */
void find_response_from(struct find_case *c)
{
    find_odd_way(c, TND_DIAG_RULE_RESPONSE_FROM_ELSEWHERE, true);
}

void find_response_to(struct find_case *c)
{
    find_odd_way(c, TND_DIAG_RULE_RESPONSE_TO_ELSEWHERE, false);
}
