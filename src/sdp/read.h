/* What read.c and read_line.c share: the reader in the middle of a description. */
#ifndef SDP_READ_H
#define SDP_READ_H

#include "base/assert.h"
#include "sdp/text.h"

/* The first free place of each list, and how many places are left. */
struct lists {
    struct tnd_sdp_attr *attr;
    struct tnd_sdp_conn *conn;
    struct tnd_sdp_bandwidth *bandwidth;
    struct tnd_sdp_time *time;
    struct tnd_slice *repeat, *email, *phone, *format;
    struct tnd_sdp_media *media;
    size_t attr_left, conn_left, bandwidth_left, time_left, repeat_left, email_left, phone_left,
        format_left, media_left;
};

struct reader {
    struct tnd_sdp *sdp;
    struct tnd_sdp_flaws *flaws;
    struct lists lists;
    struct tnd_sdp_part *part;   /* the session's, then that of the last stream */
    struct tnd_sdp_media *media; /* the last stream; NULL in the session part */
    struct tnd_sdp_time *time;   /* the last "t=", whose "r=" and "z=" follow */
    int rank;                    /* of the line furthest down the order, in this part */
    uint32_t seen;               /* the letters of this part, a bit each */
    uint32_t seen_session;       /* those of the session part, when it is over */
    bool has_direction;          /* of this part */
    bool full;                   /* a list had no place left; said once */
    uint64_t mapped[TND_SDP_PAYLOAD_COUNT / 64]; /* payload types with an a=rtpmap, a bit each */
};

/* Reads the value of a line whose place was checked. Starts a new part at "m=". */
void tnd_sdp_read_value(struct reader *r, char letter, struct tnd_slice line,
                        struct tnd_slice value);

#endif
