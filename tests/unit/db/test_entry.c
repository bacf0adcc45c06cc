/* Users, forwards and bindings of an address-of-record, found and walked through. */
#include <stdio.h>

#include "unit/db/db_test.h"

static const struct tnd_user user = {.realm = TND_STR_INIT("example.com"),
                                     .a1 = {{[TND_DIGEST_SHA_256] = {1, 2, 3}}},
                                     .has = {[TND_DIGEST_SHA_256] = true}};

static struct tnd_forward forward(const char *uri, enum tnd_forward_when when, int64_t until)
{
    return (struct tnd_forward){.uri = tnd_slice_str(uri),
                                .until = until,
                                .after = 20,
                                .when = (uint8_t)when,
                                .mode = TND_FORWARD_PROXY};
}

static void put_forward(struct db_test *t, const char *aor, const char *uri,
                        enum tnd_forward_when when, int64_t until)
{
    struct tnd_forward f = forward(uri, when, until);

    if (tnd_db_put_forward(t->db, tnd_slice_str(aor), &f, NOW, &t->fault))
        tnd_test_fail(__FILE__, __LINE__, "%s", t->fault.text);
}

static void put_user(struct db_test *t, const char *aor)
{
    if (tnd_db_put_user(t->db, tnd_slice_str(aor), &user, &t->fault))
        tnd_test_fail(__FILE__, __LINE__, "%s", t->fault.text);
}

/* "user" and the URIs of an entry. */
static void show(struct tnd_writer *w, const struct tnd_entry *e)
{
    tnd_put_str(w, e->user ? " user" : "");
    for (size_t i = 0; i < e->forward_count; i++) {
        tnd_put_str(w, " ->");
        tnd_put(w, e->forwards[i].uri);
    }
    for (size_t i = 0; i < e->binding_count; i++) {
        tnd_put_str(w, " ");
        tnd_put(w, e->bindings[i].uri);
    }
}

static const char *found(struct db_test *t, const char *aor, int64_t now)
{
    static char text[4096];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
    struct tnd_db_reader *reader;
    struct tnd_entry entry;
    char room[4096];
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_db_reader_new(t->db, &reader), 0);
    CHECK_EQ(tnd_db_find(reader, tnd_slice_str(aor), now, &a, &entry), TND_STORE_OK);
    tnd_db_reader_free(&reader); /* the entry is in a */
    show(&w, &entry);
    text[w.len] = '\0';
    return text;
}

static void register_one(struct db_test *t, const char *aor, const char *uri, int64_t until)
{
    struct db_test_register r = {.aor = aor, .uri = uri, .until = until, .now = NOW, .cseq = 1};
    struct db_test_queue q;

    db_test_queue_init(&q, t->db);
    r.call_id = uri;
    CHECK_EQ(db_test_register(&q, &r), TND_STORE_OK);
    db_test_queue_fini(&q);
}

TND_TEST(db_find_all_parts, "db/db.h",
         "an entry has the user, the forwards and the bindings that have not ended")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        db_test_start(&t);
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW)), "");
        put_user(&t, "bob@example.com");
        put_forward(&t, "bob@example.com", "sip:a", TND_FORWARD_BUSY, 0);
        put_forward(&t, "bob@example.com", "sip:b", TND_FORWARD_ALWAYS, NOW + 10);
        register_one(&t, "bob@example.com", "sip:1", NOW + 5);
        register_one(&t, "bob@example.com", "sip:2", NOW + 20);
        register_one(&t, "bob@example.org", "sip:3", NOW + 20); /* another one */
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW)),
                  " user ->sip:a ->sip:b sip:1 sip:2");
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW + 4)),
                  " user ->sip:a ->sip:b sip:1 sip:2");
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW + 5)),
                  " user ->sip:a ->sip:b sip:2");
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW + 10)), " user ->sip:a sip:2");
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.com", NOW + 20)), " user ->sip:a");
        CHECK_STR(tnd_slice_str(found(&t, "bob@example.co", NOW)), "");
        CHECK_STR(tnd_slice_str(found(&t, "", NOW)), "");
        db_test_close(&t);
    }
}

