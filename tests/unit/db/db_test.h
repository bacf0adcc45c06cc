/* Stores for tests, of either kind, and what is done with them. */
#ifndef TESTS_DB_TEST_H
#define TESTS_DB_TEST_H

#include "db/inside.h"
#include "unit/test.h"

/* When tests play. Far ahead, for the writer sweeps by the clock on the wall. */
#define NOW ((int64_t)1 << 40)

enum db_test_kind { DB_TEST_MEMORY, DB_TEST_LMDB, DB_TEST_KIND_COUNT };

/* A store, and where it is. */
struct db_test {
    /* When tests play. Far ahead, for the writer sweeps by the clock on the wall. */
#define NOW ((int64_t)1 << 40)

    enum db_test_kind kind;
    char directory[64]; /* of LMDB; removed at the end */
    struct tnd_db *db;
    struct tnd_db_fault fault;
    char said[2048]; /* the last line of the log */
    unsigned said_count;
};

/* For each kind. */
#define EACH_STORE(t) \
    for (struct db_test t = {0}; t.kind < DB_TEST_KIND_COUNT; t.kind++, t = db_test_next(&t))

struct db_test db_test_next(const struct db_test *t);

/* A new one, opened. */
void db_test_open(struct db_test *t);
void db_test_start(struct db_test *t);
void db_test_close(struct db_test *t);

/* A directory with nothing in it, and away with it and the files in it. */
void db_test_directory(char *ret, size_t size);
void db_test_remove(const char *directory);

/* Opens the store at directory with a map of so many bytes; NULL: t->fault says why not. */
struct tnd_db *db_test_open_at(struct db_test *t, const char *directory, size_t map_size);

/* A queue, and its eventfd. */
struct db_test_queue {
    struct tnd_db_queue *queue;
    int wake;
    char room[1 << 16];
    struct tnd_arena a;
    uint64_t token; /* of the answer */
    struct tnd_store_answer answer;
};

void db_test_queue_init(struct db_test_queue *q, struct tnd_db *db);
void db_test_queue_fini(struct db_test_queue *q);

/* A REGISTER of one contact; until 0 removes it. */
struct db_test_register {
    const char *aor, *uri;
    int64_t until, now;
    uint32_t cseq;
    const char *call_id; /* NULL: "call" */
    uint32_t count_max;  /* 0: 10 */
};

bool db_test_put(struct db_test_queue *q, const struct db_test_register *r, uint64_t token);

/* Waits for the next answer. */
void db_test_await(struct db_test_queue *q);

/* Both. */
enum tnd_store_result db_test_register(struct db_test_queue *q, const struct db_test_register *r);

/* What is kept: "uri uri" of the bindings. "?": it cannot be read. Static, until the next call. */
const char *db_test_bindings(struct tnd_db *db, const char *aor, int64_t now);

/* Runs f(ctx) in a child; its exit status, or -1: it died of a signal. */
int db_test_in_child(int (*f)(void *ctx), void *ctx);

#endif
