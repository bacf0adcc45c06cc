/* What the files of db share: the opened store, its records, and the work area of who writes. */
#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/fault.h"

/* A key is a letter and the address-of-record; what is about the store itself has no address but
 * a name. Bindings come last: LMDB fills pages that grow at the end, and halves others. */
#define DB_META     '.'
#define DB_USERS    'A'
#define DB_FORWARDS 'F'
#define DB_BINDINGS 'R'

struct db_key {
    size_t len;
    char bytes[DB_RECORD_KEY_SIZE + 1]; /* one more, to look behind a key */
};

struct db_key db_key(char letter, struct tnd_slice aor);

static inline struct tnd_slice db_key_slice(const struct db_key *key)
{
    return tnd_slice(key->bytes, key->len);
}

/* Records as they are read: copies in a. Absent: there is none. TND_ESYNTAX: one is damaged,
 * TND_ENOMEM: a is over, or an error of the driver. */
int db_read_bindings(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                     struct tnd_binding **ret, size_t *ret_count);
int db_read_forwards(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                     struct tnd_forward **ret, size_t *ret_count);

int db_read_user(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                 struct tnd_user **ret);
int db_read_entry(struct db_view *v, struct tnd_slice aor, int64_t now, struct tnd_arena *a,
                  struct tnd_entry *ret);

/* Those that have not ended by now stay, in their order. */
size_t db_live_bindings(struct tnd_binding *bindings, size_t count, int64_t now);
size_t db_live_forwards(struct tnd_forward *forwards, size_t count, int64_t now);

/* Written. The record of count things, of which none is kept if there are none. */
int db_put_record(struct db_view *v, char letter, struct tnd_slice aor, size_t count,
                  const struct tnd_writer *record);

/* The same, written into w first. */
int db_write_bindings(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                      const struct tnd_binding *bindings, size_t count);
int db_write_forwards(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                      const struct tnd_forward *forwards, size_t count);
int db_write_user(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                  const struct tnd_user *user);

/* What one change needs for a while. */
struct db_work {
    struct tnd_arena arena; /* what is read */
    struct tnd_binding after[TND_BINDING_COUNT_MAX];
    char record[TND_BINDINGS_RECORD_MAX]; /* the longest of them */
    char first[32 << 10];
};

/* NULL: no memory. */
struct db_work *db_work_new(void);
void db_work_free(struct db_work *work);

static inline struct tnd_writer db_work_writer(struct db_work *work)
{
    return tnd_writer(work->record, sizeof(work->record));
}

/* An arena for an entry of any size, in first and the heap. */
void db_arena_init(struct tnd_arena *a, void *first, size_t size);

/* A change on its way: put into a queue, taken by the writer, given back. */
struct db_change {
    struct db_change *next;
    struct tnd_db_queue *queue;
    uint64_t token;
    struct tnd_slice aor;
    int64_t now;
    struct tnd_binding_change change;
    enum tnd_store_result result;
    struct tnd_slice after; /* the record of the bindings that are there then: in room, or, if it is
                             * longer, of the heap */
    char *room;
    size_t room_size;
    struct tnd_binding contacts[]; /* and behind them the texts, and room */
};

/* Copies the record; an empty one: there is nothing. false: no memory. */
bool db_change_keep_after(struct db_change *c, struct tnd_slice record);

struct db_changes {
    struct db_change *first, **last;
};

void db_changes_init(struct db_changes *list);
void db_changes_add(struct db_changes *list, struct db_change *c);

/* The first; NULL: there is none. */
struct db_change *db_changes_take(struct db_changes *list);

/* All of from go behind those of to. */
void db_changes_move(struct db_changes *to, struct db_changes *from);

/* Gives them back to the queues that they came from. */
void db_queue_give(struct db_changes *done);

struct db_sweep {
    struct db_key at; /* to look at next */
};

struct tnd_db {
    struct db_kv *kv;
    char *where; /* for lines */
    unsigned char key[TND_DB_KEY_SIZE];
    uint64_t life;

    /* The writer. */
    pthread_t thread;
    struct db_work *work;
    struct db_view *view; /* of the sweep */
    struct db_sweep sweep;
    struct tnd_db_log log;
    int64_t
        gather_until; /* microseconds that the system runs: no longer for those that are wanted */

    pthread_mutex_t lock;  /* of what follows */
    int64_t complained_at; /* seconds that the system runs */
    pthread_cond_t news;
    struct db_changes waiting;
    size_t waiting_count, wanted; /* the writer is not woken before there are so many */
    bool is_asleep;
    atomic_bool is_running; /* looked at without the lock too */
};

/* Opens what kv has. Takes kv, also if there is an error. */
int db_open_kv(struct db_kv *kv, const char *where, struct tnd_db_fault *ret_fault,
               struct tnd_db **ret);

/* Sets life, and keeps it. */
int db_begin_life(struct tnd_db *db);

/* Applies changes in one transaction, or, where that fails, each in its own. work is the caller's. */
void db_apply_changes(struct tnd_db *db, struct db_work *work, struct db_changes *changes);

void db_sweep_begin(struct db_sweep *s);

/* Looks at some records, and removes of them what has ended. true: there was so much that it
 * should be called again soon. */
bool db_sweep(struct tnd_db *db, int64_t now);

/* Tells the log that what is registered of aor could not be changed; once in a while only. From any
 * thread. */
void db_complain(struct tnd_db *db, struct tnd_slice aor, int err);

#endif
