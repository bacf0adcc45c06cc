/* HEP, version 3: a message with when it was seen and between whom, as Homer and its like collect it. A packet is
 * the word HEP3, its length, and chunks, each with its vendor, type and length; numbers are big-endian
 * (https://github.com/sipcapture/HEP). */
#ifndef WEB_HEP_H
#define WEB_HEP_H

#include "tandem/transport/endpoint.h"

enum {
    TND_HEP_PACKET_SIZE = 65507, /* what a datagram holds over IPv4 */
    TND_HEP_PORT = 9060,
};

struct tnd_hep {
    int64_t at; /* microseconds since 1970-01-01 UTC */
    struct tnd_endpoint from, to;
    struct tnd_slice bytes;   /* what does not fit is cut off */
    struct tnd_slice call_id; /* absent: none */
    uint32_t agent;           /* who tells of it: a number of the one who collects */
};

/* How long it is; 0: of no family that HEP knows. */
size_t tnd_hep_write(char room[static TND_HEP_PACKET_SIZE], const struct tnd_hep *m);

#endif
