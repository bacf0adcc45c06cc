/* The hash under the tables of names, shared by the generator and the reader. */
#ifndef REF_NAME_HASH_H
#define REF_NAME_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { TND_HASH_BITS = 11, TND_HASH_SLOTS = 1 << TND_HASH_BITS };

/* Of a name of len > 0 characters, without regard to case. */
static inline unsigned tnd_name_hash(const char *name, size_t len, uint64_t seed)
{
    const unsigned char *c = (const unsigned char *)name;
    uint32_t mix = (uint32_t)len << 24 | (uint32_t)(c[0] | 0x20) << 16 |
                   (uint32_t)(c[len / 2] | 0x20) << 8 | (uint32_t)(c[len - 1 - (len >> 3)] | 0x20);

    return (unsigned)((mix * seed) >> (64 - TND_HASH_BITS));
}

#endif
