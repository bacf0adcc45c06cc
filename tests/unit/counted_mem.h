/* Memory of the heap, counted: what it gave is live until it is given back. For programs with one thread. */
#ifndef TESTS_COUNTED_MEM_H
#define TESTS_COUNTED_MEM_H

#include <stdlib.h>

#include "tandem/base.h"

static size_t counted_live; /* bytes */

static inline void *counted_take(void *ctx, size_t size)
{
    (void)ctx;
    counted_live += size;
    return malloc(size);
}

static inline void counted_give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    counted_live -= size;
    free(ptr);
}

static const struct tnd_mem counted_mem = {counted_take, counted_give, NULL};

#endif
