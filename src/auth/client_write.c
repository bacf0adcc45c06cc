/* Credentials of what challenges have asked for. */
#include "auth/client.h"

enum { NAME_ROOM = 1024 };

/* RFC 7616 §3.4: a cnonce is for the server not to choose what is hashed. It is the same for all uses of a
 * nonce, which session algorithms ask for (RFC 7616 §3.4.2). */
struct tnd_slice client_cnonce(const struct tnd_auth_client *c, const struct tnd_auth_realm *r,
                               char ret[CLIENT_CNONCE_LEN])
{
    struct tnd_siphash_key key = tnd_siphash_key(c->key);
    const struct tnd_slice parts[] = {TND_STR("cnonce"), client_nonce(r), client_realm(r)};
    unsigned char digest[TND_DIGEST_KEYED_SIZE];
    struct tnd_writer w = tnd_writer(ret, CLIENT_CNONCE_LEN);

    tnd_digest_keyed(&key, parts, sizeof(parts) / sizeof(*parts), digest);
    tnd_put_hex(&w, digest, sizeof(digest));
    return tnd_writer_slice(&w);
}

struct tnd_slice client_nc(uint32_t count, char ret[CLIENT_NC_LEN])
{
    struct tnd_writer w = tnd_writer(ret, CLIENT_NC_LEN);
    const unsigned char bytes[] = {(unsigned char)(count >> 24), (unsigned char)(count >> 16),
                                   (unsigned char)(count >> 8), (unsigned char)count};

    tnd_put_hex(&w, bytes, sizeof(bytes));
    return tnd_writer_slice(&w);
}

static bool is_ascii(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || (unsigned char)s.ptr[i] > 0x7e)
            return false;
    return true;
}

/* RFC 5987: attr-char stands as it is, all else is escaped. */
static void put_extended(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put_str(w, "UTF-8''");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char ch = (unsigned char)text.ptr[i];
        bool stands = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
                      (ch >= 'A' && ch <= 'Z') || memchr("!#$&+-.^_`|~", ch, 12) != NULL;

        if (stands) {
            tnd_put_char(w, (char)ch);
        } else {
            tnd_put_char(w, '%');
            tnd_put_char(w, "0123456789ABCDEF"[ch >> 4]);
            tnd_put_char(w, "0123456789ABCDEF"[ch & 15]);
        }
    }
}

struct auth_secret client_secret(const struct tnd_auth_client *c, const struct tnd_auth_realm *r,
                                 struct tnd_slice cnonce)
{
    return (struct auth_secret){.digester = c->digester,
                                .user = c->user,
                                .realm = client_realm(r),
                                .password = c->password,
                                .nonce = client_nonce(r),
                                .cnonce = cnonce,
                                .algorithm = r->algorithm};
}

/* RFC 7616 §3.4.4, §3.4: hashed where the server asks for that, else as it is, or as username*. */
static bool name_user(const struct auth_secret *secret, const struct tnd_auth_realm *r,
                      char room[NAME_ROOM], struct tnd_auth *auth)
{
    struct tnd_writer w = tnd_writer(room, NAME_ROOM);

    if (r->hashes_user) {
        auth->userhash = TND_YES;
        auth->username = auth_hash_user(secret, room);
        return auth->username.ptr != NULL;
    }
    if (is_ascii(secret->user)) {
        auth->username = secret->user;
        return true;
    }
    put_extended(&w, secret->user);
    auth->username_ext = tnd_writer_slice(&w);
    return !tnd_writer_over(&w);
}

/* RFC 7616 §3.4: MD5 need not be named, and is not to those of RFC 2069. */
static struct tnd_slice algorithm_of(const struct tnd_auth_realm *r)
{
    if (r->algorithm == TND_ALGORITHM_MD5 && r->qop == 0)
        return tnd_slice(NULL, 0);
    return tnd_slice_str(tnd_algorithm_name((enum tnd_algorithm)r->algorithm));
}

static int write_line(struct tnd_auth_client *c, struct tnd_auth_realm *r, struct auth_act *act,
                      struct tnd_writer *w)
{
    char cnonce_room[CLIENT_CNONCE_LEN], nc_room[CLIENT_NC_LEN], response_room[AUTH_HEX_SIZE];
    char name_room[NAME_ROOM];
    struct tnd_slice cnonce = client_cnonce(c, r, cnonce_room);
    const struct auth_secret secret = client_secret(c, r, cnonce);
    struct tnd_auth auth = {.digest = true,
                            .realm = secret.realm,
                            .nonce = secret.nonce,
                            .uri = act->uri,
                            .algorithm_name = algorithm_of(r)};

    r->count++; /* RFC 7616 §3.4: "the count of the number of requests (including the current request)" */
    act->qop = r->qop;
    act->nc = client_nc(r->count, nc_room);
    auth.response = auth_respond(&secret, act, response_room);
    if (!auth.response.ptr || !name_user(&secret, r, name_room, &auth))
        return TND_ENOMEM;
    if (r->has_opaque)
        auth.opaque = tnd_slice(r->opaque, r->opaque_len);
    if (r->qop) {
        auth.qop = r->qop == TND_QOP_AUTH ? TND_STR("auth") : TND_STR("auth-int");
        auth.cnonce = cnonce;
        auth.nc_count = r->count;
    }
    tnd_put_field_name(w, client_kind(r->is_proxy));
    tnd_credentials_write(w, &auth);
    tnd_put_line_end(w);
    return 0;
}

int tnd_auth_client_write(struct tnd_auth_client *c, struct tnd_writer *w, struct tnd_slice method,
                          struct tnd_slice uri, struct tnd_slice body)
{
    struct auth_act act = {.method = method, .uri = uri, .body = body};
    struct tnd_slice host = client_host(uri);
    int err = 0;

    if (tnd_slice_eq(method, TND_STR("CANCEL"))) /* RFC 3261 §22.1: it cannot be sent again */
        return 0;
    for (size_t i = 0; i < c->count && !err; i++)
        if (c->realm[i].is_proxy || client_is_at(&c->realm[i], host))
            err = write_line(c, &c->realm[i], &act, w);
    return err;
}

void tnd_auth_client_repeat(struct tnd_writer *w, const struct tnd_msg *request)
{
    for (uint32_t i = 1; i <= request->field_count; i++) {
        const struct tnd_field *f = &request->fields[i];

        if (f->kind == TND_HEADER_AUTHORIZATION || f->kind == TND_HEADER_PROXY_AUTHORIZATION)
            tnd_put(w, tnd_field_lines(request, f));
    }
}
