/* Opening a store, and what can be wrong with it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/db/db_test.h"

TND_TEST(db_open_key, "ARCHITECTURE §4",
         "the key of a store is drawn when it is made, and the same ever after")
{
    struct db_test t = {.kind = DB_TEST_LMDB}, other = {.kind = DB_TEST_LMDB};
    unsigned char key[TND_DB_KEY_SIZE];

    db_test_open(&t);
    db_test_open(&other);
    memcpy(key, tnd_db_key(t.db), sizeof(key));
    CHECK(memcmp(key, tnd_db_key(other.db), sizeof(key)) != 0);
    tnd_db_close(&t.db);
    db_test_open(&t);
    CHECK(memcmp(key, tnd_db_key(t.db), sizeof(key)) == 0);
    db_test_close(&other);
    db_test_close(&t);
}

TND_TEST(db_open_life, "db/db.h", "each start of a server is another life of its store")
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    for (uint64_t life = 1; life <= 260; life++) {
        db_test_open(&t);
        db_test_start(&t);
        CHECK_EQ(tnd_db_life(t.db), life);
        tnd_db_close(&t.db);
    }
    db_test_close(&t);
}

static unsigned mode_of(const char *path)
{
    struct stat s;

    CHECK_EQ(stat(path, &s), 0);
    return s.st_mode & 0777;
}

TND_TEST(db_open_makes_directories, "db/db.h",
         "what is not there of the directory is made, for its owner alone")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    char directory[64], url[128], path[128];

    db_test_directory(directory, sizeof(directory));
    snprintf(url, sizeof(url), "lmdb:%s/a/b", directory);
    CHECK_EQ(tnd_db_open(url, &t.fault, &t.db), 0);
    tnd_db_close(&t.db);
    snprintf(path, sizeof(path), "%s/a", directory);
    CHECK_EQ(mode_of(path), 0700);
    snprintf(path, sizeof(path), "%s/a/b", directory);
    CHECK_EQ(mode_of(path), 0700);
    snprintf(path, sizeof(path), "%s/a/b/data.mdb", directory);
    CHECK_EQ(mode_of(path), 0600);
    snprintf(url, sizeof(url), "%s/a/b/", directory); /* the other way to say so */
    CHECK_EQ(tnd_db_open(url, &t.fault, &t.db), 0);
    tnd_db_close(&t.db);
    db_test_remove(directory);
}

/* Whether it is refused, in one line with both of these. */
static bool is_refused(struct db_test *t, const char *url, const char *what, const char *advice)
{
    bool refused = tnd_db_open(url, &t->fault, &t->db) < 0;

    if (!refused)
        tnd_db_close(&t->db);
    return refused && strstr(t->fault.text, what) && strstr(t->fault.text, advice) &&
           !strchr(t->fault.text, '\n');
}

TND_TEST(db_open_urls, "db/db.h", "what is no store is told, with what to give instead")
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    CHECK(is_refused(&t, "redis://127.0.0.1/0", "redis://127.0.0.1/0: ", "not yet available"));
    CHECK(is_refused(&t, "here", "here: is no store", "lmdb:/DIRECTORY"));
    CHECK(is_refused(&t, "lmdb:here", "lmdb:here: is no store", "lmdb:/DIRECTORY"));
    CHECK(is_refused(&t, "", "is no store", "lmdb:/DIRECTORY"));
    CHECK(is_refused(&t, "/dev/null/x", "/dev/null/x: is no directory", "elsewhere"));
    CHECK(is_refused(&t, "/dev/null", "/dev/null: is no directory", "elsewhere"));
    CHECK(is_refused(&t, "/proc/nowhere", "/proc/nowhere: ", ""));
}

static void write_file(const char *directory, const char *name, size_t size, int byte)
{
    char path[128], *bytes = malloc(size + 1);

    CHECK(bytes);
    memset(bytes, byte, size);
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    free(bytes);
}

