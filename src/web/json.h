/* JSON of bytes that may be anything. */
#ifndef WEB_JSON_H
#define WEB_JSON_H

#include <jansson.h>

#include "tandem/base.h"

/* A string of any bytes: those that are no UTF-8 become U+FFFD. NULL: out of memory. The caller
 * owns it. */
json_t *tnd_json_string(struct tnd_slice s);

#endif
