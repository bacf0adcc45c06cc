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

/* The '@' that ends the userinfo; NULL: there is none. '@' can stand nowhere else. */
static inline const char *find_at(const struct tnd_cursor *c, enum tnd_uri_place place)
{
    const char *p = tnd_mark(c, c->at);

    if (__builtin_expect(tnd_peek(c, p) == '@', 1))
        return p;
    for (; !ends_uri(c, place, p) && !tnd_is_space(*p); p = tnd_mark_after(c, p))
        if (*p == '@')
            return p;
    return NULL;
}

/* [user [":" password] "@"], known to end at the '@' at at, and not to be plain */
static bool read_odd_userinfo(struct tnd_cursor *c, struct tnd_uri *uri, const char *at)
{
    const char *user_end = span(c, c->at, at, TND_CHAR_USER);

    if (!user_end)
        return false;
    if (user_end == c->at)
        return tnd_flawed(c, TND_RULE_URI_USER, c->at);
    uri->user = tnd_slice_between(c->at, user_end);
    if (user_end < at) {
        if (*user_end != ':')
            return tnd_flawed(c, TND_RULE_URI_USER, user_end);
        const char *password_end = span(c, user_end + 1, at, TND_CHAR_PASSWORD);
        if (!password_end)
            return false;
        if (password_end < at)
            return tnd_flawed(c, TND_RULE_URI_USER, password_end);
        uri->password = tnd_slice_between(user_end + 1, at);
    }
    c->at = at + 1;
    return true;
}

/* Between two marks all characters may stand in a user part. */
static inline bool read_userinfo(struct tnd_cursor *c, struct tnd_uri *uri, const char *at)
{
    if (__builtin_expect(at == c->at || tnd_mark(c, c->at) != at, 0))
        return read_odd_userinfo(c, uri, at);
    uri->user = tnd_slice_between(c->at, at);
    c->at = at + 1;
    return true;
}

/* One pname or pvalue, of paramchar; not empty. */
static inline bool read_paramchars(struct tnd_cursor *c)
{
    const char *first = c->at, *p = tnd_mark(c, first);
    char stop = tnd_peek(c, p);

    if (__builtin_expect(stop != ';' && stop != '=' && stop != '>' && stop != '\0', 0)) {
        p = span(c, first, c->end, TND_CHAR_PARAM);
        if (!p)
            return false;
    }
    c->at = p;
    return p > first ? true : tnd_flawed(c, TND_RULE_URI_PARAM, p);
}

/* *( ";" pname [ "=" pvalue ] ) */
static bool read_uri_params(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at;

    for (unsigned count = 0; tnd_peek(c, c->at) == ';'; count++) {
        if (count == TND_PARAM_COUNT_MAX)
            return tnd_flawed(c, TND_RULE_PARAM_COUNT, c->at);
        c->at++;
        if (!read_paramchars(c))
            return false;
        if (tnd_peek(c, c->at) != '=')
            continue;
        c->at++;
        if (!read_paramchars(c))
            return false;
    }
    *ret = tnd_slice_between(first, c->at);
    return true;
}

/* "?" hname "=" hvalue *( "&" hname "=" hvalue ) */
static bool read_uri_headers(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at + 1;

    do {
        const char *p = span(c, ++c->at, c->end, TND_CHAR_HEADER);

        if (!p)
            return false;
        if (p == c->at || tnd_peek(c, p) != '=')
            return tnd_flawed(c, TND_RULE_URI_HEADERS, p);
        p = span(c, p + 1, c->end, TND_CHAR_HEADER);
        if (!p)
            return false;
        c->at = p;
    } while (tnd_peek(c, c->at) == '&');
    *ret = tnd_slice_between(first, c->at);
    return true;
}

/* What follows "sip:" or "sips:". */
static inline bool read_sip_uri(struct tnd_cursor *c, struct tnd_uri *uri, enum tnd_uri_place place)
{
    const char *at = find_at(c, place);
    bool bare = place == TND_URI_BARE;

    if (at && !read_userinfo(c, uri, at))
        return false;
    if (!tnd_read_host(c, &uri->host, &uri->host_kind))
        return false;
    if (tnd_peek(c, c->at) == ':' && !tnd_read_port(c, &uri->port))
        return false;
    if (!bare && tnd_peek(c, c->at) == ';' && !read_uri_params(c, &uri->params))
        return false;
    return bare || tnd_peek(c, c->at) != '?' || read_uri_headers(c, &uri->headers);
}

