/* What the files of the client's side share. */
#ifndef AUTH_CLIENT_H
#define AUTH_CLIENT_H

#include "auth/respond.h"
#include "base/digest.h"
#include "tandem/auth/client.h"
#include "tandem/sip/write.h"

enum { CLIENT_CNONCE_LEN = 2 * TND_DIGEST_KEYED_SIZE, CLIENT_NC_LEN = 8 };

static inline struct tnd_slice client_realm(const struct tnd_auth_realm *r)
{
    return tnd_slice(r->realm, r->realm_len);
}

static inline struct tnd_slice client_nonce(const struct tnd_auth_realm *r)
{
    return tnd_slice(r->nonce, r->nonce_len);
}

static inline enum tnd_header client_kind(bool is_proxy)
{
    return is_proxy ? TND_HEADER_PROXY_AUTHORIZATION : TND_HEADER_AUTHORIZATION;
}

/* What text means, without quotes and backslashes, into room; false: it is too long, or none that
 * can be said again. */
bool client_take_text(struct tnd_slice text, char *room, size_t size, uint16_t *ret_len);

/* The host of a URI; empty: it has none, as a number. */
struct tnd_slice client_host(struct tnd_slice uri);
/* The realm is of a server of that host. */
bool client_is_at(const struct tnd_auth_realm *r, struct tnd_slice host);

/* The credentials of a request for that realm; false: none. */
bool client_find_sent(const struct tnd_msg *request, const struct tnd_auth_realm *realm,
                      struct tnd_auth *ret);

/* client_write.c: what a response is made of. */
struct tnd_slice client_cnonce(const struct tnd_auth_client *c, const struct tnd_auth_realm *r,
                               char ret[CLIENT_CNONCE_LEN]);
struct tnd_slice client_nc(uint32_t count, char ret[CLIENT_NC_LEN]);
struct auth_secret client_secret(const struct tnd_auth_client *c, const struct tnd_auth_realm *r,
                                 struct tnd_slice cnonce);

#endif
