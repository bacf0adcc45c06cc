/* The writer: one thread that waits for changes, applies all that are there, and sweeps when it
 * is time to. While it commits the next ones gather, so commits grow with the load.
 *
 * Who was answered often has the next change already: phones that register one after the other
 * behind one proxy, a link that brought all of them at once. So after a commit of several the writer
 * waits a moment for as many again: else one half would be committed while the other half is on its
 * way, and each change cost twice as much of a commit. One that comes alone never waits. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "base/assert.h"
#include "db/inside.h"

enum {
    BATCH_COUNT_MAX = 256, /* each may need a page, and what it was on stays for a while: more
                            * would cost memory, and hardly be faster */
    SWEEP_SECONDS = 10,    /* from one look to the next */
    COMPLAIN_SECONDS = 10,
    GATHER_MICROSECONDS = 1000, /* less than networks differ by, and than most disks take */
};

static int64_t seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec;
}

static int64_t microseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void db_complain(struct tnd_db *db, struct tnd_slice aor, int err)
{
    int64_t now = seconds(CLOCK_MONOTONIC);
    struct tnd_db_fault fault;
    char line[sizeof(fault.text) + TND_AOR_LEN_MAX + 64];

    pthread_mutex_lock(&db->lock);
    bool is_time = now - db->complained_at >= COMPLAIN_SECONDS;
    db->complained_at = is_time ? now : db->complained_at;
    pthread_mutex_unlock(&db->lock);
    if (!is_time)
        return;
    db_fault(&fault, db->kv->driver, db->where, err);
    snprintf(line, sizeof(line), "what %.*s registers is not kept: %s", TND_FMT(aor), fault.text);
    db->log.say(db->log.ctx, line);
}

/* Moves what waits, up to BATCH_COUNT_MAX. Under the lock. */
static void take(struct tnd_db *db, struct db_changes *ret)
{
    struct db_change *c;

    for (int i = 0; i < BATCH_COUNT_MAX && (c = db_changes_take(&db->waiting)); i++) {
        db_changes_add(ret, c);
        db->waiting_count--;
    }
}

/* Sleeps until as many are there as are wanted, or it is that late. Under the lock. */
static void sleep_until(struct tnd_db *db, int64_t at)
{
    struct timespec until = {.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
    int timed_out = 0;

    while (db->waiting_count < db->wanted && db->is_running && !timed_out) {
        db->is_asleep = true;
        timed_out = pthread_cond_timedwait(&db->news, &db->lock, &until);
    }
    db->is_asleep = false;
}

/* Waits for changes until the time comes to sweep. false: it is to end, and none is left. */
static bool await(struct tnd_db *db, int64_t sweep_at, struct db_changes *ret)
{
    pthread_mutex_lock(&db->lock);
    if (db->wanted > 1)
        sleep_until(db, db->gather_until);
    db->wanted = 1;
    sleep_until(db, sweep_at * 1000000);
    take(db, ret);
    bool goes_on = ret->first || db->is_running;
    pthread_mutex_unlock(&db->lock);
    return goes_on;
}

/* As many may come again as are given back now, besides those that wait already. */
static void expect(struct tnd_db *db, size_t count)
{
    pthread_mutex_lock(&db->lock);
    db->wanted = db->waiting_count + count;
    if (db->wanted > BATCH_COUNT_MAX)
        db->wanted = BATCH_COUNT_MAX;
    pthread_mutex_unlock(&db->lock);
    db->gather_until = microseconds() + GATHER_MICROSECONDS;
}

static void apply(struct tnd_db *db, struct db_changes *changes)
{
    size_t count = 0;

    for (struct db_change *c = changes->first; c; c = c->next)
        count++;
    db_apply_changes(db, db->work, changes);
    expect(db, count);
    db_queue_give(changes);
}

static void *run(void *ctx)
{
    struct tnd_db *db = ctx;
    int64_t sweep_at = seconds(CLOCK_MONOTONIC) + SWEEP_SECONDS;
    struct db_changes changes;

    for (;;) {
        db_changes_init(&changes);
        if (!await(db, sweep_at, &changes))
            return NULL;
        if (changes.first)
            apply(db, &changes);
        if (seconds(CLOCK_MONOTONIC) < sweep_at)
            continue;
        bool goes_on = db_sweep(db, seconds(CLOCK_REALTIME));
        sweep_at = seconds(CLOCK_MONOTONIC) + (goes_on ? 0 : SWEEP_SECONDS);
    }
}

static int start_thread(struct tnd_db *db)
{
    sigset_t every, before;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    int err = pthread_create(&db->thread, NULL, run, db);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err ? TND_ENOMEM : 0;
}

static int prepare(struct tnd_db *db)
{
    db->work = db_work_new();
    db_sweep_begin(&db->sweep);
    db->complained_at = seconds(CLOCK_MONOTONIC) - COMPLAIN_SECONDS;
    int err = db->work ? db_begin_life(db) : TND_ENOMEM;
    return err ? err : db->kv->driver->view_new(db->kv, &db->view);
}

static void clear(struct tnd_db *db)
{
    if (db->view)
        db->kv->driver->view_free(db->view);
    db_work_free(db->work);
    db->view = NULL;
    db->work = NULL;
}

int tnd_db_start(struct tnd_db *db, const struct tnd_db_log *log, struct tnd_db_fault *ret_fault)
{
    TND_ASSERT(!db->is_running);
    db->log = *log;
    int err = prepare(db);
    db->is_running = !err;
    err = err ? err : start_thread(db);
    if (!err)
        return 0;
    db->is_running = false;
    clear(db);
    return db_fault(ret_fault, db->kv->driver, db->where, err);
}

void tnd_db_stop(struct tnd_db *db)
{
    pthread_mutex_lock(&db->lock);
    bool was_running = db->is_running;
    db->is_running = false;
    pthread_cond_signal(&db->news);
    pthread_mutex_unlock(&db->lock);
    if (!was_running)
        return;
    pthread_join(db->thread, NULL);
    clear(db);
}
