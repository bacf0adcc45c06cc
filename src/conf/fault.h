/* Collecting what is wrong with a configuration, and saying where. */
#ifndef CONF_FAULT_H
#define CONF_FAULT_H

#include "conf/conf.h"

/* Where something stands: a chain from a value up to the whole file, each on the stack of the
 * function that reads that part. */
struct conf_at {
    const struct conf_at *up; /* NULL: the whole file */
    const char *name;         /* of a key; NULL: an entry of a list */
    size_t index;             /* of the entry */
    unsigned line;            /* that of the next one up if it stands nowhere itself */
};

/* Adds one, in its place by line. */
void conf_fault(struct tnd_conf_faults *faults, enum tnd_conf_severity severity,
                const struct conf_at *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The part of text that is quoted to people: not too long, no character torn. */
struct tnd_slice conf_cut(struct tnd_slice text);

/* '%.*s' of text that came from the file */
#define CONF_FMT(text) TND_FMT(conf_cut(text))

#endif
