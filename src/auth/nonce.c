/* Making nonces, and knowing them again. */
#include "auth/nonce.h"

#include "base/ascii.h"
#include "base/digest.h"

enum { STAMP_SIZE = 8 }; /* octets: when, and what makes it differ */

static void put_number(unsigned char ret[4], uint32_t n)
{
    for (int i = 0; i < 4; i++)
        ret[i] = (unsigned char)(n >> (24 - 8 * i));
}

/* What makes it one of ours is that nobody else knows the key. */
static void write_nonce(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                        const unsigned char stamp[STAMP_SIZE], char ret[TND_NONCE_LEN])
{
    const struct tnd_slice parts[] = {TND_STR("nonce"), tnd_slice((const char *)stamp, STAMP_SIZE),
                                      with->realm, tnd_msg_value(msg, TND_HEADER_CALL_ID)};
    unsigned char digest[TND_DIGEST_KEYED_SIZE];
    struct tnd_writer w = tnd_writer(ret, TND_NONCE_LEN);

    _Static_assert(2 * (STAMP_SIZE + TND_DIGEST_KEYED_SIZE) == TND_NONCE_LEN, "two digits each");
    tnd_digest_keyed(with->key, parts, sizeof(parts) / sizeof(*parts), digest);
    tnd_put_hex(&w, stamp, STAMP_SIZE);
    tnd_put_hex(&w, digest, sizeof(digest));
}

/* RFC 7616 §3.3: "uniquely generated each time a 401 response is made". Not so for a request that
 * comes again, whose answer should be the same: CSeq and Via tell them apart. */
void auth_nonce_make(const struct tnd_auth_with *with, const struct tnd_msg *msg, uint32_t now,
                     char ret[TND_NONCE_LEN])
{
    const struct tnd_slice parts[] = {TND_STR("challenge"), tnd_msg_value(msg, TND_HEADER_CSEQ),
                                      tnd_msg_value(msg, TND_HEADER_VIA)};
    unsigned char digest[TND_DIGEST_KEYED_SIZE], stamp[STAMP_SIZE];

    tnd_digest_keyed(with->key, parts, sizeof(parts) / sizeof(*parts), digest);
    put_number(stamp, now);
    memcpy(stamp + 4, digest, 4);
    write_nonce(with, msg, stamp, ret);
}

static bool read_stamp(struct tnd_slice nonce, unsigned char ret[STAMP_SIZE])
{
    if (nonce.len != TND_NONCE_LEN)
        return false;
    for (int i = 0; i < STAMP_SIZE; i++) {
        int high = tnd_hex_value(nonce.ptr[2 * i]), low = tnd_hex_value(nonce.ptr[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        ret[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

bool auth_nonce_is_ours(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                        struct tnd_slice nonce, uint32_t *ret_made)
{
    unsigned char stamp[STAMP_SIZE];
    char ours[TND_NONCE_LEN];

    if (!read_stamp(nonce, stamp))
        return false;
    write_nonce(with, msg, stamp, ours);
    if (!tnd_digest_eq(nonce, tnd_slice(ours, sizeof(ours))))
        return false;
    *ret_made = (uint32_t)stamp[0] << 24 | (uint32_t)stamp[1] << 16 | (uint32_t)stamp[2] << 8 |
                (uint32_t)stamp[3];
    return true;
}

bool auth_nonce_is_fresh(const struct tnd_auth_with *with, uint32_t made, uint32_t now)
{
    int64_t age = (int64_t)now - made;

    return age >= -TND_NONCE_EARLY_SECONDS &&
           age <= (with->nonce_seconds ? with->nonce_seconds : TND_NONCE_SECONDS);
}
