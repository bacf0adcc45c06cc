/* Credentials of a request: those that can be used, as they are meant. */
#include "auth/nonce.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* RFC 7616 §3.3, §3.4: quoted strings are what they mean. Few hold a backslash; those are written
 * to the room. What does not fit leaves the writer over. */
static struct tnd_slice plain(struct tnd_writer *room, struct tnd_slice value)
{
    size_t start = room->len;

    if (value.len < 2 || value.ptr[0] != '"')
        return value;
    if (!memchr(value.ptr, '\\', value.len))
        return tnd_slice(value.ptr + 1, value.len - 2);
    tnd_unquote(room, value);
    return tnd_writer_over(room) ? value : tnd_slice(room->ptr + start, room->len - start);
}

static bool is_utf8(struct tnd_slice s)
{
    while (s.len > 0) {
        size_t len = tnd_utf8_len(s);

        if (len == 0)
            return false;
        s = tnd_slice(s.ptr + len, s.len - len);
    }
    return true;
}

/* RFC 7616 §3.4: username* is UTF-8'language'text, the text escaped as in a URI. */
static bool read_extended(struct tnd_writer *room, struct tnd_slice value, struct tnd_slice *ret)
{
    const char *end = tnd_slice_end(value);
    const char *charset_end = memchr(value.ptr, '\'', value.len);
    size_t start = room->len;

    if (!charset_end ||
        !tnd_slice_eq_fold(tnd_slice_between(value.ptr, charset_end), TND_STR("UTF-8")))
        return false;
    const char *language = charset_end + 1;
    const char *language_end = memchr(language, '\'', (size_t)(end - language));
    if (!language_end)
        return false;
    tnd_put_unescaped(room, tnd_slice_between(language_end + 1, end));
    if (tnd_writer_over(room))
        return false;
    *ret = tnd_slice(room->ptr + start, room->len - start);
    return is_utf8(*ret);
}

/* "alice@example.com" is alice at example.com: a host has no '@'. */
static void part_username(struct tnd_credentials *cred)
{
    const char *at = cred->username.ptr, *end = tnd_slice_end(cred->username);

    for (const char *c = end; c > at; c--) {
        if (c[-1] == '@') {
            cred->name = tnd_slice_between(at, c - 1);
            cred->domain = tnd_slice_between(c, end);
            return;
        }
    }
    cred->name = cred->username;
    cred->domain = tnd_slice(NULL, 0);
}

/* Credentials with everything undone. false: it cannot be, or there is no such user. */
static bool undo(struct tnd_credentials *cred)
{
    struct tnd_writer room = tnd_writer(cred->room, sizeof(cred->room));
    struct tnd_auth *auth = &cred->auth;

    auth->realm = plain(&room, auth->realm);
    auth->nonce = plain(&room, auth->nonce);
    auth->uri = plain(&room, auth->uri);
    auth->response = plain(&room, auth->response);
    auth->cnonce = plain(&room, auth->cnonce);
    auth->qop = plain(&room, auth->qop);
    cred->username = plain(&room, auth->username);
    if (!auth->username.ptr && !read_extended(&room, auth->username_ext, &cred->username))
        return false;
    part_username(cred);
    return !tnd_writer_over(&room) && cred->username.len <= TND_AOR_LEN_MAX;
}

/* The variants of an algorithm that are no session ones (RFC 7616 §3.3), by what it is. */
static bool find_digest(const struct tnd_auth_with *with, uint8_t algorithm, enum tnd_digest *ret)
{
    static const enum tnd_algorithm algorithms[TND_DIGEST_COUNT] = {
        [TND_DIGEST_MD5] = TND_ALGORITHM_MD5,
        [TND_DIGEST_SHA_256] = TND_ALGORITHM_SHA_256,
        [TND_DIGEST_SHA_512_256] = TND_ALGORITHM_SHA_512_256,
    };

    for (size_t i = 0; i < with->algorithm_count; i++) {
        if (algorithms[with->algorithms[i]] == algorithm) {
            *ret = with->algorithms[i];
            return true;
        }
    }
    return false;
}

/* Whether cred->auth, as it stands, is for us and made of what was offered. */
static bool can_be_used(const struct tnd_auth_with *with, struct tnd_credentials *cred)
{
    const struct tnd_auth *auth = &cred->auth;

    /* RFC 3261 §22: "MUST NOT accept credentials using the "Basic" authorization scheme" */
    if (!auth->digest || auth->userhash == TND_YES ||
        !find_digest(with, auth->algorithm, &cred->digest))
        return false;
    /* RFC 3261 §22.4, item 8: "must unfortunately remain optional". Who is as old as that knows
     * MD5 alone; RFC 7616 §3.3, of the others, has qop "MUST be used by all implementations". */
    if (auth->qop.ptr ? auth->qops != TND_QOP_AUTH : cred->digest != TND_DIGEST_MD5)
        return false;
    /* RFC 3261 §22.3: those of another realm are another's */
    return undo(cred) && tnd_slice_eq(auth->realm, with->realm);
}

static enum tnd_auth_result judge(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                                  struct tnd_credentials *cred)
{
    if (!can_be_used(with, cred))
        return TND_AUTH_NONE;
    if (!auth_nonce_is_ours(with, msg, cred->auth.nonce, &cred->made) ||
        !auth_nonce_is_fresh(with, cred->made, cred->now))
        return TND_AUTH_STALE;
    return TND_AUTH_CLAIMED;
}

enum tnd_auth_result tnd_auth_read(const struct tnd_auth_with *with, const struct tnd_msg *msg,
                                   enum tnd_auth_role role, int64_t wall,
                                   struct tnd_credentials *ret)
{
    struct tnd_values v = tnd_msg_values(
        msg, role == TND_AUTH_PROXY ? TND_HEADER_PROXY_AUTHORIZATION : TND_HEADER_AUTHORIZATION);
    enum tnd_auth_result best = TND_AUTH_NONE;

    ret->method = msg->method_name;
    ret->now = (uint32_t)wall;
    while (best != TND_AUTH_CLAIMED && tnd_credentials_next(&v, &ret->auth)) {
        enum tnd_auth_result result = judge(with, msg, ret);

        best = result != TND_AUTH_NONE ? result : best;
    }
    return best;
}
