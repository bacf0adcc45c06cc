/* Text as a terminal has it: how wide characters are, where lines are broken, and what is shown in place of
 * what a terminal would obey, or read from right to left. Text is UTF-8, whatever it is said to be. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include "tandem/base.h"

/* One character as it is shown. */
struct tnd_glyph {
    struct tnd_slice bytes; /* of the text */
    uint32_t point;         /* of what is no UTF-8: U+FFFD */
    unsigned width;         /* columns: wide characters have two, combining ones none */
    bool is_plain;          /* else each byte is shown as "\x1b" */
};

/* The next one of text, which goes on behind it. False: there is none. */
bool tnd_glyph_next(struct tnd_slice *text, struct tnd_glyph *ret);

/* As it is shown, to w. */
void tnd_put_glyph(struct tnd_writer *w, const struct tnd_glyph *glyph);
void tnd_put_plain(struct tnd_writer *w, struct tnd_slice text);

/* How many columns text takes. */
unsigned tnd_columns_width(struct tnd_slice text);

/* The next line of text, of at most width columns, broken at a space where there is one. Spaces at the break
 * are in neither line. False: there is no more. text goes on behind the line. */
bool tnd_columns_next(struct tnd_slice *text, unsigned width, struct tnd_slice *ret);

/* As much of the start of text as fits width columns. */
struct tnd_slice tnd_columns_cut(struct tnd_slice text, unsigned width);

#endif
