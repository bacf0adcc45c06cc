/* SipHash-2-4 over whole words (base/siphash.h), inline: the state stays in registers, which for the
 * few short texts of a branch is half of what it costs. The value is that of the same bytes in one
 * text: each number low byte first, each text filled up with zeros. */
#ifndef BASE_SIPHASH_WORDS_H
#define BASE_SIPHASH_WORDS_H

#include "base/ascii.h"
#include "base/siphash.h"

struct tnd_siphash_words {
    uint64_t v0, v1, v2, v3;
    uint64_t len;
};

static inline uint64_t tnd_siphash_rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

/* What compilers would leave a function: then the state would lie in memory. */
#define TND_SIPHASH_INLINE static inline __attribute__((always_inline))

TND_SIPHASH_INLINE void tnd_siphash_round(struct tnd_siphash_words *h)
{
    h->v0 += h->v1;
    h->v2 += h->v3;
    h->v1 = tnd_siphash_rotate(h->v1, 13) ^ h->v0;
    h->v3 = tnd_siphash_rotate(h->v3, 16) ^ h->v2;
    h->v0 = tnd_siphash_rotate(h->v0, 32) + h->v3;
    h->v2 += h->v1;
    h->v1 = tnd_siphash_rotate(h->v1, 17) ^ h->v2;
    h->v3 = tnd_siphash_rotate(h->v3, 21) ^ h->v0;
    h->v2 = tnd_siphash_rotate(h->v2, 32);
}

/* Copies the key. */
static inline void tnd_siphash_begin(struct tnd_siphash_words *h, const struct tnd_siphash_key *key)
{
    h->v0 = key->k0 ^ 0x736f6d6570736575;
    h->v1 = key->k1 ^ 0x646f72616e646f6d;
    h->v2 = key->k0 ^ 0x6c7967656e657261;
    h->v3 = key->k1 ^ 0x7465646279746573;
    h->len = 0;
}

TND_SIPHASH_INLINE void tnd_siphash_put_number(struct tnd_siphash_words *h, uint64_t number)
{
    h->v3 ^= number;
    tnd_siphash_round(h);
    tnd_siphash_round(h);
    h->v0 ^= number;
    h->len += 8;
}

static inline uint64_t tnd_siphash_read(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

/* The last bytes of a text, which fill no word: out of the word that ends with them, if there is
 * one. */
static inline uint64_t tnd_siphash_rest(struct tnd_slice text)
{
    size_t rest = text.len % 8;
    uint64_t word = 0;

    if (text.len >= 8)
        return tnd_siphash_read(tnd_slice_end(text) - 8) >> 8 * (8 - rest);
    while (rest > 0)
        word = word << 8 | (unsigned char)text.ptr[--rest];
    return word;
}

TND_SIPHASH_INLINE void tnd_siphash_put_text(struct tnd_siphash_words *h, struct tnd_slice text)
{
    for (size_t i = 0; i < text.len / 8; i++)
        tnd_siphash_put_number(h, tnd_siphash_read(text.ptr + 8 * i));
    if (text.len % 8 != 0)
        tnd_siphash_put_number(h, tnd_siphash_rest(text));
}

/* With the upper-case letters of ASCII in lower case. */
TND_SIPHASH_INLINE void tnd_siphash_put_lower(struct tnd_siphash_words *h, struct tnd_slice text)
{
    for (size_t i = 0; i < text.len / 8; i++)
        tnd_siphash_put_number(h, tnd_lower_eight(tnd_siphash_read(text.ptr + 8 * i)));
    if (text.len % 8 != 0)
        tnd_siphash_put_number(h, tnd_lower_eight(tnd_siphash_rest(text)));
}

TND_SIPHASH_INLINE uint64_t tnd_siphash_finish(struct tnd_siphash_words *h)
{
    tnd_siphash_put_number(h, h->len << 56);
    h->v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        tnd_siphash_round(h);
    return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

#endif
