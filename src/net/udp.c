/* Datagrams, many with one system call. */
#include "net/udp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/listen.h"
#include "net/sockaddr.h"
#include "net/train.h"

/* From one datagram's room to the next. Were it a power of two, all of them would begin in the
 * same lines of every cache, of which there are 8 to 16. */
enum { STRIDE = TND_UDP_LEN_MAX + 17 * 64 };

/* What is read into, for all sockets of a worker: nearly all of it is never touched. */
struct tnd_udp_in {
    char *bytes;
    struct mmsghdr msgs[TND_UDP_BATCH_MAX];
    struct iovec iovs[TND_UDP_BATCH_MAX];
    union tnd_sockaddr from[TND_UDP_BATCH_MAX];
    _Alignas(8) char control[TND_UDP_BATCH_MAX][TND_SOCKADDR_CONTROL_SIZE];
};

/* What waits to be sent by one socket. */
struct out {
    unsigned count;
    struct mmsghdr msgs[TND_UDP_BATCH_MAX];
    struct iovec iovs[TND_UDP_BATCH_MAX];
    union tnd_sockaddr to[TND_UDP_BATCH_MAX];
    uint64_t tokens[TND_UDP_BATCH_MAX];
    _Alignas(8) char control[TND_UDP_BATCH_MAX][TND_SOCKADDR_CONTROL_SIZE];
};

/* An address of ours that datagrams came to. */
struct local {
    struct tnd_endpoint endpoint;
    unsigned interface; /* of one that is good on one link only; else 0 */
};

struct tnd_udp_socket {
    int fd;
    bool is_any;
    struct tnd_endpoint endpoint;
    size_t local_count;
    struct local locals[TND_FLOW_LOCAL_COUNT_MAX]; /* of is_any; place 1 is locals[0] */
    struct out out;
};

static int init_in(struct tnd_udp_in **ret)
{
    struct tnd_udp_in *in = calloc(1, sizeof(*in));

    if (!in)
        return TND_ENOMEM;
    in->bytes = mmap(NULL, (size_t)TND_UDP_BATCH_MAX * STRIDE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (in->bytes == MAP_FAILED) {
        free(in);
        return TND_ENOMEM;
    }
    for (size_t i = 0; i < TND_UDP_BATCH_MAX; i++) {
        in->iovs[i] = (struct iovec){in->bytes + i * STRIDE, TND_UDP_LEN_MAX};
        in->msgs[i].msg_hdr = (struct msghdr){.msg_name = &in->from[i],
                                              .msg_namelen = sizeof(in->from[i]),
                                              .msg_iov = &in->iovs[i],
                                              .msg_iovlen = 1,
                                              .msg_control = in->control[i],
                                              .msg_controllen = sizeof(in->control[i])};
    }
    *ret = in;
    return 0;
}

static void init_socket(struct tnd_udp_socket *s, const struct tnd_endpoint *endpoint, int fd)
{
    s->fd = fd;
    s->endpoint = *endpoint;
    s->is_any = tnd_listen_is_any(endpoint);
    for (size_t i = 0; i < TND_UDP_BATCH_MAX; i++)
        s->out.msgs[i].msg_hdr = (struct msghdr){.msg_name = &s->out.to[i],
                                                 .msg_iov = &s->out.iovs[i],
                                                 .msg_iovlen = 1,
                                                 .msg_control = s->out.control[i]};
}

int tnd_udp_init(struct tnd_udp *udp, unsigned worker, const struct tnd_endpoint *endpoints,
                 const int *fds, size_t count, struct tnd_failed *failed)
{
    TND_ASSERT(count <= TND_FLOW_SOCKET_COUNT_MAX);
    *udp = (struct tnd_udp){.worker = worker, .failed = failed};
    udp->sockets = calloc(count + 1, sizeof(*udp->sockets));
    if (!udp->sockets || init_in(&udp->in)) {
        for (size_t i = 0; i < count; i++)
            close(fds[i]);
        tnd_udp_fini(udp);
        return TND_ENOMEM;
    }
    for (; udp->socket_count < count; udp->socket_count++)
        init_socket(&udp->sockets[udp->socket_count], &endpoints[udp->socket_count],
                    fds[udp->socket_count]);
    return 0;
}

void tnd_udp_fini(struct tnd_udp *udp)
{
    for (size_t i = 0; i < udp->socket_count; i++)
        close(udp->sockets[i].fd);
    free(udp->sockets);
    if (udp->in)
        munmap(udp->in->bytes, (size_t)TND_UDP_BATCH_MAX * STRIDE);
    free(udp->in);
    free(udp->unreachable);
    udp->unreachable = NULL;
    udp->socket_count = 0;
    udp->sockets = NULL;
    udp->in = NULL;
}

int tnd_udp_fd(const struct tnd_udp *udp, size_t socket)
{
    return udp->sockets[socket].fd;
}

void tnd_udp_hear_errors(struct tnd_udp *udp)
{
    udp->unreachable = calloc(1, sizeof(*udp->unreachable));
    for (size_t i = 0; udp->unreachable && i < udp->socket_count; i++)
        tnd_unreachable_hear(udp->sockets[i].fd, udp->sockets[i].endpoint.family);
}

static bool read_error(struct tnd_udp *udp, const struct tnd_udp_socket *s)
{
    return udp->unreachable &&
           tnd_unreachable_read(udp->unreachable, s->fd, udp->worker, udp->failed);
}

void tnd_udp_read_errors(struct tnd_udp *udp, size_t socket)
{
    while (read_error(udp, &udp->sockets[socket]))
        continue;
}

static bool is_link_local(const struct tnd_endpoint *e)
{
    return e->family == TND_FAMILY_IPV6 && e->octets[0] == 0xfe && (e->octets[1] & 0xc0) == 0x80;
}

/* The place of an address of ours; 0: there are too many of them, and the kernel chooses. */
static size_t place_of(struct tnd_udp_socket *s, const struct tnd_endpoint *e, unsigned interface)
{
    if (!s->is_any)
        return 0;
    if (!is_link_local(e))
        interface = 0;
    for (size_t i = 0; i < s->local_count; i++)
        if (tnd_endpoint_eq(&s->locals[i].endpoint, e) && s->locals[i].interface == interface)
            return i + 1;
    if (s->local_count == TND_FLOW_LOCAL_COUNT_MAX)
        return 0;
    s->locals[s->local_count] = (struct local){*e, interface};
    return ++s->local_count;
}

/* RFC 3261 §18.1.1 and RFC 5626 §4.4.2: what keeps a NAT open. Anything that starts as a message
 * does not is looked at no further. */
static bool is_keepalive(struct tnd_slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] != '\r' && bytes.ptr[i] != '\n')
            return false;
    return true;
}

