/* What stands on a ladder of one message: its label, and what it says that matters. */
#ifndef DIAG_FACTS_H
#define DIAG_FACTS_H

#include "diag/ladder.h"
#include "tandem/sip/message.h"

/* "INVITE", "302 Moved Temporarily"; of what is none "no SIP". Borrows from msg, or is in a. */
struct tnd_slice tnd_ladder_label(const struct tnd_msg *msg, struct tnd_arena *a);

/* How it went by its code; 0: it is a request. */
enum tnd_ladder_tone tnd_ladder_tone_of(unsigned code);

/* What matters in msg: why it was refused, where else to go, what is asked for, what is offered; a line each,
 * "Contact: <sip:bob@host>", in the words of the wire, which no language has its own of: in a. Returns how many. */
size_t tnd_ladder_facts(const struct tnd_msg *msg, struct tnd_arena *a,
                        struct tnd_slice ret[TND_LADDER_FACT_COUNT_MAX]);

#endif
