/* What a code means, as JSON: of tandem explain, and of the web. */
#ifndef WEB_EXPLAIN_JSON_H
#define WEB_EXPLAIN_JSON_H

#include <jansson.h>

#include "tandem/ref/explain.h"

/* The caller owns them; NULL: out of memory. */
json_t *tnd_explain_json(enum tnd_lang lang, unsigned code);
json_t *tnd_explain_json_both(enum tnd_lang lang, unsigned a, unsigned b);
json_t *tnd_explain_json_list(enum tnd_lang lang, const uint16_t *codes, size_t count);
/* Of all that have texts. */
json_t *tnd_explain_json_all(enum tnd_lang lang);

#endif
