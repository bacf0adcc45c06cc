/* SipHash: a fast keyed hash of short texts (Aumasson and Bernstein, 2012). Who does not
 * know the key can neither guess a result nor find two texts with the same one.
 *
 *   1-3     for hash tables: quick, and its results never leave the process
 *   2-4     64 and 128 bits, for what others see: branches, tags, tokens; see base/digest.h
 *
 * The text may come in pieces; only the bytes count, not where they were cut. 2-4 in pieces that
 * are whole words is quicker: base/siphash_words.h. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include "tandem/base.h"

struct tnd_siphash_key {
    uint64_t k0, k1;
};

struct tnd_siphash {
    uint64_t v0, v1, v2, v3;
    uint64_t tail; /* the last len % 8 bytes */
    uint64_t len;
    int rounds; /* after each word: 1 or 2; at the end two more */
};

enum { TND_SIPHASH_KEY_SIZE = 16 };

/* The key in these bytes. */
struct tnd_siphash_key tnd_siphash_key(const unsigned char bytes[TND_SIPHASH_KEY_SIZE]);

/* The hash of one text. */
uint64_t tnd_siphash_1_3(const struct tnd_siphash_key *key, struct tnd_slice text);
uint64_t tnd_siphash_2_4(const struct tnd_siphash_key *key, struct tnd_slice text);

/* 128 bits of 2-4, in pieces: init, put as often as needed, end once. Copies the key. */
void tnd_siphash_init(struct tnd_siphash *h, const struct tnd_siphash_key *key);
void tnd_siphash_put(struct tnd_siphash *h, struct tnd_slice piece);
void tnd_siphash_end(struct tnd_siphash *h, unsigned char ret[16]);

#endif
