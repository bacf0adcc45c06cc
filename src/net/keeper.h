/* What a node asks of the store (TND_OUT_STORE), answered in its time (TND_IN_STORED). What is to
 * be found is read in place; what is to be changed goes to the writer of the store, and comes back
 * when it is kept for good. */
#ifndef NET_KEEPER_H
#define NET_KEEPER_H

#include "db/db.h"
#include "net/count.h"
#include "net/latency.h"

/* What may be asked before answers are taken: as much as a node puts out at once. */
enum { TND_KEEPER_COUNT_MAX = 4096 };

struct tnd_keeper_stats {
    tnd_count found, changed, failed; /* failed: of both */
    tnd_count lost;                   /* there was no room for it; it is never answered */
    struct tnd_latency finding;  /* of one in TND_KEEPER_SAMPLE: to look at the clock costs, too */
    struct tnd_latency changing; /* of one change at a time */
};

enum { TND_KEEPER_SAMPLE = 16 };

struct tnd_keeper {
    struct tnd_db_reader *reader; /* NULL: there is no store, and everything fails */
    struct tnd_db_queue *queue;
    struct tnd_arena a; /* of the answer in use */
    char *a_first;
    struct tnd_keeper_ask *asks; /* what can be answered at once, from first up to end */
    size_t first, end;
    size_t waiting;       /* changes that are on their way */
    uint64_t timed;       /* the token of one of them, whose way is timed */
    tnd_time timed_since; /* 0: none is */
    struct tnd_keeper_stats stats;
};

/* db may be NULL; wake is an eventfd to which is added when changes come back. Both are kept.
 * TND_ENOMEM: call fini. */
int tnd_keeper_init(struct tnd_keeper *k, struct tnd_db *db, int wake);

/* What is asked for is not answered any more. Of zero bytes is fine. */
void tnd_keeper_fini(struct tnd_keeper *k);

/* Copies op. It is answered, but not from within this call. */
void tnd_keeper_ask(struct tnd_keeper *k, const struct tnd_store_op *op, uint64_t token);

/* The next answer; it is there until the next call of this. false: none now. */
bool tnd_keeper_next(struct tnd_keeper *k, uint64_t *ret_token, struct tnd_store_answer *ret);

#endif
