/* Where a request came from (RFC 3261 §18.2.1) and where its response goes (§18.2.2), with
 * RFC 3581 §4 for both.
 *
 *   reliable     the same connection; else a new one to received and the port of sent-by;
 *                else what sent-by means in the DNS
 *   WebSocket    the same connection only
 *   unreliable   maddr; else received and rport; else received and the port of sent-by; when
 *                that fails, what sent-by means in the DNS
 *
 * A Via is written by strangers. What a response would do at a place that it names is judged
 * here: nothing goes to an address that is not one host's. */
#include "tandem/transport/response.h"

static bool is_source(const struct tnd_via *via, const struct tnd_endpoint *source)
{
    struct tnd_endpoint sent_by;

    return tnd_address_parse(via->host, &sent_by) == 0 && tnd_address_eq(&sent_by, source);
}

/* RFC 3261 §18.2.1: where sent-by is a name or another address. RFC 3581 §4: with rport
 * always. Where the client wrote one itself, also always: else its word would stand, and the
 * response would go to whomever it names. */
static enum tnd_rule needs_received(const struct tnd_via *via, const struct tnd_endpoint *source)
{
    if (via->rport >= 0)
        return TND_RULE_VIA_RPORT;
    return via->received.ptr || !is_source(via, source) ? TND_RULE_VIA_RECEIVED : TND_RULE_NONE;
}

void tnd_via_see(const struct tnd_via *via, const struct tnd_endpoint *source,
                 char room[TND_ADDRESS_LEN_MAX], struct tnd_seen *ret)
{
    struct tnd_writer w = tnd_writer(room, TND_ADDRESS_LEN_MAX);
    struct tnd_seen seen = {{NULL, 0}, -1};

    if (needs_received(via, source)) {
        tnd_address_write(&w, source); /* RFC 5118 §4.5: without brackets */
        seen.received = tnd_writer_slice(&w);
    }
    /* RFC 3581 §4 asks for it where rport has no value. One with a value is a client's guess
     * at what only we can see, and is replaced. */
    if (via->rport >= 0)
        seen.rport = source->port;
    *ret = seen;
}

/* What is needed to write the list. */
struct choice {
    const struct tnd_response_to *to;
    const struct tnd_via *via;
    enum tnd_transport transport;
    struct tnd_hops *hops;
};

static void refuse(struct choice *c, enum tnd_rule rule)
{
    if (!c->hops->refused)
        c->hops->refused = rule;
}

static bool is_there(const struct tnd_hops *hops, const struct tnd_hop *hop)
{
    for (unsigned i = 0; i < hops->count; i++)
        if (hops->hop[i].kind == hop->kind && tnd_endpoint_eq(&hops->hop[i].to, &hop->to))
            return true;
    return false;
}

static void add(struct choice *c, const struct tnd_hop *hop)
{
    if (!is_there(c->hops, hop) && c->hops->count < TND_HOP_COUNT_MAX)
        c->hops->hop[c->hops->count++] = *hop;
}

static uint16_t sent_by_port(const struct choice *c)
{
    /* RFC 3261 §18.2.2: the default where none is specified. 0 stays: it is no target. */
    return c->via->port >= 0 ? (uint16_t)c->via->port : tnd_transport_port(c->transport);
}

/* received as an address. false: there is none, or what stands there is garbage and counts as
 * none: we never wrote that. */
static bool has_received(const struct choice *c, struct tnd_endpoint *ret)
{
    return c->via->received.ptr && tnd_address_parse(c->via->received, ret) == 0;
}

/* A stranger who names our own loopback address speaks to what listens there and trusts us. */
static bool is_into_us(const struct choice *c, const struct tnd_endpoint *to)
{
    struct tnd_endpoint received;

    return tnd_address_kind(to) == TND_ADDRESS_LOOPBACK && has_received(c, &received) &&
           tnd_address_kind(&received) != TND_ADDRESS_LOOPBACK;
}

/* The list continues with an address, unless nothing may be sent there. */
static void add_address(struct choice *c, const struct tnd_endpoint *address, uint16_t port,
                        enum tnd_rule rule)
{
    struct tnd_endpoint to = *address;

    to.port = port;
    to.transport = (uint8_t)c->transport;
    /* RFC 4475 §3.3.10: a response to the broadcast address is an attack */
    if (!tnd_endpoint_is_target(&to) || is_into_us(c, &to)) {
        refuse(c, TND_RULE_RESPONSE_ONE_HOST);
        return;
    }
    add(c, &(struct tnd_hop){.kind = TND_HOP_ENDPOINT,
                             .transport = (uint8_t)c->transport,
                             .to = to,
                             .port = -1,
                             .rule = rule});
}

/* The list continues with a host: an address at once, a name for the DNS. */
static void add_host(struct choice *c, struct tnd_slice host, enum tnd_rule rule)
{
    struct tnd_endpoint address;

    if (tnd_address_parse(host, &address) == 0) {
        add_address(c, &address, sent_by_port(c), rule);
        return;
    }
    if (tnd_host_kind(host) != TND_HOST_NAME || c->via->port == 0) {
        refuse(c, TND_RULE_RESPONSE_ONE_HOST);
        return;
    }
    add(c, &(struct tnd_hop){.kind = TND_HOP_LOCATE,
                             .transport = (uint8_t)c->transport,
                             .host = host,
                             .port = c->via->port,
                             .rule = rule});
}

