/* Reading the values: the table of keys, what libcyaml loaded and the outline, side by side. */
#include "conf/read.h"

#include "base/assert.h"

enum { VALUE_SIZE_MAX = 64, LIST_LEN_MAX = 256 };

/* A mapping, or an entry of a list, that is being read. */
struct from {
    const struct conf_slot *slots;  /* NULL: nothing is set */
    const struct conf_place *place; /* NULL: it is not there */
    const struct conf_at *at;
    bool soon; /* what is set here has no effect yet */
};

static void notice_soon(struct conf_reading *r, const struct conf_at *at)
{
    conf_fault(r->faults, TND_CONF_NOTICE, at, "not yet available, has no effect");
}

/* place is NULL where the default counts. */
static void read_text(struct conf_reading *r, const struct conf_key *key,
                      const struct conf_place *place, const char *value, bool soon,
                      const struct conf_at *at, void *ret)
{
    struct tnd_slice standard = tnd_slice_str(key->standard);
    struct tnd_slice text = value ? tnd_slice_str(value) : TND_STR("");
    char before[VALUE_SIZE_MAX];

    TND_ASSERT(key->size <= sizeof(before));
    if (standard.ptr)
        key->read(r, key, at, standard, ret);
    if (!place)
        return;
    memcpy(before, ret, key->size);
    if (key->read(r, key, at, text, ret) && soon && !tnd_slice_eq(text, standard) &&
        memcmp(before, ret, key->size) != 0)
        notice_soon(r, at);
}

/* Room for the entries of a list, and its count; NULL: there are none, or no memory. */
static char *add_list(struct conf_reading *r, const struct conf_key *key, size_t count, char *to)
{
    char *entries = count > 0 ? tnd_arena_zero(r->arena, count, key->size) : NULL;

    if (!entries)
        count = 0;
    memcpy(to + key->at, &entries, sizeof(entries));
    memcpy(to + key->count_at, &count, sizeof(count));
    return entries;
}

static bool is_too_short(struct conf_reading *r, const struct conf_key *key, size_t count,
                         const struct conf_at *at)
{
    if (count < key->least)
        conf_fault(r->faults, TND_CONF_FAULT, at, "is empty: at least one is needed");
    return count < key->least;
}

/* Takes the first word off a text that is parted by spaces. */
static struct tnd_slice take_word(struct tnd_slice *rest)
{
    const char *space = rest->len > 0 ? memchr(rest->ptr, ' ', rest->len) : NULL;
    const char *end = space ? space : tnd_slice_end(*rest);
    struct tnd_slice word = tnd_slice_between(rest->ptr, end);

    *rest = tnd_slice_between(space ? space + 1 : end, tnd_slice_end(*rest));
    return word;
}

static void read_standard_texts(struct conf_reading *r, const struct conf_key *key,
                                const struct conf_at *at, char *to)
{
    struct tnd_slice rest = tnd_slice_str(key->standard);
    size_t count = rest.len > 0;

    for (size_t i = 0; i < rest.len; i++)
        count += rest.ptr[i] == ' ';
    for (char *entry = add_list(r, key, count, to); entry && rest.len > 0; entry += key->size)
        key->read(r, key, at, take_word(&rest), entry);
}

/* A list of words is one of different words. */
static void refuse_twin(struct conf_reading *r, char *const *values, size_t index,
                        const struct conf_at *at)
{
    for (size_t i = 0; i < index; i++) {
        if (!values[i] || strcmp(values[i], values[index]) != 0)
            continue;
        conf_fault(r->faults, TND_CONF_FAULT, at, "the same as entry %zu", i);
        return;
    }
}

static void read_texts(struct conf_reading *r, const struct conf_key *key,
                       const struct conf_slot *slot, const struct from *from, char *to)
{
    const struct conf_place *place = from->place;
    char *const *values = slot->value;
    char room[LIST_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (!place) {
        read_standard_texts(r, key, from->at, to);
        return;
    }
    if (is_too_short(r, key, slot->count, from->at))
        return;
    char *entry = add_list(r, key, slot->count, to);
    place = place->first;
    for (size_t i = 0; entry && i < slot->count; i++, entry += key->size) {
        struct conf_at here = {from->at, NULL, i, place ? place->line : from->at->line};

        tnd_put_str(&w, i ? " " : "");
        tnd_put_str(&w, values[i] ? values[i] : "");
        if (key->read(r, key, &here, tnd_slice_str(values[i] ? values[i] : ""), entry) &&
            key->words)
            refuse_twin(r, values, i, &here);
        place = place ? place->next : NULL;
    }
    if (from->soon && !tnd_slice_eq(tnd_writer_slice(&w), tnd_slice_str(key->standard)))
        notice_soon(r, from->at);
}

static void read_mapping(struct conf_reading *r, const struct conf_key *keys,
                         const struct from *from, char *to);

static void read_mappings(struct conf_reading *r, const struct conf_key *key,
                          const struct conf_slot *slot, const struct from *from, char *to)
{
    const struct conf_place *place = from->place ? from->place->first : NULL;
    struct conf_slot *const *values = slot->value;

    if (!from->place || is_too_short(r, key, slot->count, from->at))
        return;
    if (from->soon && slot->count > 0)
        notice_soon(r, from->at); /* once, not for each value in it */
    char *entry = add_list(r, key, slot->count, to);
    for (size_t i = 0; entry && i < slot->count; i++, entry += key->size) {
        struct conf_at here = {from->at, NULL, i, place ? place->line : from->at->line};

        read_mapping(r, key->keys, &(struct from){values[i], place, &here, false}, entry);
        place = place ? place->next : NULL;
    }
}

/* The value of one key; from is the value, slot what was loaded of it. */
static void read_key(struct conf_reading *r, const struct conf_key *key,
                     const struct conf_slot *slot, struct from *from, char *to)
{
    switch (key->shape) {
    case CONF_TEXT:
        read_text(r, key, from->place, slot->value, from->soon, from->at, to + key->at);
        return;
    case CONF_MAPPING:
        from->slots = slot->value;
        if (from->place || !key->optional)
            read_mapping(r, key->keys, from, to + key->at);
        return;
    case CONF_TEXTS:
        read_texts(r, key, slot, from, to);
        return;
    case CONF_MAPPINGS:
        read_mappings(r, key, slot, from, to);
        return;
    }
}

static void read_mapping(struct conf_reading *r, const struct conf_key *keys,
                         const struct from *from, char *to)
{
    static const struct conf_slot none = {NULL, 0};

    for (const struct conf_key *key = keys; key->name; key++) {
        const struct conf_place *place = conf_place_of(from->place, key);
        const struct conf_slot *slot = from->slots && place ? &from->slots[key - keys] : &none;
        struct conf_at at = {from->at, key->name, 0, place ? place->line : from->at->line};
        bool soon = from->soon || (keys == conf_keys && conf_key_is_soon(key));

        if (!place && key->required)
            conf_fault(r->faults, TND_CONF_FAULT, &at, "is missing");
        else
            read_key(r, key, slot, &(struct from){NULL, place, &at, soon}, to);
    }
}

void conf_read_values(struct conf_reading *r, const struct conf_slot *slots,
                      const struct conf_place *file, struct tnd_conf *conf)
{
    struct conf_at at = {.line = 0};

    read_mapping(r, conf_keys, &(struct from){slots, file, &at, false}, (char *)conf);
}
