/* Which final response goes up when all branches have ended (RFC 3261 §16.7, steps 6 and 7).
 *
 * The first row of the table that fits any response decides. 6xx come first, then the lowest class;
 * inside a class what the table has first, for "the proxy MAY select any": in 4xx what says how
 * the request can be sent again (step 6), then what tells of the user, then what tells of the address,
 * then what tells of the way there, and last that nobody said anything: so a 408 never hides a 486. Of
 * one row that which came goes before that which we made, then the branch that was there first.
 *
 * Departs from RFC 3261 §16.7 step 6, by which the lowest class SHOULD go up: a 482 is the last of all, for
 * it tells of a way only, and that the same request is, or was, on its way by another one (§8.2.2.2, RFC
 * 5393 §4.2). Whatever came of that tells more, be it silence. */
#include "proxy/proxy.h"

struct row {
    uint16_t code; /* 4: others of 4xx; or TERMINATED */
    uint16_t rule; /* what is told as the reason */
};

/* A 487 to an INVITE that its caller has cancelled. */
enum { TERMINATED = 1 };

#define SIX    TND_RULE_PROXY_BEST_6XX
#define CLASS  TND_RULE_PROXY_BEST_CLASS
#define REPAIR TND_RULE_PROXY_BEST_REPAIR

static const struct row table[] = {
    /* The user has decided, on whatever phone: the strongest words first. */
    {607, SIX}, /* RFC 8197: unwanted; it may be reported */
    {608, SIX}, /* RFC 8688: rejected by somebody in between, and whom to ask */
    {603, SIX}, /* RFC 3261 §21.6.2: he declines, and perhaps says when not */
    {606, SIX}, /* RFC 3261 §21.6.4: he would, but not with this description */
    {600, SIX}, /* RFC 3261 §21.6.1: busy; Retry-After may say how long */
    {604, SIX}, /* RFC 3261 §21.6.3 */
    {6, SIX},

    /* 3xx: the weakest promise first, for it takes the Contacts of the others along. */
    {302, CLASS}, /* RFC 3261 §21.3.3: now, there */
    {300, CLASS}, /* RFC 3261 §21.3.1: a choice of places */
    {301, CLASS}, /* RFC 3261 §21.3.2: from now on, there; not to be said of others' Contacts */
    {3, CLASS},
    {305, CLASS}, /* RFC 3261 §21.3.4: through a proxy */
    {380, CLASS}, /* RFC 3261 §21.3.5: another service, in its body */

    {TERMINATED, CLASS}, /* RFC 3261 §16.10: what he expects; a 407 would have him call again */

    /* The same request can be sent again. Who may have it, */
    {407, REPAIR}, /* RFC 3261 §21.4.8: takes all challenges along */
    {401, REPAIR}, /* RFC 3261 §21.4.2: likewise */
    {494, REPAIR}, /* RFC 3329: with a security agreement */
    {428, REPAIR}, /* RFC 8224 §6.2.2: with an Identity */
    {436, REPAIR}, /* RFC 8224 §6.2.2 */
    {437, REPAIR}, /* RFC 8224 §6.2.2 */
    {438, REPAIR}, /* RFC 8224 §6.2.2 */
    {429, REPAIR}, /* RFC 3892 §5: with a Referred-By token */
    /* what it must say, */
    {420, REPAIR}, /* RFC 3261 §21.4.15: without these extensions */
    {421, REPAIR}, /* RFC 3261 §21.4.16: with these */
    {484, REPAIR}, /* RFC 3261 §21.4.22: with more of the number */
    {416, REPAIR}, /* RFC 3261 §21.4.14: with another scheme */
    {485, REPAIR}, /* RFC 3261 §21.4.23: to one of these */
    {422, REPAIR}, /* RFC 4028 §6: with a longer session interval */
    {423, REPAIR}, /* RFC 3261 §21.4.17: for a longer time */
    {417, REPAIR}, /* RFC 4412 §12.4: with another priority */
    {424, REPAIR}, /* RFC 6442 §4.3: with another location */
    {425, REPAIR}, /* RFC 8876: with another alert */
    {433, REPAIR}, /* RFC 5079: with a name */
    {439, REPAIR}, /* RFC 5626 §11.6: over another first hop */
    {470, REPAIR}, /* RFC 5360: with a consent */
    {412, REPAIR}, /* RFC 3903 §11.2.1: with another entity tag */
    {469, REPAIR}, /* RFC 6086 §4.2.2: with another package */
    {489, REPAIR}, /* RFC 6665 §8.3.2: with another event */
    /* what its body must be, */
    {415, REPAIR}, /* RFC 3261 §21.4.13: of these types */
    {488, REPAIR}, /* RFC 3261 §21.4.26: with another description; Warning says why */
    {406, REPAIR}, /* RFC 3261 §21.4.7: asking for another one */
    {413, REPAIR}, /* RFC 3261 §21.4.11: smaller, or later */
    {493, REPAIR}, /* RFC 3261 §21.4.28: with another key */
    {491, REPAIR}, /* RFC 3261 §21.4.27: in a moment */

    /* What the user does, and for how long */
    {486, CLASS}, /* RFC 3261 §21.4.24 */
    {480, CLASS}, /* RFC 3261 §21.4.18 */
    {403, CLASS}, /* RFC 3261 §21.4.4: asking again will not help */
    {402, CLASS}, /* RFC 3261 §21.4.3: reserved */
    /* whether there is such a user */
    {410, CLASS}, /* RFC 3261 §21.4.10: not any more */
    {404, CLASS}, /* RFC 3261 §21.4.5 */
    {405, CLASS}, /* RFC 3261 §21.4.6: not for this method */
    {4, CLASS},
    {400, CLASS}, /* RFC 3261 §21.4.1 */
    /* that it did not get there */
    {414, CLASS}, /* RFC 3261 §21.4.12 */
    {440, CLASS}, /* RFC 5393 §6.2 */
    {483, CLASS}, /* RFC 3261 §21.4.21 */
    {430, CLASS}, /* RFC 5626 §11.5: it was for us to know */
    {481, CLASS}, /* RFC 3261 §21.4.19 */
    /* and that nobody said anything: of a phone that was cancelled less than of one that was not. */
    {408, CLASS}, /* RFC 3261 §21.4.9 */
    {487, CLASS}, /* RFC 3261 §21.4.25 */

    {580, CLASS}, /* RFC 3312 §8: with weaker preconditions */
    {513, CLASS}, /* RFC 3261 §21.5.7: smaller */
    {555, CLASS}, /* RFC 8599 §8.1: with another push service */
    {505, CLASS}, /* RFC 3261 §21.5.6 */
    {501, CLASS}, /* RFC 3261 §21.5.2: nobody there knows the method */
    {500, CLASS}, /* RFC 3261 §21.5.1: Retry-After may say when */
    {5, CLASS},
    {504, CLASS}, /* RFC 3261 §21.5.5 */
    {502, CLASS}, /* RFC 3261 §21.5.3 */
    {503, CLASS}, /* RFC 3261 §16.7: not to be passed on */
    {482, CLASS}, /* RFC 3261 §21.4.20 */
};

