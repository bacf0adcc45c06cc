/* What has ended is swept away. */
#include <stdio.h>

#include "unit/db/db_test.h"

enum { COUNT = 600 };

/* How many records there are, of the store's own too. */
static size_t record_count(struct tnd_db *db)
{
    const struct db_driver *driver = db->kv->driver;
    struct db_key at = {.len = 1};
    struct tnd_slice key, value;
    struct db_view *v;
    size_t count = 0;

    CHECK_EQ(driver->view_new(db->kv, &v), 0);
    CHECK_EQ(driver->begin(v), 0);
    for (; driver->next(v, db_key_slice(&at), &key, &value) == 0; count++) {
        at = db_key(key.ptr[0], tnd_slice(key.ptr + 1, key.len - 1));
        at.bytes[at.len++] = '\0';
    }
    driver->end(v);
    driver->view_free(v);
    return count;
}

/* As the writer does, which is not there now. */
static unsigned sweep(struct db_test *t, int64_t now)
{
    unsigned rounds = 1;

    t->db->work = db_work_new();
    CHECK(t->db->work);
    CHECK_EQ(t->db->kv->driver->view_new(t->db->kv, &t->db->view), 0);
    db_sweep_begin(&t->db->sweep);
    while (db_sweep(t->db, now))
        rounds++;
    t->db->kv->driver->view_free(t->db->view);
    db_work_free(t->db->work);
    t->db->view = NULL;
    t->db->work = NULL;
    return rounds;
}

TND_TEST(db_sweep_ended, "db/db.h",
         "what has ended is removed, a part at a time; what has not stays as it is")
{
    EACH_STORE(t)
    {
        struct tnd_forward f = {.uri = TND_STR("sip:f"), .until = NOW + 5};
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        size_t before = record_count(t.db);
        db_test_queue_init(&q, t.db);
        for (unsigned i = 0; i < COUNT; i++) {
            char aor[16];
            struct db_test_register r = {
                .aor = aor, .uri = "sip:1", .until = i % 2 ? NOW + 9 : NOW + 5, .now = NOW};

            snprintf(aor, sizeof(aor), "user%u@a", i);
            CHECK(db_test_put(&q, &r, i));
            r.uri = "sip:2";
            r.until = NOW + 7;
            r.call_id = "other";
            if (i % 3 == 0)
                CHECK(db_test_put(&q, &r, i));
        }
        for (unsigned i = 0; i < COUNT + COUNT / 3; i++)
            db_test_await(&q);
        CHECK_EQ(tnd_db_put_forward(t.db, TND_STR("bob@a"), &f, NOW, &t.fault), 0);
        f.when = TND_FORWARD_BUSY;
        f.until = 0;
        CHECK_EQ(tnd_db_put_forward(t.db, TND_STR("eve@a"), &f, NOW, &t.fault), 0);
        db_test_queue_fini(&q);
        tnd_db_stop(t.db);
        CHECK_EQ(record_count(t.db), before + COUNT + 2);

        CHECK_EQ(sweep(&t, NOW + 4), 1); /* nothing has ended */
        CHECK_EQ(record_count(t.db), before + COUNT + 2);
        CHECK_EQ(sweep(&t, NOW + 5), 2); /* 300 of them, and bob's forward */
        CHECK_EQ(record_count(t.db), before + COUNT - COUNT / 3 + 1);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "user6@a", NOW)), "sip:2");
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "user3@a", NOW)), "sip:1 sip:2");
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "user1@a", NOW)), "sip:1");
        CHECK_EQ(sweep(&t, NOW + 9), 2);
        CHECK_EQ(record_count(t.db), before + 1); /* eve's forward */
        db_test_close(&t);
    }
}

TND_TEST(db_sweep_long, "db/sweep.c", "a walk that is longer than one look goes on where it was")
{
    struct db_test t = {.kind = DB_TEST_MEMORY};
    struct db_test_queue q;
    unsigned looks = 0;

    db_test_open(&t);
    db_test_start(&t);
    size_t before = record_count(t.db);
    db_test_queue_init(&q, t.db);
    for (unsigned i = 0; i < 9000; i++) { /* only the last one has ended */
        char aor[16];
        struct db_test_register r = {
            .aor = aor, .uri = "sip:1", .until = i == 8999 ? NOW + 5 : NOW + 9, .now = NOW};

        snprintf(aor, sizeof(aor), "user%04u@a", i);
        CHECK(db_test_put(&q, &r, i));
        db_test_await(&q);
    }
    db_test_queue_fini(&q);
    while (record_count(t.db) == before + 9000) {
        db_sweep(t.db, NOW + 5); /* the writer sleeps: it does so seconds later */
        looks++;
    }
    CHECK_EQ(looks, 3);
    CHECK_EQ(record_count(t.db), before + 8999);
    db_test_close(&t);
}
