/* The outputs: a list that is filled by feeds and emptied by takes. */
#include "base/assert.h"
#include "node/node.h"

bool node_out_has_room(const struct tnd_node *n, size_t count)
{
    return n->output_size - n->output_count >= count;
}

/* A few calls to very many phones are more than there is room for: then there is more room, until they
 * have been taken. */
static bool grow(struct tnd_node *n)
{
    size_t size = 2 * n->output_size;
    struct tnd_output *outputs = n->mem.take(n->mem.ctx, size * sizeof(*outputs));

    if (!outputs)
        return false;
    memcpy(outputs, n->outputs, n->output_count * sizeof(*outputs));
    if (n->outputs != n->outputs_first)
        n->mem.give(n->mem.ctx, n->outputs, n->output_size * sizeof(*outputs));
    n->outputs = outputs;
    n->output_size = size;
    return true;
}

bool node_out_make_room(struct tnd_node *n)
{
    return node_out_has_room(n, NODE_OUT_OF_INPUT) || (n->fed < TND_NODE_BATCH_MAX && grow(n));
}

void node_out_reset(struct tnd_node *n)
{
    if (n->outputs != n->outputs_first)
        n->mem.give(n->mem.ctx, n->outputs, n->output_size * sizeof(*n->outputs));
    n->outputs = n->outputs_first;
    n->output_size = NODE_OUT_FIRST_COUNT;
    n->output_count = n->output_taken = n->fed = 0;
}

/* Whoever feeds asked node_out_make_room(); what one input may bring about is bounded. */
struct tnd_output *node_out(struct tnd_node *n, enum tnd_output_kind kind)
{
    TND_ASSERT(n->output_count < n->output_size);
    struct tnd_output *out = &n->outputs[n->output_count++];

    *out = (struct tnd_output){.kind = (uint8_t)kind};
    return out;
}

void node_send(struct tnd_node *n, const struct node_to *to, struct tnd_slice bytes, uint64_t token)
{
    struct tnd_output *out = node_out(n, TND_OUT_SEND);

    out->flow = to->flow;
    out->to = to->endpoint;
    out->from = to->from;
    out->bytes = bytes;
    out->token = token;
}

bool tnd_node_take(struct tnd_node *n, struct tnd_output *ret)
{
    if (n->output_taken == n->output_count) {
        n->is_taken = true;
        return false;
    }
    *ret = n->outputs[n->output_taken++];
    return true;
}
