/* Crashes, full disks, and other processes: what was acknowledged is kept. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/db/db_test.h"

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
