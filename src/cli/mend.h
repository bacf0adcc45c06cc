/* Messages that were pasted from a log or saved by an editor. */
#ifndef CLI_MEND_H
#define CLI_MEND_H

#include "tandem/base.h"

struct mended {
    struct tnd_slice text;
    unsigned lines, columns; /* that were taken away in front */
};

/* How long the byte order mark at the start of bytes is; 0: there is none. */
unsigned mend_mark(struct tnd_slice bytes);

/* Spaces and tabs that a line starts with: up to max, less if other characters come first. */
unsigned mend_indentation(struct tnd_slice line, unsigned max);

/* Takes a byte order mark, empty lines in front and the indentation of the first line away,
 * ends each line with CRLF, and adds the empty line behind the header fields if there is none.
 * Copies bytes; the caller frees ret->text.ptr. 0, or TND_ENOMEM. */
int mend(struct tnd_slice bytes, struct mended *ret);

#endif
