/* One side of a connection, read in its order: bytes become SIP messages.
 *
 *     FRESH --SIP-------------> SIP         framed by tandem/sip/stream.h
 *       |-----HTTP-----> HTTP --upgrade---> WEBSOCKET
 *       `-----anything else---------------> OTHER      each segment has a quick look, no more
 *     LOST: the beginning was not seen, or bytes are missing: the next start line, or frame, is searched for
 *
 * A message that lacks its end is given out as far as it goes. */
#ifndef TRACE_READING_H
#define TRACE_READING_H

#include "tandem/sip/stream.h"
#include "trace/websocket.h"

enum tnd_reading_mode {
    TND_READING_FRESH,
    TND_READING_LOST,
    TND_READING_SIP,
    TND_READING_HTTP,
    TND_READING_WEBSOCKET,
    TND_READING_WEBSOCKET_LOST,
    TND_READING_OTHER,
};

struct tnd_reading {
    uint8_t mode;    /* enum tnd_reading_mode */
    bool at_segment; /* what is to be read begins where a segment does */
    bool is_torn;    /* and bytes are missing behind it */
    bool is_told;    /* what lacks its end was given out */
    bool is_known;   /* SIP was read here before */
    size_t searched; /* bytes, without finding anything */
    size_t given;    /* of what is to be read: it was given out, and goes with the next call */
    struct tnd_slice left; /* borrowed; empty while the buffer is not */
    char *buffer;          /* from start to len */
    size_t start, len, size;
    struct tnd_stream stream;
    struct tnd_websocket ws;
};

/* What all readings share. */
struct tnd_reading_room {
    struct tnd_purse *purse;
    struct tnd_arena *arena; /* of one message at a time */
    uint64_t encrypted;      /* readings that turned out to be TLS */
};

/* The bytes of a segment that come next. Kept until tnd_reading_next() is false. */
void tnd_reading_feed(struct tnd_reading *r, struct tnd_reading_room *room,
                      struct tnd_slice segment);

/* Bytes are missing here, or there will be none any more. Ask tnd_reading_next() before feeding what follows. */
void tnd_reading_tear(struct tnd_reading *r);

/* false: there is no message any more in what was fed. Else ret is one, until the next call of any of these. */
bool tnd_reading_next(struct tnd_reading *r, struct tnd_reading_room *room, struct tnd_slice *ret,
                      bool *ret_is_cut);

/* Gives back what it has taken; it begins anew, as mode says. */
void tnd_reading_clear(struct tnd_reading *r, struct tnd_reading_room *room,
                       enum tnd_reading_mode mode);

static inline bool tnd_reading_is_websocket(const struct tnd_reading *r)
{
    return r->mode == TND_READING_WEBSOCKET || r->mode == TND_READING_WEBSOCKET_LOST;
}

#endif
