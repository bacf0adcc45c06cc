/* Stores for tests. */
#include "unit/db/db_test.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 30000 }; /* for what comes in milliseconds */

void db_test_directory(char *ret, size_t size)
{
    /* In memory, where there is such a place: to wait for a disk proves nothing here. */
    bool has_shm = access("/dev/shm", W_OK | X_OK) == 0;

    snprintf(ret, size, "%s/tandem-test-XXXXXX", has_shm ? "/dev/shm" : "/tmp");
    CHECK(mkdtemp(ret));
}

void db_test_remove(const char *directory)
{
    DIR *d = opendir(directory);
    char path[512];

    for (struct dirent *e; d && (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof(path), "%s/%s", directory, e->d_name);
        if (unlink(path) < 0)
            db_test_remove(path);
    }
    if (d)
        closedir(d);
    rmdir(directory);
}

struct db_test db_test_next(const struct db_test *t)
{
    return (struct db_test){.kind = t->kind};
}

void db_test_open(struct db_test *t)
{
    if (t->kind == DB_TEST_LMDB && !t->directory[0])
        db_test_directory(t->directory, sizeof(t->directory));
    const char *url = t->kind == DB_TEST_LMDB ? t->directory : "memory:";
    if (tnd_db_open(url, &t->fault, &t->db))
        tnd_test_fail(__FILE__, __LINE__, "%s", t->fault.text);
}

static void say(void *ctx, const char *line)
{
    struct db_test *t = ctx;

    snprintf(t->said, sizeof(t->said), "%s", line);
    t->said_count++;
}

void db_test_start(struct db_test *t)
{
    if (tnd_db_start(t->db, &(struct tnd_db_log){say, t}, &t->fault))
        tnd_test_fail(__FILE__, __LINE__, "%s", t->fault.text);
}

void db_test_close(struct db_test *t)
{
    tnd_db_close(&t->db);
    if (t->directory[0])
        db_test_remove(t->directory);
}

struct tnd_db *db_test_open_at(struct db_test *t, const char *directory, size_t map_size)
{
    struct db_kv *kv;
    struct tnd_db *db;

    if (db_lmdb_open(directory, map_size, &t->fault, &kv) ||
        db_open_kv(kv, directory, &t->fault, &db))
        return NULL;
    return db;
}

void db_test_queue_init(struct db_test_queue *q, struct tnd_db *db)
{
    q->wake = eventfd(0, EFD_CLOEXEC);
    CHECK(q->wake >= 0);
    CHECK_EQ(tnd_db_queue_new(db, q->wake, &q->queue), 0);
    db_arena_init(&q->a, q->room, sizeof(q->room));
}

void db_test_queue_fini(struct db_test_queue *q)
{
    tnd_db_queue_free(&q->queue);
    tnd_arena_fini(&q->a);
    close(q->wake);
}

bool db_test_put(struct db_test_queue *q, const struct db_test_register *r, uint64_t token)
{
    struct tnd_slice call_id = tnd_slice_str(r->call_id ? r->call_id : "call");
    struct tnd_binding contact = {.uri = tnd_slice_str(r->uri),
                                  .call_id = call_id,
                                  .until = r->until,
                                  .cseq = r->cseq,
                                  .q = -1};
    struct tnd_binding_change change = {.contacts = r->uri ? &contact : NULL,
                                        .count = r->uri != NULL,
                                        .star = !r->uri,
                                        .call_id = call_id,
                                        .cseq = r->cseq,
                                        .count_max = r->count_max ? r->count_max : 10};
    struct tnd_store_op op = {TND_STORE_CHANGE, tnd_slice_str(r->aor), &change, r->now};

    bool is_put = tnd_db_queue_put(q->queue, &op, token);
    tnd_db_queue_send(q->queue);
    return is_put;
}

void db_test_await(struct db_test_queue *q)
{
    struct pollfd wake = {.fd = q->wake, .events = POLLIN};
    uint64_t count;

    tnd_arena_reset(&q->a);
    while (!tnd_db_queue_next(q->queue, &q->a, &q->token, &q->answer)) {
        CHECK_EQ(poll(&wake, 1, WAIT_MS), 1);
        CHECK_EQ(read(q->wake, &count, sizeof(count)), sizeof(count));
    }
}

enum tnd_store_result db_test_register(struct db_test_queue *q, const struct db_test_register *r)
{
    if (!db_test_put(q, r, 1))
        return TND_STORE_FAILED;
    db_test_await(q);
    return (enum tnd_store_result)q->answer.result;
}

const char *db_test_bindings(struct tnd_db *db, const char *aor, int64_t now)
{
    static char text[4096];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
    struct tnd_db_reader *reader;
    struct tnd_entry entry;
    struct tnd_arena a;

    db_arena_init(&a, NULL, 0);
    CHECK_EQ(tnd_db_reader_new(db, &reader), 0);
    if (tnd_db_find(reader, tnd_slice_str(aor), now, &a, &entry)) {
        tnd_put_str(&w, "?");
        entry.binding_count = 0;
    }
    for (size_t i = 0; i < entry.binding_count; i++) {
        tnd_put_str(&w, i > 0 ? " " : "");
        tnd_put(&w, entry.bindings[i].uri);
    }
    tnd_db_reader_free(&reader);
    tnd_arena_fini(&a);
    text[w.len] = '\0';
    return text;
}

int db_test_in_child(int (*f)(void *ctx), void *ctx)
{
    int status;

    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(f(ctx));
    CHECK_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
