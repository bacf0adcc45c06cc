/* When two URIs are the same (RFC 3261 §19.1.4, RFC 5954 §4.2, RFC 3966 §4). */
#include "base/ascii.h"
#include "sip/cursor.h"
#include "tandem/sip/uri.h"

/* The octet that text means at *at, an escape being one; -1: the end. */
static int next_octet(struct tnd_slice text, size_t *at, bool *ret_escaped)
{
    size_t i = *at;

    *ret_escaped = false;
    if (i >= text.len)
        return -1;
    if (text.ptr[i] == '%' && text.len - i >= 3) {
        int high = tnd_hex_value(text.ptr[i + 1]), low = tnd_hex_value(text.ptr[i + 2]);
        if (high >= 0 && low >= 0) {
            *at = i + 3;
            *ret_escaped = true;
            return high << 4 | low;
        }
    }
    *at = i + 1;
    return (unsigned char)text.ptr[i];
}

void tnd_put_unescaped(struct tnd_writer *w, struct tnd_slice text)
{
    bool escaped;
    int octet;

    for (size_t at = 0; (octet = next_octet(text, &at, &escaped)) >= 0;)
        tnd_put_char(w, (char)octet);
}

/* RFC 3261 §19.1.4 compares escaped characters with plain ones, but for those that are
 * reserved: "%3b" is not ";". */
static bool is_reserved(int octet)
{
    return octet > 0 && memchr(";/?:@&=+$,", octet, 10) != NULL;
}

static bool same_octets(struct tnd_slice a, struct tnd_slice b, bool fold)
{
    size_t i = 0, j = 0;

    for (;;) {
        bool a_escaped, b_escaped;
        int x = next_octet(a, &i, &a_escaped), y = next_octet(b, &j, &b_escaped);

        if (a_escaped != b_escaped && is_reserved(x))
            return false;
        if (x != y && !(fold && x >= 0 && y >= 0 && tnd_lower((char)x) == tnd_lower((char)y)))
            return false;
        if (x == -1)
            return true;
    }
}

static bool same_slice(struct tnd_slice a, struct tnd_slice b)
{
    return !a.ptr == !b.ptr && same_octets(a, b, false);
}

/* Finds an equal name among URI parameters, escapes undone. */
static bool find_param(struct tnd_slice params, struct tnd_slice name, struct tnd_slice *ret_value)
{
    struct tnd_param param;

    while (tnd_param_next(&params, &param)) {
        if (same_octets(param.name, name, true)) {
            *ret_value = param.value;
            return true;
        }
    }
    return false;
}

/* RFC 3261 §19.1.4: "A user, ttl, or method uri-parameter appearing in only one URI never
 * matches, even if it contains the default value", nor does maddr; transport neither, as
 * errata and the examples there have it. */
static bool must_be_in_both(struct tnd_slice name)
{
    return same_octets(name, TND_STR("user"), true) || same_octets(name, TND_STR("ttl"), true) ||
           same_octets(name, TND_STR("method"), true) ||
           same_octets(name, TND_STR("maddr"), true) ||
           same_octets(name, TND_STR("transport"), true);
}

static int next_digit(struct tnd_slice number, size_t *at)
{
    while (*at < number.len && memchr("-.()", number.ptr[*at], 4))
        (*at)++;
    return *at < number.len ? tnd_lower(number.ptr[(*at)++]) : -1;
}

/* RFC 3966 §4: visual separators and case do not count. */
static bool same_number(struct tnd_slice a, struct tnd_slice b)
{
    size_t i = 0, j = 0;
    int x, y;

    do {
        x = next_digit(a, &i);
        y = next_digit(b, &j);
    } while (x == y && x >= 0);
    return x == y;
}

/* RFC 3966 §4: a context that is a number is compared as one, and so is an extension. */
static bool is_number(const struct tnd_param *p)
{
    return TND_TOKEN_IS(p->name, "ext") ||
           (TND_TOKEN_IS(p->name, "phone-context") && p->value.len > 0 && p->value.ptr[0] == '+');
}

