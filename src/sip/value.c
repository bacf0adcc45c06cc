/* What the readers of typed header fields share: parameters of a kind, comments. */
#include "sip/value.h"

#include "base/assert.h"

bool tnd_take_token(struct tnd_slice *kept, struct tnd_slice value)
{
    return tnd_is_token(value) && tnd_take_value(kept, value);
}

bool tnd_take_quoted(struct tnd_slice *kept, struct tnd_slice value)
{
    return tnd_is_quoted_string(value) && tnd_take_value(kept, value);
}

bool tnd_take_number(int64_t *kept, struct tnd_slice value, uint64_t max)
{
    uint64_t n;

    if (*kept >= 0 || !tnd_slice_number(value, max, &n))
        return false;
    *kept = (int64_t)n;
    return true;
}

bool tnd_take_q(int16_t *kept, struct tnd_slice value)
{
    if (*kept >= 0)
        return false;
    *kept = (int16_t)tnd_qvalue(value);
    return *kept >= 0;
}

bool tnd_take_any(void *ctx, const struct tnd_param *p)
{
    (void)ctx;
    (void)p;
    return true;
}

bool tnd_sift_params(struct tnd_cursor *c, struct tnd_slice params,
                     bool (*take)(void *ctx, const struct tnd_param *), void *ctx)
{
    struct tnd_param param;

    while (tnd_param_next(&params, &param))
        if (!take(ctx, &param))
            return tnd_flawed(c, TND_RULE_PARAM_VALUE, param.name.ptr);
    return true;
}

bool tnd_read_space(struct tnd_cursor *c, enum tnd_rule rule)
{
    if (!tnd_is_space(tnd_peek(c, c->at)))
        return tnd_flawed(c, rule, c->at);
    tnd_skip_space(c);
    return true;
}

bool tnd_read_separator(struct tnd_cursor *c, enum tnd_rule rule, char separator)
{
    tnd_skip_space(c);
    if (tnd_peek(c, c->at) != separator)
        return tnd_flawed(c, rule, c->at);
    c->at++;
    tnd_skip_space(c);
    return true;
}

bool tnd_read_comment(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at;
    unsigned depth = 0;

    TND_ASSERT(tnd_peek(c, first) == '(');
    for (const char *p = first; p < c->end; p = tnd_mark_after(c, p)) {
        if (*p == '(' && ++depth > TND_NESTING_MAX)
            return tnd_flawed(c, TND_RULE_NESTING, p);
        if (*p == ')' && --depth == 0) {
            *ret = tnd_slice_between(first, p + 1);
            c->at = p + 1;
            return true;
        }
        if (*p == '\\' && ++p == c->end)
            break;
    }
    return tnd_flawed(c, TND_RULE_COMMENT, first);
}

bool tnd_is_lhex(struct tnd_slice s, size_t len)
{
    for (size_t i = 0; i < s.len; i++)
        if (tnd_hex_value(s.ptr[i]) < 0 || (s.ptr[i] >= 'A' && s.ptr[i] <= 'F'))
            return false;
    return s.len == len;
}

bool tnd_is_quoted_string(struct tnd_slice s)
{
    if (s.len < 2 || s.ptr[0] != '"')
        return false;
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '"')
            return i == s.len - 1;
        if (s.ptr[i] == '\\')
            i++;
    }
    return false;
}

void tnd_put_param(struct tnd_writer *w, const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    tnd_put_char(w, ';');
    tnd_put_str(w, name);
    tnd_put_char(w, '=');
    tnd_put(w, value);
}

void tnd_put_number_param(struct tnd_writer *w, const char *name, int64_t n)
{
    if (n < 0)
        return;
    tnd_put_char(w, ';');
    tnd_put_str(w, name);
    tnd_put_char(w, '=');
    tnd_put_number(w, (uint64_t)n);
}
