/* Frames of a capture become UDP datagrams and TCP segments.
 *
 *     frame -> link (Ethernet with VLANs, Linux cooked, loopback, raw) -> IPv4, IPv6 -> fragments -> UDP, TCP
 *
 * Whatever the bytes are, nothing is read that is not there, and only fragments are kept. */
#ifndef TRACE_PACKET_H
#define TRACE_PACKET_H

#include "trace/fragment.h"

enum tnd_link {
    TND_LINK_NONE,     /* not known: nothing can be read */
    TND_LINK_ETHERNET, /* with IEEE 802.1Q and 802.1ad tags */
    TND_LINK_COOKED,   /* Linux "any" */
    TND_LINK_COOKED2,
    TND_LINK_RAW,      /* IP, nothing before it */
    TND_LINK_LOOPBACK, /* of BSD: four bytes, in either order, before it */
};

/* Borrowed by who is asked. */
struct tnd_frame {
    int64_t at;      /* microseconds since 1970 */
    uint64_t number; /* in its capture, from 1 */
    enum tnd_link link;
    struct tnd_slice bytes;
    size_t on_wire; /* how long it was before the capture cut it off */
};

enum {
    TND_TCP_FIN = 0x01,
    TND_TCP_SYN = 0x02,
    TND_TCP_RST = 0x04,
    TND_TCP_ACK = 0x10,
};

struct tnd_packet {
    int64_t at;
    uint64_t number;
    struct tnd_endpoint from, to; /* of UDP or TCP, as their transport says */
    struct tnd_slice payload;
    size_t missing;                  /* bytes behind it, that the capture does not have */
    uint32_t sequence, acknowledged; /* of TCP, as flags are */
    uint8_t flags;
};

enum tnd_packet_got {
    TND_PACKET_READY, /* ret is filled, borrows from the frame, or from p until the next call */
    TND_PACKET_NONE,  /* nothing that could carry SIP, or a fragment that waits for others */
    TND_PACKET_BROKEN,
};

struct tnd_packets {
    struct tnd_fragments fragments;
};

void tnd_packets_init(struct tnd_packets *p, const struct tnd_mem *mem); /* keeps mem */
void tnd_packets_fini(struct tnd_packets *p);

enum tnd_packet_got tnd_packets_read(struct tnd_packets *p, const struct tnd_frame *frame,
                                     struct tnd_packet *ret);

/* The front of a UDP datagram whose other fragments did not come in time; INT64_MAX for now: there will be none
 * any more. false: there is none. */
bool tnd_packets_give_up(struct tnd_packets *p, int64_t now, struct tnd_packet *ret);

#endif
