/* The session timer (RFC 4028): who refreshes a session, when, and when it is given up. */
#include "tandem/dialog/timer.h"

#include "dialog/act.h"
#include "tandem/dialog/damage.h"
#include "tandem/sip/write.h"

/* Seconds before the end at which who waits for a refresh gives up (RFC 4028 §10). */
enum { BEFORE_END_MAX = 32 };

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

void tnd_refresh_start(struct tnd_refresh *r, const struct tnd_refresh_policy *policy)
{
    *r = (struct tnd_refresh){.policy = *policy, .end_at = TND_NEVER_DUE};
    r->policy.min = larger(policy->min, TND_REFRESH_MIN);
    if (policy->interval == 0)
        r->policy.interval = TND_REFRESH_INTERVAL;
    r->policy.interval = larger(r->policy.interval, r->policy.min);
}

void tnd_refresh_ask(const struct tnd_refresh *r, struct tnd_refresh_fields *ret)
{
    uint32_t interval = r->interval > 0 ? r->interval : r->policy.is_off ? 0 : r->policy.interval;

    *ret = (struct tnd_refresh_fields){.is_supported = true};
    /* RFC 4028 §7.4: the largest that was asked for; our own when it is more than the default */
    if (r->min > 0 || r->policy.min > TND_REFRESH_MIN)
        ret->min = larger(r->min, r->policy.min);
    if (interval == 0)
        return;
    ret->expires = larger(interval, ret->min);
    /* RFC 4028 §7.1, §7.4: at first it is left to the other side; later the role stays where it is. */
    if (r->interval > 0)
        ret->refresher = r->is_ours || !r->is_shared ? TND_REFRESHER_UAC : TND_REFRESHER_UAS;
}

static void disarm(struct tnd_refresh *r, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    if (r->is_armed[0])
        act_disarm(out, TND_DIALOG_TIMER_REFRESH, rule);
    if (r->is_armed[1])
        act_disarm(out, TND_DIALOG_TIMER_EXPIRY, rule);
    r->is_armed[0] = r->is_armed[1] = false;
}

static void turn_off(struct tnd_refresh *r, struct tnd_dialog_acts *out)
{
    disarm(r, TND_RULE_REFRESH_OFF, out);
    r->interval = 0;
    r->is_late = false;
    r->end_at = TND_NEVER_DUE;
}

static void arm_refresh(struct tnd_refresh *r, tnd_time at, enum tnd_rule rule,
                        struct tnd_dialog_acts *out)
{
    act_arm(out, TND_DIALOG_TIMER_REFRESH, at, rule);
    r->is_armed[0] = true;
}

/* A 2xx came or went. */
static void turn_on(struct tnd_refresh *r, uint32_t interval, bool is_ours, tnd_time now,
                    struct tnd_dialog_acts *out)
{
    uint32_t third = interval / 3;
    uint32_t before = third < BEFORE_END_MAX ? third : BEFORE_END_MAX;

    disarm(r, TND_RULE_REFRESH_INTERVAL, out);
    r->interval = interval;
    r->is_ours = is_ours;
    r->is_late = false;
    r->end_at = now + TND_SEC(interval);
    if (is_ours)
        arm_refresh(r, now + TND_SEC(interval) / 2, TND_RULE_REFRESH_HALF, out);
    act_arm(out, TND_DIALOG_TIMER_EXPIRY, r->end_at - TND_SEC(before), TND_RULE_REFRESH_EXPIRY);
    r->is_armed[1] = true;
}

void tnd_refresh_response(struct tnd_refresh *r, const struct tnd_refresh_fields *sent,
                          const struct tnd_refresh_fields *got, tnd_time now,
                          struct tnd_dialog_acts *out)
{
    out->count = 0;
    if (got->expires > 0) {
        /* RFC 4028 §7.2: who it names. The role is of the transaction, in which we are the UAC. RFC
         * 4028 §4: less than 90 seconds is no interval, so nobody makes us refresh faster. */
        r->is_shared = true;
        turn_on(r, larger(got->expires, TND_REFRESH_MIN), got->refresher != TND_REFRESHER_UAS, now,
                out);
        return;
    }
    r->is_shared = false;
    if (sent->expires > 0 && !r->policy.is_off) {
        /* RFC 4028 §7.2: the other side knows no timer; for our benefit alone */
        turn_on(r, larger(sent->expires, TND_REFRESH_MIN), true, now, out);
        act_do(out, TND_DIALOG_PASS, TND_RULE_REFRESH_ALONE);
        return;
    }
    turn_off(r, out);
    act_do(out, TND_DIALOG_PASS, TND_RULE_REFRESH_OFF);
}

enum tnd_rule tnd_refresh_too_small(struct tnd_refresh *r, const struct tnd_refresh_fields *got)
{
    /* RFC 4028 §7.4: a 422 that asks for no more than we gave would be refused for ever. */
    struct tnd_refresh_fields asked;

