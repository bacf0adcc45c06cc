/* Run by the build: makes the tables of known names, header fields (with their compact forms)
 * and methods, and prints them as C. Multipliers are tried until no two names share a slot;
 * a name that is added gets its slot by itself. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ref/names.h"

struct name {
    const char *text, *id;
};

static const struct name headers[] = {
#define HEADER(id, name, compact, number, law) {name, #id}, {compact, #id},
#include "tandem/ref/headers.def"
#undef HEADER
};

static const struct name methods[] = {
#define METHOD(name, law) {#name, #name},
#include "tandem/ref/methods.def"
#undef METHOD
};

struct placed {
    char text[TND_NAME_LEN_MAX + 8];
    size_t len;
    const char *id;
    struct tnd_name_key key;
};

static struct placed known[256];
static size_t known_count;
static uint8_t slots[TND_NAME_SLOTS];

static void take_names(const struct name *names, size_t count, uint64_t fold)
{
    known_count = 1;
    for (const struct name *name = names; name < names + count; name++) {
        struct placed *k = &known[known_count];

        if (name->text[0] == '\0')
            continue;
        k->len = strlen(name->text);
        if (++known_count > 255 || k->len > TND_NAME_LEN_MAX) {
            fprintf(stderr, "gen_names: %s: too long, or too many names\n", name->text);
            exit(1);
        }
        memset(k->text, 0, sizeof(k->text));
        memcpy(k->text, name->text, k->len);
        k->id = name->id;
        k->key = tnd_name_key(k->text, k->len, fold);
    }
}

static bool place_all(uint64_t seed)
{
    memset(slots, 0, sizeof(slots));
    for (size_t i = 1; i < known_count; i++) {
        uint8_t *slot = &slots[tnd_name_slot(&known[i].key, seed)];

        if (*slot)
            return false;
        *slot = (uint8_t)i;
    }
    return true;
}

static uint64_t find_seed(void)
{
    uint64_t seed = 0x9e3779b97f4a7c15;

    for (long tries = 0; !place_all(seed); tries++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        if (tries == 100000000) {
            fprintf(stderr, "gen_names: no perfect hash; raise TND_NAME_SLOT_BITS\n");
            exit(1);
        }
    }
    return seed;
}

static void print_known(const struct placed *k, const char *prefix, uint64_t fold)
{
    uint64_t middle[2] = {0, 0};

    if (k->len > 16) {
        middle[0] = tnd_load_word(k->text + 8) | fold;
        middle[1] = tnd_load_word(k->text + k->len - 16) | fold;
    }
    printf("    {{%#llx, %#llx}, {%#llx, %#llx}, %zu, TND_%s_%s},\n",
           (unsigned long long)k->key.head, (unsigned long long)k->key.tail,
           (unsigned long long)middle[0], (unsigned long long)middle[1], k->len, prefix, k->id);
}

static void print_table(const char *what, const char *prefix, uint64_t fold)
{
    uint64_t seed = find_seed();

    printf("const struct tnd_name_table tnd_%s_table = {%#llx, {", what, (unsigned long long)seed);
    for (unsigned i = 0; i < TND_NAME_SLOTS; i++)
        printf("%s%d", i ? "," : "", slots[i]);
    printf("}, {\n    {{0, 0}, {0, 0}, 0, 0},\n");
    for (size_t i = 1; i < known_count; i++)
        print_known(&known[i], prefix, fold);
    printf("}};\n");
}

int main(void)
{
    puts("/* Made by gen_names.c from headers.def and methods.def. */");
    take_names(headers, sizeof(headers) / sizeof(*headers), TND_NAME_FOLD);
    print_table("header", "HEADER", TND_NAME_FOLD);
    take_names(methods, sizeof(methods) / sizeof(*methods), TND_NAME_EXACT);
    print_table("method", "METHOD", TND_NAME_EXACT);
    return 0;
}
