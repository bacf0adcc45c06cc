/* Reading: one entry in place, or all of them one after the other. */
#include <stdlib.h>

#include "db/inside.h"

struct tnd_db_reader {
    struct tnd_db *db;
    struct db_view *view;
};

int tnd_db_reader_new(struct tnd_db *db, struct tnd_db_reader **ret)
{
    struct tnd_db_reader *r = malloc(sizeof(*r));

    if (!r)
        return TND_ENOMEM;
    r->db = db;
    if (db->kv->driver->view_new(db->kv, &r->view)) {
        free(r);
        return TND_ENOMEM;
    }
    *ret = r;
    return 0;
}

void tnd_db_reader_free(struct tnd_db_reader **reader)
{
    if (!*reader)
        return;
    (*reader)->db->kv->driver->view_free((*reader)->view);
    free(*reader);
    *reader = NULL;
}

static int find(struct tnd_db_reader *r, struct tnd_slice aor, int64_t now, struct tnd_arena *a,
                struct tnd_entry *ret)
{
    const struct db_driver *driver = r->db->kv->driver;
    int err = driver->begin(r->view);

    if (err)
        return err;
    err = db_read_entry(r->view, aor, now, a, ret);
    driver->end(r->view);
    return err;
}

enum tnd_store_result tnd_db_find(struct tnd_db_reader *reader, struct tnd_slice aor, int64_t now,
                                  struct tnd_arena *a, struct tnd_entry *ret)
{
    return find(reader, aor, now, a, ret) ? TND_STORE_FAILED : TND_STORE_OK;
}

/* The address-of-record of the first record of this letter behind that of key. false: none, or
 * *err says why not. */
static bool first_behind(struct db_view *v, char letter, const struct db_key *key,
                         struct tnd_slice *ret, int *err)
{
    struct db_key from = *key;
    struct tnd_slice found, record;

    from.bytes[0] = letter;
    *err = v->kv->driver->next(v, db_key_slice(&from), &found, &record);
    if (*err || found.ptr[0] != letter)
        return false;
    *ret = tnd_slice(found.ptr + 1, found.len - 1);
    return true;
}

/* Moves key to the next address-of-record of which there is a record. */
static int step(struct db_view *v, struct db_key *key)
{
    static const char letters[] = {DB_BINDINGS, DB_FORWARDS, DB_USERS};
    struct tnd_slice best = {NULL, 0}, aor;

    for (size_t i = 0; i < sizeof(letters); i++) {
        int err;

        if (first_behind(v, letters[i], key, &aor, &err)) {
            if (!best.ptr || tnd_slice_cmp(aor, best) < 0)
                best = aor;
        } else if (err && err != TND_ENONE) {
            return err;
        }
    }
    if (!best.ptr)
        return TND_ENONE;
    if (best.len > TND_AOR_LEN_MAX)
        return TND_ESYNTAX;
    *key = db_key(DB_META, best);
    return 0;
}

/* The entry of the next address-of-record behind key, which becomes its. */
static int next_entry(struct tnd_db_reader *r, int64_t now, struct tnd_arena *a, struct db_key *key,
                      struct tnd_entry *ret)
{
    const struct db_driver *driver = r->db->kv->driver;
    int err = driver->begin(r->view);

    if (err)
        return err;
    err = step(r->view, key);
    struct tnd_slice aor = tnd_slice(key->bytes + 1, key->len - 1);
    err = err ? err : db_read_entry(r->view, aor, now, a, ret);
    driver->end(r->view);
    return err;
}

static bool is_empty(const struct tnd_entry *e)
{
    return !e->user && e->forward_count == 0 && e->binding_count == 0;
}

struct walk {
    bool (*visit)(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry);
    void *ctx;
    int64_t now;
};

/* Each step is a transaction of its own: a long one would keep LMDB from using pages again. */
static int walk(struct tnd_db_reader *r, const struct walk *w, struct tnd_arena *a,
                struct tnd_db_fault *ret_fault)
{
    struct db_key key = db_key(DB_META, tnd_slice(NULL, 0));
    struct tnd_entry entry;

    for (;;) {
        tnd_arena_reset(a);
        int err = next_entry(r, w->now, a, &key, &entry);
        struct tnd_slice aor = tnd_slice(key.bytes + 1, key.len - 1);
        if (err == TND_ENONE)
            return 0;
        if (err == TND_ESYNTAX)
            return db_fault_say(ret_fault, err,
                                "%s: the record of %.*s is damaged, or of a newer tandem; remove "
                                "that user to go on without",
                                r->db->where, TND_FMT(aor));
        if (err)
            return db_fault(ret_fault, r->db->kv->driver, r->db->where, err);
        if (!is_empty(&entry) && !w->visit(w->ctx, aor, &entry))
            return 0;
        key.bytes[key.len++] = '\0'; /* behind it */
    }
}

int tnd_db_walk(struct tnd_db *db, int64_t now,
                bool (*visit)(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry),
                void *ctx, struct tnd_db_fault *ret_fault)
{
    struct walk w = {visit, ctx, now};
    struct tnd_db_reader *r;
    struct tnd_arena a;

    if (tnd_db_reader_new(db, &r))
        return db_fault(ret_fault, db->kv->driver, db->where, TND_ENOMEM);
    db_arena_init(&a, NULL, 0);
    int err = walk(r, &w, &a, ret_fault);
    tnd_arena_fini(&a);
    tnd_db_reader_free(&r);
    return err;
}
