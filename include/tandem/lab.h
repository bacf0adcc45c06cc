/* tandem/lab.h: the lab: users that answer as they are called. A request to sip:lab-302@… is
 * answered with 302, whatever the code from 100 to 699, with the header fields that the code
 * asks for. URI parameters of the Request-URI steer it:
 *
 *   contact=      the Contacts of a 3xx or 485, escaped; several are parted by an escaped comma.
 *                 Each is a URI, or a value as Contact has it, with < and >. Those without a q
 *                 of their own get one each, so that they are tried in their order. A 3xx without
 *                 contact= names lab-200 at the same host and port
 *   unsupported=  the option tags of Unsupported in a 420, parted by an escaped comma
 *   max-body=     bytes of a body that lab-413 takes
 *   retry-after=  seconds, in Retry-After of a final response from 300 to 699
 *   ring=         seconds of 180 first, for an INVITE
 *   delay=        seconds before the final response, after those of ring=
 *   body=         text/plain of the final response, escaped. Not where that is a 2xx to INVITE,
 *                 whose body is the session description, or to MESSAGE, which has none
 *
 * Seconds of ring= and delay= may have up to three decimals. What cannot be obeyed is refused
 * with a 400 whose reason names the parameter; other URI parameters do not matter, nor does a
 * parameter of these to a code that has no use for it.
 *
 * What is not as simple as that:
 *
 *   lab-1xx       answers an INVITE with its code and after delay=, else TND_LAB_FIRST_WAIT_MS,
 *                 with 200; other requests, which have no provisional response, with 200
 *   lab-2xx       (and what answers 200) takes INVITE, OPTIONS and MESSAGE, and other requests
 *                 in a dialog only. It has no media: its streams are inactive, at port 9
 *   lab-420       names the tags of unsupported=, else all of Require and Proxy-Require; a
 *                 request that has none is answered with 200
 *   lab-413       answers a body that is no longer than max-body= with 200
 *   lab-401       and lab-407: whoever answers the challenge is let in, with any password
 *   lab-421       wants 100rel, or of a request that offers it precondition; one that offers both
 *                 is answered with 200
 *   lab-422       takes a Session-Expires of TND_LAB_SESSION_MIN or more, lab-423 an Expires of
 *                 TND_LAB_EXPIRES_MIN or more, with 200
 *   lab-481       answers an INVITE with 200, and is to know nothing of the dialog afterwards
 *   lab-580       can reserve nothing: an offer with mandatory preconditions that are not met (RFC
 *                 3312) is refused, in a dialog too, with a description of those that failed; it
 *                 does not ring for one. Optional ones are answered, and so is all else, with 200
 *   a dialog      of any of them serves what Allow says, whatever code and parameters are
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
    TND_LAB_WAIT_OTHER_MAX = 25,  /* of delay, for a request other than INVITE: its client gives
                                   * it up after 32 (RFC 4320 §4.2) */
    TND_LAB_FIRST_WAIT_MS = 1000, /* between a provisional code and its 200, if nothing says else */
    TND_LAB_CONTACT_COUNT_MAX = 10, /* values of contact= */
    TND_LAB_TAG_COUNT_MAX = 64,     /* values of unsupported= */
    TND_LAB_STEP_COUNT_MAX = 3,
    TND_LAB_SESSION_MIN =
        7200, /* seconds: more than most ask for, and so there is something to fix */
    TND_LAB_EXPIRES_MIN = 7200,
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
    uint64_t number;          /* any, the same for every request of a dialog and that which made
                               * it: names the SDP session */
    bool in_dialog;           /* To has a tag that is of a dialog with this user. With another tag
                               * it is false, and 481 the answer */
    bool is_early;            /* of in_dialog: its INVITE has no final response yet */
    struct tnd_arena *a;      /* takes from it: 16 KiB for an ordinary offer, less without; 1 MiB
                          * has been enough for all that fit a message. Over: the step says so */
};

struct tnd_lab_step {
    bool is_reply;
    bool forgets;           /* the dialog that reply makes is not to be known again (lab-481); the
                             * same in each step */
    bool over;              /* the arena was over: there is no reply, and the lab stands where it
                             * stood. Ask again with a larger one, or refuse with 500 */
    enum tnd_rule rule;     /* that made the reply */
    struct tnd_reply reply; /* its to_tag, received and rport are the owner's. Borrows from a, or
                              * is static */
    tnd_time due;           /* of the next step, counted from this one; -1: this was the last */
};

/* The next step; of a lab of zero bytes the first. Not after the last one. */
void tnd_lab_step(struct tnd_lab *lab, const struct tnd_lab_asked *asked, struct tnd_lab_step *ret);

#endif
