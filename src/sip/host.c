/* Hosts: names, IPv4 addresses, IPv6 references (RFC 3261 §25.1, RFC 5954 §4.1). */
#include "base/assert.h"
#include "sip/cursor.h"
#include "sip/vector.h"
#include "tandem/sip/uri.h"

/* A host as sets of its characters, one bit each, so that the grammar becomes arithmetic:
 * names and addresses differ in every length, and a guessed branch costs more than all this. */
struct host_bits {
    uint64_t digit, alpha, dot, hyphen, all;
};

enum { HOST_LEN_MAX = 64 };

static inline void add_bits(struct host_bits *b, tnd_bytes16 bytes, unsigned at)
{
    b->digit |= tnd_bits16(TND_WITHIN(bytes, '0', '9')) << at;
    b->alpha |= tnd_bits16(TND_WITHIN(bytes | 0x20, 'a', 'z')) << at;
    b->dot |= tnd_bits16(TND_IS(bytes, '.')) << at;
    b->hyphen |= tnd_bits16(TND_IS(bytes, '-')) << at;
}

/* Fewer than sixteen bytes, without a look behind them. */
static inline tnd_bytes16 load_short(const char *p, size_t len)
{
    tnd_bytes16 bytes = {0};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (len >= 8) {
        uint64_t half[2];

        memcpy(&half[0], p, 8);
        memcpy(&half[1], p + len - 8, 8);
        half[1] = half[1] >> 1 >> (8 * (16 - len) - 1);
        memcpy(&bytes, half, sizeof(bytes));
        return bytes;
    }
#endif
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)p[i];
    return bytes;
}

static inline struct host_bits host_bits(struct tnd_slice s)
{
    struct host_bits b = {.all = s.len < 64 ? ((uint64_t)1 << s.len) - 1 : ~(uint64_t)0};
    tnd_bytes16 bytes;

    if (s.len < 16) {
        add_bits(&b, load_short(s.ptr, s.len), 0);
        return b;
    }
    for (size_t at = 0; at + 16 < s.len; at += 16) {
        memcpy(&bytes, s.ptr + at, sizeof(bytes));
        add_bits(&b, bytes, (unsigned)at);
    }
    memcpy(&bytes, s.ptr + s.len - 16, sizeof(bytes));
    add_bits(&b, bytes, (unsigned)s.len - 16);
    return b;
}

/* Each run of three digits says at most 255. */
static inline bool octets_fit(struct tnd_slice s, uint64_t runs)
{
    for (; runs; runs &= runs - 1) {
        const char *p = s.ptr + __builtin_ctzll(runs);

        if (p[0] > '2' || (p[0] == '2' && (p[1] > '5' || (p[1] == '5' && p[2] > '5'))))
            return false;
    }
    return true;
}

/* IPv4address = 1*3DIGIT 3( "." 1*3DIGIT ) */
static inline bool bits_are_ipv4(struct tnd_slice s, const struct host_bits *b)
{
    uint64_t d = b->digit, runs = d & d >> 1 & d >> 2;
    uint64_t after_dot = b->dot << 1 | 1;

    return (d | b->dot) == b->all && __builtin_popcountll(b->dot) == 3 &&
           (b->dot & after_dot) == 0 && d >> (s.len - 1) & 1 && (runs & d >> 3) == 0 &&
           octets_fit(s, runs);
}

/* hostname = *( domainlabel "." ) toplabel [ "." ]: labels are not empty, and neither start
 * nor end with a hyphen; the top label starts with a letter. */
static inline bool bits_are_name(struct tnd_slice s, const struct host_bits *b)
{
    uint64_t first = b->dot << 1 | 1, last = b->dot >> 1 | (uint64_t)1 << (s.len - 1);
    uint64_t inner = b->dot & ~((uint64_t)1 << (s.len - 1)); /* but for a dot at the end */
    unsigned top = inner ? 64 - (unsigned)__builtin_clzll(inner) : 0;

    return (b->digit | b->alpha | b->dot | b->hyphen) == b->all && (b->dot & first) == 0 &&
           (b->hyphen & (first | last)) == 0 && b->alpha >> top & 1;
}

static bool is_ipv4(struct tnd_slice s)
{
    if (s.len < 7 || s.len > 15)
        return false;
    struct host_bits b = host_bits(s);
    return bits_are_ipv4(s, &b);
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

/* A name that is longer than the sets have bits, label by label. */
static bool is_long_name(struct tnd_slice s)
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

enum tnd_host_kind tnd_host_kind(struct tnd_slice text)
{
    uint8_t octets[16];

    if (text.len == 0)
        return TND_HOST_NONE;
    if (text.ptr[0] == '[')
        return text.ptr[text.len - 1] == ']' && tnd_ipv6_octets(text, octets) ? TND_HOST_IPV6
                                                                              : TND_HOST_NONE;
    if (text.len > HOST_LEN_MAX)
        return is_long_name(text) ? TND_HOST_NAME : TND_HOST_NONE;
    struct host_bits b = host_bits(text);
    if (bits_are_name(text, &b))
        return TND_HOST_NAME;
    return bits_are_ipv4(text, &b) ? TND_HOST_IPV4 : TND_HOST_NONE;
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
