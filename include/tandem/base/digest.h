/* tandem/base/digest.h: the digests of digest authentication (RFC 7616), from a provider that the
 * caller passes in, because the core links libc alone. With OpenSSL 3, for one digest (md kept by
 * EVP_MD_fetch(NULL, "MD5", NULL); the others are "SHA2-256" and "SHA2-512/256"):
 *
 *     static int take(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts,
 *                     size_t part_count, unsigned char *ret)
 *     {
 *         struct own *o = ctx;
 *
 *         if (digest != TND_DIGEST_MD5)
 *             return TND_ENONE;
 *         if (!EVP_DigestInit_ex2(o->evp, o->md, NULL))
 *             return TND_ENOMEM;
 *         for (size_t i = 0; i < part_count; i++)
 *             if (!EVP_DigestUpdate(o->evp, parts[i].ptr, parts[i].len))
 *                 return TND_ENOMEM;
 *         return EVP_DigestFinal_ex(o->evp, ret, NULL) ? 0 : TND_ENOMEM;
 *     }
 *
 *     struct tnd_digester digester = {take, &own};    lives as long as what it is given to
 */
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
