/* Applying changes: as many as there are in one transaction, so that one commit does for all. */
#include <stdlib.h>

#include "db/inside.h"

struct batch {
    struct tnd_db *db;
    struct db_change *first, *end; /* up to and without end */
};

/* A copy of what was written, for the answer. */
static bool keep_after(struct db_change *c, struct tnd_slice record, size_t count)
{
    free((char *)(uintptr_t)c->after.ptr);
    c->after = tnd_slice(NULL, 0);
    if (count == 0)
        return true;
    char *copy = malloc(record.len);
    if (!copy)
        return false;
    memcpy(copy, record.ptr, record.len);
    c->after = tnd_slice(copy, record.len);
    return true;
}

/* Sets result. Not 0: the transaction has failed. */
static int apply_one(struct tnd_db *db, struct db_change *c, struct db_view *v)
{
    struct db_work *work = db->work;
    struct tnd_writer w = db_work_writer(work);
    struct tnd_binding *before = NULL;
    size_t count;

    tnd_arena_reset(&work->arena);
    c->result = TND_STORE_FAILED;
    int err = db_read_bindings(v, c->aor, &work->arena, &before, &count);
    if (err)
        return err;
    c->result = tnd_bindings_change(before, count, &c->change, c->now, work->after, &count);
    if (c->result != TND_STORE_OK)
        return 0;
    tnd_bindings_record_write(&w, work->after, count);
    if (!keep_after(c, tnd_writer_slice(&w), count))
        return TND_ENOMEM;
    return db_put_record(v, DB_BINDINGS, c->aor, count, &w);
}

static int apply(void *ctx, struct db_view *v)
{
    const struct batch *b = ctx;

    for (struct db_change *c = b->first; c != b->end; c = c->next) {
        int err = apply_one(b->db, c, v);

        if (err)
            return err;
    }
    return 0;
}

static int run(struct batch *b)
{
    return b->db->kv->driver->write(b->db->kv, apply, b);
}

static void fail(struct tnd_db *db, struct db_change *c, int err)
{
    c->result = TND_STORE_FAILED;
    db_complain(db, c->aor, err);
}

/* A record that is damaged, or more new pages than are left of the disk, need not be the end for
 * all: then each is tried alone. */
void db_apply_changes(struct tnd_db *db, struct db_changes *changes)
{
    if (!run(&(struct batch){db, changes->first, NULL}))
        return;
    for (struct db_change *c = changes->first; c; c = c->next) {
        int err = run(&(struct batch){db, c, c->next});

        if (err)
            fail(db, c, err);
    }
}
