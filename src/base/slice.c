/* Slices: comparing, trimming, reading numbers. */
#include "tandem/base.h"

#include "base/ascii.h"

bool tnd_slice_eq_fold(struct tnd_slice a, struct tnd_slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (tnd_lower(a.ptr[i]) != tnd_lower(b.ptr[i]))
            return false;
    return true;
}

int tnd_slice_cmp(struct tnd_slice a, struct tnd_slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

struct tnd_slice tnd_slice_trim(struct tnd_slice s)
{
    while (s.len > 0 && tnd_is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && tnd_is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool tnd_slice_number(struct tnd_slice s, uint64_t max, uint64_t *ret)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!tnd_is_digit(s.ptr[i]) || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n) || n > max)
            return false;
    }
    *ret = n;
    return true;
}
