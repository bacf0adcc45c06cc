/* The response context: what happens to it (RFC 3261 §16.7 to §16.10), and what is to be done. */
#include "proxy/proxy.h"

/* Each event starts here: what the one before brought about has been done. */
static struct tnd_branch *branch_of(struct tnd_proxy *p, size_t branch)
{
    TND_ASSERT(branch < p->count && p->todo == 0);
    return &p->branch[branch];
}

static void cancel_branch(struct tnd_proxy *p, struct tnd_branch *b)
{
    b->is_cancelled = true;
    b->c_due = TND_NEVER_DUE; /* now the client transaction has a timer for its end */
    b->todo |= PROXY_BRANCH_CANCEL;
    p->todo |= PROXY_TODO_BRANCHES;
}

/* Cancels what is pending; nothing waits for its turn any more. RFC 3261 §9.1: no request other than
 * INVITE is cancelled; such branches end by themselves. */
static void cancel_all(struct tnd_proxy *p, unsigned code, enum tnd_rule rule)
{
    proxy_turn_drop(p);
    p->no_answer_due = TND_NEVER_DUE;
    p->c_due = TND_NEVER_DUE;
    p->cancel_code = (uint16_t)code;
    p->cancel_rule = (uint16_t)rule;
    if (!p->with.is_invite || p->running == 0)
        return;
    for (size_t i = 0; i < p->count; i++)
        if (proxy_is_running(&p->branch[i]) && !p->branch[i].is_cancelled)
            cancel_branch(p, &p->branch[i]);
}

static void stop(struct tnd_proxy *p, unsigned code, enum tnd_rule rule)
{
    p->is_stopped = true;
    cancel_all(p, code, rule);
}

static void end_branch(struct tnd_proxy *p, struct tnd_branch *b, unsigned code, bool is_made)
{
    b->state = TND_BRANCH_ENDED;
    b->code = (uint16_t)code;
    b->is_made = is_made;
    b->c_due = TND_NEVER_DUE;
    p->running--;
    p->breadth_used -= b->breadth; /* RFC 5393 §5.3.3.1 */
}

/* A forward whose case it is. */
static struct tnd_branch *find_forward(const struct tnd_proxy *p, enum tnd_target_when when)
{
    struct tnd_branch *found = NULL;

    for (size_t i = 0; i < p->count; i++) {
        struct tnd_branch *b = &p->branch[i];
        if (b->target.when == when && b->state == TND_BRANCH_WAITING &&
            (!found || b->target.after < found->target.after))
            found = b;
    }
    return found;
}

static void take_forward(struct tnd_proxy *p, struct tnd_branch *b, enum tnd_rule rule)
{
    p->is_forwarded = true;
    p->no_answer_due = TND_NEVER_DUE;
    b->rule = (uint16_t)rule;
    if (b->target.is_redirect)
        proxy_tell(b);
    else
        proxy_turn_take(p, (size_t)(b - p->branch), rule);
}

/* Which forward there is for the answer that would go up. */
static struct tnd_branch *forward_for(const struct tnd_proxy *p, const struct tnd_proxy_act *best)
{
    if (p->is_forwarded || p->is_cancelled)
        return NULL;
    /* Departs from RFC 3261 §16.7, step 5, after a 600: there is a new branch, because the user
     * has said himself where he is to be called when he is busy. No other 6xx leads there. */
    if (best->code == 486 || best->code == 600)
        return find_forward(p, TND_TARGET_BUSY);
    bool nobody = best->code == 408 || best->code == 480 || best->rule == TND_RULE_PROXY_UNSENT;
    return nobody ? find_forward(p, TND_TARGET_NO_ANSWER) : NULL;
}

static struct tnd_proxy_act tell(const struct tnd_proxy *p, const struct tnd_branch *b)
{
    return (struct tnd_proxy_act){
        .kind = TND_PROXY_MAKE, .branch = (int16_t)(b - p->branch), .code = 302, .rule = b->rule};
}

/* All have ended: the best goes up (RFC 3261 §16.7, step 6), or a forward is tried. false: that. */
static bool answer(struct tnd_proxy *p, tnd_time now)
{
    struct tnd_proxy_act best = proxy_best(p);
    struct tnd_branch *forward = forward_for(p, &best);

    if (forward) {
        take_forward(p, forward,
                     best.code == 486 || best.code == 600 ? TND_RULE_PROXY_BUSY
                                                          : TND_RULE_PROXY_NO_ANSWER);
        proxy_turn_try(p, now);
        if (p->running > 0)
            return false;
        best = tell(p, forward);
    }
    p->final = best;
    if (best.kind != TND_PROXY_DONE) {
        p->is_answered = true;
        p->todo |= PROXY_TODO_FINAL;
    }
    return true;
}

/* The end of each event. */
static void go_on(struct tnd_proxy *p, tnd_time now)
{
    proxy_turn_try(p, now);
    if (p->running > 0 || p->is_done)
        return;
    if (!p->is_answered && !answer(p, now))
        return;
    for (size_t i = 0; i < p->count; i++) /* forwards whose case it was not */
        if (p->branch[i].state == TND_BRANCH_WAITING)
            p->branch[i].state = TND_BRANCH_DROPPED;
    p->no_answer_due = p->c_due = TND_NEVER_DUE;
    p->is_done = true;
    p->todo |= PROXY_TODO_DONE;
}

int tnd_proxy_start(struct tnd_proxy *p, const struct tnd_proxy_with *with,
                    const struct tnd_target *targets, size_t count, tnd_time now,
                    struct tnd_arena *a)
{
    *p = (struct tnd_proxy){.with = *with, .c_due = TND_NEVER_DUE, .no_answer_due = TND_NEVER_DUE};
    if (proxy_targets(p, targets, count, a) != 0)
        return TND_ENOMEM;
    struct tnd_branch *no_answer = find_forward(p, TND_TARGET_NO_ANSWER);
    if (no_answer && with->is_invite)
        p->no_answer_due = now + no_answer->target.after;
    proxy_turn_start(p);
    go_on(p, now);
    return 0;
}

