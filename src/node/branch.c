/* One target of a request: where it is (RFC 3263), and the copy that goes there (RFC 3261 §16.6). */
#include "node/context.h"
#include "tandem/sip/origin.h"
#include "tandem/transport/request.h"

enum { LINES_ROOM = 512 + 2 * TND_ROUTE_FLOW_LEN_MAX, COPY_ROOM = 256 };

/* The first value of a Path is the next hop (RFC 3327 §5.3). */
static bool first_of(struct tnd_slice path, struct tnd_uri *ret)
{
    struct tnd_marks room;
    struct tnd_values v = tnd_values(path, &room);
    struct tnd_addr addr;

    if (!tnd_route_next(&v, &addr))
        return false;
    *ret = addr.uri;
    return true;
}

/* RFC 3261 §16.6 step 7 */
static bool next_hop(const struct tnd_target *target, struct tnd_uri *ret)
{
    if (target->path.ptr)
        return first_of(target->path, ret);
    return tnd_uri_parse(target->hop.ptr ? target->hop : target->uri, ret, NULL) == 0;
}

/* A URI that says all by itself, as most do. */
static bool is_literal(const struct tnd_uri *uri, struct tnd_endpoint *ret)
{
    struct tnd_slice value;
    enum tnd_transport transport = TND_TRANSPORT_UDP; /* RFC 3263 §4.1 */

    if (uri->scheme != TND_SCHEME_SIP || tnd_address_parse(uri->host, ret) != 0 ||
        tnd_param_find(uri->params, TND_STR("maddr"), &value))
        return false;
    if (tnd_param_find(uri->params, TND_STR("transport"), &value))
        transport = tnd_transport_find(value);
    if (transport != TND_TRANSPORT_UDP && transport != TND_TRANSPORT_TCP)
        return false;
    ret->transport = (uint8_t)transport;
    ret->port = uri->port >= 0 ? (uint16_t)uri->port : tnd_transport_port(transport);
    return tnd_endpoint_is_target(ret);
}

static void put_lines(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                      size_t i, const struct tnd_flow *out, struct tnd_slice branch)
{
    const struct tnd_target *target = node_target(ctx, i);
    struct tnd_request_via via = {.transport = (enum tnd_transport)out->local.transport,
                                  .host = node_self(n, out),
                                  .port = -1,
                                  .branch = branch,
                                  .rport = true};

    tnd_put_field_name(w, TND_HEADER_VIA);
    tnd_request_via_write(w, &via);
    tnd_put_line_end(w);
    node_put_record_route(w, n, ctx, i, out);
    if (target->path.ptr)
        tnd_put_field(w, TND_HEADER_ROUTE, target->path);
    node_aim_put_diversion(w, ctx, i);
}

static int32_t max_forwards_of(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_MAX_FORWARDS);
    uint32_t hops;

    return tnd_max_forwards_next(&v, &hops) ? (int32_t)hops : -1;
}

/* The copy. NULL: no memory, or it cannot be made. */
static struct node_kept *write_copy(struct tnd_node *n, const struct node_context *ctx, size_t i,
                                    struct tnd_slice lines)
{
    const struct tnd_txn_parts *request = ctx->request;
    struct tnd_slice uri = node_target(ctx, i)->uri;
    struct tnd_forward_with with = {
        .uri = tnd_slice_eq(uri, request->msg->uri) ? tnd_slice(NULL, 0) : uri,
        .lines = lines,
        .history = node_aim_history(n, ctx, i),
        .top = &request->via,
        .received = ctx->seen.received,
        .rport = ctx->seen.rport,
        .max_forwards = max_forwards_of(request->msg),
        .max_breadth = ctx->branch[i].breadth,
        .route_used = ctx->routes.used.angle ? &ctx->routes.used : NULL,
        .route_last = ctx->routes.last.angle ? &ctx->routes.last : NULL,
        .route_added = ctx->routes.added,
        .strips_credentials = ctx->pass.has_claim || ctx->pass.is_known,
        .realm = node_realm(n, ctx),
    };
    size_t room = request->msg->text.len + lines.len + with.history.len + uri.len + COPY_ROOM;
    struct node_kept *kept = node_kept_new(n, room);

