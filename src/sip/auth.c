/* Challenges and credentials: a scheme and its parameters, those of Digest by name (RFC 3261
 * §25.1, RFC 7616 §3). */
#include "tandem/sip/auth.h"

#include "sip/value.h"

static const char *const algorithm_names[] = {
    [TND_ALGORITHM_MD5] = "MD5",
    [TND_ALGORITHM_MD5_SESS] = "MD5-sess",
    [TND_ALGORITHM_SHA_256] = "SHA-256",
    [TND_ALGORITHM_SHA_256_SESS] = "SHA-256-sess",
    [TND_ALGORITHM_SHA_512_256] = "SHA-512-256",
    [TND_ALGORITHM_SHA_512_256_SESS] = "SHA-512-256-sess",
    [TND_ALGORITHM_OTHER] = "",
};

const char *tnd_algorithm_name(enum tnd_algorithm algorithm)
{
    return algorithm_names[algorithm];
}

/* A quoted string without its quotes, for words that hold no backslash. */
static struct tnd_slice bare(struct tnd_slice value)
{
    if (value.len >= 2 && value.ptr[0] == '"')
        return tnd_slice(value.ptr + 1, value.len - 2);
    return value;
}

static bool take_algorithm(struct tnd_auth *auth, struct tnd_slice value)
{
    /* Departs from RFC 7616 §3.3: quotes are taken too, because user agents send them */
    if (!tnd_is_token(bare(value)) || !tnd_take_value(&auth->algorithm_name, bare(value)))
        return false;
    auth->algorithm = TND_ALGORITHM_MD5;
    while (
        auth->algorithm < TND_ALGORITHM_OTHER &&
        !tnd_slice_eq_fold(auth->algorithm_name, tnd_slice_str(algorithm_names[auth->algorithm])))
        auth->algorithm++;
    return true;
}

/* The next token of a list with commas, white space around them; an empty slice: there is
 * something else. */
static struct tnd_slice next_qop(struct tnd_slice *rest)
{
    const char *comma = memchr(rest->ptr, ',', rest->len), *end = tnd_slice_end(*rest);
    struct tnd_slice word = tnd_slice_trim(tnd_slice_between(rest->ptr, comma ? comma : end));

    *rest = tnd_slice_between(comma ? comma + 1 : end, end);
    return tnd_is_token(word) ? word : tnd_slice(end, 0);
}

/* qop-options = "qop" EQUAL LDQUOT qop-value *("," qop-value) RDQUOT; of credentials one
 * token. Departs from RFC 7616 §3.3 and §3.4: either form is taken on both sides, because
 * user agents mix them up and the meaning is the same. */
static bool take_qop(struct tnd_auth *auth, struct tnd_slice value)
{
    if (!tnd_take_value(&auth->qop, value))
        return false;
    struct tnd_slice rest = bare(value);
    do {
        struct tnd_slice qop = next_qop(&rest);

        if (qop.len == 0)
            return false;
        if (TND_TOKEN_IS(qop, "auth"))
            auth->qops |= TND_QOP_AUTH;
        else if (TND_TOKEN_IS(qop, "auth-int"))
            auth->qops |= TND_QOP_AUTH_INT;
    } while (rest.len > 0);
    return true;
}

/* RFC 7616 §3.4: of credentials one of those offered, not a list */
static bool take_one_qop(struct tnd_auth *auth, struct tnd_slice value)
{
    return tnd_is_token(bare(value)) && take_qop(auth, value);
}

static bool take_nc(struct tnd_auth *auth, struct tnd_slice value)
{
    value = bare(value);
    /* RFC 7616 §3.5: "the nc value MUST be exactly 8 hexadecimal digits" */
    if (value.len != 8 || !tnd_take_value(&auth->nc, value))
        return false;
    for (size_t i = 0; i < 8; i++) {
        if (tnd_hex_value(value.ptr[i]) < 0)
            return false;
        auth->nc_count = auth->nc_count << 4 | (uint32_t)tnd_hex_value(value.ptr[i]);
    }
    return true;
}

