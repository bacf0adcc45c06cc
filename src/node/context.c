/* A request that is for somebody else, or for the registrar: what it waits for, one thing after the
 * other. Its sender is looked up, if he says who he is; then the registrar has it, or whom it is for
 * is looked up, and it is tried where he is (search.c). Each step is given the answer to what the one
 * before it asked of the store. */
#include "node/context.h"

/* Its memory stays until the outputs that borrow from it have been taken. Its branches go on: what is
 * to be cancelled is, and each 2xx goes to the caller. */
void node_context_end(struct tnd_node *n, struct node_context *ctx)
{
    if (ctx->stage == NODE_STAGE_ENDED)
        return;
    tnd_wheel_disarm(&n->wheel, &ctx->timer.timer);
    for (size_t i = 0; i < ctx->proxy.count && ctx->branch; i++) {
        if (ctx->branch[i].client)
            node_client_leave(ctx->branch[i].client);
        node_forget(n, &ctx->branch[i].final);
    }
    if (ctx->txn)
        ctx->txn->context = NULL;
    ctx->txn = NULL;
    node_token_give(n, &ctx->token);
    ctx->stage = NODE_STAGE_ENDED;
    n->stats.contexts--;
    *ctx->link = ctx->next;
    if (ctx->next)
        ctx->next->link = ctx->link;
    ctx->next_ended = n->ended_contexts;
    n->ended_contexts = ctx;
}

void node_give_ended_contexts(struct tnd_node *n)
{
    while (n->ended_contexts) {
        struct node_context *ctx = n->ended_contexts;

        n->ended_contexts = ctx->next_ended;
        tnd_arena_fini(&ctx->arena);
        tnd_pool_give(&n->contexts, ctx);
    }
}

void node_contexts_fini(struct tnd_node *n)
{
    while (n->all_contexts)
        node_context_end(n, n->all_contexts);
}

/* Into the list of all. */
static void link_in(struct tnd_node *n, struct node_context *ctx)
{
    ctx->link = &n->all_contexts;
    ctx->next = n->all_contexts;
    if (ctx->next)
        ctx->next->link = &ctx->next;
    n->all_contexts = ctx;
    n->stats.contexts++;
}

static bool keep_request(struct node_context *ctx, const struct node_got *got)
{
    ctx->flow = got->flow;
    ctx->seen.received = tnd_slice_keep(&ctx->arena, got->seen.received);
    ctx->seen.rport = got->seen.rport;
    ctx->pass.aor = tnd_slice_keep(&ctx->arena, got->pass.aor);
    ctx->pass.own_realm = tnd_slice_keep(&ctx->arena, got->pass.own_realm);
    ctx->pass.peer = tnd_slice_keep(&ctx->arena, got->pass.peer);
    ctx->request = node_keep_request(&ctx->arena, &got->parts, &ctx->seen);
    if (!ctx->request || tnd_arena_over(&ctx->arena))
        return false;
    ctx->uri = tnd_uri_moved(&got->uri, got->msg, ctx->request->msg);
    return true;
}

static struct node_context *new_context(struct tnd_node *n, struct node_got *got)
{
    struct node_context *ctx = tnd_pool_take(&n->contexts);

    if (!ctx)
        return NULL;
    link_in(n, ctx);
    ctx->pass = got->pass;
    ctx->timer.owner = ctx;
    ctx->timer.id = NODE_WAIT_CONTEXT;
    tnd_arena_init(&ctx->arena, ctx->room, NODE_CONTEXT_ROOM, &n->mem, NODE_CONTEXT_SIZE_MAX);
    if (!keep_request(ctx, got)) {
        node_context_end(n, ctx);
        return NULL;
    }
    if (!got->pass.is_register || got->has_seed) /* no copy of a REGISTER for us goes on */
        ctx->seed = *node_seed(n, got);
    if (tnd_msg_has(ctx->request->msg, TND_HEADER_ROUTE) &&
        tnd_msg_uri(ctx->request->msg, &ctx->uri, NULL))
        node_read_routes(n, &ctx->flow, ctx->request, &ctx->seed, &ctx->uri, &ctx->routes);
    return ctx;
}

uint64_t node_context_token(struct tnd_node *n, struct node_context *ctx)
{
    if (!ctx->token)
        ctx->token = node_token_take(n, NODE_TOKEN_CONTEXT, ctx);
    return ctx->token;
}

void node_context_answer(struct tnd_node *n, struct node_context *ctx,
                         const struct node_answer *answer)
{
    struct node_txn *t = ctx->txn;

    /* a CANCEL without a transaction: that it found nothing is said, whatever the reason */
    if (ctx->is_alone && ctx->request->msg->method == TND_METHOD_CANCEL)
        node_reply_to(n, &(struct node_asked){ctx->request, &ctx->flow, &ctx->seen, &ctx->uri},
                      &(struct node_answer){.code = 481,
                                            .rule = TND_RULE_UAS_NO_TRANSACTION,
                                            .fact = ctx->uri.text,
                                            .says_why = true});
    if (answer->code >= 200)
        node_context_end(n, ctx); /* first: the transaction may end with its answer */
    if (t)
        node_txn_reply(n, t, ctx->request, answer);
}