/* Where msg came from and to. false: the kernel does not say. */
static bool find_flow(struct tnd_udp *udp, size_t socket, const struct msghdr *msg,
                      struct tnd_datagram *ret)
{
    struct tnd_udp_socket *s = &udp->sockets[socket];
    struct tnd_flow *flow = &ret->flow;

    flow->local = s->endpoint;
    ret->interface = 0;
    if (s->is_any && !tnd_sockaddr_arrived(msg, s->endpoint.port, &flow->local, &ret->interface))
        return false;
    flow->remote = tnd_sockaddr_endpoint(msg->msg_name, TND_TRANSPORT_UDP);
    flow->id = tnd_flow_datagram(udp->worker, socket, place_of(s, &flow->local, ret->interface));
    return flow->remote.family != TND_FAMILY_NONE;
}

size_t tnd_udp_read(struct tnd_udp *udp, size_t socket, bool *ret_more)
{
    struct tnd_udp_in *in = udp->in;
    int got = recvmmsg(udp->sockets[socket].fd, in->msgs, TND_UDP_BATCH_MAX, MSG_DONTWAIT, NULL);
    size_t count = 0;

    *ret_more = got == TND_UDP_BATCH_MAX;
    for (int i = 0; i < got; i++) {
        struct msghdr *msg = &in->msgs[i].msg_hdr;
        struct tnd_datagram *d = &udp->datagrams[count];

        d->bytes = tnd_slice(in->iovs[i].iov_base, in->msgs[i].msg_len);
        if (is_keepalive(d->bytes))
            tnd_count_add(&udp->stats.keepalives, 1);
        else if (find_flow(udp, socket, msg, d))
            count++;
        msg->msg_namelen = sizeof(in->from[i]);
        msg->msg_controllen = sizeof(in->control[i]);
    }
    if (got > 0)
        tnd_count_add(&udp->stats.received, (uint64_t)got);
    return count;
}

struct tnd_flow tnd_udp_flow(struct tnd_udp *udp, const struct tnd_datagram *theirs)
{
    size_t socket = tnd_flow_socket(theirs->flow.id);
    struct tnd_flow flow = theirs->flow;

    flow.id = tnd_flow_datagram(udp->worker, socket,
                                place_of(&udp->sockets[socket], &flow.local, theirs->interface));
    return flow;
}

static void failed(struct tnd_udp *udp, uint64_t token)
{
    tnd_count_add(&udp->stats.dropped, 1);
    tnd_failed_add(udp->failed, udp->worker, token);
}

/* The kernel, or a device on the way, does not cut trains apart. */
static bool is_about_trains(int err)
{
    return err == EINVAL || err == EIO || err == EMSGSIZE || err == EOPNOTSUPP;
}

