/* What a line of a log is: none of these functions knows the others' lines. */
#ifndef TRACE_LOG_LINE_H
#define TRACE_LOG_LINE_H

#include "tandem/transport/endpoint.h"

/* Where in line a start line begins that goes to its end: at 0, behind white space, or behind what a log has
 * put in front. SIZE_MAX: there is none. */
size_t tnd_log_start(struct tnd_slice line);

/* "Name:" */
bool tnd_log_is_field(struct tnd_slice line);

bool tnd_log_is_blank(struct tnd_slice line);

/* "-----", "<------>", "~~~~": what parts one thing from the next. */
bool tnd_log_is_rule(struct tnd_slice line);

/* A line of another kind that got between those of a message: it begins with a time, or a bracket. */
bool tnd_log_is_foreign(struct tnd_slice line);

/* From where to where what follows went, as far as it is said: "A -> B", "recv 500 bytes from A", "<--- Transmitting
 * SIP request (500 bytes) to B --->". false: it says nothing of the kind; ret is untouched. */
bool tnd_log_places(struct tnd_slice line, struct tnd_endpoint *ret_from,
                    struct tnd_endpoint *ret_to);

/* "1.2.3.4:5060", "UDP:1.2.3.4:5060", "udp/[1.2.3.4]:5060", "[2001:db8::1]:5060", "2001:db8::1:5060". */
bool tnd_log_place(struct tnd_slice word, struct tnd_endpoint *ret);

/* Whether s has part in it, and where. */
const char *tnd_log_find(struct tnd_slice s, struct tnd_slice part);

static inline bool tnd_log_begins(struct tnd_slice s, struct tnd_slice with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

#endif
