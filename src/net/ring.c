/* A ring of bytes. Positions count on and on; what they mean is their rest by the size. In front
 * of each record stands its length; a record that would go over the end starts at the beginning,
 * and a mark says so. */
#include "net/ring.h"

#include <stdlib.h>

#include "base/assert.h"

#define SKIP SIZE_MAX /* instead of a length: the rest up to the end is empty */

static size_t rounded(size_t len)
{
    return (len + TND_RING_ALIGN - 1) & ~(size_t)(TND_RING_ALIGN - 1);
}

static char *at(const struct tnd_ring *r, size_t position)
{
    return r->bytes + (position & (r->size - 1));
}

static size_t *length_at(const struct tnd_ring *r, size_t position)
{
    return (size_t *)(void *)at(r, position);
}

int tnd_ring_init(struct tnd_ring *r, size_t size)
{
    TND_ASSERT(size >= 64 && (size & (size - 1)) == 0);
    *r = (struct tnd_ring){.bytes = aligned_alloc(TND_RING_LINE, size), .size = size};
    return r->bytes ? 0 : TND_ENOMEM;
}

void tnd_ring_fini(struct tnd_ring *r)
{
    free(r->bytes);
    r->bytes = NULL;
}

/* Whether len bytes behind position are free. The other side's counter is looked at only if
 * what was seen of it last does not do. */
static bool is_free(struct tnd_ring *r, size_t position, size_t len)
{
    if (position + len - r->head_seen > r->size)
        r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
    return position + len - r->head_seen <= r->size;
}

void *tnd_ring_take(struct tnd_ring *r, size_t len)
{
    size_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

    if (len > r->size - TND_RING_ALIGN)
        return NULL;
    size_t whole = TND_RING_ALIGN + rounded(len);
    size_t to_end = r->size - (tail & (r->size - 1)), skipped = whole > to_end ? to_end : 0;
    if (!is_free(r, tail, skipped + whole))
        return NULL;
    if (skipped > 0)
        *length_at(r, tail) = SKIP;
    *length_at(r, tail + skipped) = len;
    r->taken = tail + skipped + whole;
    return at(r, tail + skipped) + TND_RING_ALIGN;
}

void tnd_ring_put(struct tnd_ring *r)
{
    atomic_store(&r->tail, r->taken);
}

struct tnd_slice tnd_ring_next(struct tnd_ring *r)
{
    size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

    if (head == r->tail_seen)
        r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
    if (head == r->tail_seen)
        return tnd_slice(NULL, 0);
    if (*length_at(r, head) == SKIP) /* the record behind it was put with it */
        head += r->size - (head & (r->size - 1));
    size_t len = *length_at(r, head);
    r->next = head + TND_RING_ALIGN + rounded(len);
    return tnd_slice(at(r, head) + TND_RING_ALIGN, len);
}

void tnd_ring_drop(struct tnd_ring *r)
{
    atomic_store_explicit(&r->head, r->next, memory_order_release);
}
