/* Contacts that a side of a dialog changed (RFC 3261 §12.2.1.2). The route set of the other side stays, and
 * with it our token, which is of the Contact before: so the new one is remembered, once both sides have
 * agreed to it. By a digest that has the dialog in it (tnd_route_target()), in a table of fixed size: what
 * it forgot, or was noted before a restart, is let through for those who prove who they are, until the next
 * change, a re-INVITE of the session timer for one, is noted again. */
#include "node/context.h"

enum { ROWS = 4 }; /* where a digest may stand, the newest first */

static uint64_t *rows_of(const struct tnd_node *n, uint64_t target)
{
    return n->targets + target % (NODE_TARGET_COUNT / ROWS) * ROWS;
}

bool node_target_is_noted(const struct tnd_node *n, uint64_t target)
{
    const uint64_t *row = rows_of(n, target);

    for (size_t i = 0; i < ROWS; i++)
        if (row[i] == target)
            return target != 0;
    return false;
}

void node_target_note(struct tnd_node *n, uint64_t target)
{
    uint64_t *row = rows_of(n, target);

    if (node_target_is_noted(n, target))
        return;
    memmove(row + 1, row, (ROWS - 1) * sizeof(*row));
    row[0] = target;
}

/* RFC 3261 §12.2, RFC 3311 §5.1, RFC 6665 §4.4.1, RFC 3515 §2.4.4 */
static bool may_change(enum tnd_method method)
{
    return method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE ||
           method == TND_METHOD_SUBSCRIBE || method == TND_METHOD_NOTIFY ||
           method == TND_METHOD_REFER;
}

static void note_contact(struct tnd_node *n, const struct tnd_branch_seed *seed,
                         struct tnd_slice tag, const struct tnd_msg *msg)
{
    struct tnd_contact contact;

    if (node_first_contact(msg, &contact))
        node_target_note(n, tnd_route_target(seed, tag, &contact.addr.uri));
}

/* A UAS may name another Contact in its 200 than in its 180, and not every UAC makes its route set anew of
 * the 200 (RFC 3261 §13.2.2.4). */
static void note_answer(struct tnd_node *n, struct node_context *ctx,
                        const struct tnd_txn_parts *response)
{
    struct tnd_contact contact;
    uint64_t target;

    if (!node_first_contact(response->msg, &contact))
        return;
    target = tnd_route_target(&ctx->seed, response->to_tag, &contact.addr.uri);
    if (ctx->told != 0 && ctx->told != target)
        node_target_note(n, target);
    ctx->told = target;
}

/* Of both sides, and only when the other one has agreed: else whoever is in a dialog could name anything
 * for its other side. Two that are one by their tags are none. */
void node_note_targets(struct tnd_node *n, struct node_context *ctx,
                       const struct tnd_txn_parts *response)
{
    const struct tnd_txn_parts *request = ctx->request;
    unsigned code = response->msg->code;

    if (code <= 100 || code >= 300 || !response->to_tag.ptr ||
        !may_change((enum tnd_method)request->msg->method))
        return;
    if (!request->to_tag.ptr) {
        note_answer(n, ctx, response);
    } else if ((ctx->pass.is_known || ctx->pass.has_claim) &&
               !tnd_slice_eq_fold(request->from_tag, request->to_tag)) {
        note_contact(n, &ctx->seed, request->from_tag, request->msg);
        note_contact(n, &ctx->seed, request->to_tag, response->msg);
    }
}
