/* Texts of the catalogue with something filled in, on standard output. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdio.h>

#include "ref/texts.h"

/* What {a}, {b}, {c} and {n} of a text stand for. */
struct say {
    struct tnd_slice a, b, c;
    size_t n;
};

/* english, a text in N_(), in lang. Values are words of others: one line, without escape sequences. */
void say_put(enum tnd_lang lang, const char *english, const struct say *values);

/* A value of a header field on one line: RFC 3261 §7.3.1 lets a fold be read as a single space. */
void say_value(struct tnd_slice value);

#endif
