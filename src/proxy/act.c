/* What is to be done, one act after the other: what goes up at once, then branches, then the final
 * response, then the end. */
#include "proxy/proxy.h"

static struct tnd_proxy_act act_of(const struct tnd_proxy *p, size_t branch, unsigned todo)
{
    const struct tnd_branch *b = &p->branch[branch];

    if (todo & PROXY_BRANCH_TRY)
        return (struct tnd_proxy_act){.kind = TND_PROXY_TRY,
                                      .branch = (int16_t)branch,
                                      .breadth = b->breadth,
                                      .rule = b->rule};
    return (struct tnd_proxy_act){.kind = TND_PROXY_CANCEL,
                                  .branch = (int16_t)branch,
                                  .code = p->cancel_code,
                                  .rule = p->cancel_rule};
}

/* No event asks both of one branch. */
static bool next_of_branches(struct tnd_proxy *p, struct tnd_proxy_act *ret)
{
    while (p->todo_at < p->count) {
        size_t at = p->todo_at++;
        unsigned todo = p->branch[at].todo;
        p->branch[at].todo = 0;
        if (todo) {
            *ret = act_of(p, at, todo);
            return true;
        }
    }
    p->todo_at = 0;
    return false;
}

bool tnd_proxy_next(struct tnd_proxy *p, struct tnd_proxy_act *ret)
{
    if (p->todo & PROXY_TODO_FORWARD) {
        p->todo &= ~PROXY_TODO_FORWARD;
        *ret = p->forward;
        return true;
    }
    if (p->todo & PROXY_TODO_BRANCHES) {
        if (next_of_branches(p, ret))
            return true;
        p->todo &= ~PROXY_TODO_BRANCHES;
    }
    if (p->todo & PROXY_TODO_FINAL) {
        p->todo &= ~PROXY_TODO_FINAL;
        *ret = p->final;
        return true;
    }
    if (p->todo & PROXY_TODO_DONE) {
        p->todo &= ~PROXY_TODO_DONE;
        *ret = (struct tnd_proxy_act){
            .kind = TND_PROXY_DONE, .branch = -1, .rule = TND_RULE_PROXY_DONE};
        return true;
    }
    return false;
}
