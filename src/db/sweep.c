/* Sweeping: what has ended is removed.
 *
 * A slow walk over all records, some thousands at a time, and some hundreds removed with one
 * commit. An index by time was rejected: it would cost memory for each binding, and each refresh
 * would change two more places of the tree, of which commits are made; the walk costs a refresh
 * nothing, and nobody waits for what it does, for readers leave out what has ended. */
#include <stdlib.h>

#include "db/inside.h"

enum {
    READ_COUNT_MAX = 4096,  /* about a millisecond */
    REMOVE_COUNT_MAX = 256, /* each may be a page of its own */
};

/* Keys of records in which something has ended. */
struct ended {
    struct tnd_db *db;
    int64_t now;
    size_t count;
    struct db_key keys[REMOVE_COUNT_MAX];
};

/* Damaged ones are left to who reads them. */
static bool has_ended(struct tnd_db *db, char letter, struct tnd_slice record, int64_t now)
{
    struct tnd_arena *a = &db->work->arena;
    struct tnd_binding *bindings;
    struct tnd_forward *forwards;
    size_t count;

    tnd_arena_reset(a);
    if (letter == DB_BINDINGS)
        return !tnd_bindings_record_read(record, a, &bindings, &count) &&
               db_live_bindings(bindings, count, now) < count;
    return !tnd_forwards_record_read(record, a, &forwards, &count) &&
           db_live_forwards(forwards, count, now) < count;
}

/* What may end comes last. */
_Static_assert(DB_META < DB_FORWARDS && DB_USERS < DB_FORWARDS && DB_FORWARDS < DB_BINDINGS,
               "the order of the letters");

void db_sweep_begin(struct db_sweep *s)
{
    s->at = db_key(DB_FORWARDS, tnd_slice(NULL, 0));
}

/* Looks on from where it stopped. At the end it begins anew. */
static void look(struct tnd_db *db, struct ended *e)
{
    struct tnd_slice key, record;
    struct db_key *at = &db->sweep.at;

    for (int i = 0; i < READ_COUNT_MAX && e->count < REMOVE_COUNT_MAX; i++) {
        int err = db->kv->driver->next(db->view, db_key_slice(at), &key, &record);

        if (err || key.len > DB_RECORD_KEY_SIZE) {
            db_sweep_begin(&db->sweep);
            return;
        }
        *at = db_key(key.ptr[0], tnd_slice(key.ptr + 1, key.len - 1));
        if (has_ended(db, key.ptr[0], record, e->now))
            e->keys[e->count++] = *at;
        at->bytes[at->len++] = '\0'; /* behind it */
    }
}

static int remove_bindings(struct ended *e, struct db_view *v, struct tnd_slice aor)
{
    struct tnd_writer w = db_work_writer(e->db->work);
    struct tnd_binding *bindings = NULL;
    size_t count;
    int err = db_read_bindings(v, aor, &e->db->work->arena, &bindings, &count);

    return err ? err
               : db_write_bindings(v, aor, &w, bindings, db_live_bindings(bindings, count, e->now));
}

static int remove_forwards(struct ended *e, struct db_view *v, struct tnd_slice aor)
{
    struct tnd_writer w = db_work_writer(e->db->work);
    struct tnd_forward *forwards = NULL;
    size_t count;
    int err = db_read_forwards(v, aor, &e->db->work->arena, &forwards, &count);

    return err ? err
               : db_write_forwards(v, aor, &w, forwards, db_live_forwards(forwards, count, e->now));
}

/* What is there by now: it may have been refreshed. */
static int remove_ended(void *ctx, struct db_view *v)
{
    struct ended *e = ctx;

    for (size_t i = 0; i < e->count; i++) {
        struct tnd_slice aor = tnd_slice(e->keys[i].bytes + 1, e->keys[i].len - 1);

        tnd_arena_reset(&e->db->work->arena);
        int err = e->keys[i].bytes[0] == DB_BINDINGS ? remove_bindings(e, v, aor)
                                                     : remove_forwards(e, v, aor);
        if (err)
            return err;
    }
    return 0;
}

/* If nothing can be removed, neither can anything be added: then that is told. */
bool db_sweep(struct tnd_db *db, int64_t now)
{
    const struct db_driver *driver = db->kv->driver;
    struct ended *e = malloc(sizeof(*e));
    bool is_full = false;

    if (!e)
        return false;
    e->db = db;
    e->now = now;
    e->count = 0;
    driver->tidy(db->kv);
    if (!driver->begin(db->view)) {
        look(db, e);
        driver->end(db->view);
    }
    if (e->count > 0)
        is_full = !driver->write(db->kv, remove_ended, e) && e->count == REMOVE_COUNT_MAX;
    free(e);
    return is_full;
}
