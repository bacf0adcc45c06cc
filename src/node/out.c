/* The outputs: a list that is filled by feeds and emptied by takes. */
#include "base/assert.h"
#include "node/node.h"

bool node_out_has_room(const struct tnd_node *n, size_t count)
{
    return NODE_OUT_COUNT - n->output_count >= count;
}

/* Whoever feeds asked node_out_has_room(); what one input may bring about is bounded. */
struct tnd_output *node_out(struct tnd_node *n, enum tnd_output_kind kind)
{
    TND_ASSERT(n->output_count < NODE_OUT_COUNT);
    struct tnd_output *out = &n->outputs[n->output_count++];

    *out = (struct tnd_output){.kind = (uint8_t)kind};
    return out;
}

void node_send(struct tnd_node *n, const struct node_to *to, struct tnd_slice bytes, uint64_t token)
{
    struct tnd_output *out = node_out(n, TND_OUT_SEND);

    out->flow = to->flow;
    out->to = to->endpoint;
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
