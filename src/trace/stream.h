/* TCP connections of a capture, both sides of each: segments in, SIP messages out, on whatever port.
 *
 * A connection may have begun before the capture did, and lose segments; reading goes on at the next start line
 * or frame. What hostile captures can grow is bounded: then the connection that was silent longest is forgotten. */
#ifndef TRACE_STREAM_H
#define TRACE_STREAM_H

#include "base/siphash.h"
#include "trace/packet.h"
#include "trace/traced.h"

enum {
    TND_STREAMS_COUNT_MAX = 32768,   /* connections */
    TND_STREAMS_SIZE_MAX = 67108864, /* bytes that wait for more of their message, of all */
};

struct tnd_streams;

/* Keeps mem. TND_ENOMEM. */
int tnd_streams_new(const struct tnd_mem *mem, const struct tnd_siphash_key *secret,
                    struct tnd_streams **ret);
void tnd_streams_free(struct tnd_streams **s); /* of NULL: fine */

/* A segment; borrowed until tnd_streams_next() is false. Ask that until it is before the next one. TND_ENOMEM: it
 * is as if it had not been captured. */
int tnd_streams_feed(struct tnd_streams *s, const struct tnd_packet *packet);

/* Nothing more will come. */
void tnd_streams_end(struct tnd_streams *s);

/* false: there is no message now. Else ret is one, until the next call of any of these. */
bool tnd_streams_next(struct tnd_streams *s, struct tnd_traced *ret);

struct tnd_streams_stats {
    uint64_t gaps;      /* bytes that are missing between others */
    uint64_t forgotten; /* connections, for want of room */
    uint64_t encrypted; /* sides that speak TLS */
    size_t open, size;  /* connections now, and bytes that they have taken */
};
struct tnd_streams_stats tnd_streams_stats(const struct tnd_streams *s);

#endif
