/* Endpoints and the addresses of sockets. */
#ifndef NET_SOCKADDR_H
#define NET_SOCKADDR_H

#include <netinet/in.h>

#include "tandem/transport/endpoint.h"

union tnd_sockaddr {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
};

/* How long ret is. 0: e has no family. */
socklen_t tnd_sockaddr(const struct tnd_endpoint *e, union tnd_sockaddr *ret);

/* {0}: another family than IPv4 and IPv6. */
struct tnd_endpoint tnd_sockaddr_endpoint(const union tnd_sockaddr *address,
                                          enum tnd_transport transport);

/* What is written after the fact into messages of the kernel: the local address of a datagram,
 * as IP_PKTINFO and IPV6_RECVPKTINFO give it. false: it says none; ret is untouched.
 * ret_interface counts where the address is good on one link only. */
struct msghdr;
bool tnd_sockaddr_arrived(const struct msghdr *msg, uint16_t port, struct tnd_endpoint *ret,
                          unsigned *ret_interface);

enum { TND_SOCKADDR_CONTROL_SIZE = 128 }; /* room for what either of these two needs */

/* Asks that msg leaves from local, unless that has no family, by interface unless 0, and with
 * that ttl unless 0. msg->msg_control has room for TND_SOCKADDR_CONTROL_SIZE bytes. */
void tnd_sockaddr_leave(struct msghdr *msg, const struct tnd_endpoint *local, unsigned interface,
                        const struct tnd_endpoint *to, uint8_t ttl);

#endif
