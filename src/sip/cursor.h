/* Hopping over a text from mark to mark: what the readers are made of.
 *
 * Every reader returns false and leaves a flaw in the cursor when the text breaks its
 * grammar. at never passes end; at end, the character is NUL to those who ask. */
#ifndef SIP_CURSOR_H
#define SIP_CURSOR_H

#include "base/ascii.h"
#include "sip/chars.h"
#include "tandem/sip/text.h"

/* The character at p; NUL at the end, which is none that a reader wants. */
static inline char tnd_peek(const struct tnd_cursor *c, const char *p)
{
    return p < c->end ? *p : '\0';
}

/* The first mark at or behind p; the end, if there is none before it. */
static inline const char *tnd_mark(const struct tnd_cursor *c, const char *p)
{
    size_t bit = (size_t)(p - c->base);
    uint64_t word = c->marks[bit / 64] >> (bit % 64);

    if (__builtin_expect(word != 0, 1)) {
        p += __builtin_ctzll(word);
        return p < c->end ? p : c->end;
    }
    for (p += 64 - bit % 64; p < c->end; p += 64) {
        word = c->marks[(size_t)(p - c->base) / 64];
        if (word) {
            p += __builtin_ctzll(word);
            return p < c->end ? p : c->end;
        }
    }
    return c->end;
}

/* The first mark behind the mark p. */
static inline const char *tnd_mark_after(const struct tnd_cursor *c, const char *p)
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

/* Over white space, which a fold is too: the index has seen to it that a line end within a
 * value is followed by SP or HTAB. */
static inline void tnd_skip_space(struct tnd_cursor *c)
{
    while (c->at < c->end && tnd_is_space(*c->at))
        c->at++;
}

/* Whether a token is this word of lower-case letters, whatever its case. Exact for tokens:
 * bit 5 folds the case of letters and no two other characters of a token. */
#define TND_TOKEN_IS(s, word) \
    ((s).len == sizeof(word) - 1 && tnd_same_folded((s).ptr, word, sizeof(word) - 1))

static inline bool tnd_same_folded(const char *p, const char *word, size_t len)
{
    uint64_t differ = 0;
    size_t i = 0;

    for (; i + 4 <= len; i += 4) {
        uint32_t a, b;
        memcpy(&a, p + i, 4);
        memcpy(&b, word + i, 4);
        differ |= (a | 0x20202020) ^ b;
    }
    for (; i < len; i++)
        differ |= (uint64_t)((p[i] | 0x20) ^ word[i]);
    return differ == 0;
}

/* The end of the token at p; % and ` are marks although they may stand in a token. */
static inline const char *tnd_token_end(const struct tnd_cursor *c, const char *p)
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

/* 1*DIGIT up to max. What follows the digits is the caller's to judge. */
bool tnd_read_number(struct tnd_cursor *c, enum tnd_rule rule, uint64_t max, uint64_t *ret);

/* A quoted string with its quotes. */
bool tnd_read_quoted(struct tnd_cursor *c, struct tnd_slice *ret);

/* host and optional port, as in a URI (no white space) or in a Via (white space around the
 * colon). The host of IPv6 comes with its brackets. */
bool tnd_read_host(struct tnd_cursor *c, struct tnd_slice *ret, uint8_t *ret_kind);
bool tnd_read_port(struct tnd_cursor *c, int32_t *ret);

/* The value of a parameter that is no plain token: a quoted string, an IPv6 address. */
bool tnd_read_odd_value(struct tnd_cursor *c, struct tnd_slice name, struct tnd_slice *ret);

/* SWS ";" SWS name [SWS "=" SWS value]: value a token, host or quoted string. false: there
 * is no ';' here, and no flaw; or a flaw. */
static inline bool tnd_read_param(struct tnd_cursor *c, struct tnd_param *ret)
{
    tnd_skip_space(c);
    if (tnd_peek(c, c->at) != ';')
        return false;
    c->at++;
    tnd_skip_space(c);
    if (!tnd_read_token(c, TND_RULE_PARAM, &ret->name))
        return false;
    tnd_skip_space(c);
    ret->value = tnd_slice(NULL, 0);
    if (tnd_peek(c, c->at) != '=')
        return true;
    c->at++;
    tnd_skip_space(c);
    const char *end = tnd_token_end(c, c->at);
    if (__builtin_expect(end == c->at || tnd_peek(c, end) == ':', 0))
        return tnd_read_odd_value(c, ret->name, &ret->value);
    ret->value = tnd_slice_between(c->at, end);
    c->at = end;
    return true;
}

/* The parameters of a value, as text and one by one: take() is told each and says false to
 * one that may not be there. */
static inline bool tnd_read_params(struct tnd_cursor *c, struct tnd_slice *ret,
                                   bool (*take)(void *ctx, const struct tnd_param *), void *ctx)
{
    const char *first = c->at;
    struct tnd_param param;

    for (unsigned count = 0; tnd_read_param(c, &param); count++) {
        if (count == TND_PARAM_COUNT_MAX)
            return tnd_flawed(c, TND_RULE_PARAM_COUNT, param.name.ptr);
        if (!take(ctx, &param))
            return tnd_flawed(c, TND_RULE_PARAM_VALUE, param.name.ptr);
    }
    const char *end = c->at; /* behind the white space that was looked over for a ';' */
    while (end > first && tnd_is_space(end[-1]))
        end--;
    *ret = tnd_slice_between(first, end);
    return c->flaw.rule == TND_RULE_NONE;
}

/* qvalue in thousandths (RFC 3261 §25.1); -1: it is none. */
int tnd_qvalue(struct tnd_slice s);

/* A URI from at: up to c->end, up to '>', or up to what ends a URI that is not in <>. */
enum tnd_uri_place { TND_URI_WHOLE, TND_URI_ANGLE, TND_URI_BARE };
struct tnd_uri;
bool tnd_read_uri(struct tnd_cursor *c, enum tnd_uri_place place, struct tnd_uri *ret);

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
