/* The letters, fields and lines of RFC 8866 §9. */
#include "sdp/text.h"

#include "base/ascii.h"

/* token-char beyond letters and digits (RFC 8866 §9). */
static bool is_token_char(char c)
{
    static const char marks[] = "!#$%&'*+-.^_`{|}~";

    return tnd_is_alnum(c) || memchr(marks, c, sizeof(marks) - 1) != NULL;
}

bool tnd_sdp_is_token(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

bool tnd_sdp_is_word(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f)
            return false;
    return s.len > 0;
}

bool tnd_sdp_is_text(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\0' || s.ptr[i] == '\r' || s.ptr[i] == '\n')
            return false;
    return s.len > 0;
}

bool tnd_sdp_is_proto(struct tnd_slice s)
{
    struct tnd_slice part;

    while (tnd_sdp_cut(&s, '/', &part))
        if (!tnd_sdp_is_token(part))
            return false;
    return tnd_sdp_is_token(part);
}

/* 1*DIGIT [fixed-len-time-unit] */
static bool is_typed_time(struct tnd_slice s)
{
    uint64_t n;

    if (s.len > 1 && memchr("dhms", s.ptr[s.len - 1], 4))
        s.len--;
    return tnd_slice_number(s, UINT64_MAX, &n);
}

bool tnd_sdp_is_repeat(struct tnd_slice s)
{
    struct tnd_slice field;
    size_t count = 0;

    if (!tnd_sdp_is_text(s))
        return false;
    for (; tnd_sdp_field(&s, &field); count++)
        if (!is_typed_time(field) || (count == 0 && field.ptr[0] == '0'))
            return false;
    return count >= 3; /* interval, duration, one offset: RFC 8866 §5.10 */
}

bool tnd_sdp_is_zones(struct tnd_slice s)
{
    struct tnd_slice time, offset;
    size_t count = 0;
    uint64_t n;

    if (!tnd_sdp_is_text(s))
        return false;
    for (; tnd_sdp_field(&s, &time); count++) {
        if (!tnd_slice_number(time, UINT64_MAX, &n) || !tnd_sdp_field(&s, &offset))
            return false;
        if (offset.len > 1 && offset.ptr[0] == '-')
            offset = tnd_slice(offset.ptr + 1, offset.len - 1);
        if (!is_typed_time(offset))
            return false;
    }
    return count > 0;
}

bool tnd_sdp_field(struct tnd_slice *rest, struct tnd_slice *ret)
{
    if (rest->len == 0)
        return false;

    const char *at = rest->ptr, *end = tnd_slice_end(*rest);
    while (at < end && *at == ' ')
        at++;
    const char *first = at;
    while (at < end && *at != ' ')
        at++;
    *rest = tnd_slice_between(at, end);
    if (at == first)
        return false;
    *ret = tnd_slice_between(first, at);
    return true;
}

bool tnd_sdp_is_loose(struct tnd_slice s)
{
    if (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' '))
        return true;
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i - 1] == ' ' && s.ptr[i] == ' ')
            return true;
    return false;
}

bool tnd_sdp_cut(struct tnd_slice *rest, char c, struct tnd_slice *ret)
{
    const char *at = rest->len > 0 ? memchr(rest->ptr, c, rest->len) : NULL;

    if (!at) {
        *ret = *rest;
        *rest = tnd_slice(NULL, 0);
        return false;
    }
    *ret = tnd_slice_between(rest->ptr, at);
    *rest = tnd_slice_between(at + 1, tnd_slice_end(*rest));
    return true;
}

bool tnd_sdp_is_rtp(struct tnd_slice proto)
{
    struct tnd_slice part;

    while (tnd_sdp_cut(&proto, '/', &part))
        if (tnd_slice_eq(part, TND_STR("RTP")))
            return true;
    return false;
}
