/* Lines of logs. */
#include "trace/log_line.h"

#include "base/ascii.h"
#include "tandem/ref.h"
#include "trace/log_time.h"

static const struct tnd_slice version = TND_STR_INIT("SIP/2.0");

const char *tnd_log_find(struct tnd_slice s, struct tnd_slice part)
{
    const char *at = s.ptr, *end = tnd_slice_end(s);

    while (at < end && (size_t)(end - at) >= part.len &&
           (at = memchr(at, *part.ptr, (size_t)(end - at) - part.len + 1))) {
        if (memcmp(at, part.ptr, part.len) == 0)
            return at;
        at++;
    }
    return NULL;
}

static bool is_token(char c)
{
    return tnd_is_alnum(c) || (c != '\0' && memchr("-.!%*_+`'~", c, 10));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool tnd_log_is_blank(struct tnd_slice line)
{
    return tnd_slice_trim(line).len == 0;
}

static size_t indent(struct tnd_slice line)
{
    size_t i = 0;

    while (i < line.len && is_blank(line.ptr[i]))
        i++;
    return i;
}

/* "INVITE sip:bob@example.com SIP/2.0" at the end of line, maybe with a dot for its CR as ngrep prints it. */
static size_t find_request(struct tnd_slice line)
{
    const char *p = line.ptr;
    size_t end = line.len;

    while (end > 0 && (is_blank(p[end - 1]) || p[end - 1] == '.' || p[end - 1] == '"'))
        end--;
    if (end < version.len + 1 || memcmp(p + end - version.len, version.ptr, version.len) != 0)
        return SIZE_MAX;
    size_t uri_end = end - version.len - 1, uri = uri_end;
    if (!is_blank(p[uri_end]))
        return SIZE_MAX;
    while (uri > 0 && !is_blank(p[uri - 1]))
        uri--;
    if (uri < 2 || !memchr(p + uri, ':', uri_end - uri))
        return SIZE_MAX;
    size_t method_end = uri - 1, method = method_end;
    while (method > 0 && is_token(p[method - 1]))
        method--;
    struct tnd_slice name = tnd_slice(p + method, method_end - method);
    if (name.len == 0 || (method > indent(line) && tnd_method_find(name) == TND_METHOD_OTHER))
        return SIZE_MAX;
    return method;
}

/* "SIP/2.0 200 OK", to the end of line. */
static size_t find_response(struct tnd_slice line)
{
    struct tnd_slice rest = line;
    const char *at;

    while ((at = tnd_log_find(rest, version))) {
        size_t i = (size_t)(at - line.ptr), code = i + version.len + 1;

        rest = tnd_slice_between(at + version.len, tnd_slice_end(line));
        if (i > 0 && !is_blank(at[-1]) && at[-1] != '"' && at[-1] != ']')
            continue;
        if (code + 3 > line.len || !is_blank(line.ptr[code - 1]) ||
            (i > 0 && at[-1] == '"' && memchr(rest.ptr, '"', rest.len)))
            continue; /* or it is quoted, by a line about it */
        if (tnd_is_digit(line.ptr[code]) && tnd_is_digit(line.ptr[code + 1]) &&
            tnd_is_digit(line.ptr[code + 2]) &&
            (code + 3 == line.len || !tnd_is_alnum(line.ptr[code + 3])))
            return i;
    }
    return SIZE_MAX;
}

size_t tnd_log_start(struct tnd_slice line)
{
    if (!tnd_log_find(line, version))
        return SIZE_MAX;
    size_t request = find_request(line);
    return request < SIZE_MAX ? request : find_response(line);
}

bool tnd_log_is_field(struct tnd_slice line)
{
    size_t i = 0;

    if (line.len == 0 || !tnd_is_alpha(*line.ptr))
        return false;
    while (i < line.len && is_token(line.ptr[i]))
        i++;
    while (i < line.len && is_blank(line.ptr[i]))
        i++;
    return i < line.len && line.ptr[i] == ':';
}

bool tnd_log_is_rule(struct tnd_slice line)
{
    struct tnd_slice s = tnd_slice_trim(line);

    if (s.len >= 3 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
        s = tnd_slice(s.ptr + 1, s.len - 2);
    if (s.len < 3 || !memchr("-=~|#", *s.ptr, 5))
        return s.len > 0 && s.len < 3 && *s.ptr == '#';
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i] != *s.ptr)
            return false;
    return true;
}

/* " 5(1234) DEBUG: ...": a process of Kamailio, on standard error. */
static bool is_process(struct tnd_slice line)
{
    size_t i = indent(line), digits = i;

    while (i < line.len && tnd_is_digit(line.ptr[i]))
        i++;
    if (i == digits || i >= line.len || line.ptr[i++] != '(')
        return false;
    for (digits = i; i < line.len && tnd_is_digit(line.ptr[i]);)
        i++;
    return i > digits && i < line.len && line.ptr[i] == ')';
}

bool tnd_log_is_foreign(struct tnd_slice line)
{
    struct tnd_log_time time;

    return line.len > 0 && (*line.ptr == '[' || is_process(line) || tnd_log_time_read(line, &time));
}

/* ":5060"; nothing: none is said. */
static bool read_port(struct tnd_slice text, uint16_t *ret)
{
    uint64_t port;

    *ret = 0;
    if (text.len == 0)
        return true;
    if (*text.ptr != ':' ||
        !tnd_slice_number(tnd_slice(text.ptr + 1, text.len - 1), UINT16_MAX, &port))
        return false;
    *ret = (uint16_t)port;
    return true;
}

