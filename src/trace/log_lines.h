/* The lines of a log: whole, without colours, and those that a syslog has put into one record apart again. */
#ifndef TRACE_LOG_LINES_H
#define TRACE_LOG_LINES_H

#include "tandem/base.h"

struct tnd_log_lines {
    const struct tnd_mem *mem;
    struct tnd_slice left;   /* fed, and not yet read */
    struct tnd_slice record; /* what is left of a line that holds several */
    struct tnd_slice line;   /* the present one, without its end */
    bool has_cr;             /* it ended with CR LF */
    bool is_ended;           /* nothing more will be fed */
    bool is_record;          /* the line is of a record */
    uint64_t number;
    size_t len; /* of the beginning of a line whose end has not come */
    char *room; /* for that; and behind it for a record */
};

int tnd_log_lines_init(struct tnd_log_lines *l, const struct tnd_mem *mem);
void tnd_log_lines_fini(struct tnd_log_lines *l);

enum tnd_log_lines_got {
    TND_LOG_LINES_LINE,   /* l->line, until the next call */
    TND_LOG_LINES_RECORD, /* the lines of one record are over */
    TND_LOG_LINES_END,    /* there are none any more */
    TND_LOG_LINES_MORE,   /* they want to be fed */
};

enum tnd_log_lines_got tnd_log_lines_next(struct tnd_log_lines *l);

#endif
