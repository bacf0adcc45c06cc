/* Datagrams, many with one system call.
 *
 *     count = tnd_udp_read(udp, socket);            up to TND_UDP_BATCH_MAX of them
 *     ... udp->datagrams[0] to [count - 1] ...
 *     tnd_udp_put(udp, flow, &to, 0, bytes, token); for each that is to be sent
 *     tnd_udp_flush(udp);
 *
 * A socket that is bound to 0.0.0.0 or :: tells to which address of ours a datagram came, and
 * what answers it leaves from there. Each worker has a socket of its own for each endpoint; they
 * are alike for peers, so whatever worker a call lives on answers by its own. */
#ifndef NET_UDP_H
#define NET_UDP_H

#include "net/count.h"
#include "net/failed.h"
#include "net/flow.h"
#include "net/unreachable.h"

enum {
    TND_UDP_BATCH_MAX = 64,
    TND_UDP_LEN_MAX = 65536, /* of a datagram, and one more */
};

struct tnd_datagram {
    struct tnd_slice bytes;
    struct tnd_flow flow;
    unsigned interface; /* that it came by; 0: not known, and no need */
};

struct tnd_udp_stats {
    tnd_count received, sent, dropped; /* dropped: could not be sent */
    tnd_count keepalives;              /* received, and nothing but empty lines */
};

struct tnd_udp {
    unsigned worker;
    struct tnd_failed *failed;
    size_t socket_count;
    struct tnd_udp_socket *sockets;
    struct tnd_udp_in *in;
    struct tnd_datagram datagrams[TND_UDP_BATCH_MAX];
    bool no_trains;                      /* the kernel did not cut one apart (net/train.h) */
    struct tnd_unreachable *unreachable; /* NULL: errors that come back are not heard */
    struct tnd_udp_stats stats;
};

/* Takes count sockets, bound to the endpoints; closes them at fini. Keeps failed, which hears of
 * what could not be sent. TND_ENOMEM: the sockets are closed, udp is as after fini. */
int tnd_udp_init(struct tnd_udp *udp, unsigned worker, const struct tnd_endpoint *endpoints,
                 const int *fds, size_t count, struct tnd_failed *failed);

/* Of zero bytes is fine. */
void tnd_udp_fini(struct tnd_udp *udp);

int tnd_udp_fd(const struct tnd_udp *udp, size_t socket);

/* Has failed hear of ICMP errors from now on, where the kernel can and there is memory. For one who has
 * his port alone: of sockets that share one any may have the error. */
void tnd_udp_hear_errors(struct tnd_udp *udp);

/* What epoll tells of by EPOLLERR. */
void tnd_udp_read_errors(struct tnd_udp *udp, size_t socket);

/* Reads what has come to a socket. *ret_more: there may be more of it. The datagrams of the read
 * before are gone. Those of nothing but empty lines, which keep a NAT open, are left out. */
size_t tnd_udp_read(struct tnd_udp *udp, size_t socket, bool *ret_more);

/* The flow here of a datagram that came to the socket of another worker. */
struct tnd_flow tnd_udp_flow(struct tnd_udp *udp, const struct tnd_datagram *theirs);

/* The flow that leaves from an address of ours. 0: there is none. */
uint64_t tnd_udp_flow_from(struct tnd_udp *udp, const struct tnd_endpoint *from);

/* Where what is sent by flow, or to there without one, leaves from; family NONE: by no socket. */
struct tnd_endpoint tnd_udp_local(const struct tnd_udp *udp, uint64_t flow,
                                  const struct tnd_endpoint *to);

/* Sends, now or when flushed. flow 0: by a socket that fits to. Borrows bytes until flushed. */
void tnd_udp_put(struct tnd_udp *udp, uint64_t flow, const struct tnd_endpoint *to, uint8_t ttl,
                 struct tnd_slice bytes, uint64_t token);

void tnd_udp_flush(struct tnd_udp *udp);

#endif
