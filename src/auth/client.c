/* The client's side: challenges are kept, each realm in a place of its own. */
#include "auth/client.h"

#include "base/utf8.h"

void tnd_auth_client_init(struct tnd_auth_client *c, const struct tnd_digester *digester,
                          const unsigned char key[16], struct tnd_slice user,
                          struct tnd_slice password)
{
    memset(c, 0, sizeof(*c));
    c->digester = digester;
    c->user = user;
    c->password = password;
    memcpy(c->key, key, sizeof(c->key));
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

/* RFC 3261 §7.3.1: a fold, with the white space around it, is one SP; in place. */
static size_t unfold(char *text, size_t len)
{
    size_t to = 0;

    for (size_t from = 0; from < len; from++) {
        if (text[from] != '\r' && text[from] != '\n') {
            text[to++] = text[from];
            continue;
        }
        while (to > 0 && is_space(text[to - 1]))
            to--;
        while (from + 1 < len && is_space(text[from + 1]))
            from++;
        text[to++] = ' ';
    }
    return to;
}

/* RFC 3261 §25.1: a quoted string is UTF-8 without control characters; what else a peer has sent is not
 * sent back. */
static bool can_be_said(struct tnd_slice s)
{
    while (s.len > 0) {
        size_t len = tnd_utf8_len(s);

        if (len == 0 || ((unsigned char)*s.ptr < 0x20 && *s.ptr != '\t') || *s.ptr == 0x7f)
            return false;
        s = tnd_slice(s.ptr + len, s.len - len);
    }
    return true;
}

bool client_take_text(struct tnd_slice text, char *room, size_t size, uint16_t *ret_len)
{
    struct tnd_writer w = tnd_writer(room, size);

    tnd_unquote(&w, text);
    if (tnd_writer_over(&w))
        return false;
    *ret_len = (uint16_t)unfold(room, w.len);
    return can_be_said(tnd_slice(room, *ret_len));
}

/* The digester does this one. */
static bool can_digest(const struct tnd_auth_client *c, uint8_t algorithm)
{
    const struct tnd_slice nothing = TND_STR("");
    unsigned char bytes[TND_DIGEST_SIZE_MAX];
    enum tnd_digest digest;
    bool sess;

    return c->digester && auth_digest_of(algorithm, &digest, &sess) &&
           c->digester->take(c->digester->ctx, digest, &nothing, 1, bytes) == 0;
}

/* RFC 7616 §3.3: of several qop one that we know; without any it is as RFC 2069 had it, by MD5 alone. */
static bool choose_qop(const struct tnd_auth *auth, uint8_t *ret)
{
    if (!auth->qop.ptr) {
        *ret = 0;
        return auth->algorithm == TND_ALGORITHM_MD5;
    }
    *ret = auth->qops & TND_QOP_AUTH ? TND_QOP_AUTH : auth->qops & TND_QOP_AUTH_INT;
    return *ret != 0;
}

/* A challenge as a realm; false: it cannot be answered. */
static bool read_realm(const struct tnd_auth_client *c, const struct tnd_auth *auth,
                       struct tnd_auth_realm *ret)
{
    *ret = (struct tnd_auth_realm){.algorithm = auth->algorithm,
                                   .has_opaque = auth->opaque.ptr != NULL,
                                   .hashes_user = auth->userhash == TND_YES};
    return auth->digest && c->password.ptr && can_digest(c, auth->algorithm) &&
           choose_qop(auth, &ret->qop) &&
           client_take_text(auth->realm, ret->realm, sizeof(ret->realm), &ret->realm_len) &&
           client_take_text(auth->nonce, ret->nonce, sizeof(ret->nonce), &ret->nonce_len) &&
           client_take_text(auth->opaque, ret->opaque, sizeof(ret->opaque), &ret->opaque_len);
}

static struct tnd_slice host_of(const struct tnd_auth_realm *r)
{
    return tnd_slice(r->host, r->host_len);
}

struct tnd_slice client_host(struct tnd_slice text)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    return tnd_uri_parse(text, &uri, &flaw) == 0 && uri.host.ptr ? uri.host : TND_STR("");
}

