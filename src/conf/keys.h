/* The schema: a row for each key that a file may set. Everyone reads it: the outline says what is
 * no key, libcyaml's schema is made of it, the values are read and bounded by it. */
#ifndef CONF_KEYS_H
#define CONF_KEYS_H

#include "conf/fault.h"

enum conf_shape { CONF_TEXT, CONF_MAPPING, CONF_TEXTS, CONF_MAPPINGS };

struct conf_key;

/* What values are read with. */
struct conf_reading {
    struct tnd_arena *arena; /* of the configuration */
    struct tnd_conf_faults *faults;
};

/* Reads the text of a value into ret, whose size is in the row. false: it is wrong, which is told
 * as a fault; ret is untouched. */
typedef bool conf_reader(struct conf_reading *r, const struct conf_key *key,
                         const struct conf_at *at, struct tnd_slice text, void *ret);

/* A word and what it means. */
struct conf_word {
    const char *name;
    int value;
};

struct conf_key {
    const char *name;
    enum conf_shape shape;
    bool required;        /* must be there */
    bool optional;        /* a mapping that is zero bytes where it is not there: no defaults */
    size_t at;            /* in the struct of the mapping it stands in */
    size_t count_at;      /* likewise the size_t of a list */
    size_t size;          /* of the value; of a list: of an entry */
    conf_reader *read;    /* of a text, and of each of several */
    uint32_t least, most; /* of a number; of a list: how many entries */
    const char *standard; /* the default as text; that of several is parted by spaces. NULL: none,
                            * the value stays zero bytes */
    const struct conf_word *words; /* of a word; up to one without name */
    const struct conf_key *keys;   /* of mappings; up to one without name */
};

/* Those of the file itself. */
extern const struct conf_key conf_keys[];

/* Whether the key of the file itself, and what stands below, is read but not used yet. */
bool conf_key_is_soon(const struct conf_key *key);

/* The one of keys with this name, or NULL. */
const struct conf_key *conf_key_find(const struct conf_key *keys, struct tnd_slice name);

/* Tells that at->name is none of keys, and which one may have been meant. */
void conf_key_unknown(struct tnd_conf_faults *faults, const struct conf_key *keys,
                      const struct conf_at *at);

#endif
