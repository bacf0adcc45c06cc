/* What is to be done with a request that is for somebody else, or for the registrar, before anything
 * is kept of it (RFC 3261 §16.3, §16.4). */
#include "node/context.h"
#include "tandem/sip/origin.h"

bool node_has_one_via(const struct tnd_txn_parts *parts)
{
    const struct tnd_field *f = tnd_msg_field(parts->msg, TND_HEADER_VIA);

    return f && f->next == 0 &&
           tnd_slice_end(parts->via.text) == tnd_slice_end(tnd_field_value(parts->msg, f));
}

const struct tnd_branch_seed *node_seed(const struct tnd_node *n, struct node_got *got)
{
    if (!got->has_seed)
        tnd_branch_start(&got->seed, &n->key, &got->parts, tnd_slice(NULL, 0));
    got->has_seed = true;
    return &got->seed;
}

/* The route of the configuration for what begins something new here; NULL: none. */
static const struct tnd_route *route_of(const struct tnd_node *n, struct node_got *got)
{
    const struct node_pass *pass = &got->pass;
    bool is_new =
        !pass->is_register && !pass->is_routed && !pass->is_known && !got->parts.to_tag.ptr;

    if (!got->has_route && is_new)
        got->route = node_route_of(n, &got->flow, got->msg, &got->uri);
    got->has_route = true;
    return got->route;
}

/* Where a route leads says no address-of-record: a peer may send it back to be searched here. Nor is
 * anybody searched whom a route answers for. */
void node_seed_place(const struct tnd_node *n, struct node_got *got)
{
    const struct tnd_route *route = route_of(n, got);

    got->pass.aor = node_aor(n, &got->uri, got->a);
    if (!got->pass.aor.ptr ||
        (route && !(got->pass.is_several && route->action == TND_ROUTE_PROXY)))
        return;
    node_seed(n, got);
    tnd_branch_place(&got->seed, &got->parts, got->pass.aor);
}

/* The last of ours says where it goes: it is for the side that it goes to. RFC 5626 §5.3: one that names
 * where the request came from is of the sender's own side, and says nothing of that; a phone that
 * calls itself has two. One that is forged spoils all. */
static void read_flow(const struct tnd_flow *from, const struct tnd_branch_seed *seed,
                      const struct tnd_uri *route, struct node_routes *ret)
{
    struct tnd_route_flow flow = {.id = 0};
    enum tnd_route_flow_read read = tnd_route_flow_read(seed, route, &flow);
    bool is_own = read == TND_ROUTE_FLOW_GOOD && tnd_endpoint_eq(&flow.remote, &from->remote);

    if (ret->flow_read == TND_ROUTE_FLOW_FORGED || (is_own && !ret->has_own_flow)) {
        ret->has_own_flow |= is_own;
        return;
    }
    ret->flow_read = (uint8_t)read;
    ret->flow = flow;
}

/* Values of Route that name us are used up, all of them that stand in front: those of a call that came
 * by one transport and went by another are two (RFC 5658). */
static void read_routes(const struct tnd_node *n, const struct tnd_flow *flow,
                        const struct tnd_txn_parts *parts, const struct tnd_branch_seed *seed,
                        struct node_routes *ret)
{
    struct tnd_values v = tnd_msg_values(parts->msg, TND_HEADER_ROUTE);
    struct tnd_addr route;

    while (tnd_route_next(&v, &route)) {
        if (ret->last.angle && route.uri.text.ptr == ret->last.uri.text.ptr)
            return;
        if (!node_is_ours(n, flow, &route.uri)) {
            ret->next = route;
            return;
        }
        if (!tnd_route_token_find(&route.uri, &ret->token))
            ret->token = tnd_slice(NULL, 0);
        ret->used = route;
        read_flow(flow, seed, &route.uri, ret);
    }
}

