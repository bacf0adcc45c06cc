#include "unit/auth/auth_test.h"

#include <strings.h>

enum { HEX_SIZE = 2 * TND_DIGEST_SIZE_MAX + 1, TEXT_SIZE = 8192 };

struct auth_test *auth_start(void)
{
    static const enum tnd_digest algorithms[] = {TND_DIGEST_SHA_256, TND_DIGEST_MD5};
    static struct tnd_auth_seen seen;
    static struct auth_test t;

    memset(&seen, 0, sizeof(seen));
    tnd_digest_openssl_fini(&t.openssl);
    t = (struct auth_test){.key = {1, 2}, .seen = &seen, .wall = 1800000000};
    CHECK_EQ(tnd_digest_openssl_init(&t.openssl), 0);
    t.with = (struct tnd_auth_with){.realm = TND_STR("example.com"),
                                    .algorithms = algorithms,
                                    .algorithm_count = 2,
                                    .digester = &t.openssl.digester,
                                    .key = &t.key};
    CHECK_EQ(tnd_user_make(&t.openssl.digester, TND_STR("alice@example.com"), t.with.realm,
                           TND_STR("secret"), &t.user),
             0);
    return &t;
}

static const char *given(const char *said, const char *usual)
{
    return said ? said : usual;
}

/* The request, with lines in front of its empty line. */
static const struct tnd_msg *write_request(const struct auth_said *said, const char *lines)
{
    static char text[TEXT_SIZE];
    const char *method = given(said->method, "REGISTER");
    int len =
        snprintf(text, sizeof(text),
                 "%s sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK%s\r\n"
                 "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:alice@example.com>\r\n"
                 "Call-ID: %s\r\nCSeq: 7 %s\r\n" SIP_HOPS "%s\r\n",
                 method, given(said->branch, "1"), given(said->call_id, "call"), method, lines);

    CHECK(len > 0 && len < TEXT_SIZE);
    return sip_read_str(text);
}

/* One challenge is as it has to be; its nonce to ret. */
static void check_challenge(struct auth_test *t, struct tnd_values *v, size_t i, bool stale,
                            char ret[TND_NONCE_LEN + 1])
{
    const char *name = tnd_digest_name(t->with.algorithms[i]);
    struct tnd_auth auth;

    CHECK(tnd_challenge_next(v, &auth));
    CHECK(auth.digest);
    CHECK(tnd_value_eq(auth.realm, t->with.realm));
    CHECK_STR(auth.algorithm_name, name);
    CHECK_STR(auth.qop, "\"auth\"");
    CHECK_EQ(auth.stale, stale ? TND_YES : TND_UNSAID);
    CHECK(strcmp(name, "MD5") == 0 ? !auth.charset.ptr : auth.charset.ptr != NULL);
    CHECK_EQ(auth.userhash, TND_UNSAID);
    CHECK_EQ(auth.nonce.len, TND_NONCE_LEN + 2);
    CHECK(i == 0 || memcmp(ret, auth.nonce.ptr + 1, TND_NONCE_LEN) == 0);
    memcpy(ret, auth.nonce.ptr + 1, TND_NONCE_LEN);
}

const char *auth_nonce(struct auth_test *t, const struct auth_said *said, bool stale)
{
    static char nonces[8][TND_NONCE_LEN + 1];
    static unsigned next;
    char lines[TEXT_SIZE], *ret = nonces[next++ % 8];
    bool is_proxy = said->role == TND_AUTH_PROXY;
    struct tnd_writer w = tnd_writer(lines, sizeof(lines) - 1);

    tnd_auth_challenge_write(&w, &t->with, write_request(said, ""), said->role, stale, t->wall);
    CHECK(!tnd_writer_over(&w));
    lines[w.len] = '\0';
    const struct tnd_msg *msg = write_request(said, lines);
    struct tnd_values v =
        tnd_msg_values(msg, is_proxy ? TND_HEADER_PROXY_AUTHENTICATE : TND_HEADER_WWW_AUTHENTICATE);
    for (size_t i = 0; i < t->with.algorithm_count; i++)
        check_challenge(t, &v, i, stale, ret);
    struct tnd_auth more;
    CHECK(!tnd_challenge_next(&v, &more));
    CHECK_FLAWS(msg, "");
    ret[TND_NONCE_LEN] = '\0';
    return ret;
}

