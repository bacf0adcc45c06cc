/* Character classes of RFC 3261 §25.1, one bit each. */
#ifndef SIP_CHARS_H
#define SIP_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tnd_chars {
    TND_CHAR_TOKEN = 1,     /* token */
    TND_CHAR_WORD = 2,      /* word, of a Call-ID */
    TND_CHAR_HOST = 4,      /* letters, digits, - and . */
    TND_CHAR_USER = 8,      /* user, but for escapes */
    TND_CHAR_PASSWORD = 16, /* password, but for escapes */
    TND_CHAR_PARAM = 32,    /* paramchar, but for escapes */
    TND_CHAR_HEADER = 64,   /* hname and hvalue, but for escapes */
    TND_CHAR_URI = 128,     /* uric, but for escapes: of other schemes */
};

extern const uint8_t tnd_char_classes[256];

static inline bool tnd_char_is(char c, enum tnd_chars classes)
{
    return tnd_char_classes[(unsigned char)c] & classes;
}

static inline bool tnd_is_token_char(char c)
{
    return tnd_char_is(c, TND_CHAR_TOKEN);
}

#endif
