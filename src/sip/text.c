/* Cursors, values, parameters, quoted strings. */
#include "tandem/sip/text.h"

#include "base/assert.h"
#include "sip/cursor.h"
#include "sip/scan.h"
#include "tandem/sip/message.h"
#include "tandem/sip/uri.h"

/* The first character that may stand only escaped in a quoted string, or nowhere (RFC 3261
 * §25.1); NULL: there is none. */
static const char *find_control(struct tnd_slice text)
{
    const char *end = tnd_slice_end(text);
    bool quoted = false;

    for (const char *at = text.ptr; at < end; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (quoted && *at == '\\' && end - at > 1 && at[1] != '\r' && at[1] != '\n')
            at++;
        else if (tnd_is_control(*at))
            return at;
    }
    return NULL;
}

struct tnd_cursor tnd_cursor(struct tnd_slice text, struct tnd_marks *room)
{
    uint64_t line_ends[TND_LOOSE_LEN_MAX / TND_SCAN_BLOCK + 3];

    if (!text.ptr)
        text.ptr = "";
    struct tnd_scan scan = {.marks = room->word, .line_ends = line_ends};
    struct tnd_cursor c = tnd_cursor_over(tnd_slice(text.ptr, 0), text, NULL);

    if (text.len > TND_LOOSE_LEN_MAX) {
        tnd_flawed(&c, TND_RULE_VALUE_LEN, text.ptr);
        return c;
    }
    tnd_scan(text, &scan);
    c.marks = scan.marks;
    if (scan.marks)
        scan.marks[text.len / 64] |= (uint64_t)1 << text.len % 64; /* the end is a mark */
    c.end = tnd_slice_end(text);
    /* a line end is not odd; a CR at the very end may be missed; odd may speak of an escape */
    if (scan.odd || memchr(text.ptr, '\r', text.len) || memchr(text.ptr, '\n', text.len)) {
        const char *control = find_control(text);
        if (control) {
            tnd_flawed(&c, TND_RULE_CONTROL_CHAR, control);
            c.end = c.at;
        }
    }
    return c;
}

const char *tnd_mark_far(struct tnd_cursor *c, const char *p)
{
    for (; p < c->end; p += TND_WINDOW) {
        c->from = p;
        c->window = c->marks ? tnd_made_marks(c, p) : tnd_marks_at(p, c->limit);
        if (c->window)
            return p + tnd_lowest_bit(c->window);
    }
    return c->end;
}

struct tnd_values tnd_values(struct tnd_slice text, struct tnd_marks *room)
{
    return (struct tnd_values){.c = tnd_cursor(text, room)};
}

/* The next field of the kind, from its start. false: there is none. */
static bool next_field(struct tnd_values *v)
{
    if (v->next_field == 0)
        return false;
    const struct tnd_field *f = &v->msg->fields[v->next_field];
    v->c.at = v->msg->text.ptr + f->value;
    v->c.end = v->c.at + f->value_len;
    v->next_field = f->next;
    v->opened = false;
    return true;
}

bool tnd_values_next(struct tnd_values *v, bool empty_is_fine)
{
    struct tnd_cursor *c = &v->c;

    if (c->flaw.rule)
        return false;
    for (;;) {
        tnd_skip_space(c);
        if (c->at < c->end)
            break;
        if (!v->opened && !empty_is_fine)
            return tnd_flawed(c, TND_RULE_VALUE_EMPTY, c->at);
        if (!next_field(v))
            return false;
    }
    if (v->opened) {
        if (*c->at != ',')
            return tnd_flawed(c, TND_RULE_VALUE_END, c->at);
        c->at++;
        tnd_skip_space(c);
    }
    if (v->count == TND_LIST_COUNT_MAX)
        return tnd_flawed(c, TND_RULE_LIST_COUNT, c->at);
    v->opened = true;
    v->count++;
    return true;
}

/* A number of so many digits that 64 bits may not hold it, mostly leading zeros. */
const char *tnd_long_number_at(struct tnd_cursor *c, const char *at, enum tnd_rule rule,
                               uint64_t max, uint64_t *ret)
{
    const char *end = at;

    while (tnd_is_digit(tnd_peek(c, end)))
        end++;
    return tnd_slice_number(tnd_slice_between(at, end), max, ret) ? end
                                                                  : tnd_flawed_at(c, rule, at);
}

bool tnd_read_number(struct tnd_cursor *c, enum tnd_rule rule, uint64_t max, uint64_t *ret)
{
    const char *end = tnd_number_at(c, c->at, rule, max, ret);

    if (end)
        c->at = end;
    return end;
}

bool tnd_read_quoted(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at;

    TND_ASSERT(tnd_peek(c, first) == '"');
    for (const char *p = tnd_mark_after(c, first); p < c->end; p = tnd_mark_after(c, p)) {
        if (*p == '"') {
            *ret = tnd_slice_between(first, p + 1);
            c->at = p + 1;
            return true;
        }
        /* RFC 3261 §25.1: a backslash escapes any character but CR and LF */
        if (*p == '\\' && (++p == c->end || *p == '\r' || *p == '\n'))
            break;
        /* what the backslash escapes may be no mark; tnd_mark_after() steps over it */
    }
    return tnd_flawed(c, TND_RULE_QUOTED_STRING, first);
}

/* An IPv6 address without brackets, as only received= has it (RFC 3261 §25.1, via-received;
 * RFC 5118 §4.5). */
