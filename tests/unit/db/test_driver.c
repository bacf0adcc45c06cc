/* Drivers: records, views and writes, the same of each. */
#include <stdio.h>
#include <stdlib.h>

#include "unit/db/db_test.h"

/* What a write does: puts, a record for each, and removals, in the order of the text:
 * "a=1 b=2 -a". "!" at the end: it gives up. */
static int apply(void *ctx, struct db_view *v)
{
    const struct db_driver *driver = v->kv->driver;
    struct tnd_slice rest = tnd_slice_str(ctx);

    while (rest.len > 0) {
        const char *space = memchr(rest.ptr, ' ', rest.len);
        struct tnd_slice word = tnd_slice_between(rest.ptr, space ? space : tnd_slice_end(rest));
        const char *equals = memchr(word.ptr, '=', word.len);
        int err = 0;

        if (word.ptr[0] == '!')
            return TND_ESTATE;
        if (word.ptr[0] == '-')
            err = driver->remove(v, tnd_slice(word.ptr + 1, word.len - 1));
        else
            err = driver->put(v, tnd_slice_between(word.ptr, equals),
                              tnd_slice_between(equals + 1, tnd_slice_end(word)));
        if (err)
            return err;
        rest = space ? tnd_slice_between(space + 1, tnd_slice_end(rest)) : tnd_slice(NULL, 0);
    }
    return 0;
}

static int write_all(struct db_test *t, const char *what)
{
    return t->db->kv->driver->write(t->db->kv, apply, (void *)(uintptr_t)what);
}

/* All records but the store's own, as apply() has them. */
static const char *show(struct db_view *v)
{
    static char text[4096];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
    struct tnd_slice key, value;
    struct db_key at = {.len = 1};

    while (v->kv->driver->next(v, db_key_slice(&at), &key, &value) == 0) {
        memcpy(at.bytes, key.ptr, key.len);
        at.bytes[key.len] = '\0';
        at.len = key.len + 1;
        if (key.ptr[0] == DB_META)
            continue;
        tnd_put_str(&w, w.len > 0 ? " " : "");
        tnd_put(&w, key);
        tnd_put_char(&w, '=');
        tnd_put(&w, value);
    }
    text[w.len] = '\0';
    return text;
}

static const char *shown(struct db_test *t)
{
    const struct db_driver *driver = t->db->kv->driver;
    struct db_view *v;

    CHECK_EQ(driver->view_new(t->db->kv, &v), 0);
    CHECK_EQ(driver->begin(v), 0);
    const char *text = show(v);
    driver->end(v);
    driver->view_free(v);
    return text;
}

TND_TEST(db_driver_order, "db/driver.h", "records come in the order of the bytes of their keys")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        CHECK_STR(tnd_slice_str(shown(&t)), "");
        CHECK_EQ(write_all(&t, "b=2 a=1 ab=3 \xff=5 c=4"), 0);
        CHECK_STR(tnd_slice_str(shown(&t)), "a=1 ab=3 b=2 c=4 \xff=5");
        CHECK_EQ(write_all(&t, "-ab a=6 b= d=7"), 0);
        CHECK_STR(tnd_slice_str(shown(&t)), "a=6 b= c=4 d=7 \xff=5");
        db_test_close(&t);
    }
}

TND_TEST(db_driver_all_or_nothing, "db/driver.h", "a write that gives up has changed nothing")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        CHECK_EQ(write_all(&t, "a=1 b=2 c=3"), 0);
        CHECK_EQ(write_all(&t, "a=4 -b d=5 a=6 -d d=7 -c c=8 !"), TND_ESTATE);
        CHECK_STR(tnd_slice_str(shown(&t)), "a=1 b=2 c=3");
        CHECK_EQ(write_all(&t, "x=1 -nobody"), TND_ENONE);
        CHECK_STR(tnd_slice_str(shown(&t)), "a=1 b=2 c=3");
        CHECK_EQ(write_all(&t, "a=4 -b d=5 a=6 -d d=7 -c c=8 -a"), 0);
        CHECK_STR(tnd_slice_str(shown(&t)), "c=8 d=7");
        db_test_close(&t);
    }
}

/* Reads its own changes. */
static int look_inside(void *ctx, struct db_view *v)
{
    struct tnd_slice value;

    CHECK_EQ(apply(ctx, v), 0);
    CHECK_STR(tnd_slice_str(show(v)), "a=2 c=3");
    CHECK_EQ(v->kv->driver->get(v, TND_STR("b"), &value), TND_ENONE);
    CHECK_EQ(v->kv->driver->get(v, TND_STR("a"), &value), 0);
    CHECK_STR(value, "2");
    return 0;
}

TND_TEST(db_driver_own_changes, "db/driver.h", "a write sees what it has put and removed itself")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        CHECK_EQ(write_all(&t, "a=1 b=1"), 0);
        char changes[] = "a=2 -b c=3";
        CHECK_EQ(t.db->kv->driver->write(t.db->kv, look_inside, changes), 0);
        CHECK_STR(tnd_slice_str(shown(&t)), "a=2 c=3");
        db_test_close(&t);
    }
}

