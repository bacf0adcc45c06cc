/* tandem/auth/client.h: digest authentication, the client's side (RFC 3261 §22.2, §22.3, RFC 7616,
 * RFC 8760).
 *
 *     tnd_auth_client_init(&c, digester, key, user, password);
 *     request with tnd_auth_client_write(): nothing yet; 401 or 407 comes
 *     tnd_auth_client_challenged(&c, request, response)      what it asks for, kept
 *     request with tnd_auth_client_write(): credentials for each realm that has asked
 *     2xx comes: tnd_auth_client_answered()                  the next nonce; was it the server?
 *
 * One table is for the requests of one call, registration or the like: proxies on the way and the
 * user agent at its end each have a realm, and all of them are answered at once, in later requests too
 * (RFC 3261 §22.3). What servers (401) asked for is said to them alone, known by the host of the
 * Request-URI that they were asked with.
 *
 * Of the challenges of one realm the topmost that can be answered is (RFC 8760 §2.4): Digest, by an
 * algorithm of the digester, -sess or not, with qop auth or auth-int, by MD5 also without qop as RFC 2069
 * had it. Nothing random: a cnonce is a keyed digest of its nonce.
 *
 * No credentials are in CANCEL (RFC 3261 §22.1), and an ACK has those of its INVITE.
 */
#ifndef TANDEM_AUTH_CLIENT_H
#define TANDEM_AUTH_CLIENT_H

#include "tandem/base/digest.h"
#include "tandem/sip/auth.h"

enum {
    TND_AUTH_REALM_COUNT_MAX = 8,  /* realms that one request proves itself to */
    TND_AUTH_REALM_LEN_MAX = 128,  /* bytes of each text of a challenge that is kept */
    TND_AUTH_NONCE_LEN_MAX = 384,  /* without its quotes */
    TND_AUTH_OPAQUE_LEN_MAX = 384, /* likewise */
    TND_AUTH_HOST_LEN_MAX = 256,   /* of the server that asked */
};

/* A realm that has asked. Texts are as they are meant, without quotes. */
struct tnd_auth_realm {
    char realm[TND_AUTH_REALM_LEN_MAX], nonce[TND_AUTH_NONCE_LEN_MAX];
    char opaque[TND_AUTH_OPAQUE_LEN_MAX], host[TND_AUTH_HOST_LEN_MAX];
    uint16_t realm_len, nonce_len, opaque_len, host_len;
    uint32_t count;         /* requests that were made with this nonce */
    uint8_t algorithm, qop; /* enum tnd_algorithm, tnd_qop; qop 0: none */
    bool is_proxy;          /* a 407 */
    bool has_opaque, hashes_user;
    uint32_t round; /* the response that asked, as tnd_auth_client counts them */
};

struct tnd_auth_client {
    const struct tnd_digester *digester;
    struct tnd_slice user, password;
    unsigned char key[16];
    struct tnd_auth_realm realm[TND_AUTH_REALM_COUNT_MAX]; /* the one that asked first is first */
    uint8_t count;
    uint32_t rounds; /* responses that asked */
};

/* No realms. Keeps digester, user and password; copies key, which is secret. user is any UTF-8; password
 * absent, or digester NULL: nothing can be answered. */
void tnd_auth_client_init(struct tnd_auth_client *c, const struct tnd_digester *digester,
                          const unsigned char key[16], struct tnd_slice user,
                          struct tnd_slice password);

/* What a response asks for; as tnd_recover_attempt wants to know it. */
struct tnd_auth_asked {
    bool can_answer;      /* some realm's challenge can be answered */
    bool had_credentials; /* the request had credentials for each realm that can be answered */
    bool is_stale; /* and one of them was told that they were right, but old (RFC 7616 §3.3) */
    struct tnd_slice realm; /* the first one that asks, with its quotes; borrowed from response */
};

/* Keeps the challenges of a response to request. */
struct tnd_auth_asked tnd_auth_client_challenged(struct tnd_auth_client *c,
                                                 const struct tnd_msg *request,
                                                 const struct tnd_msg *response);

/* Lines of Authorization and Proxy-Authorization for a new request with this method, Request-URI and
 * body, each with its CRLF; each is another use of its nonce. TND_ENOMEM: the digester failed; what was
 * written is of no use. */
int tnd_auth_client_write(struct tnd_auth_client *c, struct tnd_writer *w, struct tnd_slice method,
                          struct tnd_slice uri, struct tnd_slice body);

/* The lines of a request once more, for the ACK of an INVITE (RFC 3261 §22.1). */
void tnd_auth_client_repeat(struct tnd_writer *w, const struct tnd_msg *request);

enum tnd_auth_proof {
    TND_AUTH_UNPROVED, /* nothing was said, as usual, or nothing that can be checked */
    TND_AUTH_PROVED,   /* the server knows the password too */
    TND_AUTH_FALSE,    /* it said so, and does not: its response is not to be trusted */
};

/* Authentication-Info of a response to request: takes its nextnonce, unless it is false, and checks
 * rspauth (RFC 7616 §3.5). */
enum tnd_auth_proof tnd_auth_client_answered(struct tnd_auth_client *c,
                                             const struct tnd_msg *request,
                                             const struct tnd_msg *response);

#endif
