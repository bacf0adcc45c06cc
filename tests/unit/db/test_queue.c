/* Changes that are queued: applied in groups, answered when they are kept for good. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/db/db_test.h"

TND_TEST(db_queue_answers, "RFC 3261 §10.3",
         "a change is answered with all bindings that are there then, or with why it was not made")
{
    static const struct {
        struct db_test_register r;
        enum tnd_store_result result;
        const char *after;
    } steps[] = {
        {{"bob@a", "sip:1", NOW + 9, NOW, 1, "x", 0}, TND_STORE_OK, "sip:1"},
        {{"bob@a", "sip:2", NOW + 9, NOW, 1, "y", 0}, TND_STORE_OK, "sip:1 sip:2"},
        {{"bob@a", "sip:1", NOW + 20, NOW, 1, "x", 0}, TND_STORE_STALE, "sip:1 sip:2"},
        {{"bob@a", "sip:3", NOW + 9, NOW, 1, "z", 2}, TND_STORE_FULL, "sip:1 sip:2"},
        {{"bob@a", "sip:1", 0, NOW, 2, "x", 0}, TND_STORE_OK, "sip:2"},
        {{"bob@a", NULL, 0, NOW, 1, "y", 0}, TND_STORE_STALE, "sip:2"},
        {{"bob@a", NULL, 0, NOW, 9, "y", 0}, TND_STORE_OK, ""},
        {{"bob@a", "sip:4", NOW + 5, NOW, 1, "x", 0}, TND_STORE_OK, "sip:4"},
        {{"bob@a", "sip:5", NOW + 9, NOW + 5, 1, "y", 0}, TND_STORE_OK, "sip:5"},
    };

    EACH_STORE(t)
    {
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        db_test_queue_init(&q, t.db);
        for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
            size_t count = 0;

            CHECK_EQ(db_test_register(&q, &steps[i].r), steps[i].result);
            for (const char *at = steps[i].after; (at = strstr(at, "sip:")); at++)
                count++;
            CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "bob@a", steps[i].r.now)),
                      steps[i].after);
            if (steps[i].result == TND_STORE_OK)
                CHECK_EQ(q.answer.entry.binding_count, count);
        }
        db_test_queue_fini(&q);
        db_test_close(&t);
    }
}

TND_TEST(db_queue_keeps_all_of_a_binding, "tandem/store.h",
         "what a contact says comes back in the answer, and is found again")
{
    EACH_STORE(t)
    {
        struct tnd_binding contacts[] = {
            {.uri = TND_STR("sip:a@192.0.2.1"),
             .call_id = TND_STR("call"),
             .path = TND_STR("<sip:p.example;lr>"),
             .params = TND_STR(";+sip.instance=\"<urn:uuid:0>\""),
             .until = NOW + 100,
             .cseq = 7,
             .q = 500,
             .flow = 77,
             .life = 3},
            {.uri = TND_STR("sip:b@192.0.2.2"),
             .call_id = TND_STR("call"),
             .until = NOW + 50,
             .cseq = 7,
             .q = -1},
        };
        struct tnd_binding_change change = {.contacts = contacts,
                                            .count = 2,
                                            .call_id = TND_STR("call"),
                                            .cseq = 7,
                                            .count_max = 9};
        struct tnd_store_op op = {TND_STORE_CHANGE, TND_STR("bob@a"), &change, NOW};
        const struct tnd_binding *b;
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        db_test_queue_init(&q, t.db);
        CHECK(tnd_db_queue_put(q.queue, &op, 5));
        memset(contacts, 0x55, sizeof(contacts)); /* it has its own copy */
        db_test_await(&q);
        CHECK_EQ(q.token, 5);
        CHECK_EQ(q.answer.result, TND_STORE_OK);
        CHECK_EQ(q.answer.entry.binding_count, 2);
        b = q.answer.entry.bindings;
        CHECK_STR(b[0].uri, "sip:a@192.0.2.1");
        CHECK_STR(b[0].call_id, "call");
        CHECK_STR(b[0].path, "<sip:p.example;lr>");
        CHECK_STR(b[0].params, ";+sip.instance=\"<urn:uuid:0>\"");
        CHECK(b[0].until == NOW + 100 && b[0].cseq == 7 && b[0].q == 500);
        CHECK(b[0].flow == 77 && b[0].life == 3);
        CHECK(!b[1].path.ptr && !b[1].params.ptr && b[1].q == -1 && b[1].flow == 0);
        db_test_queue_fini(&q);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "bob@a", NOW)),
                  "sip:a@192.0.2.1 sip:b@192.0.2.2");
        db_test_close(&t);
    }
}

