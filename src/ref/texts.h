/* The texts of the catalogue: what tandem/ref/explain.h gives, as rows of C, so that the compiler checks
 * the facts and the tools of gettext find the texts.
 *
 * A row is a struct tnd_explanation without what can be computed (phrase, class, title of a registered
 * code). Texts stand in N_(), which is what tools/pot looks for: each is a msgid of po/. They are whole
 * sentences of our own, which end with a full stop, speak to a working engineer, and name the section
 * of the RFC where it matters. */
#ifndef REF_TEXTS_H
#define REF_TEXTS_H

#include "tandem/ref/explain.h"

#define N_(text) text

/* Each ends with a row of code 0, and is in the order of codes. */
extern const struct tnd_explanation tnd_texts_1xx_2xx[], tnd_texts_3xx[], tnd_texts_400_419[],
    tnd_texts_420_439[], tnd_texts_440_489[], tnd_texts_490_513[], tnd_texts_555_608[],
    tnd_texts_field[];

/* What people should know of two codes that they mistake for each other; a is the lower one. */
struct tnd_pair_text {
    uint16_t a, b;
    const char *note;
};

/* Ends with a row of code 0. */
extern const struct tnd_pair_text tnd_pair_texts[];

/* A language as it was compiled in: English texts in the order of their bytes, each with its
 * translation. Made by gen_po.c. */
struct tnd_translation {
    const char *english, *text;
};

struct tnd_translations {
    const struct tnd_translation *row;
    size_t count;
};

extern const struct tnd_translations tnd_translations_ko, tnd_translations_ru, tnd_translations_id,
    tnd_translations_vi;

#endif
