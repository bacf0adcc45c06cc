/* REGISTER (RFC 3261 §10.3): the registrar says what to ask the store, and what to answer. */
#include "node/context.h"

/* Whether the phone is reached by the way that its REGISTER came: a connection that it keeps, or, behind a
 * NAT, the hole in that. A NAT shows where Via says another address than the datagram came from; who
 * registers a phone at another address without one is believed. */
static bool has_flow(const struct node_context *ctx)
{
    return tnd_transport_is_reliable((enum tnd_transport)ctx->flow.remote.transport) ||
           node_is_translated(ctx);
}

static struct tnd_registrar_with with_of(const struct tnd_node *n, const struct node_context *ctx)
{
    const struct tnd_node_registrar *config = &n->config->registrar;

    return (struct tnd_registrar_with){
        .default_expires = config->default_expires,
        .min_expires = config->min_expires,
        .max_expires = config->max_expires,
        .max_contacts = config->max_contacts,
        .service_route = config->service_route,
        .source = ctx->flow.remote,
        .local = ctx->flow.local,
        .flow = has_flow(ctx) ? ctx->flow.id : 0,
        .life = n->life,
        .wall = node_wall(n),
    };
}

static void answer(struct tnd_node *n, struct node_context *ctx,
                   const struct tnd_registrar_step *step)
{
    node_context_answer(n, ctx,
                        &(struct node_answer){.code = step->code,
                                              .rule = step->rule,
                                              .fact = step->fact,
                                              .reason = step->reason,
                                              .fields = step->fields,
                                              .says_why = step->code >= 300});
}

/* RFC 3261 §10.3 step 5. Absent: nobody of ours has that address-of-record, or memory is over. */
static struct tnd_slice aor_of(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_addr to;

    if (!tnd_msg_to(ctx->request->msg, &to, NULL) || to.uri.scheme == TND_SCHEME_TEL ||
        !node_is_ours(n, &ctx->flow, &to.uri))
        return tnd_slice(NULL, 0);
    return node_aor(n, &to.uri, &ctx->arena);
}

static void refuse_aor(struct tnd_node *n, struct node_context *ctx)
{
    node_context_answer(
        n, ctx,
        &(struct node_answer){.code = 404,
                              .rule = TND_RULE_REGISTRAR_AOR,
                              .fact = tnd_msg_value(ctx->request->msg, TND_HEADER_TO),
                              .says_why = true});
}

void node_register(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_registrar_with with = with_of(n, ctx);
    struct tnd_slice aor = aor_of(n, ctx);
    struct tnd_registrar_step step;

    if (!aor.ptr && !tnd_arena_over(&ctx->arena)) {
        refuse_aor(n, ctx);
        return;
    }
    if (tnd_registrar_read(&with, ctx->request->msg, &ctx->arena, &step) != 0) {
        node_context_overload(n, ctx);
        return;
    }
    if (step.code > 0) {
        answer(n, ctx, &step);
        return;
    }
    struct tnd_binding_change *change = tnd_arena_take(&ctx->arena, sizeof(*change));
    struct tnd_store_op op = {
        .kind = step.is_change ? TND_STORE_CHANGE : TND_STORE_FIND, .aor = aor, .change = change};
    if (!aor.ptr || !change) {
        node_context_overload(n, ctx);
        return;
    }
    *change = step.change;
    node_context_ask(n, ctx, NODE_STAGE_REGISTER, &op);
}

void node_registered(struct tnd_node *n, struct node_context *ctx,
                     const struct tnd_store_answer *stored)
{
    struct tnd_registrar_with with = with_of(n, ctx);
    struct tnd_registrar_step step;

    if (tnd_registrar_answer(&with, ctx->request->msg, stored, &ctx->arena, &step) != 0)
        node_context_overload(n, ctx);
    else
        answer(n, ctx, &step);
}
