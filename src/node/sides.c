/* Our Record-Route: the sides of a call, and how what is within it gets to each (RFC 3261 §16.6 step 4,
 * RFC 5658, RFC 5626 §5.3). */
#include "node/context.h"
#include "tandem/sip/origin.h"

/* One side of a call. */
struct side {
    struct tnd_flow way;
    bool is_flow; /* nothing else leads there */
};

static void put_side(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                     const struct side *side, const char token[TND_ROUTE_TOKEN_LEN])
{
    enum tnd_transport transport = (enum tnd_transport)side->way.local.transport;
    char flow[TND_ROUTE_FLOW_LEN_MAX];
    struct tnd_writer f = tnd_writer(flow, sizeof(flow));
    struct tnd_record_route rr = {.host = node_self(n, &side->way),
                                  .transport = transport == TND_TRANSPORT_UDP ? TND_TRANSPORT_NONE
                                                                              : transport,
                                  .token = token};

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

bool node_first_contact(const struct tnd_msg *msg, struct tnd_contact *ret)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);

    return tnd_contact_next(&v, ret) && !ret->star;
}

static bool asks_for_flow(const struct tnd_msg *request)
{
    struct tnd_contact contact;

    return node_first_contact(request, &contact) && has_ob(&contact.addr.uri);
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

/* The proxy that what is for the caller goes to when it leaves us: all of ours that stand in front are
 * used up together (pass.c). false: none. */
static bool next_to_caller(const struct tnd_node *n, const struct node_context *ctx,
                           struct tnd_addr *ret)
{
    struct tnd_values v = tnd_msg_values(ctx->request->msg, TND_HEADER_RECORD_ROUTE);

    while (tnd_route_next(&v, ret))
        if (!node_is_ours(n, &ctx->flow, &ret->uri))
            return true;
    return false;
}

/* What the callee gets leads to the caller. */
static void make_token(const struct tnd_node *n, const struct node_context *ctx,
                       char ret[TND_ROUTE_TOKEN_LEN])
{
    struct tnd_contact contact;
    struct tnd_addr next;
    bool has_contact = node_first_contact(ctx->request->msg, &contact);
    bool has_next = next_to_caller(n, ctx, &next);

    tnd_route_token(&ctx->seed,
                    &(struct tnd_route_side){.tag = ctx->request->from_tag,
                                             .target = has_contact ? &contact.addr.uri : NULL,
                                             .next = has_next ? &next.uri : NULL},
                    ret);
}

/* One for each side, where they differ (RFC 5658); and where one of them is reached by a flow alone: so
 * what comes from either has its own side's first, and the last says where it goes. */
void node_put_record_route(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                           size_t i, const struct tnd_flow *out)
{
    char token[TND_ROUTE_TOKEN_LEN];
    struct side in, to;

    if (!records_route(n, ctx))
        return;
    make_token(n, ctx, token);
    in = side_of_caller(n, ctx);
    to = side_of_callee(ctx, i, out);
    put_side(w, n, ctx, &to, token);
    if (in.is_flow || to.is_flow || !tnd_endpoint_eq(&out->local, &ctx->flow.local))
        put_side(w, n, ctx, &in, token);
}

/* As many as a request has had hops (RFC 3261 §8.1.1.6). */
enum { RECORDED_COUNT_MAX = 70 };

struct recorded {
    struct tnd_uri uri;
    struct tnd_slice token;
    bool is_ours;   /* it names us */
    bool is_turned; /* it leads to the caller */
};

static size_t read_recorded(const struct tnd_node *n, const struct tnd_flow *flow,
                            const struct tnd_msg *response,
                            struct recorded list[RECORDED_COUNT_MAX])
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_RECORD_ROUTE);
    struct tnd_addr value;
    size_t count = 0;

    while (count < RECORDED_COUNT_MAX && tnd_route_next(&v, &value)) {
        struct recorded *r = &list[count++];

        *r = (struct recorded){.uri = value.uri, .is_ours = node_is_ours(n, flow, &value.uri)};
        r->is_turned = tnd_route_token_find(&value.uri, &r->token);
    }
    return count;
}

static bool leads_by(const struct tnd_branch_seed *seed, const struct recorded *r,
                     struct tnd_slice tag, const struct tnd_uri *next)
{
    const struct tnd_route_side side = {.tag = tag, .next = next};
    uint64_t target;

    return tnd_route_token_read(seed, r->token, &side, &target) != TND_ROUTE_STRANGE;
}

/* Those that led to the caller, from whose end they are read: who else stands there may have been put in
 * by anybody, and one that is turned already leads to the callee. None is to be missed: with it the caller
 * would have what leads to the Contact that he chose. So one of an address that is not known for ours any
 * more is found, too. */
static void find_turned(struct recorded *list, size_t count, const struct tnd_branch_seed *seed,
                        struct tnd_slice tag)
{
    const struct tnd_uri *next = NULL, *stranger = NULL;

    for (size_t i = count; i-- > 0;) {
        struct recorded *r = &list[i];

        r->is_turned = r->is_turned && (leads_by(seed, r, tag, next) ||
                                        (stranger != next && leads_by(seed, r, tag, stranger)));
        if (!r->is_ours)
            next = &r->uri;
        if (!r->is_ours && !r->is_turned)
            stranger = &r->uri;
    }
}

static void turn(const struct recorded *list, size_t count, const struct tnd_branch_seed *seed,
                 struct tnd_route_side *callee, struct tnd_route_turn *ret)
{
    for (size_t i = 0; i < count && ret->count < TND_ROUTE_TURN_MAX; i++) {
        if (list[i].is_turned) {
            struct tnd_route_turned *value = &ret->value[ret->count++];

            value->token = list[i].token;
            memset(value->made, '0', sizeof(value->made));
            if (callee)
                tnd_route_token(seed, callee, value->made);
        }
        if (callee && !list[i].is_ours)
            callee->next = &list[i].uri;
    }
}

/* RFC 3261 §12.1: what makes a dialog has a tag in To, and is no refusal. */
static bool makes_dialog(const struct tnd_txn_parts *response)
{
    unsigned code = response->msg->code;

    return code > 100 && code < 300 && response->to_tag.ptr;
}

/* In a response that makes no dialog they lead nowhere from here on. */
bool node_turn_routes(const struct tnd_node *n, const struct tnd_flow *flow,
                      const struct tnd_txn_parts *response, struct tnd_route_turn *ret)
{
    struct recorded list[RECORDED_COUNT_MAX];
    struct tnd_branch_seed seed;
    struct tnd_contact contact;
    struct tnd_route_side callee = {.tag = response->to_tag};

    if (!tnd_msg_has(response->msg, TND_HEADER_RECORD_ROUTE))
        return false;
    size_t count = read_recorded(n, flow, response->msg, list);
    if (node_first_contact(response->msg, &contact))
        callee.target = &contact.addr.uri;
    tnd_branch_start_call(&seed, &n->key, response->call_id);
    find_turned(list, count, &seed, response->from_tag);
    ret->count = 0;
    turn(list, count, &seed, makes_dialog(response) ? &callee : NULL, ret);
    return ret->count > 0;
}
