/* A ladder of messages as a picture: inline SVG in the colours of the page. */
#ifndef WEB_LADDER_H
#define WEB_LADDER_H

#include "tandem/base.h"

enum {
    TND_LADDER_PARTY_COUNT_MAX = 6,
    TND_LADDER_LINE_COUNT_MAX = 200, /* more is no picture any more: the rest is left out */
};

struct tnd_ladder_line {
    uint8_t from, to;      /* parties; the same one twice: a remark at it */
    struct tnd_slice text; /* "302 Moved Temporarily" */
};

/* Borrows all. */
struct tnd_ladder {
    const char *title;                             /* what is drawn, for who cannot see it */
    const char *party[TND_LADDER_PARTY_COUNT_MAX]; /* from the left; NULL ends them */
    const struct tnd_ladder_line *line;
    size_t line_count;
};

void tnd_ladder_write(struct tnd_writer *w, const struct tnd_ladder *ladder);

#endif
