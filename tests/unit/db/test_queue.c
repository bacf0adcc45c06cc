/* Changes that are queued: applied in groups, answered when they are kept for good. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "db/lmdb_env.h"
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

TND_TEST(db_queue_fewer_than_before, "db/db.h",
         "changes that were answered together need not be followed by as many")
{
    EACH_STORE(t)
    {
        struct db_test_register r = {.aor = "bob@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        db_test_queue_init(&q, t.db);
        for (unsigned left = 7; left > 0; left--) {
            for (unsigned i = 0; i < left; i++) {
                r.cseq++;
                CHECK(db_test_put(&q, &r, i));
            }
            for (unsigned i = 0; i < left; i++) {
                db_test_await(&q);
                CHECK_EQ(q.token, i);
                CHECK_EQ(q.answer.result, TND_STORE_OK);
            }
        }
        db_test_queue_fini(&q);
        db_test_close(&t);
    }
}

TND_TEST(db_queue_not_running, "RFC 3261 §10.3",
         "what was put while somebody wrote, and is sent when nobody does, is answered as failed")
{
    EACH_STORE(t)
    {
        struct tnd_binding contact = {
            .uri = TND_STR("sip:1"), .call_id = TND_STR("call"), .until = NOW + 9, .q = -1};
        struct tnd_binding_change change = {
            .contacts = &contact, .count = 1, .call_id = contact.call_id, .count_max = 1};
        struct tnd_store_op op = {TND_STORE_CHANGE, TND_STR("bob@a"), &change, NOW};
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        db_test_queue_init(&q, t.db);
        CHECK(tnd_db_queue_put(q.queue, &op, 5));
        tnd_db_stop(t.db);
        CHECK(tnd_db_queue_next(q.queue, &q.a, &q.token, &q.answer));
        CHECK_EQ(q.token, 5);
        CHECK_EQ(q.answer.result, TND_STORE_FAILED);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "bob@a", NOW)), "");
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

/* Finds what has been acknowledged, over and over. */
struct finding {
    pthread_t thread;
    struct tnd_db *db;
    atomic_uint *acknowledged;
    unsigned wrong, count;
};

static void *find_over_and_over(void *ctx)
{
    struct finding *f = ctx;
    struct tnd_db_reader *reader;
    struct tnd_entry e;
    struct tnd_arena a;
    char room[4096];

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    f->wrong = tnd_db_reader_new(f->db, &reader) != 0;
    for (unsigned end = 0; !f->wrong && end < UINT32_MAX; f->count++) {
        char aor[24];

        end = atomic_load(f->acknowledged);
        if (end == 0)
            continue;
        snprintf(aor, sizeof(aor), "user%u@a", f->count % (end == UINT32_MAX ? 1 : end));
        tnd_arena_reset(&a);
        f->wrong += tnd_db_find(reader, tnd_slice_str(aor), NOW, &a, &e) || e.binding_count != 1;
    }
    tnd_db_reader_free(&reader);
    return NULL;
}

TND_TEST(db_grows_under_readers, "db/lmdb.c",
         "the map is moved while threads read, and they find what they look for all the same")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct finding threads[2];
    atomic_uint acknowledged = 0;
    struct db_test_queue q;

    db_test_directory(t.directory, sizeof(t.directory));
    t.db = db_test_open_at(&t, t.directory, 64 << 10);
    CHECK(t.db);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0; i < 2; i++) {
        threads[i] = (struct finding){.db = t.db, .acknowledged = &acknowledged};
        CHECK_EQ(pthread_create(&threads[i].thread, NULL, find_over_and_over, &threads[i]), 0);
    }
    unsigned failed = 0;
    for (unsigned i = 0; i < 10000; i++) { /* 1 MB: it is doubled five times */
        char aor[16];
        struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

        snprintf(aor, sizeof(aor), "user%u@a", i);
        failed += db_test_register(&q, &r) != TND_STORE_OK;
        atomic_store(&acknowledged, i + 1);
    }
    atomic_store(&acknowledged, UINT32_MAX);
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(threads[i].thread, NULL);
        CHECK_EQ(threads[i].wrong, 0);
    }
    CHECK_EQ(failed, 0);
    db_test_queue_fini(&q);
    db_test_close(&t);
}