/* request-digest = LDQUOT *LHEX RDQUOT (RFC 8760 §2.7): at least 32, or none at all before
 * there was a challenge */
static bool take_response(struct tnd_auth *auth, struct tnd_slice value)
{
    struct tnd_slice digits = bare(value);

    return tnd_is_lhex(digits, digits.len) && (digits.len == 0 || digits.len >= 32) &&
           tnd_take_quoted(&auth->response, value);
}

/* RFC 7616 §3.3: "true" or "false"; of stale anything but "true" means false. */
static bool take_yes(uint8_t *kept, struct tnd_slice value, bool strict)
{
    if (*kept != TND_UNSAID || !value.ptr)
        return false;
    *kept = tnd_slice_eq_fold(bare(value), TND_STR("true")) ? TND_YES : TND_NO;
    return !strict || *kept == TND_YES || tnd_slice_eq_fold(bare(value), TND_STR("false"));
}

/* Those of challenges and credentials alike. */
static bool take_common(struct tnd_auth *auth, const struct tnd_param *p)
{
    if (TND_TOKEN_IS(p->name, "realm"))
        return tnd_take_quoted(&auth->realm, p->value);
    if (TND_TOKEN_IS(p->name, "nonce"))
        return tnd_take_quoted(&auth->nonce, p->value);
    if (TND_TOKEN_IS(p->name, "opaque"))
        return tnd_take_quoted(&auth->opaque, p->value);
    if (TND_TOKEN_IS(p->name, "algorithm"))
        return take_algorithm(auth, p->value);
    if (TND_TOKEN_IS(p->name, "qop"))
        return take_qop(auth, p->value);
    if (TND_TOKEN_IS(p->name, "userhash"))
        return take_yes(&auth->userhash, p->value, true);
    return true;
}

static bool take_of_challenge(struct tnd_auth *auth, const struct tnd_param *p)
{
    if (TND_TOKEN_IS(p->name, "domain"))
        return tnd_take_quoted(&auth->domain, p->value);
    if (TND_TOKEN_IS(p->name, "stale"))
        return take_yes(&auth->stale, p->value, false);
    if (TND_TOKEN_IS(p->name, "charset"))
        return tnd_take_token(&auth->charset, bare(p->value));
    return take_common(auth, p);
}

static bool take_of_credentials(struct tnd_auth *auth, const struct tnd_param *p)
{
    if (TND_TOKEN_IS(p->name, "username"))
        return tnd_take_quoted(&auth->username, p->value);
    if (TND_TOKEN_IS(p->name, "username*"))
        return tnd_take_token(&auth->username_ext, p->value);
    if (TND_TOKEN_IS(p->name, "uri"))
        return tnd_take_quoted(&auth->uri, p->value);
    if (TND_TOKEN_IS(p->name, "response"))
        return take_response(auth, p->value);
    if (TND_TOKEN_IS(p->name, "cnonce"))
        return tnd_take_quoted(&auth->cnonce, p->value);
    if (TND_TOKEN_IS(p->name, "nc"))
        return take_nc(auth, p->value);
    if (TND_TOKEN_IS(p->name, "qop"))
        return take_one_qop(auth, p->value);
    return take_common(auth, p);
}

/* ainfo = nextnonce / message-qop / response-auth / cnonce / nonce-count (RFC 3261 §25.1) */
static bool take_of_info(struct tnd_auth *auth, const struct tnd_param *p)
{
    if (TND_TOKEN_IS(p->name, "nextnonce"))
        return tnd_take_quoted(&auth->nonce, p->value);
    if (TND_TOKEN_IS(p->name, "qop"))
        return take_one_qop(auth, p->value);
    if (TND_TOKEN_IS(p->name, "rspauth"))
        return take_response(auth, p->value);
    if (TND_TOKEN_IS(p->name, "cnonce"))
        return tnd_take_quoted(&auth->cnonce, p->value);
    if (TND_TOKEN_IS(p->name, "nc"))
        return take_nc(auth, p->value);
    return true;
}

