/* Digests: those of tandem/base/digest.h, whose provider src/net/digest_openssl.h makes, and a keyed
 * one of our own for branches, tags, nonces and flow tokens. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/siphash.h"
#include "tandem/base/digest.h"

enum { TND_DIGEST_KEYED_SIZE = 16 };

/* SipHash-2-4 of 128 bits over the parts, each with its length before it: parts cannot
 * flow into one another, "ab" "c" is not "a" "bc". Who does not know the key can neither
 * make such a digest nor tell what it was made of. */
void tnd_digest_keyed(const struct tnd_siphash_key *key, const struct tnd_slice *parts,
                      size_t part_count, unsigned char ret[TND_DIGEST_KEYED_SIZE]);

/* The same bytes. Takes as long wherever they differ, so that a stranger who guesses at a
 * digest learns nothing from the time. Lengths are no secret. */
bool tnd_digest_eq(struct tnd_slice a, struct tnd_slice b);

#endif
