/* Finding a header field by its name, inline, for the one place that does it for every line
 * of every message (sip/index.c). Everybody else calls tnd_header_find(). */
#ifndef REF_NAMES_H
#define REF_NAMES_H

#include "ref/name_hash.h"
#include "tandem/ref.h"

enum {
    TND_NAME_SIZE = 32, /* the longest registered name has 29 characters */
};

/* A name with bit 5 set in each character, which folds the case of letters and tells any
 * two other characters of a token apart; zero behind its end. */
struct tnd_folded_name {
    uint64_t word[TND_NAME_SIZE / 8];
};

extern const uint64_t tnd_header_seed;
extern const uint8_t tnd_header_slots[TND_HASH_SLOTS];
extern const struct tnd_folded_name tnd_header_folded[TND_HEADER_COUNT];
extern const uint8_t tnd_header_name_len[TND_HEADER_COUNT];
extern const uint8_t tnd_name_ones[2 * TND_NAME_SIZE];

static inline uint64_t tnd_load64(const void *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* Which header field is called name[0..len)? name must be a token and TND_NAME_SIZE bytes
 * must be readable at it; what lies behind len does not matter. */
static inline enum tnd_header tnd_header_find_wide(const char *name, size_t len)
{
    const uint64_t fold = 0x2020202020202020;
    enum tnd_header header = tnd_header_slots[tnd_name_hash(name, len, tnd_header_seed)];

    if (len != tnd_header_name_len[header]) {
        /* a compact form: one character, and the hash has no two in one slot */
        return len == 1 && header && (name[0] | 0x20) == *tnd_header_compact(header)
                   ? header
                   : TND_HEADER_OTHER;
    }
    const uint64_t *word = tnd_header_folded[header].word;
    const uint8_t *mask = tnd_name_ones + TND_NAME_SIZE - len;
    uint64_t differ = (((tnd_load64(name) | fold) & tnd_load64(mask)) ^ word[0]) |
                      (((tnd_load64(name + 8) | fold) & tnd_load64(mask + 8)) ^ word[1]);
    if (len > 16)
        differ |= (((tnd_load64(name + 16) | fold) & tnd_load64(mask + 16)) ^ word[2]) |
                  (((tnd_load64(name + 24) | fold) & tnd_load64(mask + 24)) ^ word[3]);
    return differ == 0 ? header : TND_HEADER_OTHER;
}

#endif