/* The next hop is a strict router: it wants itself in the Request-URI (RFC 3261 §16.6 step 6). */
static void serve_strict(struct node_routes *routes, struct tnd_uri *uri)
{
    struct tnd_slice value;

    if (!routes->next.angle || tnd_param_find(routes->next.uri.params, TND_STR("lr"), &value))
        return;
    routes->added = uri->text;
    routes->used = routes->next;
    *uri = routes->next.uri;
    routes->next = (struct tnd_addr){.angle = false};
    routes->is_strict = true;
}

void node_read_routes(const struct tnd_node *n, const struct tnd_flow *flow,
                      const struct tnd_txn_parts *parts, const struct tnd_branch_seed *seed,
                      struct tnd_uri *uri, struct node_routes *ret)
{
    *ret = (struct node_routes){.is_strict = false};
    if (!tnd_msg_has(parts->msg, TND_HEADER_ROUTE))
        return;
    if (node_is_ours(n, flow, uri) && tnd_request_is_strict(parts, uri, &ret->last)) {
        tnd_route_token_find(uri, &ret->token);
        *uri = ret->last.uri;
    }
    read_routes(n, flow, parts, seed, ret);
    serve_strict(ret, uri);
}

/* A request that we sent to ourselves, for its target is a user of ours. A connection of ours has any port:
 * there the branch must have been made for that target; who else was sent it, is it. */
static bool is_spiral(const struct tnd_node *n, const struct node_got *got)
{
    struct tnd_via below;

    if (tnd_transport_is_reliable((enum tnd_transport)got->flow.remote.transport))
        return node_is_this_machine(n, &got->flow.remote) &&
               tnd_branch_leads_to(&n->key, &got->parts, got->msg->uri);
    return node_is_ourselves(n, &got->flow.remote) &&
           tnd_branch_is_ours(&n->key, &got->parts, &below);
}

/* What our Route says of whom it is for. In front of a strict router the Request-URI is the next hop. */
static enum tnd_route_read read_token(const struct node_got *got, uint64_t *ret_target)
{
    const struct node_routes *routes = &got->routes;
    struct tnd_route_side side = {.tag = got->parts.to_tag, .target = &got->uri};
    struct tnd_uri target;

    if (!routes->token.ptr || !side.tag.ptr)
        return TND_ROUTE_STRANGE;
    if (routes->next.angle)
        side.next = &routes->next.uri;
    if (routes->is_strict) {
        side.next = &got->uri;
        side.target = tnd_uri_parse(routes->added, &target, NULL) == 0 ? &target : NULL;
    }
    return tnd_route_token_read(&got->seed, routes->token, &side, ret_target);
}

/* RFC 3261 §12.2: a request within a dialog is for the Contact of its other side, as that was when our
 * Record-Route went by, or has changed since. A REGISTER is within none (§10.2). */
static bool is_for_other_side(const struct tnd_node *n, const struct node_got *got)
{
    uint64_t target = 0;

    switch (read_token(got, &target)) {
    case TND_ROUTE_STRANGE:
        return false;
    case TND_ROUTE_WAY:
        return node_target_is_noted(n, target) && got->msg->method != TND_METHOD_REGISTER;
    case TND_ROUTE_TARGET:
        return got->msg->method != TND_METHOD_REGISTER;
    }
    return false;
}

bool node_look_at_pass(const struct tnd_node *n, const struct node_got *got, struct node_pass *ret)
{
    const struct tnd_uri *uri = &got->uri;
    bool is_tel = uri->scheme == TND_SCHEME_TEL;
    bool is_ours = !is_tel && node_is_ours(n, &got->flow, uri);
    unsigned lab = is_ours && n->config->lab ? tnd_lab_code(uri->user) : 0;

    *ret = (struct node_pass){
        .is_routed = got->routes.next.angle || got->routes.is_strict ||
                     got->routes.flow_read == TND_ROUTE_FLOW_GOOD,
    };
    ret->is_away = ret->is_routed || (!is_ours && !is_tel);
    ret->is_foreign = ret->is_away || is_tel;
    ret->is_known = is_for_other_side(n, got);
    ret->is_astray = got->parts.to_tag.ptr && got->routes.token.ptr && !ret->is_known;
    ret->is_register = !ret->is_away && got->msg->method == TND_METHOD_REGISTER;
    ret->is_several = is_ours && !ret->is_away && n->config->lab && !got->parts.to_tag.ptr &&
                      node_is_several_phones(uri);
    ret->is_spiral = is_spiral(n, got);
    return ret->is_away || ret->is_register || ret->is_several || (!lab && uri->user.ptr);
}

