/* Transactions of LMDB, which many may read at once, also in other processes, and one may write.
 *
 * The map has a size; when it is full it is made larger. That moves it, so no transaction of this
 * process may be open then. A reader has a lock of its own, taken for as long as it reads: nobody
 * else asks for it but who moves the map. */
#include "db/lmdb_env.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/assert.h"

struct lmdb_view {
    struct db_view view;
    MDB_txn *txn;         /* a reader's is reset between end and begin */
    pthread_mutex_t lock; /* of a reader */
    struct lmdb_view *next, **link;
};

static struct db_lmdb *lmdb_of(struct db_view *v)
{
    return (struct db_lmdb *)v->kv;
}

static MDB_val val(struct tnd_slice s)
{
    return (MDB_val){s.len, (void *)(uintptr_t)s.ptr};
}

static struct tnd_slice slice_of(MDB_val v)
{
    return tnd_slice(v.mv_data, v.mv_size);
}

/* There is none is what everybody asks about. */
static int error_of(int err)
{
    return err == MDB_NOTFOUND ? TND_ENONE : err == ENOMEM ? TND_ENOMEM : err;
}

/* Nobody reads from one to the other. */
static void stop_readers(struct db_lmdb *l)
{
    pthread_mutex_lock(&l->views_lock);
    for (struct lmdb_view *v = l->views; v; v = v->next)
        pthread_mutex_lock(&v->lock);
}

static void let_readers_go_on(struct db_lmdb *l)
{
    for (struct lmdb_view *v = l->views; v; v = v->next)
        pthread_mutex_unlock(&v->lock);
    pthread_mutex_unlock(&l->views_lock);
}

/* If the map cannot be moved, LMDB has none any more. */
static int set_map_size(struct db_lmdb *l, size_t size)
{
    stop_readers(l);
    int err = l->lost = l->lost ? l->lost : mdb_env_set_mapsize(l->env, size);
    let_readers_go_on(l);
    return err;
}

/* LMDB lets go of the old map before it asks for the new one. */
static bool has_room_for(size_t size)
{
    void *map = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return map != MAP_FAILED && munmap(map, size) == 0;
}

int db_lmdb_grow(struct db_lmdb *l)
{
    MDB_envinfo info;

    mdb_env_info(l->env, &info);
    size_t size = 2 * info.me_mapsize;
    return has_room_for(size) ? set_map_size(l, size) : MDB_MAP_FULL;
}

int db_lmdb_follow(struct db_lmdb *l)
{
    return set_map_size(l, 0);
}

static int begin(struct db_view *view)
{
    struct lmdb_view *v = (struct lmdb_view *)view;
    struct db_lmdb *l = lmdb_of(view);
    int err;

    pthread_mutex_lock(&v->lock);
    while ((err = l->lost ? l->lost : mdb_txn_renew(v->txn)) == MDB_MAP_RESIZED) {
        pthread_mutex_unlock(&v->lock);
        pthread_mutex_lock(&l->writing);
        err = db_lmdb_follow(l);
        pthread_mutex_unlock(&l->writing);
        if (err)
            return error_of(err);
        pthread_mutex_lock(&v->lock);
    }
    if (err)
        pthread_mutex_unlock(&v->lock);
    return error_of(err);
}

static void end(struct db_view *view)
{
    struct lmdb_view *v = (struct lmdb_view *)view;

    mdb_txn_reset(v->txn);
    pthread_mutex_unlock(&v->lock);
}

/* A reader has a place in a table of LMDB. Those of processes that died are cleared if none is
 * free; that of a txn that is reset is kept. */
static int begin_first(struct db_lmdb *l, MDB_txn **ret)
{
    int err = l->lost ? l->lost : mdb_txn_begin(l->env, NULL, MDB_RDONLY, ret), dead;

    if (err == MDB_MAP_RESIZED && !(err = db_lmdb_follow(l)))
        err = mdb_txn_begin(l->env, NULL, MDB_RDONLY, ret);
    if (err == MDB_READERS_FULL && !(err = mdb_reader_check(l->env, &dead)))
        err = mdb_txn_begin(l->env, NULL, MDB_RDONLY, ret);
    if (!err)
        mdb_txn_reset(*ret);
    return error_of(err);
}

int db_lmdb_reopen(struct db_lmdb *l)
{
    stop_readers(l);
    for (struct lmdb_view *v = l->views; v; v = v->next) {
        mdb_txn_abort(v->txn);
        v->txn = NULL;
    }
    db_lmdb_close_env(l);
    int err = db_lmdb_open_env(l, 0);
    l->lost = 0;
    for (struct lmdb_view *v = l->views; !err && v; v = v->next)
        err = begin_first(l, &v->txn);
    l->lost = err;
    let_readers_go_on(l);
    return err;
}

static void link_view(struct db_lmdb *l, struct lmdb_view *v)
{
    pthread_mutex_lock(&l->views_lock);
    v->next = l->views;
    v->link = &l->views;
    if (v->next)
        v->next->link = &v->next;
    l->views = v;
    pthread_mutex_unlock(&l->views_lock);
}

static void unlink_view(struct db_lmdb *l, struct lmdb_view *v)
{
    pthread_mutex_lock(&l->views_lock);
    *v->link = v->next;
    if (v->next)
        v->next->link = v->link;
    pthread_mutex_unlock(&l->views_lock);
}

