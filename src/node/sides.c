/* Our Record-Route: the sides of a call, and how what is within it gets to each (RFC 3261 §16.6 step 4,
 * RFC 5658, RFC 5626 §5.3). */
#include "node/context.h"

/* One side of a call. */
struct side {
    struct tnd_flow way;
    bool is_flow; /* nothing else leads there */
};

static void put_side(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                     const struct side *side)
{
    enum tnd_transport transport = (enum tnd_transport)side->way.local.transport;
    char token[TND_ROUTE_TOKEN_LEN], flow[TND_ROUTE_FLOW_LEN_MAX];
    struct tnd_writer f = tnd_writer(flow, sizeof(flow));
    struct tnd_record_route rr = {.host = node_self(n, &side->way),
                                  .transport = transport == TND_TRANSPORT_UDP ? TND_TRANSPORT_NONE
                                                                              : transport,
                                  .token = token};

    tnd_route_token(&ctx->seed, token);
    /* where we have no address of its family any more, nothing leads there */
    if (side->is_flow && side->way.local.family == side->way.remote.family) {
        tnd_route_flow_write(&f, &ctx->seed,
                             &(struct tnd_route_flow){.remote = side->way.remote,
                                                      .local = side->way.local,
                                                      .id = side->way.id,
                                                      .life = n->life});
        rr.flow = tnd_writer_slice(&f);
    }
    tnd_put_field_name(w, TND_HEADER_RECORD_ROUTE);
    tnd_record_route_write(w, &rr);
    tnd_put_line_end(w);
}

/* RFC 5626 §5.3.2: what is for that phone is to go by the way that it opened. */
static bool has_ob(const struct tnd_uri *contact)
{
    struct tnd_slice value;

    return tnd_param_find(contact->params, TND_STR("ob"), &value);
}

static bool asks_for_flow(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    return tnd_contact_next(&v, &contact) && !contact.star && has_ob(&contact.addr.uri);
}

/* Whether Via says another address than the request came from; of a name that cannot be told. */
bool node_is_translated(const struct node_context *ctx)
{
    struct tnd_endpoint said;

    if (!ctx->seen.received.ptr)
        return false;
    /* RFC 3581 §4: who asks for rport is told received too, also where it is what he said */
    return tnd_address_parse(ctx->request->via.host, &said) != 0 ||
           !tnd_address_eq(&said, &ctx->flow.remote);
}

static bool shows_nat(const struct node_context *ctx)
{
    return ctx->request->via.host_kind != TND_HOST_NAME && node_is_translated(ctx);
}

/* The side that it came from. */
static struct side side_of_caller(const struct tnd_node *n, const struct node_context *ctx)
{
    bool is_flow = !ctx->pass.is_spiral && (shows_nat(ctx) || asks_for_flow(ctx->request->msg));

    return (struct side){.way = is_flow ? ctx->flow : node_way_to(n, &ctx->flow, &ctx->flow.remote),
                         .is_flow = is_flow};
}

/* The side that it goes to: a phone that registered by a flow, and says an address that it did not come
 * from. */
static struct side side_of_callee(const struct node_context *ctx, size_t i,
                                  const struct tnd_flow *out)
{
    const struct tnd_target *target = node_target(ctx, i);
    struct side side = {.way = *out};
    struct tnd_endpoint host;
    struct tnd_uri uri;

    if (ctx->branch[i].is_flow_tried && tnd_uri_parse(target->uri, &uri, NULL) == 0)
        side.is_flow = has_ob(&uri) || (tnd_address_parse(uri.host, &host) == 0 &&
                                        !tnd_address_eq(&host, &target->source));
    return side;
}

/* RFC 3261 §16.6 step 4: of what makes a dialog. */
static bool records_route(const struct tnd_node *n, const struct node_context *ctx)
{
    enum tnd_method method = (enum tnd_method)ctx->request->msg->method;

    return n->config->proxy.record_route && !ctx->request->to_tag.ptr &&
           (method == TND_METHOD_INVITE || method == TND_METHOD_SUBSCRIBE ||
            method == TND_METHOD_REFER);
}

/* One for each side, where they differ (RFC 5658); and where one of them is reached by a flow alone: so
 * what comes from either has its own side's first, and the last says where it goes. */
void node_put_record_route(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                           size_t i, const struct tnd_flow *out)
{
    struct side in, to;

    if (!records_route(n, ctx))
        return;
    in = side_of_caller(n, ctx);
    to = side_of_callee(ctx, i, out);
    put_side(w, n, ctx, &to);
    if (in.is_flow || to.is_flow || !tnd_endpoint_eq(&out->local, &ctx->flow.local))
        put_side(w, n, ctx, &in);
}
