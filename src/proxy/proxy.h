/* What the files of the response context share. Events are in context.c; what they bring about is told
 * by act.c; whose turn it is, in turn.c; the set of targets, in targets.c; which response is the
 * best, in best.c. */
#ifndef PROXY_PROXY_H
#define PROXY_PROXY_H

#include "base/assert.h"
#include "tandem/proxy.h"

/* What tnd_proxy_next() has to say yet, in this order. */
enum {
    PROXY_TODO_FORWARD = 1,
    PROXY_TODO_BRANCHES = 2,
    PROXY_TODO_FINAL = 4,
    PROXY_TODO_DONE = 8,
};

/* And of one branch. */
enum {
    PROXY_BRANCH_TRY = 1,
    PROXY_BRANCH_CANCEL = 2,
};

static inline bool proxy_is_running(const struct tnd_branch *b)
{
    return b->state == TND_BRANCH_CALLING || b->state == TND_BRANCH_PROCEEDING;
}

/* RFC 3261 §20.10: without a q the value is 1; RFC 3261 §16.6 leaves the order to us. */
static inline int proxy_q(const struct tnd_branch *b)
{
    return b->target.q < 0 ? 1000 : b->target.q;
}

/* Makes the set of the start. TND_ENOMEM: a is over. */
int proxy_targets(struct tnd_proxy *p, const struct tnd_target *targets, size_t count,
                  struct tnd_arena *a);

/* The caller is to be told of its target. */
static inline void proxy_tell(struct tnd_branch *b)
{
    b->state = TND_BRANCH_ENDED;
    b->code = 302;
    b->is_made = true;
}

/* The first turn. */
void proxy_turn_start(struct tnd_proxy *p);

/* A branch has ended: whose turn comes of it. */
void proxy_turn_end(struct tnd_proxy *p, size_t branch);

/* It is the turn of one target, out of order. */
void proxy_turn_take(struct tnd_proxy *p, size_t branch, enum tnd_rule rule);

/* No target AT_ONCE has a turn any more. */
void proxy_turn_drop(struct tnd_proxy *p);

/* Tries those whose turn it is, as far as there is breadth. */
void proxy_turn_try(struct tnd_proxy *p, tnd_time now);

/* What goes up when all have ended: CHOOSE or MAKE. DONE: nothing does. */
struct tnd_proxy_act proxy_best(const struct tnd_proxy *p);

#endif
