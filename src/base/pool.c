/* Pool: a free list over slabs.
 *
 *     slab   | head | cell | cell | cell | ...never taken... |
 *     cell   | object, then padding to 8 | tag | padding to 16 |
 *
 * The tag of a cell in use is the address of its pool, that of a free one the next free
 * cell. It tells in one comparison a second give, a give to the wrong pool and an object
 * written behind its end. It is no part of the object, so no peer can forge it by what is
 * stored there. A new slab is not threaded into the list: cells are cut off it one by one,
 * so that no take pays for a whole slab. */
#include "base/pool.h"

#include "base/assert.h"

struct tnd_pool_slab {
    struct tnd_pool_slab *older;
    size_t size; /* with this head */
};

enum {
    ALIGN = 16,
    HEAD_SIZE = (sizeof(struct tnd_pool_slab) + ALIGN - 1) & -ALIGN,
    POISON = 0xa5,
    POISON_SIZE_MAX = 64, /* one cache line: what a stale pointer mostly looks at */
};

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) & ~(to - 1);
}

void tnd_pool_init(struct tnd_pool *p, const char *name, size_t object_size, size_t count_max,
                   const struct tnd_mem *mem)
{
    TND_ASSERT(object_size > 0 && object_size < SIZE_MAX / 4);
    size_t tag_at = round_up(object_size, sizeof(void *));
    *p = (struct tnd_pool){.name = name,
                           .object_size = object_size,
                           .clear_size = object_size,
                           .tag_at = tag_at,
                           .cell_size = round_up(tag_at + sizeof(void *), ALIGN),
                           .count_max = count_max,
                           .cells_left = count_max,
                           .mem = mem};
}

void tnd_pool_fini(struct tnd_pool *p)
{
    while (p->slabs) {
        struct tnd_pool_slab *slab = p->slabs;

        p->slabs = slab->older;
        p->mem->give(p->mem->ctx, slab, slab->size);
    }
    *p = (struct tnd_pool){0};
}

static size_t next_slab_cells(const struct tnd_pool *p)
{
    size_t size = p->slabs ? p->slabs->size * 2 : TND_POOL_SLAB_SIZE_MIN;

    if (size > TND_POOL_SLAB_SIZE_MAX)
        size = TND_POOL_SLAB_SIZE_MAX;
    size_t cells = (size - HEAD_SIZE) / p->cell_size;
    if (cells == 0)
        cells = 1;
    return cells < p->cells_left ? cells : p->cells_left;
}

static bool add_slab(struct tnd_pool *p)
{
    size_t cells = next_slab_cells(p);
    size_t size = HEAD_SIZE + cells * p->cell_size;

    TND_ASSERT(cells > 0);
    struct tnd_pool_slab *slab = p->mem->take(p->mem->ctx, size);
    if (!slab)
        return false;
    *slab = (struct tnd_pool_slab){p->slabs, size};
    p->slabs = slab;
    p->cells_left -= cells;
    p->fresh = (char *)slab + HEAD_SIZE;
    p->fresh_end = (char *)slab + size;
    return true;
}

static void **tag_of(const struct tnd_pool *p, char *cell)
{
    return (void **)(void *)(cell + p->tag_at);
}

static size_t poison_size(const struct tnd_pool *p)
{
    return p->object_size < POISON_SIZE_MAX ? p->object_size : POISON_SIZE_MAX;
}

/* Whether nobody wrote to a free cell: all bytes are the first one, and that is POISON. */
static bool is_poisoned(const struct tnd_pool *p, const char *cell)
{
    return (unsigned char)cell[0] == POISON && memcmp(cell, cell + 1, poison_size(p) - 1) == 0;
}

static char *take_free(struct tnd_pool *p)
{
    char *cell = p->free;

    TND_ASSERT(is_poisoned(p, cell));
    p->free = *tag_of(p, cell);
    return cell;
}

static char *take_fresh(struct tnd_pool *p)
{
    if (p->fresh == p->fresh_end && !add_slab(p))
        return NULL;
    char *cell = p->fresh;
    p->fresh += p->cell_size;
    return cell;
}

void *tnd_pool_take(struct tnd_pool *p)
{
    if (tnd_pool_full(p))
        return NULL;
    char *cell = p->free ? take_free(p) : take_fresh(p);
    if (!cell)
        return NULL;
    memset(cell, 0, p->clear_size);
    *tag_of(p, cell) = p;
    p->count++;
    return cell;
}

void tnd_pool_give(struct tnd_pool *p, void *object)
{
    char *cell = object;

    if (!cell)
        return;
    TND_ASSERT(*tag_of(p, cell) == p);
    TND_ASSERT(p->count > 0);
    memset(cell, POISON, poison_size(p));
    *tag_of(p, cell) = p->free;
    p->free = cell;
    p->count--;
}
