/* Memory that is counted. */
#include "sim/mem.h"

#include "base/assert.h"

static void *take(void *ctx, size_t size)
{
    struct sim_mem *m = ctx;

    if (m->refused_of_1000 > 0 && tnd_random_chance(&m->random, m->refused_of_1000, 1000)) {
        m->refused++;
        return NULL;
    }
    void *ptr = m->under->take(m->under->ctx, size);
    if (ptr) {
        m->live_count++;
        m->live_size += size;
    }
    return ptr;
}

static void give(void *ctx, void *ptr, size_t size)
{
    struct sim_mem *m = ctx;

    TND_ASSERT(m->live_count > 0 && m->live_size >= size);
    m->live_count--;
    m->live_size -= size;
    m->under->give(m->under->ctx, ptr, size);
}

void sim_mem_init(struct sim_mem *m, const struct tnd_mem *under, uint64_t seed)
{
    *m = (struct sim_mem){.mem = {take, give, m}, .under = under};
    tnd_random_init(&m->random, seed);
}

void *sim_take(const struct tnd_mem *mem, size_t size)
{
    void *ptr = mem->take(mem->ctx, size);

    TND_ASSERT(ptr);
    memset(ptr, 0, size);
    return ptr;
}

void sim_give(const struct tnd_mem *mem, void *ptr, size_t size)
{
    if (ptr)
        mem->give(mem->ctx, ptr, size);
}
