/* A tnd_mem that fails when it is told to. Each block is preceded by its size. */
#include "unit/failing_mem.h"

#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

enum { HEAD_SIZE = 16 };

static void *take(void *ctx, size_t size)
{
    struct failing_mem *m = ctx;

    m->take_count++;
    if (m->fail_at && m->take_count >= m->fail_at)
        return NULL;
    char *block = malloc(HEAD_SIZE + size);
    CHECK(block);
    memcpy(block, &size, sizeof(size));
    memset(block + HEAD_SIZE, 0xcd, size); /* nobody may count on zero bytes */
    m->live_count++;
    m->live_size += size;
    return block + HEAD_SIZE;
}

static void give(void *ctx, void *ptr, size_t size)
{
    struct failing_mem *m = ctx;
    char *block = (char *)ptr - HEAD_SIZE;
    size_t size_taken;

    memcpy(&size_taken, block, sizeof(size_taken));
    CHECK_EQ(size, size_taken);
    m->live_count--;
    m->live_size -= size;
    explicit_bzero(block, HEAD_SIZE + size); /* whoever still reads it, reads something else */
    free(block);
}

struct failing_mem failing_mem(size_t fail_at)
{
    return (struct failing_mem){.mem = {take, give, NULL}, .fail_at = fail_at};
}

const struct tnd_mem *failing_mem_use(struct failing_mem *m)
{
    m->mem.ctx = m;
    return &m->mem;
}
