/* The records of an address-of-record, read and written. */
#include <stdlib.h>

#include "base/assert.h"
#include "db/inside.h"

enum { ENTRY_SIZE_MAX = 2 << 20 }; /* the largest records, and what is read of them */

struct db_key db_key(char letter, struct tnd_slice aor)
{
    struct db_key key = {.len = 1 + aor.len};

    TND_ASSERT(aor.len <= TND_AOR_LEN_MAX);
    key.bytes[0] = letter;
    if (aor.len > 0)
        memcpy(key.bytes + 1, aor.ptr, aor.len);
    return key;
}

/* What a driver gives is good for a moment only. Absent: there is none. */
static int copy(struct db_view *v, char letter, struct tnd_slice aor, struct tnd_arena *a,
                struct tnd_slice *ret)
{
    struct db_key key = db_key(letter, aor);
    int err = v->kv->driver->get(v, db_key_slice(&key), ret);

    if (err == TND_ENONE) {
        *ret = tnd_slice(NULL, 0);
        return 0;
    }
    if (!err)
        *ret = tnd_slice_keep(a, *ret);
    return err ? err : ret->ptr ? 0 : TND_ENOMEM;
}

int db_read_bindings(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                     struct tnd_binding **ret, size_t *ret_count)
{
    struct tnd_slice record;
    int err = copy(v, DB_BINDINGS, aor, a, &record);

    if (err)
        return err;
    *ret_count = 0;
    return record.ptr ? tnd_bindings_record_read(record, a, ret, ret_count) : 0;
}

int db_read_forwards(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                     struct tnd_forward **ret, size_t *ret_count)
{
    struct tnd_slice record;
    int err = copy(v, DB_FORWARDS, aor, a, &record);

    if (err)
        return err;
    *ret_count = 0;
    return record.ptr ? tnd_forwards_record_read(record, a, ret, ret_count) : 0;
}

int db_read_user(struct db_view *v, struct tnd_slice aor, struct tnd_arena *a,
                 struct tnd_user **ret)
{
    struct tnd_slice record;
    int err = copy(v, DB_USERS, aor, a, &record);

    if (err)
        return err;
    *ret = NULL;
    return record.ptr ? tnd_user_record_read(record, a, ret) : 0;
}

int db_read_entry(struct db_view *v, struct tnd_slice aor, int64_t now, struct tnd_arena *a,
                  struct tnd_entry *ret)
{
    struct tnd_binding *bindings = NULL;
    struct tnd_forward *forwards = NULL;
    struct tnd_user *user;
    size_t binding_count, forward_count;
    int err = db_read_bindings(v, aor, a, &bindings, &binding_count);

    err = err ? err : db_read_forwards(v, aor, a, &forwards, &forward_count);
    err = err ? err : db_read_user(v, aor, a, &user);
    if (err)
        return err;
    *ret = (struct tnd_entry){
        .user = user,
        .forwards = forwards,
        .forward_count = db_live_forwards(forwards, forward_count, now),
        .bindings = bindings,
        .binding_count = db_live_bindings(bindings, binding_count, now),
    };
    return 0;
}

size_t db_live_bindings(struct tnd_binding *bindings, size_t count, int64_t now)
{
    size_t live = 0;

    for (size_t i = 0; i < count; i++)
        if (bindings[i].until > now)
            bindings[live++] = bindings[i];
    return live;
}

size_t db_live_forwards(struct tnd_forward *forwards, size_t count, int64_t now)
{
    size_t live = 0;

    for (size_t i = 0; i < count; i++)
        if (forwards[i].until == 0 || forwards[i].until > now)
            forwards[live++] = forwards[i];
    return live;
}

int db_put_record(struct db_view *v, char letter, struct tnd_slice aor, size_t count,
                  const struct tnd_writer *record)
{
    const struct db_driver *driver = v->kv->driver;
    struct db_key key = db_key(letter, aor);

    if (count > 0) {
        TND_ASSERT(!tnd_writer_over(record));
        return driver->put(v, db_key_slice(&key), tnd_writer_slice(record));
    }
    int err = driver->remove(v, db_key_slice(&key));
    return err == TND_ENONE ? 0 : err;
}

int db_write_bindings(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                      const struct tnd_binding *bindings, size_t count)
{
    tnd_bindings_record_write(w, bindings, count);
    return db_put_record(v, DB_BINDINGS, aor, count, w);
}

int db_write_forwards(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                      const struct tnd_forward *forwards, size_t count)
{
    tnd_forwards_record_write(w, forwards, count);
    return db_put_record(v, DB_FORWARDS, aor, count, w);
}

int db_write_user(struct db_view *v, struct tnd_slice aor, struct tnd_writer *w,
                  const struct tnd_user *user)
{
    tnd_user_record_write(w, user);
    return db_put_record(v, DB_USERS, aor, 1, w);
}

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

void db_arena_init(struct tnd_arena *a, void *first, size_t size)
{
    static const struct tnd_mem heap = {take, give, NULL};

    tnd_arena_init(a, first, size, &heap, ENTRY_SIZE_MAX);
}

struct db_work *db_work_new(void)
{
    struct db_work *work = malloc(sizeof(*work));

    if (work)
        db_arena_init(&work->arena, work->first, sizeof(work->first));
    return work;
}

void db_work_free(struct db_work *work)
{
    if (!work)
        return;
    tnd_arena_fini(&work->arena);
    free(work);
}
