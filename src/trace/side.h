/* One side of a TCP connection as it was captured: segments come in any order, more than once, overlapping, or
 * not at all; bytes go out in their order (RFC 9293 §3.4).
 *
 * What was read is not read again: of segments that overlap, the first one counts. What is missing is waited
 * for as long as it may come yet. The other side's ACK of it says that it was on the wire, and that it is the
 * capture that lacks it; then, or when too much waits behind it, it is a gap. */
#ifndef TRACE_SIDE_H
#define TRACE_SIDE_H

#include "trace/packet.h"
#include "trace/purse.h"

enum {
    TND_SIDE_AHEAD_COUNT_MAX = 256,   /* segments that wait for one that is missing */
    TND_SIDE_AHEAD_SIZE_MAX = 262144, /* bytes of them */
    TND_SIDE_JUMP_MAX = 1 << 26,      /* bytes: farther away it is another connection */
    TND_SIDE_ACKED_WAIT = 50000,      /* microseconds: captures mix up packets a little */
    TND_SIDE_WAIT = 3000000,          /* microseconds: it was sent again by then */
};

struct tnd_segment;

struct tnd_side {
    uint32_t first,
        next;     /* sequence numbers: of the first byte, and of the next that is to be read */
    uint32_t end; /* of FIN, if has_end */
    bool is_begun, has_end;
    bool is_acked;             /* the other side has what the first of ahead waits for */
    bool has_fresh;            /* the segment that just came is next */
    bool is_gap;               /* bytes are missing here */
    int64_t acked_at, held_at; /* since when, of the first of ahead */
    struct tnd_slice fresh;    /* borrowed from the packet */
    size_t fresh_missing;      /* bytes behind it that the capture cut off */
    struct tnd_segment *ahead; /* in their order */
    size_t ahead_count, ahead_size;
    struct tnd_segment *lent; /* its bytes were given out last */
};

enum tnd_side_put {
    TND_SIDE_GOES_ON,
    TND_SIDE_BEGINS, /* with SYN: all that came before is of another connection */
    TND_SIDE_JOINED, /* somewhere in the middle of a connection */
};

/* A segment came. Its bytes are borrowed until tnd_side_next() says NOTHING. */
enum tnd_side_put tnd_side_put(struct tnd_side *s, struct tnd_purse *purse,
                               const struct tnd_packet *packet);

/* The other side has all up to sequence. */
void tnd_side_acked(struct tnd_side *s, uint32_t sequence, int64_t at);

enum tnd_side_got {
    TND_SIDE_NOTHING, /* that can be read now */
    TND_SIDE_BYTES,   /* *ret, until the next call */
    TND_SIDE_GAP,     /* bytes are missing here; behind them it goes on */
};

/* must: nothing will come any more that could fill a gap. */
enum tnd_side_got tnd_side_next(struct tnd_side *s, struct tnd_purse *purse, int64_t now, bool must,
                                struct tnd_slice *ret);

/* All up to its FIN was read. */
static inline bool tnd_side_is_over(const struct tnd_side *s)
{
    return s->has_end && (int32_t)(s->next - s->end) >= 0;
}

/* Gives its memory back. */
void tnd_side_clear(struct tnd_side *s, struct tnd_purse *purse);

#endif