TND_TEST(db_driver_views, "db/driver.h",
         "what a view shows stays while it is used, and is new when it begins again")
{
    struct db_test t = {.kind = DB_TEST_LMDB}; /* in memory a write waits for readers */
    struct tnd_slice value;
    struct db_view *v;

    db_test_open(&t);
    const struct db_driver *driver = t.db->kv->driver;
    CHECK_EQ(write_all(&t, "a=old b=old"), 0);
    CHECK_EQ(driver->view_new(t.db->kv, &v), 0);
    CHECK_EQ(driver->begin(v), 0);
    CHECK_EQ(driver->get(v, TND_STR("a"), &value), 0);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(write_all(&t, "a=new -b"), i == 0 ? 0 : TND_ENONE);
    CHECK_STR(value, "old");
    CHECK_STR(tnd_slice_str(show(v)), "a=old b=old");
    driver->end(v);
    CHECK_EQ(driver->begin(v), 0);
    CHECK_STR(tnd_slice_str(show(v)), "a=new");
    driver->end(v);
    driver->view_free(v);
    db_test_close(&t);
}

/* Records of random keys, put and removed, against a plain table of what should be there. */
static int shuffle(void *ctx, struct db_view *v)
{
    int *table = ctx;

    for (int i = 0; i < 500; i++) {
        int k = rand() % 1000;
        char key[16], value[16];

        snprintf(key, sizeof(key), "k%03d", k);
        table[k] = rand() % 3 == 0 ? 0 : rand();
        snprintf(value, sizeof(value), "%d", table[k]);
        int err = table[k] ? v->kv->driver->put(v, tnd_slice_str(key), tnd_slice_str(value))
                           : v->kv->driver->remove(v, tnd_slice_str(key));
        CHECK(err == 0 || (err == TND_ENONE && table[k] == 0));
    }
    return 0;
}

static void check_table(struct db_test *t, const int *table)
{
    const struct db_driver *driver = t->db->kv->driver;
    struct db_key at = db_key('k', tnd_slice(NULL, 0));
    struct tnd_slice key, value;
    struct db_view *v;
    char text[32];

    CHECK_EQ(driver->view_new(t->db->kv, &v), 0);
    CHECK_EQ(driver->begin(v), 0);
    for (int k = 0; k < 1000; k++) {
        if (table[k] == 0)
            continue;
        CHECK_EQ(driver->next(v, db_key_slice(&at), &key, &value), 0);
        snprintf(text, sizeof(text), "k%03d", k);
        CHECK_STR(key, text);
        snprintf(text, sizeof(text), "%d", table[k]);
        CHECK_STR(value, text);
        at = db_key('k', tnd_slice(key.ptr + 1, key.len - 1));
        at.bytes[at.len++] = '\0';
    }
    driver->end(v);
    driver->view_free(v);
}

TND_TEST(db_driver_many, "db/driver.h", "thousands of changes leave what they should")
{
    EACH_STORE(t)
    {
        int table[1000] = {0};

        srand(7);
        db_test_open(&t);
        for (int i = 0; i < 20; i++) {
            CHECK_EQ(t.db->kv->driver->write(t.db->kv, shuffle, table), 0);
            check_table(&t, table);
        }
        db_test_close(&t);
    }
}

enum { LARGE_SIZE = 1 << 20 };

static int put_large(void *ctx, struct db_view *v)
{
    char *large = calloc(1, LARGE_SIZE);

    CHECK(large);
    memset(large, 'x', LARGE_SIZE);
    int err = v->kv->driver->put(v, tnd_slice_str(ctx), tnd_slice(large, LARGE_SIZE));
    free(large);
    return err;
}

static void check_large(struct db_view *v, const char *key)
{
    struct tnd_slice value;

    CHECK_EQ(v->kv->driver->get(v, tnd_slice_str(key), &value), 0);
    CHECK_EQ(value.len, LARGE_SIZE);
    CHECK(value.ptr[0] == 'x' && value.ptr[LARGE_SIZE - 1] == 'x');
}

TND_TEST(db_driver_grows, "db/driver.h", "a map that is full is made larger, under readers too")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    char key[] = "k0";
    struct db_view *v;

    db_test_directory(t.directory, sizeof(t.directory));
    t.db = db_test_open_at(&t, t.directory, 256 << 10);
    CHECK(t.db);
    const struct db_driver *driver = t.db->kv->driver;
    CHECK_EQ(driver->view_new(t.db->kv, &v), 0);
    for (; key[1] <= '9'; key[1]++) {
        CHECK_EQ(driver->write(t.db->kv, put_large, key), 0);
        CHECK_EQ(driver->begin(v), 0);
        check_large(v, "k0");
        check_large(v, key);
        driver->end(v);
    }
    driver->view_free(v);
    db_test_close(&t);
}

static int grow_elsewhere(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    char key[] = "k0";

    t.db = db_test_open_at(&t, ctx, 256 << 10);
    for (; t.db && key[1] <= '3'; key[1]++)
        if (t.db->kv->driver->write(t.db->kv, put_large, key))
            return 1;
    tnd_db_close(&t.db);
    return key[1] > '3' ? 0 : 1;
}

TND_TEST(db_driver_grown_elsewhere, "db/driver.h",
         "when another process made the map larger, readers and writers follow")
{
    for (int writes = 0; writes <= 1; writes++) {
        struct db_test t = {.kind = DB_TEST_LMDB};
        char key[] = "k4";
        struct db_view *v;

        db_test_directory(t.directory, sizeof(t.directory));
        t.db = db_test_open_at(&t, t.directory, 256 << 10);
        CHECK(t.db);
        const struct db_driver *driver = t.db->kv->driver;
        CHECK_EQ(driver->view_new(t.db->kv, &v), 0);
        CHECK_EQ(db_test_in_child(grow_elsewhere, t.directory), 0);
        if (writes)
            CHECK_EQ(driver->write(t.db->kv, put_large, key), 0);
        CHECK_EQ(driver->begin(v), 0);
        check_large(v, "k3");
        driver->end(v);
        driver->view_free(v);
        db_test_close(&t);
    }
}
