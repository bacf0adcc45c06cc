/* Ring: records from one thread to one other, in order, without a lock.
 *
 *     if ((room = tnd_ring_take(r, len)))           record = tnd_ring_next(r);
 *         fill(room), tnd_ring_put(r);              use(record), tnd_ring_drop(r);
 *
 * A record lies in one piece, aligned for any type. The ring does not wake anybody: who
 * sleeps on it says so elsewhere, and looks once more before it does. Both that look and
 * tnd_ring_put() are sequentially consistent. */
#ifndef NET_RING_H
#define NET_RING_H

#include <stdatomic.h>

#include "tandem/base.h"

enum { TND_RING_ALIGN = 16, TND_RING_LINE = 64 /* bytes that processors pass around at once */ };

struct tnd_ring {
    char *bytes;
    size_t size; /* a power of two */

    /* of the one that puts */
    _Alignas(TND_RING_LINE) _Atomic size_t tail; /* bytes put since the beginning */
    size_t head_seen;                            /* of head, when it was looked at last */
    size_t taken;                                /* where the record that is being filled ends */

    /* of the other one */
    _Alignas(TND_RING_LINE) _Atomic size_t head; /* bytes dropped since the beginning */
    size_t tail_seen;
    size_t next; /* where the record that was given last ends */
};

/* size is a power of two from 64. A record of up to size / 2 - TND_RING_ALIGN bytes fits into an
 * empty ring, wherever that stands. TND_ENOMEM: r is as after fini. */
int tnd_ring_init(struct tnd_ring *r, size_t size);

/* Of zero bytes is fine. */
void tnd_ring_fini(struct tnd_ring *r);

/* Room for a record of len bytes, which nobody sees until it is put. NULL: it does not fit now. */
void *tnd_ring_take(struct tnd_ring *r, size_t len);

/* The record is there. */
void tnd_ring_put(struct tnd_ring *r);

/* The oldest record; the absent slice: there is none. It stays until it is dropped. */
struct tnd_slice tnd_ring_next(struct tnd_ring *r);

void tnd_ring_drop(struct tnd_ring *r);

/* For the one that drops; and for anybody while nothing is put, who then sees also what was done
 * before the last drop. */
static inline bool tnd_ring_is_empty(const struct tnd_ring *r)
{
    return atomic_load(&r->tail) == atomic_load_explicit(&r->head, memory_order_acquire);
}

/* Bytes that are in it, at least those that were when this was asked. For either side. */
static inline size_t tnd_ring_fill(const struct tnd_ring *r)
{
    size_t head = atomic_load_explicit(&r->head, memory_order_acquire);

    return atomic_load_explicit(&r->tail, memory_order_acquire) - head;
}

#endif