void node_context_fail(struct tnd_node *n, struct node_context *ctx)
{
    node_context_answer(n, ctx,
                        &(struct node_answer){.code = 500,
                                              .rule = TND_RULE_STORE_FAILED,
                                              .reason = TND_STR("The Store Does Not Answer"),
                                              .says_why = true});
}

void node_context_overload(struct tnd_node *n, struct node_context *ctx)
{
    node_context_answer(n, ctx,
                        &(struct node_answer){.code = 503,
                                              .rule = TND_RULE_UAS_OVERLOAD,
                                              .fields = TND_STR("Retry-After: 10\r\n"),
                                              .says_why = true});
}

void node_context_ask(struct tnd_node *n, struct node_context *ctx, enum node_stage stage,
                      const struct tnd_store_op *op)
{
    struct tnd_store_op *kept = tnd_arena_take(&ctx->arena, sizeof(*kept));
    uint64_t token = node_context_token(n, ctx);

    if (!kept || !token || !op->aor.ptr) {
        node_context_overload(n, ctx);
        return;
    }
    *kept = *op;
    kept->now = node_wall(n);
    ctx->stage = (uint8_t)stage;
    struct tnd_output *out = node_out(n, TND_OUT_STORE);
    out->store = kept;
    out->token = token;
}

void node_context_find(struct tnd_node *n, struct node_context *ctx, enum node_stage stage,
                       struct tnd_slice aor)
{
    node_context_ask(n, ctx, stage, &(struct tnd_store_op){.kind = TND_STORE_FIND, .aor = aor});
}

/* Its sender may have what he asks for. */
static void go_on(struct tnd_node *n, struct node_context *ctx)
{
    if (ctx->pass.is_register)
        node_register(n, ctx);
    else
        node_aim(n, ctx);
}

void node_stored(struct tnd_node *n, uint64_t token, const struct tnd_store_answer *answer)
{
    struct node_context *ctx = node_token_find(n, token, NODE_TOKEN_CONTEXT);

    if (!ctx)
        return;
    switch ((enum node_stage)ctx->stage) {
    case NODE_STAGE_ADMIT:
        if (answer->result != TND_STORE_OK)
            node_context_fail(n, ctx);
        else if (node_admit_claim(n, ctx, &answer->entry))
            go_on(n, ctx);
        return;
    case NODE_STAGE_REGISTER:
        node_registered(n, ctx, answer);
        return;
    case NODE_STAGE_AIM:
        if (answer->result != TND_STORE_OK)
            node_context_fail(n, ctx);
        else
            node_aim_at(n, ctx, &answer->entry);
        return;
    case NODE_STAGE_FLOW: /* without the store it goes where it would have gone */
        node_aim_by_flow(n, ctx, answer->result == TND_STORE_OK ? &answer->entry : NULL);
        return;
    case NODE_STAGE_SEARCH:
    case NODE_STAGE_ENDED:
        return; /* nothing was asked: the answer is somebody's mistake */
    }
}

/* RFC 3261 §16.10: an ACK, and a CANCEL of what is not known here any more, have no transaction. */
void node_pass_on(struct tnd_node *n, struct node_got *got)
{
    bool is_alone = got->msg->method == TND_METHOD_ACK || got->msg->method == TND_METHOD_CANCEL;
    struct node_txn *t = is_alone ? NULL : node_txn_new(n, got);
    struct node_context *ctx = is_alone || t ? new_context(n, got) : NULL;

    if (!ctx) {
        if (got->msg->method == TND_METHOD_ACK) /* RFC 3261 §17.1.1.3: nothing answers an ACK */
            n->stats.lost++;
        else
            node_overload(n, got, t);
        return;
    }
    ctx->is_alone = is_alone;
    ctx->txn = t;
    if (t)
        t->context = ctx;
    n->stats.served++;
    if (got->pass.has_claim)
        node_admit_ask(n, ctx);
    else
        go_on(n, ctx);
}

/* RFC 3326 §2: the Reason of a CANCEL goes with those that come of it. */
static struct tnd_slice reason_of(struct node_context *ctx, const struct tnd_msg *cancel)
{
    const struct tnd_field *f = tnd_msg_field(cancel, TND_HEADER_REASON);

    return f ? tnd_slice_keep(&ctx->arena, tnd_field_lines(cancel, f)) : tnd_slice(NULL, 0);
}

void node_context_cancelled(struct tnd_node *n, struct node_context *ctx,
                            const struct tnd_msg *cancel)
{
    if (ctx->pass.aor.ptr)
        node_forget_search(n, ctx);
    if (ctx->stage == NODE_STAGE_SEARCH) {
        ctx->reason = reason_of(ctx, cancel);
        node_search_cancel(n, ctx);
        return;
    }
    node_context_answer(n, ctx,
                        &(struct node_answer){.code = 487,
                                              .rule = TND_RULE_UAS_CANCELLED,
                                              .fact = tnd_msg_value(cancel, TND_HEADER_REASON)});
}

void node_context_answered(struct tnd_node *n, struct node_context *ctx,
                           const struct tnd_txn_parts *response)
{
    node_pass_back(n, ctx, response, &(struct tnd_forward_back){.top = &response->via});
    if (ctx->stage == NODE_STAGE_SEARCH)
        node_search_cancel(n, ctx);
    else
        node_context_end(n, ctx);
}
