/* Hopping over a text from mark to mark: what the readers are made of.
 *
 * tnd_read_...() read at c->at and move it: false, with a flaw in the cursor, when the text
 * breaks the grammar. tnd_..._at() are the same for where nanoseconds count: they take where
 * to read and return where they stopped, NULL after a flaw, so that the place travels in a
 * register and not through memory. at never passes end; at the end, the character is NUL to
 * those who ask. */
#ifndef SIP_CURSOR_H
#define SIP_CURSOR_H

#include "base/ascii.h"
#include "base/bits.h"
#include "sip/chars.h"
#include "sip/scan.h"
#include "tandem/sip/text.h"

/* The character at p; NUL at the end, which is none that a reader wants. */
static inline char tnd_peek(const struct tnd_cursor *c, const char *p)
{
    return p < c->end ? *p : '\0';
}

#define TND_LOAD(name, type)               \
    static inline type name(const char *p) \
    {                                      \
        type word;                         \
                                           \
        memcpy(&word, p, sizeof(word));    \
        return word;                       \
    }
TND_LOAD(tnd_load16, uint16_t)
TND_LOAD(tnd_load32, uint32_t)
TND_LOAD(tnd_load64, uint64_t)
#undef TND_LOAD

/* How many bytes from its start on a window knows, at least. */
enum { TND_WINDOW = 57 };

/* The marks of the bytes at p, of those that the scan has made: TND_WINDOW, and none behind. */
static inline uint64_t tnd_made_marks(const struct tnd_cursor *c, const char *p)
{
    size_t bit = (size_t)(p - c->base);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* eight bytes from the one that has the first bit, wherever words start */
    return tnd_load64((const char *)c->marks + bit / 8) >> (bit % 8);
#else
    const uint64_t *word = c->marks + bit / 64;

    return word[0] >> (bit % 64) | word[1] << 1 << (63 - bit % 64);
#endif
}

/* The same, whether or not there are made ones. */
static inline uint64_t tnd_marks_of_window(const struct tnd_cursor *c, const char *p)
{
    uint64_t marks = c->marks ? tnd_made_marks(c, p) : tnd_marks_at(p, c->limit);

    return marks & (((uint64_t)1 << TND_WINDOW) - 1);
}

/* Sets the window to the bytes at p; without marks an empty one, for tnd_mark_far(). */
static inline void tnd_aim(struct tnd_cursor *c, const char *p)
{
    c->from = p;
    c->window = __builtin_expect(c->marks != NULL, 1) ? tnd_made_marks(c, p) : 0;
}

/* A cursor over text, a part of all, whose marks are counted from its start. Not aimed yet:
 * an empty window at its start says "look again". */
static inline struct tnd_cursor tnd_cursor_over(struct tnd_slice text, struct tnd_slice all,
                                                const uint64_t *marks)
{
    struct tnd_cursor c;

    c.at = text.ptr;
    c.end = tnd_slice_end(text);
    c.base = all.ptr;
    c.limit = tnd_slice_end(all);
    c.marks = marks;
    c.from = text.ptr;
    c.window = 0;
    c.flaw.rule = TND_RULE_NONE;
    return c;
}

/* The same as tnd_mark(), for a p outside the window or behind the last mark in it. */
const char *tnd_mark_far(struct tnd_cursor *c, const char *p);

/* The first mark at or behind p, which is not behind the end; the end counts as one, since
 * what follows a value in a message is white space, and a loose text is marked at its end.
 * From mark to mark this is a subtraction, a shift and a count. */
static inline const char *tnd_mark(struct tnd_cursor *c, const char *p)
{
    size_t bit = (size_t)(p - c->from);
    uint64_t word = c->window >> (bit & 63);

    if (__builtin_expect(word == 0 || bit > 63, 0))
        return tnd_mark_far(c, p);
    return p + tnd_lowest_bit(word);
}

/* The first mark behind the mark p. */
static inline const char *tnd_mark_after(struct tnd_cursor *c, const char *p)
{
    return p < c->end ? tnd_mark(c, p + 1) : c->end;
}

/* Notes a flaw at p. */
static inline bool tnd_flawed(struct tnd_cursor *c, enum tnd_rule rule, const char *p)
{
    if (c->flaw.rule == TND_RULE_NONE)
        c->flaw = (struct tnd_flaw){rule, tnd_slice(p, p < c->end)};
    return false;
}

