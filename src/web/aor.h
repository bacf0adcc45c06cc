/* Addresses-of-record as people write them. */
#ifndef WEB_AOR_H
#define WEB_AOR_H

#include "tandem/store.h"

/* As the store has it. */
struct web_aor {
    struct tnd_slice text;   /* in room */
    struct tnd_slice domain; /* the part of it behind the '@' */
    char room[TND_AOR_LEN_MAX];
};

/* Reads "alice@example.com" or "sip:alice@example.com". TND_ESYNTAX: it is no such; TND_ESPACE: it is longer
 * than any. */
int web_aor_read(struct tnd_slice text, struct web_aor *ret);

#endif
