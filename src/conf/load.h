/* The values of a configuration file, as libcyaml loads them. */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include "conf/keys.h"

/* The value of one key. A mapping is an array of these, one for each row of its table, by the
 * number of the row. */
struct conf_slot {
    void *value;    /* by the shape of the row; NULL: not set, or a list or mapping of nothing
                     * TEXT      char *
                     * MAPPING   struct conf_slot *
                     * TEXTS     char **
                     * MAPPINGS  struct conf_slot ** */
    uint32_t count; /* of a list */
};

/* What libcyaml needs again to free them. */
struct conf_loaded {
    struct conf_slot *slots; /* of conf_keys; NULL: nothing is set */
    const void *schema;
};

/* Loads text, whose outline is right: unknown keys are left out. The schema lies in a. The caller
 * calls conf_unload(ret) while a is still there. TND_ESYNTAX: libcyaml does not like it, although
 * the outline did; ret_why is static. TND_ENOMEM. */
int conf_load(struct tnd_arena *a, struct tnd_slice text, struct conf_loaded *ret,
              const char **ret_why);

void conf_unload(struct conf_loaded *loaded);

#endif
