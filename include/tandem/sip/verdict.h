/* tandem/sip/verdict.h: what a message deserves for its flaws: a pure function.
 *
 * Reading names every flaw; few of them are a reason to refuse. RFC 3261 §16.3 asks that a
 * component which an element does not use be ignored, well-formed or not, and forwarded as
 * it came. So the verdict depends on who asks.
 */
#ifndef TANDEM_SIP_VERDICT_H
#define TANDEM_SIP_VERDICT_H

#include "tandem/sip/message.h"

enum tnd_stand {
    TND_AS_PROXY, /* forwards: any method, any header field that it does not use itself */
    TND_AS_UAS,   /* answers: knows its methods, uses Contact and the body */
};

enum tnd_action {
    TND_PROCESS, /* nothing that matters is wrong */
    TND_REPLY,   /* send code and reason, go no further */
    TND_DROP,    /* say nothing: a response, an ACK, or too broken to be answered */
};

/* Reads the header fields that this stand uses, as tnd_msg_check() does all of them: for whoever asks for
 * the verdict of that stand and nothing else. TND_ENOMEM: a is over. */
int tnd_msg_check_as(struct tnd_msg *msg, struct tnd_arena *a, enum tnd_stand stand);

struct tnd_verdict {
    uint8_t action;       /* enum tnd_action */
    bool close;           /* of a stream: where the next message starts is not known */
    uint16_t code;        /* of a reply; else 0 */
    struct tnd_flaw flaw; /* what decided; rule NONE for 416 and 501, which are no flaws */
};

/* msg has been parsed and checked (tnd_msg_check(), or tnd_msg_check_as() of this stand). In order of weight:
 *   505  another version (RFC 3261 §21.5.6)
 *   513  beyond a bound of ours; 414 a Request-URI beyond TND_URI_LEN_MAX
 *   501  TND_AS_UAS: a method that Tandem does not know (RFC 3261 §8.2.1 has 405 for one that
 *        it knows and does not allow); before a CSeq that does not fit it (RFC 4475 §3.1.2.18)
 *   400  any other flaw that matters; or one that may, where some were lost (flaws_lost)
 *   416  a Request-URI that is not SIP, SIPS or TEL (RFC 3261 §8.2.2.1) */
struct tnd_verdict tnd_msg_verdict(const struct tnd_msg *msg, enum tnd_stand stand);

/* The reason phrase of the reply. Names the flaw (RFC 3261 §21.4.1): "Bad Contact: a URI
 * that holds a comma, a semicolon or a question mark is in < and >". */
void tnd_verdict_reason(struct tnd_writer *w, const struct tnd_msg *msg,
                        const struct tnd_verdict *verdict);

/* The header field that holds this place; NULL: the first line, or none. */
const struct tnd_field *tnd_msg_field_at(const struct tnd_msg *msg, const char *at);

/* Whether the message obeys every rule of the RFCs that is not just advice, and is within
 * the bounds. Not the same as being processed: see above. */
bool tnd_msg_valid(const struct tnd_msg *msg);

#endif