static bool is_visual_separator(char c)
{
    return c == '-' || c == '.' || c == '(' || c == ')';
}

static bool is_local_digit(char c)
{
    return tnd_hex_value(c) >= 0 || c == '*' || c == '#';
}

/* RFC 3966 §3: "+" and digits, or a local number; visual separators in both; at least one
 * digit. A local number says what it is local to in phone-context. */
static bool read_tel_uri(struct tnd_cursor *c, struct tnd_uri *uri, enum tnd_uri_place place)
{
    const char *p = c->at, *first = c->at;
    bool global = tnd_peek(c, p) == '+';
    unsigned digits = 0;
    struct tnd_slice context;

    for (p += global; !ends_uri(c, place, p) && *p != ';'; p++) {
        bool digit = global ? tnd_is_digit(*p) : is_local_digit(*p);
        if (!digit && !is_visual_separator(*p))
            return tnd_flawed(c, TND_RULE_TEL_NUMBER, p);
        digits += digit;
    }
    if (digits == 0)
        return tnd_flawed(c, TND_RULE_TEL_NUMBER, first);
    uri->user = tnd_slice_between(first, p);
    c->at = p;
    if (place != TND_URI_BARE && !read_uri_params(c, &uri->params))
        return false;
    /* RFC 3966 §5.1.5: "phone-context" MUST be there for a local number */
    if (!global && !tnd_param_find(uri->params, TND_STR("phone-context"), &context))
        return tnd_flawed(c, TND_RULE_TEL_CONTEXT, first);
    return true;
}

/* absoluteURI: an opaque or hierarchical part of URI characters, at least one */
static bool read_other_uri(struct tnd_cursor *c, enum tnd_uri_place place)
{
    const char *first = c->at, *end = first;

    while (!ends_uri(c, place, end))
        end++;
    const char *p = span(c, first, end, TND_CHAR_URI);
    if (!p)
        return false;
    c->at = p;
    return p > first ? true : tnd_flawed(c, TND_RULE_URI_END, p);
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

    uri->user = absent;
    uri->password = absent;
    uri->host = absent;
    uri->params = absent;
    uri->headers = absent;
    uri->port = -1;
    uri->scheme = (uint8_t)scheme;
    uri->host_kind = TND_HOST_NONE;
}

static inline bool read_rest(struct tnd_cursor *c, struct tnd_uri *uri, enum tnd_uri_place place)
{
    switch ((enum tnd_scheme)uri->scheme) {
    case TND_SCHEME_SIP:
    case TND_SCHEME_SIPS:
        return read_sip_uri(c, uri, place);
    case TND_SCHEME_TEL:
        return read_tel_uri(c, uri, place);
    case TND_SCHEME_OTHER:
        break;
    }
    return read_other_uri(c, place);
}

bool tnd_read_uri(struct tnd_cursor *c, enum tnd_uri_place place, struct tnd_uri *ret)
{
    const char *first = c->at, *colon = tnd_mark(c, first);
    struct tnd_slice scheme = tnd_slice_between(first, colon);
    enum tnd_scheme known = scheme_of(scheme);

    if (tnd_peek(c, colon) != ':' || (!known && !is_scheme(scheme)))
        return tnd_flawed(c, TND_RULE_URI_SCHEME, first);
    start(ret, known);
    c->at = colon + 1;
    if (!read_rest(c, ret, place))
        return false;
    if (!ends_uri(c, place, c->at))
        return tnd_flawed(c, TND_RULE_URI_END, c->at);
    ret->text = tnd_slice_between(first, c->at);
    return true;
}

int tnd_uri_parse(struct tnd_slice text, struct tnd_uri *ret, struct tnd_flaw *ret_flaw)
{
    struct tnd_marks room;
    struct tnd_cursor c = tnd_cursor(text, &room);
    struct tnd_uri uri;

    if (c.flaw.rule == TND_RULE_NONE && tnd_read_uri(&c, TND_URI_WHOLE, &uri)) {
        *ret = uri;
        return 0;
    }
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
