/* The digests of base/digest.h by OpenSSL. */
#include "net/digest_openssl.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/assert.h"

static const char *const openssl_name[TND_DIGEST_COUNT] = {
    [TND_DIGEST_MD5] = "MD5",
    [TND_DIGEST_SHA_256] = "SHA2-256",
    [TND_DIGEST_SHA_512_256] = "SHA2-512/256",
};

static bool digest_parts(EVP_MD_CTX *ctx, const EVP_MD *md, const struct tnd_slice *parts,
                         size_t part_count, unsigned char *ret)
{
    if (!EVP_DigestInit_ex2(ctx, md, NULL))
        return false;
    for (size_t i = 0; i < part_count; i++)
        if (!EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len))
            return false;
    return EVP_DigestFinal_ex(ctx, ret, NULL);
}

static int take(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret)
{
    struct tnd_digest_openssl *o = ctx;
    unsigned char result[TND_DIGEST_SIZE_MAX];

    TND_ASSERT(digest < TND_DIGEST_COUNT);
    if (!o->md[digest])
        return TND_ENONE;
    if (!digest_parts(o->ctx, o->md[digest], parts, part_count, result)) {
        ERR_clear_error();
        return TND_ENOMEM;
    }
    memcpy(ret, result, tnd_digest_size(digest));
    return 0;
}

int tnd_digest_openssl_init(struct tnd_digest_openssl *o)
{
    *o = (struct tnd_digest_openssl){.digester = {take, o}, .ctx = EVP_MD_CTX_new()};
    if (!o->ctx) {
        tnd_digest_openssl_fini(o);
        return TND_ENOMEM;
    }
    for (int i = 0; i < TND_DIGEST_COUNT; i++)
        o->md[i] = EVP_MD_fetch(NULL, openssl_name[i], NULL);
    ERR_clear_error();
    return 0;
}

void tnd_digest_openssl_fini(struct tnd_digest_openssl *o)
{
    for (int i = 0; i < TND_DIGEST_COUNT; i++)
        EVP_MD_free(o->md[i]);
    EVP_MD_CTX_free(o->ctx);
    *o = (struct tnd_digest_openssl){0};
}
