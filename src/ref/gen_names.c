/* Run by the build: finds perfect hashes for the names of header fields (with their compact
 * forms) and of methods, and prints them as C.
 *
 * A name is hashed from its length and three of its characters, without case; a table of
 * one byte a slot says whose name it may be, and a comparison decides. Three multipliers
 * are tried until no two names share a slot; a name that is added gets its slot by itself. */
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

static const struct name *slots[TND_HASH_SLOTS];

static bool place_all(const struct name *names, size_t count, uint64_t seed)
{
    memset(slots, 0, sizeof(slots));
    for (const struct name *name = names; name < names + count; name++) {
        if (name->text[0] == '\0')
            continue;
        unsigned slot = tnd_name_hash(name->text, strlen(name->text), seed);
        if (slots[slot])
            return false;
        slots[slot] = name;
    }
    return true;
}

static void print_table(const char *what, const char *prefix, const struct name *names,
                        size_t count)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    long tries = 0;

    while (!place_all(names, count, seed)) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        if (++tries == 100000000) {
            fprintf(stderr, "gen_names: no perfect hash for the %ss; widen TND_HASH_SLOTS\n", what);
            exit(1);
        }
    }
    printf("const uint64_t tnd_%s_seed = %#llxu;\n", what, (unsigned long long)seed);
    printf("const uint8_t tnd_%s_slots[TND_HASH_SLOTS] = {\n", what);
    for (unsigned i = 0; i < TND_HASH_SLOTS; i++)
        if (slots[i])
            printf("    [%u] = TND_%s_%s,\n", i, prefix, slots[i]->id);
    printf("};\n");
}

/* The folded names, for tnd_header_find_wide(): see names.h. */
static void print_folded(void)
{
    puts("const struct tnd_folded_name tnd_header_folded[TND_HEADER_COUNT] = {");
    for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i += 2) {
        char folded[TND_NAME_SIZE] = {0};
        size_t len = strlen(headers[i].text);

        if (len > sizeof(folded)) {
            fprintf(stderr, "gen_names: %s is longer than TND_NAME_SIZE\n", headers[i].text);
            exit(1);
        }
        for (size_t c = 0; c < len; c++)
            folded[c] = (char)(headers[i].text[c] | 0x20);
        printf("    [TND_HEADER_%s] = {{", headers[i].id);
        for (size_t c = 0; c < sizeof(folded); c += 8)
            printf("%s%#llx", c ? ", " : "", (unsigned long long)tnd_load64(folded + c));
        puts("}},");
    }
    puts("};");
}

int main(void)
{
    puts("/* Made by gen_names.c from headers.def and methods.def. */");
    print_table("header", "HEADER", headers, sizeof(headers) / sizeof(*headers));
    print_table("method", "METHOD", methods, sizeof(methods) / sizeof(*methods));
    print_folded();
    return 0;
}
