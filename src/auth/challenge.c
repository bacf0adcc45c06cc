/* Challenges, and why one is due. */
#include "auth/nonce.h"
#include "base/assert.h"
#include "tandem/sip/write.h"

static struct tnd_slice algorithm_of(enum tnd_digest digest)
{
    return tnd_slice_str(tnd_digest_name(digest));
}

void tnd_auth_challenge_write(struct tnd_writer *w, const struct tnd_auth_with *with,
                              const struct tnd_msg *msg, enum tnd_auth_role role, bool stale,
                              int64_t wall)
{
    char nonce[TND_NONCE_LEN];

    auth_nonce_make(with, msg, (uint32_t)wall, nonce);
    for (size_t i = 0; i < with->algorithm_count; i++) {
        enum tnd_digest digest = with->algorithms[i];
        struct tnd_auth challenge = {.digest = true,
                                     .realm = with->realm,
                                     .nonce = tnd_slice(nonce, sizeof(nonce)),
                                     .algorithm_name = algorithm_of(digest),
                                     /* RFC 8760 §2.6, item 8: "MUST always send" it */
                                     .qop = TND_STR("auth"),
                                     .stale = stale ? TND_YES : TND_UNSAID};

        /* RFC 7616 §4. Who knows MD5 alone is of a time that had no such word. */
        if (digest != TND_DIGEST_MD5)
            challenge.charset = TND_STR("UTF-8");
        tnd_put_field_name(w, role == TND_AUTH_PROXY ? TND_HEADER_PROXY_AUTHENTICATE
                                                     : TND_HEADER_WWW_AUTHENTICATE);
        tnd_challenge_write(w, &challenge);
        tnd_put_line_end(w);
    }
}

enum tnd_rule tnd_auth_rule(enum tnd_auth_result result)
{
    static const enum tnd_rule rules[] = {
        [TND_AUTH_NONE] = TND_RULE_AUTH_NONE, [TND_AUTH_STALE] = TND_RULE_AUTH_STALE,
        [TND_AUTH_CLAIMED] = TND_RULE_NONE,   [TND_AUTH_WRONG] = TND_RULE_AUTH_WRONG,
        [TND_AUTH_GOOD] = TND_RULE_NONE,
    };

    TND_ASSERT(result < sizeof(rules) / sizeof(*rules));
    return rules[result];
}
