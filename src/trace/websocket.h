/* WebSocket as somebody sees it who only looks on (RFC 6455 §5): the frames of one side become messages,
 * unmasked and put together; pings and pongs in between are passed over.
 *
 * wslay, which Debian has, is made for a party of the conversation: it reads by calling back, and from the
 * heap, and takes a wrong mask for an error. Here bytes come in as they were captured, from either side,
 * maybe from the middle; so this is a machine of its own. */
#ifndef TRACE_WEBSOCKET_H
#define TRACE_WEBSOCKET_H

#include "trace/purse.h"

enum { TND_WEBSOCKET_HEAD_MAX = 14 };

struct tnd_websocket {
    unsigned char head[TND_WEBSOCKET_HEAD_MAX]; /* of the frame, as far as it came */
    uint8_t head_len;
    bool in_payload;
    bool is_skipped;  /* the message: compressed, or too long */
    bool is_message;  /* a message has begun */
    bool is_given;    /* it is the caller's until the next step */
    uint64_t left;    /* of the payload of the frame */
    size_t mask_at;   /* which byte of the mask is next */
    char *text;       /* of the message, as far as it came */
    size_t len, size; /* size was taken from the purse */
};

enum tnd_websocket_got {
    TND_WEBSOCKET_MORE,
    TND_WEBSOCKET_MESSAGE, /* *ret is one, until the next step */
    TND_WEBSOCKET_BROKEN,  /* this is no WebSocket, or not the beginning of a frame */
};

/* Takes what it can of bytes; *ret_used says how much. A whole message ends it. Memory is from purse. A ws of
 * zero bytes is one that has seen nothing. */
enum tnd_websocket_got tnd_websocket_step(struct tnd_websocket *ws, struct tnd_purse *purse,
                                          struct tnd_slice bytes, size_t *ret_used,
                                          struct tnd_slice *ret);

/* What of a message has come; the absent slice if none has begun. Good until the next step. */
struct tnd_slice tnd_websocket_torn(const struct tnd_websocket *ws);

/* As one that has seen nothing; its memory is given back. */
void tnd_websocket_clear(struct tnd_websocket *ws, struct tnd_purse *purse);

/* Whether a frame with a SIP message begins here, in a connection whose beginning was not seen. */
bool tnd_websocket_look(struct tnd_slice bytes);

#endif
