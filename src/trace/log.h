/* Text logs become messages: of Kamailio (xlog, sipdump), Asterisk (pjsip, chan_sip), FreeSWITCH (sofia), pjsua, sngrep, ngrep,
 * or messages one after another.
 *
 *     tnd_log_new(&mem, &log);
 *     for each piece of the file:
 *         tnd_log_feed(log, piece);
 *         while (tnd_log_next(log, &traced))
 *             ...
 *     tnd_log_end(log);
 *     while (tnd_log_next(log, &traced))
 *         ...
 *
 * Nobody says which log it is, and a file may have several. A message is a start line and a header field below
 * it; what stands in front of the former is taken off the lines that follow: an indentation, or the columns of a
 * syslog. Where the text says less than the message was, which is where lines end, CRLF is put back. Lines of
 * other things, before, between and within, are passed over; the last one that names a time and addresses says
 * when and where the next message was. */
#ifndef TRACE_LOG_H
#define TRACE_LOG_H

#include "trace/traced.h"

enum { TND_LOG_LINE_MAX = 131072 }; /* bytes; the rest of a longer line is passed over */

struct tnd_log;

/* Keeps mem. TND_ENOMEM. Nothing is taken later. */
int tnd_log_new(const struct tnd_mem *mem, struct tnd_log **ret);
void tnd_log_free(struct tnd_log **log); /* of NULL: fine */

/* The next bytes of the file, cut anywhere. Kept until tnd_log_next() is false. */
void tnd_log_feed(struct tnd_log *log, struct tnd_slice bytes);
void tnd_log_end(struct tnd_log *log); /* nothing more will come */

/* false: there is none now. Else ret is one, until the next call of any of these. */
bool tnd_log_next(struct tnd_log *log, struct tnd_traced *ret);

uint64_t tnd_log_line_count(const struct tnd_log *log); /* so far */

#endif
