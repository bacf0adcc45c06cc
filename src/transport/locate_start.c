/* Where locating starts: what a URI or a sent-by says (RFC 3263 §4, §5), and the SRV names that
 * follow from a name alone. */
#include "base/assert.h"
#include "transport/locating.h"

bool tnd_locate_can_send(const struct tnd_locate *l, enum tnd_transport transport)
{
    for (int i = 0; i < TND_TRANSPORT_COUNT && l->with.transports[i]; i++)
        if (l->with.transports[i] == transport)
            return !l->secure || tnd_transport_is_secure(transport);
    return false;
}

/* "_sip._udp." and its like. Absent: RFC 7118 §5.5 names no SRV service of WebSocket. */
static struct tnd_slice service_prefix(enum tnd_transport transport)
{
    switch (transport) {
    case TND_TRANSPORT_UDP:
        return TND_STR("_sip._udp.");
    case TND_TRANSPORT_TCP:
        return TND_STR("_sip._tcp.");
    case TND_TRANSPORT_TLS:
        return TND_STR("_sips._tcp.");
    case TND_TRANSPORT_NONE:
    case TND_TRANSPORT_WS:
    case TND_TRANSPORT_WSS:
    case TND_TRANSPORT_COUNT:
        break;
    }
    return tnd_slice(NULL, 0);
}

void tnd_locate_add_service(struct tnd_locate *l, struct tnd_slice name,
                            enum tnd_transport transport)
{
    if (l->service_count == TND_LOCATE_RECORD_COUNT_MAX)
        return;
    l->services[l->service_count++] =
        (struct tnd_located_service){.name = name, .transport = (uint8_t)transport};
}

/* The SRV name of our own making. One that is too long is no name: it has no records. */
static void add_usual_service(struct tnd_locate *l, enum tnd_transport transport)
{
    struct tnd_slice prefix = service_prefix(transport);
    size_t len = prefix.len + l->host.len;

    if (!prefix.ptr || len > TND_LOCATE_NAME_LEN_MAX)
        return;
    char *name = tnd_arena_take(l->with.a, len);
    if (!name)
        return;
    memcpy(name, prefix.ptr, prefix.len);
    memcpy(name + prefix.len, l->host.ptr, l->host.len);
    tnd_locate_add_service(l, tnd_slice(name, len), transport);
}

/* RFC 3263 §4.1: without NAPTR, an SRV query for each transport that we support; in turn, so
 * that the first that is found is used. A large request goes to TCP first. */
void tnd_locate_add_usual(struct tnd_locate *l)
{
    for (int large = l->with.large; large >= 0; large--) {
        for (int i = 0; i < TND_TRANSPORT_COUNT && l->with.transports[i]; i++) {
            enum tnd_transport t = (enum tnd_transport)l->with.transports[i];
            bool is_first = !l->with.large || tnd_transport_is_reliable(t) == (large == 1);
            if (is_first && tnd_locate_can_send(l, t))
                add_usual_service(l, t);
        }
    }
}

void tnd_locate_add_target(struct tnd_locate *l, struct tnd_slice host, uint16_t port,
                           enum tnd_transport transport, enum tnd_rule rule)
{
    TND_ASSERT(l->target_count < TND_LOCATE_RECORD_COUNT_MAX);
    l->targets[l->target_count++] = (struct tnd_located_target){
        .host = host, .rule = rule, .port = port, .transport = (uint8_t)transport};
}

/* The host itself, at the port that was said or is usual. */
void tnd_locate_at_host(struct tnd_locate *l, enum tnd_rule rule)
{
    enum tnd_transport transport = (enum tnd_transport)l->transport;

    tnd_locate_add_target(l, l->host,
                          l->port >= 0 ? (uint16_t)l->port : tnd_transport_port(transport),
                          transport, rule);
    l->stage = TND_STAGE_TARGET;
}

static bool is_numeric(struct tnd_slice host)
{
    struct tnd_endpoint e;

    return tnd_address_parse(host, &e) == 0;
}

