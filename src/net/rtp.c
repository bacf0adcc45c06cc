/* RTP and G.711. */
#include "net/rtp.h"

enum {
    VERSION = 2,
    MU_BIAS = 0x84, /* G.711: so that each segment is twice as long as the one before */
    MU_CLIP = 32635,
    A_FLIP = 0x55, /* G.711: every other bit of A-law is inverted on the line */
};

static uint16_t two(const unsigned char *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t four(const unsigned char *p)
{
    return (uint32_t)two(p) << 16 | two(p + 2);
}

int tnd_rtp_read(struct tnd_slice bytes, struct tnd_rtp *ret)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;

    if (bytes.len < TND_RTP_HEAD_LEN || p[0] >> 6 != VERSION)
        return TND_ESYNTAX;
    size_t head = TND_RTP_HEAD_LEN + 4U * (p[0] & 0x0f); /* CSRCs */
    if (p[0] & 0x10) {                                   /* RFC 3550 §5.3.1: an extension */
        if (bytes.len < head + 4)
            return TND_ESYNTAX;
        head += 4 + 4U * two(p + head + 2);
    }
    size_t tail = p[0] & 0x20 ? p[bytes.len - 1] : 0; /* padding */
    if ((p[0] & 0x20 && tail == 0) || head + tail > bytes.len)
        return TND_ESYNTAX;
    *ret = (struct tnd_rtp){.marker = p[1] >> 7,
                            .payload_type = p[1] & 0x7f,
                            .sequence = two(p + 2),
                            .timestamp = four(p + 4),
                            .ssrc = four(p + 8),
                            .payload = tnd_slice(bytes.ptr + head, bytes.len - head - tail)};
    return 0;
}

static void put(struct tnd_writer *w, uint32_t n, int octets)
{
    while (octets-- > 0)
        tnd_put_char(w, (char)(n >> 8 * octets & 0xff));
}

void tnd_rtp_write(struct tnd_writer *w, const struct tnd_rtp *rtp)
{
    put(w, VERSION << 6, 1);
    put(w, (uint32_t)rtp->marker << 7 | rtp->payload_type, 1);
    put(w, rtp->sequence, 2);
    put(w, rtp->timestamp, 4);
    put(w, rtp->ssrc, 4);
    tnd_put(w, rtp->payload);
}

/* The segment of a magnitude whose first one begins below 1 << (least + 1). */
static int segment_of(int magnitude, int least)
{
    int segment = 0;

    while (segment < 7 && magnitude >> (least + 1 + segment) != 0)
        segment++;
    return segment;
}

static uint8_t encode_mu(int sample)
{
    int sign = sample < 0 ? 0x80 : 0, magnitude = sample < 0 ? -sample : sample;

    magnitude = (magnitude > MU_CLIP ? MU_CLIP : magnitude) + MU_BIAS;
    int segment = segment_of(magnitude, 7);
    return (uint8_t) ~(sign | segment << 4 | (magnitude >> (segment + 3) & 0x0f));
}

static int decode_mu(uint8_t octet)
{
    int code = ~octet & 0xff;
    int magnitude = (((code & 0x0f) << 3) + MU_BIAS) << (code >> 4 & 7);

    return code & 0x80 ? MU_BIAS - magnitude : magnitude - MU_BIAS;
}

static uint8_t encode_a(int sample)
{
    int sign = sample < 0 ? 0 : 0x80, magnitude = sample < 0 ? -sample - 1 : sample;
    int segment = segment_of(magnitude, 7);
    int shift = segment == 0 ? 4 : segment + 3;

    return (uint8_t)((sign | segment << 4 | (magnitude >> shift & 0x0f)) ^ A_FLIP);
}

static int decode_a(uint8_t octet)
{
    int code = octet ^ A_FLIP, segment = code >> 4 & 7;
    int magnitude = ((code & 0x0f) << 4) + 8;

    if (segment > 0)
        magnitude = (magnitude + 0x100) << (segment - 1);
    return code & 0x80 ? magnitude : -magnitude;
}

uint8_t tnd_rtp_encode(enum tnd_rtp_law law, int16_t sample)
{
    return law == TND_RTP_PCMA ? encode_a(sample) : encode_mu(sample);
}

int16_t tnd_rtp_decode(enum tnd_rtp_law law, uint8_t octet)
{
    return (int16_t)(law == TND_RTP_PCMA ? decode_a(octet) : decode_mu(octet));
}
