/* Connections: using them again (RFC 3261 §18, RFC 5923), keeping them alive (RFC 5626). */
#include "tandem/transport/connection.h"

#include "base/assert.h"

bool tnd_connection_learn(struct tnd_connection *c, const struct tnd_via *via)
{
    struct tnd_slice value;

    /* RFC 5923 §3: for TLS only. Over TCP anyone could say that he listens at a port of his
     * host, and be given what is meant for another there. §8.2: authenticated first. */
    if (!c->accepted || !c->authenticated || c->remote.transport != TND_TRANSPORT_TLS)
        return false;
    if (tnd_transport_find(via->transport) != TND_TRANSPORT_TLS || via->port == 0 ||
        !tnd_param_find(via->params, TND_STR("alias"), &value))
        return false;
    /* RFC 5923 §8.2: the port of sent-by, or the default */
    c->alias_port = via->port > 0 ? via->port : tnd_transport_port(TND_TRANSPORT_TLS);
    return true;
}

enum tnd_rule tnd_connection_carries(const struct tnd_connection *c, const struct tnd_endpoint *to,
                                     bool is_identity)
{
    if (c->remote.transport != to->transport || !tnd_transport_is_reliable(to->transport) ||
        !tnd_address_eq(&c->remote, to))
        return TND_RULE_NONE;
    /* RFC 5923 §8.1, §8.2: who is at the far end must be who is meant, whoever opened it */
    if (tnd_transport_is_secure(to->transport) && !(c->authenticated && is_identity))
        return TND_RULE_NONE;
    /* RFC 3261 §18: the index is the far end, of those that were accepted too */
    if (c->remote.port == to->port)
        return TND_RULE_CONNECTION_REUSE;
    return c->alias_port == to->port ? TND_RULE_CONNECTION_ALIAS : TND_RULE_NONE;
}

enum keepalive_state { QUIET, PINGED, OVERDUE };

/* RFC 5626 §4.4.1: the wait for a pong */
static const tnd_time pong_wait = TND_SEC(10);

/* RFC 5626 §4.4, §4.4.1: between 80 % and 100 % of the upper bound, another each time, so that
 * the pings of many do not come at once. */
static void rest(struct tnd_keepalive *k, tnd_time now, uint64_t random)
{
    uint64_t fifth = (uint64_t)k->interval_max / 5;

    k->state = QUIET;
    k->due = now + k->interval_max - (tnd_time)(random % (fifth + 1));
}

void tnd_keepalive_start(struct tnd_keepalive *k, tnd_time now, uint32_t flow_timer,
                         uint64_t random)
{
    k->interval_max = TND_SEC(flow_timer > 0 ? flow_timer : TND_KEEPALIVE_WAIT_MAX);
    rest(k, now, random);
}

enum tnd_keepalive_act tnd_keepalive_tick(struct tnd_keepalive *k, tnd_time now, bool in_message)
{
    if (now < k->due)
        return TND_KEEPALIVE_REST;
    switch ((enum keepalive_state)k->state) {
    case QUIET:
        k->state = PINGED;
        k->due = now + pong_wait;
        return TND_KEEPALIVE_PING;
    case PINGED:
        if (!in_message)
            return TND_KEEPALIVE_DEAD;
        k->state = OVERDUE; /* RFC 5626 §4.4.1: the pong may stand behind the message */
        k->due = TND_NEVER_DUE;
        return TND_KEEPALIVE_REST;
    case OVERDUE:
        return TND_KEEPALIVE_REST;
    }
    TND_ASSERT(!"a state that is none");
}

void tnd_keepalive_pong(struct tnd_keepalive *k, tnd_time now, uint64_t random)
{
    if (k->state != QUIET) /* a CRLF that answers nothing is an empty line (RFC 3261 §7.5) */
        rest(k, now, random);
}

enum tnd_keepalive_act tnd_keepalive_message(struct tnd_keepalive *k)
{
    return k->state == OVERDUE ? TND_KEEPALIVE_DEAD : TND_KEEPALIVE_REST;
}

enum tnd_rule tnd_keepalive_rule(enum tnd_keepalive_act act)
{
    switch (act) {
    case TND_KEEPALIVE_REST:
        return TND_RULE_NONE;
    case TND_KEEPALIVE_PING:
        return TND_RULE_FLOW_PING;
    case TND_KEEPALIVE_DEAD:
        return TND_RULE_FLOW_DEAD;
    }
    TND_ASSERT(!"an act that is none");
}
