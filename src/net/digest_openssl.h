/* The digests of base/digest.h by OpenSSL. */
#ifndef NET_DIGEST_OPENSSL_H
#define NET_DIGEST_OPENSSL_H

#include "base/digest.h"

/* One for each thread: its digester works on ctx. */
struct tnd_digest_openssl {
    struct tnd_digester digester;           /* borrowed by a core, until fini */
    struct evp_md_st *md[TND_DIGEST_COUNT]; /* NULL: not to be had, as MD5 under FIPS rules */
    struct evp_md_ctx_st *ctx;
};

/* Looks the digests up once, which is slow. o must not move. TND_ENOMEM: o is as after
 * fini. A digest that this OpenSSL does not have is told when it is asked for. */
int tnd_digest_openssl_init(struct tnd_digest_openssl *o);

/* Of zero bytes is fine. */
void tnd_digest_openssl_fini(struct tnd_digest_openssl *o);

#endif
