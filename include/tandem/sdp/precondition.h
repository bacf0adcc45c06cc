/* tandem/sdp/precondition.h: a=curr, a=des and a=conf (RFC 3312 §4), as types.
 *
 * They stand in a stream's attributes. send, recv, local and remote are seen by the one
 * who wrote the description. What they make of a call is not decided here. */
#ifndef TANDEM_SDP_PRECONDITION_H
#define TANDEM_SDP_PRECONDITION_H

#include "tandem/sdp/attr.h"

enum tnd_sdp_precondition_kind {
    TND_SDP_CURR, /* what is reserved */
    TND_SDP_DES,  /* what must be, before the callee is alerted */
    TND_SDP_CONF, /* what the other side should tell when it is reached */
};

enum tnd_sdp_status { TND_SDP_E2E, TND_SDP_LOCAL, TND_SDP_REMOTE };

/* In the order of RFC 3312 §5.2: a strength may be raised in an answer, not lowered.
 * The last two stand only in a refusal (RFC 3312 §8). */
enum tnd_sdp_strength {
    TND_SDP_STRENGTH_NONE,
    TND_SDP_STRENGTH_OPTIONAL,
    TND_SDP_STRENGTH_MANDATORY,
    TND_SDP_STRENGTH_FAILURE,
    TND_SDP_STRENGTH_UNKNOWN,
};

struct tnd_sdp_precondition {
    enum tnd_sdp_precondition_kind kind;
    struct tnd_slice type;          /* "qos", "sec" (RFC 5027)… */
    enum tnd_sdp_strength strength; /* of des; else NONE */
    enum tnd_sdp_status status;
    enum tnd_sdp_direction direction;
};

/* Whether the name of attr is one of the three. */
bool tnd_sdp_precondition_is(const struct tnd_sdp_attr *attr);

/* false: attr is none of the three, or malformed. ret borrows from attr. */
bool tnd_sdp_precondition_read(const struct tnd_sdp_attr *attr, struct tnd_sdp_precondition *ret);

/* As an attribute whose value is in a. Over: {0}, which tnd_sdp_write() refuses. */
struct tnd_sdp_attr tnd_sdp_precondition_attr(struct tnd_arena *a,
                                              const struct tnd_sdp_precondition *p);

/* The words: "qos mandatory local sendrecv". */
void tnd_sdp_precondition_write(struct tnd_writer *w, const struct tnd_sdp_precondition *p);

/* "mandatory", "e2e", "sendrecv"; static. */
const char *tnd_sdp_strength_name(enum tnd_sdp_strength strength);
const char *tnd_sdp_status_name(enum tnd_sdp_status status);

#endif
