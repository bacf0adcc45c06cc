/* Connections: bytes in, messages out, and the other way.
 *
 *     tnd_tcp_ready(tcp, id, events);               epoll said so: writes, or learns that it ended
 *     if ((c = tnd_tcp_read(tcp, id)))
 *         while (tnd_tcp_next(tcp, c, arena, &msg) != TND_STREAM_MORE)
 *             ...                                   MESSAGE or BROKEN; pings are answered here
 *     flow = tnd_tcp_carrier(tcp, to);              where only an endpoint is known
 *     tnd_tcp_put(tcp, flow, bytes, worker, token);  for each that is to be sent
 *     tnd_tcp_flush(tcp);
 *     tnd_tcp_reap(tcp);                            at the end of a turn; until then c is there
 *
 * Whatever a peer may do is bounded (struct tnd_tcp_bounds): how many connections there are and
 * how many of one source, what is buffered, how long a message takes to come and to go. One that
 * rests costs no buffer. */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <sys/uio.h>

#include "base/map.h"
#include "base/wheel.h"
#include "net/count.h"
#include "net/failed.h"
#include "net/flow.h"
#include "net/links.h"
#include "net/unreachable.h"
#include "tandem/sip/stream.h"

struct tnd_tcp_bounds {
    size_t connections;            /* at one time; at most TND_FLOW_CONNECTION_COUNT_MAX */
    size_t connections_per_source; /* with one IPv4 address, or IPv6 network of 64 bits */
    size_t message_max;            /* bytes of a message */
    size_t unsent_max;             /* bytes that one peer has not taken yet */
    size_t buffered_max;           /* bytes of all buffers together */
    tnd_time idle;                 /* without a byte */
    tnd_time slow;                 /* for a message to come in whole; for a peer to take one; for
                                    * a connection to open */
};

/* One for each reason why a connection ended, and some more. */
struct tnd_tcp_stats {
    tnd_count open; /* now */
    tnd_count accepted, connected;
    tnd_count refused;  /* beyond connections or connections_per_source */
    tnd_count messages; /* received */
    tnd_count pings;
    tnd_count broken; /* what came was no SIP */
    tnd_count idle, slow;
    tnd_count unread; /* the peer did not take what was sent */
    tnd_count full;   /* buffered_max was reached */
};

enum { TND_TCP_GATHER_MAX = 32 };

struct tnd_tcp {
    unsigned worker;
    int epoll;    /* borrowed; its data is the id, or TND_TCP_LISTENER + number */
    tnd_time now; /* set before each call, or once in a turn */
    struct tnd_tcp_bounds bounds;
    struct tnd_failed *failed;
    struct tnd_unreachable
        *asked; /* NULL, or requests whose answers come over the connections: with one they
                                    * have failed. Borrowed */
    struct tnd_links *links; /* of the connections of all workers; borrowed */

    size_t listener_count;
    struct tnd_tcp_listener *listeners;
    bool paused;                  /* no descriptor was left: nothing is accepted for a while */
    struct tnd_wheel_timer pause; /* until when */

    struct tnd_tcp_place *places; /* by tnd_flow_place() */
    size_t place_count, places_free;
    size_t open;
    struct tnd_map by_remote, by_source;
    struct tnd_wheel wheel;
    struct tnd_tcp_conn *dead; /* to be freed */
    size_t unsent;             /* connections to whom something waits to be written */
    size_t buffered;           /* bytes */
    char *scratch;             /* what is read into while a connection has no buffer */

    /* Messages for one connection, to be written at once. */
    struct tnd_tcp_conn *gathered;
    size_t gather_count;
    struct iovec gather[TND_TCP_GATHER_MAX];
    struct tnd_failed_send gather_tokens[TND_TCP_GATHER_MAX];

    struct tnd_tcp_stats stats;
};

#define TND_TCP_LISTENER ((uint64_t)1 << 32) /* no id of a flow is that small */

/* What a worker brings. */
struct tnd_tcp_with {
    unsigned worker;
    int epoll;
    tnd_time now;
    struct tnd_tcp_bounds bounds;
    struct tnd_siphash_key secret; /* of maps */
    struct tnd_failed *failed;     /* kept */
    struct tnd_links *links;       /* kept */
    const struct tnd_mem *mem;     /* kept */
};

/* Takes count sockets that listen at the endpoints, and puts them into epoll. TND_ENOMEM: they
 * are closed, tcp is as after fini. */
int tnd_tcp_init(struct tnd_tcp *tcp, const struct tnd_tcp_with *with,
                 const struct tnd_endpoint *endpoints, const int *fds, size_t count);

/* Closes everything. Of zero bytes is fine. */
void tnd_tcp_fini(struct tnd_tcp *tcp);

/* Takes those who wait at a listener. false: no file descriptor is left, and it waits a while. */
bool tnd_tcp_accept(struct tnd_tcp *tcp, size_t listener);

/* events of epoll for a connection, which may have ended meanwhile. */
void tnd_tcp_ready(struct tnd_tcp *tcp, uint64_t id, uint32_t events);

/* Reads once. NULL: nothing that could be a message. */
struct tnd_tcp_conn *tnd_tcp_read(struct tnd_tcp *tcp, uint64_t id);

/* The next message of what was read. MESSAGE; BROKEN: what is there is no SIP, and once what
 * answers it was put the caller calls tnd_tcp_close(); MORE: that was all, or the connection has
 * ended. ret_msg borrows from c and a until the next call; c is there until it is reaped. */
enum tnd_stream_got tnd_tcp_next(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, struct tnd_arena *a,
                                 struct tnd_msg *ret_msg);

const struct tnd_flow *tnd_tcp_flow(const struct tnd_tcp_conn *c);

/* That of the connection with this id; NULL: it has ended. */
const struct tnd_flow *tnd_tcp_flow_of(const struct tnd_tcp *tcp, uint64_t id);

/* Sends over a connection. Borrows bytes until flushed. token: of the node of that worker. */
void tnd_tcp_put(struct tnd_tcp *tcp, uint64_t id, struct tnd_slice bytes, unsigned worker,
                 uint64_t token);

/* The flow of a connection that carries what goes there: one of this worker, or else of another,
 * which is to be handed what is sent. 0: there is none. */
uint64_t tnd_tcp_carrier(const struct tnd_tcp *tcp, const struct tnd_endpoint *to);

/* Sends over a new connection. Copies bytes. */
void tnd_tcp_open(struct tnd_tcp *tcp, const struct tnd_endpoint *to, struct tnd_slice bytes,
                  uint64_t token);

/* When what was put has left. */
void tnd_tcp_close(struct tnd_tcp *tcp, uint64_t id);

void tnd_tcp_flush(struct tnd_tcp *tcp);

/* Ends what took too long. */
void tnd_tcp_tick(struct tnd_tcp *tcp);

/* When to tick. */
static inline tnd_time tnd_tcp_due(const struct tnd_tcp *tcp)
{
    return tnd_wheel_due(&tcp->wheel);
}

void tnd_tcp_reap(struct tnd_tcp *tcp);

#endif
