/* Writing challenges and credentials, and going through their parameters. */
#include "sip/value.h"
#include "tandem/sip/auth.h"

static const char *token_end(const char *at, const char *end)
{
    while (at < end && tnd_is_token_char(*at))
        at++;
    return at;
}

static const char *quoted_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : end;
}

bool tnd_auth_param_next(struct tnd_slice *rest, struct tnd_param *ret)
{
    const char *end = tnd_slice_end(*rest), *at = tnd_behind_space(rest->ptr, end);

    if (at < end && *at == ',')
        at = tnd_behind_space(at + 1, end);
    const char *name = at, *name_end = token_end(at, end);
    at = tnd_behind_space(name_end, end);
    if (name_end == name || at == end || *at != '=')
        return false;
    const char *value = tnd_behind_space(at + 1, end);
    at = value < end && *value == '"' ? quoted_end(value, end) : token_end(value, end);
    ret->name = tnd_slice_between(name, name_end);
    ret->value = tnd_slice_between(value, at);
    *rest = tnd_slice_between(tnd_behind_space(at, end), end);
    return true;
}

/* Parameters are parted by commas, the first stands behind the scheme. */
struct list {
    struct tnd_writer *w;
    bool begun;
};

static void put_name(struct list *l, const char *name)
{
    if (l->begun)
        tnd_put(l->w, TND_STR(", "));
    l->begun = true;
    tnd_put_str(l->w, name);
    tnd_put_char(l->w, '=');
}

static void put_token(struct list *l, const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    put_name(l, name);
    tnd_put(l->w, value);
}

/* RFC 7616 §3.3, §3.4: these are in quotes, always */
static void put_quoted(struct list *l, const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    put_name(l, name);
    if (tnd_is_quoted_string(value))
        tnd_put(l->w, value);
    else
        tnd_put_quoted(l->w, value);
}

/* RFC 7616 §3.4: "MUST NOT generate the quoted string syntax" for algorithm, qop and nc */
static void put_unquoted(struct list *l, const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    put_name(l, name);
    tnd_unquote(l->w, value);
}

static void put_yes(struct list *l, const char *name, uint8_t yes)
{
    if (yes != TND_UNSAID)
        put_token(l, name, yes == TND_YES ? TND_STR("true") : TND_STR("false"));
}

/* The algorithm by its number, for those who make one; one that is unknown by its name. MD5
 * is what is meant where none is named (RFC 7616 §3.3). */
static void put_algorithm(struct list *l, const struct tnd_auth *auth)
{
    if (auth->algorithm_name.ptr)
        put_token(l, "algorithm", auth->algorithm_name);
    else if (auth->algorithm != TND_ALGORITHM_MD5 && auth->algorithm < TND_ALGORITHM_OTHER)
        put_token(l, "algorithm",
                  tnd_slice_str(tnd_algorithm_name((enum tnd_algorithm)auth->algorithm)));
}

static void put_nc(struct list *l, const struct tnd_auth *auth)
{
    if (auth->nc_count == 0 && !auth->nc.ptr)
        return;
    uint8_t octets[4] = {(uint8_t)(auth->nc_count >> 24), (uint8_t)(auth->nc_count >> 16),
                         (uint8_t)(auth->nc_count >> 8), (uint8_t)auth->nc_count};
    put_name(l, "nc");
    tnd_put_hex(l->w, octets, sizeof(octets));
}

/* The scheme. false: it is not Digest, and params were written as they are. */
static bool put_scheme(struct tnd_writer *w, const struct tnd_auth *auth)
{
    tnd_put(w, auth->scheme.ptr ? auth->scheme : TND_STR("Digest"));
    tnd_put_char(w, ' ');
    if (!auth->digest)
        tnd_put(w, auth->params);
    return auth->digest;
}

void tnd_challenge_write(struct tnd_writer *w, const struct tnd_auth *auth)
{
    struct list l = {w, false};

    if (!put_scheme(w, auth))
        return;
    put_quoted(&l, "realm", auth->realm);
    put_quoted(&l, "domain", auth->domain);
    put_quoted(&l, "nonce", auth->nonce);
    put_quoted(&l, "opaque", auth->opaque);
    put_yes(&l, "stale", auth->stale);
    put_algorithm(&l, auth);
    put_quoted(&l, "qop", auth->qop);
    put_token(&l, "charset", auth->charset);
    put_yes(&l, "userhash", auth->userhash);
}

void tnd_credentials_write(struct tnd_writer *w, const struct tnd_auth *auth)
{
    struct list l = {w, false};

    if (!put_scheme(w, auth))
        return;
    put_quoted(&l, "username", auth->username);
    put_token(&l, "username*", auth->username_ext);
    put_quoted(&l, "realm", auth->realm);
    put_quoted(&l, "nonce", auth->nonce);
    put_quoted(&l, "uri", auth->uri);
    put_quoted(&l, "response", auth->response);
    put_algorithm(&l, auth);
    put_quoted(&l, "cnonce", auth->cnonce);
    put_quoted(&l, "opaque", auth->opaque);
    put_unquoted(&l, "qop", auth->qop);
    put_nc(&l, auth);
    put_yes(&l, "userhash", auth->userhash);
}

void tnd_auth_info_write(struct tnd_writer *w, const struct tnd_auth *auth)
{
    struct list l = {w, false};

    put_quoted(&l, "nextnonce", auth->nonce);
    put_unquoted(&l, "qop", auth->qop);
    put_quoted(&l, "rspauth", auth->response);
    put_quoted(&l, "cnonce", auth->cnonce);
    put_nc(&l, auth);
}
