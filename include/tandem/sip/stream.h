/* tandem/sip/stream.h: bytes of a connection in, messages out (RFC 3261 §18.3).
 *
 * The caller owns the buffer. It appends what it reads, asks for what stands at the front,
 * and drops that from the buffer:
 *
 *     while ((got = tnd_stream_next(&s, &arena, buffered, &msg, &used)) != TND_STREAM_MORE) {
 *         ...
 *         buffered = drop(used);
 *     }
 *
 * However the bytes arrive, one at a time or all at once, the answers are the same, and each
 * byte is looked at a bounded number of times.
 */
#ifndef TANDEM_SIP_STREAM_H
#define TANDEM_SIP_STREAM_H

#include "tandem/sip/message.h"

struct tnd_stream {
    size_t message_max; /* bytes; a longer message is flawed MESSAGE_LEN */
    bool awaits_pong;   /* we sent a ping: the next CRLF is its answer (RFC 5626 §3.5.1) */
    size_t scanned;     /* of buffered, without an empty line */
    size_t wanted;      /* length of the message at the front, once known */
};

enum tnd_stream_got {
    TND_STREAM_MORE,    /* nothing whole yet; read on */
    TND_STREAM_MESSAGE, /* ret_msg is filled, borrows from buffered */
    TND_STREAM_PING,    /* CRLF CRLF: answer with CRLF (RFC 5626 §3.5.1) */
    TND_STREAM_PONG,    /* CRLF while awaits_pong, which is false again */
    TND_STREAM_BROKEN,  /* what is there is no SIP, or beyond a bound: ret_msg says why as far
                         * as it can be told, borrows from a; answer if its verdict is to,
                         * then close the connection: nothing more can be read from it */
    TND_STREAM_NOMEM,   /* a is over; nothing has been used, try again with more */
};

/* message_max 0: TND_MESSAGE_LEN_MAX. */
void tnd_stream_init(struct tnd_stream *s, size_t message_max);

/* What stands at the front of buffered, which starts where the last *ret_used ended. Empty
 * lines in front of a message are skipped (RFC 3261 §7.5). The message has been parsed, not
 * checked. A message whose verdict closes (struct tnd_verdict) is the last one. */
enum tnd_stream_got tnd_stream_next(struct tnd_stream *s, struct tnd_arena *a,
                                    struct tnd_slice buffered, struct tnd_msg *ret_msg,
                                    size_t *ret_used);

#endif
