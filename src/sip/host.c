/* Hosts: names, IPv4 addresses, IPv6 references (RFC 3261 §25.1, RFC 5954 §4.1). */
#include "base/assert.h"
#include "sip/cursor.h"
#include "tandem/sip/uri.h"

static bool is_ipv4(struct tnd_slice s)
{
    unsigned parts = 0;
    size_t i = 0;

    while (i < s.len && parts < 4) {
        unsigned n = 0, digits = 0;

        for (; i < s.len && tnd_is_digit(s.ptr[i]) && digits < 4; i++, digits++)
            n = n * 10 + (unsigned)(s.ptr[i] - '0');
        if (digits == 0 || digits > 3 || n > 255)
            return false;
        if (++parts < 4 && (i == s.len || s.ptr[i++] != '.'))
            return false;
    }
    return parts == 4 && i == s.len;
}

static void put_octets(struct tnd_slice ipv4, uint8_t *ret)
{
    for (size_t i = 0, n = 0; i <= ipv4.len; i++) {
        if (i < ipv4.len && ipv4.ptr[i] != '.') {
            n = n * 10 + (size_t)(ipv4.ptr[i] - '0');
        } else {
            *ret++ = (uint8_t)n;
            n = 0;
        }
    }
}

/* Up to four hexadecimal digits at *at. false: none, or more. */
static bool read_h16(const char **at, const char *end, unsigned *ret)
{
    const char *first = *at;
    unsigned n = 0;

    while (*at < end && tnd_hex_value(**at) >= 0 && *at - first < 5)
        n = n << 4 | (unsigned)tnd_hex_value(*(*at)++);
    *ret = n;
    return *at > first && *at - first <= 4;
}

/* Reads groups into octets from *len on, up to the end or to "::". false: malformed. */
static bool read_groups(const char **at, const char *end, uint8_t octets[16], size_t *len)
{
    for (;;) {
        const char *first = *at;
        unsigned group;

        struct tnd_slice rest = tnd_slice_between(first, end);
        if (*len <= 12 && is_ipv4(rest)) {
            put_octets(rest, octets + *len);
            *len += 4;
            *at = end;
            return true;
        }
        if (!read_h16(at, end, &group) || *len > 14)
            return false;
        octets[(*len)++] = (uint8_t)(group >> 8);
        octets[(*len)++] = (uint8_t)group;
        if (*at == end)
            return true;
        if (*(*at)++ != ':' || *at == end)
            return false;
        if (**at == ':')
            return true;
    }
}

bool tnd_ipv6_octets(struct tnd_slice text, uint8_t ret[16])
{
    uint8_t head[16] = {0}, tail[16] = {0};
    size_t head_len = 0, tail_len = 0;

    if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
        text = tnd_slice(text.ptr + 1, text.len - 2);
    if (text.len < 2 || text.len > 46)
        return false;
    const char *at = text.ptr, *end = tnd_slice_end(text);
    if (at[0] == ':') {
        if (at[1] != ':')
            return false;
        at++;
    } else if (!read_groups(&at, end, head, &head_len)) {
        return false;
    }
    if (at == end) {
        memcpy(ret, head, 16);
        return head_len == 16;
    }
    at++; /* the second colon of "::" */
    /* RFC 5118 §4.10: the grammar of RFC 3261 allowed a third colon before an IPv4 part; be
     * liberal in accepting it */
    if (at < end && *at == ':' && is_ipv4(tnd_slice_between(at + 1, end)))
        at++;
    if (at < end && (!read_groups(&at, end, tail, &tail_len) || at < end))
        return false;
    if (head_len + tail_len > 14) /* "::" stands for at least one group */
        return false;
    memset(ret, 0, 16);
    memcpy(ret, head, head_len);
    memcpy(ret + 16 - tail_len, tail, tail_len);
    return true;
}

/* What may follow what in a host name, as bits of a set of pairs. Letters and digits are
 * alike here; the top label is looked at apart. */
