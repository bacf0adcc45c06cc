/* Reading and writing URIs (RFC 3261 §19.1, §25.1; RFC 3966 §3). */
#include "tandem/sip/uri.h"

#include "sip/cursor.h"
#include "tandem/sip/message.h"

/* The first character from p on that is not of the class; an escape counts as one of it.
 * NULL: an escape is broken; the flaw is noted. */
static const char *span(struct tnd_cursor *c, const char *p, const char *end, enum tnd_chars class)
{
    for (; p < end; p++) {
        if (tnd_char_is(*p, class))
            continue;
        if (*p != '%')
            return p;
        /* RFC 3261 §25.1: escaped = "%" HEXDIG HEXDIG */
        if (end - p < 3 || tnd_hex_value(p[1]) < 0 || tnd_hex_value(p[2]) < 0) {
            tnd_flawed(c, TND_RULE_URI_ESCAPE, p);
            return NULL;
        }
        p += 2;
    }
    return end;
}

/* Whether a URI ends at p: at the end, at '>', or at what may not stand in one without <>
 * (RFC 3261 §20: what follows ; , or ? there is not of the URI). */
static inline bool ends_uri(const struct tnd_cursor *c, enum tnd_uri_place place, const char *p)
{
    if (p == c->end)
        return true;
    switch (place) {
    case TND_URI_WHOLE:
        return false;
    case TND_URI_ANGLE:
        return *p == '>';
    case TND_URI_BARE:
        return *p == ';' || *p == ',' || *p == '?' || tnd_is_space(*p);
    }
    return true;
}

/* The '@' that ends a userinfo with a mark in it; NULL: there is no userinfo. '@' can stand
 * nowhere else. */
static const char *find_sign(struct tnd_cursor *c, const char *at, enum tnd_uri_place place)
{
    const char *p = tnd_mark(c, at);

    for (; !ends_uri(c, place, p) && !tnd_is_space(*p); p = tnd_mark_after(c, p))
        if (*p == '@')
            return p;
    return NULL;
}

/* [user [":" password] "@"], known to end at the '@' at sign, and not to be plain */
static const char *odd_userinfo_at(struct tnd_cursor *c, const char *at, const char *sign,
                                   struct tnd_uri *uri)
{
    const char *end = span(c, at, sign, TND_CHAR_USER);

    if (!end)
        return NULL;
    if (end == at)
        return tnd_flawed_at(c, TND_RULE_URI_USER, at);
    uri->user = tnd_slice_between(at, end);
    if (end == sign)
        return sign + 1;
    if (*end != ':')
        return tnd_flawed_at(c, TND_RULE_URI_USER, end);
    const char *password_end = span(c, end + 1, sign, TND_CHAR_PASSWORD);
    if (!password_end)
        return NULL;
    if (password_end < sign)
        return tnd_flawed_at(c, TND_RULE_URI_USER, password_end);
    uri->password = tnd_slice_between(end + 1, sign);
    return sign + 1;
}

/* [userinfo]: what stands in front of the host. */
static inline const char *userinfo_at(struct tnd_cursor *c, const char *at,
                                      enum tnd_uri_place place, struct tnd_uri *uri)
{
    const char *sign = tnd_mark(c, at);

    uri->user = tnd_slice(NULL, 0);
    /* between two marks, all characters may stand in a user part */
    if (__builtin_expect(sign > at && tnd_peek(c, sign) == '@', 1)) {
        uri->user = tnd_slice_between(at, sign);
        return sign + 1;
    }
    sign = find_sign(c, at, place);
    return sign ? odd_userinfo_at(c, at, sign, uri) : at;
}

/* One pname or pvalue, of paramchar; not empty. */
static inline const char *paramchars_at(struct tnd_cursor *c, const char *at)
{
    const char *end = tnd_mark(c, at);
    char stop = tnd_peek(c, end);

    if (__builtin_expect(stop != ';' && stop != '=' && stop != '>' && stop != '\0', 0)) {
        end = span(c, at, c->end, TND_CHAR_PARAM);
        if (!end)
            return NULL;
    }
    return end > at ? end : tnd_flawed_at(c, TND_RULE_URI_PARAM, end);
}

