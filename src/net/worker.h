/* Worker: one thread with a node, its sockets and its event loop.
 *
 * In each turn it waits once, reads what has come, feeds it to its node, and sends what the node
 * wants sent, as much as possible with one system call. A message is the business of the worker
 * that the hash of its Call-ID names, so that all of a call comes to one node. Workers hand over
 * to one another through rings, one for each ordered pair, and share nothing else that changes but
 * the table of who has a connection with whom (net/links.h), which says what to hand to whom.
 *
 *     message          to the worker of its call; a copy of the bytes
 *     send, close      to the one that has the connection
 *     failed           back to the one whose node wants to know
 *
 * A datagram that does not fit into a ring is lost, as in a network, and counted; of connections
 * no more is read while rings fill up. */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include <pthread.h>

#include "net/digest_openssl.h"
#include "net/keeper.h"
#include "net/question.h"
#include "net/resolver.h"
#include "net/ring.h"
#include "net/server.h"
#include "net/settings.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "net/witness.h"

struct tnd_worker {
    unsigned number, count; /* of count */
    struct tnd_worker *all; /* the workers, this one too */
    struct tnd_siphash_key call_secret;
    struct tnd_server_log log;
    pthread_t thread;
    bool started;

    int epoll, wake, done; /* done: of the server, told when is_empty becomes true */
    int answered;          /* likewise, told when a question has its last answer */
    tnd_time now;
    struct tnd_settings *settings;
    struct tnd_node *node;
    struct tnd_digest_openssl digest;
    tnd_time wall_seen_at;
    unsigned fed; /* messages since the outputs were taken */
    struct tnd_arena arena;
    char *arena_first;
    struct tnd_udp udp;
    struct tnd_tcp tcp;
    struct tnd_resolver resolver;
    struct tnd_keeper keeper;
    struct tnd_failed failed;
    struct tnd_witness witness;
    uint64_t touched;       /* a bit for each worker that something was put for */
    uint64_t lost_seen;     /* of stats.handed_lost */
    tnd_time complained_at; /* of a full ring, or of no descriptor left */
    struct tnd_ring *rings; /* from each worker to this one */

    _Alignas(TND_RING_LINE) atomic_bool asleep; /* has to be woken */
    atomic_bool stop;
    atomic_bool is_empty; /* draining, and nothing is left to do but what waits in rings */
    _Atomic(struct tnd_settings *) mailbox;
    _Atomic(struct tnd_question_part *) question; /* NULL: none is put before it */
    struct tnd_worker_stats {
        tnd_count handed, handed_lost; /* to another; lost: its ring was full */
        tnd_count node[TND_SERVER_NODE_COUNT];
        tnd_count setup[TND_NODE_SETUP_COUNT];
        tnd_count changes_waiting, unsent, buffered; /* now: of the store; of connections */
    } stats;
};

/* What a worker starts with; kept until fini, but for world, which is copied. */
struct tnd_worker_with {
    unsigned number, count;
    struct tnd_worker *all;
    struct tnd_siphash_key call_secret;
    struct tnd_server_log log;
    int done, answered;
    struct tnd_links *links;
    struct tnd_settings *settings; /* one use of it is taken */
    struct tnd_node_world world;
    struct tnd_db *db;    /* NULL: none */
    size_t recorder_size; /* 0: none */
    const struct tnd_endpoint *dns;
    size_t dns_count;
    const struct tnd_endpoint *udp, *tcp; /* endpoints, and their sockets, which are taken */
    const int *udp_fds, *tcp_fds;
    size_t udp_count, tcp_count;
};

/* TND_ENOMEM, or TND_ENONE: without memory, descriptors, or c-ares. Then fini. */
int tnd_worker_init(struct tnd_worker *w, const struct tnd_worker_with *with);

/* Of zero bytes, or of a half-made one: fine. Its thread has ended. */
void tnd_worker_fini(struct tnd_worker *w);

/* What the thread runs, until stop. */
void *tnd_worker_run(void *worker);

/* From any thread: it looks at stop, mailbox and question. */
void tnd_worker_wake(struct tnd_worker *w);

#endif
