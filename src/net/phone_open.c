/* Where a phone is: the address that leads to whom it calls, and a port. */
#include "net/phone_open.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/heap.h"
#include "net/listen.h"
#include "net/resolver.h"
#include "net/sockaddr.h"

enum {
    TRY_COUNT_MAX = 64, /* ports, until one is free for both */
    EVENT_COUNT_MAX = 8,
    NAMES_SIZE_MAX = 64 << 10,
};

static int port_of(int fd, struct tnd_endpoint *e)
{
    union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t len = sizeof(address);

    if (getsockname(fd, &address.any, &len) < 0)
        return errno;
    e->port = tnd_sockaddr_endpoint(&address, (enum tnd_transport)e->transport).port;
    return 0;
}

static int open_both(const struct tnd_endpoint *local, struct tnd_endpoint ret[2], int ret_fds[2])
{
    ret[0] = ret[1] = *local;
    ret[0].transport = TND_TRANSPORT_UDP;
    ret[1].transport = TND_TRANSPORT_TCP;
    int err = tnd_listen(&ret[0], false, &ret_fds[0]);
    if (err)
        return err;
    err = port_of(ret_fds[0], &ret[0]);
    ret[1].port = ret[0].port;
    err = err ? err : tnd_listen(&ret[1], false, &ret_fds[1]);
    if (err)
        close(ret_fds[0]);
    return err;
}

int tnd_phone_open(const struct tnd_endpoint *local, struct tnd_endpoint ret_addresses[2],
                   int ret_fds[2])
{
    int err = EADDRINUSE, tries = local->port == 0 ? TRY_COUNT_MAX : 1;

    for (int i = 0; i < tries && err == EADDRINUSE; i++)
        err = open_both(local, ret_addresses, ret_fds);
    return err;
}

int tnd_phone_open_even(struct tnd_endpoint *local, int *ret_fd)
{
    struct tnd_endpoint e = *local;
    int err = 0, tries = e.port == 0 ? TRY_COUNT_MAX : 1;

    e.transport = TND_TRANSPORT_UDP;
    for (int i = 0; i < tries; i++) {
        int fd = -1;

        err = tnd_listen(&e, false, &fd);
        err = err ? err : port_of(fd, &e);
        if (!err && e.port % 2 == 0) {
            *local = e;
            *ret_fd = fd;
            return 0;
        }
        if (fd >= 0)
            close(fd);
        e.port = err || local->port != 0 ? local->port : (uint16_t)(e.port - 1);
    }
    return err ? err : EADDRNOTAVAIL;
}

int tnd_phone_route(const struct tnd_endpoint *remote, struct tnd_endpoint *ret)
{
    union tnd_sockaddr to, from = {.any.sa_family = AF_UNSPEC};
    socklen_t len = tnd_sockaddr(remote, &to), from_len = sizeof(from);
    int fd = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

    if (fd < 0)
        return errno;
    /* nothing is sent: the kernel only says which way it would go */
    if (connect(fd, &to.any, len) < 0 || getsockname(fd, &from.any, &from_len) < 0)
        err = errno;
    close(fd);
    if (err)
        return err;
    *ret = tnd_sockaddr_endpoint(&from, TND_TRANSPORT_NONE);
    ret->port = 0;
    return 0;
}

/* Waits for the sockets of the resolver. */
static void wait(struct tnd_resolver *r, int epoll)
{
    struct epoll_event events[EVENT_COUNT_MAX];
    tnd_time ms = tnd_resolver_wait(r, TND_SEC(1)) / TND_MS(1) + 1;
    int count = epoll_wait(epoll, events, EVENT_COUNT_MAX, (int)ms);

    for (int i = 0; i < count; i++)
        tnd_resolver_ready(r, (int)(events[i].data.u64 - TND_RESOLVER_SOCKET), events[i].events);
    tnd_resolver_tick(r);
}

static int locate(struct tnd_locate *l, struct tnd_resolver *r, int epoll, struct tnd_endpoint *ret)
{
    const struct tnd_lookup_answer *answer;
    struct tnd_locate_step step;
    uint64_t token;

    for (;;) {
        while (tnd_resolver_next(r, &token, &answer))
            tnd_locate_answer(l, answer);
        tnd_locate_next(l, &step);
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            tnd_resolver_ask(r, &step.lookup, 1);
            continue;
        case TND_LOCATE_WAIT:
            wait(r, epoll);
            continue;
        case TND_LOCATE_TRY:
            *ret = step.endpoint;
            return 0;
        case TND_LOCATE_END:
            return ENOENT;
        }
    }
}

int tnd_phone_locate(const struct tnd_uri *uri, const struct tnd_endpoint *dns, size_t dns_count,
                     struct tnd_endpoint *ret)
{
    struct tnd_arena a;
    struct tnd_locate l;
    struct tnd_resolver r;
    struct tnd_locate_with with = {.a = &a,
                                   .transports = {TND_TRANSPORT_UDP, TND_TRANSPORT_TCP},
                                   .ipv4 = true,
                                   .ipv6 = true,
                                   .ipv4_first = true};
    int epoll = epoll_create1(EPOLL_CLOEXEC), err = ENOMEM;

    tnd_arena_init(&a, NULL, 0, &tnd_heap, NAMES_SIZE_MAX);
    if (epoll >= 0 && tnd_resolver_init(&r, epoll, dns, dns_count) == 0) {
        tnd_locate_uri(&l, &with, uri);
        err = locate(&l, &r, epoll, ret);
        tnd_resolver_fini(&r);
    }
    tnd_arena_fini(&a);
    if (epoll >= 0)
        close(epoll);
    return err;
}
