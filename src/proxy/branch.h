/* What branches, loop parts and tokens are made of: keyed digests of 64 bits, as 16 digits in lower
 * case, for a branch compares without case (RFC 3261 §7.3.1) and must come back as it went. */
#ifndef PROXY_BRANCH_H
#define PROXY_BRANCH_H

#include "base/siphash_words.h"
#include "tandem/proxy/forward.h"

enum { PROXY_DIGITS = 16 };

/* Where the three parts of a branch start. */
enum {
    PROXY_LOOP_AT = 7, /* behind the cookie */
    PROXY_TARGET_AT = PROXY_LOOP_AT + PROXY_DIGITS,
    PROXY_PROOF_AT = PROXY_TARGET_AT + PROXY_DIGITS,
};

/* What a digest is of, in the top byte of its first number, so that none is another's. A proof
 * needs none: it starts with a base, which nobody can choose. */
enum proxy_digest {
    PROXY_OF_CALL = 1,
    PROXY_OF_BASE,
    PROXY_OF_LOOP,
    PROXY_OF_TARGET,
    PROXY_OF_FLOW,
    PROXY_OF_PLACE,
    PROXY_OF_SIDE,
    PROXY_OF_WAY,
    PROXY_OF_CONTACT,
    PROXY_OF_NO_CONTACT,
    PROXY_OF_MADDR,
};

static inline void proxy_begin(struct tnd_siphash_words *h, const struct tnd_siphash_key *key,
                               enum proxy_digest digest, uint64_t lengths)
{
    tnd_siphash_begin(h, key);
    tnd_siphash_put_number(h, (uint64_t)digest << 56 | lengths);
}

static inline uint16_t proxy_len(struct tnd_slice part)
{
    return (uint16_t)part.len; /* parts of a message are no longer: TND_LINE_LEN_MAX */
}

void proxy_put_digits(char ret[PROXY_DIGITS], uint64_t digest);

/* Of what a flow token says, for the call of seed. */
uint64_t proxy_flow_proof(const struct tnd_branch_seed *seed, struct tnd_slice octets);

/* false: what stands there is none. */
bool proxy_read_digits(const char *at, uint64_t *ret);

#endif