/* Whether each parameter of a has its equal in b, or may be missing there. */
static bool params_match(struct tnd_slice a, struct tnd_slice b, bool tel)
{
    struct tnd_param param;
    struct tnd_slice value;

    while (tnd_param_next(&a, &param)) {
        if (find_param(b, param.name, &value)) {
            if (!param.value.ptr != !value.ptr ||
                !(tel && is_number(&param) ? same_number(param.value, value)
                                           : same_octets(param.value, value, true)))
                return false;
        } else if (tel || must_be_in_both(param.name)) {
            return false;
        }
    }
    return true;
}

/* The next "name=value" of a headers part. */
static bool next_header(struct tnd_slice *rest, struct tnd_param *ret)
{
    if (rest->len == 0)
        return false;
    const char *at = rest->ptr, *end = tnd_slice_end(*rest);
    const char *amp = memchr(at, '&', rest->len);
    const char *stop = amp ? amp : end;
    const char *equal = memchr(at, '=', (size_t)(stop - at));

    ret->name = tnd_slice_between(at, equal ? equal : stop);
    ret->value = equal ? tnd_slice_between(equal + 1, stop) : tnd_slice(stop, 0);
    *rest = tnd_slice_between(amp ? amp + 1 : end, end);
    return true;
}

/* How often a holds a header equal to h. */
static unsigned count_header(struct tnd_slice headers, const struct tnd_param *h)
{
    struct tnd_param other;
    unsigned count = 0;

    while (next_header(&headers, &other))
        count +=
            same_octets(other.name, h->name, true) && same_octets(other.value, h->value, false);
    return count;
}

/* RFC 3261 §19.1.4: header components are never ignored, and their order does not matter.
 * The values are compared as text, which RFC 3261 leaves to each header's own rules. */
static bool headers_match(struct tnd_slice a, struct tnd_slice b)
{
    struct tnd_slice rest = a;
    struct tnd_param h;
    unsigned in_a = 0, in_b = 0;

    while (next_header(&rest, &h)) {
        if (++in_a > TND_PARAM_COUNT_MAX || count_header(a, &h) != count_header(b, &h))
            return false;
    }
    while (next_header(&b, &h))
        in_b++;
    return in_a == in_b;
}

static bool sip_eq(const struct tnd_uri *a, const struct tnd_uri *b)
{
    return same_slice(a->user, b->user) && same_slice(a->password, b->password) &&
           tnd_host_eq(a->host, b->host) && a->port == b->port &&
           params_match(a->params, b->params, false) && params_match(b->params, a->params, false) &&
           headers_match(a->headers, b->headers);
}

/* RFC 3966 §4: parameters count, in any order. */
static bool tel_eq(const struct tnd_uri *a, const struct tnd_uri *b)
{
    return same_number(a->user, b->user) && params_match(a->params, b->params, true) &&
           params_match(b->params, a->params, true);
}

/* RFC 3986 §6.2.2.1: a scheme is compared without case; of the rest nothing is known here. */
static bool other_eq(struct tnd_slice a, struct tnd_slice b)
{
    const char *colon = a.len > 0 && a.len == b.len ? memchr(a.ptr, ':', a.len) : NULL;

    if (!colon)
        return false;
    size_t len = (size_t)(colon - a.ptr);
    return tnd_slice_eq_fold(tnd_slice(a.ptr, len), tnd_slice(b.ptr, len)) &&
           tnd_slice_eq(tnd_slice(colon, a.len - len), tnd_slice(b.ptr + len, b.len - len));
}

bool tnd_uri_eq(const struct tnd_uri *a, const struct tnd_uri *b)
{
    if (a->scheme != b->scheme)
        return false;
    if (a->text.ptr && tnd_slice_eq(a->text, b->text))
        return true;
    switch ((enum tnd_scheme)a->scheme) {
    case TND_SCHEME_SIP:
    case TND_SCHEME_SIPS:
        return sip_eq(a, b);
    case TND_SCHEME_TEL:
        return tel_eq(a, b);
    case TND_SCHEME_OTHER:
        break;
    }
    return other_eq(a->text, b->text);
}
