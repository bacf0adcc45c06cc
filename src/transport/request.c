/* Requests: size, transport, Via (RFC 3261 §18.1.1). */
#include "tandem/transport/request.h"

#include "base/assert.h"

enum tnd_transport tnd_request_transport(enum tnd_transport chosen, size_t len, size_t mtu,
                                         enum tnd_rule *ret_rule)
{
    /* RFC 3261 §18.1.1: within 200 bytes of the path MTU; larger than 1300 if that is unknown */
    bool large = mtu > 0 ? len + TND_MTU_DISTANCE >= mtu : len > TND_UDP_REQUEST_LEN_MAX;

    if (tnd_transport_is_reliable(chosen) || !large) {
        *ret_rule = TND_RULE_NONE;
        return chosen;
    }
    *ret_rule = TND_RULE_REQUEST_LARGE;
    return TND_TRANSPORT_TCP;
}

enum tnd_rule tnd_request_back_to_udp(enum tnd_transport chosen, enum tnd_transport used,
                                      enum tnd_connect_failure failure)
{
    if (chosen != TND_TRANSPORT_UDP || used == TND_TRANSPORT_UDP)
        return TND_RULE_NONE;
    switch (failure) {
    case TND_CONNECT_REFUSED:
    case TND_CONNECT_NO_PROTOCOL:
        return TND_RULE_REQUEST_BACK_TO_UDP;
    case TND_CONNECT_UNREACHABLE: /* so it is for UDP */
    case TND_CONNECT_TIMEOUT:
        break;
    }
    return TND_RULE_NONE;
}

/* RFC 3261 §18.1.1: maddr is the group; of IPv4 the TTL is 1. */
static void put_group(struct tnd_writer *w, const struct tnd_endpoint *group)
{
    TND_ASSERT(tnd_address_kind(group) == TND_ADDRESS_MULTICAST);
    tnd_put(w, TND_STR(";maddr="));
    tnd_address_write_host(w, group);
    if (group->family == TND_FAMILY_IPV4)
        tnd_put(w, TND_STR(";ttl=1"));
}

void tnd_request_via_write(struct tnd_writer *w, const struct tnd_request_via *via)
{
    TND_ASSERT(via->transport != TND_TRANSPORT_NONE && via->host.len > 0);
    TND_ASSERT(!via->alias || via->transport == TND_TRANSPORT_TLS);
    tnd_put(w, TND_STR("SIP/2.0/"));
    tnd_put_str(w, tnd_transport_name(via->transport));
    tnd_put_char(w, ' ');
    tnd_put(w, via->host);
    if (via->port >= 0) {
        tnd_put_char(w, ':');
        tnd_put_number(w, (uint64_t)via->port);
    }
    tnd_put(w, TND_STR(";branch="));
    tnd_put(w, via->branch);
    if (via->rport)
        tnd_put(w, TND_STR(";rport"));
    if (via->alias)
        tnd_put(w, TND_STR(";alias"));
    if (via->group)
        put_group(w, via->group);
}
