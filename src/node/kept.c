/* What is kept: bytes, because outputs borrow from them and because they may be sent again, from pools, each
 * of blocks twice as large as those of the one before; and requests that are answered later. */
#include "node/node.h"

/* The pool of blocks that are large enough; NULL: none is. */
static struct tnd_pool *pool_of(struct tnd_node *n, size_t size)
{
    for (int i = 0; i < NODE_KEPT_POOL_COUNT; i++)
        if (size <= n->kept[i].object_size)
            return &n->kept[i];
    return NULL;
}

struct node_kept *node_kept_new(struct tnd_node *n, size_t room)
{
    size_t size = sizeof(struct node_kept) + room;
    struct tnd_pool *pool = pool_of(n, size);
    struct node_kept *kept = pool ? tnd_pool_take(pool) : n->mem.take(n->mem.ctx, size);

    if (kept)
        *kept = (struct node_kept){.size = size};
    return kept;
}

struct node_kept *node_keep(struct tnd_node *n, struct tnd_slice bytes)
{
    struct node_kept *kept = bytes.ptr ? node_kept_new(n, bytes.len) : NULL;

    if (!kept)
        return NULL;
    kept->len = bytes.len;
    memcpy(kept->bytes, bytes.ptr, bytes.len);
    return kept;
}

void node_forget(struct tnd_node *n, struct node_kept **kept)
{
    if (!*kept)
        return;
    (*kept)->next = n->forgotten;
    n->forgotten = *kept;
    *kept = NULL;
}

void node_give_forgotten(struct tnd_node *n)
{
    while (n->forgotten) {
        struct node_kept *kept = n->forgotten;
        struct tnd_pool *pool = pool_of(n, kept->size);

        n->forgotten = kept->next;
        if (pool)
            tnd_pool_give(pool, kept);
        else
            n->mem.give(n->mem.ctx, kept, kept->size);
    }
}

void node_kept_init(struct tnd_node *n)
{
    size_t count = NODE_KEPT_OF_TXN * n->stats.transactions_max;

    for (int i = 0; i < NODE_KEPT_POOL_COUNT; i++) {
        tnd_pool_init(&n->kept[i], "limits.transactions", (size_t)NODE_KEPT_SIZE_MIN << i, count,
                      &n->mem);
        n->kept[i].clear_size = sizeof(struct node_kept);
    }
}

void node_kept_fini(struct tnd_node *n)
{
    for (int i = 0; i < NODE_KEPT_POOL_COUNT; i++)
        tnd_pool_fini(&n->kept[i]);
}

struct tnd_txn_parts *node_keep_request(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                        const struct tnd_seen *seen)
{
    struct tnd_txn_parts *parts = tnd_arena_take(a, sizeof(*parts));
    struct tnd_msg *msg = tnd_arena_take(a, sizeof(*msg));

    if (!parts || !msg || tnd_msg_keep(msg, a, request->msg) != 0)
        return NULL;
    tnd_txn_parts_keep(parts, msg, request);
    if (parts->has_via)
        tnd_via_set_seen(&parts->via, seen); /* what it was set to before lives no longer */
    return parts;
}
