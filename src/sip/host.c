/* Hosts: names, IPv4 addresses, IPv6 references (RFC 3261 §25.1, RFC 5954 §4.1). */
#include "base/assert.h"
#include "base/vector.h"
#include "sip/cursor.h"
#include "tandem/sip/uri.h"

/* 64 characters with a host among them, as sets of one bit each, so that the grammar becomes
 * arithmetic: names and addresses differ in every length, and a guessed branch costs more
 * than all this. host has a bit for each character of the host itself. */
struct host_bits {
    uint64_t digit, alpha, dot, hyphen, host;
};

enum { HOST_WINDOW = 64 };

static inline tnd_bytes16 load16(const char *p)
{
    tnd_bytes16 b;

    memcpy(&b, p, sizeof(b));
    return b;
}

/* Adds the sixteen bytes at p, from bit shift on. */
static inline void add_bits(struct host_bits *bits, const char *p, unsigned shift)
{
    tnd_bytes16 b = load16(p);

    bits->digit |= tnd_bits16(TND_WITHIN(b, '0', '9')) << shift;
    bits->alpha |= tnd_bits16(TND_WITHIN(b | 0x20, 'a', 'z')) << shift;
    bits->dot |= tnd_bits16(TND_IS(b, '.')) << shift;
    bits->hyphen |= tnd_bits16(TND_IS(b, '-')) << shift;
}

/* Each run of three digits says at most 255. Without a branch: no two addresses are alike.
 * runs has a bit where one starts, among the sixteen bytes up to end. */
static inline bool octets_fit(const char *end, uint64_t runs)
{
    tnd_bytes16 b = load16(end - 16);
    uint64_t to_1 = tnd_bits16(TND_WITHIN(b, '0', '1')), to_4 = tnd_bits16(TND_WITHIN(b, '0', '4'));
    uint64_t to_5 = tnd_bits16(TND_WITHIN(b, '0', '5')), is_2 = tnd_bits16(TND_IS(b, '2'));
    uint64_t is_5 = to_5 & ~to_4;

    return (runs & ~(to_1 | (is_2 & (to_4 >> 1 | (is_5 >> 1 & to_5 >> 2))))) == 0;
}

static inline bool has_three(uint64_t set)
{
    uint64_t third = set & (set - 1);

    third &= third - 1;
    return third != 0 && (third & (third - 1)) == 0;
}

/* IPv4address = 1*3DIGIT 3( "." 1*3DIGIT ). No two dots touch, none is first or last, and no
 * four digits do. */
static inline bool bits_are_ipv4(const struct host_bits *b, const char *end)
{
    uint64_t d = b->digit & b->host, dot = b->dot & b->host, runs = d & d >> 1 & d >> 2;
    uint64_t first = b->host & -b->host;

    return has_three(dot) && (dot & (dot << 1 | first)) == 0 && d >> 63 && (runs & d >> 3) == 0 &&
           octets_fit(end, runs >> (HOST_WINDOW - 16));
}

/* hostname = *( domainlabel "." ) toplabel [ "." ]: labels are not empty, and neither start
 * nor end with a hyphen; the top label starts with a letter. */
static inline bool bits_are_name(const struct host_bits *b)
{
    const uint64_t last_char = (uint64_t)1 << 63;
    uint64_t dot = b->dot & b->host, hyphen = b->hyphen & b->host;
    uint64_t first = dot << 1 | (b->host & -b->host), last = dot >> 1 | last_char;
    uint64_t inner = dot & ~last_char; /* a dot may stand at the end */
    unsigned top_at =
        inner ? 64 - (unsigned)__builtin_clzll(inner) : (unsigned)__builtin_ctzll(b->host);
    return (dot & first) == 0 && (hyphen & (first | last)) == 0 && b->alpha >> top_at & 1;
}

