/* A purse: memory of which many take, and which says how much is out. */
#ifndef TRACE_PURSE_H
#define TRACE_PURSE_H

#include "tandem/base.h"

struct tnd_purse {
    const struct tnd_mem *mem; /* kept */
    size_t out, max;           /* bytes */
};

/* NULL: there is none, or too much is out. */
static inline void *tnd_purse_take(struct tnd_purse *purse, size_t size)
{
    if (size > purse->max - purse->out)
        return NULL;
    void *ret = purse->mem->take(purse->mem->ctx, size);
    if (ret)
        purse->out += size;
    return ret;
}

static inline void tnd_purse_give(struct tnd_purse *purse, void *ptr, size_t size)
{
    if (!ptr)
        return;
    purse->mem->give(purse->mem->ctx, ptr, size);
    purse->out -= size;
}

/* Makes room for size bytes where *ptr, with *ret_size, has len of use. false: as it was. Doubles, so that it
 * is rarely asked. */
static inline bool tnd_purse_grow(struct tnd_purse *purse, char **ptr, size_t *ret_size, size_t len,
                                  size_t size)
{
    size_t new_size = *ret_size ? *ret_size : 1024;

    while (new_size < size)
        new_size *= 2;
    if (new_size == *ret_size)
        return true;
    char *new = tnd_purse_take(purse, new_size);
    if (!new)
        return false;
    if (len > 0)
        memcpy(new, *ptr, len);
    tnd_purse_give(purse, *ptr, *ret_size);
    *ptr = new;
    *ret_size = new_size;
    return true;
}

#endif
