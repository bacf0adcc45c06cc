/* Memory from malloc(). */
#include "net/heap.h"

#include <stdlib.h>

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

const struct tnd_mem tnd_heap = {take, give, NULL};
