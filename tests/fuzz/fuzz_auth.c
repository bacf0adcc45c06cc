/* Credentials: whatever they say, nobody is let in who does not know the password, whoever does is,
 * once, and what is undone of quotes and escapes stays within its bounds.
 *
 * The input is header fields as they would stand in a message, in which "@@" is a good nonce. */
#include "fuzz/fuzz.h"

#include "base/digest.h"
#include "tandem/auth.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 20, TEXT_SIZE = 1 << 18, INPUT_SIZE_MAX = 1 << 14, WALL = 1800000000 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], first_room[ROOM_SIZE];
static char text[TEXT_SIZE];
static const struct tnd_siphash_key key = {1, 2}, digest_key = {3, 4};

/* Not the true digests, but as good to tell one text from another. */
static int take(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret)
{
    unsigned char half[TND_DIGEST_KEYED_SIZE];
    struct tnd_siphash h;

    (void)ctx;
    tnd_siphash_init(&h, &digest_key);
    for (size_t i = 0; i < part_count; i++)
        tnd_siphash_put(&h, parts[i]);
    tnd_siphash_end(&h, half);
    for (size_t i = 0; i < tnd_digest_size(digest); i++)
        ret[i] = half[i % sizeof(half)];
    return 0;
}

static const struct tnd_digester digester = {take, NULL};
static const enum tnd_digest algorithms[] = {TND_DIGEST_SHA_256, TND_DIGEST_MD5};
static const struct tnd_auth_with with = {.realm = TND_STR_INIT("r"),
                                          .algorithms = algorithms,
                                          .algorithm_count = 2,
                                          .digester = &digester,
                                          .key = &key};

/* The request; each "@@" of the lines becomes the nonce. */
static struct tnd_slice write_request(struct tnd_slice lines, struct tnd_slice nonce)
{
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_str(&w, "REGISTER sip:r SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
                    "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nMax-Forwards: 70\r\n"
                    "CSeq: 2 REGISTER\r\n");
    for (size_t i = 0; i < lines.len; i++) {
        if (i + 1 < lines.len && lines.ptr[i] == '@' && lines.ptr[i + 1] == '@') {
            tnd_put(&w, nonce);
            i++;
        } else {
            tnd_put_char(&w, lines.ptr[i]);
        }
    }
    tnd_put_str(&w, "\r\n");
    return tnd_writer_slice(&w);
}

static void parse(struct tnd_msg *msg, struct tnd_arena *a, char *bytes, struct tnd_slice s)
{
    tnd_arena_init(a, bytes, ROOM_SIZE, NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(msg, a, s) == 0);
    FUZZ_CHECK(tnd_msg_check(msg, a) == 0);
}

/* The nonce of a challenge. */
static struct tnd_slice nonce_of_challenge(char ret[TND_NONCE_LEN])
{
    char lines[1024];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));
    struct tnd_auth challenge;
    struct tnd_arena a;
    struct tnd_msg msg;

    parse(&msg, &a, first_room, write_request(TND_STR(""), TND_STR("")));
    tnd_auth_challenge_write(&w, &with, &msg, TND_AUTH_REGISTRAR, false, WALL);
    parse(&msg, &a, first_room, write_request(tnd_writer_slice(&w), TND_STR("")));
    struct tnd_values v = tnd_msg_values(&msg, TND_HEADER_WWW_AUTHENTICATE);
    FUZZ_CHECK(tnd_challenge_next(&v, &challenge));
    FUZZ_CHECK(challenge.nonce.len == TND_NONCE_LEN + 2);
    memcpy(ret, challenge.nonce.ptr + 1, TND_NONCE_LEN);
    return tnd_slice(ret, TND_NONCE_LEN);
}

