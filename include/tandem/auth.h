/* tandem/auth.h: digest authentication, the server's side (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 *     tnd_auth_read(&with, msg, TND_AUTH_REGISTRAR, wall, &cred)
 *       TND_AUTH_NONE, STALE    challenge: tnd_auth_challenge_write()
 *       TND_AUTH_CLAIMED        look the user cred.username up, then
 *     tnd_auth_check(&with, &cred, user or NULL, &seen)
 *       TND_AUTH_GOOD           it is he
 *       else                    challenge
 *
 * A nonce is a keyed digest: nothing is kept of it, every node that holds the key knows it, and it
 * is good for one Call-ID only, so that its counter has one node to watch it. It says when it was
 * made. Whoever repeats a counter is told stale=true and a fresh nonce; so is whoever comes late.
 */
#ifndef TANDEM_AUTH_H
#define TANDEM_AUTH_H

#include "tandem/sip/auth.h"
#include "tandem/store.h"

struct tnd_siphash_key;

/* Who asks: the 401 and Authorization of a registrar or user agent, the 407 and Proxy-Authorization of
 * a proxy (RFC 3261 §22.2, §22.3). */
enum tnd_auth_role { TND_AUTH_REGISTRAR, TND_AUTH_PROXY };

struct tnd_auth_with {
    struct tnd_slice realm;
    const enum tnd_digest *algorithms; /* the preferred first */
    size_t algorithm_count;
    const struct tnd_digester *digester;
    const struct tnd_siphash_key *key;
    uint32_t nonce_seconds; /* how long a nonce is good; 0: TND_NONCE_SECONDS */
};

enum { TND_NONCE_SECONDS = 300, TND_NONCE_LEN = 48 };

/* Counters that have been used, of the nonces of one node. Bounded; when two nonces meet in one
 * place the newer one stays, and older ones of that place are stale from then on. */
enum { TND_AUTH_SEEN_COUNT = 16384 };
struct tnd_auth_seen {
    struct tnd_auth_seen_row {
        uint64_t nonce; /* a digest of it; 0: none */
        uint32_t made;
        uint32_t count; /* the highest */
    } row[TND_AUTH_SEEN_COUNT];
};

enum tnd_auth_result {
    TND_AUTH_NONE,    /* no credentials for our realm, or none that can be used */
    TND_AUTH_STALE,   /* the nonce is too old, or another's, or the counter was used already */
    TND_AUTH_CLAIMED, /* credentials that may be right */
    TND_AUTH_WRONG,   /* the response is wrong, or there is no such user */
    TND_AUTH_GOOD,
};

struct tnd_credentials {
    struct tnd_auth auth;      /* as it stands; borrows from the message */
    struct tnd_slice method;   /* of the request */
    struct tnd_slice username; /* without quotes; borrows from the message, or from room */
    enum tnd_digest digest;
    uint32_t made; /* when its nonce was; seconds */
    char room[256];
};

/* Credentials of msg for our realm, the first that can be used. The uri parameter need not be the
 * Request-URI, which proxies change: it is part of the digest (RFC 3261 §22.4, item 5). NONE, STALE
 * or CLAIMED. wall: now, in seconds. */
enum tnd_auth_result tnd_auth_read(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                                   enum tnd_auth_role role, int64_t wall,
                                   struct tnd_credentials *ret);

/* GOOD, WRONG or STALE; GOOD uses the counter up. user NULL: there is none; the work and the answer are the
 * same as for a wrong password. A user of another realm than ours is none. */
enum tnd_auth_result tnd_auth_check(const struct tnd_auth_with *with,
                                    const struct tnd_credentials *cred, const struct tnd_user *user,
                                    struct tnd_auth_seen *seen);

/* WWW-Authenticate or Proxy-Authenticate lines, one for each algorithm (RFC 8760 §2.3: the preferred
 * first), each with CRLF, for the request msg. */
void tnd_auth_challenge_write(struct tnd_writer *w, const struct tnd_auth_with *with,
                              const struct tnd_msg *msg, enum tnd_auth_role role, bool stale,
                              int64_t wall);

/* The A1 digests of the user with that address-of-record, "alice@example.com" as tnd_aor_write()
 * has it, for all algorithms that the digester has. ret borrows realm. TND_ESYNTAX: there is no name
 * or no host in aor, or a colon in the name (RFC 7616 §4); TND_ENONE: the digester has no algorithm;
 * TND_ENOMEM: its. */
int tnd_user_make(const struct tnd_digester *digester, struct tnd_slice aor, struct tnd_slice realm,
                  struct tnd_slice password, struct tnd_user *ret);

#endif
