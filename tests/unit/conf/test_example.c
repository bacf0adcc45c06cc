/* The example of docs/ is complete, and true. */
#include <stdio.h>
#include <stdlib.h>

#include "unit/conf/conf_test.h"

#define EXAMPLE DOCS_DIR "/tandem.example.yaml"

TND_TEST(conf_example_is_default, "ARCHITECTURE §7",
         "the example says what a file that says nothing says, and nothing is to be said of it")
{
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *example, *empty = conf_read_good("");
    char expected[4096];

    CHECK_EQ(tnd_conf_read(EXAMPLE, &faults, &example), 0);
    CHECK_EQ(faults.count, 0);
    snprintf(expected, sizeof(expected), "%s", conf_dump(empty));
    CHECK_STR(tnd_slice_str(conf_dump(example)), expected);
    tnd_conf_free(&example);
    tnd_conf_free(&empty);
}

static char text[1 << 16];

/* The keys of routes stand in flow mappings of comments. */
static bool stands(const char *name)
{
    char wanted[64];

    snprintf(wanted, sizeof(wanted), "%s:", name);
    for (const char *at = text; (at = strstr(at, wanted)); at++)
        if (at == text || strchr(" {\n#", at[-1]))
            return true;
    return false;
}

static void look_for(void *ctx, const char *key, const char *standard)
{
    const char *dot = strrchr(key, '.');
    char name[64];

    snprintf(name, sizeof(name), "%s", dot ? dot + 1 : key);
    name[strcspn(name, "[")] = '\0';
    if (!stands(name))
        tnd_test_fail(__FILE__, __LINE__, "%s (by default %s) is not in the example", key,
                      standard);
    ++*(int *)ctx;
}

TND_TEST(conf_example_has_every_key, "ARCHITECTURE §7", "every key stands in the example")
{
    FILE *in = fopen(EXAMPLE, "rb");
    int count = 0;

    CHECK(in);
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    fclose(in);
    tnd_conf_each_key(look_for, &count);
    CHECK(count > 60);
    CHECK(!stands("nonsense"));
}
