/* Records of why: two rings, written by a few copies, read when somebody asks. What was answered with
 * 2xx has a ring of its own, for there is much of it: it must not push out what failed. */
#include "base/assert.h"
#include "node/node.h"

_Static_assert((int)TND_PROXY_BRANCH_COUNT_MAX < (int)TND_WHY_NO_BRANCH,
               "branches are counted in an octet");
_Static_assert(TND_WHY_TARGETS_SIZE <= UINT8_MAX, "and the octets of a target");

static uint8_t copy(char *room, size_t size, struct tnd_slice text)
{
    size_t len = text.len < size ? text.len : size;

    if (len > 0)
        memcpy(room, text.ptr, len);
    return (uint8_t)len;
}

static enum tnd_why_end end_of(const struct tnd_branch *b)
{
    switch ((enum tnd_branch_state)b->state) {
    case TND_BRANCH_WAITING:
    case TND_BRANCH_DROPPED:
        return TND_WHY_NOT_TRIED;
    case TND_BRANCH_CALLING:
    case TND_BRANCH_PROCEEDING:
        return b->is_cancelled ? TND_WHY_CANCELLED : TND_WHY_TRIED;
    case TND_BRANCH_ENDED:
        if (b->is_made)
            return b->code == 408   ? TND_WHY_SILENT
                   : b->code == 302 ? TND_WHY_TOLD
                                    : TND_WHY_NOT_SENT;
        return b->is_followed ? TND_WHY_FOLLOWED : TND_WHY_ENDED;
    }
    TND_ASSERT(!"a branch in no state");
}

/* The first branches. One that is chosen has the last place if it has none of its own. */
static void copy_branches(struct tnd_why *why, const struct tnd_proxy *p, int chosen)
{
    size_t count = p->count < TND_WHY_BRANCH_COUNT ? p->count : TND_WHY_BRANCH_COUNT, used = 0;

    why->branch_count = (uint8_t)p->count;
    for (size_t i = 0; i < count; i++) {
        bool is_chosen =
            chosen >= 0 && ((size_t)chosen == i || (i == count - 1 && (size_t)chosen > i));
        const struct tnd_branch *b = &p->branch[is_chosen ? (size_t)chosen : i];
        size_t share = (TND_WHY_TARGETS_SIZE - used) / (count - i);
        uint8_t len = copy(why->targets + used, share, b->target.uri);

        why->branch[i] = (struct tnd_why_branch){b->code, (uint8_t)end_of(b), len};
        used += len;
        if (is_chosen)
            why->chosen = (uint8_t)i;
    }
}

/* The output has a copy: more records than the ring holds may come before it is taken. */
static void log_why(struct tnd_node *n, const struct tnd_why *why)
{
    struct tnd_why *copy = tnd_arena_take(&n->out, sizeof(*copy));

    if (!copy) {
        n->stats.lost++;
        return;
    }
    *copy = *why;
    node_out(n, TND_OUT_WHY)->why = copy;
}

void node_why(struct tnd_node *n, const struct node_asked *asked, const struct node_answer *answer)
{
    struct node_whys *whys = &n->whys[answer->code / 100 == 2 ? NODE_WHY_ANSWERED : NODE_WHY_OTHER];
    struct tnd_why *why = &whys->ring[whys->count++ % n->why_size];

    why->at = n->now;
    why->number = ++n->why_count;
    why->source = asked->flow->remote;
    why->code = answer->code;
    why->rule = (uint16_t)answer->rule;
    why->method = asked->parts->msg->method;
    why->call_id_len = copy(why->call_id, TND_WHY_CALL_ID_SIZE, asked->parts->call_id);
    why->fact_len = copy(why->fact, TND_WHY_FACT_SIZE, answer->fact);
    why->branch_count = 0;
    why->chosen = TND_WHY_NO_BRANCH;
    if (answer->tried)
        copy_branches(why, answer->tried, answer->chosen);
    tnd_trace(&n->trace, n->now, "node.why", answer->code, answer->rule,
              tnd_slice(why->call_id, why->call_id_len));
    if (n->config->log)
        log_why(n, why);
}
