/* The quick look at the first line. Most of what a capture holds is no SIP, and most of that says so in its
 * first byte: RTP, TLS and DNS do not begin with a letter. */
#include "trace/traced.h"

#include "base/ascii.h"
#include "base/bits.h"
#include "base/vector.h"
#include "tandem/sip/message.h"

enum {
    METHOD_LEN_MAX = 32,
    VERSION_LEN_MAX = 16,
    FIRST_LINE_MAX = TND_URI_LEN_MAX + 64,
};

/* token (RFC 3261 §25.1). */
static bool is_token(char c)
{
    return tnd_is_alnum(c) || (c != '\0' && memchr("-.!%*_+`'~", c, 10));
}

/* "SIP/2.0 ", in any version; or as much of it as there is. */
static enum tnd_look look_version(struct tnd_slice s)
{
    static const char name[] = "sip/";
    size_t i = 0;

    for (; i < s.len && i < 4; i++)
        if (tnd_lower(s.ptr[i]) != name[i])
            return TND_LOOK_NO;
    while (i < s.len && i < VERSION_LEN_MAX && (tnd_is_digit(s.ptr[i]) || s.ptr[i] == '.'))
        i++;
    if (i == s.len)
        return TND_LOOK_MORE;
    return i > 4 && s.ptr[i] == ' ' ? TND_LOOK_SIP : TND_LOOK_NO;
}

/* Whether " SIP/" stands in line, behind the method and a URI. */
static bool has_version(struct tnd_slice line, size_t method)
{
    const char *at = line.ptr, *end = tnd_slice_end(line);

    while (at < end && (at = memchr(at, '/', (size_t)(end - at)))) {
        if ((size_t)(at - line.ptr) > method + 5 && tnd_is_space(at[-4]) &&
            tnd_lower(at[-3]) == 's' && tnd_lower(at[-2]) == 'i' && tnd_lower(at[-1]) == 'p')
            return true;
        at++;
    }
    return false;
}

enum tnd_look tnd_look(struct tnd_slice bytes)
{
    size_t method = 0;
    enum tnd_look look;

    if (bytes.len == 0)
        return TND_LOOK_MORE;
    look = look_version(bytes);
    if (look == TND_LOOK_SIP)
        return look;
    while (method < bytes.len && method <= METHOD_LEN_MAX && is_token(bytes.ptr[method]))
        method++;
    if (method == bytes.len && method <= METHOD_LEN_MAX)
        return TND_LOOK_MORE;
    if (method == 0 || method > METHOD_LEN_MAX || bytes.ptr[method] != ' ')
        return look;
    struct tnd_slice line =
        tnd_slice(bytes.ptr, bytes.len < FIRST_LINE_MAX ? bytes.len : FIRST_LINE_MAX);
    const char *lf = memchr(line.ptr, '\n', line.len);
    if (has_version(lf ? tnd_slice_between(line.ptr, lf) : line, method))
        return TND_LOOK_SIP;
    return lf || line.len == FIRST_LINE_MAX ? TND_LOOK_NO : TND_LOOK_MORE;
}

struct tnd_slice tnd_look_behind(struct tnd_slice bytes)
{
    while (bytes.len > 0 && (*bytes.ptr == '\r' || *bytes.ptr == '\n'))
        bytes = tnd_slice(bytes.ptr + 1, bytes.len - 1);
    return bytes;
}

/* "Content-Length: 142", "l: 142". SIZE_MAX: it is another line. */
static size_t content_length(struct tnd_slice line)
{
    static const struct tnd_slice names[] = {TND_STR_INIT("Content-Length"), TND_STR_INIT("l")};
    uint64_t ret;

    for (size_t i = 0; i < 2; i++) {
        struct tnd_slice name = names[i];

        if (line.len <= name.len || tnd_is_alpha(line.ptr[name.len]) ||
            !tnd_slice_eq_fold(tnd_slice(line.ptr, name.len), name))
            continue;
        struct tnd_slice value =
            tnd_slice_trim(tnd_slice(line.ptr + name.len, line.len - name.len));
        if (value.len > 0 && *value.ptr == ':' &&
            tnd_slice_number(tnd_slice_trim(tnd_slice(value.ptr + 1, value.len - 1)),
                             TND_MESSAGE_LEN_MAX, &ret))
            return (size_t)ret;
    }
    return SIZE_MAX;
}

/* Behind the empty line that ends a head; NULL: there is none. Sixteen bytes at a time, as every datagram that is
 * SIP is asked. */
static const char *behind_head(struct tnd_slice s)
{
    const char *at = s.ptr, *end = tnd_slice_end(s);
    tnd_bytes16 first, second, third;

    for (; end - at >= (ptrdiff_t)sizeof(first) + 2; at += sizeof(first)) {
        memcpy(&first, at, sizeof(first));
        memcpy(&second, at + 1, sizeof(second));
        memcpy(&third, at + 2, sizeof(third));
        uint64_t found =
            tnd_bits16(TND_IS(first, '\n') & TND_IS(second, '\r') & TND_IS(third, '\n'));
        if (found)
            return at + tnd_lowest_bit(found) + 3;
    }
    for (; end - at >= 3; at++)
        if (at[0] == '\n' && at[1] == '\r' && at[2] == '\n')
            return at + 3;
    return NULL;
}

size_t tnd_look_len(struct tnd_slice bytes)
{
    const char *end = behind_head(bytes), *lf;
    size_t rest = end ? (size_t)(tnd_slice_end(bytes) - end) : 0, length = SIZE_MAX;

    if (rest == 0)
        return bytes.len;
    for (const char *at = bytes.ptr; length == SIZE_MAX && at < end; at = lf + 1) {
        lf = memchr(at, '\n', (size_t)(end - at)); /* there is one at the end of each line */
        if ((*at | 0x20) == 'c' || (*at | 0x20) == 'l')
            length = content_length(tnd_slice_between(at, lf));
    }
    return length < rest ? bytes.len - rest + length : bytes.len;
}
