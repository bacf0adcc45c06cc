/* The first line: Request-Line or Status-Line (RFC 3261 §7.1, §7.2). */
#include "base/ascii.h"
#include "base/vector.h"
#include "ref/names.h"
#include "sip/chars.h"
#include "sip/cursor.h"
#include "sip/message.h"

/* "SIP/" digits "." digits: another version than ours is told apart from another protocol. */
static bool is_sip_version(struct tnd_slice s)
{
    struct tnd_slice name = tnd_slice(s.ptr, s.len < 4 ? s.len : 4);
    const char *at = s.ptr + name.len, *end = tnd_slice_end(s);

    if (!tnd_slice_eq_fold(name, TND_STR("SIP/")))
        return false;
    const char *major = at;
    while (at < end && tnd_is_digit(*at))
        at++;
    if (at == major || at == end || *at != '.')
        return false;
    const char *minor = ++at;
    while (at < end && tnd_is_digit(*at))
        at++;
    return at == end && at > minor;
}

/* RFC 3261 §7.1: the version is compared without case. */
static bool is_our_version(struct tnd_slice s)
{
    return tnd_slice_eq_fold(s, TND_STR("SIP/2.0"));
}

static struct tnd_slice up_to_space(struct tnd_slice s)
{
    const char *space = s.len > 0 ? memchr(s.ptr, ' ', s.len) : NULL;

    return space ? tnd_slice_between(s.ptr, space) : s;
}

static struct tnd_slice behind_last_space(struct tnd_slice s)
{
    const char *at = tnd_slice_end(s);

    while (at > s.ptr && at[-1] != ' ')
        at--;
    return tnd_slice_between(at, tnd_slice_end(s));
}

/* Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF, as nearly all are. false: look
 * again. */
static bool read_plain_status_line(struct tnd_msg *msg, struct tnd_slice line)
{
    const char *p = line.ptr;

    if (line.len < 12 || memcmp(p, "SIP/2.0 ", 8) != 0 || p[8] < '1' || p[8] > '6' ||
        !tnd_is_digit(p[9]) || !tnd_is_digit(p[10]) || p[11] != ' ')
        return false;
    msg->kind = TND_MSG_RESPONSE;
    msg->code = (uint16_t)((p[8] - '0') * 100 + (p[9] - '0') * 10 + (p[10] - '0'));
    msg->reason = tnd_slice_between(p + 12, tnd_slice_end(line));
    return true;
}

/* The same, whatever is wrong with it. True: it is meant as one. */
static bool read_status_line(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice line)
{
    struct tnd_slice version = up_to_space(line);
    if (!is_sip_version(version))
        return false;
    msg->kind = TND_MSG_RESPONSE;
    if (!is_our_version(version))
        tnd_msg_note(msg, a, TND_RULE_VERSION, version);
    if (version.len == line.len) {
        tnd_msg_note(msg, a, TND_RULE_STATUS_CODE, line);
        return true;
    }
    struct tnd_slice rest = tnd_slice(line.ptr + version.len + 1, line.len - version.len - 1);
    struct tnd_slice digits = up_to_space(rest);
    uint64_t code;
    if (digits.len != 3 || !tnd_slice_number(digits, 699, &code) || code < 100)
        tnd_msg_note(msg, a, TND_RULE_STATUS_CODE, digits);
    else
        msg->code = (uint16_t)code;
    /* the space behind the code is due even before an empty phrase; who forgets it is
     * understood all the same */
    if (digits.len < rest.len)
        msg->reason = tnd_slice_between(rest.ptr + digits.len + 1, tnd_slice_end(rest));
    else
        msg->reason = tnd_slice(tnd_slice_end(rest), 0);
    return true;
}

static bool has_space(struct tnd_slice s)
{
    return s.len > 0 && (memchr(s.ptr, ' ', s.len) || memchr(s.ptr, '\t', s.len));
}

/* A request line that is not as it should be: spaces too many, at the end or within. Reads
 * what can be read, for the answer and the explanation. */
