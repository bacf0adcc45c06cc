/* A response context, its acts as text, and the model that goes along. */
#include "unit/proxy/proxy_test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 256 * 1024 };

void proxy_init(struct proxy_test *t)
{
    static char room[ROOM];

    memset(t, 0xA5, sizeof(*t)); /* whatever is not set is seen */
    t->with = (struct tnd_proxy_with){
        .is_invite = true, .max_redirects = 5, .timer_c = TND_SEC(PROXY_TIMER_C)};
    tnd_arena_init(&t->a, room, sizeof(room), NULL, 0);
    t->now = TND_SEC(1000);
    t->is_cancelled = false;
    memset(t->seen, 0, sizeof(t->seen));
    t->seen_6xx = t->finals = t->finals_2xx = t->dones = t->tries = 0;
}

static unsigned running(const struct proxy_test *t)
{
    unsigned count = 0;

    for (size_t i = 0; i < t->p.count; i++)
        count += t->seen[i].tried && !t->seen[i].ended;
    return count;
}

/* RFC 3261 §16.7, step 5: after a 6xx no new branch; but a forward of the user himself after 600. */
static void see_try(struct proxy_test *t, const struct tnd_proxy_act *act)
{
    const struct tnd_branch *b = &t->p.branch[act->branch];
    struct proxy_seen *seen = &t->seen[act->branch];

    CHECK(!seen->tried && !t->is_cancelled && t->finals + t->finals_2xx == 0);
    CHECK(!b->target.is_redirect);
    CHECK(t->seen_6xx == 0 || (b->target.when == TND_TARGET_BUSY && t->seen_6xx == 600));
    seen->tried = true;
    t->tries++;
}

/* RFC 3261 §9.1: an INVITE, once, and not what has ended; but what timer C ends. */
static void see_cancel(struct proxy_test *t, const struct tnd_proxy_act *act)
{
    struct proxy_seen *seen = &t->seen[act->branch];

    CHECK(t->with.is_invite && seen->tried && !seen->cancelled);
    CHECK(act->code == 0 || act->code == 200 || act->code == 408 || act->code >= 600);
    CHECK_EQ(act->code == 0, act->rule == TND_RULE_PROXY_CANCEL);
    if (act->rule == TND_RULE_PROXY_TIMER_C && t->p.branch[act->branch].state == TND_BRANCH_ENDED)
        *seen = (struct proxy_seen){.tried = true, .ended = true, .code = 408, .made = true};
    CHECK(!seen->ended || act->rule == TND_RULE_PROXY_TIMER_C);
    seen->cancelled = true;
}

static void see_forward(struct proxy_test *t, const struct tnd_proxy_act *act)
{
    CHECK(act->code > 100 && act->code < 300);
    CHECK(act->code >= 200 || (t->with.is_invite && t->finals + t->finals_2xx == 0));
    CHECK(t->with.is_invite || t->finals_2xx + t->finals == 0);
    t->finals_2xx += act->code >= 200;
}

/* The lowest class of all that came, 6xx first; made ones count, a 408 to others than INVITE and a
 * redirect that was followed do not; a 482 does where there is no other. */
static unsigned class_expected(const struct proxy_test *t)
{
    unsigned class = 9;
    bool has_482 = false;

    for (size_t i = 0; i < t->p.count; i++) {
        const struct tnd_branch *b = &t->p.branch[i];
        unsigned its = t->seen[i].ended ? t->seen[i].code / 100U : 0;
        if (b->target.is_redirect && b->state == TND_BRANCH_ENDED)
            its = 3;
        has_482 |= t->seen[i].code == 482;
        if (its < 3 || b->is_followed || t->seen[i].code == 482 ||
            (t->seen[i].code == 408 && !t->with.is_invite))
            continue;
        if (its == 6)
            return 6;
        class = its < class ? its : class;
    }
    return class == 9 && has_482 ? 4 : class;
}

static void see_final(struct proxy_test *t, const struct tnd_proxy_act *act)
{
    CHECK_EQ(running(t), 0); /* RFC 3261 §16.7, step 6 */
    CHECK_EQ(t->finals + t->finals_2xx, 0);
    CHECK(act->code >= 300 && (act->code != 408 || t->with.is_invite));
    t->finals++;
    if (act->kind == TND_PROXY_CHOOSE) {
        const struct proxy_seen *seen = &t->seen[act->branch];
        CHECK(seen->ended && !seen->made);
        CHECK(act->code == seen->code || (act->code == 500 && seen->code == 503));
        CHECK_EQ(act->code / 100, class_expected(t));
        return;
    }
    CHECK(act->code != 503);
    if (act->rule == TND_RULE_PROXY_BUSY || act->rule == TND_RULE_PROXY_NO_ANSWER)
        CHECK_EQ(act->code, 302);
    else if (act->code == 487)
        CHECK(t->is_cancelled);
    else
        CHECK(act->code / 100U == class_expected(t) || class_expected(t) == 9);
}

