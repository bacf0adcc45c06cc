/* Opening LMDB: the directory, the files in it, and what can be wrong with them.
 *
 * LMDB is not made for processes that open and close it at one instant, so who does either locks
 * the directory for as long as it takes. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/fault.h"
#include "db/lmdb_env.h"

enum {
    READER_COUNT_MAX = 1022, /* in all processes */
    LOCK_TRIES = 2000,       /* with a millisecond between them */
    DIRECTORY_MODE = 0700,   /* it holds secrets */
    FILE_MODE = 0600,
    ZEROS_SIZE = 4096, /* the kernel keeps and writes together what came together; pages do not */
    LENGTHEN_MIN = 1 << 16, /* bytes of the file at a time */
    LENGTHEN_MAX = 1 << 20,
};

/* Mapped is not taken: an empty store is a few pages. */
#define MAP_SIZE ((size_t)4 << 30)

/* What is not there of path. It is written to, and is afterwards as it was. */
static int make_directories(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        int made = mkdir(path, DIRECTORY_MODE);
        *at = '/';
        if (made < 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
            return errno; /* for those three the last one tells */
    }
    return mkdir(path, DIRECTORY_MODE) < 0 && errno != EEXIST ? errno : 0;
}

/* A descriptor that locks the directory until it is closed; or -errno. */
static int lock_directory(const char *path)
{
    static const struct timespec pause = {.tv_nsec = 1000 * 1000};
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || tries == LOCK_TRIES) {
            int err = errno;

            close(fd);
            return -err;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}

static void give_up(MDB_env *env, const char *assertion)
{
    (void)assertion;
    longjmp(*(jmp_buf *)mdb_env_get_userctx(env), 1);
}

static int walk(MDB_cursor *cursor)
{
    MDB_val key, data;
    int err;

    do {
        err = mdb_cursor_get(cursor, &key, &data, MDB_NEXT);
    } while (!err);
    return err == MDB_NOTFOUND ? 0 : err;
}

/* Whether every record can be come to. Of some pages that are none LMDB does not say so but ends
 * the program, unless it is kept from that ("this hack", lmdb.h). */
static int check_records(struct db_lmdb *l, MDB_txn *txn)
{
    MDB_cursor *cursor;
    jmp_buf given_up;
    int err = mdb_cursor_open(txn, l->dbi, &cursor);

    if (err)
        return err;
    mdb_env_set_userctx(l->env, &given_up);
    mdb_env_set_assert(l->env, give_up);
    if (setjmp(given_up) == 0)
        err = walk(cursor);
    else
        err = MDB_CORRUPTED;
    mdb_env_set_assert(l->env, NULL);
    mdb_cursor_close(cursor);
    return err;
}

/* How long the file would be if all pages were in it; *ret_fd is its. */
static off_t whole_size(struct db_lmdb *l, int *ret_fd)
{
    MDB_envinfo info;
    MDB_stat stat;

    mdb_env_get_fd(l->env, ret_fd);
    mdb_env_info(l->env, &info);
    mdb_env_stat(l->env, &stat);
    return (off_t)((info.me_last_pgno + 1) * stat.ms_psize);
}

/* A commit that makes the file longer waits for one thing more that the disk keeps, its length and
 * where its blocks are. So there are always some zeros behind the last page, which the file system has
 * places for already. Nobody else writes there: who does has a transaction, and we have it. If there is
 * no room for them, the commit says whether it needs any. */
void db_lmdb_lengthen(struct db_lmdb *l)
{
    static const char zeros[ZEROS_SIZE];
    int fd;
    off_t used = whole_size(l, &fd);
    off_t step = used / 8 < LENGTHEN_MIN   ? LENGTHEN_MIN
                 : used / 8 > LENGTHEN_MAX ? LENGTHEN_MAX
                                           : used / 8;
    struct stat file;

    if (fstat(fd, &file) < 0 || file.st_size < used || file.st_size - used > step / 2)
        return;
    for (off_t at = file.st_size; at < used + step + step / 2; at += ZEROS_SIZE)
        if (pwrite(fd, zeros, sizeof(zeros), at) < ZEROS_SIZE)
            return;
}

