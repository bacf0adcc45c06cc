/* ASCII without a locale: what ctype.h would say in "C", whatever the program has set. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

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
