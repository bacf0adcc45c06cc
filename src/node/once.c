/* An address-of-record is searched once for a request (RFC 3261 §8.2.2.2, for all phones of a user at
 * once: each would refuse the second copy itself). Users who have one another for contacts would else
 * have it sent by every order of them all, which is no loop (RFC 5393 §4.2), and Max-Breadth bounds
 * only what is tried at the same time (§5.3).
 *
 * A copy that comes by another way, of whomever, is known while the first has no final response, or a 2xx:
 * by the map of merged requests. What comes from ourselves is known for longer, whatever its method,
 * within a dialog too: a table of fixed size has the last searches. Two that fall on the same place
 * share it in turns, which costs a copy more and no call. */
#include "base/siphash_words.h"
#include "node/context.h"

/* The time of a transaction (RFC 3261 §17.1.2.2, timer F): none waits for longer for what it sent. */
static tnd_time span_of(const struct tnd_node *n)
{
    return 64 * n->timing.t1;
}

/* The seed has the Call-ID, the CSeq number and the address-of-record (tnd_branch_place). The To tag too:
 * each phone that took a call has an ACK of its own. */
static uint64_t place_of(const struct tnd_node *n, const struct node_context *ctx)
{
    struct tnd_siphash_words h;

    tnd_siphash_begin(&h, &n->key);
    tnd_siphash_put_number(&h, ctx->seed.loop);
    tnd_siphash_put_number(&h, ctx->request->msg->method);
    tnd_siphash_put_number(&h, ctx->request->from_tag.len);
    tnd_siphash_put_lower(&h, ctx->request->from_tag);
    tnd_siphash_put_lower(&h, ctx->request->to_tag);
    return tnd_siphash_finish(&h);
}

static struct node_searched *row_of(const struct tnd_node *n, uint64_t place)
{
    return &n->searched[place % NODE_SEARCHED_COUNT];
}

/* The same copy may come again, where nothing is kept of it: an ACK does. */
static bool was_searched(struct tnd_node *n, const struct node_context *ctx)
{
    uint64_t place = place_of(n, ctx);
    struct node_searched *row = row_of(n, place);

    if (ctx->pass.is_spiral && row->place == place && row->way != ctx->seed.base &&
        n->now < row->until)
        return true;
    *row = (struct node_searched){place, ctx->seed.base, n->now + span_of(n)};
    return false;
}

static bool is_merged(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_slice key =
        ctx->txn ? node_searched_key_of(&n->work, ctx->request, ctx->pass.aor) : tnd_slice(NULL, 0);

    if (!key.ptr) /* or it is within a dialog */
        return false;
    if (node_find_by_merged(n, key))
        return true;
    node_txn_set_merged(n, ctx->txn, key);
    return false;
}

bool node_is_first_search(struct tnd_node *n, struct node_context *ctx)
{
    return !is_merged(n, ctx) && !was_searched(n, ctx);
}

void node_forget_search(struct tnd_node *n, struct node_context *ctx)
{
    uint64_t place = place_of(n, ctx);
    struct node_searched *row = row_of(n, place);

    if (ctx->txn)
        node_txn_set_merged(n, ctx->txn, tnd_slice(NULL, 0));
    if (row->place == place && row->way == ctx->seed.base)
        row->until = 0;
}