static bool read_bare_ipv6(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *at = c->at;
    uint8_t octets[16];

    while (tnd_peek(c, at) == ':' || tnd_peek(c, at) == '.' || tnd_hex_value(tnd_peek(c, at)) >= 0)
        at++;
    struct tnd_slice address = tnd_slice_between(c->at, at);
    if (!tnd_ipv6_octets(address, octets))
        return false;
    *ret = address;
    c->at = at;
    return true;
}

/* gen-value = token / host / quoted-string (RFC 3261 §25.1) */
const char *tnd_odd_value_at(struct tnd_cursor *c, const char *at, struct tnd_slice name,
                             struct tnd_slice *ret)
{
    bool good;
    uint8_t kind;

    c->at = at;
    switch (tnd_peek(c, at)) {
    case '"':
        good = tnd_read_quoted(c, ret);
        break;
    case '[':
        good = tnd_read_host(c, ret, &kind);
        break;
    default:
        good = (TND_TOKEN_IS(name, "received") && read_bare_ipv6(c, ret)) ||
               tnd_read_token(c, TND_RULE_PARAM, ret);
        break;
    }
    return good ? c->at : NULL;
}

const char *tnd_param_at(struct tnd_cursor *c, const char *at, struct tnd_param *ret)
{
    at = tnd_space_end(c, at);
    const char *end = tnd_token_end(c, at);
    if (end == at)
        return tnd_flawed_at(c, TND_RULE_PARAM, at);
    ret->name = tnd_slice_between(at, end);
    ret->value = tnd_slice(NULL, 0);
    at = tnd_space_end(c, end);
    if (tnd_peek(c, at) != '=')
        return end;
    at = tnd_space_end(c, at + 1);
    end = tnd_token_end(c, at);
    if (end == at || tnd_peek(c, end) == ':')
        return tnd_odd_value_at(c, at, ret->name, &ret->value);
    ret->value = tnd_slice_between(at, end);
    return end;
}

/* The end of the value that starts at at: the next ';' or white space outside quotes. */
static const char *param_value_end(const char *at, const char *end)
{
    if (at < end && *at == '"') {
        for (at++; at < end && *at != '"'; at++)
            if (*at == '\\' && at + 1 < end)
                at++;
        return at < end ? at + 1 : end;
    }
    while (at < end && *at != ';' && !tnd_is_space(*at))
        at++;
    return at;
}

bool tnd_param_next(struct tnd_slice *rest, struct tnd_param *ret)
{
    const char *at = rest->ptr, *end = tnd_slice_end(*rest);

    at = tnd_behind_space(at, end);
    if (at == end || *at != ';')
        return false;
    at = tnd_behind_space(at + 1, end);
    const char *name = at;
    while (at < end && *at != ';' && *at != '=' && !tnd_is_space(*at))
        at++;
    struct tnd_param param = {tnd_slice_between(name, at), {0}};
    at = tnd_behind_space(at, end);
    if (at < end && *at == '=') {
        const char *value = tnd_behind_space(at + 1, end);
        at = param_value_end(value, end);
        param.value = tnd_slice_between(value, at);
    }
    *rest = tnd_slice_between(at, end);
    *ret = param;
    return true;
}

bool tnd_param_find(struct tnd_slice params, struct tnd_slice name, struct tnd_slice *ret_value)
{
    struct tnd_param param;

    while (tnd_param_next(&params, &param)) {
        if (tnd_slice_eq_fold(param.name, name)) {
            *ret_value = param.value;
            return true;
        }
    }
    return false;
}

static bool is_quoted(struct tnd_slice value)
{
    return value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
}

void tnd_unquote(struct tnd_writer *w, struct tnd_slice value)
{
    if (!is_quoted(value)) {
        tnd_put(w, value);
        return;
    }
    for (size_t i = 1; i < value.len - 1; i++) {
        if (value.ptr[i] == '\\' && i + 1 < value.len - 1)
            i++;
        tnd_put_char(w, value.ptr[i]);
    }
}

void tnd_put_quoted(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put_char(w, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        /* CR and LF cannot be said in a quoted string (RFC 3261 §25.1): a space instead */
        if (c == '\r' || c == '\n')
            c = ' ';
        else if (c == '"' || c == '\\' || tnd_is_control(c))
            tnd_put_char(w, '\\');
        tnd_put_char(w, c);
    }
    tnd_put_char(w, '"');
}

/* The next character that a value means, from *i; -1: none left. */
static int next_meant(struct tnd_slice value, bool quoted, size_t *i)
{
    size_t end = quoted ? value.len - 1 : value.len;

    if (*i == 0 && quoted)
        (*i)++;
    if (*i >= end)
        return -1;
    if (quoted && value.ptr[*i] == '\\' && *i + 1 < end)
        (*i)++;
    return (unsigned char)value.ptr[(*i)++];
}

bool tnd_value_eq(struct tnd_slice a, struct tnd_slice b)
{
    bool a_quoted = is_quoted(a), b_quoted = is_quoted(b);
    size_t i = 0, j = 0;
    int x, y;

    /* RFC 3261 §7.3.1: without case, but for quoted strings */
    do {
        x = next_meant(a, a_quoted, &i);
        y = next_meant(b, b_quoted, &j);
        if (x != y &&
            (a_quoted || b_quoted || x < 0 || y < 0 || tnd_lower((char)x) != tnd_lower((char)y)))
            return false;
    } while (x >= 0);
    return true;
}

bool tnd_is_token(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!tnd_is_token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}
