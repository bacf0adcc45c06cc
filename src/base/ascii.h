/* ASCII without a locale: what ctype.h would say in "C", whatever the program has set. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>

static inline bool tnd_is_digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

static inline bool tnd_is_alpha(char c)
{
    return (unsigned char)((c | 0x20) - 'a') <= 'z' - 'a';
}

static inline bool tnd_is_alnum(char c)
{
    return tnd_is_digit(c) || tnd_is_alpha(c);
}

static inline char tnd_lower(char c)
{
    return (unsigned char)(c - 'A') <= 'Z' - 'A' ? (char)(c | 0x20) : c;
}

#define TND_EACH_OCTET(n) ((uint64_t)(n)*0x0101010101010101)

/* Eight characters at once. Without its top bit an octet can be added to without reaching into
 * the next: the top bit of the sum then says whether it was at least some letter. */
static inline uint64_t tnd_lower_eight(uint64_t octets)
{
    uint64_t low = octets & TND_EACH_OCTET(0x7f);
    uint64_t from_a = low + TND_EACH_OCTET(0x80 - 'A');
    uint64_t behind_z = low + TND_EACH_OCTET(0x7f - 'Z');
    uint64_t is_upper = from_a & ~behind_z & ~octets & TND_EACH_OCTET(0x80);

    return octets | is_upper >> 2; /* 0x80 becomes 0x20, which is what letters differ by */
}

/* LWS of RFC 3261 §25.1: SP and HTAB, and CR and LF where a line is folded. */
static inline bool tnd_is_space(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

/* The end of the white space at at. */
static inline const char *tnd_behind_space(const char *at, const char *end)
{
    while (at < end && tnd_is_space(*at))
        at++;
    return at;
}

/* What may stand in a value only escaped, in a quoted string (RFC 3261 §25.1). */
static inline bool tnd_is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* The value of a hexadecimal digit, or -1. */
static inline int tnd_hex_value(char c)
{
    if (tnd_is_digit(c))
        return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

#endif
