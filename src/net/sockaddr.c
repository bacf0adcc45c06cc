/* Endpoints and the addresses of sockets. */
#include "net/sockaddr.h"

#include <sys/socket.h>

#include "base/assert.h"

socklen_t tnd_sockaddr(const struct tnd_endpoint *e, union tnd_sockaddr *ret)
{
    memset(ret, 0, sizeof(*ret));
    switch ((enum tnd_family)e->family) {
    case TND_FAMILY_NONE:
        return 0;
    case TND_FAMILY_IPV4:
        ret->in4.sin_family = AF_INET;
        ret->in4.sin_port = htons(e->port);
        memcpy(&ret->in4.sin_addr, e->octets, 4);
        return sizeof(ret->in4);
    case TND_FAMILY_IPV6:
        ret->in6.sin6_family = AF_INET6;
        ret->in6.sin6_port = htons(e->port);
        memcpy(&ret->in6.sin6_addr, e->octets, 16);
        return sizeof(ret->in6);
    }
    TND_ASSERT(!"a family that is none");
}

struct tnd_endpoint tnd_sockaddr_endpoint(const union tnd_sockaddr *address,
                                          enum tnd_transport transport)
{
    if (address->any.sa_family == AF_INET)
        return tnd_endpoint(transport, (const uint8_t *)&address->in4.sin_addr, 4,
                            ntohs(address->in4.sin_port));
    if (address->any.sa_family == AF_INET6)
        return tnd_endpoint(transport, (const uint8_t *)&address->in6.sin6_addr, 16,
                            ntohs(address->in6.sin6_port));
    return (struct tnd_endpoint){0};
}

bool tnd_sockaddr_arrived(const struct msghdr *msg, uint16_t port, struct tnd_endpoint *ret,
                          unsigned *ret_interface)
{
    struct msghdr *m = (struct msghdr *)(uintptr_t)msg; /* CMSG_NXTHDR reads only */

    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;

            /* not ipi_addr: of a datagram to a group or to all, that is no address of ours */
            memcpy(&info, CMSG_DATA(c), sizeof(info));
            *ret = tnd_endpoint(TND_TRANSPORT_UDP, (const uint8_t *)&info.ipi_spec_dst, 4, port);
            *ret_interface = (unsigned)info.ipi_ifindex;
            return true;
        }
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof(info));
            *ret = tnd_endpoint(TND_TRANSPORT_UDP, (const uint8_t *)&info.ipi6_addr, 16, port);
            *ret_interface = info.ipi6_ifindex;
            return true;
        }
    }
    return false;
}

/* Adds one message for the kernel behind those that are there. */
static void put(struct msghdr *msg, int level, int type, const void *data, size_t len)
{
    struct cmsghdr *c = (void *)((char *)msg->msg_control + msg->msg_controllen);

    TND_ASSERT(msg->msg_controllen + CMSG_SPACE(len) <= TND_SOCKADDR_CONTROL_SIZE);
    memset(c, 0, CMSG_SPACE(len));
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(len);
    memcpy(CMSG_DATA(c), data, len);
    msg->msg_controllen += CMSG_SPACE(len);
}

void tnd_sockaddr_leave(struct msghdr *msg, const struct tnd_endpoint *local, unsigned interface,
                        const struct tnd_endpoint *to, uint8_t ttl)
{
    struct in_pktinfo info4 = {.ipi_ifindex = (int)interface};
    struct in6_pktinfo info6 = {.ipi6_ifindex = interface};
    bool is_ipv6 = to->family == TND_FAMILY_IPV6;
    int hops = ttl;

    msg->msg_controllen = 0;
    if (local->family == TND_FAMILY_IPV4) {
        memcpy(&info4.ipi_spec_dst, local->octets, 4);
        put(msg, IPPROTO_IP, IP_PKTINFO, &info4, sizeof(info4));
    } else if (local->family == TND_FAMILY_IPV6) {
        memcpy(&info6.ipi6_addr, local->octets, 16);
        put(msg, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
    }
    if (ttl > 0)
        put(msg, is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, is_ipv6 ? IPV6_HOPLIMIT : IP_TTL, &hops,
            sizeof(hops));
}
