/* tandem/transport/response.h: where a request came from, and where its response goes (RFC
 * 3261 §18.2, RFC 3581 §4).
 *
 *     struct tnd_seen seen;
 *     char room[TND_ADDRESS_LEN_MAX];
 *
 *     tnd_via_see(&via, &source, room, &seen);
 *     reply.received = seen.received, reply.rport = seen.rport;
 *     ...
 *     tnd_via_set_seen(&via, &seen);
 *     tnd_response_hops(&(struct tnd_response_to){.via = &via, .arrived = TND_TRANSPORT_UDP},
 *                       &hops);
 *
 * Try the hops in their order until one takes the response. None: the response is dropped,
 * and refused says why.
 */
#ifndef TANDEM_TRANSPORT_RESPONSE_H
#define TANDEM_TRANSPORT_RESPONSE_H

#include "tandem/sip/field.h"
#include "tandem/transport/endpoint.h"

/* What the top Via of a request says of its source, for struct tnd_reply or a forwarded copy. */
struct tnd_seen {
    struct tnd_slice received; /* absent: no need. Borrows from room */
    int32_t rport;             /* -1: it was not asked for */
};

/* via is the top one of a request, source where the request came from. What the client wrote
 * into received and rport is not believed. Keeps room. */
void tnd_via_see(const struct tnd_via *via, const struct tnd_endpoint *source,
                 char room[TND_ADDRESS_LEN_MAX], struct tnd_seen *ret);

/* The Via as it stands in the response. Its params stay as they came. */
static inline void tnd_via_set_seen(struct tnd_via *via, const struct tnd_seen *seen)
{
    via->received = seen->received;
    via->rport = seen->rport;
}

enum tnd_hop_kind {
    TND_HOP_CONNECTION, /* the connection that the request came on, if it is open */
    TND_HOP_ENDPOINT,   /* to: over UDP from the socket that the request came to (RFC 3581 §4) */
    TND_HOP_LOCATE,     /* find the host name's addresses first: see tnd_locate_host() */
};

struct tnd_hop {
    uint8_t kind;           /* enum tnd_hop_kind */
    uint8_t ttl;            /* of a multicast packet; 0: it is none */
    uint8_t transport;      /* enum tnd_transport */
    struct tnd_endpoint to; /* of ENDPOINT */
    struct tnd_slice host;  /* of LOCATE; borrows from the Via */
    int32_t port;           /* of LOCATE: -1: none was said */
    enum tnd_rule rule;     /* which says so */
};

enum { TND_HOP_COUNT_MAX = 3 };

struct tnd_hops {
    struct tnd_hop hop[TND_HOP_COUNT_MAX];
    unsigned count;
    enum tnd_rule refused; /* why a place was left out that Via names; NONE: none was */
};

struct tnd_response_to {
    const struct tnd_via *via;  /* the top one of the response, as tnd_via_set_seen() left it */
    enum tnd_transport arrived; /* how the request came; NONE: not known, a proxy without a
                                 * transaction goes by what Via says */
    bool by_multicast;          /* the request came to a multicast address */
    bool no_maddr;              /* a policy: maddr is not followed, as though it were not there */
};

/* ret borrows from the Via. */
void tnd_response_hops(const struct tnd_response_to *to, struct tnd_hops *ret);

/* The first of these hops alone, of a request that has just come from source and whose Via
 * tnd_via_set_seen() has seen to: CONNECTION or ENDPOINT. What tnd_response_hops() says of it with
 * no_maddr, but no text is read for it: the address is that of source. false: there is none. */
bool tnd_response_first(const struct tnd_via *via, const struct tnd_endpoint *source,
                        struct tnd_hop *ret);

/* NONE: sent-by is what we put into our requests. Else the response is not ours, and is
 * discarded for the rule that is given (RFC 3261 §18.1.2). port -1: none; the default port is
 * the same as none. */
enum tnd_rule tnd_response_fault(const struct tnd_via *via, struct tnd_slice host, int32_t port);

#endif
