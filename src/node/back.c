/* Responses on their way to the caller (RFC 3261 §16.7). */
#include "node/context.h"

enum { ROOM = 256 }; /* more than a response grows by, but for what is added to it */

/* flow: where the request came, or the response: local is ours. */
static struct tnd_slice write_back(struct tnd_node *n, const struct tnd_flow *flow,
                                   const struct tnd_txn_parts *response,
                                   const struct tnd_forward_back *back)
{
    struct tnd_forward_back with = *back;
    struct tnd_route_turn turn;
    size_t room = response->msg->text.len + back->fields.len + ROOM;
    char *at = tnd_arena_take(&n->work, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    with.turn = node_turn_routes(n, flow, response, &turn) ? &turn : NULL;
    tnd_forward_response_write(&w, response->msg, &with);
    return tnd_writer_slice(&w);
}

/* It cannot be written: there is no memory, or it is made so that there never will be enough. A final one
 * ends the transaction all the same. A 2xx to INVITE comes again (RFC 3261 §13.3.1.4). */
static void lose(struct tnd_node *n, struct node_context *ctx, unsigned code)
{
    n->stats.lost++;
    if (code / 100 == 2 && ctx->txn->is_invite)
        node_txn_pass(n, ctx->txn, code, tnd_slice(NULL, 0));
    else if (code >= 200)
        node_txn_reply(n, ctx->txn, ctx->request,
                       &(struct node_answer){.code = 500, .rule = TND_RULE_UAS_OVERLOAD});
}

void node_pass_back(struct tnd_node *n, struct node_context *ctx,
                    const struct tnd_txn_parts *response, const struct tnd_forward_back *back)
{
    unsigned code = back->code ? back->code : response->msg->code;
    struct tnd_slice bytes;

    bytes = write_back(n, &ctx->flow, response, back);
    if (!bytes.ptr) {
        lose(n, ctx, code);
        return;
    }
    n->stats.passed_back++;
    node_note_targets(n, ctx, response);
    node_txn_pass(n, ctx->txn, code, bytes);
}

void node_pass_back_to(struct tnd_node *n, const struct node_to *to,
                       const struct tnd_txn_parts *response)
{
    struct tnd_forward_back back = {.top = &response->via};
    struct tnd_flow flow = {.local = n->came_to};
    struct tnd_slice bytes = tnd_slice_keep(&n->out, write_back(n, &flow, response, &back));

    if (!bytes.ptr) {
        n->stats.lost++;
        return;
    }
    if (to->is_nowhere)
        return;
    n->stats.passed_back++;
    node_send(n, to, bytes, 0);
}

/* Where it goes without its request: of TCP not over that connection, but a new one (RFC 3261
 * §18.2.2). A name is not looked up: where it was not the sender's address, received has that. */
static bool find_address(const struct tnd_via *below, struct tnd_endpoint *ret)
{
    struct tnd_hops hops;

    tnd_response_hops(&(struct tnd_response_to){.via = below, .no_maddr = true}, &hops);
    for (unsigned i = 0; i < hops.count; i++)
        if (hops.hop[i].kind == TND_HOP_ENDPOINT) {
            *ret = hops.hop[i].to;
            return true;
        }
    return false;
}

/* RFC 3261 §16.11: as a stateless proxy does, by the next Via. It has been seen to that the branch is
 * ours. Departs from RFC 6026 §7.3, by which a response without its transaction is dropped lest
 * strangers have us send: a branch that only we can have made is no stranger's. */
void node_pass_back_alone(struct tnd_node *n, const struct tnd_txn_parts *response)
{
    struct tnd_via below;
    struct node_to to = {.flow = 0};

    if (!tnd_branch_is_ours(&n->key, response, &below))
        return;
    if (find_address(&below, &to.endpoint))
        node_pass_back_to(n, &to, response);
    else
        n->stats.undelivered++;
}
