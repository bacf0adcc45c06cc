/* What a node asks of the store, on its way through a worker. */
#include "net/keeper.h"

#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "unit/db/db_test.h"

enum { WAIT_MS = 30000 };

struct keeping {
    struct db_test t;
    struct tnd_keeper keeper;
    int wake;
    uint64_t token; /* of the last answer */
    struct tnd_store_answer answer;
};

static void start(struct keeping *k, enum db_test_kind kind)
{
    k->t = (struct db_test){.kind = kind};
    db_test_open(&k->t);
    db_test_start(&k->t);
    k->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(k->wake >= 0);
    CHECK_EQ(tnd_keeper_init(&k->keeper, k->t.db, k->wake), 0);
}

static void stop(struct keeping *k)
{
    tnd_keeper_fini(&k->keeper);
    close(k->wake);
    db_test_close(&k->t);
}

static void ask_find(struct keeping *k, const char *aor, uint64_t token)
{
    struct tnd_store_op op = {.kind = TND_STORE_FIND, .aor = tnd_slice_str(aor), .now = NOW};

    tnd_keeper_ask(&k->keeper, &op, token);
}

static void ask_change(struct keeping *k, const char *aor, uint32_t cseq, uint64_t token)
{
    struct tnd_binding contact = {.uri = TND_STR("sip:1"),
                                  .call_id = TND_STR("call"),
                                  .until = NOW + 9,
                                  .cseq = cseq,
                                  .q = -1};
    struct tnd_binding_change change = {.contacts = &contact,
                                        .count = 1,
                                        .call_id = contact.call_id,
                                        .cseq = cseq,
                                        .count_max = 10};
    struct tnd_store_op op = {TND_STORE_CHANGE, tnd_slice_str(aor), &change, NOW};

    tnd_keeper_ask(&k->keeper, &op, token);
}

static bool next(struct keeping *k)
{
    return tnd_keeper_next(&k->keeper, &k->token, &k->answer);
}

/* As the loop of a worker does: it sleeps until it is woken. */
static void await(struct keeping *k)
{
    struct pollfd wake = {.fd = k->wake, .events = POLLIN};
    uint64_t count;

    while (!next(k)) {
        CHECK_EQ(poll(&wake, 1, WAIT_MS), 1);
        CHECK_EQ(read(k->wake, &count, sizeof(count)), sizeof(count));
    }
}

TND_TEST(keeper_change_then_find, "net/keeper.h",
         "a change wakes the worker when it is kept; what is to be found is found at once")
{
    for (unsigned kind = 0; kind < DB_TEST_KIND_COUNT; kind++) {
        struct keeping k;

        start(&k, kind);
        ask_find(&k, "bob@a", 1);
        CHECK(next(&k) && k.token == 1 && k.answer.result == TND_STORE_OK);
        CHECK_EQ(k.answer.entry.binding_count, 0);
        CHECK(!next(&k));
        ask_change(&k, "bob@a", 1, 2);
        await(&k);
        CHECK(k.token == 2 && k.answer.result == TND_STORE_OK);
        CHECK_EQ(k.answer.entry.binding_count, 1);
        ask_find(&k, "bob@a", 3);
        CHECK(next(&k) && k.token == 3 && k.answer.result == TND_STORE_OK);
        CHECK_EQ(k.answer.entry.binding_count, 1);
        CHECK_STR(k.answer.entry.bindings[0].uri, "sip:1");
        ask_change(&k, "bob@a", 1, 4);
        await(&k);
        CHECK(k.token == 4 && k.answer.result == TND_STORE_STALE);
        CHECK(!next(&k));
        CHECK_EQ(tnd_count_read(&k.keeper.stats.found), 2);
        CHECK_EQ(tnd_count_read(&k.keeper.stats.changed), 2);
        CHECK_EQ(tnd_count_read(&k.keeper.stats.failed), 0);
        stop(&k);
    }
}

