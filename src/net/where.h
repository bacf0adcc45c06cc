/* Where the connections are that peers have opened: each is one worker's, and a request of a call
 * that another worker has may have to go over it. A telephone over TCP that says the port of its
 * connection in its Contact can be reached by nothing else.
 *
 * A table that all workers share: a row says which flow goes to an endpoint. It is a hint: where rows
 * are short the newest stay, and a flow may have ended when it is used. Rows are read without a
 * lock, and written under one, which happens when connections come and go. */
#ifndef NET_WHERE_H
#define NET_WHERE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/siphash.h"
#include "net/flow.h"

struct tnd_where {
    struct tnd_siphash_key secret;
    pthread_mutex_t lock; /* of who writes */
    size_t count;         /* rows; a power of two */
    struct tnd_where_row {
        _Atomic uint64_t remote; /* a digest */
        _Atomic uint64_t flow;   /* 0: the row is free */
    } * rows;
};

enum { TND_WHERE_COUNT_MAX = 1 << 20 };

/* For about that many connections. TND_ENOMEM */
int tnd_where_init(struct tnd_where *w, const struct tnd_siphash_key *secret, size_t connections);

/* Of zero bytes: fine. */
void tnd_where_fini(struct tnd_where *w);

/* Those below: of NULL nothing is known, and nothing noted. */
void tnd_where_note(struct tnd_where *w, const struct tnd_endpoint *remote, uint64_t flow);
void tnd_where_forget(struct tnd_where *w, const struct tnd_endpoint *remote, uint64_t flow);

/* 0: there is none. */
uint64_t tnd_where_find(const struct tnd_where *w, const struct tnd_endpoint *remote);

#endif