enum { ALNUM = 0, HYPHEN = 1, DOT = 2, OTHER = 3 };

static inline unsigned host_class(char c)
{
    if (c == '.')
        return DOT;
    if (c == '-')
        return HYPHEN;
    return tnd_char_is(c, TND_CHAR_HOST) ? ALNUM : OTHER;
}

#define PAIR(before, after) (1u << ((before) << 2 | (after)))

/* hostname = *( domainlabel "." ) toplabel [ "." ]: labels neither start nor end with a
 * hyphen and are not empty. */
static bool is_name(struct tnd_slice s)
{
    const unsigned wrong = PAIR(DOT, DOT) | PAIR(DOT, HYPHEN) | PAIR(HYPHEN, DOT) |
                           PAIR(ALNUM, OTHER) | PAIR(HYPHEN, OTHER) | PAIR(DOT, OTHER) |
                           PAIR(OTHER, OTHER) | PAIR(OTHER, ALNUM) | PAIR(OTHER, HYPHEN) |
                           PAIR(OTHER, DOT);
    unsigned pairs = 0, before = DOT;

    for (size_t i = 0; i < s.len; i++) {
        unsigned after = host_class(s.ptr[i]);
        pairs |= PAIR(before, after);
        before = after;
    }
    if (pairs & wrong || before == HYPHEN || s.len == 0)
        return false;
    /* toplabel starts with a letter, so that no name looks like an address */
    size_t top = before == DOT ? s.len - 1 : s.len;
    while (top > 0 && s.ptr[top - 1] != '.')
        top--;
    return tnd_is_alpha(s.ptr[top]);
}

enum tnd_host_kind tnd_host_kind(struct tnd_slice text)
{
    uint8_t octets[16];

    if (text.len == 0)
        return TND_HOST_NONE;
    if (text.ptr[0] == '[')
        return text.ptr[text.len - 1] == ']' && tnd_ipv6_octets(text, octets) ? TND_HOST_IPV6
                                                                              : TND_HOST_NONE;
    if (tnd_is_digit(text.ptr[text.len - 1]) && is_ipv4(text))
        return TND_HOST_IPV4;
    return is_name(text) ? TND_HOST_NAME : TND_HOST_NONE;
}

bool tnd_host_eq(struct tnd_slice a, struct tnd_slice b)
{
    uint8_t x[16], y[16];

    if (a.len > 0 && b.len > 0 && a.ptr[0] == '[' && b.ptr[0] == '[')
        return tnd_ipv6_octets(a, x) && tnd_ipv6_octets(b, y) && memcmp(x, y, 16) == 0;
    return tnd_slice_eq_fold(a, b);
}

/* The bracket that closes the IPv6 reference at p. */
static const char *closing_bracket(const struct tnd_cursor *c, const char *p)
{
    do
        p = tnd_mark_after(c, p);
    while (p < c->end && *p == ':');
    return p;
}

bool tnd_read_host(struct tnd_cursor *c, struct tnd_slice *ret, uint8_t *ret_kind)
{
    const char *end;

    if (tnd_peek(c, c->at) == '[') {
        end = closing_bracket(c, c->at);
        if (tnd_peek(c, end) != ']')
            return tnd_flawed(c, TND_RULE_HOST, c->at);
        end++;
    } else {
        end = tnd_mark(c, c->at);
    }
    struct tnd_slice host = tnd_slice_between(c->at, end);
    enum tnd_host_kind kind = tnd_host_kind(host);
    if (kind == TND_HOST_NONE)
        return tnd_flawed(c, TND_RULE_HOST, c->at);
    *ret = host;
    *ret_kind = (uint8_t)kind;
    c->at = end;
    return true;
}

bool tnd_read_port(struct tnd_cursor *c, int32_t *ret)
{
    uint64_t port;

    TND_ASSERT(tnd_peek(c, c->at) == ':');
    c->at++;
    if (!tnd_read_number(c, TND_RULE_PORT, UINT16_MAX, &port))
        return false;
    *ret = (int32_t)port;
    return true;
}
