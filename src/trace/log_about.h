/* What the lines of a log say of the message that follows them: when it was, from where, and to where. */
#ifndef TRACE_LOG_ABOUT_H
#define TRACE_LOG_ABOUT_H

#include "tandem/transport/endpoint.h"

struct tnd_log_about {
    int64_t now, day;             /* microseconds, and days, as the last line that said it */
    struct tnd_endpoint from, to; /* family NONE: not said, or too long ago */
    unsigned age;                 /* other lines since then */
};

/* A line that is of no message. */
void tnd_log_about_note(struct tnd_log_about *about, struct tnd_slice line);

/* The message that it was about has come. */
void tnd_log_about_forget(struct tnd_log_about *about);

#endif
