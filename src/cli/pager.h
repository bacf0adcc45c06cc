/* What is longer than a screen goes through a pager. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <stdio.h>

/* Where to write: the standard input of $PAGER, else of less, if standard output is a terminal; else, and for
 * an empty PAGER or "cat", standard output itself. */
FILE *pager_start(void);

/* Waits until the reader has left. */
void pager_end(FILE *out);

#endif