TND_TEST(db_queue_full, "TND_DB_QUEUE_COUNT_MAX",
         "a queue that is full takes no more, until answers are taken from it")
{
    struct db_test t = {.kind = DB_TEST_MEMORY};
    struct db_test_register r = {.aor = "bob@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
    struct db_test_queue q;

    db_test_open(&t);
    db_test_queue_init(&q, t.db);
    CHECK(!db_test_put(&q, &r, 1)); /* nobody writes */
    db_test_start(&t);
    for (unsigned i = 0; i < TND_DB_QUEUE_COUNT_MAX; i++) {
        r.cseq = i + 1;
        CHECK(db_test_put(&q, &r, i));
    }
    CHECK(!db_test_put(&q, &r, 0));
    db_test_await(&q);
    CHECK_EQ(q.token, 0);
    CHECK(!db_test_put(&q, &r, 0)); /* the answer is in use */
    for (unsigned i = 1; i < TND_DB_QUEUE_COUNT_MAX; i++) {
        db_test_await(&q);
        CHECK_EQ(q.token, i);
        CHECK_EQ(q.answer.result, TND_STORE_OK);
    }
    r.cseq++;
    CHECK(db_test_put(&q, &r, 1));
    db_test_queue_fini(&q);
    db_test_close(&t);
}

TND_TEST(db_queue_stop, "db/db.h", "who stops the writer has all that waited applied before")
{
    EACH_STORE(t)
    {
        struct db_test_queue q, gone;

        db_test_open(&t);
        db_test_start(&t);
        db_test_queue_init(&q, t.db);
        db_test_queue_init(&gone, t.db);
        for (unsigned i = 0; i < 100; i++) {
            char aor[16];
            struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

            snprintf(aor, sizeof(aor), "user%u@a", i);
            CHECK(db_test_put(i % 2 ? &gone : &q, &r, i));
        }
        db_test_queue_fini(&gone); /* nobody takes those any more */
        tnd_db_stop(t.db);
        for (unsigned i = 0; i < 100; i += 2) {
            CHECK(tnd_db_queue_next(q.queue, &q.a, &q.token, &q.answer));
            CHECK_EQ(q.token, i);
        }
        CHECK(!tnd_db_queue_next(q.queue, &q.a, &q.token, &q.answer));
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "user98@a", NOW)), "sip:1");
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "user99@a", NOW)), "sip:1");
        db_test_start(&t); /* and on again */
        struct db_test_register r = {.aor = "eve@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
        CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
        db_test_queue_fini(&q);
        db_test_close(&t);
    }
}

enum { THREAD_COUNT = 3, ROUND_COUNT = 300 };

struct thread {
    pthread_t thread;
    unsigned number;
    struct tnd_db *db;
    struct db_test_queue q;
    unsigned wrong;
};

/* What nobody else changes must be as this thread made it last; what all change must be one of
 * theirs. */
static void check_found(struct thread *t, struct tnd_db_reader *reader, const char *own,
                        unsigned round)
{
    struct tnd_entry e;

    tnd_arena_reset(&t->q.a);
    if (tnd_db_find(reader, tnd_slice_str(own), NOW, &t->q.a, &e) || e.binding_count != 1 ||
        e.bindings[0].cseq != round)
        t->wrong++;
    if (tnd_db_find(reader, TND_STR("all@a"), NOW, &t->q.a, &e) || e.binding_count == 0 ||
        e.binding_count > THREAD_COUNT)
        t->wrong++;
}

