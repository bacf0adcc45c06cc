/* Pool: objects of one size, taken and given one at a time, never more than a bound.
 *
 * Objects come out of slabs from a tnd_mem; a slab goes back only with the whole pool. So
 * after the first rush no call reaches tnd_mem, and each costs the same however many
 * objects there are. An object given back is overwritten, and one that was written after
 * that is noticed when it is taken again.
 *
 * A pool must not move while objects of it are in use. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "tandem/base.h"

struct tnd_pool {
    const char *name;
    size_t object_size;
    size_t
        clear_size;   /* bytes at its front that are zero when it is taken: all, unless who made the
                        * pool lowers it before anything is taken */
    size_t tag_at;    /* where in a cell its tag is: behind the object */
    size_t cell_size; /* an object, its tag, and what alignment asks for */
    size_t count;
    size_t count_max;
    size_t cells_left; /* how many the slabs to come may hold */
    char *free;        /* cells given back; the tag of each is the next one */
    char *fresh;       /* the first cell of the newest slab that was never taken */
    char *fresh_end;
    struct tnd_pool_slab *slabs; /* the newest first */
    const struct tnd_mem *mem;
};

enum {
    TND_POOL_SLAB_SIZE_MIN = 4096,
    TND_POOL_SLAB_SIZE_MAX = 65536, /* slabs double up to that, or hold one object */
};

/* An empty pool; nothing is taken from mem yet. name is the bound's name in the
 * configuration, for whoever reports that it was reached; name and mem are kept until fini.
 * object_size is at least 1. */
void tnd_pool_init(struct tnd_pool *p, const char *name, size_t object_size, size_t count_max,
                   const struct tnd_mem *mem);

/* Gives every slab back to mem. Objects still in use are gone too: who wants to hear of
 * leaks looks at p->count first. A pool of zero bytes is fine. */
void tnd_pool_fini(struct tnd_pool *p);

/* An object of zero bytes (clear_size), aligned for any type, in use until it is given back.
 * NULL: count_max are in use, or mem has no more; the caller refuses what it wanted the
 * object for (a 503) and p is as before. */
void *tnd_pool_take(struct tnd_pool *p);

/* Takes an object that tnd_pool_take(p) gave; NULL is fine. One that is not in use, or is
 * another pool's, or was written behind its end, is an assertion. */
void tnd_pool_give(struct tnd_pool *p, void *object);

/* Whether the bound is reached, to tell it from a mem that has no more. */
static inline bool tnd_pool_full(const struct tnd_pool *p)
{
    return p->count == p->count_max;
}

#endif