static void see_done(struct proxy_test *t)
{
    CHECK_EQ(t->dones, 0);
    CHECK_EQ(running(t), 0);
    CHECK(t->finals <= 1 && (t->finals == 0 || t->finals_2xx == 0));
    CHECK(t->finals + t->finals_2xx > 0 || !t->with.is_invite);
    t->dones++;
    for (size_t i = 0; i < t->p.count; i++)
        CHECK(t->p.branch[i].state >= TND_BRANCH_ENDED);
    CHECK_EQ(tnd_proxy_due(&t->p), TND_NEVER_DUE);
}

static void see(struct proxy_test *t, const struct tnd_proxy_act *act)
{
    CHECK(act->rule != TND_RULE_NONE && act->rule < TND_RULE_COUNT);
    CHECK(act->branch >= -1 && act->branch < (int)t->p.count);
    /* DONE comes last, but for a 2xx to INVITE. */
    CHECK(t->dones == 0 || (act->kind == TND_PROXY_FORWARD && act->code >= 200));
    switch ((enum tnd_proxy_act_kind)act->kind) {
    case TND_PROXY_TRY:
        see_try(t, act);
        return;
    case TND_PROXY_CANCEL:
        see_cancel(t, act);
        return;
    case TND_PROXY_FORWARD:
        see_forward(t, act);
        return;
    case TND_PROXY_CHOOSE:
    case TND_PROXY_MAKE:
        see_final(t, act);
        return;
    case TND_PROXY_DONE:
        see_done(t);
        return;
    }
    CHECK(!"no such act");
}

/* Nothing is to come of it any more. */
static bool is_over(const struct proxy_test *t, const struct tnd_branch *b)
{
    return t->finals_2xx > 0 || t->is_cancelled ||
           (t->seen_6xx > 0 && b->target.when != TND_TARGET_BUSY);
}

/* Counts are what they count. */
static void check_counts(const struct proxy_test *t)
{
    unsigned next = 0, waiting = 0, turns = t->p.turn.waiting;

    for (size_t i = 0; i < t->p.count; i++) {
        const struct tnd_branch *b = &t->p.branch[i];
        next += b->is_next;
        waiting +=
            b->state == TND_BRANCH_WAITING && !b->is_next && b->target.when == TND_TARGET_AT_ONCE;
        turns += b->turn.waiting;
        CHECK(!b->is_next || b->state == TND_BRANCH_WAITING);
    }
    CHECK_EQ(t->p.next_count, next);
    CHECK_EQ(turns, waiting);
}

/* What holds between two events. */
static void check_between(const struct proxy_test *t)
{
    unsigned breadth = 0;

    CHECK_EQ(t->p.running, running(t));
    CHECK_EQ(t->dones > 0, running(t) == 0); /* it ends by itself, and not before */
    for (size_t i = 0; i < t->p.count; i++) {
        const struct tnd_branch *b = &t->p.branch[i];
        bool is_running = b->state == TND_BRANCH_CALLING || b->state == TND_BRANCH_PROCEEDING;
        CHECK_EQ(is_running, t->seen[i].tried && !t->seen[i].ended);
        CHECK_EQ(b->c_due != TND_NEVER_DUE,
                 is_running && t->with.is_invite && !t->seen[i].cancelled);
        CHECK(b->c_due >= t->p.c_due);
        breadth += is_running ? b->breadth : 0;
        /* RFC 3261 §16.7, step 10: after a 2xx, a 6xx, and a CANCEL nothing rings on. */
        if (is_running && t->with.is_invite && is_over(t, b))
            CHECK(t->seen[i].cancelled);
    }
    check_counts(t);
    CHECK_EQ(breadth, t->p.breadth_used);
    CHECK(breadth <= t->with.breadth);
}

static void take(struct proxy_test *t)
{
    for (t->count = 0; tnd_proxy_next(&t->p, &t->act[t->count]); t->count++) {
        CHECK(t->count + 1 < PROXY_ACT_COUNT_MAX);
        see(t, &t->act[t->count]);
    }
    CHECK(!tnd_proxy_next(&t->p, &t->act[t->count]));
    check_between(t);
}

void proxy_feed_start(struct proxy_test *t, const struct tnd_target *targets, size_t count)
{
    CHECK_EQ(tnd_proxy_start(&t->p, &t->with, targets, count, t->now, &t->a), 0);
    take(t);
}

static void end_seen(struct proxy_test *t, size_t branch, unsigned code, bool made)
{
    struct proxy_seen *seen = &t->seen[branch];

    if (seen->ended)
        return;
    seen->ended = true;
    seen->code = (uint16_t)code;
    seen->made = made;
    if (code >= 600 && t->seen_6xx != 600)
        t->seen_6xx = code;
}

void proxy_feed_response(struct proxy_test *t, size_t branch, unsigned code)
{
    if (code >= 200)
        end_seen(t, branch, code, false);
    tnd_proxy_response(&t->p, branch, code, t->now);
    take(t);
}

void proxy_feed_none(struct proxy_test *t, size_t branch, unsigned code)
{
    end_seen(t, branch, code, true);
    tnd_proxy_no_response(&t->p, branch, code, t->now);
    take(t);
}

