/* What the server answers to tandem why, told to people. */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include <jansson.h>

#include "tandem/ref/explain.h"

/* A member that is text; "" if there is none. Borrows from object. */
struct tnd_slice why_text(const json_t *object, const char *key);

/* "2026-11-26T14:03:07.214512Z" in local time, up to milliseconds; as it stands if it is none. Returns room. */
const char *why_time(struct tnd_slice moment, char room[64]);

/* The records, with an empty line between them; their "text" stands as it is, what is around it is in lang. */
void why_show(const json_t *records, enum tnd_lang lang);

#endif
