/* IP: a datagram out of a frame, whole or one piece of it. */
#ifndef TRACE_IP_H
#define TRACE_IP_H

#include "tandem/transport/endpoint.h"

enum { TND_IP_LEN_MAX = 65535 };

struct tnd_ip {
    struct tnd_endpoint from, to; /* addresses alone */
    uint8_t protocol;             /* of the payload: 6 TCP, 17 UDP */
    bool is_fragment, has_more;
    uint32_t id;              /* of all fragments of one datagram */
    size_t offset;            /* of the payload in the whole one */
    size_t len;               /* of the payload, as it was sent */
    struct tnd_slice payload; /* as much of it as the capture has */
};

/* Reads the header, and those of IPv6 behind it. Borrows bytes, which may have a trailer of the link. on_wire:
 * how long they were before the capture cut them off. false: it is broken. */
bool tnd_ip_read(struct tnd_slice bytes, size_t on_wire, struct tnd_ip *ret);

/* Big-endian. */
static inline uint32_t tnd_get_16(const char *p)
{
    return (uint32_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static inline uint32_t tnd_get_32(const char *p)
{
    return tnd_get_16(p) << 16 | tnd_get_16(p + 2);
}

#endif
