/* UTF-8: what its first octet says, and what that does not exclude. */
#include "base/utf8.h"

size_t tnd_utf8_len(struct tnd_slice s)
{
    const unsigned char *c = (const unsigned char *)s.ptr;

    if (s.len == 0 || c[0] > 0xf4)
        return 0;
    size_t len = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    if (len > s.len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    /* RFC 3629 §4: overlong forms, surrogates, and what lies beyond U+10FFFF */
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
        (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
        return 0;
    return len;
}