/* By a route of the configuration that needs nothing to be kept. */
static bool is_answered_by_route(struct tnd_node *n, struct node_got *got, struct node_answer *ret)
{
    const struct tnd_route *route = route_of(n, got);
    struct tnd_redirect_answer answer;

    if (!route || route->action == TND_ROUTE_PROXY ||
        tnd_redirect_by_route(route, &got->uri, got->a, &answer) != 0)
        return false;
    *ret = node_answer_of_redirect(&answer);
    return true;
}

/* RFC 5393 §5.3.3: it may not even go to one place. */
static bool has_no_breadth(const struct node_got *got, struct node_answer *ret)
{
    if (got->pass.is_register || !tnd_msg_has(got->msg, TND_HEADER_MAX_BREADTH) ||
        tnd_breadth_of(got->msg) > 0)
        return false;
    *ret = (struct node_answer){
        .code = 440, .rule = TND_RULE_PROXY_BREADTH, .fact = got->msg->uri, .says_why = true};
    return true;
}

/* RFC 3261 §16.3 step 4, RFC 5393 §4.2 */
static bool is_loop(const struct tnd_node *n, struct node_got *got, struct node_answer *ret)
{
    if (node_has_one_via(&got->parts) || !tnd_branch_loops(node_seed(n, got), &got->parts))
        return false;
    *ret = (struct node_answer){
        .code = 482, .rule = TND_RULE_PROXY_LOOP, .fact = got->msg->uri, .says_why = true};
    return true;
}

/* Unless somebody may know another way to that phone (aim_flow.c). */
static bool flow_is_gone(const struct tnd_node *n, const struct node_got *got)
{
    return got->routes.flow_read == TND_ROUTE_FLOW_GOOD && !got->pass.peer.ptr &&
           node_flow_is_gone(n, &got->routes.flow);
}

/* RFC 5626 §5.3.1 */
static bool has_no_flow(const struct tnd_node *n, const struct node_got *got,
                        struct node_answer *ret)
{
    bool is_forged = got->routes.flow_read == TND_ROUTE_FLOW_FORGED;

    if (!is_forged && !flow_is_gone(n, got))
        return false;
    *ret =
        (struct node_answer){.code = is_forged ? 403 : 430,
                             .rule = is_forged ? TND_RULE_PROXY_FLOW_FORGED : TND_RULE_PROXY_FLOW,
                             .fact = got->routes.used.uri.text,
                             .says_why = true};
    return true;
}

bool node_inspect_pass(struct tnd_node *n, struct node_got *got, struct node_answer *ret)
{
    return has_no_flow(n, got, ret) || is_loop(n, got, ret) || has_no_breadth(got, ret) ||
           is_answered_by_route(n, got, ret) || !node_admit(n, got, ret);
}

/* RFC 3261 §16.10, §16.11: what has no transaction is passed on by the same rules as its INVITE, but
 * nobody is told why where it is not. */
bool node_pass_alone(struct tnd_node *n, struct node_got *got)
{
    struct tnd_values v = tnd_msg_values(got->msg, TND_HEADER_MAX_FORWARDS);
    struct node_answer answer;
    uint32_t hops;

    if (!got->is_passed || got->pass.is_register || (tnd_max_forwards_next(&v, &hops) && hops == 0))
        return false;
    if (got->pass.is_foreign && !got->pass.is_known && !node_is_trusted(n, &got->flow.remote))
        return false;
    if (has_no_flow(n, got, &answer) || is_loop(n, got, &answer))
        return false;
    node_pass_on(n, got);
    return true;
}