static void check_credentials(const struct tnd_credentials *c)
{
    FUZZ_CHECK(c->username.ptr && c->username.len <= TND_AOR_LEN_MAX);
    FUZZ_CHECK(c->name.len + (c->domain.ptr ? 1 + c->domain.len : 0) == c->username.len);
    FUZZ_CHECK(!c->domain.len || !memchr(c->domain.ptr, '@', c->domain.len));
    FUZZ_CHECK(tnd_slice_eq(c->auth.realm, with.realm));
    FUZZ_CHECK(c->auth.nonce.len == TND_NONCE_LEN);
    FUZZ_CHECK(c->digest == TND_DIGEST_MD5 || c->digest == TND_DIGEST_SHA_256);
    FUZZ_CHECK(c->auth.qop.ptr ? c->auth.qops == TND_QOP_AUTH : c->digest == TND_DIGEST_MD5);
    FUZZ_CHECK(c->made == WALL);
}

/* The response that the user of these credentials would have made. */
static struct tnd_slice right_response(const struct tnd_credentials *c, const struct tnd_user *user,
                                       char ret[2 * TND_DIGEST_SIZE_MAX])
{
    const struct tnd_slice colon = TND_STR(":"), a2[] = {c->method, colon, c->auth.uri};
    char hex[2][2 * TND_DIGEST_SIZE_MAX];
    struct tnd_writer h1 = tnd_writer(hex[0], sizeof(hex[0]));
    struct tnd_writer h2 = tnd_writer(hex[1], sizeof(hex[1]));
    struct tnd_writer w = tnd_writer(ret, 2 * TND_DIGEST_SIZE_MAX);
    unsigned char bytes[TND_DIGEST_SIZE_MAX];
    size_t size = tnd_digest_size(c->digest);

    tnd_put_hex(&h1, user->a1[c->domain.ptr ? TND_USER_AOR : TND_USER_NAME][c->digest], size);
    take(NULL, c->digest, a2, 3, bytes);
    tnd_put_hex(&h2, bytes, size);
    const struct tnd_slice with_qop[] = {
        tnd_writer_slice(&h1), colon, c->auth.nonce, colon, c->auth.nc,           colon,
        c->auth.cnonce,        colon, c->auth.qop,   colon, tnd_writer_slice(&h2)};
    const struct tnd_slice without[] = {tnd_writer_slice(&h1), colon, c->auth.nonce, colon,
                                        tnd_writer_slice(&h2)};
    take(NULL, c->digest, c->auth.qop.ptr ? with_qop : without, c->auth.qop.ptr ? 11 : 5, bytes);
    tnd_put_hex(&w, bytes, size);
    return tnd_writer_slice(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tnd_auth_seen seen;
    char nonce[TND_NONCE_LEN], response[2 * TND_DIGEST_SIZE_MAX];
    struct tnd_credentials cred;
    struct tnd_user user;
    struct tnd_arena a;
    struct tnd_msg msg;

    if (size > INPUT_SIZE_MAX)
        return 0;
    struct tnd_slice lines = tnd_slice((const char *)data, size);
    parse(&msg, &a, room, write_request(lines, nonce_of_challenge(nonce)));
    enum tnd_auth_result result = tnd_auth_read(&with, &msg, TND_AUTH_REGISTRAR, WALL, &cred);
    FUZZ_CHECK(result == TND_AUTH_NONE || result == TND_AUTH_STALE || result == TND_AUTH_CLAIMED);
    if (result != TND_AUTH_CLAIMED)
        return 0;
    check_credentials(&cred);
    memset(&seen, 0, sizeof(seen));
    FUZZ_CHECK(tnd_user_make(&digester, TND_STR("a@b"), with.realm, TND_STR("pw"), &user) == 0);
    FUZZ_CHECK(tnd_auth_check(&with, &cred, NULL, &seen) == TND_AUTH_WRONG);
    FUZZ_CHECK(tnd_auth_check(&with, &cred, &user, &seen) == TND_AUTH_WRONG);
    cred.auth.response = right_response(&cred, &user, response);
    bool counts = !cred.auth.qop.ptr || cred.auth.nc_count > 0;
    FUZZ_CHECK(tnd_auth_check(&with, &cred, NULL, &seen) == TND_AUTH_WRONG);
    FUZZ_CHECK(tnd_auth_check(&with, &cred, &user, &seen) ==
               (counts ? TND_AUTH_GOOD : TND_AUTH_STALE));
    FUZZ_CHECK(tnd_auth_check(&with, &cred, &user, &seen) == TND_AUTH_STALE);
    return 0;
}
