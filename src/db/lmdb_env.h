/* What the two halves of the LMDB driver share: lmdb_open.c makes an environment of a directory,
 * lmdb.c runs transactions in it. */
#ifndef DB_LMDB_ENV_H
#define DB_LMDB_ENV_H

#include <lmdb.h>
#include <pthread.h>

#include "db/driver.h"

struct db_lmdb {
    struct db_kv kv;
    MDB_env *env; /* NULL: lost */
    MDB_dbi dbi;
    char *path;
    int lost;                /* not 0: there is no map, and why. The next write tries again */
    pthread_mutex_t writing; /* among threads; LMDB has another one among processes. The map is
                              * only moved under it */
    pthread_mutex_t views_lock;
    struct lmdb_view *views; /* those of readers */
};

extern const struct db_driver db_lmdb_driver;

/* Doubles the map, or takes up what another process made of it. Waits for readers. Under
 * writing, and outside of any transaction of this thread. */
int db_lmdb_grow(struct db_lmdb *l);
int db_lmdb_follow(struct db_lmdb *l);

/* Makes the file longer before a commit has to. Under writing, within a transaction that writes. */
void db_lmdb_lengthen(struct db_lmdb *l);

/* Closes the environment, and opens it again: after some failures LMDB wants that. Waits for
 * readers, who notice nothing. Under writing, and outside of any transaction of this thread. */
int db_lmdb_reopen(struct db_lmdb *l);

/* While nobody opens or closes it in another process: gives the environment back; and makes one
 * (map_size 0: the default). */
void db_lmdb_close_env(struct db_lmdb *l);
int db_lmdb_open_env(struct db_lmdb *l, size_t map_size);

#endif
