/* Addresses: [display-name] "<" URI ">" or a bare URI, and parameters (RFC 3261 §25.1). */
#include "sip/cursor.h"
#include "tandem/sip/field.h"

/* display-name = *(token LWS) / quoted-string. RFC 4475 §3.1.1.6: the white space between
 * it and '<' may be missing. */
static bool read_display(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at;
    bool quoted = tnd_peek(c, first) == '"';
    struct tnd_slice token;

    if (quoted) {
        if (!tnd_read_quoted(c, ret))
            return false;
        tnd_skip_space(c);
    }
    while (c->at < c->end && *c->at != '<') {
        if (quoted || !tnd_read_token(c, TND_RULE_DISPLAY_NAME, &token))
            return tnd_flawed(c, TND_RULE_DISPLAY_NAME, c->at);
        *ret = tnd_slice_between(first, c->at);
        tnd_skip_space(c);
    }
    return c->at < c->end ? true : tnd_flawed(c, TND_RULE_ADDR_ANGLE, first);
}

/* A bare URI starts with its scheme and a colon; all else is a display name. */
static inline bool is_bare(struct tnd_cursor *c)
{
    return tnd_peek(c, c->at) != '"' && tnd_peek(c, tnd_token_end(c, c->at)) == ':';
}

/* RFC 3261 §20.10: a URI with a ? is in <>, always */
static bool read_bare(struct tnd_cursor *c, struct tnd_uri *uri)
{
    const char *end = tnd_uri_at(c, c->at, TND_URI_BARE, uri);

    if (!end)
        return false;
    c->at = end;
    return tnd_peek(c, end) != '?' || tnd_flawed(c, TND_RULE_ADDR_BARE, end);
}

static inline bool read_uri_part(struct tnd_cursor *c, struct tnd_addr *addr)
{
    if (tnd_peek(c, c->at) != '<') {
        if (is_bare(c))
            return read_bare(c, &addr->uri);
        if (!read_display(c, &addr->display))
            return false;
    }
    const char *end = tnd_uri_at(c, c->at + 1, TND_URI_ANGLE, &addr->uri);
    if (!end)
        return false;
    if (end == c->end)
        return tnd_flawed(c, TND_RULE_ADDR_ANGLE, end);
    c->at = end + 1; /* behind the '>' */
    addr->angle = true;
    return true;
}

static inline bool take_tag(struct tnd_addr *addr, const struct tnd_param *p)
{
    if (!TND_TOKEN_IS(p->name, "tag"))
        return true;
    if (addr->tag.ptr || !p->value.ptr)
        return false;
    addr->tag = p->value;
    return true;
}

/* Readers write each member in place: clearing all of it first would cost as much again. */
static inline void start(struct tnd_addr *addr)
{
    addr->display = tnd_slice(NULL, 0);
    addr->tag = tnd_slice(NULL, 0);
    addr->angle = false;
}

static inline bool take_addr_param(void *ctx, const struct tnd_param *p)
{
    return take_tag(ctx, p);
}

bool tnd_addr_next(struct tnd_values *v, struct tnd_addr *ret)
{
    start(ret);
    return tnd_values_open(v, false) && read_uri_part(&v->c, ret) &&
           tnd_read_params(&v->c, &ret->params, take_addr_param, ret) && tnd_values_close(v);
}

void tnd_addr_write(struct tnd_writer *w, const struct tnd_addr *addr)
{
    if (addr->display.ptr) {
        tnd_put(w, addr->display);
        tnd_put_char(w, ' ');
    }
    tnd_put_char(w, '<');
    tnd_uri_write(w, &addr->uri);
    tnd_put_char(w, '>');
    tnd_put(w, addr->params);
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths; -1: none. */
int tnd_qvalue(struct tnd_slice s)
{
    if (s.len == 0 || s.len > 5 || (s.ptr[0] != '0' && s.ptr[0] != '1') ||
        (s.len > 1 && s.ptr[1] != '.'))
        return -1;
    int q = (s.ptr[0] - '0') * 1000;
    for (size_t i = 2, digit = 100; i < s.len; i++, digit /= 10) {
        if (!tnd_is_digit(s.ptr[i]))
            return -1;
        q += (s.ptr[i] - '0') * (int)digit;
    }
    return q <= 1000 ? q : -1;
}

static inline bool take_contact_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_contact *contact = ctx;
    uint64_t seconds;

    if (TND_TOKEN_IS(p->name, "q")) {
        if (contact->q >= 0)
            return false;
        contact->q = (int16_t)tnd_qvalue(p->value);
        return contact->q >= 0;
    }
    if (TND_TOKEN_IS(p->name, "expires")) {
        if (contact->expires >= 0)
            return false;
        /* RFC 3261 §10.2: "Malformed values SHOULD be treated as equivalent to 3600" */
        contact->expires =
            tnd_slice_number(p->value, UINT32_MAX, &seconds) ? (int64_t)seconds : 3600;
        return true;
    }
    return take_tag(&contact->addr, p);
}

/* STAR, and not the first word of a display name */
static inline bool is_star(struct tnd_cursor *c)
{
    const char *next = c->at + 1;

    if (tnd_peek(c, c->at) != '*' || tnd_token_end(c, c->at) != next)
        return false;
    next = tnd_space_end(c, next);
    return tnd_peek(c, next) != '<' && !tnd_is_token_char(tnd_peek(c, next));
}

/* RFC 3261 §25.1: Contact is a star, or a list without one */
static bool read_star(struct tnd_values *v, struct tnd_contact *contact)
{
    struct tnd_cursor *c = &v->c;

    contact->addr = (struct tnd_addr){0};
    contact->star = true;
    if (v->count > 1)
        return tnd_flawed(c, TND_RULE_VALUE_END, c->at);
    c->at++;
    tnd_skip_space(c);
    return c->at == c->end ? true : tnd_flawed(c, TND_RULE_VALUE_END, c->at);
}

bool tnd_contact_next(struct tnd_values *v, struct tnd_contact *ret)
{
    struct tnd_cursor *c = &v->c;

    start(&ret->addr);
    ret->star = false;
    ret->q = -1;
    ret->expires = -1;
    if (!tnd_values_open(v, false))
        return false;
    if (__builtin_expect(is_star(c), 0))
        return read_star(v, ret);
    return read_uri_part(c, &ret->addr) &&
           tnd_read_params(c, &ret->addr.params, take_contact_param, ret) && tnd_values_close(v);
}

void tnd_contact_write(struct tnd_writer *w, const struct tnd_contact *contact)
{
    if (contact->star)
        tnd_put_char(w, '*');
    else
        tnd_addr_write(w, &contact->addr);
}
