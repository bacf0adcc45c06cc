/* The response of Digest (RFC 7616 §3.4.1), from what both sides know. */
#ifndef AUTH_RESPOND_H
#define AUTH_RESPOND_H

#include "tandem/base/digest.h"
#include "tandem/sip/auth.h"

enum { AUTH_HEX_SIZE = 2 * TND_DIGEST_SIZE_MAX };

struct auth_secret {
    const struct tnd_digester *digester;
    struct tnd_slice user, realm, password;
    struct tnd_slice nonce, cnonce;
    uint8_t algorithm; /* enum tnd_algorithm: not OTHER */
};

struct auth_act {
    uint8_t qop;             /* enum tnd_qop; 0: none */
    struct tnd_slice nc;     /* eight digits */
    struct tnd_slice method; /* of what a server proves (RFC 7616 §3.5): empty */
    struct tnd_slice uri, body;
};

/* As text, in ret. Absent: the digester failed. */
struct tnd_slice auth_respond(const struct auth_secret *secret, const struct auth_act *act,
                              char ret[AUTH_HEX_SIZE]);

/* The name of a user who would not be read by others (RFC 7616 §3.4.4). */
struct tnd_slice auth_hash_user(const struct auth_secret *secret, char ret[AUTH_HEX_SIZE]);

/* Which digest an algorithm is made of; false: none that we know. */
bool auth_digest_of(uint8_t algorithm, enum tnd_digest *ret, bool *ret_sess);

#endif
