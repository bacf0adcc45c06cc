/* Arena: pieces that end together.
 *
 * A bump pointer in a block; when the block is full, the next one comes from the owner's
 * tnd_mem, at least as large as the piece and twice as large as the last, within the
 * owner's limit. Nothing is freed piece by piece: that is the idea. */
#include "tandem/base.h"

#include "base/assert.h"

struct tnd_arena_block {
    struct tnd_arena_block *older;
    size_t size; /* with this head */
};

enum { HEAD_SIZE = (sizeof(struct tnd_arena_block) + TND_ARENA_ALIGN - 1) & -TND_ARENA_ALIGN };

static void use_first(struct tnd_arena *a)
{
    uintptr_t skew = -(uintptr_t)a->first & (TND_ARENA_ALIGN - 1);

    a->next = a->first;
    a->end = a->first;
    if (skew < a->first_size) {
        a->next += skew;
        a->end += a->first_size;
    }
    a->over = false;
}

void tnd_arena_init(struct tnd_arena *a, void *first, size_t first_size, const struct tnd_mem *mem,
                    size_t size_max)
{
    *a = (struct tnd_arena){
        .mem = mem, .size_left = mem ? size_max : 0, .first = first, .first_size = first_size};
    use_first(a);
}

static void give_blocks(struct tnd_arena *a)
{
    while (a->blocks) {
        struct tnd_arena_block *block = a->blocks;

        a->blocks = block->older;
        a->size_left += block->size;
        a->mem->give(a->mem->ctx, block, block->size);
    }
}

void tnd_arena_fini(struct tnd_arena *a)
{
    give_blocks(a);
    *a = (struct tnd_arena){0};
}

void tnd_arena_reset(struct tnd_arena *a)
{
    give_blocks(a);
    use_first(a);
}

static size_t next_block_size(const struct tnd_arena *a, size_t piece)
{
    size_t size = a->blocks ? a->blocks->size : TND_ARENA_BLOCK_SIZE_MIN / 2;

    if (size <= SIZE_MAX / 2)
        size *= 2;
    if (size < piece + HEAD_SIZE)
        size = piece + HEAD_SIZE;
    return size <= a->size_left ? size : piece + HEAD_SIZE;
}

void *tnd_arena_take_slow(struct tnd_arena *a, size_t size)
{
    TND_ASSERT(a->next <= a->end);
    if (a->over || size > SIZE_MAX / 4)
        goto over;

    size_t piece = (size + TND_ARENA_ALIGN - 1) & ~(size_t)(TND_ARENA_ALIGN - 1);
    size_t block_size = next_block_size(a, piece);
    if (block_size > a->size_left)
        goto over;
    struct tnd_arena_block *block = a->mem->take(a->mem->ctx, block_size);
    if (!block)
        goto over;
    *block = (struct tnd_arena_block){a->blocks, block_size};
    a->blocks = block;
    a->size_left -= block_size;
    a->next = (char *)block + HEAD_SIZE + piece;
    a->end = (char *)block + block_size;
    return (char *)block + HEAD_SIZE;

over:
    a->over = true;
    return NULL;
}

void *tnd_arena_zero(struct tnd_arena *a, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        a->over = true;
        return NULL;
    }
    void *piece = tnd_arena_take(a, count * size);
    if (piece)
        memset(piece, 0, count * size);
    return piece;
}

struct tnd_slice tnd_slice_keep(struct tnd_arena *a, struct tnd_slice s)
{
    if (s.len == 0)
        return s.ptr ? TND_STR("") : s; /* empty stays empty, absent stays absent */
    char *copy = tnd_arena_take(a, s.len);
    if (!copy)
        return tnd_slice(NULL, 0);
    memcpy(copy, s.ptr, s.len);
    return tnd_slice(copy, s.len);
}

char *tnd_slice_keep_str(struct tnd_arena *a, struct tnd_slice s)
{
    if (s.len > 0 && memchr(s.ptr, '\0', s.len))
        return NULL;
    char *copy = tnd_arena_take(a, s.len + 1);
    if (!copy)
        return NULL;
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}
