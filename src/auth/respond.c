/* A1, A2 and what is made of them. */
#include "auth/respond.h"

#include "base/assert.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

bool auth_digest_of(uint8_t algorithm, enum tnd_digest *ret, bool *ret_sess)
{
    static const struct {
        uint8_t algorithm, digest;
        bool sess;
    } rows[] = {
        {TND_ALGORITHM_MD5, TND_DIGEST_MD5, false},
        {TND_ALGORITHM_MD5_SESS, TND_DIGEST_MD5, true},
        {TND_ALGORITHM_SHA_256, TND_DIGEST_SHA_256, false},
        {TND_ALGORITHM_SHA_256_SESS, TND_DIGEST_SHA_256, true},
        {TND_ALGORITHM_SHA_512_256, TND_DIGEST_SHA_512_256, false},
        {TND_ALGORITHM_SHA_512_256_SESS, TND_DIGEST_SHA_512_256, true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].algorithm == algorithm) {
            *ret = (enum tnd_digest)rows[i].digest;
            *ret_sess = rows[i].sess;
            return true;
        }
    }
    return false;
}

/* H(parts) as text (RFC 7616 §3.2). */
static struct tnd_slice hash(const struct auth_secret *s, enum tnd_digest digest,
                             const struct tnd_slice *parts, size_t count, char ret[AUTH_HEX_SIZE])
{
    unsigned char bytes[TND_DIGEST_SIZE_MAX];
    struct tnd_writer w = tnd_writer(ret, AUTH_HEX_SIZE);

    if (s->digester->take(s->digester->ctx, digest, parts, count, bytes))
        return tnd_slice(NULL, 0);
    tnd_put_hex(&w, bytes, tnd_digest_size(digest));
    return tnd_writer_slice(&w);
}

/* RFC 7616 §3.4.2: of a session H(A1) is hashed once more with nonce and cnonce. */
static struct tnd_slice hash_a1(const struct auth_secret *s, enum tnd_digest digest, bool sess,
                                char ret[AUTH_HEX_SIZE])
{
    const struct tnd_slice colon = TND_STR(":");
    const struct tnd_slice parts[] = {s->user, colon, s->realm, colon, s->password};
    char room[AUTH_HEX_SIZE];
    struct tnd_slice h = hash(s, digest, parts, COUNT(parts), sess ? room : ret);
    const struct tnd_slice of_session[] = {h, colon, s->nonce, colon, s->cnonce};

    return h.ptr && sess ? hash(s, digest, of_session, COUNT(of_session), ret) : h;
}

/* RFC 7616 §3.4.3: with auth-int the body is a part of it. */
static struct tnd_slice hash_a2(const struct auth_secret *s, enum tnd_digest digest,
                                const struct auth_act *act, char ret[AUTH_HEX_SIZE])
{
    const struct tnd_slice colon = TND_STR(":"), plain[] = {act->method, colon, act->uri};
    char room[AUTH_HEX_SIZE];

    if (act->qop != TND_QOP_AUTH_INT)
        return hash(s, digest, plain, COUNT(plain), ret);
    struct tnd_slice body = hash(s, digest, &act->body, 1, room);
    const struct tnd_slice with_body[] = {act->method, colon, act->uri, colon, body};
    return body.ptr ? hash(s, digest, with_body, COUNT(with_body), ret) : body;
}

struct tnd_slice auth_respond(const struct auth_secret *s, const struct auth_act *act,
                              char ret[AUTH_HEX_SIZE])
{
    const struct tnd_slice colon = TND_STR(":");
    const struct tnd_slice qop = act->qop == TND_QOP_AUTH ? TND_STR("auth") : TND_STR("auth-int");
    char a1_room[AUTH_HEX_SIZE], a2_room[AUTH_HEX_SIZE];
    enum tnd_digest digest;
    bool sess, is_known = auth_digest_of(s->algorithm, &digest, &sess);

    TND_ASSERT(is_known);
    struct tnd_slice h1 = hash_a1(s, digest, sess, a1_room);
    struct tnd_slice h2 = hash_a2(s, digest, act, a2_room);
    const struct tnd_slice with_qop[] = {h1,        colon, s->nonce, colon, act->nc, colon,
                                         s->cnonce, colon, qop,      colon, h2};
    const struct tnd_slice without[] = {h1, colon, s->nonce, colon, h2};
    if (!h1.ptr || !h2.ptr)
        return tnd_slice(NULL, 0);
    return act->qop ? hash(s, digest, with_qop, COUNT(with_qop), ret)
                    : hash(s, digest, without, COUNT(without), ret);
}

struct tnd_slice auth_hash_user(const struct auth_secret *s, char ret[AUTH_HEX_SIZE])
{
    const struct tnd_slice parts[] = {s->user, TND_STR(":"), s->realm};
    enum tnd_digest digest;
    bool sess, is_known = auth_digest_of(s->algorithm, &digest, &sess);

    TND_ASSERT(is_known);
    return hash(s, digest, parts, COUNT(parts), ret);
}
