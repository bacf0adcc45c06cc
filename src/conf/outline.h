/* What stands where in a configuration file. */
#ifndef CONF_OUTLINE_H
#define CONF_OUTLINE_H

#include "conf/keys.h"

enum conf_place_shape { CONF_PLACE_NULL, CONF_PLACE_TEXT, CONF_PLACE_LIST, CONF_PLACE_MAPPING };

/* A value of the file. Those that it holds follow one another as in the file. */
struct conf_place {
    const struct conf_key *key; /* NULL: the file itself, or an entry of a list */
    enum conf_place_shape shape;
    unsigned line;
    struct conf_place *first, *last, *next;
};

/* Reads text and finds what breaks YAML or has not the shape that conf_keys asks for. ret is the
 * file itself, a mapping, in a; NULL: the file is empty. Unknown keys are told, and left out.
 * TND_ESYNTAX: there are faults, and the values cannot be read before they are mended.
 * TND_ENOMEM. */
int conf_outline(struct tnd_arena *a, struct tnd_slice text, struct tnd_conf_faults *faults,
                 struct conf_place **ret);

/* The value of key in mapping, which may be NULL; NULL: it is not there, or has no value. */
const struct conf_place *conf_place_of(const struct conf_place *mapping,
                                       const struct conf_key *key);

#endif