    tnd_refresh_ask(r, &asked);
    if (got->min <= asked.expires)
        return TND_RULE_NONE;
    r->min = got->min;
    return TND_RULE_REFRESH_MIN_SE;
}

/* Table 2 of RFC 4028 §9. */
static uint8_t refresher_for(const struct tnd_refresh *r, const struct tnd_refresh_fields *got)
{
    if (!got->is_supported)
        return TND_REFRESHER_UAS; /* whatever it says: only we can */
    if (got->refresher != TND_REFRESHER_NONE)
        return got->refresher;
    /* It is for us to say: the role stays where it is, at first with who asked. */
    return r->interval > 0 && r->is_ours ? TND_REFRESHER_UAS : TND_REFRESHER_UAC;
}

/* The interval that the 2xx names; 0: none. RFC 4028 §9: it may be less than what was asked for,
 * not more, and not less than Min-SE. */
static uint32_t interval_for(const struct tnd_refresh *r, const struct tnd_refresh_fields *got)
{
    uint32_t least = larger(got->min, r->policy.min);

    if (got->expires == 0)
        return got->is_supported && !r->policy.is_off ? larger(r->policy.interval, least) : 0;
    if (r->policy.is_off || got->expires <= r->policy.interval)
        return larger(got->expires, TND_REFRESH_MIN);
    least = larger(r->policy.interval, least);
    return least < got->expires ? least : got->expires;
}

unsigned tnd_refresh_judge(struct tnd_refresh *r, const struct tnd_refresh_fields *got,
                           struct tnd_refresh_fields *ret, enum tnd_rule *ret_rule)
{
    *ret = (struct tnd_refresh_fields){0};
    /* RFC 4028 §9, §8.1: who does not know the timer cannot answer a 422. */
    if (got->expires > 0 && got->expires < r->policy.min && got->is_supported) {
        ret->min = r->policy.min;
        *ret_rule = TND_RULE_REFRESH_TOO_SMALL;
        return 422;
    }
    r->min = larger(r->min, got->min); /* RFC 4028 §7.4: for what we send later */
    *ret_rule = TND_RULE_REFRESH_REFRESHER;
    ret->expires = interval_for(r, got);
    if (ret->expires == 0)
        return 0;
    ret->refresher = refresher_for(r, got);
    ret->is_required = got->is_supported; /* RFC 4028 §9: uac MUST, uas SHOULD */
    return 0;
}

void tnd_refresh_answered(struct tnd_refresh *r, const struct tnd_refresh_fields *answer,
                          tnd_time now, struct tnd_dialog_acts *out)
{
    out->count = 0;
    r->is_shared = answer->is_required;
    if (answer->expires > 0)
        turn_on(r, answer->expires, answer->refresher == TND_REFRESHER_UAS, now, out);
    else
        turn_off(r, out);
}

static void bye(struct tnd_refresh *r, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    disarm(r, rule, out);
    act_do(out, TND_DIALOG_SEND_BYE, rule);
}

void tnd_refresh_timer(struct tnd_refresh *r, enum tnd_dialog_timer timer, tnd_time now,
                       struct tnd_dialog_acts *out)
{
    bool is_refresh = timer == TND_DIALOG_TIMER_REFRESH;

    (void)now;
    out->count = 0;
    TND_ASSERT(is_refresh || timer == TND_DIALOG_TIMER_EXPIRY);
    TND_ASSERT(r->is_armed[is_refresh ? 0 : 1]);
    r->is_armed[is_refresh ? 0 : 1] = false;
    if (!is_refresh) {
        bye(r, TND_RULE_REFRESH_EXPIRY, out);
        return;
    }
    r->is_late = true;
    /* RFC 4028 §7.4: an UPDATE, which needs no offer, where the other side allows it */
    act_do(out, r->has_update ? TND_DIALOG_SEND_UPDATE : TND_DIALOG_SEND_INVITE,
           TND_RULE_REFRESH_HALF);
}

void tnd_refresh_failed(struct tnd_refresh *r, enum tnd_method method, unsigned code, tnd_time now,
                        struct tnd_dialog_acts *out)
{
    out->count = 0;
    r->is_late = false;
    if (code == 408 || tnd_damage(method, code) >= TND_DAMAGE_USAGE) {
        bye(r, TND_RULE_REFRESH_LOST, out);
        return;
    }
    /* RFC 4028 §10: not continuously; so each time half as often, and EXPIRY ends it. */
    tnd_time left = r->end_at - now;
    if (r->is_ours && r->end_at != TND_NEVER_DUE && left / 2 > TND_SEC(TND_REFRESH_RETRY_MIN) &&
        !r->is_armed[0]) {
        arm_refresh(r, now + left / 2, TND_RULE_REFRESH_RETRY, out);
        return;
    }
    act_do(out, TND_DIALOG_ABSORB, TND_RULE_REFRESH_RETRY);
}