    if (!kept)
        return NULL;
    struct tnd_writer w = tnd_writer(kept->bytes, room);
    tnd_forward_request_write(&w, request->msg, &with);
    kept->len = w.len;
    if (tnd_writer_over(&w))
        node_forget(n, &kept);
    return kept;
}

static struct node_kept *make_copy(struct tnd_node *n, const struct node_context *ctx, size_t i,
                                   const struct tnd_flow *out, const char branch[TND_BRANCH_LEN])
{
    size_t room = LINES_ROOM + node_target(ctx, i)->path.len + node_target(ctx, i)->uri.len +
                  2 * n->config->advertise.len + ctx->request->msg->uri.len;
    char *at = tnd_arena_take(&n->work, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    put_lines(&w, n, ctx, i, out, tnd_slice(branch, TND_BRANCH_LEN));
    return tnd_writer_over(&w) ? NULL : write_copy(n, ctx, i, tnd_writer_slice(&w));
}

/* RFC 3261 §18.1.1: what is too large for UDP goes by TCP, where somebody answers there. Departs from it
 * for a phone behind a NAT, which registered by UDP: where it came from nobody listens. */
static bool is_too_large(const struct node_context *ctx, size_t i, const struct node_to *to,
                         size_t len)
{
    enum tnd_transport chosen = (enum tnd_transport)to->endpoint.transport;
    enum tnd_rule rule;

    return ctx->branch[i].tcp.family == TND_FAMILY_NONE && !ctx->branch[i].is_flow_tried &&
           !to->flow && tnd_request_transport(chosen, len, 0, &rule) != chosen;
}

/* A phone behind a NAT hears only who it spoke to: where its REGISTER came to, or its INVITE. */
static struct tnd_flow way_of(const struct tnd_node *n, const struct node_context *ctx, size_t i,
                              const struct node_to *to)
{
    struct tnd_flow way =
        ctx->branch[i].is_flow_tried
            ? node_way_from(n, &ctx->flow, &node_target(ctx, i)->local, &to->endpoint)
            : node_way_to(n, &ctx->flow, &to->endpoint);

    if (to->flow)
        way.id = to->flow;
    return way;
}

static bool send_copy(struct tnd_node *n, struct node_context *ctx, size_t i, struct node_to *to)
{
    struct node_branch *b = &ctx->branch[i];
    struct tnd_flow out = way_of(n, ctx, i, to);
    char branch[TND_BRANCH_LEN];

    tnd_branch_make(&ctx->seed, node_target(ctx, i)->uri, node_target(ctx, i)->hop, b->attempt++,
                    branch);
    struct node_kept *copy = make_copy(n, ctx, i, &out, branch);
    if (!copy)
        return false;
    if (is_too_large(ctx, i, to, copy->len)) {
        node_forget(n, &copy);
        b->tcp = to->endpoint;
        b->tcp.transport = TND_TRANSPORT_TCP;
        return send_copy(n, ctx, i, &(struct node_to){.endpoint = b->tcp});
    }
    if (!to->flow)
        to->flow = out.id; /* over UDP from the socket whose address Via has */
    if (ctx->branch[i].is_flow_tried && tnd_endpoint_eq(&out.local, &node_target(ctx, i)->local))
        to->from = out.local;
    n->stats.passed_on++;
    if (!ctx->txn) { /* RFC 3261 §16.11: without state */
        node_send(n, to, tnd_slice(copy->bytes, copy->len), 0);
        node_forget(n, &copy);
        return true;
    }
    enum tnd_method method = (enum tnd_method)ctx->request->msg->method;
    b->client = node_client_new(n, method, branch, to);
    if (!b->client) {
        node_forget(n, &copy);
        return false;
    }
    b->client->context = ctx;
    b->client->caller = ctx->txn->to;
    b->client->branch = (uint8_t)i;
    node_client_start(n, b->client, copy);
    return true;
}

static void ask(struct tnd_node *n, struct node_context *ctx, size_t i,
                const struct tnd_lookup *lookup)
{
    struct tnd_output *out = node_out(n, TND_OUT_RESOLVE);

    out->lookup = *lookup;
    out->token = node_context_token(n, ctx) | i;
}

/* The next place of those that are looked up. false: there is none. */
static bool locate(struct tnd_node *n, struct node_context *ctx, size_t i)
{
    struct node_branch *b = &ctx->branch[i];
    struct tnd_locate_step step;

    for (;;) {
        tnd_locate_next(b->locate, &step);
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            ask(n, ctx, i, &step.lookup);
            break;
        case TND_LOCATE_WAIT:
            return true;
        case TND_LOCATE_TRY:
            b->tcp = (struct tnd_endpoint){0};
            if (send_copy(n, ctx, i, &(struct node_to){.endpoint = step.endpoint}))
                return true;
            break;
        case TND_LOCATE_END:
            return false;
        }
    }
}