/* *( ";" pname [ "=" pvalue ] ) */
static const char *uri_params_at(struct tnd_cursor *c, const char *at, struct tnd_slice *ret)
{
    const char *first = at;
    uint64_t seen = 0;

    for (unsigned count = 0; tnd_peek(c, at) == ';'; count++) {
        const char *name = at + 1;

        if (count == TND_PARAM_COUNT_MAX)
            return tnd_flawed_at(c, TND_RULE_PARAM_COUNT, at);
        at = paramchars_at(c, name);
        if (!at)
            return NULL;
        if (tnd_stands_twice(&seen, tnd_slice_between(name, at), first, name - 1))
            return tnd_flawed_at(c, TND_RULE_URI_PARAM_ONCE, name);
        if (tnd_peek(c, at) == '=')
            at = paramchars_at(c, at + 1);
        if (!at)
            return NULL;
    }
    *ret = tnd_slice_between(first, at);
    return at;
}

/* "?" hname "=" hvalue *( "&" hname "=" hvalue ) */
static const char *uri_headers_at(struct tnd_cursor *c, const char *at, struct tnd_slice *ret)
{
    const char *first = at + 1;

    do {
        const char *name = at + 1;

        at = span(c, name, c->end, TND_CHAR_HEADER);
        if (!at)
            return NULL;
        if (at == name || tnd_peek(c, at) != '=')
            return tnd_flawed_at(c, TND_RULE_URI_HEADERS, at);
        at = span(c, at + 1, c->end, TND_CHAR_HEADER);
    } while (at && tnd_peek(c, at) == '&');
    if (at)
        *ret = tnd_slice_between(first, at);
    return at;
}

/* What follows "sip:" or "sips:". */
static inline const char *sip_uri_at(struct tnd_cursor *c, const char *at, struct tnd_uri *uri,
                                     enum tnd_uri_place place)
{
    at = userinfo_at(c, at, place, uri);
    if (at)
        at = tnd_host_at(c, at, &uri->host, &uri->host_kind);
    if (at && tnd_peek(c, at) == ':')
        at = tnd_port_at(c, at + 1, &uri->port);
    if (place == TND_URI_BARE)
        return at;
    if (at && tnd_peek(c, at) == ';')
        at = uri_params_at(c, at, &uri->params);
    if (at && tnd_peek(c, at) == '?')
        at = uri_headers_at(c, at, &uri->headers);
    return at;
}

static bool is_visual_separator(char c)
{
    return c == '-' || c == '.' || c == '(' || c == ')';
}

static bool is_local_digit(char c)
{
    return tnd_hex_value(c) >= 0 || c == '*' || c == '#';
}

/* RFC 3966 §3: descriptor = domainname / global-number-digits */
static bool is_context(struct tnd_slice s)
{
    unsigned digits = 0;

    if (s.len == 0 || s.ptr[0] != '+')
        return tnd_host_kind(s) == TND_HOST_NAME;
    for (size_t i = 1; i < s.len; i++) {
        if (!tnd_is_digit(s.ptr[i]) && !is_visual_separator(s.ptr[i]))
            return false;
        digits += tnd_is_digit(s.ptr[i]);
    }
    return digits > 0;
}

/* RFC 3966 §3: "+" and digits, or a local number; visual separators in both; at least one
 * digit. A local number says what it is local to in phone-context. */
static const char *tel_uri_at(struct tnd_cursor *c, const char *at, struct tnd_uri *uri,
                              enum tnd_uri_place place)
{
    const char *first = at;
    bool global = tnd_peek(c, at) == '+';
    unsigned digits = 0;
    struct tnd_slice context = {NULL, 0};

    for (at += global; !ends_uri(c, place, at) && *at != ';'; at++) {
        bool digit = global ? tnd_is_digit(*at) : is_local_digit(*at);
        if (!digit && !is_visual_separator(*at))
            return tnd_flawed_at(c, TND_RULE_TEL_NUMBER, at);
        digits += digit;
    }
    if (digits == 0)
        return tnd_flawed_at(c, TND_RULE_TEL_NUMBER, first);
    uri->user = tnd_slice_between(first, at);
    if (place != TND_URI_BARE)
        at = uri_params_at(c, at, &uri->params);
    /* RFC 3966 §5.1.5: "phone-context" MUST be there for a local number */
    if (at && !global) {
        tnd_param_find(uri->params, TND_STR("phone-context"), &context);
        if (!is_context(context))
            return tnd_flawed_at(c, TND_RULE_TEL_CONTEXT, context.ptr ? context.ptr : first);
    }
    return at;
}

/* absoluteURI: an opaque or hierarchical part of URI characters, at least one */
static const char *other_uri_at(struct tnd_cursor *c, const char *at, enum tnd_uri_place place)
{
    const char *end = at;

    while (!ends_uri(c, place, end))
        end++;
    const char *p = span(c, at, end, TND_CHAR_URI);
    return p == at ? tnd_flawed_at(c, TND_RULE_URI_END, p) : p;
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool is_scheme(struct tnd_slice s)
{
    if (s.len == 0 || !tnd_is_alpha(s.ptr[0]))
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!tnd_char_is(s.ptr[i], TND_CHAR_HOST) && s.ptr[i] != '+')
            return false;
    return true;
}

