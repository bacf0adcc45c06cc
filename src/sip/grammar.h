/* Which grammar the value of a header field has. */
#ifndef SIP_GRAMMAR_H
#define SIP_GRAMMAR_H

#include "tandem/sip/message.h"

/* Reads a header field to its end, as its kind asks. false: the flaw says why. A field whose
 * grammar is not known is good. */
bool tnd_field_good(const struct tnd_msg *msg, const struct tnd_field *f,
                    struct tnd_flaw *ret_flaw);

#endif