/* RFC 3263 §4.1 and §4.2, by what is said: an address, a port, a transport, or nothing. */
static void start(struct tnd_locate *l, bool transport_said)
{
    if (l->port == 0) {
        tnd_locate_end(l, TND_RULE_LOCATE_NO_SERVER);
    } else if (is_numeric(l->host)) {
        tnd_locate_at_host(l, TND_RULE_LOCATE_NUMERIC);
    } else if (tnd_host_kind(l->host) != TND_HOST_NAME) {
        tnd_locate_end(l, TND_RULE_HOST); /* a maddr may hold anything */
    } else if (l->host.len > TND_LOCATE_NAME_LEN_MAX) {
        tnd_locate_end(l, TND_RULE_LOCATE_NAME_LEN);
    } else if (l->port >= 0) {
        tnd_locate_at_host(l, TND_RULE_LOCATE_PORT);
    } else if (transport_said) {
        add_usual_service(l, (enum tnd_transport)l->transport);
        l->stage = TND_STAGE_SRV;
    } else {
        tnd_locate_want(l, l->host, TND_BIT_NAPTR);
    }
}

static void init(struct tnd_locate *l, const struct tnd_locate_with *with)
{
    memset(l, 0, sizeof(*l));
    l->with = *with;
    l->ttl = UINT32_MAX;
    l->stage = TND_STAGE_NAPTR;
}

/* What the transport parameter means in a URI of this scheme. NONE: nothing that can be. */
static enum tnd_transport meant_transport(struct tnd_slice value, bool secure)
{
    enum tnd_transport transport = tnd_transport_find(value);

    if (!secure || tnd_transport_is_secure(transport))
        return transport;
    /* RFC 3261 §19.1.1: SIPS needs a reliable one. RFC 5630 §3.1.4: tcp in SIPS is TLS over TCP */
    if (transport == TND_TRANSPORT_TCP)
        return TND_TRANSPORT_TLS;
    return transport == TND_TRANSPORT_WS ? TND_TRANSPORT_WSS : TND_TRANSPORT_NONE;
}

/* RFC 3263 §4.1: UDP for SIP, TLS over TCP for SIPS; TCP for what is too large. Where we have
 * not that, what we have. */
static enum tnd_transport usual_transport(const struct tnd_locate *l)
{
    enum tnd_transport usual = l->secure       ? TND_TRANSPORT_TLS
                               : l->with.large ? TND_TRANSPORT_TCP
                                               : TND_TRANSPORT_UDP;

    if (tnd_locate_can_send(l, usual))
        return usual;
    for (int i = 0; i < TND_TRANSPORT_COUNT && l->with.transports[i]; i++)
        if (tnd_locate_can_send(l, (enum tnd_transport)l->with.transports[i]))
            return (enum tnd_transport)l->with.transports[i];
    return TND_TRANSPORT_NONE;
}

void tnd_locate_uri(struct tnd_locate *l, const struct tnd_locate_with *with,
                    const struct tnd_uri *uri)
{
    struct tnd_slice value = {NULL, 0};

    init(l, with);
    if (uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS) {
        tnd_locate_end(l, TND_RULE_LOCATE_SCHEME);
        return;
    }
    l->secure = uri->scheme == TND_SCHEME_SIPS;
    l->port = uri->port;
    l->host = uri->host;
    tnd_param_find(uri->params, TND_STR("maddr"), &l->host); /* RFC 3263 §4: TARGET */
    bool transport_said = tnd_param_find(uri->params, TND_STR("transport"), &value);
    enum tnd_transport transport =
        transport_said ? meant_transport(value, l->secure) : usual_transport(l);
    if (!tnd_locate_can_send(l, transport)) {
        tnd_locate_end(l, TND_RULE_LOCATE_TRANSPORT);
        return;
    }
    l->transport = (uint8_t)transport;
    start(l, transport_said);
}

void tnd_locate_host(struct tnd_locate *l, const struct tnd_locate_with *with,
                     enum tnd_transport transport, struct tnd_slice host, int32_t port)
{
    TND_ASSERT(transport != TND_TRANSPORT_NONE);
    init(l, with);
    l->host = host;
    l->port = port;
    l->transport = (uint8_t)transport;
    start(l, true);
}
