/* What the commands that print JSON share. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "web/json.h"

/* A string of any bytes, as tnd_json_string() has it. */
static inline json_t *cli_json_string(struct tnd_slice s)
{
    return tnd_json_string(s);
}

/* Prints object, which it takes, on standard output. NULL: there was no memory for it. Returns an
 * exit status, after a line. */
int cli_json_print(json_t *object);

#endif