static void hex(struct auth_test *t, enum tnd_digest digest, const char *text, char *ret)
{
    struct tnd_slice part = tnd_slice_str(text);
    unsigned char bytes[TND_DIGEST_SIZE_MAX];
    struct tnd_writer w = tnd_writer(ret, HEX_SIZE - 1);

    CHECK_EQ(t->openssl.digester.take(t->openssl.digester.ctx, digest, &part, 1, bytes), 0);
    tnd_put_hex(&w, bytes, tnd_digest_size(digest));
    ret[w.len] = '\0';
}

/* As the name has it; a session variant is computed as none, which nobody looks at. */
static enum tnd_digest digest_of(const char *algorithm)
{
    if (strncasecmp(algorithm, "SHA-512-256", 11) == 0)
        return TND_DIGEST_SHA_512_256;
    return strncasecmp(algorithm, "SHA-256", 7) == 0 ? TND_DIGEST_SHA_256 : TND_DIGEST_MD5;
}

static const char *user_of(const struct auth_said *said)
{
    return given(said->username, "alice");
}

/* RFC 7616 §3.4.1, and RFC 2069 without qop. */
static void respond(struct auth_test *t, const struct auth_said *said, const char *nonce, char *ret)
{
    enum tnd_digest digest = digest_of(given(said->algorithm, "SHA-256"));
    const char *qop = given(said->qop, "auth");
    char text[TEXT_SIZE], a1[HEX_SIZE], a2[HEX_SIZE];

    snprintf(text, sizeof(text), "%s:%s:%s", user_of(said), given(said->realm, "example.com"),
             given(said->password, "secret"));
    hex(t, digest, text, a1);
    snprintf(text, sizeof(text), "%s:%s", given(said->method, "REGISTER"),
             given(said->uri, "sip:example.com"));
    hex(t, digest, text, a2);
    if (*qop)
        snprintf(text, sizeof(text), "%s:%s:%s:cn:%s:%s", a1, nonce, given(said->nc, "00000001"),
                 qop, a2);
    else
        snprintf(text, sizeof(text), "%s:%s:%s", a1, nonce, a2);
    hex(t, digest, text, ret);
}

/* In quotes, with backslashes where they are needed. */
static const char *quoted(const char *text, char room[512])
{
    struct tnd_writer w = tnd_writer(room, 511);

    tnd_put_quoted(&w, tnd_slice_str(text));
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    return room;
}

const struct tnd_msg *auth_say(struct auth_test *t, const struct auth_said *said)
{
    const char *nonce = said->nonce ? said->nonce : auth_nonce(t, said, false);
    const char *qop = given(said->qop, "auth"), *algorithm = given(said->algorithm, "SHA-256");
    char user_room[512], realm_room[512];
    char line[TEXT_SIZE], named[64] = "", counted[128] = "", response[HEX_SIZE];

    respond(t, said, nonce, response);
    if (*algorithm)
        snprintf(named, sizeof(named), ", algorithm=%s", algorithm);
    if (*qop)
        snprintf(counted, sizeof(counted), ", qop=%s, nc=%s, cnonce=\"cn\"", qop,
                 given(said->nc, "00000001"));
    snprintf(line, sizeof(line),
             "%s%s: Digest username=%s, realm=%s, nonce=\"%s\", uri=\"%s\", "
             "response=\"%s\"%s%s%s\r\n",
             given(said->before, ""),
             said->role == TND_AUTH_PROXY ? "Proxy-Authorization" : "Authorization",
             quoted(user_of(said), user_room),
             quoted(given(said->realm, "example.com"), realm_room), nonce,
             given(said->uri, "sip:example.com"), response, named, counted, given(said->more, ""));
    return write_request(said, line);
}

enum tnd_auth_result auth_read(struct auth_test *t, const struct auth_said *said)
{
    return tnd_auth_read(&t->with, auth_say(t, said), said->role, t->wall, &t->cred);
}

enum tnd_auth_result auth_try_as(struct auth_test *t, const struct auth_said *said,
                                 const struct tnd_user *user)
{
    enum tnd_auth_result result = auth_read(t, said);

    return result == TND_AUTH_CLAIMED ? tnd_auth_check(&t->with, &t->cred, user, t->seen) : result;
}

enum tnd_auth_result auth_try(struct auth_test *t, const struct auth_said *said)
{
    return auth_try_as(t, said, &t->user);
}