static void *change_and_find(void *ctx)
{
    struct thread *t = ctx;
    struct tnd_db_reader *reader;
    char own[16], uri[16];

    t->wrong = tnd_db_reader_new(t->db, &reader) != 0;
    snprintf(own, sizeof(own), "own%u@a", t->number);
    snprintf(uri, sizeof(uri), "sip:%u", t->number);
    for (unsigned round = 1; !t->wrong && round <= ROUND_COUNT; round++) {
        struct db_test_register r = {own, uri, NOW + 9, NOW, round, uri, 0};

        t->wrong += !db_test_put(&t->q, &r, 2 * round);
        r.aor = "all@a";
        t->wrong += !db_test_put(&t->q, &r, 2 * round + 1);
        for (unsigned i = 0; i < 2; i++) {
            db_test_await(&t->q);
            t->wrong += t->q.token != 2 * round + i || t->q.answer.result != TND_STORE_OK;
        }
        check_found(t, reader, own, round);
    }
    tnd_db_reader_free(&reader);
    return NULL;
}

TND_TEST(db_queue_threads, "db/db.h",
         "threads change and find at once; each sees its own changes, whole and in order")
{
    EACH_STORE(t)
    {
        struct thread *threads = calloc(THREAD_COUNT, sizeof(*threads));

        CHECK(threads);
        db_test_open(&t);
        db_test_start(&t);
        for (unsigned i = 0; i < THREAD_COUNT; i++) {
            threads[i].number = i;
            threads[i].db = t.db;
            db_test_queue_init(&threads[i].q, t.db);
        }
        for (unsigned i = 0; i < THREAD_COUNT; i++)
            CHECK_EQ(pthread_create(&threads[i].thread, NULL, change_and_find, &threads[i]), 0);
        for (unsigned i = 0; i < THREAD_COUNT; i++)
            pthread_join(threads[i].thread, NULL);
        for (unsigned i = 0; i < THREAD_COUNT; i++) {
            CHECK_EQ(threads[i].wrong, 0);
            db_test_queue_fini(&threads[i].q);
        }
        free(threads);
        db_test_close(&t);
    }
}

/* A server that registers one user after the other and tells of each when it is acknowledged. */
struct registering {
    const char *directory;
    int told;
};

static int register_on_and_on(void *ctx)
{
    const struct registering *with = ctx;
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct db_test_queue q;

    snprintf(t.directory, sizeof(t.directory), "%s", with->directory);
    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0;; i += 3) {
        for (unsigned j = i; j < i + 3; j++) {
            char aor[16];
            struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

            snprintf(aor, sizeof(aor), "user%u@a", j);
            if (!db_test_put(&q, &r, j))
                return 1;
        }
        for (unsigned j = i; j < i + 3; j++) {
            db_test_await(&q);
            if (q.answer.result != TND_STORE_OK ||
                write(with->told, &q.token, sizeof(q.token)) != sizeof(q.token))
                return 1;
        }
    }
}

TND_TEST(db_crash, "RFC 3261 §10.3",
         "what was acknowledged is there after kill -9, whenever that comes")
{
    PROVES(REGISTRAR_COMMIT);
    for (unsigned after = 1; after < 60; after += 7) {
        struct db_test t = {.kind = DB_TEST_LMDB};
        struct registering with = {t.directory, -1};
        uint64_t last = 0;
        int ends[2];

        db_test_directory(t.directory, sizeof(t.directory));
        CHECK_EQ(pipe(ends), 0);
        with.told = ends[1];
        fflush(stdout);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            _exit(register_on_and_on(&with));
        close(ends[1]);
        for (unsigned i = 0; i < after; i++)
            CHECK_EQ(read(ends[0], &last, sizeof(last)), sizeof(last));
        CHECK_EQ(kill(child, SIGKILL), 0);
        CHECK_EQ(waitpid(child, NULL, 0), child);
        while (read(ends[0], &last, sizeof(last)) == sizeof(last))
            ; /* what it told before it died */
        close(ends[0]);
        db_test_open(&t);
        for (unsigned i = 0; i <= last; i++) {
            char aor[16];

            snprintf(aor, sizeof(aor), "user%u@a", i);
            CHECK_STR(tnd_slice_str(db_test_bindings(t.db, aor, NOW)), "sip:1");
        }
        db_test_close(&t);
    }
}