static bool start_locating(struct tnd_node *n, struct node_context *ctx, size_t i,
                           const struct tnd_uri *uri)
{
    struct tnd_locate_with with = {.a = &ctx->arena,
                                   .seed = ctx->seed.base,
                                   .transports = {TND_TRANSPORT_UDP, TND_TRANSPORT_TCP},
                                   .ipv4 = true,
                                   .ipv6 = true};

    if (!node_context_token(n, ctx))
        return false;
    ctx->branch[i].locate = tnd_arena_take(&ctx->arena, sizeof(*ctx->branch[i].locate));
    if (!ctx->branch[i].locate)
        return false;
    tnd_locate_uri(ctx->branch[i].locate, &with, uri);
    return locate(n, ctx, i);
}

/* By its URI. */
static bool go_to_uri(struct tnd_node *n, struct node_context *ctx, size_t i)
{
    struct node_to to = {.flow = 0};
    struct tnd_uri uri;

    if (!next_hop(node_target(ctx, i), &uri))
        return false;
    if (node_is_ours(n, &ctx->flow, &uri)) /* a spiral: to ourselves, whatever its name leads to */
        return node_own_endpoint(n, &ctx->flow, &to.endpoint) && send_copy(n, ctx, i, &to);
    if (is_literal(&uri, &to.endpoint))
        return send_copy(n, ctx, i, &to);
    return start_locating(n, ctx, i, &uri);
}

bool node_branch_try(struct tnd_node *n, struct node_context *ctx, size_t i)
{
    const struct tnd_target *target = node_target(ctx, i);

    if (target->source.family == TND_FAMILY_NONE || target->path.ptr)
        return go_to_uri(n, ctx, i);
    ctx->branch[i].is_flow_tried = true;
    if (send_copy(n, ctx, i, &(struct node_to){.flow = target->flow, .endpoint = target->source}))
        return true;
    if (ctx->routes.flow_read == TND_ROUTE_FLOW_GOOD)
        return false;
    ctx->branch[i].is_flow_tried = false;
    return go_to_uri(n, ctx, i);
}

/* RFC 3263 §4.3: the next server. RFC 3261 §18.1.1: UDP, where TCP was tried for its size alone. */
bool node_branch_try_next(struct tnd_node *n, struct node_context *ctx, size_t i, bool is_unsent)
{
    struct node_branch *b = &ctx->branch[i];

    if (b->client) {
        node_client_leave(b->client);
        b->client = NULL;
    }
    if (is_unsent && b->tcp.family != TND_FAMILY_NONE && b->tcp.transport == TND_TRANSPORT_TCP) {
        b->tcp.transport = TND_TRANSPORT_UDP;
        if (send_copy(n, ctx, i, &(struct node_to){.endpoint = b->tcp}))
            return true;
    }
    if (b->is_flow_tried && ctx->routes.flow_read != TND_ROUTE_FLOW_GOOD) {
        b->is_flow_tried = false;
        b->tcp = (struct tnd_endpoint){0};
        return go_to_uri(n, ctx, i);
    }
    return b->locate && locate(n, ctx, i);
}

bool node_branch_located(struct tnd_node *n, struct node_context *ctx, size_t i,
                         const struct tnd_lookup_answer *answer)
{
    struct node_branch *b = &ctx->branch[i];

    /* false: it goes nowhere. What nobody waits for changes nothing */
    return !b->locate || !tnd_locate_answer(b->locate, answer) || locate(n, ctx, i);
}
