/* Whose turn it is: targets by q, contacts of redirects in the place of what led to them, and so many
 * at once as Max-Breadth allows.
 *
 * Siblings share a struct tnd_proxy_turn: how many of them have had their turn and are not over, and
 * how many wait. One is over when it has ended and so have its contacts. When none is open, the
 * next q has its turn; when none waits either, the redirect that named them is over. */
#include "proxy/proxy.h"

static struct tnd_proxy_turn *turn_of(struct tnd_proxy *p, int parent)
{
    return parent < 0 ? &p->turn : &p->branch[parent].turn;
}

static bool waits(const struct tnd_branch *b, int parent)
{
    return b->state == TND_BRANCH_WAITING && b->parent == parent &&
           b->target.when == TND_TARGET_AT_ONCE;
}

static int highest_q(const struct tnd_proxy *p, int parent)
{
    int q = INT16_MIN;

    for (size_t i = 0; i < p->count; i++)
        if (waits(&p->branch[i], parent) && proxy_q(&p->branch[i]) > q)
            q = proxy_q(&p->branch[i]);
    return q;
}

static void give_turn(struct tnd_proxy *p, struct tnd_branch *b, enum tnd_rule rule)
{
    b->is_next = true;
    b->rule = (uint16_t)rule;
    p->next_count++;
    turn_of(p, b->parent)->open++;
}

static enum tnd_rule rule_of_turn(const struct tnd_proxy *p, int parent)
{
    if (parent >= 0)
        return TND_RULE_PROXY_REDIRECTED;
    return p->with.serial ? TND_RULE_PROXY_SERIAL : TND_RULE_PROXY_PARALLEL;
}

/* When no sibling is open: none of them is_next then. false: none waits. */
static bool next_turn(struct tnd_proxy *p, int parent)
{
    struct tnd_proxy_turn *turn = turn_of(p, parent);

    if (turn->waiting == 0)
        return false;
    /* RFC 3261 §16.6: by q "groups"; contacts have a q because some are to come first. */
    enum tnd_rule rule = rule_of_turn(p, parent);
    bool by_q = rule != TND_RULE_PROXY_PARALLEL;
    int q = by_q ? highest_q(p, parent) : 0;
    for (size_t i = 0; i < p->count; i++) {
        struct tnd_branch *b = &p->branch[i];
        if (waits(b, parent) && (!by_q || proxy_q(b) == q)) {
            turn->waiting--;
            give_turn(p, b, rule);
        }
    }
    return true;
}

void proxy_turn_start(struct tnd_proxy *p)
{
    next_turn(p, -1);
}

void proxy_turn_end(struct tnd_proxy *p, size_t branch)
{
    for (int at = (int)branch; at >= 0; at = p->branch[at].parent)
        if (--p->branch[at].turn.open > 0 || next_turn(p, at))
            return;
    if (--p->turn.open == 0)
        next_turn(p, -1);
}

void proxy_turn_take(struct tnd_proxy *p, size_t branch, enum tnd_rule rule)
{
    give_turn(p, &p->branch[branch], rule);
}

void proxy_turn_drop(struct tnd_proxy *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct tnd_branch *b = &p->branch[i];
        b->turn.waiting = 0;
        if (b->is_next || waits(b, b->parent))
            b->state = TND_BRANCH_DROPPED;
        b->is_next = false;
    }
    p->turn.waiting = 0;
    p->next_count = 0;
}

/* RFC 5393 §5.3.3: the sum over all branches without a final response is at most what came. All of it
 * is given away, in equal parts; but one is kept for a forward that may be tried while others
 * still ring. 0: there is none left. */
static unsigned part_of_breadth(const struct tnd_proxy *p)
{
    unsigned left = (unsigned)p->with.breadth - p->breadth_used;

    if (p->no_answer_due != TND_NEVER_DUE && left > 1)
        left--;
    return left > p->next_count ? (left + p->next_count - 1) / p->next_count : left > 0;
}

static void try_branch(struct tnd_proxy *p, struct tnd_branch *b, tnd_time now)
{
    b->is_next = false;
    p->next_count--;
    b->state = TND_BRANCH_CALLING;
    p->running++;
    if (p->with.is_invite) { /* RFC 3261 §16.6, step 11 */
        b->c_due = now + p->with.timer_c;
        if (b->c_due < p->c_due)
            p->c_due = b->c_due;
    }
    b->todo |= PROXY_BRANCH_TRY;
    p->todo |= PROXY_TODO_BRANCHES;
}

void proxy_turn_try(struct tnd_proxy *p, tnd_time now)
{
    for (size_t i = 0; p->next_count > 0 && i < p->count; i++) {
        struct tnd_branch *b = &p->branch[i];
        if (!b->is_next)
            continue;
        unsigned part = p->with.breadth > 0 ? part_of_breadth(p) : 0;
        if (part == 0 && p->with.breadth > 0) {
            b->rule = TND_RULE_PROXY_BREADTH; /* it will be tried because there is breadth again */
            continue;
        }
        b->breadth = (uint8_t)part;
        p->breadth_used += b->breadth;
        try_branch(p, b, now);
    }
}
