/* tandem/auth.h: digest authentication, the server's side (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 *     tnd_auth_read(&with, msg, TND_AUTH_REGISTRAR, wall, &cred)
 *       TND_AUTH_NONE, STALE    challenge: tnd_auth_challenge_write()
 *       TND_AUTH_CLAIMED        look the user cred.name up, then
 *     tnd_auth_check(&with, &cred, user or NULL, &seen)
 *       TND_AUTH_GOOD           it is he
 *       else                    challenge
 *
 * A challenge is stale where the result is. A nonce is a keyed digest: nothing is kept of it, every
 * node that holds the key knows it, and it is good for one Call-ID only, so that its counter has
 * one node to watch it. It says when it was made. Whoever repeats a counter is told stale=true and
 * a fresh nonce; so is whoever comes late.
 *
 * What is taken: credentials of Digest, by one of the algorithms, with qop=auth; by MD5 also
 * without qop, as RFC 2069 had it (RFC 3261 §22.4, item 8). Those have no counter, so their nonce
 * is good once (RFC 7616 §5.5). Ignored, as though they were not there: other schemes, other
 * realms, the -sess algorithms, auth-int and hashed user names, none of which is offered.
 *
 * ACK and CANCEL are never challenged (RFC 3261 §22.1): that is the owner's to know.
 */
#ifndef TANDEM_AUTH_H
#define TANDEM_AUTH_H

#include "tandem/sip/auth.h"
#include "tandem/store.h"

struct tnd_siphash_key;

/* Who asks: the 401 and Authorization of a registrar or user agent, the 407 and Proxy-Authorization
 * of a proxy (RFC 3261 §22.2, §22.3). */
enum tnd_auth_role { TND_AUTH_REGISTRAR, TND_AUTH_PROXY };

/* Borrowed for each call. */
struct tnd_auth_with {
    struct tnd_slice realm;            /* as it is meant, without quotes */
    const enum tnd_digest *algorithms; /* the preferred first; those that the digester has */
    size_t algorithm_count;
    const struct tnd_digester *digester;
    const struct tnd_siphash_key *key;
    uint32_t nonce_seconds; /* how long a nonce is good; 0: TND_NONCE_SECONDS */
};

enum {
    TND_NONCE_SECONDS = 300,
    TND_NONCE_EARLY_SECONDS = 60, /* the clock of its maker may be ahead of ours by so much */
    TND_NONCE_LEN = 48,
};

/* Counters that have been used, of the nonces of one node. Bounded; when two nonces meet in one
 * place the newer one stays, and those of that place that are not newer are stale from then on. */
enum { TND_AUTH_SEEN_COUNT = 16384 };
struct tnd_auth_seen {
    uint32_t since; /* in seconds as wall: what was used before is not known, so nonces that are
                     * older are stale. 0: there is no before */
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

/* Why a challenge is due: AUTH_NONE, AUTH_STALE, AUTH_WRONG; of other results TND_RULE_NONE. */
enum tnd_rule tnd_auth_rule(enum tnd_auth_result result);

/* What is said, quotes and backslashes undone, borrowed from the message or from room: so it must
 * not move. */
enum { TND_CREDENTIALS_ROOM = 1024 };
struct tnd_credentials {
    struct tnd_auth auth;
    struct tnd_slice method;   /* of the request */
    struct tnd_slice username; /* as it was sent, by username or username*: at most TND_AOR_LEN_MAX,
                                * any octets */
    struct tnd_slice name;     /* of it, what is in front of the last '@': "alice" */
    struct tnd_slice domain;   /* and what is behind it: "example.com"; absent: there is no '@' */
    enum tnd_digest digest;
    uint32_t made; /* when its nonce was; seconds */
    uint32_t now;
    char room[TND_CREDENTIALS_ROOM];
};

/* Credentials of msg for our realm, the first that can be used and whose nonce is good. NONE, STALE
 * or CLAIMED; only then ret holds anything of use. wall: now, in seconds.
 *
 * ret->auth.uri need not be the Request-URI, which proxies change: it is part of the digest (RFC
 * 3261 §22.4, item 6). Whether it is one for whom requests are accepted at all is the owner's to
 * ask (RFC 8760 §2.6, item 6). */
enum tnd_auth_result tnd_auth_read(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                                   enum tnd_auth_role role, int64_t wall,
                                   struct tnd_credentials *ret);

/* GOOD, WRONG or STALE; GOOD uses the counter up. user NULL: there is none; the work and the answer
 * are the same as for a wrong password. A user of another realm than ours is none. STALE also if
 * the digester failed. */
enum tnd_auth_result tnd_auth_check(const struct tnd_auth_with *with,
                                    const struct tnd_credentials *cred, const struct tnd_user *user,
                                    struct tnd_auth_seen *seen);

/* WWW-Authenticate or Proxy-Authenticate lines, one for each algorithm (RFC 8760 §2.3: the
 * preferred first), each with CRLF, for the request msg. A request that comes again in the same
 * second is given the same nonce (RFC 3261 §8.2.7), another one another. */
void tnd_auth_challenge_write(struct tnd_writer *w, const struct tnd_auth_with *with,
                              const struct tnd_msg *msg, enum tnd_auth_role role, bool stale,
                              int64_t wall);

/* The A1 digests of the user with that address-of-record, "alice@example.com" as tnd_aor_write()
 * has it, for all algorithms that the digester has. ret borrows realm. TND_ESYNTAX: there is no
 * name or no host in aor, or a colon in the name (RFC 7616 §4); TND_ENONE: the digester has no
 * algorithm; TND_ENOMEM: its. */
int tnd_user_make(const struct tnd_digester *digester, struct tnd_slice aor, struct tnd_slice realm,
                  struct tnd_slice password, struct tnd_user *ret);

#endif
