/* RTP (RFC 3550) and G.711, as much as a phone needs to send a sound and to know that one comes. */
#ifndef NET_RTP_H
#define NET_RTP_H

#include "tandem/base.h"

enum {
    TND_RTP_HEAD_LEN = 12,
    TND_RTP_RATE = 8000,          /* samples of G.711 in a second */
    TND_RTP_PACKET_SAMPLES = 160, /* 20 ms: RFC 3551 §4.2 */
};

struct tnd_rtp {
    bool marker;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    struct tnd_slice payload;
};

/* Reads a packet; payload borrows from bytes. TND_ESYNTAX: it is none (RFC 3550 §5.1, appendix A.1). */
int tnd_rtp_read(struct tnd_slice bytes, struct tnd_rtp *ret);

/* Writes it, without CSRCs and extension. */
void tnd_rtp_write(struct tnd_writer *w, const struct tnd_rtp *rtp);

/* G.711: a sample of 16 bits as an octet, and back. law: the static payload type of RFC 3551 §6. */
enum tnd_rtp_law { TND_RTP_PCMU = 0, TND_RTP_PCMA = 8 };
uint8_t tnd_rtp_encode(enum tnd_rtp_law law, int16_t sample);
int16_t tnd_rtp_decode(enum tnd_rtp_law law, uint8_t octet);

#endif
