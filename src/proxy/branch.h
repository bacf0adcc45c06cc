/* What branches, loop parts and tokens are made of: keyed digests of 64 bits, as 16 digits in lower
 * case, for a branch compares without case (RFC 3261 §7.3.1) and must come back as it went. */
#ifndef PROXY_BRANCH_H
#define PROXY_BRANCH_H

#include "base/siphash.h"
#include "tandem/proxy/forward.h"

enum { PROXY_DIGITS = 16 };

/* Where the three parts of a branch start. */
enum {
    PROXY_LOOP_AT = 7, /* behind the cookie */
    PROXY_TARGET_AT = PROXY_LOOP_AT + PROXY_DIGITS,
    PROXY_PROOF_AT = PROXY_TARGET_AT + PROXY_DIGITS,
};

void proxy_put_digits(char ret[PROXY_DIGITS], uint64_t digest);

/* Of what a flow token says, for the call of seed. */
uint64_t proxy_flow_proof(const struct tnd_branch_seed *seed, struct tnd_slice octets);

/* false: what stands there is none. */
bool proxy_read_digits(const char *at, uint64_t *ret);

#endif
