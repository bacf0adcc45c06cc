/* The store of a server, opened: what tandem/store.h describes, kept in LMDB or in memory.
 *
 *     tnd_db_open()                   a command, the web         a worker of the server
 *                                     tnd_db_put_user() ...      tnd_db_find()        at once
 *                                     tnd_db_walk()              tnd_db_queue_put()   and later
 *     tnd_db_close()                                             tnd_db_queue_next()
 *
 * Who reads does so where the record lies, in his own thread, and waits for nobody. Who changes
 * either waits until it is kept for good (the calls with a fault), or puts an operation into his
 * queue: one thread, the writer, takes all that wait, applies them one after the other in one
 * transaction, commits that once, and gives back the answers. A store in memory needs no such
 * thread: who puts applies.
 *
 * Several processes may have one LMDB store open: a command works while the server runs. One
 * process opens it once, and not over a fork().
 *
 * What has ended is not seen by anybody, and is swept away in time. */
#ifndef DB_DB_H
#define DB_DB_H

#include "tandem/store.h"

struct tnd_db;

enum {
    TND_DB_KEY_SIZE = 16,
    TND_DB_FAULT_SIZE = 4096 + 512, /* a path and a sentence */
    TND_DB_QUEUE_COUNT_MAX = 4096,  /* changes of one queue that wait, or whose answers do */
};

/* One line for a person: what is wrong, where, and what to do. Terminated. */
struct tnd_db_fault {
    char text[TND_DB_FAULT_SIZE];
};

/* Opens "lmdb:/DIRECTORY", "/DIRECTORY" or "memory:". What is not there of the directory is made,
 * for its owner alone. A store that is new gets its key. 0, or negative: ret_fault says why, ret is
 * untouched. */
int tnd_db_open(const char *url, struct tnd_db_fault *ret_fault, struct tnd_db **ret);

/* Stops it. Its readers and queues are freed already. Sets *db to NULL. Of NULL: fine. */
void tnd_db_close(struct tnd_db **db);

/* TND_DB_KEY_SIZE secret bytes of this store: drawn when it was made, the same ever after. Tags,
 * branches and nonces are derived from it, so that a server that was started again knows its own.
 * Borrows until close. */
const unsigned char *tnd_db_key(const struct tnd_db *db);

/* Reading. A reader is of one thread at a time. */
struct tnd_db_reader;

/* TND_ENOMEM: no memory, or there are too many readers; ret is untouched. */
int tnd_db_reader_new(struct tnd_db *db, struct tnd_db_reader **ret);

/* Sets *reader to NULL. Of NULL: fine. */
void tnd_db_reader_free(struct tnd_db_reader **reader);

/* What is kept of aor, without what has ended by now; of one that is not known: nothing of
 * anything. Everything in ret is in a. TND_STORE_FAILED: it cannot be read, or a is over; ret is
 * untouched. */
enum tnd_store_result tnd_db_find(struct tnd_db_reader *reader, struct tnd_slice aor, int64_t now,
                                  struct tnd_arena *a, struct tnd_entry *ret);

/* Changing, and waiting until it is kept for good. From any thread, and beside the server in
 * another process. All return 0, or negative: then nothing has changed, and ret_fault says why
 * (TND_ENONE too).
 *
 * aor is as tnd_aor_write() has it; users and forwards keep to the bounds of tandem/store.h. */

/* Adds the user, or replaces the one that was there. */
int tnd_db_put_user(struct tnd_db *db, struct tnd_slice aor, const struct tnd_user *user,
                    struct tnd_db_fault *ret_fault);

/* Adds the forward, or replaces the one with the same `when`. What has ended by now goes. */
int tnd_db_put_forward(struct tnd_db *db, struct tnd_slice aor, const struct tnd_forward *forward,
                       int64_t now, struct tnd_db_fault *ret_fault);

/* Removes the forward with this `when` (enum tnd_forward_when), or all of them
 * (TND_FORWARD_WHEN_COUNT). TND_ENONE: there was none. */
int tnd_db_remove_forward(struct tnd_db *db, struct tnd_slice aor, unsigned when, int64_t now,
                          struct tnd_db_fault *ret_fault);

/* What is kept of one address-of-record, in parts. */
enum tnd_db_part {
    TND_DB_USER = 1,
    TND_DB_FORWARDS = 2,
    TND_DB_BINDINGS = 4,
};

/* Removes these parts, or-ed together, all at once. TND_ENONE: none of them was there. */
int tnd_db_remove(struct tnd_db *db, struct tnd_slice aor, unsigned parts,
                  struct tnd_db_fault *ret_fault);

/* Calls visit for each address-of-record of which something is kept, in the order of their bytes,
 * without what has ended by now. aor and entry are good until visit returns; false: it wants no
 * more. visit may change the store. Each entry is of one instant, not all of them of the same. */
int tnd_db_walk(struct tnd_db *db, int64_t now,
                bool (*visit)(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry),
                void *ctx, struct tnd_db_fault *ret_fault);

/* What goes wrong while nobody waits for an answer that could say it: one line, from the thread
 * that writes; of a store in memory from any. */
struct tnd_db_log {
    void (*say)(void *ctx, const char *line);
    void *ctx;
};

/* Begins the life of a server: notes that in the store, which so is known to take changes, and
 * starts the thread that applies what is put into queues, and sweeps. Every signal is blocked in
 * it. Copies log; its ctx is kept until stop. 0, or negative: ret_fault says why. */
int tnd_db_start(struct tnd_db *db, const struct tnd_db_log *log, struct tnd_db_fault *ret_fault);

/* Applies what waits, then ends the thread. Of one that was not started: fine. */
void tnd_db_stop(struct tnd_db *db);

/* Of the life that was begun last: no other one of this store has the same; never 0. */
uint64_t tnd_db_life(const struct tnd_db *db);

/* A queue is of one thread: changes go in, their answers come out, in the same order. */
struct tnd_db_queue;

/* Whenever answers have come out, 1 is added to wake, an eventfd that is kept. TND_ENOMEM: ret is
 * untouched. */
int tnd_db_queue_new(struct tnd_db *db, int wake, struct tnd_db_queue **ret);

/* What was put into it is applied, but not answered any more. Sets *queue to NULL. Of NULL: fine. */
void tnd_db_queue_free(struct tnd_db_queue **queue);

/* Puts a TND_STORE_CHANGE; copies it. It waits until it is sent, or the next answer is asked for.
 * false: there is no room (TND_DB_QUEUE_COUNT_MAX) or no memory, or nobody who writes; it has
 * FAILED, and no answer comes. */
bool tnd_db_queue_put(struct tnd_db_queue *queue, const struct tnd_store_op *op, uint64_t token);

/* Sends what was put: all of it together. */
void tnd_db_queue_send(struct tnd_db_queue *queue);

/* The next answer: of a change that is kept for good, or that is not and never will be. Good until
 * the next call, as far as it is not in a. false: there is none now. */
bool tnd_db_queue_next(struct tnd_db_queue *queue, struct tnd_arena *a, uint64_t *ret_token,
                       struct tnd_store_answer *ret);

#endif
