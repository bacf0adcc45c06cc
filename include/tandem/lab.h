/* tandem/lab.h: the lab: users that answer as they are called. A request to sip:lab-302@… is
 * answered with 302, whatever the code from 100 to 699; a provisional code is followed by 200.
 * URI parameters of the Request-URI steer it:
 *
 *   contact=      the Contacts of a 3xx or 485, escaped; several are parted by an escaped comma
 *   unsupported=  the option tags of Unsupported in a 420, parted by an escaped comma
 *   retry-after=  seconds, in Retry-After of the final response
 *   ring=         seconds of 180 first, for an INVITE
 *   delay=        seconds before the final response
 *   body=         text/plain of the final response, escaped
 *
 * A machine without memory but for where it stands: what it answers follows from the request.
 * The owner asks for one step after the other, at the times that they say, and sends what they
 * reply. It may end before that, when the request is cancelled.
 */
#ifndef TANDEM_LAB_H
#define TANDEM_LAB_H

#include "tandem/sip/write.h"

enum {
    TND_LAB_WAIT_MAX = 180,       /* seconds that ring and delay may take together */
    TND_LAB_FIRST_WAIT_MS = 1000, /* between a provisional code and its 200, if nothing says else */
};

struct tnd_lab {
    uint8_t stage; /* 0: before the first step */
};

/* The code of a user "lab-302", any case, from 100 to 699. 0: it is no such user. */
unsigned tnd_lab_code(struct tnd_slice user);

/* What the lab answers from. Borrowed for the call. */
struct tnd_lab_asked {
    const struct tnd_msg *request; /* checked, its verdict is TND_PROCESS as a UAS */
    const struct tnd_uri *uri;     /* its Request-URI, whose user is one of the lab */
    struct tnd_slice contact; /* the URI of this user as it is reached: "sip:lab-200@192.0.2.1" */
    struct tnd_slice host;    /* of it, the host alone; IPv6 in brackets: for SDP and Warning */
    struct tnd_slice nonce;   /* of the owner's making, for a challenge */
    uint64_t number;          /* any, the same for the same request: names an SDP session */
    bool in_dialog;           /* To has a tag that is of a dialog with this user */
    struct tnd_arena *a;      /* takes from it; over: the step says so */
};

struct tnd_lab_step {
    bool is_reply;
    bool forgets;           /* the dialog that reply makes is not to be known again (lab-481) */
    bool over;              /* the arena was over: there is no reply, refuse with 500 */
    enum tnd_rule rule;     /* that made the reply */
    struct tnd_reply reply; /* its to_tag, received and rport are the owner's. Borrows from a, or
                              * is static */
    tnd_time due;           /* of the next step, counted from this one; -1: this was the last */
};

/* The next step; of a lab of zero bytes the first. Not after the last one. */
void tnd_lab_step(struct tnd_lab *lab, const struct tnd_lab_asked *asked, struct tnd_lab_step *ret);

#endif
