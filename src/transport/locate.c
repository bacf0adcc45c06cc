/* Locating servers: RFC 3263.
 *
 *   NAPTR ──> SRV ──> TARGET ──> ADDRESS ──> END
 *              ^        ^  │        │ each failure: the next address
 *              │        │  │        │
 *              │        └──│────────┘ no address left: the next target
 *              └───────────┘ no target left: the next service
 *
 * A URI with a transport starts at SRV, one with a port or an address at TARGET. Whatever was
 * found before an attempt is kept; what comes after is looked up when the attempt has failed.
 *
 * Rejected: looking up everything first. A domain with sixteen servers would cost 35 look-ups
 * for each request, and a stranger's domain could make us send them. */
#include "tandem/transport/locate.h"
#include "base/assert.h"
#include "transport/locating.h"

void tnd_locate_end(struct tnd_locate *l, enum tnd_rule why)
{
    l->stage = TND_STAGE_END;
    l->wanted = l->waiting = 0;
    l->why = why;
}

/* What is wanted is asked for by tnd_locate_next(). */
void tnd_locate_want(struct tnd_locate *l, struct tnd_slice name, unsigned kinds)
{
    l->asked = name;
    l->wanted = (uint8_t)kinds;
}

/* All that there was has been tried, or there was nothing. */
static void run_out(struct tnd_locate *l)
{
    tnd_locate_end(l, l->tried_count > 0 ? TND_RULE_LOCATE_NEXT : TND_RULE_LOCATE_NO_SERVER);
}

/* The next service; after the last, if no SRV record was found at all, the host itself (RFC
 * 3263 §4.2). */
static void in_srv(struct tnd_locate *l)
{
    if (l->service_at < l->service_count) {
        tnd_locate_want(l, l->services[l->service_at].name, TND_BIT_SRV);
        return;
    }
    if (l->srv_found) {
        run_out(l);
        return;
    }
    l->srv_found = true; /* there is no second time */
    tnd_locate_at_host(l, TND_RULE_LOCATE_HOST);
}

static void in_target(struct tnd_locate *l)
{
    if (l->target_at == l->target_count) {
        if (l->service_count > 0 || l->srv_found)
            l->stage = TND_STAGE_SRV;
        else
            run_out(l);
        return;
    }
    struct tnd_slice host = l->targets[l->target_at].host;
    struct tnd_endpoint address;
    l->stage = TND_STAGE_ADDRESS;
    l->address_at = l->address_count[0] = l->address_count[1] = 0;
    /* RFC 2782 wants a name in an SRV record; where an address stands, it is clear what is meant */
    if (tnd_address_parse(host, &address) == 0)
        tnd_locate_add_address(l, TND_LOOKUP_A, &address);
    else /* RFC 7984 §3.1: all families that we support */
        tnd_locate_want(l, host,
                        (l->with.ipv4 ? TND_BIT_A : 0u) | (l->with.ipv6 ? TND_BIT_AAAA : 0u));
}

static bool was_tried(const struct tnd_locate *l, const struct tnd_endpoint *e)
{
    for (unsigned i = 0; i < l->tried_count; i++)
        if (tnd_endpoint_eq(&l->tried[i], e))
            return true;
    return false;
}

/* The next address of the target. The families follow one another and those of two targets
 * never mix (RFC 7984 §4). false: there is none left. */
static bool next_address(struct tnd_locate *l, struct tnd_endpoint *ret)
{
    unsigned first = l->with.ipv4_first ? TND_LOOKUP_A : TND_LOOKUP_AAAA, at = l->address_at;

    if (at < l->address_count[first])
        *ret = l->addresses[first][at];
    else if (at - l->address_count[first] < l->address_count[!first])
        *ret = l->addresses[!first][at - l->address_count[first]];
    else
        return false;
    l->address_at++;
    return true;
}

/* A name of a stranger's may have any address: also of what trusts us, and not him. */
static bool may_be_tried(const struct tnd_locate *l, const struct tnd_endpoint *e)
{
    return tnd_endpoint_is_target(e) && (!l->with.only || tnd_address_eq(l->with.only, e));
}

/* true: step is the next endpoint. */
static bool in_address(struct tnd_locate *l, struct tnd_locate_step *step)
{
    const struct tnd_located_target *target = &l->targets[l->target_at];
    struct tnd_endpoint e;

    while (next_address(l, &e)) {
        e.port = target->port;
        e.transport = target->transport;
        if (!may_be_tried(l, &e) || was_tried(l, &e))
            continue;
        if (l->tried_count == TND_LOCATE_TRY_COUNT_MAX) {
            tnd_locate_end(l, TND_RULE_LOCATE_TRY_COUNT);
            return false;
        }
        /* RFC 3263 §4.3: after a failure the next */
        step->rule = l->tried_count > 0 ? TND_RULE_LOCATE_NEXT : target->rule;
        step->kind = TND_LOCATE_TRY;
        step->endpoint = l->tried[l->tried_count++] = e;
        return true;
    }
    l->target_at++;
    l->stage = TND_STAGE_TARGET;
    return false;
}

static enum tnd_rule rule_of(enum tnd_lookup_kind kind)
{
    switch (kind) {
    case TND_LOOKUP_A:
    case TND_LOOKUP_AAAA:
        return TND_RULE_LOCATE_FAMILIES;
    case TND_LOOKUP_SRV:
        return TND_RULE_LOCATE_SRV;
    case TND_LOOKUP_NAPTR:
        return TND_RULE_LOCATE_NAPTR;
    }
    TND_ASSERT(!"a look-up that is none");
}

/* true: step is the next look-up. */
static bool ask(struct tnd_locate *l, struct tnd_locate_step *step)
{
    unsigned kind = TND_LOOKUP_A;

    if (l->lookup_count == TND_LOCATE_LOOKUP_COUNT_MAX) {
        l->wanted = 0;
        if (!l->waiting) /* what was asked before is still heard */
            tnd_locate_end(l, TND_RULE_LOCATE_LOOKUP_COUNT);
        return false;
    }
    while (!(l->wanted & 1u << kind))
        kind++;
    l->wanted &= (uint8_t) ~(1u << kind);
    l->waiting |= (uint8_t)(1u << kind);
    l->lookup_count++;
    step->kind = TND_LOCATE_ASK;
    step->rule = rule_of((enum tnd_lookup_kind)kind);
    step->lookup = (struct tnd_lookup){.name = l->asked, .kind = (uint8_t)kind};
    return true;
}

/* One step of the stage. true: step is filled. */
static bool proceed(struct tnd_locate *l, struct tnd_locate_step *step)
{
    if (l->wanted)
        return ask(l, step);
    if (l->waiting) {
        step->kind = TND_LOCATE_WAIT;
        return true;
    }
    switch ((enum tnd_locate_stage)l->stage) {
    case TND_STAGE_NAPTR:
        TND_ASSERT(!"the answer has led on");
    case TND_STAGE_SRV:
        in_srv(l);
        return false;
    case TND_STAGE_TARGET:
        in_target(l);
        return false;
    case TND_STAGE_ADDRESS:
        return in_address(l, step);
    case TND_STAGE_END:
        step->kind = TND_LOCATE_END;
        step->rule = l->why;
        return true;
    }
    TND_ASSERT(!"a stage that is none");
}

void tnd_locate_next(struct tnd_locate *l, struct tnd_locate_step *ret)
{
    struct tnd_locate_step step = {.rule = TND_RULE_NONE};

    while (!proceed(l, &step))
        continue;
    *ret = step;
}
