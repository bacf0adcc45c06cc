/* tandem/sdp/desc.h: one session description (RFC 8866), read and written.
 *
 * A description is a session part and one part for each stream ("m=" line). Values are
 * slices of the text that was read, lists are arrays in the arena given: a description
 * borrows from both and ends with the first of them. To build one, fill the structs in;
 * what is left zero is left out.
 *
 * Reading is lenient where RFC 8866 lets it be and names every oddity as a flaw. Writing is
 * strict: what tnd_sdp_write() lets pass is a description that every reader takes. */
#ifndef TANDEM_SDP_DESC_H
#define TANDEM_SDP_DESC_H

#include "tandem/base.h"
#include "tandem/ref.h"

/* Bounds of one description. What is over them is left out, and is a flaw that refuses. */
enum {
    TND_SDP_SIZE_MAX = 65535,
    TND_SDP_MEDIA_COUNT_MAX = 32,
    TND_SDP_FORMAT_COUNT_MAX = 64, /* of one stream */
    TND_SDP_ATTR_COUNT_MAX = 1024, /* these and the next: of all parts together */
    TND_SDP_CONN_COUNT_MAX = 128,
    TND_SDP_BANDWIDTH_COUNT_MAX = 128,
    TND_SDP_TIME_COUNT_MAX = 32,
    TND_SDP_REPEAT_COUNT_MAX = 64,
    TND_SDP_EMAIL_COUNT_MAX = 8,
    TND_SDP_PHONE_COUNT_MAX = 8,
    TND_SDP_FLAW_COUNT_MAX = 16, /* kept of one description; more are only counted */
};

/* What was wrong with a description, in the order of the text. Start with {0}. */
struct tnd_sdp_flaws {
    struct tnd_flaw first[TND_SDP_FLAW_COUNT_MAX];
    size_t count;  /* all of them, also those that were not kept */
    bool refusing; /* one of them is of a rule whose level is MUST or BOUND */
};

/* "o=": who made the description. All but version name the session (RFC 8866 §5.2). */
struct tnd_sdp_origin {
    struct tnd_slice user; /* "-" if there is none */
    uint64_t session_id;   /* both fit 63 bits (RFC 3264 §5) */
    uint64_t version;
    struct tnd_slice net_type, addr_type, address;
};

enum tnd_sdp_addr {
    TND_SDP_ADDR_OTHER, /* of a type that we do not know; kept as it came */
    TND_SDP_ADDR_IP4,
    TND_SDP_ADDR_IP6,
    TND_SDP_ADDR_NAME, /* a host name; addr_type says what it should resolve to */
};

/* "c=": where the media go. */
struct tnd_sdp_conn {
    struct tnd_slice net_type, addr_type; /* "IN", "IP4" */
    struct tnd_slice address;             /* without "/ttl/count" */
    enum tnd_sdp_addr kind;
    bool multicast;
    uint8_t ttl;    /* of IP4 multicast, else 0 */
    uint32_t count; /* of contiguous addresses; 0 and 1 are one */
};

/* "b=": kilobits per second, unless type says otherwise (RFC 8866 §5.8). */
struct tnd_sdp_bandwidth {
    struct tnd_slice type;
    uint64_t value;
};

/* "a=": a name and perhaps a value. Without a colon value is absent. */
struct tnd_sdp_attr {
    struct tnd_slice name, value;
};

/* What the session and each stream have alike. */
struct tnd_sdp_part {
    struct tnd_slice info; /* "i=" */
    const struct tnd_sdp_conn *conns;
    size_t conn_count; /* of the session at most 1 */
    const struct tnd_sdp_bandwidth *bandwidths;
    size_t bandwidth_count;
    const struct tnd_sdp_attr *attrs; /* all, known or not, in their order */
    size_t attr_count;
};

/* "t=" with its "r=" and "z=": seconds since 1900, 0 for unbounded. Repeats and zones stay
 * text, checked: a SIP call has none, and nobody here computes with them. */
struct tnd_sdp_time {
    uint64_t start, stop;
    const struct tnd_slice *repeats;
    size_t repeat_count;
    struct tnd_slice zones;
};

/* "m=" and what follows it: one stream. */
struct tnd_sdp_media {
    struct tnd_slice type; /* "audio" */
    uint16_t port;         /* 0: the stream is not wanted (RFC 3264 §5.1) */
    uint16_t port_count;   /* 0 and 1 are one */
    struct tnd_slice proto;
    const struct tnd_slice *formats; /* the preferred first */
    size_t format_count;
    struct tnd_sdp_part part;
};

struct tnd_sdp {
    struct tnd_sdp_origin origin;
    struct tnd_slice name;          /* "s="; absent is written as "-" */
    struct tnd_slice uri;           /* "u=" */
    const struct tnd_slice *emails; /* "e=" */
    size_t email_count;
    const struct tnd_slice *phones; /* "p=" */
    size_t phone_count;
    const struct tnd_sdp_time *times; /* none is written as "0 0" (RFC 3264 §5) */
    size_t time_count;
    struct tnd_sdp_part session;
    const struct tnd_sdp_media *media;
    size_t media_count;
};

/* Reads text. ret keeps text and what it took from a.
 *
 *   0            a description; ret_flaws may name rules that were broken but do not matter
 *   TND_ESYNTAX  a rule that refuses was broken; ret holds what could be read, for showing
 *                and not for use. A SIP element answers 400 or 488
 *   TND_ENOMEM   a is over; ret is untouched
 *
 * ret_flaws is added to, and borrows from text. */
int tnd_sdp_read(struct tnd_arena *a, struct tnd_slice text, struct tnd_sdp *ret,
                 struct tnd_sdp_flaws *ret_flaws);

/* Writes sdp with CRLF line ends. What does not fit is for tnd_writer_over() to tell.
 *
 *   TND_ESYNTAX  a value breaks the grammar of RFC 8866 §9, such as a name with a line
 *                break in it; nothing was written. The caller made it up: mend the caller
 *
 * What tnd_sdp_read() took with 0 can always be written, and is the same when read again. */
int tnd_sdp_write(struct tnd_writer *w, const struct tnd_sdp *sdp);

/* The connection of a stream: its own first one, else the session's (RFC 8866 §5.7).
 * NULL: none. Borrows from sdp. */
const struct tnd_sdp_conn *tnd_sdp_conn_of(const struct tnd_sdp *sdp,
                                           const struct tnd_sdp_media *media);

/* Reads "IN IP4 192.0.2.1". TND_RULE_NONE, or the rule that is broken: ret is untouched. */
enum tnd_rule tnd_sdp_conn_read(struct tnd_slice value, struct tnd_sdp_conn *ret);

/* A unicast connection to an address or a host name. false: it is neither. Keeps address.
 * A name is taken to be of IP4. */
bool tnd_sdp_conn_to(struct tnd_slice address, struct tnd_sdp_conn *ret);

/* Whether conn is 0.0.0.0: send neither RTP nor RTCP there (RFC 3264 §8.4). */
bool tnd_sdp_conn_is_hold(const struct tnd_sdp_conn *conn);

/* Adds a flaw; for those who judge descriptions. */
void tnd_sdp_blame(struct tnd_sdp_flaws *flaws, enum tnd_rule rule, struct tnd_slice where);

#endif