/* While nobody writes. */
static int fill_up(struct db_lmdb *l, MDB_txn *txn)
{
    int fd;
    off_t size = whole_size(l, &fd);
    struct stat file;

    if (fstat(fd, &file) < 0 || (file.st_size < size && ftruncate(fd, size) < 0))
        return errno;
    return check_records(l, txn);
}

/* A page that is in the map but not in the file would end us (SIGBUS). LMDB leaves some out at the
 * end, which nobody reads; and files are cut off by accidents. So the file is made longer then, and
 * what should be there looked for. */
static int check_size(struct db_lmdb *l)
{
    int fd;
    off_t size = whole_size(l, &fd);
    struct stat file;
    MDB_txn *txn;

    if (fstat(fd, &file) < 0)
        return errno;
    if (file.st_size >= size)
        return 0;
    int err = mdb_txn_begin(l->env, NULL, 0, &txn);
    if (err)
        return err;
    err = fill_up(l, txn);
    mdb_txn_abort(txn);
    return err;
}

static int open_root(struct db_lmdb *l)
{
    MDB_txn *txn;
    int err = mdb_txn_begin(l->env, NULL, MDB_RDONLY, &txn);

    if (err)
        return err;
    err = mdb_dbi_open(txn, NULL, 0, &l->dbi);
    mdb_txn_abort(txn);
    return err;
}

/* The next change should not find the map full. */
static int make_room(MDB_env *env)
{
    MDB_envinfo info;
    MDB_stat stat;

    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    bool is_ample = info.me_last_pgno <= info.me_mapsize / stat.ms_psize / 2;
    return is_ample ? 0 : mdb_env_set_mapsize(env, 2 * info.me_mapsize);
}

static int open_env(struct db_lmdb *l, size_t map_size)
{
    int err = mdb_env_create(&l->env), dead;

    err = err ? err : mdb_env_set_maxreaders(l->env, READER_COUNT_MAX);
    err = err ? err : mdb_env_set_mapsize(l->env, map_size ? map_size : MAP_SIZE);
    err = err ? err : mdb_env_open(l->env, l->path, MDB_NOTLS, FILE_MODE);
    err = err ? err : mdb_reader_check(l->env, &dead);
    err = err ? err : open_root(l);
    err = err ? err : check_size(l);
    return err ? err : make_room(l->env);
}

void db_lmdb_close_env(struct db_lmdb *l)
{
    int fd = lock_directory(l->path); /* if it cannot be locked: then without */

    mdb_env_close(l->env);
    l->env = NULL;
    if (fd >= 0)
        close(fd);
}

int db_lmdb_open_env(struct db_lmdb *l, size_t map_size)
{
    int fd = lock_directory(l->path);

    if (fd < 0)
        return -fd;
    int err = open_env(l, map_size);
    if (err) {
        mdb_env_close(l->env);
        l->env = NULL;
    }
    close(fd);
    return err;
}

int db_lmdb_open(const char *path, size_t map_size, struct tnd_db_fault *ret_fault,
                 struct db_kv **ret)
{
    struct db_lmdb *l = calloc(1, sizeof(*l));

    if (!l || !(l->path = strdup(path))) {
        free(l);
        return db_fault(ret_fault, &db_lmdb_driver, path, TND_ENOMEM);
    }
    l->kv.driver = &db_lmdb_driver;
    pthread_mutex_init(&l->writing, NULL);
    pthread_mutex_init(&l->views_lock, NULL);
    int err = make_directories(l->path);
    err = err ? err : db_lmdb_open_env(l, map_size);
    if (err) {
        free(l->path);
        free(l);
        return db_fault(ret_fault, &db_lmdb_driver, path, err);
    }
    *ret = &l->kv;
    return 0;
}