/* The same, for the readers that return a place. */
static inline const char *tnd_flawed_at(struct tnd_cursor *c, enum tnd_rule rule, const char *p)
{
    tnd_flawed(c, rule, p);
    return NULL;
}

/* The end of the white space at p; a fold is some too: the index has seen to it that a line
 * end within a value is followed by SP or HTAB. */
static inline const char *tnd_space_end(const struct tnd_cursor *c, const char *p)
{
    return tnd_behind_space(p, c->end);
}

static inline void tnd_skip_space(struct tnd_cursor *c)
{
    c->at = tnd_space_end(c, c->at);
}

/* Whether a token is this word, of one to sixteen characters and in lower case, in any case.
 * Exact for tokens: bit 5 folds the case of letters and no two other characters of a token. */
#define TND_TOKEN_IS(s, word) \
    ((s).len == sizeof(word) - 1 && tnd_same_folded((s).ptr, word, sizeof(word) - 1))

/* len is a constant, so that one line of this is left: two loads that may overlap. */
static inline bool tnd_same_folded(const char *p, const char *word, size_t len)
{
    if (len >= 8) {
        const uint64_t fold = 0x2020202020202020;
        uint64_t differ = ((tnd_load64(p) | fold) ^ tnd_load64(word)) |
                          ((tnd_load64(p + len - 8) | fold) ^ tnd_load64(word + len - 8));

        return differ == 0;
    }
    if (len >= 4) {
        const uint32_t fold = 0x20202020;
        uint32_t differ = ((tnd_load32(p) | fold) ^ tnd_load32(word)) |
                          ((tnd_load32(p + len - 4) | fold) ^ tnd_load32(word + len - 4));

        return differ == 0;
    }
    if (len >= 2) {
        const uint16_t fold = 0x2020;
        unsigned differ = (unsigned)((tnd_load16(p) | fold) ^ tnd_load16(word)) |
                          (unsigned)((tnd_load16(p + len - 2) | fold) ^ tnd_load16(word + len - 2));

        return differ == 0;
    }
    return (*p | 0x20) == *word;
}

/* The end of the token at p; % and ` are marks although they may stand in a token. */
static inline const char *tnd_token_end(struct tnd_cursor *c, const char *p)
{
    p = tnd_mark(c, p);
    while (__builtin_expect(p < c->end && (*p == '%' || *p == '`'), 0))
        p = tnd_mark_after(c, p);
    return p;
}

/* token */
static inline bool tnd_read_token(struct tnd_cursor *c, enum tnd_rule rule, struct tnd_slice *ret)
{
    const char *end = tnd_token_end(c, c->at);

    if (end == c->at)
        return tnd_flawed(c, rule, c->at);
    *ret = tnd_slice_between(c->at, end);
    c->at = end;
    return true;
}

const char *tnd_long_number_at(struct tnd_cursor *c, const char *at, enum tnd_rule rule,
                               uint64_t max, uint64_t *ret);

/* 1*DIGIT up to max. What follows the digits is the caller's to judge. */
static inline const char *tnd_number_at(struct tnd_cursor *c, const char *at, enum tnd_rule rule,
                                        uint64_t max, uint64_t *ret)
{
    const char *end = at;
    uint64_t n = 0, digit;

    for (; end < c->end && (digit = (unsigned char)(*end - '0')) <= 9; end++)
        n = n * 10 + digit;
    if (__builtin_expect(end - at > 19, 0)) /* more than 64 bits hold, whatever they are */
        return tnd_long_number_at(c, at, rule, max, ret);
    if (end == at || n > max)
        return tnd_flawed_at(c, rule, at);
    *ret = n;
    return end;
}

/* The same, where reading stands. */
bool tnd_read_number(struct tnd_cursor *c, enum tnd_rule rule, uint64_t max, uint64_t *ret);

/* A quoted string with its quotes. */
bool tnd_read_quoted(struct tnd_cursor *c, struct tnd_slice *ret);

/* host. That of IPv6 comes with its brackets. */
const char *tnd_host_at(struct tnd_cursor *c, const char *at, struct tnd_slice *ret,
                        uint8_t *ret_kind);
bool tnd_read_host(struct tnd_cursor *c, struct tnd_slice *ret, uint8_t *ret_kind);

/* port, behind its colon */
const char *tnd_port_at(struct tnd_cursor *c, const char *at, int32_t *ret);

/* The value of a parameter that is no plain token: a quoted string, an IPv6 address. */
const char *tnd_odd_value_at(struct tnd_cursor *c, const char *at, struct tnd_slice name,
                             struct tnd_slice *ret);

