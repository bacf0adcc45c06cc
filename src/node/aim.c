/* Whom a request is for: its targets (RFC 3261 §16.5), by Route, by the routes of the configuration, by
 * the forwards and bindings of the user. */
#include "node/context.h"

const struct tnd_route *node_route_of(const struct tnd_node *n, const struct tnd_flow *flow,
                                      const struct tnd_msg *msg, const struct tnd_uri *uri)
{
    struct tnd_addr from;
    bool has_from = n->routes_ask_from && tnd_msg_from(msg, &from, NULL);
    struct tnd_route_asked asked = {.method = msg->method_name,
                                    .uri = uri,
                                    .from = has_from ? &from.uri : NULL,
                                    .source = &flow->remote};

    if (msg->method == TND_METHOD_CANCEL || msg->method == TND_METHOD_ACK)
        asked.method = TND_STR("INVITE"); /* they go where it went */
    return tnd_route_find(n->config->routes, n->config->route_count, &asked);
}

struct node_answer node_answer_of_redirect(const struct tnd_redirect_answer *answer)
{
    return (struct node_answer){.code = answer->code,
                                .rule = answer->rule,
                                .fact = answer->fact,
                                .reason = answer->reason,
                                .fields = answer->fields,
                                .content_type = answer->content_type,
                                .body = answer->body};
}

/* Where it says itself: RFC 3261 §16.6 steps 6 and 7. */
void node_aim_away(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_target target = {.uri = ctx->uri.text, .q = 1000};

    if (ctx->routes.next.angle)
        target.hop = ctx->routes.next.uri.text;
    if (ctx->routes.flow_read == TND_ROUTE_FLOW_GOOD) {
        target.source = ctx->routes.flow.remote;
        target.local = ctx->routes.flow.local;
        target.flow = ctx->routes.flow.id;
    }
    node_search_start(n, ctx, &target, 1, false);
}

/* A target without user part is a next hop, and the Request-URI stays; else it becomes it. */
static bool aim_at_contact(struct node_context *ctx, const struct tnd_route_contact *contact,
                           struct tnd_target *ret)
{
    struct tnd_writer count = tnd_writer(NULL, 0);
    struct tnd_uri uri;

    tnd_route_uri_write(&count, contact, &ctx->uri);
    char *at = tnd_arena_take(&ctx->arena, count.len);
    struct tnd_writer w = tnd_writer(at, at ? count.len : 0);
    tnd_route_uri_write(&w, contact, &ctx->uri);
    struct tnd_slice text = tnd_writer_slice(&w);
    if (!text.ptr || tnd_uri_parse(text, &uri, NULL) != 0)
        return false;
    *ret = (struct tnd_target){.uri = uri.user.ptr ? text : ctx->uri.text,
                               .hop = uri.user.ptr ? tnd_slice(NULL, 0) : text,
                               .q = (int16_t)contact->q};
    return true;
}

static void aim_by_route(struct tnd_node *n, struct node_context *ctx,
                         const struct tnd_route *route)
{
    struct tnd_target *targets =
        tnd_arena_zero(&ctx->arena, route->contact_count, sizeof(*targets));
    size_t count = 0;

    for (size_t i = 0; targets && i < route->contact_count; i++)
        count += aim_at_contact(ctx, &route->contacts[i], &targets[count]);
    if (!targets)
        node_context_overload(n, ctx);
    else
        node_search_start(n, ctx, targets, count, route->serial);
}

/* Nobody is there. */
static void miss(struct tnd_node *n, struct node_context *ctx, bool is_user)
{
    struct node_answer answer = {
        .code = is_user ? 480 : 404,
        .rule = is_user ? TND_RULE_PROXY_NO_BINDING : TND_RULE_UAS_USER,
        .fact = ctx->uri.user,
        .says_why = true,
    };

    if (ctx->request->to_tag.ptr) { /* RFC 5057 §5.1: so that its sender ends it at his side too */
        answer.code = 481;
        answer.rule = TND_RULE_UAS_NO_DIALOG;
        answer.fact = ctx->request->to_tag;
    }
    node_context_answer(n, ctx, &answer);
}

/* What belongs to a call that is there goes where that went, and what has a Route by it. */
const struct tnd_route *node_route_on(const struct tnd_node *n, const struct node_pass *pass,
                                      const struct node_asked *asked)
{
    const struct tnd_route *route = NULL;

    if (!pass->is_routed && !pass->is_several && !pass->is_known && !asked->parts->to_tag.ptr)
        route = node_route_of(n, asked->flow, asked->parts->msg, asked->uri);
    return route && route->action == TND_ROUTE_PROXY ? route : NULL;
}

/* He is looked up, once for each request. */
static void search(struct tnd_node *n, struct node_context *ctx)
{
    if (node_is_first_search(n, ctx))
        node_context_find(n, ctx, NODE_STAGE_AIM, ctx->pass.aor);
    else
        node_context_answer(n, ctx,
                            &(struct node_answer){.code = 482,
                                                  .rule = TND_RULE_PROXY_MERGED,
                                                  .fact = ctx->pass.aor,
                                                  .says_why = true});
}

