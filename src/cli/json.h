/* What the commands that print JSON share. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

#include "tandem/base.h"

/* A string of any bytes: those that are no UTF-8 become U+FFFD. NULL: out of memory. The caller
 * owns it. */
json_t *cli_json_string(struct tnd_slice s);

/* Prints object, which it takes, on standard output. NULL: there was no memory for it. Returns an
 * exit status, after a line. */
int cli_json_print(json_t *object);

#endif
