/* Tokens: names of what waits for something outside, by which the answer finds it again, or finds out
 * that it is gone. A table of places; each time a place is used again its tokens are others. */
#include "base/assert.h"
#include "node/node.h"

/* place (8 bits), number of the place in the table (24), life of the place (32) */
enum { INDEX_BITS = 24, INDEX_MAX = (1 << INDEX_BITS) - 1, FIRST_COUNT = 64 };

static size_t index_of(uint64_t token)
{
    return (size_t)(token >> NODE_PLACE_BITS & INDEX_MAX);
}

static uint32_t life_of(uint64_t token)
{
    return (uint32_t)(token >> (NODE_PLACE_BITS + INDEX_BITS));
}

static bool grow(struct tnd_node *n)
{
    struct node_tokens *t = &n->tokens;
    size_t size_max = t->size > 0 ? 2 * t->size : FIRST_COUNT;
    size_t size = size_max < INDEX_MAX ? size_max : INDEX_MAX;
    struct node_token *row = size > t->size ? n->mem.take(n->mem.ctx, size * sizeof(*row)) : NULL;

    if (!row)
        return false;
    memset(row, 0, size * sizeof(*row));
    if (t->row) {
        memcpy(row, t->row, t->size * sizeof(*row));
        n->mem.give(n->mem.ctx, t->row, t->size * sizeof(*row));
    }
    t->row = row;
    t->size = size;
    return true;
}

uint64_t node_token_take(struct tnd_node *n, enum node_token_kind kind, void *object)
{
    struct node_tokens *t = &n->tokens;
    size_t index = t->free ? t->free : t->used + 1; /* 0 is no token */

    if (!t->free && index >= t->size && !grow(n))
        return 0;
    struct node_token *row = &t->row[index];
    if (t->free)
        t->free = row->next_free;
    else
        t->used = index;
    row->object = object;
    row->kind = (uint8_t)kind;
    row->life++;
    return (uint64_t)row->life << (NODE_PLACE_BITS + INDEX_BITS) | index << NODE_PLACE_BITS;
}

void *node_token_find(const struct tnd_node *n, uint64_t token, enum node_token_kind kind)
{
    size_t index = index_of(token);
    const struct node_token *row = index < n->tokens.size ? &n->tokens.row[index] : NULL;

    return row && row->object && row->kind == kind && row->life == life_of(token) ? row->object
                                                                                  : NULL;
}

void node_token_give(struct tnd_node *n, uint64_t *token)
{
    if (*token == 0)
        return;
    struct node_token *row = &n->tokens.row[index_of(*token)];
    TND_ASSERT(row->object && row->life == life_of(*token));
    row->object = NULL;
    row->next_free = n->tokens.free;
    n->tokens.free = (uint32_t)index_of(*token);
    *token = 0;
}

void node_tokens_fini(struct tnd_node *n)
{
    if (n->tokens.row)
        n->mem.give(n->mem.ctx, n->tokens.row, n->tokens.size * sizeof(*n->tokens.row));
    n->tokens = (struct node_tokens){0};
}
