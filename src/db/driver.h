/* Driver: records of bytes in the order of their keys, which somebody keeps. What they mean is
 * none of its business.
 *
 * Records are looked at through views. That of a reader shows what was committed when it began,
 * until it ends. That of a write shows what was committed, with what was put since; all of it is
 * kept for good when apply() returns 0 and write() does too, and else nothing is.
 *
 * An error is 0, a negative enum tnd_err, an errno, or a code of the driver that lies beyond:
 * db_fault() makes a line of it. */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H

#include "db/db.h"

enum { DB_RECORD_KEY_SIZE = 1 + TND_AOR_LEN_MAX }; /* LMDB takes 511 bytes */

struct db_kv {
    const struct db_driver *driver;
};

struct db_view {
    struct db_kv *kv;
};

/* The changes of one write. May be called again from the start, if there was too little room
 * the first time: what it changes but the view it sets anew. */
typedef int db_apply(void *ctx, struct db_view *v);

struct db_driver {
    bool is_instant; /* write() waits for no disk: who has a change applies it himself */

    void (*close)(struct db_kv *kv); /* there are no views */
    const char *(*explain)(int err); /* of an error: what it means; never NULL */

    int (*view_new)(struct db_kv *kv, struct db_view **ret);
    void (*view_free)(struct db_view *v);
    int (*begin)(struct db_view *v);
    void (*end)(struct db_view *v);

    /* Within begin and end, or apply(). What they give is good until the next put or remove,
     * or the end. next() gives the first record at or behind from. TND_ENONE: there is none. */
    int (*get)(struct db_view *v, struct tnd_slice key, struct tnd_slice *ret);
    int (*next)(struct db_view *v, struct tnd_slice from, struct tnd_slice *ret_key,
                struct tnd_slice *ret);

    /* Within apply(). put() copies; value is not what get() or next() gave. */
    int (*put)(struct db_view *v, struct tnd_slice key, struct tnd_slice value);
    int (*remove)(struct db_view *v, struct tnd_slice key); /* TND_ENONE: it was not there */

    /* From any thread; waits for other writes. */
    int (*write)(struct db_kv *kv, db_apply *apply, void *ctx);

    /* Now and then: what processes that died have left behind. */
    void (*tidy)(struct db_kv *kv);
};

/* The drivers. path is that of a directory; map_size, bytes, 0: the default, is what is mapped at
 * first. Not 0: ret_fault says why. */
int db_lmdb_open(const char *path, size_t map_size, struct tnd_db_fault *ret_fault,
                 struct db_kv **ret);
int db_memory_open(struct tnd_db_fault *ret_fault, struct db_kv **ret);

#endif