/* Which interface has a link-local address a restart has forgotten: then the kernel chooses. */
uint64_t tnd_udp_flow_from(struct tnd_udp *udp, const struct tnd_endpoint *from)
{
    for (size_t i = 0; from->family != TND_FAMILY_NONE && i < udp->socket_count; i++) {
        struct tnd_udp_socket *s = &udp->sockets[i];
        bool is_at = s->endpoint.family == from->family && s->endpoint.port == from->port;

        if (is_at && s->is_any && !is_link_local(from))
            return tnd_flow_datagram(udp->worker, i, place_of(s, from, 0));
        if (is_at && (s->is_any || tnd_address_eq(&s->endpoint, from)))
            return tnd_flow_datagram(udp->worker, i, 0);
    }
    return 0;
}

/* Sends what waits from first on. How many datagrams are done with; 0: try again. What the kernel
 * does not take is lost, as a datagram may be: to wait would keep everybody else waiting. */
static unsigned send_from(struct tnd_udp *udp, struct tnd_udp_socket *s, unsigned first)
{
    struct out *out = &s->out;
    struct tnd_train t;

    tnd_train_make(&t, out->msgs + first, out->count - first, !udp->no_trains);
    int sent = sendmmsg(s->fd, t.msgs, t.count, MSG_DONTWAIT);
    if (sent > 0) {
        tnd_count_add(&udp->stats.sent, t.first[sent]);
        return t.first[sent];
    }
    int err = errno;
    if (err == EINTR || read_error(udp, s)) /* one of what was sent before is no news of this */
        return 0;
    if (t.first[1] > 1 && is_about_trains(err)) {
        udp->no_trains = true;
        return 0;
    }
    bool is_full = err == EAGAIN || err == ENOBUFS;
    unsigned lost = is_full ? out->count - first : t.first[1]; /* the next may go elsewhere */
    for (unsigned i = 0; i < lost; i++)
        failed(udp, out->tokens[first + i]);
    return lost;
}

static void flush(struct tnd_udp *udp, struct tnd_udp_socket *s)
{
    unsigned done = 0;

    while (done < s->out.count)
        done += send_from(udp, s, done);
    s->out.count = 0;
}

void tnd_udp_flush(struct tnd_udp *udp)
{
    for (size_t i = 0; i < udp->socket_count; i++)
        if (udp->sockets[i].out.count > 0)
            flush(udp, &udp->sockets[i]);
}

/* For what is not an answer: a socket of the family, of loopback only to loopback. */
static struct tnd_udp_socket *socket_for(const struct tnd_udp *udp, const struct tnd_endpoint *to)
{
    bool to_loopback = tnd_address_kind(to) == TND_ADDRESS_LOOPBACK;
    struct tnd_udp_socket *found = NULL;

    for (size_t i = 0; i < udp->socket_count; i++) {
        struct tnd_udp_socket *s = &udp->sockets[i];
        bool is_loopback = tnd_address_kind(&s->endpoint) == TND_ADDRESS_LOOPBACK;

        if (s->endpoint.family != to->family || (is_loopback && !to_loopback))
            continue;
        if (!found || is_loopback == to_loopback)
            found = s;
        if (is_loopback == to_loopback)
            break;
    }
    return found;
}

struct tnd_endpoint tnd_udp_local(const struct tnd_udp *udp, uint64_t flow,
                                  const struct tnd_endpoint *to)
{
    const struct tnd_udp_socket *s =
        flow ? &udp->sockets[tnd_flow_socket(flow)] : socket_for(udp, to);
    size_t place = tnd_flow_local(flow);

    if (!s)
        return (struct tnd_endpoint){.family = TND_FAMILY_NONE};
    return place > 0 ? s->locals[place - 1].endpoint : s->endpoint;
}

void tnd_udp_put(struct tnd_udp *udp, uint64_t flow, const struct tnd_endpoint *to, uint8_t ttl,
                 struct tnd_slice bytes, uint64_t token)
{
    static const struct local chosen = {{{0}, 0, 0, 0}, 0};
    struct tnd_udp_socket *s = flow ? &udp->sockets[tnd_flow_socket(flow)] : socket_for(udp, to);

    if (!s || s->endpoint.family != to->family) {
        failed(udp, token);
        return;
    }
    if (s->out.count == TND_UDP_BATCH_MAX)
        flush(udp, s);
    unsigned i = s->out.count++;
    size_t place = tnd_flow_local(flow);
    const struct local *local = place > 0 ? &s->locals[place - 1] : &chosen;
    struct msghdr *msg = &s->out.msgs[i].msg_hdr;
    s->out.iovs[i] = (struct iovec){(char *)(uintptr_t)bytes.ptr, bytes.len};
    s->out.tokens[i] = token;
    if (udp->unreachable)
        tnd_unreachable_note(udp->unreachable, to, token);
    msg->msg_namelen = tnd_sockaddr(to, &s->out.to[i]);
    msg->msg_control = s->out.control[i];
    tnd_sockaddr_leave(msg, &local->endpoint, local->interface, to, ttl);
}
