/* Patterns of * and ?. A * takes as little as it can; when the rest does not fit, the last one
 * takes a character more, and those before it never do: what the pieces between them found first
 * leaves the most room for the others. So there is no recursion and no exponential search. */
#include "base/ascii.h"
#include "base/utf8.h"
#include "redirect/parts.h"

/* One character, or one octet that is of none. */
struct letter {
    char octets[4];
    size_t count;
    size_t len; /* how much of the text it takes */
};

/* The first octet of rest, which is not empty, and how much of rest it takes. */
static size_t octet_of(struct tnd_slice rest, bool escaped, char *ret)
{
    const char *p = rest.ptr;

    if (escaped && rest.len >= 3 && p[0] == '%' && tnd_hex_value(p[1]) >= 0 &&
        tnd_hex_value(p[2]) >= 0) {
        *ret = (char)(tnd_hex_value(p[1]) << 4 | tnd_hex_value(p[2]));
        return 3;
    }
    *ret = p[0];
    return 1;
}

static struct tnd_slice behind(struct tnd_slice text, size_t len)
{
    return tnd_slice(text.ptr + len, text.len - len);
}

/* The octets of a character may be escaped one by one (RFC 3261 §19.1.2). */
static struct letter letter_of(struct tnd_slice rest, bool escaped)
{
    struct letter l = {.count = 1};
    size_t ends[sizeof(l.octets)];

    l.len = ends[0] = octet_of(rest, escaped, &l.octets[0]);
    if ((unsigned char)l.octets[0] < 0x80)
        return l;
    size_t count = 1;
    for (size_t at = l.len; count < sizeof(l.octets) && at < rest.len; count++) {
        at += octet_of(behind(rest, at), escaped, &l.octets[count]);
        ends[count] = at;
    }
    size_t len = tnd_utf8_len(tnd_slice(l.octets, count));
    if (len > 0) {
        l.count = len;
        l.len = ends[len - 1];
    }
    return l;
}

static bool same_octets(const char *a, const char *b, size_t count, bool fold)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i] && (!fold || tnd_lower(a[i]) != tnd_lower(b[i])))
            return false;
    return true;
}

/* How much of the pattern is used up by the letter; 0: it does not fit. */
static size_t fits(struct tnd_slice pattern, const struct letter *l, bool fold)
{
    if (pattern.len > 0 && pattern.ptr[0] == '?')
        return 1;
    if (pattern.len < l->count || !same_octets(pattern.ptr, l->octets, l->count, fold))
        return 0;
    return l->count;
}

static bool is_star(struct tnd_slice pattern)
{
    return pattern.len > 0 && pattern.ptr[0] == '*';
}

bool wild_match(struct tnd_slice pattern, struct tnd_slice text, struct wild_how how)
{
    struct tnd_slice star = {NULL, 0},
                     taken = text; /* behind the last *, and behind what it took */

    while (text.len > 0) {
        if (is_star(pattern)) {
            pattern = star = behind(pattern, 1);
            taken = text;
            continue;
        }
        struct letter l = letter_of(text, how.escaped);
        size_t used = fits(pattern, &l, how.fold);
        if (used > 0) {
            pattern = behind(pattern, used);
            text = behind(text, l.len);
        } else if (star.ptr) {
            l = letter_of(taken, how.escaped);
            text = taken = behind(taken, l.len);
            pattern = star;
        } else {
            return false;
        }
    }
    while (is_star(pattern))
        pattern = behind(pattern, 1);
    return pattern.len == 0;
}
