/* Applying changes: as many as there are in one transaction, so that one commit does for all. */
#include "db/inside.h"

struct batch {
    struct tnd_db *db;
    struct db_work *work;
    struct db_change *first, *end; /* up to and without end */
};

/* Sets result. Not 0: the transaction has failed. */
static int apply_one(struct db_work *work, struct db_change *c, struct db_view *v)
{
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
    if (!db_change_keep_after(c, count > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0)))
        return TND_ENOMEM;
    return db_put_record(v, DB_BINDINGS, c->aor, count, &w);
}

static int apply(void *ctx, struct db_view *v)
{
    const struct batch *b = ctx;

    for (struct db_change *c = b->first; c != b->end; c = c->next) {
        int err = apply_one(b->work, c, v);

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
void db_apply_changes(struct tnd_db *db, struct db_work *work, struct db_changes *changes)
{
    if (!run(&(struct batch){db, work, changes->first, NULL}))
        return;
    for (struct db_change *c = changes->first; c; c = c->next) {
        int err = run(&(struct batch){db, work, c, c->next});

        if (err)
            fail(db, c, err);
    }
}