void proxy_feed_cancel(struct proxy_test *t)
{
    if (t->with.is_invite && t->finals + t->finals_2xx == 0)
        t->is_cancelled = true;
    tnd_proxy_cancel(&t->p, t->now);
    take(t);
}

void proxy_feed_timer(struct proxy_test *t)
{
    tnd_proxy_timer(&t->p, t->now);
    take(t);
}

bool proxy_by(const struct proxy_test *t, enum tnd_rule rule)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->act[i].rule == rule)
            return true;
    return false;
}

static char room[8192];

static void put_act(struct tnd_writer *w, const struct tnd_proxy_act *act)
{
    static const char *const names[] = {"TRY", "CANCEL", "FORWARD", "CHOOSE", "MAKE", "DONE"};

    tnd_put_str(w, names[act->kind]);
    if (act->branch >= 0) {
        tnd_put_char(w, ' ');
        tnd_put_number(w, (uint64_t)act->branch);
    }
    if (act->kind == TND_PROXY_TRY && act->breadth > 0) {
        tnd_put_char(w, '*');
        tnd_put_number(w, act->breadth);
    }
    if (act->code > 0) {
        tnd_put_char(w, ' ');
        tnd_put_number(w, act->code);
    }
}

static const char *text_of(const struct proxy_test *t)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    for (size_t i = 0; i < t->count; i++) {
        if (i > 0)
            tnd_put_str(&w, ", ");
        put_act(&w, &t->act[i]);
    }
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    return room;
}

/* What is behind a name. */
static const char *read_rest(const char *at, struct tnd_target *ret)
{
    char *end = NULL;

    for (;; at = end) {
        if (*at == '=') {
            ret->q = (int16_t)strtol(at + 1, &end, 10);
        } else if (strncmp(at, "!busy", 5) == 0) {
            ret->when = TND_TARGET_BUSY;
            end = (char *)(uintptr_t)(at + 5);
        } else if (*at == '!') {
            ret->when = TND_TARGET_NO_ANSWER;
            ret->after = TND_SEC(strtol(at + 1, &end, 10));
        } else if (*at == '>') {
            ret->is_redirect = true;
            end = (char *)(uintptr_t)(at + 1);
        } else {
            return at;
        }
    }
}

/* A text that stays: each is made once. */
static struct tnd_slice keep(const char *name, size_t len)
{
    static char kept[PROXY_TARGET_COUNT_MAX * 2][32];
    static size_t kept_count;
    char text[32];

    CHECK(len < 12);
    snprintf(text, sizeof(text), "sip:%.*s@example.com", (int)len, name);
    for (size_t i = 0; i < kept_count; i++)
        if (strcmp(kept[i], text) == 0)
            return tnd_slice_str(kept[i]);
    CHECK(kept_count < PROXY_TARGET_COUNT_MAX * 2);
    strcpy(kept[kept_count], text);
    return tnd_slice_str(kept[kept_count++]);
}

size_t proxy_targets_read(const char *text, struct tnd_target ret[PROXY_TARGET_COUNT_MAX])
{
    size_t count = 0;

    while (*text) {
        const char *name = text;
        while (isalnum((unsigned char)*text))
            text++;
        CHECK(text > name && count < PROXY_TARGET_COUNT_MAX);
        ret[count] = (struct tnd_target){.uri = keep(name, (size_t)(text - name)), .q = -1};
        text = read_rest(text, &ret[count++]);
        CHECK(*text == ' ' || !*text);
        text += *text == ' ';
    }
    return count;
}

const char *proxy_start(struct proxy_test *t, bool is_invite, const char *targets)
{
    struct tnd_target target[PROXY_TARGET_COUNT_MAX];
    size_t count = proxy_targets_read(targets, target);

    t->with.is_invite = is_invite;
    proxy_feed_start(t, target, count);
    return text_of(t);
}

const char *proxy_serial(struct proxy_test *t, bool is_invite, const char *targets)
{
    t->with.serial = true;
    return proxy_start(t, is_invite, targets);
}

const char *proxy_response(struct proxy_test *t, size_t branch, unsigned code)
{
    proxy_feed_response(t, branch, code);
    return text_of(t);
}

const char *proxy_none(struct proxy_test *t, size_t branch, unsigned code)
{
    proxy_feed_none(t, branch, code);
    return text_of(t);
}

const char *proxy_cancel(struct proxy_test *t)
{
    proxy_feed_cancel(t);
    return text_of(t);
}

const char *proxy_at(struct proxy_test *t, int second)
{
    t->now = TND_SEC(1000) + TND_SEC(second);
    t->count = 0;
    if (tnd_proxy_due(&t->p) <= t->now)
        proxy_feed_timer(t);
    return text_of(t);
}

const char *proxy_redirect(struct proxy_test *t, size_t branch, unsigned code, const char *contacts,
                           bool all)
{
    struct tnd_target target[PROXY_TARGET_COUNT_MAX];
    size_t count = proxy_targets_read(contacts, target);

    tnd_proxy_follow(&t->p, branch, code, target, count, all, &t->a);
    return proxy_response(t, branch, code);
}
