/* Whether credentials are right, and have not been used before. */
#include "auth/nonce.h"

#include "base/digest.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { HEX_SIZE = 2 * TND_DIGEST_SIZE_MAX };

/* A digest as text (RFC 7616 §3.2). */
static struct tnd_slice hex_of(const unsigned char *bytes, enum tnd_digest digest,
                               char ret[HEX_SIZE])
{
    struct tnd_writer w = tnd_writer(ret, HEX_SIZE);

    tnd_put_hex(&w, bytes, tnd_digest_size(digest));
    return tnd_writer_slice(&w);
}

/* The digest of parts as text; absent: the digester failed. */
static struct tnd_slice digest_of(const struct tnd_auth_with *with, enum tnd_digest digest,
                                  const struct tnd_slice *parts, size_t part_count,
                                  char ret[HEX_SIZE])
{
    unsigned char bytes[TND_DIGEST_SIZE_MAX];

    if (with->digester->take(with->digester->ctx, digest, parts, part_count, bytes))
        return tnd_slice(NULL, 0);
    return hex_of(bytes, digest, ret);
}

/* A1 that nobody can know, for who does not exist: the work is the same with him. */
static void put_nobody(const struct tnd_auth_with *with, const struct tnd_credentials *cred,
                       unsigned char ret[TND_DIGEST_SIZE_MAX])
{
    const struct tnd_slice parts[] = {TND_STR("nobody"), cred->username};

    _Static_assert(TND_DIGEST_SIZE_MAX == 2 * TND_DIGEST_KEYED_SIZE, "twice the same");
    tnd_digest_keyed(with->key, parts, COUNT(parts), ret);
    memcpy(ret + TND_DIGEST_KEYED_SIZE, ret, TND_DIGEST_KEYED_SIZE);
}

/* RFC 7616 §3.4.1, §3.4.3; without qop as RFC 2069 had it: H(A1):nonce:H(A2). */
static struct tnd_slice response_of(const struct tnd_auth_with *with,
                                    const struct tnd_credentials *cred, const unsigned char *a1,
                                    char ret[HEX_SIZE])
{
    const struct tnd_auth *auth = &cred->auth;
    const struct tnd_slice colon = TND_STR(":");
    const struct tnd_slice a2[] = {cred->method, colon, auth->uri};
    char a1_room[HEX_SIZE], a2_room[HEX_SIZE];
    struct tnd_slice h1 = hex_of(a1, cred->digest, a1_room);
    struct tnd_slice h2 = digest_of(with, cred->digest, a2, COUNT(a2), a2_room);
    const struct tnd_slice with_qop[] = {h1,           colon, auth->nonce, colon, auth->nc, colon,
                                         auth->cnonce, colon, auth->qop,   colon, h2};
    const struct tnd_slice without[] = {h1, colon, auth->nonce, colon, h2};

    if (!h2.ptr)
        return h2;
    return auth->qop.ptr ? digest_of(with, cred->digest, with_qop, COUNT(with_qop), ret)
                         : digest_of(with, cred->digest, without, COUNT(without), ret);
}

/* Where the counter of a nonce stands, and what it is known by there. */
static struct tnd_auth_seen_row *row_of(const struct tnd_auth_with *with,
                                        const struct tnd_credentials *cred,
                                        struct tnd_auth_seen *seen, uint64_t *ret_id)
{
    const struct tnd_slice parts[] = {TND_STR("seen"), cred->auth.nonce};
    unsigned char digest[TND_DIGEST_KEYED_SIZE];
    uint64_t id;

    tnd_digest_keyed(with->key, parts, COUNT(parts), digest);
    memcpy(&id, digest, sizeof(id));
    *ret_id = id ? id : 1;
    return &seen->row[id % TND_AUTH_SEEN_COUNT];
}

/* RFC 7616 §3.4: "if the same nc value is seen twice, then the request is a replay". A lower one
 * that was not seen is taken for one, too. What has no counter has the last one: it is good once.
 * */
static bool use_up(const struct tnd_auth_with *with, const struct tnd_credentials *cred,
                   struct tnd_auth_seen *seen)
{
    uint32_t count = cred->auth.qop.ptr ? cred->auth.nc_count : UINT32_MAX;
    uint64_t id;
    struct tnd_auth_seen_row *row = row_of(with, cred, seen, &id);
    bool is_same = row->nonce == id;
    bool is_free = row->nonce == 0 || !auth_nonce_is_fresh(with, row->made, cred->now);

    if (cred->made < seen->since || count <= (is_same ? row->count : 0))
        return false;
    /* What the row forgot when this one came in may have been ours. */
    if (!is_same && !is_free && row->made >= cred->made)
        return false;
    *row = (struct tnd_auth_seen_row){id, cred->made, count};
    return true;
}

enum tnd_auth_result tnd_auth_check(const struct tnd_auth_with *with,
                                    const struct tnd_credentials *cred, const struct tnd_user *user,
                                    struct tnd_auth_seen *seen)
{
    enum tnd_user_form form = cred->domain.ptr ? TND_USER_AOR : TND_USER_NAME;
    unsigned char a1[TND_DIGEST_SIZE_MAX];
    char room[HEX_SIZE];
    bool exists = user && user->has[cred->digest] && tnd_slice_eq(user->realm, with->realm);

    put_nobody(with, cred, a1);
    if (exists)
        memcpy(a1, user->a1[form][cred->digest], sizeof(a1));
    struct tnd_slice response = response_of(with, cred, a1, room);
    if (!response.ptr)
        return TND_AUTH_STALE;
    if (!tnd_digest_eq(response, cred->auth.response) || !exists)
        return TND_AUTH_WRONG;
    return use_up(with, cred, seen) ? TND_AUTH_GOOD : TND_AUTH_STALE;
}
