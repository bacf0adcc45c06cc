/* tandem/sip/auth.h: who somebody says to be: Authorization, Proxy-Authorization,
 * WWW-Authenticate, Proxy-Authenticate, Authentication-Info (RFC 3261 §22, RFC 7616,
 * RFC 8760). Readers as in tandem/sip/text.h. Nothing is computed here.
 *
 * A field holds one scheme; a comma parts its parameters and never two schemes (RFC 3261
 * §7.3.1). Several challenges or credentials are several fields.
 */
#ifndef TANDEM_SIP_AUTH_H
#define TANDEM_SIP_AUTH_H

#include "tandem/sip/message.h"

enum {
    TND_AUTH_PARAM_COUNT_MAX = 32, /* parameters of one challenge or of one's credentials */
};

/* Algorithms of Digest (RFC 7616 §3.3, RFC 8760 §2). */
enum tnd_algorithm {
    TND_ALGORITHM_MD5, /* also where none is named */
    TND_ALGORITHM_MD5_SESS,
    TND_ALGORITHM_SHA_256,
    TND_ALGORITHM_SHA_256_SESS,
    TND_ALGORITHM_SHA_512_256,
    TND_ALGORITHM_SHA_512_256_SESS,
    TND_ALGORITHM_OTHER, /* one that we do not know: not malformed, but of no use */
};

/* "SHA-256-sess"; of TND_ALGORITHM_OTHER: "". */
const char *tnd_algorithm_name(enum tnd_algorithm algorithm);

enum tnd_qop {
    TND_QOP_AUTH = 1,
    TND_QOP_AUTH_INT = 2,
};

enum tnd_yes { TND_UNSAID, TND_NO, TND_YES };

/* A challenge, credentials, or Authentication-Info. Absent is what was not there, and what
 * does not belong to the field. Strings have their quotes, if they came with them; what they
 * mean is tnd_unquote()'s to say. Of a scheme that is not Digest only scheme and params are
 * there. */
struct tnd_auth {
    struct tnd_slice scheme; /* "Digest"; of Authentication-Info: absent */
    struct tnd_slice params; /* all that follows, for tnd_auth_param_next() */
    struct tnd_slice realm;
    struct tnd_slice nonce; /* of Authentication-Info: nextnonce */
    struct tnd_slice opaque;
    struct tnd_slice algorithm_name;
    struct tnd_slice qop; /* of a challenge a list in quotes, else one token */
    struct tnd_slice domain;
    struct tnd_slice username;
    struct tnd_slice username_ext; /* username*, RFC 7616 §3.4: charset'language'text */
    struct tnd_slice uri;
    struct tnd_slice response; /* of Authentication-Info: rspauth */
    struct tnd_slice cnonce;
    struct tnd_slice nc; /* eight hexadecimal digits */
    struct tnd_slice charset;
    uint32_t nc_count; /* what nc means; 0 if it is absent */
    bool digest;       /* the scheme is Digest */
    uint8_t algorithm; /* enum tnd_algorithm */
    uint8_t qops;      /* enum tnd_qop, joined; those that we know */
    uint8_t stale;     /* enum tnd_yes */
    uint8_t userhash;  /* enum tnd_yes */
};

/* WWW-Authenticate and Proxy-Authenticate. Digest has at least realm and nonce. */
bool tnd_challenge_next(struct tnd_values *v, struct tnd_auth *ret);

/* Authorization and Proxy-Authorization. Digest has at least a user name, realm, nonce, uri
 * and response, and with a qop cnonce and nc. */
bool tnd_credentials_next(struct tnd_values *v, struct tnd_auth *ret);

/* Authentication-Info. */
bool tnd_auth_info_next(struct tnd_values *v, struct tnd_auth *ret);

/* Iterates over params of any scheme that is made of "name=value, name=value". *rest is what
 * is left; false: none, or it is not made so. */
bool tnd_auth_param_next(struct tnd_slice *rest, struct tnd_param *ret);

/* Write Digest from its members (strings with their quotes as they are, others get them; nc
 * from nc_count), other schemes from params. */
void tnd_challenge_write(struct tnd_writer *w, const struct tnd_auth *auth);
void tnd_credentials_write(struct tnd_writer *w, const struct tnd_auth *auth);
void tnd_auth_info_write(struct tnd_writer *w, const struct tnd_auth *auth);

#endif
