/* Opening a store: which driver has it, whose it is, and its key. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "db/inside.h"

enum { FORMAT = 1 }; /* of all records of a store together; a newer one is not opened */

/* What says that a store is ours. */
struct meta {
    char magic[6];
    unsigned char format;
    unsigned char key[TND_DB_KEY_SIZE];
};

static const char magic[] = "tandem";

static struct db_key meta_key(const char *name)
{
    return db_key(DB_META, tnd_slice_str(name));
}

static bool is_meta(struct tnd_slice record, struct meta *ret)
{
    if (record.len < sizeof(*ret) || memcmp(record.ptr, magic, sizeof(ret->magic)) != 0)
        return false;
    memcpy(ret, record.ptr, sizeof(*ret));
    return true;
}

/* TND_ENONE: it is new. TND_EEXISTS: something of somebody else is there. */
static int read_meta(struct db_view *v, struct meta *ret)
{
    const struct db_driver *driver = v->kv->driver;
    struct db_key key = meta_key("store");
    struct tnd_slice first, record;
    int err = driver->get(v, db_key_slice(&key), &record);

    if (!err)
        return is_meta(record, ret) ? 0 : TND_EEXISTS;
    if (err != TND_ENONE)
        return err;
    err = driver->next(v, TND_STR("\0"), &first, &record);
    return err ? err : TND_EEXISTS;
}

/* Unless another process has done it by now. */
static int make_meta(void *ctx, struct db_view *v)
{
    struct db_key key = meta_key("store");
    struct meta *meta = ctx;
    int err = read_meta(v, meta);

    if (err != TND_ENONE)
        return err;
    memcpy(meta->magic, magic, sizeof(meta->magic));
    meta->format = FORMAT;
    if (getrandom(meta->key, sizeof(meta->key), 0) != (ssize_t)sizeof(meta->key))
        abort(); /* up to 256 bytes come whole (getrandom(2)) */
    return v->kv->driver->put(v, db_key_slice(&key), tnd_slice((const char *)meta, sizeof(*meta)));
}

static int look_for_meta(struct db_kv *kv, struct meta *ret)
{
    struct db_view *v;
    int err = kv->driver->view_new(kv, &v);

    if (err)
        return err;
    err = kv->driver->begin(v);
    if (!err) {
        err = read_meta(v, ret);
        kv->driver->end(v);
    }
    kv->driver->view_free(v);
    return err;
}

static int take_meta(struct tnd_db *db, struct tnd_db_fault *ret_fault)
{
    struct meta meta;
    int err = look_for_meta(db->kv, &meta);

    if (err == TND_ENONE)
        err = db->kv->driver->write(db->kv, make_meta, &meta);
    if (err == TND_EEXISTS)
        return db_fault_say(
            ret_fault, err,
            "%s: holds the data of another program; keep the store elsewhere (--store)", db->where);
    if (err)
        return db_fault(ret_fault, db->kv->driver, db->where, err);
    if (meta.format > FORMAT)
        return db_fault_say(
            ret_fault, TND_ESYNTAX,
            "%s: was written by a newer tandem (format %u, here up to %d); run that "
            "one, or keep the store elsewhere (--store)",
            db->where, meta.format, FORMAT);
    memcpy(db->key, meta.key, sizeof(db->key));
    return 0;
}

/* One more than the last; a number of eight bytes, the low ones first. */
static int count_life(void *ctx, struct db_view *v)
{
    struct db_key key = meta_key("life");
    uint64_t *life = ctx;
    struct tnd_slice record;
    unsigned char bytes[8] = {0};
    int err = v->kv->driver->get(v, db_key_slice(&key), &record);

    if (err && err != TND_ENONE)
        return err;
    if (!err && record.len == sizeof(bytes))
        memcpy(bytes, record.ptr, sizeof(bytes));
    *life = 1;
    for (unsigned i = 0; i < sizeof(bytes); i++)
        *life += (uint64_t)bytes[i] << 8 * i;
    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(*life >> 8 * i);
    return v->kv->driver->put(v, db_key_slice(&key), tnd_slice((char *)bytes, sizeof(bytes)));
}

int db_begin_life(struct tnd_db *db)
{
    return db->kv->driver->write(db->kv, count_life, &db->life);
}

/* "lmdb:/DIRECTORY", "/DIRECTORY" or "memory:". */
static int open_driver(const char *url, struct tnd_db_fault *ret_fault, struct db_kv **ret)
{
    if (strcmp(url, "memory:") == 0)
        return db_memory_open(ret_fault, ret);
    if (strncmp(url, "lmdb:/", 6) == 0)
        url += 5;
    if (url[0] == '/')
        return db_lmdb_open(url, 0, ret_fault, ret);
    if (strncmp(url, "redis:", 6) == 0)
        return db_fault_say(ret_fault, TND_ENONE,
                            "%s: Redis is not yet available; use lmdb:/DIRECTORY", url);
    return db_fault_say(ret_fault, TND_ESYNTAX,
                        "%s: is no store; use lmdb:/DIRECTORY or memory:", url);
}

static void init_waiting(struct tnd_db *db)
{
    pthread_condattr_t monotonic;

    db_changes_init(&db->waiting);
    pthread_mutex_init(&db->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&db->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

int db_open_kv(struct db_kv *kv, const char *where, struct tnd_db_fault *ret_fault,
               struct tnd_db **ret)
{
    struct tnd_db *db = calloc(1, sizeof(*db));

    if (!db || !(db->where = strdup(where))) {
        db_fault(ret_fault, kv->driver, where, TND_ENOMEM);
        kv->driver->close(kv);
        free(db);
        return TND_ENOMEM;
    }
    db->kv = kv;
    init_waiting(db);
    int err = take_meta(db, ret_fault);
    if (err)
        tnd_db_close(&db);
    else
        *ret = db;
    return err;
}

int tnd_db_open(const char *url, struct tnd_db_fault *ret_fault, struct tnd_db **ret)
{
    struct db_kv *kv;
    int err = open_driver(url, ret_fault, &kv);

    return err ? err : db_open_kv(kv, url, ret_fault, ret);
}

void tnd_db_close(struct tnd_db **db)
{
    struct tnd_db *d = *db;

    if (!d)
        return;
    tnd_db_stop(d);
    d->kv->driver->close(d->kv);
    pthread_cond_destroy(&d->news);
    pthread_mutex_destroy(&d->lock);
    free(d->where);
    free(d);
    *db = NULL;
}

const unsigned char *tnd_db_key(const struct tnd_db *db)
{
    return db->key;
}

uint64_t tnd_db_life(const struct tnd_db *db)
{
    return db->life;
}
