/* Which connection goes where, for all workers. */
#include "net/where.h"

#include "unit/test.h"

static const struct tnd_siphash_key secret = {1, 2};

static struct tnd_endpoint phone(unsigned port)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(TND_STR("tcp:192.0.2.7:1"), TND_TRANSPORT_NONE, &e), 0);
    e.port = (uint16_t)port;
    return e;
}

TND_TEST(where_found, "RFC 3261 §18.1.1",
         "a connection that a peer opened is found by where it comes from, until it ends")
{
    struct tnd_where w;
    struct tnd_endpoint a = phone(1), b = phone(2);

    CHECK_EQ(tnd_where_init(&w, &secret, 10), 0);
    CHECK_EQ(tnd_where_find(&w, &a), 0);
    tnd_where_note(&w, &a, 11);
    tnd_where_note(&w, &b, 12);
    CHECK_EQ(tnd_where_find(&w, &a), 11);
    CHECK_EQ(tnd_where_find(&w, &b), 12);
    tnd_where_forget(&w, &a, 11);
    CHECK_EQ(tnd_where_find(&w, &a), 0);
    CHECK_EQ(tnd_where_find(&w, &b), 12);
    tnd_where_fini(&w);
}

TND_TEST(where_newer, "net/where.h", "a newer connection from the same port outlives the older one")
{
    struct tnd_where w;
    struct tnd_endpoint a = phone(1);

    CHECK_EQ(tnd_where_init(&w, &secret, 10), 0);
    tnd_where_note(&w, &a, 11);
    tnd_where_note(&w, &a, 12);
    tnd_where_forget(&w, &a, 11);
    CHECK_EQ(tnd_where_find(&w, &a), 12);
    tnd_where_forget(&w, &a, 12);
    CHECK_EQ(tnd_where_find(&w, &a), 0);
    tnd_where_fini(&w);
}

TND_TEST(where_full, "net/where.h",
         "beyond its rows the newest connections are known, and none is taken for another")
{
    enum { COUNT = 60000 };
    struct tnd_where w;
    unsigned known = 0;

    CHECK_EQ(tnd_where_init(&w, &secret, COUNT / 8), 0);
    for (unsigned i = 1; i <= COUNT; i++) {
        struct tnd_endpoint e = phone(i);

        tnd_where_note(&w, &e, i);
        CHECK_EQ(tnd_where_find(&w, &e), i);
    }
    for (unsigned i = 1; i <= COUNT; i++) {
        struct tnd_endpoint e = phone(i);
        uint64_t flow = tnd_where_find(&w, &e);

        CHECK(flow == 0 || flow == i);
        known += flow > 0;
        tnd_where_forget(&w, &e, i);
    }
    CHECK(known > w.count / 2 && known <= w.count);
    for (size_t i = 0; i < w.count; i++)
        CHECK_EQ(w.rows[i].flow, 0);
    tnd_where_fini(&w);
}

TND_TEST(where_none, "net/where.h", "without a table nothing is known")
{
    struct tnd_endpoint a = phone(1);

    tnd_where_note(NULL, &a, 11);
    tnd_where_forget(NULL, &a, 11);
    CHECK_EQ(tnd_where_find(NULL, &a), 0);
}

enum { TURNS = 20000 };

static void *come_and_go(void *table)
{
    struct tnd_endpoint e = phone(1);

    for (unsigned i = 0; i < TURNS; i++) {
        e.port = (uint16_t)(1 + i % 200);
        tnd_where_note(table, &e, (uint64_t)e.port << 32 | i);
        if (i % 3 == 0)
            tnd_where_forget(table, &e, (uint64_t)e.port << 32 | i);
    }
    return NULL;
}

TND_TEST(where_threads, "net/where.h",
         "while others write, a flow that is found is one of that endpoint")
{
    struct tnd_where w;
    pthread_t writers[2];

    CHECK_EQ(tnd_where_init(&w, &secret, 10), 0); /* fewer rows than endpoints */
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&writers[i], NULL, come_and_go, &w), 0);
    for (unsigned i = 0; i < TURNS; i++) {
        struct tnd_endpoint e = phone(1 + i % 200);
        uint64_t flow = tnd_where_find(&w, &e);

        CHECK(flow == 0 || flow >> 32 == e.port);
    }
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(writers[i], NULL), 0);
    tnd_where_fini(&w);
}
