/* Nonces: 48 hexadecimal digits. Eight say when it was made; eight more make nonces of the same
 * second differ; the rest is a keyed digest of both, of the realm and of the Call-ID. */
#ifndef AUTH_NONCE_H
#define AUTH_NONCE_H

#include "tandem/auth.h"

void auth_nonce_make(const struct tnd_auth_with *with, const struct tnd_msg *msg, uint32_t now,
                     char ret[TND_NONCE_LEN]);

/* Whether a node with our key made it for our realm and the Call-ID of msg; then also when. */
bool auth_nonce_is_ours(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                        struct tnd_slice nonce, uint32_t *ret_made);

/* Whether what was made then is still good now. */
bool auth_nonce_is_fresh(const struct tnd_auth_with *with, uint32_t made, uint32_t now);

#endif