TND_TEST(db_user_kept, "RFC 7616 §3.4.2", "a user is kept as he was given, and replaced whole")
{
    EACH_STORE(t)
    {
        struct tnd_user other = {.realm = TND_STR("a.example"), .has = {[TND_DIGEST_MD5] = true}};
        struct tnd_db_reader *reader;
        struct tnd_entry e;
        char room[4096];
        struct tnd_arena a;

        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        db_test_open(&t);
        put_user(&t, "bob@example.com");
        CHECK_EQ(tnd_db_reader_new(t.db, &reader), 0);
        CHECK_EQ(tnd_db_find(reader, TND_STR("bob@example.com"), NOW, &a, &e), TND_STORE_OK);
        CHECK(e.user && e.user->has[TND_DIGEST_SHA_256] && !e.user->has[TND_DIGEST_MD5]);
        CHECK_STR(e.user->realm, "example.com");
        CHECK_EQ(e.user->a1[TND_USER_NAME][TND_DIGEST_SHA_256][2], 3);
        CHECK_EQ(tnd_db_put_user(t.db, TND_STR("bob@example.com"), &other, &t.fault), 0);
        CHECK_EQ(tnd_db_find(reader, TND_STR("bob@example.com"), NOW, &a, &e), TND_STORE_OK);
        CHECK(e.user && !e.user->has[TND_DIGEST_SHA_256] && e.user->has[TND_DIGEST_MD5]);
        CHECK_STR(e.user->realm, "a.example");
        tnd_db_reader_free(&reader);
        db_test_close(&t);
    }
}

TND_TEST(db_forward_replaced, "tandem/store.h",
         "there is one forward of each kind; a new one takes the place of the old one")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        put_forward(&t, "bob@a", "sip:1", TND_FORWARD_ALWAYS, NOW + 10);
        put_forward(&t, "bob@a", "sip:2", TND_FORWARD_OFFLINE, 0);
        put_forward(&t, "bob@a", "sip:3", TND_FORWARD_ALWAYS, 0);
        CHECK_STR(tnd_slice_str(found(&t, "bob@a", NOW)), " ->sip:3 ->sip:2");
        CHECK_EQ(tnd_db_remove_forward(t.db, TND_STR("bob@a"), TND_FORWARD_ALWAYS, NOW, &t.fault),
                 0);
        CHECK_STR(tnd_slice_str(found(&t, "bob@a", NOW)), " ->sip:2");
        CHECK_EQ(tnd_db_remove_forward(t.db, TND_STR("bob@a"), TND_FORWARD_BUSY, NOW, &t.fault),
                 TND_ENONE);
        CHECK_STR(tnd_slice_str(t.fault.text), "bob@a: there is no such forward");
        put_forward(&t, "bob@a", "sip:4", TND_FORWARD_BUSY, NOW + 1);
        CHECK_EQ(
            tnd_db_remove_forward(t.db, TND_STR("bob@a"), TND_FORWARD_WHEN_COUNT, NOW, &t.fault),
            0);
        CHECK_STR(tnd_slice_str(found(&t, "bob@a", NOW)), "");
        CHECK_EQ(
            tnd_db_remove_forward(t.db, TND_STR("bob@a"), TND_FORWARD_WHEN_COUNT, NOW, &t.fault),
            TND_ENONE);
        db_test_close(&t);
    }
}

TND_TEST(db_remove_parts, "db/db.h", "parts of an entry are removed all at once, others stay")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        db_test_start(&t);
        put_user(&t, "bob@a");
        put_forward(&t, "bob@a", "sip:f", TND_FORWARD_ALWAYS, 0);
        register_one(&t, "bob@a", "sip:1", NOW + 1);
        CHECK_EQ(tnd_db_remove(t.db, TND_STR("bob@a"), TND_DB_USER | TND_DB_BINDINGS, &t.fault), 0);
        CHECK_STR(tnd_slice_str(found(&t, "bob@a", NOW)), " ->sip:f");
        CHECK_EQ(tnd_db_remove(t.db, TND_STR("bob@a"), TND_DB_USER, &t.fault), TND_ENONE);
        CHECK_STR(tnd_slice_str(t.fault.text), "bob@a: nothing of it is kept");
        CHECK_EQ(tnd_db_remove(t.db, TND_STR("bob@a"), TND_DB_USER | TND_DB_FORWARDS, &t.fault), 0);
        CHECK_STR(tnd_slice_str(found(&t, "bob@a", NOW)), "");
        db_test_close(&t);
    }
}

struct walked {
    struct tnd_writer w;
    unsigned max;
    struct db_test *t; /* not NULL: what is visited is removed */
};

static bool visit(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct walked *walked = ctx;

    tnd_put_str(&walked->w, walked->w.len > 0 ? ", " : "");
    tnd_put(&walked->w, aor);
    show(&walked->w, entry);
    if (walked->t)
        CHECK_EQ(tnd_db_remove(walked->t->db, aor, TND_DB_USER | TND_DB_FORWARDS | TND_DB_BINDINGS,
                               &walked->t->fault),
                 0);
    return --walked->max > 0;
}