enum { ROW_COUNT = sizeof(table) / sizeof(*table) };

/* The row of a code; others of its class have one of their own. */
static size_t row_of(unsigned code)
{
    unsigned class = code / 100;
    size_t others = ROW_COUNT - 1;

    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (table[i].code == code)
            return i;
        if (table[i].code == class)
            others = i;
    }
    return others;
}

/* RFC 4320 §4.2: a 408 is nothing to say to a request other than INVITE, whoever made it. */
static bool is_silence(const struct tnd_proxy *p, const struct tnd_branch *b)
{
    return b->code == 408 && !p->with.is_invite;
}

static bool is_candidate(const struct tnd_proxy *p, const struct tnd_branch *b)
{
    return b->state == TND_BRANCH_ENDED && b->code >= 300 && !b->is_followed && !is_silence(p, b);
}

struct choice {
    int branch;   /* -1: there is no candidate */
    size_t rank;  /* of the best: less is better */
    size_t count; /* of candidates, without those of 482 */
    bool silence; /* some branch timed out, and must not say so */
    bool circles; /* some redirect led to targets of before only */
};

static size_t rank_of(const struct tnd_proxy *p, const struct tnd_branch *b)
{
    unsigned code = p->is_cancelled && b->code == 487 ? TERMINATED : b->code;

    return 2 * row_of(code) + b->is_made;
}

