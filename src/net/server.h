/* The server: sockets, workers and their nodes, as one thing that is started, told news, drained
 * and stopped. It prints nothing; what is to be told goes to a function that is given. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "db/db.h"
#include "net/latency.h"
#include "net/tally.h"
#include "net/tape.h"
#include "tandem/node.h"

enum {
    TND_SERVER_WORKER_COUNT_MAX = 64,
    TND_SERVER_LISTEN_COUNT_MAX = 64,
    TND_SERVER_DNS_COUNT_MAX = 8,
    TND_SERVER_DRAIN_SECONDS = 32, /* 64*T1: nothing but a call that rings lasts longer */
};

enum tnd_server_level {
    TND_SERVER_ERROR,
    TND_SERVER_WARN,
    TND_SERVER_INFO,
    TND_SERVER_DEBUG,
};

/* say() is called by any of the threads, maybe by several at once. text is one line without its
 * end, and may hold bytes of a peer, whatever they are. */
struct tnd_server_log {
    void (*say)(void *ctx, enum tnd_server_level level, struct tnd_slice text);
    void *ctx;
};

/* 0: the default. */
struct tnd_server_bounds {
    size_t max_message;            /* bytes of one message; TND_MESSAGE_LEN_MAX */
    size_t connections;            /* of one worker; 10000 */
    size_t connections_per_source; /* of one worker; 1000 */
    uint32_t connection_idle;      /* seconds without a byte; 3600 */
    uint32_t connection_slow;      /* seconds for a message to come, or to be taken; 30 */
};

struct tnd_server_config {
    const struct tnd_endpoint *listen; /* UDP and TCP, no two the same, ports are not 0 */
    size_t listen_count;
    unsigned workers;               /* 0: one for each core */
    const struct tnd_endpoint *dns; /* their transport does not matter; none: the system's */
    size_t dns_count;
    struct tnd_db *db; /* opened and started; kept until stop. Its key is that of the nodes. NULL:
                        * none: they get one that is drawn, and what they ask of a store fails */
    size_t transactions_max; /* of one worker; 0: 100000 */
    size_t memory_max;       /* bytes, of one worker's node; 0: no bound */
    size_t recorder_size;    /* bytes, of one worker's flight recorder; 0: none */
    struct tnd_node_config node;
    struct tnd_server_bounds bounds;
    struct tnd_server_log log;
};

/* Why there is no server. error is an errno, or 0: then it is for want of memory or the like. */
struct tnd_server_fault {
    struct tnd_endpoint endpoint; /* family NONE: not about one of them */
    int error;
};

struct tnd_server;

/* Opens the sockets and starts the threads, in which every signal is blocked. Copies config.
 * 0, or negative: nothing is left of it, ret_fault says why, ret is untouched. */
int tnd_server_start(const struct tnd_server_config *config, struct tnd_server_fault *ret_fault,
                     struct tnd_server **ret);

unsigned tnd_server_workers(const struct tnd_server *s);

/* From now on by this; copies it. Each worker takes it up when it has the time. TND_ENOMEM:
 * nothing has changed. */
int tnd_server_configure(struct tnd_server *s, const struct tnd_node_config *node,
                         const struct tnd_server_bounds *bounds);

/* New requests are refused from now on (503). TND_ENOMEM: they are not. */
int tnd_server_drain(struct tnd_server *s);

/* Readable when a worker that drains has become empty: ask tnd_server_is_empty() then. */
int tnd_server_fd(const struct tnd_server *s);

/* Whether every worker has nothing left to do. Reads tnd_server_fd() empty. */
bool tnd_server_is_empty(struct tnd_server *s);

/* What all workers have done. Each number is right, but not all of one instant. */
enum {
    TND_SERVER_NODE_REQUESTS, /* of tnd_node_stats */
    TND_SERVER_NODE_RESPONSES,
    TND_SERVER_NODE_DROPPED,
    TND_SERVER_NODE_LIMITED,
    TND_SERVER_NODE_ABSORBED,
    TND_SERVER_NODE_SERVED,
    TND_SERVER_NODE_UNDELIVERED,
    TND_SERVER_NODE_LOST,
    TND_SERVER_NODE_TRANSACTIONS, /* now */
    TND_SERVER_NODE_CONTEXTS,     /* now */
    TND_SERVER_NODE_RESENT,
    TND_SERVER_NODE_CALLS,
    TND_SERVER_NODE_MEMORY, /* now */
    TND_SERVER_NODE_SETUP_TIME,
    TND_SERVER_NODE_COUNT
};

struct tnd_server_stats {
    uint64_t node[TND_SERVER_NODE_COUNT];
    uint64_t datagrams, keepalives, datagrams_sent, datagrams_dropped;
    uint64_t connections; /* now */
    uint64_t accepted, connected, refused, messages, pings;
    uint64_t broken, idle, slow, unread, full; /* why connections were ended */
    uint64_t handed, handed_lost;              /* from worker to worker */
    uint64_t lookups, lookups_failed;
    uint64_t found, changed, store_failed; /* what was asked of the store */
    uint64_t setup[TND_NODE_SETUP_COUNT];  /* of tnd_node_stats */
    uint64_t changes_waiting;              /* now: for the store */
    uint64_t unsent, buffered; /* now: connections that do not take all; bytes of buffers */
    uint64_t rings;            /* now: bytes that wait between workers */
    struct tnd_latency_sum finding, changing; /* how long the store took */
};

void tnd_server_stats(const struct tnd_server *s, struct tnd_server_stats *ret);

/* Of any thread: what all workers have counted of their messages. */
void tnd_server_tally(const struct tnd_server *s, struct tnd_tally *ret);

/* Of any thread: the flight recorders of all workers, to be read as one, and freed before the server is
 * stopped. TND_ENONE: there are none; TND_ENOMEM. */
int tnd_server_tape(const struct tnd_server *s, struct tnd_tape **ret);

/* Records of why of a call, the oldest first: of each worker the newest TND_SERVER_WHY_COUNT_MAX. */
enum { TND_SERVER_WHY_COUNT_MAX = 256 };

struct tnd_server_whys {
    const struct tnd_why *list; /* at is microseconds since 1970-01-01 UTC */
    size_t count;
    int64_t since[2]; /* likewise; from then on all are kept: of requests that were answered with
                       * 2xx, and of all others */
};

/* Asks all workers, one question at a time. TND_ENOMEM: nothing was asked. */
int tnd_server_ask_why(struct tnd_server *s, struct tnd_slice call_id);

/* Readable when the last of them has answered: tnd_server_why() then. */
int tnd_server_why_fd(const struct tnd_server *s);

/* The answer, which borrows until the next question; the question ends. false: there is none now. Reads
 * tnd_server_why_fd() empty. */
bool tnd_server_why(struct tnd_server *s, struct tnd_server_whys *ret);

/* Ends the threads and closes everything, at once. Sets *s to NULL. Of NULL: fine. */
void tnd_server_stop(struct tnd_server **s);

#endif