static const char *walk(struct db_test *t, int64_t now, unsigned max, bool removes)
{
    static char text[4096];
    struct walked walked = {tnd_writer(text, sizeof(text) - 1), max, removes ? t : NULL};

    CHECK_EQ(tnd_db_walk(t->db, now, visit, &walked, &t->fault), 0);
    text[walked.w.len] = '\0';
    return text;
}

TND_TEST(db_walk_in_order, "db/db.h",
         "a walk comes to each address of which something is kept, in their order, once")
{
    EACH_STORE(t)
    {
        db_test_open(&t);
        db_test_start(&t);
        CHECK_STR(tnd_slice_str(walk(&t, NOW, 99, false)), "");
        put_user(&t, "d@a");
        put_user(&t, "b@a");
        put_forward(&t, "b@a", "sip:f", TND_FORWARD_ALWAYS, NOW + 7);
        put_forward(&t, "a@a", "sip:f", TND_FORWARD_ALWAYS, NOW + 7);
        register_one(&t, "c@a", "sip:1", NOW + 9);
        register_one(&t, "b@a", "sip:1", NOW + 9);
        register_one(&t, "b@a.b", "sip:1", NOW + 9);
        CHECK_STR(tnd_slice_str(walk(&t, NOW, 99, false)),
                  "a@a ->sip:f, b@a user ->sip:f sip:1, b@a.b sip:1, c@a sip:1, d@a user");
        CHECK_STR(tnd_slice_str(walk(&t, NOW, 2, false)), "a@a ->sip:f, b@a user ->sip:f sip:1");
        CHECK_STR(tnd_slice_str(walk(&t, NOW + 8, 99, false)),
                  "b@a user sip:1, b@a.b sip:1, c@a sip:1, d@a user");
        CHECK_STR(tnd_slice_str(walk(&t, NOW + 9, 99, true)), "b@a user, d@a user");
        CHECK_STR(tnd_slice_str(walk(&t, NOW, 99, false)),
                  "a@a ->sip:f, b@a.b sip:1, c@a sip:1"); /* which had ended in that view */
        db_test_close(&t);
    }
}

struct raw {
    struct db_key key;
    struct tnd_slice value;
};

static int put_raw(void *ctx, struct db_view *v)
{
    const struct raw *raw = ctx;

    return v->kv->driver->put(v, db_key_slice(&raw->key), raw->value);
}

TND_TEST(db_damaged_record, "tandem/store.h",
         "a record that is damaged fails who needs it, and nobody else")
{
    EACH_STORE(t)
    {
        struct raw raw = {db_key(DB_BINDINGS, TND_STR("bob@a")), TND_STR("\x7fnonsense")};
        struct db_test_register r = {.aor = "bob@a", .uri = "sip:1", .until = NOW + 1, .now = NOW};
        struct db_test_queue q;

        db_test_open(&t);
        db_test_start(&t);
        CHECK_EQ(t.db->kv->driver->write(t.db->kv, put_raw, &raw), 0);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "bob@a", NOW)), "?");
        CHECK(tnd_db_walk(t.db, NOW, visit, NULL, &t.fault) == TND_ESYNTAX);
        CHECK(strstr(t.fault.text, "the record of bob@a is damaged"));

        /* One of three that are applied together. */
        db_test_queue_init(&q, t.db);
        r.aor = "ann@a";
        CHECK(db_test_put(&q, &r, 1));
        r.aor = "bob@a";
        CHECK(db_test_put(&q, &r, 2));
        r.aor = "eve@a";
        CHECK(db_test_put(&q, &r, 3));
        for (uint64_t token = 1; token <= 3; token++) {
            db_test_await(&q);
            CHECK_EQ(q.token, token);
            CHECK_EQ(q.answer.result, token == 2 ? TND_STORE_FAILED : TND_STORE_OK);
        }
        CHECK(strstr(t.said, "what bob@a registers is not kept: ") && strstr(t.said, "damaged"));
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "ann@a", NOW)), "sip:1");
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "eve@a", NOW)), "sip:1");
        db_test_queue_fini(&q);
        CHECK_EQ(tnd_db_remove(t.db, TND_STR("bob@a"), TND_DB_BINDINGS, &t.fault), 0);
        CHECK_STR(tnd_slice_str(db_test_bindings(t.db, "bob@a", NOW)), "");
        db_test_close(&t);
    }
}
