/* An attempt and its response give the next action: the rows of the table, one after the other, on a copy
 * of what is known, which takes its place if the attempt is made. */
#include "recover/recover.h"

/* Texts of the policy are the owner's, tags are asked for later: all is kept. NULL: the arena is over. */
static const struct tnd_slice *keep_tags(struct tnd_arena *a, const struct tnd_slice *tags,
                                         size_t count)
{
    struct tnd_slice *kept = tnd_arena_zero(a, count, sizeof(*kept));

    for (size_t i = 0; kept && i < count; i++)
        kept[i] = tnd_slice_keep(a, tags[i]);
    return kept;
}

static void keep_policy(struct tnd_recover *r, const struct tnd_recover_policy *policy)
{
    uint32_t max = policy->attempts_max ? policy->attempts_max : TND_RECOVER_ATTEMPT_COUNT;

    r->policy = *policy;
    r->policy.attempts_max =
        max < TND_RECOVER_ATTEMPT_COUNT_MAX ? max : TND_RECOVER_ATTEMPT_COUNT_MAX;
    r->policy.kept = keep_tags(r->a, policy->kept, policy->kept_count);
    r->policy.offers = keep_tags(r->a, policy->offers, policy->offer_count);
}

/* What is called first is called whatever it is: the owner has seen to it. */
static void start_at(struct tnd_recover *r, struct tnd_slice uri)
{
    struct tnd_recover_target target;
    struct recover_case c = {.r = r};

    if (!recover_target_read(&c, uri, &target))
        target = (struct tnd_recover_target){.uri = tnd_slice_keep(r->a, uri), .q = 1000};
    recover_target_first(r, &target);
}

int tnd_recover_start(struct tnd_recover *r, const struct tnd_recover_policy *policy,
                      struct tnd_slice uri, struct tnd_slice first, struct tnd_arena *a)
{
    *r = (struct tnd_recover){.a = a};
    keep_policy(r, policy);
    r->asked = tnd_slice_keep(a, uri);
    r->is_learned = first.ptr != NULL;
    r->next.preconditions = 2;
    start_at(r, first.ptr ? first : uri);
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}

bool recover_stop(struct recover_case *c)
{
    struct tnd_slice text = c->why.ptr ? c->why : tnd_slice_str(c->row->text);

    return RECOVER_DO(c, text, recover_told(c));
}

/* RFC 3261 §15.1.1: a BYE that gets 481 or 408, or nothing at all, ends the session all the same. */
bool recover_is_over(struct recover_case *c)
{
    return c->attempt->method == TND_METHOD_BYE && recover_stop(c);
}

static bool is_last_resort(const struct recover_row *row)
{
    return row->action == TND_RECOVER_WAIT_AND_RETRY || row->action == TND_RECOVER_GIVE_UP;
}

/* RFC 3261 §8.1.3.4: "When a failure for a particular contact address is received, the client SHOULD try
 * the next". Not after a 6xx (RFC 3261 §21.6), and not what was cancelled (RFC 3261 §21.4.25). */
static bool go_on(struct recover_case *c)
{
    unsigned code = c->attempt->code;

    if (recover_is_in_dialog(c) || code >= 600 || code == 487)
        return false;
    if (!recover_target_next(c))
        return false;
    c->ret->rule = c->ret->rule ? c->ret->rule : TND_RULE_RECOVER_CONTACT;
    return true;
}

/* The rule that decided: of the way, of why there was none, of an unknown code, or of the row. */
static enum tnd_rule rule_of(const struct recover_case *c)
{
    if (c->ret->rule)
        return (enum tnd_rule)c->ret->rule;
    if (c->row->action == TND_RECOVER_GIVE_UP && c->why_rule)
        return (enum tnd_rule)c->why_rule;
    if (c->row->action == TND_RECOVER_GIVE_UP && c->row->code != c->attempt->code)
        return TND_RULE_RECOVER_CLASS;
    return (enum tnd_rule)c->row->rule;
}

static void take_row(struct recover_case *c)
{
    if (c->ret->action == TND_RECOVER_NONE)
        c->ret->action = c->row->action;
    c->ret->rule = (uint16_t)rule_of(c);
}

static void try_rows(struct recover_case *c)
{
    enum tnd_recover_situation situation = (enum tnd_recover_situation)c->attempt->situation;

    for (;;) {
        c->row = recover_row_next(c->attempt->code, situation, c->row);
        TND_ASSERT(c->row); /* the last one always can */
        if (is_last_resort(c->row) && go_on(c))
            return;
        if (c->row->how(c)) {
            take_row(c);
            return;
        }
    }
}

/* The attempt is not made after all. */
static void decline(struct recover_case *c, enum tnd_rule rule, struct tnd_slice why)
{
    struct tnd_slice action =
        tnd_slice_str(tnd_recover_action_name((enum tnd_recover_action)c->ret->action));

    c->ret->detail =
        RECOVER_TEXT(c, why, TND_STR("; else: "), action, TND_STR(", "), c->ret->detail);
    c->ret->action = TND_RECOVER_GIVE_UP;
    c->ret->rule = (uint16_t)(rule ? rule : c->ret->rule);
    c->ret->at = c->now;
}

/* What must be so before it is tried again. */
static bool may_go_on(struct recover_case *c)
{
    if (c->ret->action == TND_RECOVER_NONE || c->ret->action == TND_RECOVER_GIVE_UP)
        return true;
    if (c->r->policy.is_off)
        decline(c, TND_RULE_NONE, TND_STR("nothing is to be tried again"));
    else if (c->r->attempts >= c->r->policy.attempts_max)
        decline(
            c, TND_RULE_RECOVER_ATTEMPTS,
            RECOVER_TEXT(c, recover_number(c, c->r->attempts), TND_STR(" attempts are enough")));
    else
        return true;
    return false;
}

static void run_out(struct tnd_recovery *ret, tnd_time now)
{
    ret->action = TND_RECOVER_GIVE_UP;
    ret->detail = TND_STR("there is no memory left to go on with");
    ret->learned = tnd_slice(NULL, 0);
    ret->at = now;
}

void tnd_recover(struct tnd_recover *r, const struct tnd_recover_attempt *attempt, tnd_time now,
                 int64_t wall, uint64_t random, struct tnd_recovery *ret)
{
    struct tnd_recover copy = *r;
    struct recover_case c = {.r = &copy,
                             .attempt = attempt,
                             .request = attempt->request,
                             .response = attempt->response,
                             .now = now,
                             .wall = wall,
                             .random = random,
                             .ret = ret};

    TND_ASSERT(attempt->situation < TND_RECOVER_SITUATION_COUNT);
    TND_ASSERT(attempt->code >= 100 && attempt->code <= 699);
    *ret = (struct tnd_recovery){.code = attempt->code,
                                 .at = now,
                                 .ends_usage = attempt->ends_usage,
                                 .ends_dialog = attempt->ends_dialog};
    r->attempts = copy.attempts += attempt->code >= 200;
    try_rows(&c);
    if (attempt->code != 401 && attempt->code != 407)
        r->stale_in_row = copy.stale_in_row = 0;
    if (may_go_on(&c) && !tnd_arena_over(r->a))
        *r = copy;
    if (tnd_arena_over(r->a))
        run_out(ret, now);
}
