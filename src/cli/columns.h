/* Text laid out for a terminal: wrapped to a width, or two texts side by side. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stdio.h>

#include "tandem/base.h"

enum { COLUMNS_SIDE_MIN = 100 /* narrower terminals have one below the other */ };

/* How many columns text takes: wide characters two, combining ones none. */
int columns_width(struct tnd_slice text);

/* The next line of text, of at most width columns, broken at a space where there is one. Spaces at the break
 * are in neither line. False: there is no more. text goes on behind the line. */
bool columns_next(struct tnd_slice *text, int width, struct tnd_slice *ret);

/* Wraps text to width, each line behind indent spaces; the first has mark at the end of them. */
void columns_put(FILE *out, struct tnd_slice text, int width, int indent, const char *mark);

/* Wraps both, beside each other, in a line of width columns. */
void columns_put_both(FILE *out, struct tnd_slice left, struct tnd_slice right, int width,
                      int indent);

/* Of the terminal that out is, or COLUMNS, or 80. */
int columns_of(FILE *out);

#endif