static void forward(struct tnd_proxy *p, const struct tnd_branch *b, unsigned code,
                    enum tnd_rule rule)
{
    p->forward = (struct tnd_proxy_act){.kind = TND_PROXY_FORWARD,
                                        .branch = (int16_t)(b - p->branch),
                                        .code = (uint16_t)code,
                                        .rule = (uint16_t)rule};
    p->todo |= PROXY_TODO_FORWARD;
}

static void provisional(struct tnd_proxy *p, struct tnd_branch *b, unsigned code, tnd_time now)
{
    if (!proxy_is_running(b))
        return;
    b->state = TND_BRANCH_PROCEEDING;
    /* RFC 3261 §16.7, step 5: "MUST NOT forward any 100"; RFC 4320 §4.1: no other is for a request
     * other than INVITE. */
    if (code == 100 || !p->with.is_invite)
        return;
    if (b->c_due != TND_NEVER_DUE) /* RFC 3261 §16.7, step 2 */
        b->c_due = now + p->with.timer_c;
    if (!p->is_answered)
        forward(p, b, code, TND_RULE_PROXY_1XX);
}

/* RFC 3261 §16.7, step 5: of an INVITE each 2xx goes up, whatever went up before: who sent it waits
 * for an ACK. RFC 4320 §4.2: of others the first, and none that is late. */
static void success(struct tnd_proxy *p, struct tnd_branch *b, unsigned code, tnd_time now)
{
    bool is_running = proxy_is_running(b), goes_up = p->with.is_invite || !p->is_answered;

    if (!is_running && !p->with.is_invite)
        return;
    if (goes_up)
        forward(p, b, code, TND_RULE_PROXY_2XX);
    if (is_running)
        end_branch(p, b, code, false);
    if (!p->is_answered) {
        p->is_answered = true;
        stop(p, 200, TND_RULE_PROXY_2XX);
    }
    go_on(p, now);
}

static void failure(struct tnd_proxy *p, struct tnd_branch *b, unsigned code, bool is_made,
                    tnd_time now)
{
    if (!proxy_is_running(b))
        return;
    end_branch(p, b, code, is_made);
    if (code >= 600)
        stop(p, code, TND_RULE_PROXY_6XX);
    proxy_turn_end(p, (size_t)(b - p->branch));
    go_on(p, now);
}

void tnd_proxy_response(struct tnd_proxy *p, size_t branch, unsigned code, tnd_time now)
{
    struct tnd_branch *b = branch_of(p, branch);

    if (code < 100 || code > 699 ||
        TND_NEVER(b->state == TND_BRANCH_WAITING || b->state == TND_BRANCH_DROPPED))
        return;
    if (code < 200)
        provisional(p, b, code, now);
    else if (code < 300)
        success(p, b, code, now);
    else
        failure(p, b, code, false, now);
}

void tnd_proxy_retry_after(struct tnd_proxy *p, size_t branch)
{
    struct tnd_branch *b = branch_of(p, branch);

    b->has_retry_after = b->has_retry_after || proxy_is_running(b);
}

void tnd_proxy_no_response(struct tnd_proxy *p, size_t branch, unsigned code, tnd_time now)
{
    TND_ASSERT(code == 408 || code == 503);
    failure(p, branch_of(p, branch), code, true, now);
}

void tnd_proxy_cancel(struct tnd_proxy *p, tnd_time now)
{
    TND_ASSERT(p->todo == 0);
    if (!p->with.is_invite || p->is_answered || p->is_cancelled)
        return;
    p->is_cancelled = true;
    stop(p, 0, TND_RULE_PROXY_CANCEL);
    go_on(p, now);
}

static void no_answer(struct tnd_proxy *p)
{
    struct tnd_branch *b = find_forward(p, TND_TARGET_NO_ANSWER);

    p->no_answer_due = TND_NEVER_DUE;
    if (!b) /* a redirect led there before */
        return;
    cancel_all(p, 408, TND_RULE_PROXY_NO_ANSWER);
    take_forward(p, b, TND_RULE_PROXY_NO_ANSWER);
}

/* RFC 3261 §16.8: one that has had a provisional response is cancelled; another one has ended, as with a
 * 408, and is cancelled all the same, for its phone may be about to ring. */
static void timer_c(struct tnd_proxy *p, struct tnd_branch *b)
{
    p->cancel_code = 408;
    p->cancel_rule = TND_RULE_PROXY_TIMER_C;
    cancel_branch(p, b);
    if (b->state == TND_BRANCH_PROCEEDING)
        return;
    end_branch(p, b, 408, true);
    proxy_turn_end(p, (size_t)(b - p->branch));
}

void tnd_proxy_timer(struct tnd_proxy *p, tnd_time now)
{
    TND_ASSERT(p->todo == 0);
    if (p->no_answer_due <= now)
        no_answer(p);
    p->c_due = TND_NEVER_DUE;
    for (size_t i = 0; i < p->count; i++)
        if (p->branch[i].c_due <= now)
            timer_c(p, &p->branch[i]);
    for (size_t i = 0; i < p->count; i++)
        if (p->branch[i].c_due < p->c_due)
            p->c_due = p->branch[i].c_due;
    go_on(p, now);
}

tnd_time tnd_proxy_due(const struct tnd_proxy *p)
{
    return p->c_due < p->no_answer_due ? p->c_due : p->no_answer_due;
}
