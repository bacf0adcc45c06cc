/* pcapng (draft-ietf-opsawg-pcapng): blocks of a file become frames.
 *
 * libpcap reads pcapng too, but no file in which interfaces are of different kinds, as Wireshark writes it when it
 * listens to Ethernet and a tunnel at a time; so that is read here, block by block.
 *
 *     switch (tnd_pcapng_next(&p, bytes, &frame, &used)) ...        bytes: from the beginning of a block on
 */
#ifndef TRACE_PCAPNG_H
#define TRACE_PCAPNG_H

#include "trace/packet.h"

enum {
    TND_PCAPNG_INTERFACE_COUNT_MAX = 256, /* of one section; packets of others cannot be read */
    TND_PCAPNG_BLOCK_SIZE_MAX = 16777216, /* bytes, as libpcap has it */
};

struct tnd_pcapng_interface {
    uint16_t link_type; /* LINKTYPE_..., as the file has it */
    bool is_binary;     /* units of time are 2^-exponent, not 10^-exponent of a second */
    uint8_t exponent;
    int64_t offset; /* seconds */
};

/* Zero bytes: one that has seen nothing. */
struct tnd_pcapng {
    bool is_begun, is_swapped; /* big-endian */
    uint32_t interface_count;  /* as many as there were, also beyond the bound */
    struct tnd_pcapng_interface interface[TND_PCAPNG_INTERFACE_COUNT_MAX];
};

enum tnd_pcapng_got {
    TND_PCAPNG_FRAME, /* ret is filled, but for its number; borrows from bytes */
    TND_PCAPNG_OTHER, /* a block that is no packet */
    TND_PCAPNG_MORE,  /* *ret_used bytes are needed, or 0: that is not known yet */
    TND_PCAPNG_BROKEN,
};

/* The block at the front. *ret_used: how long it is. *ret_interface: which one a frame came in by. */
enum tnd_pcapng_got tnd_pcapng_next(struct tnd_pcapng *p, struct tnd_slice bytes,
                                    struct tnd_frame *ret, uint32_t *ret_interface,
                                    size_t *ret_used);

/* What packets of this LINKTYPE begin with. */
enum tnd_link tnd_link_of(unsigned link_type);

#endif
