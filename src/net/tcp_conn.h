/* One connection, for tcp*.c. */
#ifndef NET_TCP_CONN_H
#define NET_TCP_CONN_H

#include "net/tcp.h"
#include "tandem/transport/connection.h"

enum {
    TND_TCP_SCRATCH_SIZE = 65536,
    TND_TCP_LINGER_SIZE_MAX = 1 << 20, /* bytes that are thrown away of one who goes on sending */
};

/* A message, or the rest of one, that waits to be written. */
struct tnd_tcp_chunk {
    struct tnd_tcp_chunk *next;
    size_t len, written;
    tnd_time since;
    struct tnd_failed_send token;
    char bytes[];
};

enum tnd_tcp_stage {
    TND_TCP_CONNECTING,
    TND_TCP_OPEN,
    TND_TCP_DEAF,      /* the peer has ended its side, or where its next message would start is
                        * not known; it is still owed answers */
    TND_TCP_LINGERING, /* our side is ended. What comes is thrown away: to close at once would
                        * reset the connection, and our last words might get lost */
    TND_TCP_DEAD,      /* to be reaped */
};

struct tnd_tcp_conn {
    struct tnd_flow flow;
    struct tnd_connection connection;
    int fd;
    uint8_t stage; /* enum tnd_tcp_stage */
    bool closing;  /* when all is written */
    bool eof;      /* the peer has ended its side */
    bool is_by_remote;
    uint32_t events; /* asked of epoll */
    uint32_t owed;   /* requests that have no final response yet */
    struct tnd_map_node by_remote;
    struct tnd_link link;
    struct tnd_tcp_source *source;
    struct tnd_wheel_timer timer;
    tnd_time active;        /* when the last byte came or went */
    tnd_time message_since; /* when the message that is not whole began; -1: there is none */
    tnd_time stage_since;

    struct tnd_stream stream;
    char *in; /* what is kept of the input; NULL: nothing */
    size_t in_len, in_size;
    struct tnd_slice rest; /* while it is read: in in, or in the scratch */

    struct tnd_tcp_chunk *out_first, **out_last;
    size_t out_len;
    size_t discarded;
    struct tnd_tcp_conn *next_dead;
};

/* The connection with this id; NULL: it has ended. */
struct tnd_tcp_conn *tnd_tcp_find(const struct tnd_tcp *tcp, uint64_t id);

/* Ends c at once. What it had to write has failed. why, one of tcp->stats, is counted; or NULL. */
void tnd_tcp_die(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, tnd_count *why);

void tnd_tcp_enter(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, enum tnd_tcp_stage stage);

/* From now on c is not found by its far end: it takes what is sent by its flow only. */
void tnd_tcp_hide(struct tnd_tcp *tcp, struct tnd_tcp_conn *c);

/* After anything that may have changed what c waits for. */
void tnd_tcp_watch(struct tnd_tcp *tcp, struct tnd_tcp_conn *c);

/* When nothing is to be written any more: ends our side if c is to be closed. */
void tnd_tcp_settle(struct tnd_tcp *tcp, struct tnd_tcp_conn *c);

/* The source of a peer, one more of which there is. NULL: it has enough, or there is no memory. */
struct tnd_tcp_source *tnd_tcp_take_source(struct tnd_tcp *tcp, const struct tnd_endpoint *remote);

/* One less. Of NULL: fine. */
void tnd_tcp_give_source(struct tnd_tcp *tcp, struct tnd_tcp_source *source);

/* size bytes more are buffered. false: they may not be. */
bool tnd_tcp_may_buffer(struct tnd_tcp *tcp, size_t size);

/* Copies bytes behind what waits. After false c is dead. */
bool tnd_tcp_queue(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, struct tnd_slice bytes,
                   struct tnd_failed_send token);

/* Writes what waits, as far as it goes. */
void tnd_tcp_write(struct tnd_tcp *tcp, struct tnd_tcp_conn *c);

#endif
