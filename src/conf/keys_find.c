/* Finding a key by its name, and the one that was meant when there is none. */
#include <stdio.h>

#include "base/ascii.h"
#include "conf/keys.h"

enum { NAME_LEN_MAX = 32 }; /* a longer name is near to nothing */

/* What is read and checked, but nothing asks for it yet. Who builds it takes it out. */
static const char *const soon[] = {NULL /* ends them: there is none just now */};

bool conf_key_is_soon(const struct conf_key *key)
{
    for (size_t i = 0; soon[i]; i++)
        if (strcmp(key->name, soon[i]) == 0)
            return true;
    return false;
}

const struct conf_key *conf_key_find(const struct conf_key *keys, struct tnd_slice name)
{
    for (; keys->name; keys++)
        if (tnd_slice_eq(name, tnd_slice_str(keys->name)))
            return keys;
    return NULL;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, taken out or replaced to make one of the other (Levenshtein).
 * Case does not count. Both are at most NAME_LEN_MAX. */
static unsigned distance(struct tnd_slice a, struct tnd_slice b)
{
    unsigned row[NAME_LEN_MAX + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; i < a.len; i++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < b.len; j++) {
            bool same = tnd_slice_eq_fold(tnd_slice(a.ptr + i, 1), tnd_slice(b.ptr + j, 1));
            unsigned replaced = diagonal + !same;

            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[b.len];
}

/* The key that differs in no more than a third of its letters, the nearest of them. */
static const struct conf_key *nearest(const struct conf_key *keys, struct tnd_slice name)
{
    const struct conf_key *best = NULL;
    unsigned best_distance = NAME_LEN_MAX;

    for (; keys->name && name.len <= NAME_LEN_MAX; keys++) {
        struct tnd_slice known = tnd_slice_str(keys->name);
        unsigned d = distance(name, known);

        if (3 * d <= (known.len > name.len ? known.len : name.len) && d < best_distance) {
            best = keys;
            best_distance = d;
        }
    }
    return best;
}

/* The section whose key it is, or NULL: the name of it is written behind that of the section. */
static const struct conf_key *section_with(struct tnd_slice name)
{
    for (const struct conf_key *key = conf_keys; key->name; key++)
        if (key->shape == CONF_MAPPING && conf_key_find(key->keys, name))
            return key;
    return NULL;
}

static void put_names(struct tnd_writer *w, const struct conf_key *keys)
{
    for (const struct conf_key *key = keys; key->name; key++) {
        if (key != keys)
            tnd_put_str(w, ", ");
        tnd_put_str(w, key->name);
    }
}

void conf_key_unknown(struct tnd_conf_faults *faults, const struct conf_key *keys,
                      const struct conf_at *at)
{
    struct tnd_slice name = tnd_slice_str(at->name);
    bool full = faults->count == TND_CONF_FAULT_COUNT_MAX; /* nobody will read it */
    const struct conf_key *near = full ? NULL : nearest(keys, name);
    const struct conf_key *section = full ? NULL : section_with(name);
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (near) {
        conf_fault(faults, TND_CONF_FAULT, at, "unknown key; the nearest is %s", near->name);
        return;
    }
    if (section) {
        conf_fault(faults, TND_CONF_FAULT, at, "unknown here; %s.%s is a key", section->name,
                   at->name);
        return;
    }
    if (conf_key_find(conf_keys, name)) {
        conf_fault(faults, TND_CONF_FAULT, at,
                   "unknown here; %s belongs to the file itself: "
                   "indent it less",
                   at->name);
        return;
    }
    put_names(&w, keys);
    conf_fault(faults, TND_CONF_FAULT, at, "unknown key; known here: %.*s",
               TND_FMT(tnd_writer_slice(&w)));
}

static void each(const struct conf_key *keys, const char *prefix,
                 void (*visit)(void *ctx, const char *key, const char *standard), void *ctx)
{
    for (const struct conf_key *key = keys; key->name; key++) {
        char path[128];
        bool many = key->shape == CONF_MAPPINGS || key->shape == CONF_TEXTS;

        snprintf(path, sizeof(path), "%s%s%s", prefix, key->name, many ? "[]" : "");
        visit(ctx, path, key->standard ? key->standard : "");
        if (!key->keys)
            continue;
        snprintf(path + strlen(path), sizeof(path) - strlen(path), ".");
        each(key->keys, path, visit, ctx);
    }
}

void tnd_conf_each_key(void (*visit)(void *ctx, const char *key, const char *standard), void *ctx)
{
    each(conf_keys, "", visit, ctx);
}
