/* tandem/transport/element.h: what goes into a SIP element and what comes out of it: a message
 * came, time has passed, the DNS answered; send this there, look that up. A node (tandem/node.h)
 * is an element, and a user agent (tandem/ua.h) is one: whatever drives the one drives the other.
 *
 * STORED and the outputs STORE and WHY are those of a node alone. */
#ifndef TANDEM_TRANSPORT_ELEMENT_H
#define TANDEM_TRANSPORT_ELEMENT_H

#include "tandem/sip/message.h"
#include "tandem/transport/endpoint.h"
#include "tandem/transport/locate.h"

struct tnd_store_answer;
struct tnd_store_op;
struct tnd_why;

/* A way between us and a peer: a connection, or a datagram socket of ours and an address of
 * theirs. id is chosen by whoever owns the sockets, never 0, and names the connection, or the
 * socket; an id is not used again. local is the address that the message came to, never an
 * unspecified one, and the port. */
struct tnd_flow {
    uint64_t id;
    struct tnd_endpoint local, remote;
};

/* Inputs. Each is borrowed. Every input first runs the timers that are due by now. */
enum tnd_input_kind {
    TND_IN_TICK,     /* the due time of the element has come; nothing else happened */
    TND_IN_MESSAGE,  /* msg came over flow. What a peer may send: anything */
    TND_IN_FAILED,   /* the output with this token could not be delivered */
    TND_IN_RESOLVED, /* answer to a TND_OUT_RESOLVE with this token */
    TND_IN_STORED,   /* stored to a TND_OUT_STORE with this token */
};

struct tnd_input {
    uint8_t kind;         /* enum tnd_input_kind */
    struct tnd_flow flow; /* of MESSAGE */
    struct tnd_msg *msg;  /* of MESSAGE: as tnd_msg_parse_datagram() or tnd_stream_next() gave
                            * it, with TND_STREAM_BROKEN too. Its flaws are noted in it */
    struct tnd_arena *a;  /* of MESSAGE: the arena that msg was parsed with */
    uint64_t token;       /* of FAILED, RESOLVED and STORED. One that is not known is fine */
    const struct tnd_lookup_answer *answer; /* of RESOLVED */
    const struct tnd_store_answer *stored;  /* of STORED */
};

/* Outputs. */
enum tnd_output_kind {
    TND_OUT_SEND,    /* bytes, one message: over flow; without one to that endpoint, over a
                      * connection that carries it (tnd_connection_carries()) or a new one. If it
                      * is not delivered to the next hop, feed FAILED with token, unless that is 0 */
    TND_OUT_CLOSE,   /* the connection flow, when what was sent over it has left */
    TND_OUT_RESOLVE, /* lookup; feed the answer with token */
    TND_OUT_STORE, /* store; feed what comes of it with token. A change when it is kept for good */
    TND_OUT_WHY,   /* for the log: a record of why */
};

struct tnd_output {
    uint8_t kind;  /* enum tnd_output_kind */
    uint8_t ttl;   /* of SEND: of a multicast packet; 0: it is none */
    uint64_t flow; /* of SEND and CLOSE; 0: none */
    uint64_t token;
    struct tnd_endpoint to;   /* of SEND */
    struct tnd_endpoint from; /* of SEND over UDP without flow: from that address and port of ours;
                               * family NONE: from any that fits */
    struct tnd_slice bytes;   /* of SEND */
    struct tnd_lookup lookup;
    const struct tnd_store_op *store;
    const struct tnd_why *why;
};

#endif