/* A disk that becomes full: registers until that fails, makes room, and goes on. */
static int fill_disk(void *ctx)
{
    struct rlimit limit;
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct db_test_queue q;
    unsigned count = 0;

    snprintf(t.directory, sizeof(t.directory), "%s", (const char *)ctx);
    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 256 << 10;
    setrlimit(RLIMIT_FSIZE, &limit);
    for (enum tnd_store_result result = TND_STORE_OK; result == TND_STORE_OK; count++) {
        char aor[32];
        struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

        snprintf(aor, sizeof(aor), "user%06u@example.com", count);
        result = db_test_register(&q, &r);
        if (result != TND_STORE_OK && result != TND_STORE_FAILED)
            return 1;
    }
    if (count < 100 || !strstr(t.said, "is not kept: ") || !strstr(t.said, "the disk is full"))
        return 2;
    for (unsigned i = 0; i + 1 < count; i++) { /* what was acknowledged is found all the same */
        char aor[32];

        snprintf(aor, sizeof(aor), "user%06u@example.com", i);
        if (strcmp(db_test_bindings(t.db, aor, NOW), "sip:1") != 0)
            return 3;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    struct db_test_register r = {.aor = "last@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
    if (db_test_register(&q, &r) != TND_STORE_OK)
        return 4;
    return strcmp(db_test_bindings(t.db, "last@a", NOW), "sip:1") == 0 ? 0 : 5;
}

TND_TEST(db_full_disk, "RFC 3261 §10.3",
         "while the disk is full changes fail, that is told, and all else goes on")
{
    char directory[64];

    db_test_directory(directory, sizeof(directory));
    CHECK_EQ(db_test_in_child(fill_disk, directory), 0);
    db_test_remove(directory);
}

/* Beside a server, as commands do. */
static int provision(void *ctx)
{
    struct tnd_user user = {.realm = TND_STR("a"), .has = {[TND_DIGEST_MD5] = true}};
    struct db_test t = {.kind = DB_TEST_LMDB};

    for (unsigned i = 0; i < 100; i++) {
        char aor[16];

        snprintf(aor, sizeof(aor), "cmd%u@a", i);
        if (tnd_db_open(ctx, &t.fault, &t.db) ||
            tnd_db_put_user(t.db, tnd_slice_str(aor), &user, &t.fault))
            return 1;
        tnd_db_close(&t.db);
    }
    return 0;
}

TND_TEST(db_two_processes, "PRODUCT, The command line",
         "commands change the store while a server does, and neither loses anything")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct db_test_queue q;
    int status;

    db_test_directory(t.directory, sizeof(t.directory));
    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(provision(t.directory));
    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0; i < 300; i++) {
        char aor[16];
        struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

        snprintf(aor, sizeof(aor), "user%u@a", i);
        CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    for (unsigned i = 0; i < 300; i++) {
        struct tnd_db_reader *reader;
        struct tnd_entry e;
        char aor[16];

        snprintf(aor, sizeof(aor), "user%u@a", i);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, aor, NOW)), "sip:1");
        snprintf(aor, sizeof(aor), "cmd%u@a", i % 100);
        CHECK_EQ(tnd_db_reader_new(t.db, &reader), 0);
        tnd_arena_reset(&q.a);
        CHECK_EQ(tnd_db_find(reader, tnd_slice_str(aor), NOW, &q.a, &e), TND_STORE_OK);
        CHECK(e.user != NULL);
        tnd_db_reader_free(&reader);
    }
    db_test_queue_fini(&q);
    db_test_close(&t);
}

/* Dies while it changes something, and holds what LMDB locks. */
static int die_within_a_write(void *ctx, struct db_view *v)
{
    (void)ctx;
    v->kv->driver->put(v, TND_STR("x"), TND_STR("half"));
    kill(getpid(), SIGKILL);
    return 0;
}

static int die(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    if (tnd_db_open(ctx, &t.fault, &t.db))
        return 1;
    return t.db->kv->driver->write(t.db->kv, die_within_a_write, NULL);
}

TND_TEST(db_other_dies, "db/db.h",
         "a process that is killed within a change holds up nobody, and has changed nothing")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct tnd_slice value;
    struct db_test_queue q;
    struct db_view *v;

    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    CHECK_EQ(db_test_in_child(die, t.directory), -1);
    struct db_test_register r = {.aor = "bob@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
    CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
    const struct db_driver *driver = t.db->kv->driver;
    CHECK_EQ(driver->view_new(t.db->kv, &v), 0);
    CHECK_EQ(driver->begin(v), 0);
    CHECK_EQ(driver->get(v, TND_STR("x"), &value), TND_ENONE);
    driver->end(v);
    driver->view_free(v);
    db_test_queue_fini(&q);
    db_test_close(&t);
}
