/* A referee for proxies. */
#include "tandem/proxy/forward_fault.h"

#include "tandem/sip/field.h"

/* Fields that a proxy may change, or that another rule is about. */
static bool may_change(const struct tnd_msg *msg, const struct tnd_field *f)
{
    switch (f->kind) {
    case TND_HEADER_VIA:
    case TND_HEADER_CONTENT_LENGTH: /* the body is compared */
        return true;
    case TND_HEADER_MAX_FORWARDS:
    case TND_HEADER_MAX_BREADTH:
    case TND_HEADER_ROUTE:
    case TND_HEADER_PROXY_AUTHORIZATION: /* RFC 3261 §22.3 */
        return msg->kind == TND_MSG_REQUEST;
    case TND_HEADER_CONTACT: /* RFC 3261 §16.7 step 4 */
        return msg->code / 100 == 3;
    default:
        return false;
    }
}

static bool same_field(const struct tnd_msg *a, const struct tnd_field *f, const struct tnd_msg *b,
                       const struct tnd_field *g)
{
    return f->kind == g->kind && tnd_slice_eq(tnd_field_value(a, f), tnd_field_value(b, g)) &&
           tnd_slice_eq_fold(tnd_field_name(a, f), tnd_field_name(b, g));
}

/* Whether all that had to stay is there still, in its order. */
static bool keeps_fields(const struct tnd_msg *came, const struct tnd_msg *went)
{
    uint32_t at = 1;

    for (uint32_t i = 1; i <= came->field_count; i++) {
        if (may_change(came, &came->fields[i]))
            continue;
        while (at <= went->field_count &&
               !same_field(came, &came->fields[i], went, &went->fields[at]))
            at++;
        if (at++ > went->field_count)
            return false;
    }
    return true;
}

static bool keeps_body(const struct tnd_msg *came, const struct tnd_msg *went)
{
    return tnd_slice_eq(came->body, went->body);
}

/* A Via by what nobody else may change: received and rport the next one fills in. */
static bool same_via(const struct tnd_via *a, const struct tnd_via *b)
{
    return tnd_slice_eq(a->transport, b->transport) && tnd_slice_eq(a->host, b->host) &&
           a->port == b->port && tnd_slice_eq(a->branch, b->branch);
}

/* Whether lower has the values of upper, less one on top. */
static bool is_one_less(const struct tnd_msg *upper, const struct tnd_msg *lower)
{
    struct tnd_values u = tnd_msg_values(upper, TND_HEADER_VIA);
    struct tnd_values l = tnd_msg_values(lower, TND_HEADER_VIA);
    struct tnd_via above, below;

    if (!tnd_via_next(&u, &above))
        return false;
    while (tnd_via_next(&u, &above))
        if (!tnd_via_next(&l, &below) || !same_via(&above, &below))
            return false;
    return !tnd_via_next(&l, &below);
}

/* The number in the only field of this kind. 1: it is there; 0: there is none; -1: it is wrong, or
 * there are two. */
static int one_number(const struct tnd_msg *msg, enum tnd_header kind, uint32_t *ret)
{
    struct tnd_values v = tnd_msg_values(msg, kind);

    if (!tnd_msg_has(msg, kind))
        return 0;
    return tnd_seconds_next(&v, ret) && msg->fields[msg->first[kind]].next == 0 ? 1 : -1;
}

static bool counts_hops(const struct tnd_msg *came, const struct tnd_msg *went)
{
    uint32_t before, after;
    int had = one_number(came, TND_HEADER_MAX_FORWARDS, &before);

    if (one_number(went, TND_HEADER_MAX_FORWARDS, &after) != 1)
        return had < 0; /* what was wrong stays so */
    return had <= 0 || (before > 0 && after == before - 1);
}

static bool keeps_breadth(const struct tnd_msg *came, const struct tnd_msg *went)
{
    uint32_t before, after;

    if (one_number(went, TND_HEADER_MAX_BREADTH, &after) != 1)
        return false;
    return one_number(came, TND_HEADER_MAX_BREADTH, &before) != 1 || after <= before;
}

/* RFC 3261 §16.6 step 2, §19.1.1. */
static bool has_clean_uri(const struct tnd_msg *went)
{
    struct tnd_uri uri;
    struct tnd_slice value;

    return !tnd_msg_uri(went, &uri, NULL) || uri.scheme == TND_SCHEME_TEL ||
           (!uri.headers.ptr && !tnd_param_find(uri.params, TND_STR("method"), &value));
}

enum tnd_rule tnd_forward_request_fault(const struct tnd_msg *came, const struct tnd_msg *went)
{
    if (went->kind != TND_MSG_REQUEST || !has_clean_uri(went))
        return TND_RULE_FORWARD_URI;
    if (!is_one_less(went, came))
        return TND_RULE_FORWARD_VIA;
    if (!counts_hops(came, went))
        return TND_RULE_FORWARD_HOPS;
    /* RFC 5393 §5.4.1 */
    if (came->method != TND_METHOD_CANCEL && !keeps_breadth(came, went))
        return TND_RULE_FORWARD_BREADTH;
    if (!tnd_slice_eq(came->method_name, went->method_name) || !keeps_fields(came, went))
        return TND_RULE_FORWARD_FIELDS;
    return keeps_body(came, went) ? TND_RULE_NONE : TND_RULE_FORWARD_BODY;
}

enum tnd_rule tnd_forward_response_fault(const struct tnd_msg *came, const struct tnd_msg *went)
{
    if (!is_one_less(came, went))
        return TND_RULE_BACK_VIA;
    if (went->kind != TND_MSG_RESPONSE || !keeps_fields(came, went))
        return TND_RULE_BACK_FIELDS;
    return keeps_body(came, went) ? TND_RULE_NONE : TND_RULE_FORWARD_BODY;
}