static const char *last_colon(struct tnd_slice text)
{
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == ':')
            return text.ptr + i - 1;
    return NULL;
}

/* An address, with or without brackets, and a port, or none. */
static bool read_address(struct tnd_slice text, struct tnd_endpoint *ret)
{
    const char *close = text.len && *text.ptr == '[' ? memchr(text.ptr, ']', text.len) : NULL;
    const char *colon = last_colon(text);
    struct tnd_slice address = text, port = {0};

    if (close) {
        address = tnd_slice_between(text.ptr + 1, close);
        port = tnd_slice_between(close + 1, tnd_slice_end(text));
    } else if (colon) {
        address = tnd_slice_between(text.ptr, colon);
        port = tnd_slice_between(colon, tnd_slice_end(text));
    }
    return address.len > 0 && tnd_address_parse(address, ret) == 0 && read_port(port, &ret->port);
}

/* "UDP:", "udp/" */
static enum tnd_transport take_transport(struct tnd_slice *word)
{
    size_t i = 0;

    while (i < word->len && tnd_is_alpha(word->ptr[i]))
        i++;
    if (i == 0 || i >= word->len || (word->ptr[i] != ':' && word->ptr[i] != '/'))
        return TND_TRANSPORT_NONE;
    enum tnd_transport transport = tnd_transport_find(tnd_slice(word->ptr, i));
    if (transport != TND_TRANSPORT_NONE)
        *word = tnd_slice(word->ptr + i + 1, word->len - i - 1);
    return transport;
}

bool tnd_log_place(struct tnd_slice word, struct tnd_endpoint *ret)
{
    struct tnd_endpoint place;

    while (word.len > 0 && memchr("<(\"'", *word.ptr, 4))
        word = tnd_slice(word.ptr + 1, word.len - 1);
    while (word.len > 0 && memchr(">)\"',;:.", word.ptr[word.len - 1], 8))
        word.len--;
    enum tnd_transport transport = take_transport(&word);
    if (word.len == 0 || !read_address(word, &place))
        return false;
    place.transport = (uint8_t)transport;
    if (place.port == 0)
        place.port = tnd_transport_port(transport);
    *ret = place;
    return true;
}

static struct tnd_slice next_word(struct tnd_slice *rest)
{
    size_t begin = indent(*rest), end = begin;

    while (end < rest->len && !is_blank(rest->ptr[end]))
        end++;
    struct tnd_slice word = tnd_slice(rest->ptr + begin, end - begin);
    *rest = tnd_slice(rest->ptr + end, rest->len - end);
    return word;
}

static struct tnd_slice last_word(struct tnd_slice s)
{
    size_t end = s.len, begin;

    while (end > 0 && is_blank(s.ptr[end - 1]))
        end--;
    for (begin = end; begin > 0 && !is_blank(s.ptr[begin - 1]);)
        begin--;
    return tnd_slice(s.ptr + begin, end - begin);
}

/* The place behind the first mark that has one: "to UDP:1.2.3.4:5060", "to UDP 1.2.3.4:5060". */
static bool place_behind(struct tnd_slice line, struct tnd_slice mark, struct tnd_endpoint *ret)
{
    struct tnd_slice rest = line;
    const char *at;

    while ((at = tnd_log_find(rest, mark))) {
        rest = tnd_slice_between(at + mark.len, tnd_slice_end(line));
        struct tnd_slice behind = rest, word = next_word(&behind);
        enum tnd_transport transport = tnd_transport_find(word);

        if (transport != TND_TRANSPORT_NONE)
            word = next_word(&behind);
        if (!tnd_log_place(word, ret))
            continue;
        if (transport != TND_TRANSPORT_NONE)
            ret->transport = (uint8_t)transport;
        return true;
    }
    return false;
}

/* "A -> B": of sngrep, ngrep, baresip. */
static bool read_arrow(struct tnd_slice line, struct tnd_endpoint *ret_from,
                       struct tnd_endpoint *ret_to)
{
    const char *arrow = tnd_log_find(line, TND_STR(" -> "));
    struct tnd_endpoint from, to;

    if (!arrow)
        return false;
    struct tnd_slice behind = tnd_slice_between(arrow + 4, tnd_slice_end(line));
    if (!tnd_log_place(last_word(tnd_slice_between(line.ptr, arrow)), &from) ||
        !tnd_log_place(next_word(&behind), &to))
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}

/* Of Asterisk ("<--- ", "Retransmitting"), FreeSWITCH and pjsua ("500 bytes"): they know their peer alone. */
static bool is_about_message(struct tnd_slice line)
{
    return tnd_log_find(line, TND_STR("bytes")) || tnd_log_find(line, TND_STR("<--- ")) ||
           tnd_log_find(line, TND_STR("ransmitting"));
}

bool tnd_log_places(struct tnd_slice line, struct tnd_endpoint *ret_from,
                    struct tnd_endpoint *ret_to)
{
    struct tnd_endpoint from = {0}, to = {0};

    if (read_arrow(line, ret_from, ret_to))
        return true;
    if (!is_about_message(line))
        return false;
    bool has_from = place_behind(line, TND_STR(" from "), &from);
    bool has_to = place_behind(line, TND_STR(" to "), &to);
    if (!has_from && !has_to)
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}
