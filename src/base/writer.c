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

#define EACH_OCTET(n) ((uint64_t)(n)*0x0101010101010101)

/* Eight characters at once. Without its top bit an octet can be added to without reaching into
 * the next: the top bit of the sum then says whether it was at least some letter. */
static uint64_t lower_eight(uint64_t octets)
{
    uint64_t low = octets & EACH_OCTET(0x7f);
    uint64_t from_a = low + EACH_OCTET(0x80 - 'A'), behind_z = low + EACH_OCTET(0x7f - 'Z');
    uint64_t is_upper = from_a & ~behind_z & ~octets & EACH_OCTET(0x80);

    return octets | is_upper >> 2; /* 0x80 becomes 0x20, which is what letters differ by */
}

void tnd_put_lower(struct tnd_writer *w, struct tnd_slice s)
{
    size_t at = w->len, i = 0;

    w->len += s.len;
    if (s.len > w->size || at > w->size - s.len)
        return;
    for (uint64_t eight; s.len - i >= 8; i += 8) {
        memcpy(&eight, s.ptr + i, 8);
        eight = lower_eight(eight);
        memcpy(w->ptr + at + i, &eight, 8);
    }
    for (; i < s.len; i++)
        w->ptr[at + i] = tnd_lower(s.ptr[i]);
}
