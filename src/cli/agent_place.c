/* The address that a user agent is at: as it was told, else the one that leads to whom it calls. */
#include <string.h>

#include "cli/agent.h"
#include "net/phone_open.h"

/* Where packets go that go anywhere: an address that nobody has (RFC 5737 §3). */
static const struct tnd_endpoint anywhere = {{192, 0, 2, 1}, 9, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
static const struct tnd_endpoint loopback = {{127, 0, 0, 1}, 0, 0, TND_FAMILY_IPV4};

int agent_find_place(const struct agent_options *o, const char *uri, struct tnd_endpoint *ret)
{
    struct tnd_slice first = tnd_slice_str(*o->proxy ? o->proxy : uri);
    struct tnd_endpoint hop;
    struct tnd_flaw flaw;
    struct tnd_uri parsed;

    if (o->local.family != TND_FAMILY_NONE) {
        *ret = o->local;
        return CLI_OK;
    }
    if (!*uri) { /* nobody is to be reached: nobody else is to reach us */
        *ret = loopback;
        ret->port = o->port;
        return CLI_OK;
    }
    /* who is nowhere is told so by the user agent, which asks again */
    if (tnd_uri_parse(first, &parsed, &flaw) ||
        tnd_phone_locate(&parsed, o->dns, o->dns_count, &hop))
        hop = anywhere;
    if (tnd_phone_route(&hop, ret) && tnd_phone_route(&anywhere, ret))
        *ret = loopback;
    ret->port = o->port;
    return CLI_OK;
}

bool agent_is_misplaced(const struct agent *a, struct tnd_slice uri, struct tnd_endpoint *ret)
{
    const struct tnd_endpoint *own = &a->phone.addresses[0];
    struct tnd_endpoint there;
    struct tnd_flaw flaw;
    struct tnd_uri parsed;

    if (*a->o->proxy || tnd_uri_parse(uri, &parsed, &flaw) ||
        tnd_address_parse(parsed.host, &there) || tnd_phone_route(&there, ret))
        return false;
    /* from any other address of ours what is on this machine can be reached */
    return own->family != ret->family || (tnd_address_kind(own) == TND_ADDRESS_LOOPBACK &&
                                          tnd_address_kind(ret) != TND_ADDRESS_LOOPBACK);
}
