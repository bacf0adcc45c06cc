/* What a response code ends when it answers a request within a dialog (RFC 5057 §5.1), told to people. */
#ifndef WEB_ENDS_H
#define WEB_ENDS_H

#include "tandem/ref/explain.h"

/* The heading of that, in English, a key of translations. */
extern const char tnd_ends_heading[];

/* By tandem/dialog/damage.h, of a re-INVITE or whatever the code is for. NULL: it is no failure, and ends nothing. */
const char *tnd_ends_text(unsigned code, enum tnd_lang lang);

#endif