/* The same without a window: of a text that starts with the host, or of a long one. */
static bool is_ipv4(struct tnd_slice s)
{
    unsigned n = 0, digits = 0, dots = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (tnd_is_digit(s.ptr[i])) {
            n = n * 10 + (unsigned)(s.ptr[i] - '0');
            if (++digits > 3 || n > 255)
                return false;
        } else if (s.ptr[i] == '.' && digits > 0 && dots < 3) {
            dots++;
            n = digits = 0;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
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
        if (head_len != 16)
            return false;
        memcpy(ret, head, 16);
        return true;
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

static bool is_name(struct tnd_slice s)
{
    const char *label = s.ptr, *end = tnd_slice_end(s);

    if (end[-1] == '.')
        end--;
    for (;;) {
        const char *dot = memchr(label, '.', (size_t)(end - label));
        const char *stop = dot ? dot : end;

        if (stop == label || *label == '-' || stop[-1] == '-')
            return false;
        for (const char *p = label; p < stop; p++)
            if (!tnd_char_is(*p, TND_CHAR_HOST))
                return false;
        if (!dot)
            return tnd_is_alpha(*label);
        label = dot + 1;
    }
}

enum tnd_host_kind tnd_host_kind(struct tnd_slice s)
{
    uint8_t octets[16];

    if (s.len == 0)
        return TND_HOST_NONE;
    if (s.ptr[0] == '[' && s.ptr[s.len - 1] == ']')
        return tnd_ipv6_octets(s, octets) ? TND_HOST_IPV6 : TND_HOST_NONE;
    if (is_name(s))
        return TND_HOST_NAME;
    return is_ipv4(s) ? TND_HOST_IPV4 : TND_HOST_NONE;
}

/* The kind of a host in a text that starts at base: with what stands before it, it is looked
 * at sixteen bytes at a time, and nothing behind it is. */
static inline enum tnd_host_kind host_kind(struct tnd_slice s, const char *base)
{
    const char *end = tnd_slice_end(s);

    if (__builtin_expect(s.len - 1 >= HOST_WINDOW || end - base < 16, 0))
        return tnd_host_kind(s);
    struct host_bits b = {.host = ~(uint64_t)0 << (HOST_WINDOW - s.len)};
    add_bits(&b, end - 16, HOST_WINDOW - 16);
    for (size_t have = 16; have < s.len; have += 16) {
        size_t back = (size_t)(end - base) > have + 16 ? have + 16 : (size_t)(end - base);
        add_bits(&b, end - back, HOST_WINDOW - (unsigned)back);
    }
    if (((b.digit | b.dot) & b.host) == b.host)
        return bits_are_ipv4(&b, end) ? TND_HOST_IPV4 : TND_HOST_NONE;
    if (((b.digit | b.dot | b.alpha | b.hyphen) & b.host) != b.host)
        return tnd_host_kind(s);
    return bits_are_name(&b) ? TND_HOST_NAME : TND_HOST_NONE;
}

bool tnd_host_eq(struct tnd_slice a, struct tnd_slice b)
{
    uint8_t x[16], y[16];

    if (a.len > 0 && b.len > 0 && a.ptr[0] == '[' && b.ptr[0] == '[')
        return tnd_ipv6_octets(a, x) && tnd_ipv6_octets(b, y) && memcmp(x, y, 16) == 0;
    return tnd_slice_eq_fold(a, b);
}

/* The bracket that closes the IPv6 reference at p. */
static const char *closing_bracket(struct tnd_cursor *c, const char *p)
{
    do
        p = tnd_mark_after(c, p);
    while (p < c->end && *p == ':');
    return p;
}

const char *tnd_host_at(struct tnd_cursor *c, const char *at, struct tnd_slice *ret,
                        uint8_t *ret_kind)
{
    const char *end = tnd_mark(c, at);

    if (__builtin_expect(end == at && tnd_peek(c, at) == '[', 0)) {
        end = closing_bracket(c, at);
        if (tnd_peek(c, end) != ']')
            return tnd_flawed_at(c, TND_RULE_HOST, at);
        end++;
    }
    struct tnd_slice host = tnd_slice_between(at, end);
    enum tnd_host_kind kind = host_kind(host, c->base);
    if (kind == TND_HOST_NONE)
        return tnd_flawed_at(c, TND_RULE_HOST, at);
    *ret = host;
    *ret_kind = (uint8_t)kind;
    return end;
}

bool tnd_read_host(struct tnd_cursor *c, struct tnd_slice *ret, uint8_t *ret_kind)
{
    const char *end = tnd_host_at(c, c->at, ret, ret_kind);

    if (end)
        c->at = end;
    return end;
}

const char *tnd_port_at(struct tnd_cursor *c, const char *at, int32_t *ret)
{
    uint64_t port;
    const char *end = tnd_number_at(c, at, TND_RULE_PORT, UINT16_MAX, &port);

    if (end)
        *ret = (int32_t)port;
    return end;
}
