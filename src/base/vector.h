/* Sixteen bytes at once, in the vector types of GNU C: SSE2 on x86-64, NEON on ARM, plain
 * words where there are no vectors. What every processor of a kind has; what only some have
 * is in sip/scan_avx2.c. */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stdint.h>
#include <string.h>

typedef uint8_t tnd_bytes16 __attribute__((vector_size(16)));
typedef int8_t tnd_signed16 __attribute__((vector_size(16)));

/* 255 where first <= byte <= last, else 0. Shifted down to -128, since SSE2 compares signed
 * bytes in one instruction and others in two. */
#define TND_WITHIN(bytes, first, last)                                  \
    ((tnd_bytes16)((tnd_signed16)((bytes) - (uint8_t)((first) + 128)) < \
                   (tnd_signed16){0} + (int8_t)((last) - (first)-127)))

/* 255 where the byte is c, else 0 */
#define TND_IS(bytes, c) ((tnd_bytes16)((bytes) == (uint8_t)(c)))

/* One bit for each byte of mask, which holds 0 or 255 in each; the first byte is bit 0. */
static inline uint64_t tnd_bits16(tnd_bytes16 mask)
{
#ifdef __SSE2__
    typedef char chars16 __attribute__((vector_size(16)));
    return (uint16_t)__builtin_ia32_pmovmskb128((chars16)mask);
#else
    uint64_t half[2];

    memcpy(half, &mask, sizeof(half));
    for (unsigned i = 0; i < 2; i++) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        half[i] = __builtin_bswap64(half[i]);
#endif
        /* each byte keeps a bit of its own; the product gathers them in the top byte */
        half[i] = ((half[i] & 0x8040201008040201) * 0x0101010101010101) >> 56;
    }
    return half[0] | half[1] << 8;
#endif
}

#endif
