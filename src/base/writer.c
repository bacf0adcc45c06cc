/* Writer: the puts that are more than a copy. */
#include "base/ascii.h"
#include "tandem/base.h"

void tnd_put_str(struct tnd_writer *w, const char *str)
{
    tnd_put(w, tnd_slice_str(str));
}

void tnd_put_number(struct tnd_writer *w, uint64_t n)
{
    char digits[20]; /* 2^64 - 1 has twenty */
    char *first = digits + sizeof(digits);

    do {
        *--first = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    tnd_put(w, tnd_slice_between(first, digits + sizeof(digits)));
}

void tnd_put_hex(struct tnd_writer *w, const void *bytes, size_t len)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *byte = bytes;

    if (w->len > w->size || len > (w->size - w->len) / 2) {
        w->len += 2 * len;
        return;
    }
    for (size_t i = 0; i < len; i++) {
        tnd_put_char(w, digit[byte[i] >> 4]);
        tnd_put_char(w, digit[byte[i] & 15]);
    }
}

void tnd_put_lower(struct tnd_writer *w, struct tnd_slice s)
{
    size_t at = w->len, i = 0;

    w->len += s.len;
    if (s.len > w->size || at > w->size - s.len)
        return;
    for (uint64_t eight; s.len - i >= 8; i += 8) {
        memcpy(&eight, s.ptr + i, 8);
        eight = tnd_lower_eight(eight);
        memcpy(w->ptr + at + i, &eight, 8);
    }
    for (; i < s.len; i++)
        w->ptr[at + i] = tnd_lower(s.ptr[i]);
}
