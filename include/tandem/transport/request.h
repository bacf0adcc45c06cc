/* tandem/transport/request.h: what a request says of its sender, and what carries it (RFC 3261
 * §18.1.1). */
#ifndef TANDEM_TRANSPORT_REQUEST_H
#define TANDEM_TRANSPORT_REQUEST_H

#include "tandem/ref.h"
#include "tandem/transport/endpoint.h"

/* Bytes. A request that is longer, or that near to the path MTU, is too large for UDP. */
enum { TND_UDP_REQUEST_LEN_MAX = 1300, TND_MTU_DISTANCE = 200 };

/* What carries a request of len bytes that would go by chosen: the same, or TCP in the place of
 * UDP. mtu 0: that of the path is not known. ret_rule says why another (REQUEST_LARGE), or NONE.
 * If it is another, the Via is written anew. A request to a multicast group has no choice:
 * do not ask. */
enum tnd_transport tnd_request_transport(enum tnd_transport chosen, size_t len, size_t mtu,
                                         enum tnd_rule *ret_rule);

enum tnd_connect_failure {
    TND_CONNECT_REFUSED,     /* a TCP reset */
    TND_CONNECT_NO_PROTOCOL, /* ICMP: protocol not supported */
    TND_CONNECT_UNREACHABLE,
    TND_CONNECT_TIMEOUT,
};

/* Whether a request that went by TCP only for its size is sent again by UDP: REQUEST_BACK_TO_UDP,
 * or NONE: the attempt has failed, and the next server is tried. */
enum tnd_rule tnd_request_back_to_udp(enum tnd_transport chosen, enum tnd_transport used,
                                      enum tnd_connect_failure failure);

/* The Via that we put on a request. */
struct tnd_request_via {
    enum tnd_transport transport;     /* what carries it */
    struct tnd_slice host;            /* sent-by: a name, or an address, IPv6 in brackets */
    int32_t port;                     /* -1: the usual one */
    struct tnd_slice branch;          /* with its cookie */
    bool rport;                       /* asks for it (RFC 3581 §3) */
    bool alias;                       /* offers our connection for requests to us: TLS only, and
                                       * they must be taken then (RFC 5923 §8.1) */
    const struct tnd_endpoint *group; /* the multicast group it goes to; NULL: none */
};

/* Writes the value, without name and line end. */
void tnd_request_via_write(struct tnd_writer *w, const struct tnd_request_via *via);

#endif
