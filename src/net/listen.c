/* Sockets to listen at. */
#include "net/listen.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/sockaddr.h"

enum {
    BACKLOG = 4096,         /* the kernel takes net.core.somaxconn if that is less */
    RECEIVE_SIZE = 4 << 20, /* bytes of datagrams that may wait; less if net.core.rmem_max is */
    SEND_SIZE = 4 << 20,
    UNREAD_SIZE = 256 << 10, /* bytes that the kernel keeps for a peer who does not read */
};

static int set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value));
}

/* IPv4 does not come in by IPv6 sockets, so that both can be listened at, and an address has one
 * form only. */
static int set_up_udp(int fd, const struct tnd_endpoint *e)
{
    bool is_ipv6 = e->family == TND_FAMILY_IPV6;

    set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_SIZE);
    set(fd, SOL_SOCKET, SO_SNDBUF, SEND_SIZE);
    if (!tnd_listen_is_any(e))
        return 0;
    return is_ipv6 ? set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                   : set(fd, IPPROTO_IP, IP_PKTINFO, 1);
}

int tnd_listen_connection(int fd)
{
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, SOL_SOCKET, SO_SNDBUF, UNREAD_SIZE); /* else it grows to some MiB for each */
    return set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

/* Connections take what they want from the socket that they were accepted by. */
static int set_up_tcp(int fd)
{
    /* those of the last run may linger in TIME_WAIT; who listens still is found all the same */
    if (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0)
        return -1;
    return tnd_listen_connection(fd);
}

static int set_up(int fd, const struct tnd_endpoint *e, bool shared)
{
    if (shared && set(fd, SOL_SOCKET, SO_REUSEPORT, 1) < 0)
        return -1;
    if (e->family == TND_FAMILY_IPV6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) < 0)
        return -1;
    return e->transport == TND_TRANSPORT_UDP ? set_up_udp(fd, e) : set_up_tcp(fd);
}

static int bind_to(int fd, const struct tnd_endpoint *e)
{
    union tnd_sockaddr address;
    socklen_t len = tnd_sockaddr(e, &address);

    if (bind(fd, &address.any, len) < 0)
        return -1;
    return e->transport == TND_TRANSPORT_UDP ? 0 : listen(fd, BACKLOG);
}

int tnd_listen(const struct tnd_endpoint *e, bool shared, int *ret_fd)
{
    int type = e->transport == TND_TRANSPORT_UDP ? SOCK_DGRAM : SOCK_STREAM;
    int fd = socket(e->family == TND_FAMILY_IPV6 ? AF_INET6 : AF_INET,
                    type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    if (set_up(fd, e, shared) < 0 || bind_to(fd, e) < 0) {
        int err = errno;

        close(fd);
        return err;
    }
    *ret_fd = fd;
    return 0;
}

int tnd_listen_probe(const struct tnd_endpoint *e)
{
    int fd = -1, err = tnd_listen(e, false, &fd);

    if (!err)
        close(fd);
    return err;
}
