/* Changes that are waited for: those of commands and of the web. */
#include "base/assert.h"
#include "db/inside.h"

struct edit {
    struct db_work *work;
    struct tnd_slice aor;
    int64_t now;
    const struct tnd_user *user;
    const struct tnd_forward *forward;
    unsigned which; /* forward, or parts */
};

static int change(struct tnd_db *db, db_apply *apply, struct edit *e, struct tnd_db_fault *fault)
{
    e->work = db_work_new();
    int err = e->work ? db->kv->driver->write(db->kv, apply, e) : TND_ENOMEM;

    db_work_free(e->work);
    if (err == TND_ENONE)
        return err; /* the caller knows what it means */
    return err ? db_fault(fault, db->kv->driver, db->where, err) : 0;
}

static int put_user(void *ctx, struct db_view *v)
{
    struct edit *e = ctx;
    struct tnd_writer w = db_work_writer(e->work);

    return db_write_user(v, e->aor, &w, e->user);
}

int tnd_db_put_user(struct tnd_db *db, struct tnd_slice aor, const struct tnd_user *user,
                    struct tnd_db_fault *ret_fault)
{
    return change(db, put_user, &(struct edit){.aor = aor, .user = user}, ret_fault);
}

/* The forwards that are there now, in arena, with room for one more. */
static int read_forwards(struct edit *e, struct db_view *v, struct tnd_forward **ret, size_t *count)
{
    struct tnd_forward *old = NULL;
    struct tnd_arena *a = &e->work->arena;

    tnd_arena_reset(a);
    int err = db_read_forwards(v, e->aor, a, &old, count);
    if (err)
        return err;
    *count = db_live_forwards(old, *count, e->now);
    *ret = tnd_arena_zero(a, *count + 1, sizeof(**ret));
    if (!*ret)
        return TND_ENOMEM;
    if (*count > 0)
        memcpy(*ret, old, *count * sizeof(*old));
    return 0;
}

static int put_forward(void *ctx, struct db_view *v)
{
    struct edit *e = ctx;
    struct tnd_writer w = db_work_writer(e->work);
    struct tnd_forward *forwards;
    size_t count, at = 0;
    int err = read_forwards(e, v, &forwards, &count);

    if (err)
        return err;
    while (at < count && forwards[at].when != e->forward->when)
        at++;
    if (at == TND_FORWARD_COUNT_MAX)
        return TND_ESYNTAX; /* there is one of each at the most */
    forwards[at] = *e->forward;
    return db_write_forwards(v, e->aor, &w, forwards, at < count ? count : count + 1);
}

int tnd_db_put_forward(struct tnd_db *db, struct tnd_slice aor, const struct tnd_forward *forward,
                       int64_t now, struct tnd_db_fault *ret_fault)
{
    struct edit e = {.aor = aor, .forward = forward, .now = now};

    return change(db, put_forward, &e, ret_fault);
}

static int remove_forward(void *ctx, struct db_view *v)
{
    struct edit *e = ctx;
    struct tnd_writer w = db_work_writer(e->work);
    struct tnd_forward *forwards;
    size_t count, left = 0;
    int err = read_forwards(e, v, &forwards, &count);

    if (err)
        return err;
    for (size_t i = 0; i < count; i++)
        if (e->which != TND_FORWARD_WHEN_COUNT && e->which != forwards[i].when)
            forwards[left++] = forwards[i];
    return left < count ? db_write_forwards(v, e->aor, &w, forwards, left) : TND_ENONE;
}

int tnd_db_remove_forward(struct tnd_db *db, struct tnd_slice aor, unsigned when, int64_t now,
                          struct tnd_db_fault *ret_fault)
{
    struct edit e = {.aor = aor, .which = when, .now = now};
    int err = change(db, remove_forward, &e, ret_fault);

    TND_ASSERT(when <= TND_FORWARD_WHEN_COUNT);
    if (err == TND_ENONE)
        return db_fault_say(ret_fault, err, "%.*s: there is no such forward", TND_FMT(aor));
    return err;
}

static int remove_parts(void *ctx, struct db_view *v)
{
    static const struct {
        enum tnd_db_part part;
        char letter;
    } parts[] = {
        {TND_DB_USER, DB_USERS}, {TND_DB_FORWARDS, DB_FORWARDS}, {TND_DB_BINDINGS, DB_BINDINGS}};
    struct edit *e = ctx;
    size_t removed = 0;

    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        struct db_key key = db_key(parts[i].letter, e->aor);

        if (!(e->which & parts[i].part))
            continue;
        int err = v->kv->driver->remove(v, db_key_slice(&key));
        if (err && err != TND_ENONE)
            return err;
        removed += !err;
    }
    return removed > 0 ? 0 : TND_ENONE;
}

int tnd_db_remove(struct tnd_db *db, struct tnd_slice aor, unsigned parts,
                  struct tnd_db_fault *ret_fault)
{
    struct edit e = {.aor = aor, .which = parts};
    int err = change(db, remove_parts, &e, ret_fault);

    if (err == TND_ENONE)
        return db_fault_say(ret_fault, err, "%.*s: nothing of it is kept", TND_FMT(aor));
    return err;
}
