/* tandem/transport/network.h: an address, or all that begin with the same bits: "192.0.2.0/24". */
#ifndef TANDEM_TRANSPORT_NETWORK_H
#define TANDEM_TRANSPORT_NETWORK_H

#include "tandem/transport/endpoint.h"

struct tnd_network {
    struct tnd_endpoint address; /* without transport and port; bits beyond bits are 0 */
    uint32_t bits;               /* 32 or 128: the address alone */
};

/* Whether e lies in it. Of zero bytes, which is no network: nothing does. */
bool tnd_network_has(const struct tnd_network *network, const struct tnd_endpoint *e);

#endif
