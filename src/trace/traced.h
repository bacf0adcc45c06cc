/* A message as a capture or a log shows it, and the quick look that tells SIP from anything else. */
#ifndef TRACE_TRACED_H
#define TRACE_TRACED_H

#include "tandem/transport/endpoint.h"

/* Borrows its bytes from whoever gives it out. */
struct tnd_traced {
    int64_t at; /* microseconds since 1970-01-01 UTC, or since whatever the source counts from */
    uint64_t number; /* of the frame in which it ended, or of the line in which it began; from 1 */
    struct tnd_endpoint from, to; /* family NONE: not known */
    struct tnd_slice bytes;
    bool is_cut; /* not all of it is there */
};

enum tnd_look {
    TND_LOOK_NO,
    TND_LOOK_MORE, /* it may be SIP; the bytes end before that can be said */
    TND_LOOK_SIP,
};

/* Whether a SIP message begins here: "SIP/2.0 ", or a method, something, and on the same line " SIP/". No port says so, and
 * no byte behind the first line is looked at. Without empty lines in front: tnd_look_behind(). */
enum tnd_look tnd_look(struct tnd_slice bytes);

/* How long the message at the front is, as its Content-Length says; all of bytes if it does not, or says more. */
size_t tnd_look_len(struct tnd_slice bytes);

/* Without CR and LF in front (RFC 3261 §7.5). */
struct tnd_slice tnd_look_behind(struct tnd_slice bytes);

#endif
