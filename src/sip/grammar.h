/* Which grammar the value of a header field has. */
#ifndef SIP_GRAMMAR_H
#define SIP_GRAMMAR_H

#include "tandem/sip/field.h"
#include "tandem/sip/message.h"

/* The first value of those kinds that are looked at again once they have been judged. */
struct tnd_judged {
    struct tnd_via via;
    struct tnd_addr from;
    struct tnd_cseq cseq;
    bool has_via, has_from, has_cseq; /* it is there, and good */
};

/* Reads a header field to its end, as its kind asks. false: the flaw says why. A field whose
 * grammar is not known is good. *count is how many values the fields of its kind in front of
 * it hold, and then with its own: TND_LIST_COUNT_MAX is for all of them. judged: zeroed at first. */
bool tnd_field_good(const struct tnd_msg *msg, const struct tnd_field *f, uint32_t *count,
                    struct tnd_judged *judged, struct tnd_flaw *ret_flaw);

#endif