static void over_connection(struct choice *c)
{
    struct tnd_endpoint received;

    add(c, &(struct tnd_hop){.kind = TND_HOP_CONNECTION,
                             .transport = (uint8_t)c->transport,
                             .port = -1,
                             .rule = TND_RULE_RESPONSE_CONNECTION});
    /* RFC 7118 §5.3: a browser cannot be connected to */
    if (tnd_transport_is_websocket(c->transport))
        return;
    if (has_received(c, &received))
        add_address(c, &received, sent_by_port(c), TND_RULE_RESPONSE_NEW_CONNECTION);
    add_host(c, c->via->host, TND_RULE_RESPONSE_SENT_BY);
}

/* Departs from RFC 3261 §18.2.2: a group is followed only if the request came by multicast,
 * because else any stranger could make us talk to a network of his choice. IPv6 groups are
 * never: §18.1.1 leaves them undefined. */
static void to_group(struct choice *c, const struct tnd_endpoint *address)
{
    struct tnd_endpoint to = *address;

    to.port = sent_by_port(c);
    to.transport = (uint8_t)c->transport;
    if (!c->to->by_multicast || to.family != TND_FAMILY_IPV4 || to.port == 0) {
        refuse(c, TND_RULE_RESPONSE_ONE_HOST);
        return;
    }
    /* RFC 3261 §18.2.2: the TTL that Via says, or 1. A TTL of 0 goes nowhere. */
    add(c, &(struct tnd_hop){.kind = TND_HOP_ENDPOINT,
                             .ttl = (uint8_t)(c->via->ttl > 0 ? c->via->ttl : 1),
                             .transport = (uint8_t)c->transport,
                             .to = to,
                             .port = -1,
                             .rule = TND_RULE_RESPONSE_MADDR});
}

static void to_maddr(struct choice *c)
{
    struct tnd_endpoint address;

    if (tnd_address_parse(c->via->maddr, &address) == 0 &&
        tnd_address_kind(&address) == TND_ADDRESS_MULTICAST)
        to_group(c, &address);
    else
        add_host(c, c->via->maddr, TND_RULE_RESPONSE_MADDR);
}

static void over_datagrams(struct choice *c)
{
    struct tnd_endpoint received;

    /* RFC 3261 §18.2.2: MUST, so there is no second place to try */
    if (c->via->maddr.ptr && !c->to->no_maddr) {
        to_maddr(c);
        return;
    }
    /* RFC 3581 §4: between bullets two and three of RFC 3261 §18.2.2. rport=0 has no value. */
    if (has_received(c, &received)) {
        if (c->via->rport > 0)
            add_address(c, &received, (uint16_t)c->via->rport, TND_RULE_RESPONSE_RPORT);
        else
            add_address(c, &received, sent_by_port(c), TND_RULE_RESPONSE_RECEIVED);
    }
    add_host(c, c->via->host, TND_RULE_RESPONSE_SENT_BY);
}

void tnd_response_hops(const struct tnd_response_to *to, struct tnd_hops *ret)
{
    struct choice c = {to, to->via, to->arrived, ret};

    ret->count = 0;
    ret->refused = TND_RULE_NONE;
    /* RFC 3261 §18.2.2 goes by sent-protocol. How the request did come is more to the point:
     * a Via may name a transport that we have not (RFC 4475 §3.1.1.10). */
    if (c.transport == TND_TRANSPORT_NONE)
        c.transport = tnd_transport_find(to->via->transport);
    if (c.transport == TND_TRANSPORT_NONE)
        ret->refused = TND_RULE_RESPONSE_TRANSPORT;
    else if (tnd_transport_is_reliable(c.transport))
        over_connection(&c);
    else
        over_datagrams(&c);
}

bool tnd_response_first(const struct tnd_via *via, const struct tnd_endpoint *source,
                        struct tnd_hop *ret)
{
    enum tnd_transport transport = (enum tnd_transport)source->transport;
    struct tnd_hop hop = {
        .kind = TND_HOP_CONNECTION, .transport = source->transport, .to = *source, .port = -1};

    if (tnd_transport_is_reliable(transport)) {
        hop.rule = TND_RULE_RESPONSE_CONNECTION;
        *ret = hop;
        return true;
    }
    hop.kind = TND_HOP_ENDPOINT;
    hop.rule = via->rport > 0      ? TND_RULE_RESPONSE_RPORT
               : via->received.ptr ? TND_RULE_RESPONSE_RECEIVED
                                   : TND_RULE_RESPONSE_SENT_BY;
    if (via->rport <= 0)
        hop.to.port = via->port >= 0 ? (uint16_t)via->port : tnd_transport_port(transport);
    if (!tnd_endpoint_is_target(&hop.to))
        return false;
    *ret = hop;
    return true;
}

enum tnd_rule tnd_response_fault(const struct tnd_via *via, struct tnd_slice host, int32_t port)
{
    int32_t usual = tnd_transport_port(tnd_transport_find(via->transport));

    if (tnd_host_eq(via->host, host) &&
        (via->port >= 0 ? via->port : usual) == (port >= 0 ? port : usual))
        return TND_RULE_NONE;
    return TND_RULE_RESPONSE_OURS; /* RFC 3261 §18.1.2 */
}
