/* tandem explain: what a response code means, and what to do about it. */
#include "cli/explain.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/lang.h"
#include "cli/pager.h"
#include "web/explain_json.h"

enum { QUESTION_SIZE = 512 };

static const char usage[] =
    "usage: tandem explain [CODE | CODE vs CODE | WORDS] [OPTION...]\n"
    "\n"
    "Explains a response code of SIP: what it means, when one sees it, and how to fix it. Two codes are\n"
    "set side by side; WORDS are looked for in names and texts; without an argument all are listed.\n"
    "\n"
    "      --lang CODE  the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "      --json       an object, of two codes one with both, of a list an array\n"
    "  -h, --help       this text\n"
    "\n"
    "Exit status: 0 done, 1 no code is about those words, 2 wrong usage.\n";

/* A number of some digits, and nothing else. */
static bool is_number(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if (!tnd_is_digit(text[i]))
            return false;
    return len > 0;
}

static int fail_missing(const char *words)
{
    unsigned near = explain_near(words);

    if (near)
        cli_fail("explain: no code is about '%s'; did you mean %u %s?", words, near,
                 tnd_code_phrase(near));
    else
        cli_fail("explain: no code is about '%s'; 'tandem explain' lists them", words);
    return CLI_FAILED;
}

/* One side of a comparison: a number, or words that fit one code. */
static int read_code(const struct explain *x, const char *text, unsigned *ret)
{
    uint16_t found[EXPLAIN_FOUND_COUNT_MAX];

    if (is_number(text)) {
        unsigned long code = strtoul(text, NULL, 10);

        if (code < 100 || code > 699)
            return cli_fail("explain: '%s' is no response code; they are from 100 to 699", text);
        *ret = (unsigned)code;
        return CLI_OK;
    }
    size_t count = explain_find(x->lang, text, found);
    if (count == 0)
        return fail_missing(text);
    if (count > 1)
        return cli_fail("explain: '%s' fits %zu codes, such as %u and %u; give a number", text,
                        count, found[0], found[1]);
    *ret = found[0];
    return CLI_OK;
}

static int explain_one(struct explain *x, unsigned code)
{
    if (x->json)
        return cli_json_print(tnd_explain_json(x->lang, code));
    explain_show(x, code);
    return CLI_OK;
}

static int explain_both(struct explain *x, const char *a, const char *b)
{
    unsigned code[2];
    int status = read_code(x, a, &code[0]);

    if (status == CLI_OK)
        status = read_code(x, b, &code[1]);
    if (status != CLI_OK)
        return status;
    if (x->json)
        return cli_json_print(tnd_explain_json_both(x->lang, code[0], code[1]));
    explain_show_both(x, code[0], code[1]);
    return CLI_OK;
}

static int explain_list(struct explain *x, const uint16_t *codes, size_t count)
{
    if (x->json)
        return cli_json_print(tnd_explain_json_list(x->lang, codes, count));
    explain_show_list(x, codes, count);
    return CLI_OK;
}

static int explain_all(struct explain *x)
{
    uint16_t codes[EXPLAIN_FOUND_COUNT_MAX];
    size_t count = 0;

    for (unsigned code = tnd_explain_next(0); code && count < EXPLAIN_FOUND_COUNT_MAX;
         code = tnd_explain_next(code))
        codes[count++] = (uint16_t)code;
    return explain_list(x, codes, count);
}

static int explain_words(struct explain *x, const char *words)
{
    uint16_t codes[EXPLAIN_FOUND_COUNT_MAX];
    size_t count = explain_find(x->lang, words, codes);

    if (count == 0)
        return fail_missing(words);
    return count == 1 ? explain_one(x, codes[0]) : explain_list(x, codes, count);
}

/* "302 vs 580", "302-vs-580": question becomes the left side. NULL: it is not of two. */
static char *right_of(char *question)
{
    static const char *const between[] = {" vs ", "-vs-", " vs. "};

    for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++) {
        char *at = strstr(question, between[i]);

        if (at) {
            *at = '\0';
            return at + strlen(between[i]);
        }
    }
    return NULL;
}

static int answer(struct explain *x, char *question)
{
    unsigned code;
    char *right = right_of(question);

    if (question[0] == '\0' && !right)
        return explain_all(x);
    if (right)
        return explain_both(x, question, right);
    if (!is_number(question))
        return explain_words(x, question);
    int status = read_code(x, question, &code);
    return status == CLI_OK ? explain_one(x, code) : status;
}

/* What was asked, in one string: the arguments with a space between them. */
static int join(char **argv, char question[static QUESTION_SIZE])
{
    size_t len = 0;

    question[0] = '\0';
    for (; *argv; argv++) {
        size_t more = strlen(*argv);

        if (more == 0)
            return cli_fail("explain: an empty argument; give a code or words");
        if (len + more + 2 > QUESTION_SIZE)
            return cli_fail("explain: a question that long is none");
        len += (size_t)sprintf(question + len, "%s%s", len > 0 ? " " : "", *argv);
    }
    if (strcmp(question, "vs") == 0 || (len > 3 && strcmp(question + len - 3, " vs") == 0) ||
        strncmp(question, "vs ", 3) == 0)
        return cli_fail("explain: give two codes, as in 'tandem explain 302 vs 580'");
    return CLI_OK;
}

/* Through the pager, if there is somebody to read. Only an answer goes there, a complaint does not. */
static int run(struct explain *x, char *question)
{
    x->colour = cli_colour(stdout);
    x->width = columns_of(stdout);
    x->out = x->json ? stdout : pager_start();
    int status = answer(x, question);
    pager_end(x->out);
    return status;
}

int cli_explain(int argc, char **argv)
{
    struct cli_reference_options options;
    char question[QUESTION_SIZE];

    if (cli_reference_options("explain", argc, argv, &options) != CLI_OK)
        return CLI_USAGE;
    if (options.help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    struct explain x = {.json = options.json, .lang = options.lang};
    return join(argv + optind, question) == CLI_OK ? run(&x, question) : CLI_USAGE;
}
