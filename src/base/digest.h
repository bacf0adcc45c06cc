/* Digests: those of digest authentication, from a provider that the caller passes in, and
 * a keyed one of our own for branches, tags, nonces and flow tokens.
 *
 * The provider is a parameter because the core links libc alone. src/net/digest_openssl.h
 * makes one. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/siphash.h"
#include "tandem/base.h"

enum tnd_digest { TND_DIGEST_MD5, TND_DIGEST_SHA_256, TND_DIGEST_SHA_512_256, TND_DIGEST_COUNT };

enum { TND_DIGEST_SIZE_MAX = 32, TND_DIGEST_KEYED_SIZE = 16 };

/* ctx is passed through. take() writes to ret the digest, tnd_digest_size(digest) bytes, of
 * the parts one after another. It borrows them. TND_ENONE: the provider does not do this
 * digest; others may work. TND_ENOMEM: now is a bad time. */
struct tnd_digester {
    int (*take)(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret);
    void *ctx;
};

/* In bytes. */
size_t tnd_digest_size(enum tnd_digest digest);

/* As the algorithm parameter calls it: "MD5", "SHA-256", "SHA-512-256" (RFC 7616 §6.1). */
const char *tnd_digest_name(enum tnd_digest digest);

/* SipHash-2-4 of 128 bits over the parts, each with its length before it: parts cannot
 * flow into one another, "ab" "c" is not "a" "bc". Who does not know the key can neither
 * make such a digest nor tell what it was made of. */
void tnd_digest_keyed(const struct tnd_siphash_key *key, const struct tnd_slice *parts,
                      size_t part_count, unsigned char ret[TND_DIGEST_KEYED_SIZE]);

/* The same bytes. Takes as long wherever they differ, so that a stranger who guesses at a
 * digest learns nothing from the time. Lengths are no secret. */
bool tnd_digest_eq(struct tnd_slice a, struct tnd_slice b);

#endif