TND_TEST(keeper_many, "net/keeper.h", "each question has one answer, in the order of its kind")
{
    uint64_t found = 0, changed = 0;
    struct keeping k;
    char aor[16];

    start(&k, DB_TEST_MEMORY);
    for (unsigned i = 1; i <= 1000; i++) {
        snprintf(aor, sizeof(aor), "user%u@a", i);
        ask_change(&k, aor, 1, 2 * i);
        ask_find(&k, aor, 2 * i + 1);
        if (i % 3 == 0) { /* an answer is taken meanwhile */
            await(&k);
            uint64_t *last = k.token % 2 ? &found : &changed;
            CHECK_EQ(k.token / 2, ++*last);
        }
    }
    while (found + changed < 2000) {
        await(&k);
        uint64_t *last = k.token % 2 ? &found : &changed;
        CHECK_EQ(k.token / 2, ++*last);
        CHECK_EQ(k.answer.result, TND_STORE_OK);
    }
    CHECK(found == 1000 && changed == 1000 && !next(&k));
    stop(&k);
}

TND_TEST(keeper_no_store, "net/keeper.h", "without a store, or a writer, what is asked fails")
{
    struct keeping k = {.wake = -1};

    CHECK_EQ(tnd_keeper_init(&k.keeper, NULL, -1), 0);
    ask_find(&k, "bob@a", 1);
    ask_change(&k, "bob@a", 1, 2);
    CHECK(next(&k) && k.token == 1 && k.answer.result == TND_STORE_FAILED);
    CHECK(next(&k) && k.token == 2 && k.answer.result == TND_STORE_FAILED);
    CHECK(!next(&k));
    tnd_keeper_fini(&k.keeper);
    start(&k, DB_TEST_MEMORY);
    tnd_db_stop(k.t.db);
    ask_change(&k, "bob@a", 1, 3);
    CHECK(next(&k) && k.token == 3 && k.answer.result == TND_STORE_FAILED);
    ask_find(&k, "bob@a", 4);
    CHECK(next(&k) && k.token == 4 && k.answer.result == TND_STORE_OK);
    CHECK_EQ(tnd_count_read(&k.keeper.stats.failed), 1);
    stop(&k);
}

TND_TEST(keeper_full, "TND_DB_QUEUE_COUNT_MAX",
         "what the queue has no room for fails at once, and so does not wait for ever")
{
    unsigned failed = 0;
    struct keeping k;

    start(&k, DB_TEST_MEMORY);
    for (uint32_t i = 1; i <= TND_DB_QUEUE_COUNT_MAX + 10; i++)
        ask_change(&k, "bob@a", i, i);
    for (unsigned i = 0; i < TND_DB_QUEUE_COUNT_MAX + 10; i++) {
        await(&k);
        failed += k.answer.result == TND_STORE_FAILED;
    }
    CHECK(!next(&k));
    CHECK_EQ(failed, 10);
    CHECK_EQ(tnd_count_read(&k.keeper.stats.lost), 0);
    stop(&k);
}

TND_TEST(keeper_too_much, "TND_KEEPER_COUNT_MAX",
         "what is asked beyond all bounds is lost and counted; the rest is answered")
{
    unsigned answered = 0;
    struct keeping k;

    start(&k, DB_TEST_MEMORY);
    for (unsigned i = 0; i < 10; i++)
        ask_find(&k, "bob@a", i);
    for (unsigned i = 0; i < 10; i++)
        CHECK(i == 9 || (next(&k) && k.token == i)); /* one is left, and so there is a gap */
    for (unsigned i = 10; i < TND_KEEPER_COUNT_MAX + 19; i++)
        ask_find(&k, "bob@a", i);
    while (next(&k))
        CHECK_EQ(k.token, 9 + answered++);
    CHECK_EQ(answered, TND_KEEPER_COUNT_MAX);
    CHECK_EQ(tnd_count_read(&k.keeper.stats.lost), 10);
    stop(&k);
}
