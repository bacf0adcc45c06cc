/* Call detail records: a line of JSON for each call that is over. docs/schema/cdr.json says what is in it. */
#ifndef WEB_CDR_H
#define WEB_CDR_H

#include <jansson.h>

#include "web/live.h"

/* NULL: no memory. The caller owns it. */
json_t *tnd_cdr_json(const struct tnd_live_over *over);

#endif
