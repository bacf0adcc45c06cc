/* tandem/base/digest.h: the digests of digest authentication (RFC 7616), from a provider that the
 * caller passes in, because the core links libc alone. */
#ifndef TANDEM_BASE_DIGEST_H
#define TANDEM_BASE_DIGEST_H

#include "tandem/base.h"

enum tnd_digest { TND_DIGEST_MD5, TND_DIGEST_SHA_256, TND_DIGEST_SHA_512_256, TND_DIGEST_COUNT };

enum { TND_DIGEST_SIZE_MAX = 32 }; /* bytes */

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

#endif