TND_TEST(db_open_not_ours, "db/db.h",
         "a file that LMDB did not write, and one that it wrote for somebody else, are left alone")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    char directory[64];

    db_test_directory(directory, sizeof(directory));
    write_file(directory, "data.mdb", 100000, 'x');
    CHECK(is_refused(&t, directory, ": data.mdb there is no store of tandem", "move that file"));
    write_file(directory, "data.mdb", 10, 'x');
    CHECK(is_refused(&t, directory, ": data.mdb there is no store of tandem", "move that file"));
    write_file(directory, "data.mdb", 0, 'x'); /* as if it had just been made */
    CHECK_EQ(tnd_db_open(directory, &t.fault, &t.db), 0);
    tnd_db_close(&t.db);
    db_test_remove(directory);
}

/* Puts one record in place of the one that says whose the store is; len 0: in place of nothing. */
struct forged {
    struct tnd_slice key, value;
};

static int forge(void *ctx, struct db_view *v)
{
    const struct forged *f = ctx;
    struct tnd_slice key, value;

    while (f->value.len == 0 && v->kv->driver->next(v, TND_STR("\0"), &key, &value) == 0) {
        struct db_key old = db_key(key.ptr[0], tnd_slice(key.ptr + 1, key.len - 1));

        CHECK_EQ(v->kv->driver->remove(v, db_key_slice(&old)), 0);
    }
    return v->kv->driver->put(v, f->key, f->value);
}

static void check_forged(struct tnd_slice key, struct tnd_slice value, const char *what,
                         const char *advice)
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    struct forged f = {key, value};

    db_test_open(&t);
    CHECK_EQ(t.db->kv->driver->write(t.db->kv, forge, &f), 0);
    tnd_db_close(&t.db);
    CHECK(is_refused(&t, t.directory, what, advice));
    db_test_remove(t.directory);
}

TND_TEST(db_open_other_programs, "db/db.h",
         "a store of another program is refused, and so is one of a newer tandem")
{
    char meta[23] = "tandem\2";

    check_forged(TND_STR("x"), TND_STR(""), ": holds the data of another program", "elsewhere");
    check_forged(TND_STR(".store"), TND_STR("short"), ": holds the data of another", "elsewhere");
    check_forged(TND_STR(".store"), TND_STR("nobody's, long enough for one of ours"),
                 ": holds the data of another program", "elsewhere");
    check_forged(TND_STR(".store"), tnd_slice(meta, sizeof(meta)), "a newer tandem (format 2",
                 "run that one");
}

static void fill(struct db_test *t, unsigned count)
{
    struct db_test_queue q;

    db_test_start(t);
    db_test_queue_init(&q, t->db);
    for (unsigned i = 0; i < count; i++) {
        char aor[32];
        struct db_test_register r = {
            .aor = aor, .uri = "sip:a@192.0.2.1", .until = NOW + 1, .cseq = 1};

        snprintf(aor, sizeof(aor), "user%03u@example.com", i);
        CHECK(db_test_put(&q, &r, i));
    }
    for (unsigned i = 0; i < count; i++) {
        db_test_await(&q);
        CHECK_EQ(q.answer.result, TND_STORE_OK);
    }
    db_test_queue_fini(&q);
}

TND_TEST(db_open_cut_off, "db/db.h",
         "of a file that was cut off it is told; wherever that was, nothing worse happens")
{
    unsigned refused = 0, lost = 0;

    for (off_t pages = 1;; pages++) {
        struct db_test t = {.kind = DB_TEST_LMDB};
        struct stat file;
        char path[128];

        db_test_open(&t);
        fill(&t, 200);
        tnd_db_close(&t.db);
        snprintf(path, sizeof(path), "%s/data.mdb", t.directory);
        CHECK_EQ(stat(path, &file), 0);
        bool is_whole = pages * 4096 >= file.st_size;
        if (!is_whole)
            CHECK_EQ(truncate(path, pages * 4096), 0);
        if (tnd_db_open(t.directory, &t.fault, &t.db)) {
            CHECK(strstr(t.fault.text, "damaged") || strstr(t.fault.text, "no store of tandem"));
            refused++;
        } else { /* nothing was lost but pages that nobody needs */
            for (unsigned i = 0; i < 200; i++) {
                char aor[32];

                snprintf(aor, sizeof(aor), "user%03u@example.com", i);
                lost += strcmp(db_test_bindings(t.db, aor, NOW), "sip:a@192.0.2.1") != 0;
            }
        }
        db_test_close(&t);
        if (is_whole)
            break;
    }
    CHECK(refused > 0);
    CHECK_EQ(lost, 0);
}