static inline enum tnd_scheme scheme_of(struct tnd_slice s)
{
    if (TND_TOKEN_IS(s, "sip"))
        return TND_SCHEME_SIP;
    if (TND_TOKEN_IS(s, "sips"))
        return TND_SCHEME_SIPS;
    if (TND_TOKEN_IS(s, "tel"))
        return TND_SCHEME_TEL;
    return TND_SCHEME_OTHER;
}

static inline void start(struct tnd_uri *uri, enum tnd_scheme scheme)
{
    const struct tnd_slice absent = {NULL, 0};

    uri->password = absent;
    uri->params = absent;
    uri->headers = absent;
    uri->port = -1;
    uri->scheme = (uint8_t)scheme;
    uri->host_kind = TND_HOST_NONE;
}

static inline const char *rest_at(struct tnd_cursor *c, const char *at, struct tnd_uri *uri,
                                  enum tnd_uri_place place)
{
    switch ((enum tnd_scheme)uri->scheme) {
    case TND_SCHEME_SIP:
    case TND_SCHEME_SIPS:
        return sip_uri_at(c, at, uri, place);
    case TND_SCHEME_TEL:
        return tel_uri_at(c, at, uri, place);
    case TND_SCHEME_OTHER:
        break;
    }
    return other_uri_at(c, at, place);
}

const char *tnd_uri_at(struct tnd_cursor *c, const char *at, enum tnd_uri_place place,
                       struct tnd_uri *ret)
{
    const char *colon = tnd_mark(c, at);
    struct tnd_slice scheme = tnd_slice_between(at, colon);
    enum tnd_scheme known = scheme_of(scheme);

    if (tnd_peek(c, colon) != ':' || (!known && !is_scheme(scheme)))
        return tnd_flawed_at(c, TND_RULE_URI_SCHEME, at);
    start(ret, known);
    if (known != TND_SCHEME_SIP && known != TND_SCHEME_SIPS)
        ret->user = ret->host = tnd_slice(NULL, 0);
    const char *end = rest_at(c, colon + 1, ret, place);
    if (!end)
        return NULL;
    if (!ends_uri(c, place, end))
        return tnd_flawed_at(c, TND_RULE_URI_END, end);
    ret->text = tnd_slice_between(at, end);
    return end;
}

int tnd_uri_parse(struct tnd_slice text, struct tnd_uri *ret, struct tnd_flaw *ret_flaw)
{
    struct tnd_marks room;
    struct tnd_cursor c = tnd_cursor(text, &room);
    struct tnd_uri uri;

    if (c.flaw.rule == TND_RULE_NONE && tnd_uri_at(&c, c.at, TND_URI_WHOLE, &uri)) {
        *ret = uri;
        return 0;
    }
    if (ret_flaw)
        *ret_flaw = c.flaw;
    return TND_ESYNTAX;
}

void tnd_uri_write(struct tnd_writer *w, const struct tnd_uri *uri)
{
    static const char *const scheme[] = {"", "sip:", "sips:", "tel:"};

    if (uri->scheme == TND_SCHEME_OTHER) {
        tnd_put(w, uri->text);
        return;
    }
    tnd_put_str(w, scheme[uri->scheme]);
    tnd_put(w, uri->user);
    if (uri->password.ptr) {
        tnd_put_char(w, ':');
        tnd_put(w, uri->password);
    }
    if (uri->user.ptr && uri->scheme != TND_SCHEME_TEL)
        tnd_put_char(w, '@');
    tnd_put(w, uri->host);
    if (uri->port >= 0) {
        tnd_put_char(w, ':');
        tnd_put_number(w, (uint64_t)uri->port);
    }
    tnd_put(w, uri->params);
    if (uri->headers.ptr) {
        tnd_put_char(w, '?');
        tnd_put(w, uri->headers);
    }
}

void tnd_put_user(struct tnd_writer *w, struct tnd_slice user)
{
    for (size_t i = 0; i < user.len; i++) {
        if (tnd_char_is(user.ptr[i], TND_CHAR_USER)) {
            tnd_put_char(w, user.ptr[i]);
        } else {
            tnd_put_char(w, '%');
            tnd_put_hex(w, &user.ptr[i], 1);
        }
    }
}
