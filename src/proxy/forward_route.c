/* Where a request is led: our Record-Route and its token, strict routers, Request-URIs (RFC 3261
 * §16.4, §16.6 steps 2 and 4). */
#include "base/ascii.h"
#include "proxy/forward.h"
#include "tandem/sip/origin.h"

static void put_transport(struct tnd_writer *w, enum tnd_transport transport)
{
    if (transport != TND_TRANSPORT_NONE) {
        struct tnd_slice name = tnd_slice_str(tnd_transport_name(transport));

        tnd_put(w, TND_STR(";transport="));
        tnd_put_lower(w, name);
    }
}

void tnd_record_route_write(struct tnd_writer *w, const struct tnd_record_route *rr)
{
    tnd_put(w, rr->is_sips ? TND_STR("<sips:") : TND_STR("<sip:"));
    tnd_put(w, rr->host);
    put_transport(w, rr->transport);
    tnd_put(w, TND_STR(";lr")); /* RFC 3261 §16.6 step 4 */
    if (rr->flow.ptr) {
        tnd_put(w, TND_STR(";" TND_ROUTE_FLOW_PARAM "="));
        tnd_put(w, rr->flow);
    }
    if (rr->token) {
        tnd_put(w, TND_STR(";" TND_ROUTE_PARAM "="));
        tnd_put(w, tnd_slice(rr->token, TND_ROUTE_TOKEN_LEN));
    }
    tnd_put_char(w, '>');
}

enum tnd_rule tnd_request_is_strict(const struct tnd_txn_parts *request, const struct tnd_uri *uri,
                                    struct tnd_addr *ret_last)
{
    struct tnd_values routes = tnd_msg_values(request->msg, TND_HEADER_ROUTE);
    struct tnd_addr route, last;
    struct tnd_slice token;
    bool has_route = false;

    if (!tnd_msg_has(request->msg, TND_HEADER_ROUTE) || !tnd_route_token_find(uri, &token))
        return TND_RULE_NONE;
    while (tnd_route_next(&routes, &route)) {
        last = route;
        has_route = true;
    }
    if (routes.c.flaw.rule || !has_route)
        return TND_RULE_NONE;
    *ret_last = last;
    return TND_RULE_PROXY_STRICT;
}

/* RFC 3261 §16.4: transport and a port that is not the usual one say what the request came by. */
static bool stays(const struct tnd_param *p, bool is_maddr_ours)
{
    if (tnd_slice_eq_fold(p->name, TND_STR("method"))) /* RFC 3261 §19.1.1, table 1 */
        return false;
    return !is_maddr_ours || (!tnd_slice_eq_fold(p->name, TND_STR("maddr")) &&
                              !tnd_slice_eq_fold(p->name, TND_STR("transport")));
}

void tnd_request_uri_write(struct tnd_writer *w, const struct tnd_uri *uri, bool is_maddr_ours)
{
    struct tnd_slice params = uri->params, rest = params;
    struct tnd_uri copy = *uri;
    struct tnd_param p;

    if (uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS) {
        tnd_put(w, uri->text);
        return;
    }
    copy.headers = copy.params = tnd_slice(NULL, 0);
    if (is_maddr_ours)
        copy.port = -1;
    tnd_uri_write(w, &copy);
    while (tnd_param_next(&rest, &p)) {
        if (stays(&p, is_maddr_ours))
            tnd_put(w, tnd_slice_between(params.ptr, rest.ptr));
        params = rest;
    }
}

static bool is_within(const char *at, struct tnd_slice value)
{
    return at && at >= value.ptr && at <= tnd_slice_end(value);
}

/* Behind the value that ends at at, and its comma. */
static const char *behind_value(const char *at, const char *end)
{
    at = tnd_behind_space(at, end);
    return at < end ? tnd_behind_space(at + 1, end) : end;
}

/* In front of the value that starts at at, and of the comma there. */
static const char *before_value(const char *first, const char *at)
{
    while (at > first && tnd_is_space(at[-1]))
        at--;
    if (at > first)
        at--;
    while (at > first && tnd_is_space(at[-1]))
        at--;
    return at;
}

/* Of the value of a field the part from first to end stays. */
static void keep_part(struct tnd_edits *e, const struct tnd_field *f, const char *first,
                      const char *end)
{
    struct tnd_slice value = tnd_field_value(e->msg, f);

    if (first >= end) {
        tnd_edit_remove(e, f);
        return;
    }
    if (first > value.ptr)
        tnd_edit(e, tnd_slice_between(value.ptr, first), tnd_slice(NULL, 0));
    if (end < tnd_slice_end(value))
        tnd_edit(e, tnd_slice_between(end, tnd_slice_end(value)), tnd_slice(NULL, 0));
}

void proxy_edit_routes(struct tnd_edits *e, const struct tnd_addr *used,
                       const struct tnd_addr *last)
{
    const struct tnd_field *f = tnd_msg_field(e->msg, TND_HEADER_ROUTE);
    const char *used_end = used ? tnd_slice_end(used->params) : NULL;
    const char *last_start = last ? proxy_addr_start(last) : NULL;

    for (; f && (used_end || last_start); f = proxy_next_field(e->msg, f)) {
        struct tnd_slice value = tnd_field_value(e->msg, f);
        const char *first = value.ptr, *end = tnd_slice_end(value);

        if (is_within(last_start, value)) {
            end = before_value(first, last_start);
            last_start = NULL;
        }
        if (is_within(used_end, value)) {
            first = behind_value(used_end, tnd_slice_end(value));
            used_end = NULL;
        } else if (used_end) {
            first = end; /* all of this field comes before it */
        }
        keep_part(e, f, first, end);
    }
}