static void read_odd_request_line(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice line)
{
    struct tnd_slice whole = tnd_slice_trim(line);
    struct tnd_slice version = behind_last_space(whole);
    struct tnd_slice method = up_to_space(whole);

    if (!is_sip_version(version) || method.len + version.len >= whole.len) {
        tnd_msg_note(msg, a, TND_RULE_START_LINE, line);
        return;
    }
    msg->kind = TND_MSG_REQUEST;
    msg->method_name = method;
    msg->uri = tnd_slice_trim(tnd_slice_between(tnd_slice_end(method), version.ptr));
    if (line.len != method.len + msg->uri.len + version.len + 2 || has_space(msg->uri))
        tnd_msg_note(msg, a, TND_RULE_REQUEST_LINE, line);
    if (!is_our_version(version))
        tnd_msg_note(msg, a, TND_RULE_VERSION, version);
}

/* The first character from p on that is a space or below. There is one, and from it on sixteen
 * bytes can be read. */
static inline const char *find_blank(const char *p)
{
    tnd_bytes16 bytes;
    uint64_t blank;

    for (;; p += sizeof(bytes)) {
        memcpy(&bytes, p, sizeof(bytes));
        blank = tnd_bits16(TND_WITHIN(bytes, 0, ' '));
        if (blank)
            return p + tnd_lowest_bit(blank);
    }
}

/* Request-Line = Method SP Request-URI SP SIP-Version CRLF, as nearly all are: spelled as we
 * spell it, the method without % and `. false: look again. */
static bool read_plain_request_line(struct tnd_msg *msg, struct tnd_slice line)
{
    static const char tail[8] = " SIP/2.0";
    struct tnd_cursor c = tnd_cursor_over(line, msg->head, msg->marks);

    if (line.len < sizeof(tail))
        return false;
    tnd_aim(&c, line.ptr);
    const char *space = tnd_mark(&c, c.at), *uri_end = c.end - sizeof(tail);
    if (space + 1 >= uri_end || space == line.ptr || *space != ' ' ||
        memcmp(uri_end, tail, sizeof(tail)) != 0)
        return false;
    if (c.limit - uri_end < (ptrdiff_t)sizeof(tnd_bytes16) || find_blank(space + 1) != uri_end)
        return false;
    msg->kind = TND_MSG_REQUEST;
    msg->method_name = tnd_slice_between(line.ptr, space);
    msg->uri = tnd_slice_between(space + 1, uri_end);
    if (msg->method_name.len <= TND_NAME_LEN_MAX)
        msg->method = (uint8_t)tnd_name_find(&tnd_method_table, line.ptr, msg->method_name.len,
                                             TND_NAME_EXACT);
    return true;
}

/* The same, where the version is in another case or the method has a % or `. */
static void read_request_line(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice line)
{
    struct tnd_slice method = up_to_space(line), version = behind_last_space(line);

    if (!is_our_version(version) || line.len < method.len + version.len + 3) {
        read_odd_request_line(msg, a, line);
        return;
    }
    struct tnd_slice uri = tnd_slice_between(tnd_slice_end(method) + 1, version.ptr - 1);
    if (has_space(uri)) {
        read_odd_request_line(msg, a, line);
        return;
    }
    msg->kind = TND_MSG_REQUEST;
    msg->method_name = method;
    msg->uri = uri;
}

void tnd_read_start_line(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice line)
{
    if (read_plain_request_line(msg, line) || read_plain_status_line(msg, line) ||
        read_status_line(msg, a, line))
        return;
    read_request_line(msg, a, line);
    if (msg->kind != TND_MSG_REQUEST)
        return;
    msg->method = (uint8_t)tnd_method_find(msg->method_name);
    if (msg->method == TND_METHOD_OTHER && !tnd_is_token(msg->method_name))
        tnd_msg_note(msg, a, TND_RULE_METHOD, msg->method_name);
}
