/* A capture becomes messages: frames in, SIP messages out, whatever carried them.
 *
 *     tnd_tap_new(&mem, &secret, &tap);
 *     for each frame:
 *         tnd_tap_feed(tap, &frame);
 *         while (tnd_tap_next(tap, &traced))
 *             ...
 *     tnd_tap_end(tap);
 *     while (tnd_tap_next(tap, &traced))       what never became whole
 *         ...
 *
 * A datagram that was captured twice, as on the interface "any", is given out twice: whoever makes calls of messages
 * knows it again. */
#ifndef TRACE_TAP_H
#define TRACE_TAP_H

#include "trace/stream.h"

struct tnd_tap;

/* Keeps mem. secret is of hashes. TND_ENOMEM. */
int tnd_tap_new(const struct tnd_mem *mem, const struct tnd_siphash_key *secret,
                struct tnd_tap **ret);
void tnd_tap_free(struct tnd_tap **tap); /* of NULL: fine */

/* Its bytes are borrowed until tnd_tap_next() is false. */
void tnd_tap_feed(struct tnd_tap *tap, const struct tnd_frame *frame);
void tnd_tap_end(struct tnd_tap *tap); /* nothing more will come */

/* false: there is none now. Else ret is one, until the next call of any of these. */
bool tnd_tap_next(struct tnd_tap *tap, struct tnd_traced *ret);

struct tnd_tap_stats {
    uint64_t frames;
    uint64_t broken; /* frames in which something does not fit */
    uint64_t messages;
    uint64_t fragments_lost; /* datagrams that stayed in pieces */
    struct tnd_streams_stats streams;
};
struct tnd_tap_stats tnd_tap_stats(const struct tnd_tap *tap);

#endif