static int view_new(struct db_kv *kv, struct db_view **ret)
{
    struct db_lmdb *l = (struct db_lmdb *)kv;
    struct lmdb_view *v = calloc(1, sizeof(*v));

    if (!v)
        return TND_ENOMEM;
    v->view.kv = kv;
    pthread_mutex_init(&v->lock, NULL);
    pthread_mutex_lock(&l->writing); /* the map stays where it is */
    int err = begin_first(l, &v->txn);
    if (!err)
        link_view(l, v);
    pthread_mutex_unlock(&l->writing);
    if (err) {
        pthread_mutex_destroy(&v->lock);
        free(v);
        return err;
    }
    *ret = &v->view;
    return 0;
}

static void view_free(struct db_view *view)
{
    struct lmdb_view *v = (struct lmdb_view *)view;

    unlink_view(lmdb_of(view), v);
    mdb_txn_abort(v->txn);
    pthread_mutex_destroy(&v->lock);
    free(v);
}

static int get(struct db_view *view, struct tnd_slice key, struct tnd_slice *ret)
{
    MDB_val k = val(key), data;
    int err = mdb_get(((struct lmdb_view *)view)->txn, lmdb_of(view)->dbi, &k, &data);

    if (!err)
        *ret = slice_of(data);
    return error_of(err);
}

static int next(struct db_view *view, struct tnd_slice from, struct tnd_slice *ret_key,
                struct tnd_slice *ret)
{
    MDB_val k = val(from), data;
    MDB_cursor *cursor;
    int err = mdb_cursor_open(((struct lmdb_view *)view)->txn, lmdb_of(view)->dbi, &cursor);

    if (err)
        return error_of(err);
    err = mdb_cursor_get(cursor, &k, &data, MDB_SET_RANGE);
    mdb_cursor_close(cursor);
    if (!err) {
        *ret_key = slice_of(k);
        *ret = slice_of(data);
    }
    return error_of(err);
}

static int put(struct db_view *view, struct tnd_slice key, struct tnd_slice value)
{
    MDB_val k = val(key), data = val(value);

    return error_of(mdb_put(((struct lmdb_view *)view)->txn, lmdb_of(view)->dbi, &k, &data, 0));
}

static int remove_record(struct db_view *view, struct tnd_slice key)
{
    MDB_val k = val(key);

    return error_of(mdb_del(((struct lmdb_view *)view)->txn, lmdb_of(view)->dbi, &k, NULL));
}

static int write_once(struct db_lmdb *l, db_apply *apply, void *ctx)
{
    struct lmdb_view v = {.view = {&l->kv}};
    int err = l->lost ? db_lmdb_reopen(l) : 0;

    err = err ? err : mdb_txn_begin(l->env, NULL, 0, &v.txn);
    if (err)
        return err;
    err = apply(ctx, &v.view);
    if (!err) {
        db_lmdb_lengthen(l);
        return mdb_txn_commit(v.txn);
    }
    mdb_txn_abort(v.txn);
    return err;
}

/* A commit may fail where LMDB does not forgive that. */
static bool is_dead(struct db_lmdb *l)
{
    MDB_txn *txn = NULL;
    int err = l->lost ? l->lost : mdb_txn_begin(l->env, NULL, MDB_RDONLY, &txn);

    mdb_txn_abort(txn);
    return !l->lost && err == MDB_PANIC;
}

static int write_records(struct db_kv *kv, db_apply *apply, void *ctx)
{
    struct db_lmdb *l = (struct db_lmdb *)kv;
    int err;

    pthread_mutex_lock(&l->writing);
    for (;;) {
        err = write_once(l, apply, ctx);
        if (err != MDB_MAP_FULL && err != MDB_MAP_RESIZED)
            break;
        err = err == MDB_MAP_FULL ? db_lmdb_grow(l) : db_lmdb_follow(l);
        if (err)
            break;
    }
    if (err && is_dead(l))
        db_lmdb_reopen(l); /* if it cannot, the next write tries again */
    pthread_mutex_unlock(&l->writing);
    return error_of(err);
}

static void tidy(struct db_kv *kv)
{
    struct db_lmdb *l = (struct db_lmdb *)kv;
    int dead;

    pthread_mutex_lock(&l->writing); /* nobody opens it again meanwhile */
    if (!l->lost)
        mdb_reader_check(l->env, &dead); /* if it cannot: the next time */
    pthread_mutex_unlock(&l->writing);
}

static void close_env(struct db_kv *kv)
{
    struct db_lmdb *l = (struct db_lmdb *)kv;

    TND_ASSERT(!l->views);
    db_lmdb_close_env(l);
    pthread_mutex_destroy(&l->writing);
    pthread_mutex_destroy(&l->views_lock);
    free(l->path);
    free(l);
}

static const char *explain(int err)
{
    return mdb_strerror(err);
}

const struct db_driver db_lmdb_driver = {
    .close = close_env,
    .explain = explain,
    .view_new = view_new,
    .view_free = view_free,
    .begin = begin,
    .end = end,
    .get = get,
    .next = next,
    .put = put,
    .remove = remove_record,
    .write = write_records,
    .tidy = tidy,
};