void node_aim(struct tnd_node *n, struct node_context *ctx)
{
    const struct node_asked asked = {ctx->request, &ctx->flow, &ctx->seen, &ctx->uri};
    const struct tnd_route *route = node_route_on(n, &ctx->pass, &asked);

    if (route) {
        aim_by_route(n, ctx, route);
        return;
    }
    if (ctx->pass.is_away && ctx->pass.peer.ptr) {
        node_context_find(n, ctx, NODE_STAGE_FLOW, ctx->pass.peer);
        return;
    }
    if (ctx->pass.is_away) {
        node_aim_away(n, ctx);
        return;
    }
    if (ctx->pass.is_several) {
        node_aim_at_phones(n, ctx);
        return;
    }
    if (ctx->pass.aor.ptr)
        search(n, ctx);
    else
        miss(n, ctx, false);
}

static const struct tnd_forward *forward_of(const struct tnd_entry *entry,
                                            enum tnd_forward_when when)
{
    for (size_t i = 0; i < entry->forward_count; i++)
        if (entry->forwards[i].when == when)
            return &entry->forwards[i];
    return NULL;
}

static void redirect(struct tnd_node *n, struct node_context *ctx, int err,
                     const struct tnd_redirect_answer *answer)
{
    struct node_answer said = node_answer_of_redirect(answer);

    if (err)
        node_context_overload(n, ctx);
    else
        node_context_answer(n, ctx, &said);
}

/* A forward that takes the call at once. */
static void follow(struct tnd_node *n, struct node_context *ctx, const struct tnd_forward *forward)
{
    struct tnd_redirect_answer answer;

    if (forward->mode == TND_FORWARD_REDIRECT) {
        int err = tnd_redirect_by_forward(forward, &ctx->uri, node_wall(n), &n->work, &answer);
        redirect(n, ctx, err, &answer);
        return;
    }
    struct tnd_target target = {.uri = tnd_slice_keep(&ctx->arena, forward->uri), .q = 1000};

    ctx->forward_code = forward->when == TND_FORWARD_OFFLINE ? 503 : 302; /* RFC 7544 §4 */
    if (target.uri.ptr)
        node_search_start(n, ctx, &target, 1, false);
    else
        node_context_overload(n, ctx);
}

/* A phone behind a NAT says an address that means nothing here: then it is where its REGISTER came
 * from (register.c), after a restart too. So it is also with a connection that it keeps, as long as
 * that is there. */
static bool is_where_it_came_from(const struct tnd_node *n, const struct tnd_binding *b,
                                  const struct tnd_uri *uri)
{
    struct tnd_endpoint host;

    if (b->path.ptr || b->source.family == TND_FAMILY_NONE || b->flow == 0)
        return false;
    if (tnd_transport_is_reliable((enum tnd_transport)b->source.transport))
        return b->life == n->life;
    return tnd_address_parse(uri->host, &host) == 0 && !tnd_address_eq(&host, &b->source);
}

static bool aim_at_binding(const struct tnd_node *n, struct node_context *ctx,
                           const struct tnd_binding *b, struct tnd_target *ret)
{
    struct tnd_uri uri;

    *ret = (struct tnd_target){.uri = tnd_slice_keep(&ctx->arena, b->uri),
                               .path = tnd_slice_keep(&ctx->arena, b->path),
                               .q = b->q};
    if (!ret->uri.ptr || tnd_uri_parse(ret->uri, &uri, NULL) != 0)
        return false;
    if (is_where_it_came_from(n, b, &uri)) {
        ret->source = b->source;
        ret->local = b->local;
        if (tnd_transport_is_reliable((enum tnd_transport)b->source.transport))
            ret->flow = b->flow; /* a datagram leaves from local, by whatever worker's socket */
    }
    return true;
}

/* A forward for later: when nobody answers, or all are busy. */
static bool aim_at_forward(struct node_context *ctx, const struct tnd_forward *forward,
                           struct tnd_target *ret)
{
    struct tnd_forward *kept = forward ? tnd_arena_take(&ctx->arena, sizeof(*kept)) : NULL;

    if (!kept)
        return false;
    *kept = *forward;
    kept->uri = tnd_slice_keep(&ctx->arena, forward->uri);
    *ret = (struct tnd_target){.uri = kept->uri,
                               .q = 0,
                               .after = TND_SEC((tnd_time)forward->after),
                               .when = forward->when == TND_FORWARD_BUSY ? TND_TARGET_BUSY
                                                                         : TND_TARGET_NO_ANSWER,
                               .is_redirect = forward->mode == TND_FORWARD_REDIRECT};
    ctx->forwards[forward->when == TND_FORWARD_BUSY ? 0 : 1] = kept;
    return kept->uri.ptr;
}

