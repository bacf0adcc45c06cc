/* A phone that lost its connection during a call and registered anew: what is within the call goes by the
 * connection that it has now.
 *
 * RFC 5626 §5.3.2: such requests "need to be forwarded over some valid flow to the appropriate UA instance",
 * and how that is done is ours to say. A 430 (§5.3.1) is for where no flow is left: it asks the proxy of the
 * user to try another one (§7), and here that is we ourselves. The appropriate instance is the phone whose
 * binding has the Contact that the request is for, or one that has the +sip.instance of that binding: of
 * the user in To, who is the other side (RFC 3261 §12.2.1.1). Where he was called by another name, or the
 * phone neither keeps its Contact nor names its instance, nothing tells it from his other phones. */
#include "node/context.h"

void node_find_peer(const struct tnd_node *n, struct node_got *got)
{
    const struct tnd_route_flow *flow = &got->routes.flow;
    struct tnd_addr to;

    if (got->pass.is_known && got->routes.flow_read == TND_ROUTE_FLOW_GOOD &&
        tnd_transport_is_reliable((enum tnd_transport)flow->remote.transport) &&
        tnd_msg_to(got->msg, &to, NULL) && to.uri.scheme != TND_SCHEME_TEL &&
        node_is_ours(n, &got->flow, &to.uri))
        got->pass.peer = node_aor(n, &to.uri, got->a);
}

bool node_flow_is_gone(const struct tnd_node *n, const struct tnd_route_flow *flow)
{
    return tnd_transport_is_reliable((enum tnd_transport)flow->remote.transport) &&
           flow->life != n->life;
}

static bool is_at(const struct tnd_binding *b, const struct tnd_uri *target)
{
    struct tnd_uri uri;

    return tnd_uri_parse(b->uri, &uri, NULL) == 0 && tnd_uri_eq(&uri, target);
}

/* RFC 5626 §4.1. Absent: it names none. */
static struct tnd_slice instance_of(const struct tnd_binding *b)
{
    struct tnd_slice value = {NULL, 0};

    if (!tnd_param_find(b->params, TND_STR("+sip.instance"), &value))
        return tnd_slice(NULL, 0);
    return value;
}

/* Whether a request may go the way that it registered by (§7). */
static bool has_flow(const struct tnd_node *n, const struct tnd_binding *b)
{
    const struct tnd_route_flow flow = {.remote = b->source, .life = b->life};

    return !b->path.ptr && b->flow != 0 && b->source.family != TND_FAMILY_NONE &&
           b->local.family == b->source.family && !node_flow_is_gone(n, &flow);
}

/* The binding that was made last, of the phone that has target for its Contact. NULL: none. */
static const struct tnd_binding *find_binding(const struct tnd_node *n,
                                              const struct tnd_entry *entry,
                                              const struct tnd_uri *target)
{
    const struct tnd_binding *found = NULL;
    struct tnd_slice instance = tnd_slice(NULL, 0);

    for (size_t i = 0; i < entry->binding_count && !instance.ptr; i++)
        if (is_at(&entry->bindings[i], target))
            instance = instance_of(&entry->bindings[i]);
    for (size_t i = 0; i < entry->binding_count; i++) {
        const struct tnd_binding *b = &entry->bindings[i];
        bool is_it = instance.ptr ? tnd_slice_eq(instance_of(b), instance) : is_at(b, target);

        if (is_it && has_flow(n, b))
            found = b;
    }
    return found;
}

void node_aim_by_flow(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry)
{
    const struct tnd_binding *b = entry ? find_binding(n, entry, &ctx->uri) : NULL;
    bool is_reliable = b && tnd_transport_is_reliable((enum tnd_transport)b->source.transport);

    if (b)
        ctx->routes.flow = (struct tnd_route_flow){.remote = b->source,
                                                   .local = b->local,
                                                   .id = is_reliable ? b->flow : 0,
                                                   .life = b->life};
    if (node_flow_is_gone(n, &ctx->routes.flow))
        node_context_answer(n, ctx,
                            &(struct node_answer){.code = 430, /* RFC 5626 §5.3.1 */
                                                  .rule = TND_RULE_PROXY_FLOW,
                                                  .fact = ctx->routes.used.uri.text,
                                                  .says_why = true});
    else
        node_aim_away(n, ctx);
}
