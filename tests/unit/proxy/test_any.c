/* Any response context under any order of events: the model of proxy_test.c looks on. */
#include "base/random.h"
#include "unit/proxy/proxy_test.h"

#include <stdlib.h>

/* Every order of so many events, for some shapes; then all that is left ends. */
enum { DEPTH = 4, EVENT_COUNT = 9 };

/* A context and a copy of what it points to. */
struct snapshot {
    struct proxy_test t;
    struct tnd_branch branch[8];
};

static void save(struct snapshot *s, const struct proxy_test *t)
{
    s->t = *t;
    CHECK(t->p.count <= 8);
    memcpy(s->branch, t->p.branch, t->p.count * sizeof(*s->branch));
}

static void restore(const struct snapshot *s, struct proxy_test *t)
{
    *t = s->t;
    memcpy(t->p.branch, s->branch, t->p.count * sizeof(*s->branch));
}

static bool was_tried(const struct proxy_test *t, size_t branch)
{
    return branch < t->p.count && t->seen[branch].tried;
}

/* One event of a branch that was tried, also of one that has ended. */
static void happen(struct proxy_test *t, size_t branch, unsigned event)
{
    static const unsigned codes[] = {180, 200, 302, 407, 486, 503, 600};

    if (event < sizeof(codes) / sizeof(*codes))
        proxy_feed_response(t, branch, codes[event]);
    else
        proxy_feed_none(t, branch, event & 1 ? 408 : 503);
}

/* Whatever is asked to end ends: 487, or silence. */
static void settle(struct proxy_test *t)
{
    for (size_t i = 0; i < t->p.count; i++) {
        if (!was_tried(t, i) || t->seen[i].ended)
            continue;
        if (t->seen[i].cancelled)
            proxy_feed_response(t, i, 487);
        else
            proxy_feed_none(t, i, 408);
    }
}

static void settle_all(struct proxy_test *t)
{
    for (size_t i = 0; t->dones == 0; i++) {
        CHECK(i <= TND_PROXY_BRANCH_COUNT_MAX);
        settle(t);
    }
}

static void explore(struct proxy_test *t, unsigned depth);

static void explore_after(struct proxy_test *t, const struct snapshot *before, unsigned depth)
{
    explore(t, depth - 1);
    restore(before, t);
}

static void explore(struct proxy_test *t, unsigned depth)
{
    struct snapshot before;

    save(&before, t);
    for (size_t i = 0; depth > 0 && i < t->p.count; i++) {
        for (unsigned event = 0; was_tried(t, i) && event < EVENT_COUNT; event++) {
            happen(t, i, event);
            explore_after(t, &before, depth);
        }
    }
    if (depth > 0) {
        proxy_feed_cancel(t);
        explore_after(t, &before, depth);
        t->now = tnd_proxy_due(&t->p) != TND_NEVER_DUE ? tnd_proxy_due(&t->p) : t->now;
        proxy_feed_timer(t);
        explore_after(t, &before, depth);
    }
    settle_all(t);
    restore(&before, t);
}

TND_TEST(proxy_every, "RFC 3261 §16.7",
         "in every order of events there is one final response, or 2xx, and everything ends")
{
    static const char *const shapes[] = {"a",        "a b", "a b=500",  "a v!20",
                                         "a w!busy", "a>",  "a b v!20>"};
    static struct proxy_test t;

    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        for (int kind = 0; kind < 4; kind++) {
            struct tnd_target target[PROXY_TARGET_COUNT_MAX];
            proxy_init(&t);
            t.with.is_invite = kind & 1;
            t.with.serial = kind & 2;
            proxy_feed_start(&t, target, proxy_targets_read(shapes[i], target));
            explore(&t, DEPTH);
        }
    }
}

enum { RUN_COUNT = 6000, EVENT_COUNT_MAX = 40 };

/* Targets of any kind, now and then one twice. */
static size_t any_targets(struct tnd_random *r, struct tnd_target ret[PROXY_TARGET_COUNT_MAX],
                          size_t count_max)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    size_t count = tnd_random_below(r, count_max + 1);
    struct tnd_target one[PROXY_TARGET_COUNT_MAX];

    for (size_t i = 0; i < count; i++) {
        proxy_targets_read(names[tnd_random_below(r, 8)], one);
        ret[i] = one[0];
        ret[i].q = (int16_t)(tnd_random_below(r, 4) * 250) - 1;
        ret[i].is_redirect = tnd_random_chance(r, 1, 12);
        if (tnd_random_chance(r, 1, 4))
            ret[i].when = tnd_random_chance(r, 1, 2) ? TND_TARGET_BUSY : TND_TARGET_NO_ANSWER;
        ret[i].after = tnd_random_time(r, 0, TND_SEC(300));
    }
    return count;
}

static void any_response(struct proxy_test *t, struct tnd_random *r, size_t branch)
{
    static const unsigned codes[] = {100, 180, 183, 180, 199, 200, 299, 300, 301,
                                     302, 302, 305, 401, 407, 404, 408, 486, 486,
                                     487, 500, 503, 580, 600, 603, 606};
    unsigned code = codes[tnd_random_below(r, sizeof(codes) / sizeof(*codes))];
    struct tnd_target contacts[PROXY_TARGET_COUNT_MAX];

    if (code / 100 == 3 && tnd_random_chance(r, 3, 4))
        tnd_proxy_follow(&t->p, branch, code, contacts, any_targets(r, contacts, 5),
                         tnd_random_chance(r, 2, 3), &t->a);
    if (code == 503 && tnd_random_chance(r, 1, 2))
        tnd_proxy_retry_after(&t->p, branch);
    proxy_feed_response(t, branch, code);
}

static void any_event(struct proxy_test *t, struct tnd_random *r)
{
    size_t branch = t->p.count > 0 ? tnd_random_below(r, t->p.count) : 0;

    t->now += tnd_random_time(r, 0, TND_SEC(1) << tnd_random_below(r, 7));
    if (tnd_proxy_due(&t->p) <= t->now)
        proxy_feed_timer(t);
    else if (tnd_random_chance(r, 1, 25))
        proxy_feed_cancel(t);
    else if (!was_tried(t, branch))
        return;
    else if (tnd_random_chance(r, 1, 8))
        proxy_feed_none(t, branch, tnd_random_chance(r, 1, 2) ? 408 : 503);
    else
        any_response(t, r, branch);
}

TND_TEST(proxy_any, "RFC 3261 §16.7",
         "with redirects, forwards and Max-Breadth too; a search that is left alone ends")
{
    static struct proxy_test t;
    struct tnd_target targets[PROXY_TARGET_COUNT_MAX];
    struct tnd_random r;

    for (uint64_t seed = 0; seed < RUN_COUNT; seed++) {
        tnd_random_init(&r, seed);
        proxy_init(&t);
        t.with.is_invite = tnd_random_chance(&r, 3, 4);
        t.with.serial = tnd_random_chance(&r, 1, 2);
        t.with.breadth = (uint8_t)(tnd_random_chance(&r, 1, 2) ? 1 + tnd_random_below(&r, 5) : 0);
        t.with.max_redirects = (uint32_t)tnd_random_below(&r, 7);
        proxy_feed_start(&t, targets, any_targets(&r, targets, 6));
        for (uint64_t n = tnd_random_below(&r, EVENT_COUNT_MAX); n > 0; n--)
            any_event(&t, &r);
        settle_all(&t);
    }
}