/* What a disk can do to LMDB so that it wants that is not to be had here. */
/* Bytes of the file behind the last page that is used. */
static off_t bytes_behind(struct tnd_db *db)
{
    MDB_env *env = ((struct db_lmdb *)db->kv)->env;
    MDB_envinfo info;
    MDB_stat stat;
    struct stat file;
    int fd;

    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    mdb_env_get_fd(env, &fd);
    CHECK_EQ(fstat(fd, &file), 0);
    return file.st_size - (off_t)((info.me_last_pgno + 1) * stat.ms_psize);
}

TND_TEST(db_file_is_longer_than_used, "db/lmdb_env.h",
         "commits nearly always find the file long enough, and it is not much longer than needed")
{
    enum { COUNT = 600 };
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct db_test_queue q;
    unsigned short_count = 0;
    char aor[32];
    struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(aor, sizeof(aor), "user%u@a", i * 7919 % COUNT);
        CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
        short_count += bytes_behind(t.db) <= 0;
        CHECK(bytes_behind(t.db) < 2 << 20);
    }
    CHECK(short_count < COUNT / 20);
    db_test_queue_fini(&q);
    tnd_db_close(&t.db);
    db_test_open(&t);
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(aor, sizeof(aor), "user%u@a", i);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, aor, NOW)), "sip:1");
    }
    db_test_close(&t);
}

TND_TEST(db_opened_again_under_readers, "db/lmdb_env.h",
         "an environment is opened again while threads read, and they notice nothing")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct finding threads[2];
    atomic_uint acknowledged = 0;
    struct db_test_queue q;

    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0; i < 2; i++) {
        threads[i] = (struct finding){.db = t.db, .acknowledged = &acknowledged};
        CHECK_EQ(pthread_create(&threads[i].thread, NULL, find_over_and_over, &threads[i]), 0);
    }
    struct db_lmdb *l = (struct db_lmdb *)t.db->kv;
    unsigned failed = 0;
    for (unsigned i = 0; i < 200; i++) {
        char aor[16];
        struct db_test_register r = {.aor = aor, .uri = "sip:1", .until = NOW + 9, .now = NOW};

        snprintf(aor, sizeof(aor), "user%u@a", i);
        failed += db_test_register(&q, &r) != TND_STORE_OK;
        atomic_store(&acknowledged, i + 1);
        pthread_mutex_lock(&l->writing);
        failed += db_lmdb_reopen(l) != 0;
        pthread_mutex_unlock(&l->writing);
    }
    atomic_store(&acknowledged, UINT32_MAX);
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(threads[i].thread, NULL);
        CHECK_EQ(threads[i].wrong, 0);
    }
    CHECK_EQ(failed, 0);
    db_test_queue_fini(&q);
    db_test_close(&t);
}

TND_TEST(db_lost_and_found, "db/lmdb_env.h",
         "while an environment cannot be opened again all fails; then all goes on")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct db_test_register r = {.aor = "bob@a", .uri = "sip:1", .until = NOW + 9, .now = NOW};
    struct db_test_queue q;
    char elsewhere[96];

    db_test_open(&t);
    db_test_start(&t);
    db_test_queue_init(&q, t.db);
    CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
    struct tnd_db_reader *reader;
    struct tnd_entry e;
    CHECK_EQ(tnd_db_reader_new(t.db, &reader), 0);
    snprintf(elsewhere, sizeof(elsewhere), "%s.away", t.directory);
    CHECK_EQ(rename(t.directory, elsewhere), 0);
    struct db_lmdb *l = (struct db_lmdb *)t.db->kv;
    pthread_mutex_lock(&l->writing);
    CHECK(db_lmdb_reopen(l) != 0);
    pthread_mutex_unlock(&l->writing);
    r.cseq = 2;
    CHECK_EQ(db_test_register(&q, &r), TND_STORE_FAILED);
    CHECK(strstr(t.said, "what bob@a registers is not kept: "));
    CHECK_EQ(tnd_db_find(reader, TND_STR("bob@a"), NOW, &q.a, &e), TND_STORE_FAILED);
    CHECK_EQ(rename(elsewhere, t.directory), 0);
    CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
    CHECK_EQ(tnd_db_find(reader, TND_STR("bob@a"), NOW, &q.a, &e), TND_STORE_OK);
    CHECK_EQ(e.binding_count, 1);
    CHECK_EQ(e.bindings[0].cseq, 2);
    tnd_db_reader_free(&reader);
    db_test_queue_fini(&q);
    db_test_close(&t);
}
