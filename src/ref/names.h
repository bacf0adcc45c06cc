/* Finding a name in a table of known ones, inline, for the one place that does it for every
 * line of every message (sip/index.c). Everybody else calls tnd_header_find() and
 * tnd_method_find().
 *
 * A name is told by its first eight and its last eight characters, which are all of it up to
 * sixteen, and by those between. A perfect hash of the two, found by gen_names.c when the
 * tables are built, says which known name it may be; then words are compared, not bytes. */
#ifndef REF_NAMES_H
#define REF_NAMES_H

#include "tandem/ref.h"

enum {
    TND_NAME_LEN_MAX = 32, /* the longest registered name has 29 characters */
    TND_NAME_WIDE = 8,     /* as many bytes must be readable at a name, however short */
    TND_NAME_SLOT_BITS = 10,
    TND_NAME_SLOTS = 1 << TND_NAME_SLOT_BITS,
};

/* Bit 5 set in each character folds the case of letters, and tells any two other characters
 * of a token apart. No bit: the case counts. */
#define TND_NAME_FOLD  UINT64_C(0x2020202020202020)
#define TND_NAME_EXACT UINT64_C(0)

struct tnd_name_key {
    uint64_t head, tail; /* the first and the last eight characters, zeros behind a shorter name */
};

struct tnd_known_name {
    struct tnd_name_key key;
    uint64_t middle[2]; /* from 8 and up to 8 before its end, of one longer than 16 */
    uint8_t len, id;    /* id of what it names: enum tnd_header, enum tnd_method */
};

struct tnd_name_table {
    uint64_t seed;
    uint8_t slot[TND_NAME_SLOTS]; /* index into known; 0 is no name */
    struct tnd_known_name known[256];
};

extern const struct tnd_name_table tnd_header_table, tnd_method_table;

static inline uint64_t tnd_load_word(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    return word;
}

/* The first len bytes of a word; all of it from eight on. */
static inline uint64_t tnd_first_bytes(uint64_t word, size_t len)
{
    static const uint8_t ones[2 * TND_NAME_LEN_MAX] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

    return word & tnd_load_word((const char *)ones + TND_NAME_LEN_MAX - len);
}

/* len is from 1 to TND_NAME_LEN_MAX. */
static inline struct tnd_name_key tnd_name_key(const char *name, size_t len, uint64_t fold)
{
    const char *tail = len > 8 ? name + len - 8 : name;

    return (struct tnd_name_key){tnd_first_bytes(tnd_load_word(name) | fold, len),
                                 tnd_first_bytes(tnd_load_word(tail) | fold, len)};
}

static inline unsigned tnd_name_slot(const struct tnd_name_key *key, uint64_t seed)
{
    uint64_t mix = key->head ^ (key->tail << 23 | key->tail >> 41);

    return (unsigned)((mix * seed) >> (64 - TND_NAME_SLOT_BITS));
}

/* What is called name[0..len)? 0: nothing in the table. name must be a token of 1 to
 * TND_NAME_LEN_MAX characters, and TND_NAME_WIDE bytes readable there. */
static inline unsigned tnd_name_find(const struct tnd_name_table *table, const char *name,
                                     size_t len, uint64_t fold)
{
    struct tnd_name_key key = tnd_name_key(name, len, fold);
    const struct tnd_known_name *known =
        &table->known[table->slot[tnd_name_slot(&key, table->seed)]];

    unsigned id = known->id;

    if ((key.head ^ known->key.head) | (key.tail ^ known->key.tail) | (len ^ known->len))
        return 0;
    if (__builtin_expect(len > 16, 0) &&
        (((tnd_load_word(name + 8) | fold) ^ known->middle[0]) |
         ((tnd_load_word(name + len - 16) | fold) ^ known->middle[1])))
        return 0;
    return id;
}

#endif