static void aim_at_bindings(struct tnd_node *n, struct node_context *ctx,
                            const struct tnd_entry *entry)
{
    static const enum tnd_forward_when later[] = {TND_FORWARD_BUSY, TND_FORWARD_NO_ANSWER};
    struct tnd_target *targets =
        tnd_arena_zero(&ctx->arena, entry->binding_count + 2, sizeof(*targets));
    bool is_invite = ctx->request->msg->method == TND_METHOD_INVITE;
    size_t count = 0;

    for (size_t i = 0; targets && i < entry->binding_count; i++)
        count += aim_at_binding(n, ctx, &entry->bindings[i], &targets[count]);
    for (size_t i = 0; targets && is_invite && ctx->txn && i < 2; i++)
        count += aim_at_forward(ctx, forward_of(entry, later[i]), &targets[count]);
    if (!targets || tnd_arena_over(&ctx->arena))
        node_context_overload(n, ctx);
    else
        node_search_start(n, ctx, targets, count, n->config->proxy.serial);
}

/* What begins something: not what belongs to a call that is there, whose ACK and BYE go to its phone. */
static bool may_be_sent_elsewhere(const struct node_context *ctx)
{
    return ctx->txn && !ctx->request->to_tag.ptr;
}

void node_aim_at(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry)
{
    bool is_user = entry->user || entry->forward_count > 0;
    const struct tnd_forward *forward = forward_of(entry, TND_FORWARD_ALWAYS);
    struct tnd_redirect_answer answer;

    if (!forward && entry->binding_count == 0)
        forward = forward_of(entry, TND_FORWARD_OFFLINE);
    if (forward && may_be_sent_elsewhere(ctx)) {
        follow(n, ctx, forward);
    } else if (entry->binding_count == 0) {
        miss(n, ctx, is_user);
    } else if (n->config->proxy.redirects && may_be_sent_elsewhere(ctx)) {
        int err = tnd_redirect_by_bindings(entry->bindings, entry->binding_count, &ctx->uri,
                                           node_wall(n), &n->work, &answer);
        redirect(n, ctx, err, &answer);
    } else {
        aim_at_bindings(n, ctx, entry);
    }
}

/* Why target i is another user than the one before: a code, as Diversion and History-Info tell it. 0:
 * it is not. */
static unsigned left_for(const struct node_context *ctx, size_t i)
{
    const struct tnd_branch *b = &ctx->proxy.branch[i];

    if (b->parent >= 0)
        return ctx->proxy.branch[b->parent].code ? ctx->proxy.branch[b->parent].code : 302;
    if (b->target.when == TND_TARGET_BUSY)
        return 486;
    if (b->target.when == TND_TARGET_NO_ANSWER)
        return 408;
    return ctx->forward_code;
}

void node_aim_put_diversion(struct tnd_writer *w, const struct node_context *ctx, size_t i)
{
    const struct tnd_branch *b = &ctx->proxy.branch[i];
    unsigned code = left_for(ctx, i);

    if (code > 0)
        tnd_diversion_line_write(
            w, ctx->request->msg,
            b->parent >= 0 ? ctx->proxy.branch[b->parent].target.uri : ctx->uri.text, code);
}

static enum tnd_tried_how how_of(const struct node_context *ctx, size_t i)
{
    const struct tnd_branch *b = &ctx->proxy.branch[i];

    if (b->parent >= 0)
        return TND_TRIED_REDIRECT;
    if (ctx->forward_code > 0 || b->target.when != TND_TARGET_AT_ONCE)
        return TND_TRIED_OTHER;
    if (tnd_slice_eq(b->target.uri, ctx->request->msg->uri))
        return TND_TRIED_SAME;
    return TND_TRIED_CONTACT;
}

struct tnd_slice node_aim_history(struct tnd_node *n, const struct node_context *ctx, size_t last)
{
    size_t count = 0, size = ctx->proxy.count;
    struct tnd_tried *tried;

    if (!tnd_history_is_asked(ctx->request))
        return tnd_slice(NULL, 0);
    tried = tnd_arena_zero(&n->work, size, sizeof(*tried));
    for (size_t i = 0; tried && i < size; i++)
        if (i != last && ctx->branch[i].attempt > 0)
            tried[count++] = (struct tnd_tried){.uri = ctx->proxy.branch[i].target.uri,
                                                .code = ctx->proxy.branch[i].code,
                                                .how = (uint8_t)how_of(ctx, i)};
    if (!tried)
        return tnd_slice(NULL, 0);
    tried[count++] = (struct tnd_tried){.uri = ctx->proxy.branch[last].target.uri,
                                        .how = (uint8_t)how_of(ctx, last)};
    struct tnd_writer size_of = tnd_writer(NULL, 0);
    tnd_history_forward_write(&size_of, ctx->request->msg, tried, count);
    char *at = tnd_arena_take(&n->work, size_of.len);
    struct tnd_writer w = tnd_writer(at, at ? size_of.len : 0);
    tnd_history_forward_write(&w, ctx->request->msg, tried, count);
    return tnd_writer_slice(&w);
}
