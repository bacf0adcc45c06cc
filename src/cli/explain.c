/* tandem explain: what a response code means, and what to do about it. */
#include "cli/explain.h"

#include <getopt.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/lang.h"
#include "cli/pager.h"
#include "cli/question.h"
#include "web/explain_json.h"

static const char usage[] =
    "usage: tandem explain [CODE | CODE vs CODE | 4xx | WORDS] [OPTION...]\n"
    "\n"
    "Explains a response code of SIP: what it means, when one sees it, and how to fix it. Two codes are\n"
    "set side by side; of a class, such as 4xx, all codes are listed; WORDS are looked for in names and\n"
    "texts; without an argument all codes are listed.\n"
    "\n"
    "      --lang CODE  the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "      --json       an object, of two codes one with both, of a list an array\n"
    "  -h, --help       this text\n"
    "\n"
    "Exit status: 0 done, 1 no code is about those words, 2 wrong usage.\n";

static int fail_missing(const struct explain *x, const char *words)
{
    unsigned near = explain_near(x->lang, words);
    struct tnd_explanation e;

    if (!near) {
        cli_fail("explain: no code is about '%s'; 'tandem explain' lists them", words);
        return CLI_FAILED;
    }
    tnd_explain(near, x->lang, &e);
    cli_fail("explain: no code is about '%s'; did you mean %u %s?", words, near, e.title);
    return CLI_FAILED;
}

/* One side of a comparison: a number, or words that fit one code. */
static int read_code(const struct explain *x, const char *text, unsigned *ret)
{
    uint16_t found[EXPLAIN_FOUND_COUNT_MAX];

    if (question_code(text, ret)) {
        if (*ret >= 100 && *ret <= 699)
            return CLI_OK;
        return cli_fail("explain: '%s' is no response code; they are from 100 to 699", text);
    }
    size_t count = explain_find(x->lang, text, found);
    if (count == 0)
        return fail_missing(x, text);
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
    if (code[0] == code[1])
        explain_show(x, code[0]);
    else
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

/* Those of a class; 0: all. */
static int explain_class(struct explain *x, unsigned number)
{
    uint16_t codes[EXPLAIN_FOUND_COUNT_MAX];
    size_t count = 0;

    for (unsigned code = tnd_explain_next(0); code && count < EXPLAIN_FOUND_COUNT_MAX;
         code = tnd_explain_next(code))
        if (number == 0 || code / 100 == number)
            codes[count++] = (uint16_t)code;
    return explain_list(x, codes, count);
}

static int explain_words(struct explain *x, const char *words)
{
    uint16_t codes[EXPLAIN_FOUND_COUNT_MAX];
    size_t count = explain_find(x->lang, words, codes);

    if (count == 0)
        return fail_missing(x, words);
    return count == 1 ? explain_one(x, codes[0]) : explain_list(x, codes, count);
}

static int answer(struct explain *x, const struct question *q)
{
    unsigned code;

    if (q->right)
        return explain_both(x, q->left, q->right);
    if (!*q->left)
        return explain_class(x, 0);
    if (question_class(q->left))
        return explain_class(x, question_class(q->left));
    if (!question_code(q->left, &code))
        return explain_words(x, q->left);
    int status = read_code(x, q->left, &code);
    return status == CLI_OK ? explain_one(x, code) : status;
}

/* Through the pager, if there is somebody to read. Only an answer goes there, a complaint does not. */
static int run(struct explain *x, const struct question *q)
{
    x->colour = cli_colour(stdout);
    x->width = columns_of(stdout);
    x->out = x->json ? stdout : pager_start();
    int status = answer(x, q);
    pager_end(x->out);
    return status;
}

int cli_explain(int argc, char **argv)
{
    struct cli_reference_options options;
    struct question question;

    if (cli_reference_options("explain", NULL, argc, argv, &options) != CLI_OK)
        return CLI_USAGE;
    if (options.help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    struct explain x = {.json = options.json, .lang = options.lang};
    return question_read("explain", argv + optind, &question) == CLI_OK ? run(&x, &question)
                                                                        : CLI_USAGE;
}
