/* Two sockets, one for each end. Packets are written into a queue and sent by sendmmsg, received
 * by recvmmsg: the generator must not be what limits a server. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "load.h"

enum { BATCH = 64, SOCKET_BUFFER = 32 << 20 };

struct batch {
    int count;
    struct mmsghdr header[BATCH];
    struct iovec part[BATCH];
    char space[BATCH][PACKET_MAX];
};

static int fds[ENDS];
static struct batch outgoing[ENDS], incoming;

static void batch_init(struct batch *b, struct sockaddr_in *peer)
{
    for (int i = 0; i < BATCH; i++) {
        b->part[i] = (struct iovec){b->space[i], PACKET_MAX};
        b->header[i].msg_hdr = (struct msghdr){.msg_name = peer,
                                               .msg_namelen = peer ? sizeof(*peer) : 0,
                                               .msg_iov = &b->part[i],
                                               .msg_iovlen = 1};
    }
}

/* A buffer that holds a whole window; beyond the system's limit where we may. */
static void widen(int fd, int force, int otherwise)
{
    int size = SOCKET_BUFFER;

    if (setsockopt(fd, SOL_SOCKET, force, &size, sizeof(size)))
        setsockopt(fd, SOL_SOCKET, otherwise, &size, sizeof(size));
}

static int open_socket(struct endpoint *e)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t size = sizeof(e->address);
    char host[INET_ADDRSTRLEN];

    if (fd < 0)
        die("socket: %s", strerror(errno));
    widen(fd, SO_RCVBUFFORCE, SO_RCVBUF);
    widen(fd, SO_SNDBUFFORCE, SO_SNDBUF);
    if (bind(fd, (struct sockaddr *)&e->address, sizeof(e->address)))
        die("bind %s: %s", e->text, strerror(errno));
    getsockname(fd, (struct sockaddr *)&e->address, &size);
    inet_ntop(AF_INET, &e->address.sin_addr, host, sizeof(host));
    snprintf(e->text, sizeof(e->text), "%s:%u", host, ntohs(e->address.sin_port));
    return fd;
}

void net_open(void)
{
    for (enum end end = CALLER; end < ENDS; end++) {
        fds[end] = open_socket(&opt.end[end]);
        batch_init(&outgoing[end], &opt.server.address);
    }
    batch_init(&incoming, NULL);
}

static void flush(enum end end)
{
    struct batch *b = &outgoing[end];

    for (int done = 0; done < b->count;) {
        int sent = sendmmsg(fds[end], b->header + done, (unsigned)(b->count - done), 0);

        if (sent < 0 && errno != EINTR && errno != EAGAIN)
            die("sendmmsg: %s", strerror(errno));
        done += sent > 0 ? sent : 0;
    }
    b->count = 0;
}

struct text net_packet(enum end end)
{
    if (outgoing[end].count == BATCH)
        flush(end);
    return text_over(outgoing[end].space[outgoing[end].count], PACKET_MAX);
}

void net_send(enum end end, size_t size)
{
    struct batch *b = &outgoing[end];

    b->part[b->count++].iov_len = size;
    run.packets[TO_SERVER]++;
}

static int receive_batch(enum end end, receiver *receive)
{
    int count = recvmmsg(fds[end], incoming.header, BATCH, MSG_DONTWAIT, NULL);
    uint64_t now = clock_ns();

    for (int i = 0; i < count; i++) {
        run.packets[FROM_SERVER]++;
        receive(end, (struct slice){incoming.space[i], incoming.header[i].msg_len}, now);
    }
    return count > 0 ? count : 0;
}

int net_exchange(receiver *receive)
{
    int count;

    flush(CALLER);
    flush(CALLEE);
    count = receive_batch(CALLER, receive);
    count += receive_batch(CALLEE, receive);
    flush(CALLER);
    flush(CALLEE);
    return count;
}

void net_wait(uint64_t ns)
{
    struct pollfd poll[ENDS] = {{.fd = fds[CALLER], .events = POLLIN},
                                {.fd = fds[CALLEE], .events = POLLIN}};
    struct timespec limit = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};

    ppoll(poll, ENDS, &limit, NULL);
}