static const struct row *row_at(size_t rank)
{
    return &table[rank / 2];
}

static struct choice choose(const struct tnd_proxy *p)
{
    struct choice c = {.branch = -1, .rank = SIZE_MAX};

    for (size_t i = 0; i < p->count; i++) {
        const struct tnd_branch *b = &p->branch[i];
        c.silence |= b->state == TND_BRANCH_ENDED && is_silence(p, b);
        c.circles |= b->is_followed;
        if (!is_candidate(p, b))
            continue;
        c.count += b->code != 482;
        size_t rank = rank_of(p, b);
        if (rank < c.rank) {
            c.rank = rank;
            c.branch = (int)i;
        }
    }
    return c;
}

static struct tnd_proxy_act make(unsigned code, enum tnd_rule rule)
{
    return (struct tnd_proxy_act){
        .kind = TND_PROXY_MAKE, .branch = -1, .code = (uint16_t)code, .rule = (uint16_t)rule};
}

/* No response that came, or would be made of one. RFC 3261 §16.7, step 6, asks for a 408 if there is
 * none; but then a branch timed out, and that counts as one. */
static struct tnd_proxy_act without(const struct choice *c)
{
    if (c->silence)
        return (struct tnd_proxy_act){
            .kind = TND_PROXY_DONE, .branch = -1, .rule = TND_RULE_PROXY_NO_408};
    if (c->circles)
        return make(482, TND_RULE_PROXY_CIRCLES);
    return make(480, TND_RULE_PROXY_NO_TARGET);
}

static struct tnd_proxy_act make_for(const struct tnd_proxy *p, size_t branch)
{
    const struct tnd_branch *b = &p->branch[branch];
    struct tnd_proxy_act act;

    if (p->is_cancelled) /* RFC 3261 §9.1: it counts as cancelled; nobody had to say so */
        return make(487, TND_RULE_PROXY_CANCELLED);
    switch (b->code) {
    case 302:
        act = make(302, b->rule != TND_RULE_NONE ? b->rule : TND_RULE_PROXY_TOLD);
        act.branch = (int16_t)branch;
        return act;
    case 408:
        return make(408, TND_RULE_PROXY_408);
    default: /* RFC 3261 §16.9: as a 503; and that goes up as 500 */
        return make(500, TND_RULE_PROXY_UNSENT);
    }
}

struct tnd_proxy_act proxy_best(const struct tnd_proxy *p)
{
    struct choice c = choose(p);

    if (c.branch < 0 || (c.silence && p->branch[c.branch].code == 482))
        return without(&c);
    const struct tnd_branch *b = &p->branch[c.branch];
    if (b->is_made)
        return make_for(p, (size_t)c.branch);
    struct tnd_proxy_act act = {.kind = TND_PROXY_CHOOSE,
                                .branch = (int16_t)c.branch,
                                .code = b->code,
                                .rule = row_at(c.rank)->rule};
    if (b->code == 503) {
        /* RFC 3261 §16.7, step 6: "forwarding a 503 means that the proxy knows it cannot service
         * any requests". Retry-After is what makes it worth that. */
        act.code = c.count == 1 && b->has_retry_after ? 503 : 500;
        act.rule = TND_RULE_PROXY_503;
    }
    return act;
}

/* Redirects whose Contacts are places to try. */
static bool is_choice(const struct tnd_branch *b)
{
    return b->code >= 300 && b->code <= 302 && !b->is_followed;
}

static bool is_challenge(const struct tnd_branch *b)
{
    return b->code == 401 || b->code == 407;
}

bool tnd_proxy_goes_with(const struct tnd_proxy *p, size_t chosen, size_t other)
{
    TND_ASSERT(chosen < p->count && other < p->count);
    const struct tnd_branch *a = &p->branch[chosen], *b = &p->branch[other];

    return chosen != other &&
           ((is_challenge(a) && is_challenge(b)) || (is_choice(a) && is_choice(b)));
}
