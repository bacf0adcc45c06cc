/* The driver for tests, and for who wants nothing kept: records in a skip list (Pugh, 1990), gone when
 * the program ends.
 *
 * A write changes the list in place, alone, and notes in each record what was there before; a
 * record without a value is not there. At the end either the old values go, or the new ones. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/random.h"
#include "db/fault.h"

#include <pthread.h>

enum { HEIGHT_MAX = 12 }; /* for 4^12 records */

struct record {
    struct tnd_slice key, value; /* value absent: it is not there */
    struct tnd_slice before;     /* of changed: the value that it had */
    bool is_changed;
    struct record *changed; /* the next of those */
    unsigned height;
    struct record *next[]; /* and behind them the key */
};

/* What a write has looked for last: mostly that is what it puts next. */
struct memory_view {
    struct db_view view;
    struct record *last; /* NULL: none */
};

struct memory {
    struct db_kv kv;
    pthread_rwlock_t lock; /* a write has it alone */
    struct tnd_random random;
    struct record *first[HEIGHT_MAX];
    struct record *changed;
};

/* Whose links lead to the place of a key, at each height. */
struct place {
    struct record **link[HEIGHT_MAX];
};

static struct memory *memory_of(struct db_view *v)
{
    return (struct memory *)v->kv;
}

/* Returns the first record at or behind key; NULL: there is none. */
static struct record *find(struct memory *m, struct tnd_slice key, struct place *ret)
{
    struct record **links = m->first;

    for (unsigned h = HEIGHT_MAX; h-- > 0;) {
        while (links[h] && tnd_slice_cmp(links[h]->key, key) < 0)
            links = links[h]->next;
        ret->link[h] = &links[h];
    }
    return *ret->link[0];
}

static struct record *find_exact(struct memory *m, struct tnd_slice key, struct place *ret)
{
    struct record *r = find(m, key, ret);

    return r && tnd_slice_eq(r->key, key) ? r : NULL;
}

static unsigned draw_height(struct memory *m)
{
    unsigned height = 1;

    while (height < HEIGHT_MAX && tnd_random_chance(&m->random, 1, 4))
        height++;
    return height;
}

static struct record *add(struct memory *m, struct tnd_slice key, const struct place *place)
{
    unsigned height = draw_height(m);
    size_t size = sizeof(struct record) + height * sizeof(struct record *);
    struct record *r = calloc(1, size + key.len);

    if (!r)
        return NULL;
    r->height = height;
    memcpy((char *)r + size, key.ptr, key.len);
    r->key = tnd_slice((char *)r + size, key.len);
    for (unsigned h = 0; h < height; h++) {
        r->next[h] = *place->link[h];
        *place->link[h] = r;
    }
    return r;
}

static void drop(struct memory *m, struct record *r)
{
    struct place place;
    struct record *found = find_exact(m, r->key, &place);

    TND_ASSERT(found == r);
    for (unsigned h = 0; h < r->height; h++)
        *place.link[h] = r->next[h];
    free(r);
}

static void set(struct memory *m, struct record *r, struct tnd_slice value)
{
    if (r->is_changed) {
        free((char *)(uintptr_t)r->value.ptr);
    } else {
        r->is_changed = true;
        r->before = r->value;
        r->changed = m->changed;
        m->changed = r;
    }
    r->value = value;
}

/* The end of a write: of each record one of two values goes. */
static void settle(struct memory *m, bool is_kept)
{
    while (m->changed) {
        struct record *r = m->changed;
        struct tnd_slice gone = is_kept ? r->before : r->value;

        m->changed = r->changed;
        r->is_changed = false;
        r->value = is_kept ? r->value : r->before;
        free((char *)(uintptr_t)gone.ptr);
        if (!r->value.ptr)
            drop(m, r);
    }
}

static int get(struct db_view *v, struct tnd_slice key, struct tnd_slice *ret)
{
    struct place place;
    struct record *r = find_exact(memory_of(v), key, &place);

    ((struct memory_view *)v)->last = r;
    if (!r || !r->value.ptr)
        return TND_ENONE;
    *ret = r->value;
    return 0;
}

static int next(struct db_view *v, struct tnd_slice from, struct tnd_slice *ret_key,
                struct tnd_slice *ret)
{
    struct place place;
    struct record *r = find(memory_of(v), from, &place);

    while (r && !r->value.ptr)
        r = r->next[0];
    if (!r)
        return TND_ENONE;
    *ret_key = r->key;
    *ret = r->value;
    return 0;
}

static int put(struct db_view *v, struct tnd_slice key, struct tnd_slice value)
{
    struct place place;
    struct record *last = ((struct memory_view *)v)->last;
    struct record *r =
        last && tnd_slice_eq(last->key, key) ? last : find_exact(memory_of(v), key, &place);
    char *copy = malloc(value.len + 1); /* one that is empty is there too */

    if (copy && !r)
        r = add(memory_of(v), key, &place);
    if (!copy || !r) {
        free(copy);
        return TND_ENOMEM;
    }
    if (value.len > 0)
        memcpy(copy, value.ptr, value.len);
    set(memory_of(v), r, tnd_slice(copy, value.len));
    return 0;
}

static int remove_record(struct db_view *v, struct tnd_slice key)
{
    struct place place;
    struct record *r = find_exact(memory_of(v), key, &place);

    if (!r || !r->value.ptr)
        return TND_ENONE;
    set(memory_of(v), r, tnd_slice(NULL, 0));
    return 0;
}

static int write_records(struct db_kv *kv, db_apply *apply, void *ctx)
{
    struct memory *m = (struct memory *)kv;
    struct memory_view v = {.view = {kv}}; /* no record goes away before the end */

    pthread_rwlock_wrlock(&m->lock);
    int err = apply(ctx, &v.view);
    settle(m, !err);
    pthread_rwlock_unlock(&m->lock);
    return err;
}

static int view_new(struct db_kv *kv, struct db_view **ret)
{
    struct memory_view *v = calloc(1, sizeof(*v));

    if (!v)
        return TND_ENOMEM;
    v->view.kv = kv;
    *ret = &v->view;
    return 0;
}

static void view_free(struct db_view *v)
{
    free(v);
}

static int begin(struct db_view *v)
{
    return pthread_rwlock_rdlock(&memory_of(v)->lock);
}

static void end(struct db_view *v)
{
    pthread_rwlock_unlock(&memory_of(v)->lock);
}

static void tidy(struct db_kv *kv)
{
    (void)kv; /* there is nobody but us */
}

static void close_memory(struct db_kv *kv)
{
    struct memory *m = (struct memory *)kv;

    for (struct record *r = m->first[0], *after; r; r = after) {
        after = r->next[0];
        free((char *)(uintptr_t)r->value.ptr);
        free(r);
    }
    pthread_rwlock_destroy(&m->lock);
    free(m);
}

static const struct db_driver driver = {
    .is_instant = true,
    .close = close_memory,
    .explain = tnd_strerror,
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

int db_memory_open(struct tnd_db_fault *ret_fault, struct db_kv **ret)
{
    struct memory *m = calloc(1, sizeof(*m));
    pthread_rwlockattr_t fair;

    if (!m)
        return db_fault(ret_fault, &driver, "memory:", TND_ENOMEM);
    m->kv.driver = &driver;
    tnd_random_init(&m->random, 0);
    pthread_rwlockattr_init(
        &fair); /* who writes waits for those who read now, not for all to come */
    pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&m->lock, &fair);
    pthread_rwlockattr_destroy(&fair);
    *ret = &m->kv;
    return 0;
}