static int open_as_nobody(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    if (setuid(65534) < 0 && errno != EPERM)
        return 2;
    return is_refused(&t, ctx, ": not allowed", "elsewhere") ? 0 : 1;
}

TND_TEST(db_open_unreadable, "db/db.h", "a store of somebody else is told to be one")
{
    struct db_test t = {.kind = DB_TEST_LMDB};
    char path[128];

    db_test_open(&t);
    tnd_db_close(&t.db);
    if (getuid() == 0) { /* who may read everything: as somebody else */
        CHECK_EQ(db_test_in_child(open_as_nobody, t.directory), 0);
        CHECK_EQ(chmod(t.directory, 0755), 0); /* to the directory, but not to the files */
        CHECK_EQ(db_test_in_child(open_as_nobody, t.directory), 0);
    } else {
        snprintf(path, sizeof(path), "%s/data.mdb", t.directory);
        CHECK_EQ(chmod(path, 0), 0);
        CHECK(is_refused(&t, t.directory, ": not allowed", "elsewhere"));
    }
    db_test_remove(t.directory);
}

/* A child for which no file can become longer than this is as on a disk that is full. */
static void limit_files(rlim_t size)
{
    struct rlimit limit = {size, size};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
}

static int open_on_full_disk(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    limit_files(4096);
    return is_refused(&t, ctx, ": the disk is full", "make room") ? 0 : 1;
}

TND_TEST(db_open_full_disk, "db/db.h", "a new store for which there is no room is told")
{
    char directory[64];

    db_test_directory(directory, sizeof(directory));
    CHECK_EQ(db_test_in_child(open_on_full_disk, directory), 0);
    db_test_remove(directory);
}

static int start_on_full_disk(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    limit_files(16384); /* all that it has now: its change needs one page more */
    if (tnd_db_open(ctx, &t.fault, &t.db))
        return 2;
    if (!tnd_db_start(t.db, &(struct tnd_db_log){NULL, NULL}, &t.fault))
        return 3;
    return strstr(t.fault.text, ": the disk is full") ? 0 : 1;
}

TND_TEST(db_start_full_disk, "db/db.h",
         "a server does not start with a store that takes no changes; that is told")
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    db_test_open(&t);
    tnd_db_close(&t.db);
    CHECK_EQ(db_test_in_child(start_on_full_disk, t.directory), 0);
    db_test_remove(t.directory);
}

static int open_locked(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    return is_refused(&t, ctx, ": is locked by another program", "end that one") ? 0 : 1;
}

TND_TEST(db_open_locked, "db/db.h", "a directory that somebody keeps locked is told")
{
    char directory[64];

    db_test_directory(directory, sizeof(directory));
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    CHECK_EQ(flock(fd, LOCK_EX), 0);
    CHECK_EQ(db_test_in_child(open_locked, directory), 0);
    close(fd);
    db_test_remove(directory);
}

static int open_and_close(void *ctx)
{
    struct db_test t = {.kind = DB_TEST_LMDB};

    for (int i = 0; i < 50; i++) {
        if (tnd_db_open(ctx, &t.fault, &t.db))
            return fprintf(stderr, "%s\n", t.fault.text), 1;
        if (tnd_db_remove(t.db, TND_STR("nobody@example.com"), TND_DB_USER, &t.fault) != TND_ENONE)
            return 2;
        tnd_db_close(&t.db);
    }
    return 0;
}

static int open_and_close_beside(void *ctx)
{
    pid_t beside = fork();

    if (beside == 0)
        _exit(open_and_close(ctx));
    int status, mine = open_and_close(ctx);
    return waitpid(beside, &status, 0) == beside && status == 0 ? mine : 1;
}

TND_TEST(db_open_at_once, "db/db.h",
         "processes may open and close a store at the same instant, also one that is new")
{
    char directory[64];

    db_test_directory(directory, sizeof(directory));
    CHECK_EQ(db_test_in_child(open_and_close_beside, directory), 0);
    db_test_remove(directory);
}