/* auth-param = auth-param-name EQUAL ( token / quoted-string ) */
static bool read_auth_param(struct tnd_cursor *c, struct tnd_param *ret)
{
    if (!tnd_read_token(c, TND_RULE_AUTH_PARAM, &ret->name) ||
        !tnd_read_separator(c, TND_RULE_AUTH_PARAM, '='))
        return false;
    if (tnd_peek(c, c->at) == '"' ? !tnd_read_quoted(c, &ret->value)
                                  : !tnd_read_token(c, TND_RULE_AUTH_PARAM, &ret->value))
        return false;
    tnd_skip_space(c);
    return true;
}

/* auth-param *(COMMA auth-param), to the end of the field */
static bool read_auth_params(struct tnd_cursor *c, struct tnd_auth *auth,
                             bool (*take)(struct tnd_auth *, const struct tnd_param *))
{
    const char *first = c->at;
    struct tnd_param param;

    for (unsigned count = 0;; count++) {
        if (count == TND_AUTH_PARAM_COUNT_MAX)
            return tnd_flawed(c, TND_RULE_AUTH_PARAM_COUNT, c->at);
        if (!read_auth_param(c, &param))
            return false;
        if (!take(auth, &param))
            return tnd_flawed(c, TND_RULE_AUTH_VALUE, param.name.ptr);
        if (c->at == c->end)
            break;
        if (*c->at != ',')
            return tnd_flawed(c, TND_RULE_AUTH_PARAM, c->at);
        c->at++;
        tnd_skip_space(c);
    }
    auth->params = tnd_slice_between(first, c->at);
    return true;
}

/* auth-scheme LWS, and what follows: read if it is Digest, kept as it came if it is not
 * (RFC 8898 §4 has credentials that are no parameters) */
static bool read_scheme(struct tnd_cursor *c, struct tnd_auth *auth,
                        bool (*take)(struct tnd_auth *, const struct tnd_param *))
{
    if (!tnd_read_token(c, TND_RULE_AUTH_SCHEME, &auth->scheme) ||
        !tnd_read_space(c, TND_RULE_AUTH_SCHEME))
        return false;
    auth->digest = TND_TOKEN_IS(auth->scheme, "digest");
    if (auth->digest)
        return read_auth_params(c, auth, take);
    auth->params = tnd_slice_between(c->at, c->end);
    c->at = c->end;
    return true;
}

static bool has_all_of_credentials(const struct tnd_auth *auth)
{
    /* RFC 7616 §3.4: a user name in either form, but not in both */
    if (!auth->username.ptr == !auth->username_ext.ptr)
        return false;
    return auth->realm.ptr && auth->nonce.ptr && auth->uri.ptr && auth->response.ptr &&
           (!auth->qop.ptr || (auth->cnonce.ptr && auth->nc.ptr));
}

bool tnd_challenge_next(struct tnd_values *v, struct tnd_auth *ret)
{
    struct tnd_cursor *c = &v->c;

    *ret = (struct tnd_auth){0};
    if (!tnd_values_open(v, false) || !read_scheme(c, ret, take_of_challenge))
        return false;
    if (ret->digest && (!ret->realm.ptr || !ret->nonce.ptr))
        return tnd_flawed(c, TND_RULE_AUTH_CHALLENGE, ret->scheme.ptr);
    return true;
}

bool tnd_credentials_next(struct tnd_values *v, struct tnd_auth *ret)
{
    struct tnd_cursor *c = &v->c;

    *ret = (struct tnd_auth){0};
    if (!tnd_values_open(v, false) || !read_scheme(c, ret, take_of_credentials))
        return false;
    if (ret->digest && !has_all_of_credentials(ret))
        return tnd_flawed(c, TND_RULE_AUTH_CREDENTIALS, ret->scheme.ptr);
    return true;
}

bool tnd_auth_info_next(struct tnd_values *v, struct tnd_auth *ret)
{
    *ret = (struct tnd_auth){.digest = true};
    return tnd_values_open(v, false) && read_auth_params(&v->c, ret, take_of_info);
}
