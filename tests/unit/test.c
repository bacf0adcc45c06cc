/* The runner: every TND_TEST of the program, file by file, each in the same process.
 * --only=TEXT runs those whose name holds TEXT; --list prints them. */
#include "unit/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct tnd_test *tests;
static bool claimed[TND_RULE_COUNT];
static jmp_buf after_failure;

void tnd_test_add(struct tnd_test *test)
{
    struct tnd_test **at = &tests;

    while (*at && strcmp((*at)->file, test->file) <= 0)
        at = &(*at)->next;
    test->next = *at;
    *at = test;
}

void tnd_test_claim(enum tnd_rule rule)
{
    claimed[rule] = true;
}

void tnd_test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    printf("%s:%d: ", file, line);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    longjmp(after_failure, 1);
}

static bool run(const struct tnd_test *test)
{
    if (setjmp(after_failure) == 0) {
        test->run();
        return true;
    }
    printf("FAILED %s: %s (%s)\n", test->name, test->sentence, test->law);
    return false;
}

static int say_unclaimed(void)
{
    int count = 0;

    for (int rule = 1; rule < TND_RULE_COUNT; rule++) {
        if (claimed[rule])
            continue;
        printf("no test claims %s (%s)\n", tnd_rule_name((enum tnd_rule)rule),
               tnd_rule_law((enum tnd_rule)rule));
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    const char *only = NULL;
    bool list = false;
    int passed = 0, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--only=", 7) == 0)
            only = argv[i] + 7;
        else if (strcmp(argv[i], "--list") == 0)
            list = true;
        else
            return fprintf(stderr, "usage: %s [--list] [--only=TEXT]\n", argv[0]), 2;
    }
    for (const struct tnd_test *test = tests; test; test = test->next) {
        if (only && !strstr(test->name, only))
            continue;
        if (list)
            printf("%s: %s (%s)\n", test->name, test->sentence, test->law);
        else if (run(test))
            passed++;
        else
            failed++;
    }
    if (list)
        return 0;
    if (!only)
        printf("%d of %d rules are claimed by a test\n", TND_RULE_COUNT - 1 - say_unclaimed(),
               TND_RULE_COUNT - 1);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0; /* none is no proof: a TEXT with a slip in it */
}