/* SWS name [SWS "=" SWS value], behind the ';'; value a token, host or quoted string. */
const char *tnd_param_at(struct tnd_cursor *c, const char *at, struct tnd_param *ret);

static inline bool tnd_ends_param(char c)
{
    return c == ';' || c == ',' || c == '\0';
}

/* The same, where nothing is unusual: no white space, and a value that is a plain token. */
static inline const char *tnd_plain_param_at(struct tnd_cursor *c, const char *at,
                                             struct tnd_param *ret)
{
    const char *name_end = tnd_mark(c, at), *end = name_end;
    char stop = tnd_peek(c, end);

    ret->name = tnd_slice_between(at, name_end);
    ret->value = tnd_slice(NULL, 0);
    if (stop == '=') {
        end = tnd_mark(c, name_end + 1);
        stop = tnd_peek(c, end);
        ret->value = tnd_slice_between(name_end + 1, end);
    }
    if (__builtin_expect(name_end == at || end == name_end + 1 || !tnd_ends_param(stop), 0))
        return tnd_param_at(c, at, ret);
    return end;
}

/* Whether a parameter of this name stands between first and at, too (RFC 3261 §7.3.1: once).
 * seen gathers the names by length and first letter, so that mostly none is compared. */
static inline bool tnd_stands_twice(uint64_t *seen, struct tnd_slice name, const char *first,
                                    const char *at)
{
    uint64_t bit = (uint64_t)1 << ((name.len * 5 + (unsigned char)(name.ptr[0] | 0x20)) & 63);
    bool maybe = *seen & bit;
    struct tnd_slice value;

    *seen |= bit;
    return __builtin_expect(maybe, 0) && tnd_param_find(tnd_slice_between(first, at), name, &value);
}

/* The parameters of a value, as text and one by one: take() is told each and says false to
 * one that may not be there. */
static inline bool tnd_read_params(struct tnd_cursor *c, struct tnd_slice *ret,
                                   bool (*take)(void *ctx, const struct tnd_param *), void *ctx)
{
    const char *first = c->at, *at = first, *end = first;
    struct tnd_param param;
    uint64_t seen = 0;

    for (unsigned count = 0; tnd_peek(c, at = tnd_space_end(c, end)) == ';'; count++) {
        end = tnd_plain_param_at(c, at + 1, &param);
        if (!end)
            return false;
        if (count == TND_PARAM_COUNT_MAX)
            return tnd_flawed(c, TND_RULE_PARAM_COUNT, param.name.ptr);
        if (!take(ctx, &param) || tnd_stands_twice(&seen, param.name, first, at))
            return tnd_flawed(c, TND_RULE_PARAM_VALUE, param.name.ptr);
    }
    *ret = tnd_slice_between(first, end);
    c->at = at;
    return true;
}

/* qvalue in thousandths (RFC 3261 §25.1); -1: it is none. */
int tnd_qvalue(struct tnd_slice s);

/* A URI from at: up to c->end, up to '>', or up to what ends a URI that is not in <>. */
enum tnd_uri_place { TND_URI_WHOLE, TND_URI_ANGLE, TND_URI_BARE };
struct tnd_uri;
const char *tnd_uri_at(struct tnd_cursor *c, const char *at, enum tnd_uri_place place,
                       struct tnd_uri *ret);

/* To the next value: opens the next field, steps over a comma. false: there are no more, or
 * a flaw. empty_is_fine: a field without a value is no flaw. */
bool tnd_values_next(struct tnd_values *v, bool empty_is_fine);

static inline bool tnd_values_open(struct tnd_values *v, bool empty_is_fine)
{
    if (__builtin_expect(v->opened || v->c.at == v->c.end || v->msg == NULL ||
                             v->count == TND_LIST_COUNT_MAX,
                         0))
        return tnd_values_next(v, empty_is_fine);
    v->opened = true;
    v->count++;
    tnd_aim(&v->c, v->c.at);
    return true;
}

/* Behind a value: what follows must be a comma or the end. */
static inline bool tnd_values_close(struct tnd_values *v)
{
    if (__builtin_expect(v->c.at == v->c.end, 1))
        return true;
    tnd_skip_space(&v->c);
    if (v->c.at < v->c.end && *v->c.at != ',')
        return tnd_flawed(&v->c, TND_RULE_VALUE_END, v->c.at);
    return true;
}

#endif