bool client_is_at(const struct tnd_auth_realm *r, struct tnd_slice host)
{
    return r->host_len == 0 || host.len == 0 ? r->host_len == host.len
                                             : tnd_host_eq(host_of(r), host);
}

/* The same realm of the same kind of server. */
static bool is_same(const struct tnd_auth_realm *a, const struct tnd_auth_realm *b)
{
    return a->is_proxy == b->is_proxy && tnd_slice_eq(client_realm(a), client_realm(b)) &&
           (a->is_proxy || client_is_at(a, host_of(b)));
}

/* The place for that realm: where it is, a new one, or that of the one which asked first. */
static struct tnd_auth_realm *place_of(struct tnd_auth_client *c,
                                       const struct tnd_auth_realm *realm)
{
    for (size_t i = 0; i < c->count; i++)
        if (is_same(&c->realm[i], realm))
            return &c->realm[i];
    if (c->count == TND_AUTH_REALM_COUNT_MAX) {
        memmove(&c->realm[0], &c->realm[1], sizeof(c->realm) - sizeof(c->realm[0]));
        c->count--;
    }
    return &c->realm[c->count++];
}

bool client_find_sent(const struct tnd_msg *request, const struct tnd_auth_realm *realm,
                      struct tnd_auth *ret)
{
    struct tnd_values v = tnd_msg_values(request, client_kind(realm->is_proxy));

    while (tnd_credentials_next(&v, ret)) {
        char room[TND_AUTH_REALM_LEN_MAX];
        uint16_t len;

        if (ret->digest && client_take_text(ret->realm, room, sizeof(room), &len) &&
            tnd_slice_eq(tnd_slice(room, len), client_realm(realm)))
            return true;
    }
    return false;
}

/* What one field of challenges comes to. */
struct asking {
    struct tnd_auth_client *c;
    const struct tnd_msg *request;
    bool any_new, any_stale;
    struct tnd_auth_asked asked;
};

/* A realm that has asked in this response already: the topmost challenge was taken (RFC 8760 §2.4). */
static bool has_asked(const struct asking *a, const struct tnd_auth_realm *realm)
{
    for (size_t i = 0; i < a->c->count; i++)
        if (a->c->realm[i].round == a->c->rounds && is_same(&a->c->realm[i], realm))
            return true;
    return false;
}

static void take_challenge(struct asking *a, const struct tnd_auth *auth, bool is_proxy)
{
    struct tnd_auth_realm realm;
    struct tnd_auth sent;

    if (!a->asked.realm.ptr)
        a->asked.realm = auth->realm;
    if (!read_realm(a->c, auth, &realm))
        return;
    realm.is_proxy = is_proxy;
    struct tnd_slice host = is_proxy ? TND_STR("") : client_host(a->request->uri);
    if (host.len > sizeof(realm.host))
        return;
    memcpy(realm.host, host.len ? host.ptr : "", host.len);
    realm.host_len = (uint16_t)host.len;
    if (has_asked(a, &realm))
        return;
    bool was_sent = client_find_sent(a->request, &realm, &sent);
    a->asked.can_answer = true;
    a->any_new |= !was_sent;
    a->any_stale |= was_sent && auth->stale == TND_YES;
    realm.round = a->c->rounds;
    *place_of(a->c, &realm) = realm;
}

static void take_challenges(struct asking *a, const struct tnd_msg *response, bool is_proxy)
{
    struct tnd_values v = tnd_msg_values(response, is_proxy ? TND_HEADER_PROXY_AUTHENTICATE
                                                            : TND_HEADER_WWW_AUTHENTICATE);
    struct tnd_auth auth;

    while (tnd_challenge_next(&v, &auth))
        take_challenge(a, &auth, is_proxy);
}

struct tnd_auth_asked tnd_auth_client_challenged(struct tnd_auth_client *c,
                                                 const struct tnd_msg *request,
                                                 const struct tnd_msg *response)
{
    struct asking a = {.c = c, .request = request};

    c->rounds++;
    /* RFC 3261 §16.7, step 7: a proxy that forks puts those of all branches together */
    take_challenges(&a, response, false);
    take_challenges(&a, response, true);
    a.asked.had_credentials = a.asked.can_answer && !a.any_new;
    a.asked.is_stale = a.asked.had_credentials && a.any_stale;
    return a.asked;
}
