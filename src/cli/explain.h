/* The parts of tandem explain. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <stdio.h>

#include "tandem/ref/explain.h"

struct explain {
    enum tnd_lang lang;
    bool json;
    FILE *out; /* for people */
    int width; /* of it */
    bool colour;
};

/* For people. */
void explain_show(const struct explain *x, unsigned code);
void explain_show_both(const struct explain *x, unsigned a, unsigned b);
void explain_show_list(const struct explain *x, const uint16_t *codes, size_t count);

enum { EXPLAIN_FOUND_COUNT_MAX = 128 /* more than there are codes with texts */ };

/* The codes that words are about, the best first: those whose title is words; else those that have all
 * words in the title; else those that have them in a text. In lang, or in English. */
size_t explain_find(enum tnd_lang lang, const char *words,
                    uint16_t ret[static EXPLAIN_FOUND_COUNT_MAX]);

/* The code whose title, in lang or in English, is least unlike words; 0: none is like them. */
unsigned explain_near(enum tnd_lang lang, const char *words);

/* Makes text, in UTF-8, what a search compares: small letters without marks, each in one form. It does not get
 * longer. */
void explain_fold(char *text);

#endif
