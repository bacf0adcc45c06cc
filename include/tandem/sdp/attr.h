/* tandem/sdp/attr.h: attributes with a type.
 *
 * The description keeps attributes as text; these read one when somebody asks. A reader
 * returns false for a value that breaks its grammar, and leaves ret untouched; an attribute
 * that is not understood is as good as absent (RFC 8866 §5.13). tnd_sdp_read() has named
 * the malformed ones already. Slices in ret borrow from the value. */
#ifndef TANDEM_SDP_ATTR_H
#define TANDEM_SDP_ATTR_H

#include "tandem/sdp/desc.h"

enum { TND_SDP_PAYLOAD_COUNT = 128 }; /* payload types have 7 bits (RFC 8866 §6.6) */

/* The first attribute of that name; names are compared with case (RFC 8866 §5).
 * NULL: there is none. Borrows from part. */
const struct tnd_sdp_attr *tnd_sdp_attr_find(const struct tnd_sdp_part *part, const char *name);

/* Which way media go, seen by who says it: bits, so that & and | mean what they say.
 * NONE is "a=inactive". */
enum tnd_sdp_direction {
    TND_SDP_NONE = 0,
    TND_SDP_SEND = 1,
    TND_SDP_RECV = 2,
    TND_SDP_SENDRECV = 3,
};

/* The same as the other side sees it. */
enum tnd_sdp_direction tnd_sdp_direction_reverse(enum tnd_sdp_direction direction);

/* The direction of a stream: its own, else the session's, else both ways (RFC 8866 §6.7). */
enum tnd_sdp_direction tnd_sdp_direction_of(const struct tnd_sdp *sdp,
                                            const struct tnd_sdp_media *media);

/* By and as the name of the attribute: "sendonly". Names are static. */
bool tnd_sdp_direction_read(struct tnd_slice name, enum tnd_sdp_direction *ret);
struct tnd_slice tnd_sdp_direction_name(enum tnd_sdp_direction direction);

/* Whether the formats of a stream are payload types: its proto is of RTP, as "RTP/AVP" and
 * "UDP/TLS/RTP/SAVPF" are (RFC 8866 §5.14). */
bool tnd_sdp_is_rtp(struct tnd_slice proto);

/* a=rtpmap:98 L16/16000/2 (RFC 8866 §6.6). */
struct tnd_sdp_rtpmap {
    uint8_t payload;
    struct tnd_slice encoding; /* compared without case (RFC 8866 §5.14) */
    uint32_t clock;            /* Hz */
    uint32_t channels;         /* 1 if not said */
};

bool tnd_sdp_rtpmap_read(struct tnd_slice value, struct tnd_sdp_rtpmap *ret);
void tnd_sdp_rtpmap_write(struct tnd_writer *w, const struct tnd_sdp_rtpmap *map);

/* What RFC 3551 tables 4 and 5 say of a payload type. false: it has no static meaning. */
bool tnd_sdp_rtpmap_static(unsigned payload, struct tnd_sdp_rtpmap *ret);

/* a=fmtp:101 0-15 (RFC 8866 §6.15). */
struct tnd_sdp_fmtp {
    struct tnd_slice format, params;
};

bool tnd_sdp_fmtp_read(struct tnd_slice value, struct tnd_sdp_fmtp *ret);

/* The value of ptime and maxptime: milliseconds, perhaps with a fraction, never zero
 * (RFC 8866 §6.4; RFC 3264 §5.1). ret is in microseconds; what is finer is cut off. */
bool tnd_sdp_ptime_read(struct tnd_slice value, tnd_time *ret);

/* a=rtcp:53020 IN IP4 192.0.2.1 (RFC 3605 §2.1). Without an address, conn is {0}. */
struct tnd_sdp_rtcp {
    uint16_t port;
    struct tnd_sdp_conn conn;
};

bool tnd_sdp_rtcp_read(struct tnd_slice value, struct tnd_sdp_rtcp *ret);

/* a=mid:1 (RFC 5888 §4). */
bool tnd_sdp_mid_read(struct tnd_slice value, struct tnd_slice *ret);

/* a=group:LS 1 2 (RFC 5888 §5). tags is what is left to take. */
struct tnd_sdp_group {
    struct tnd_slice semantics, tags;
};

bool tnd_sdp_group_read(struct tnd_slice value, struct tnd_sdp_group *ret);

/* Takes the next tag off group. false: there is none left. */
bool tnd_sdp_group_next(struct tnd_sdp_group *group, struct tnd_slice *ret);

#endif
