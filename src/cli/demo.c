/* tandem demo: a call that shows what a response code means, or two of them. */
#include "cli/demo.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/ladder.h"
#include "cli/lang.h"
#include "cli/pager.h"
#include "cli/question.h"

static const char usage[] =
    "usage: tandem demo CODE [vs CODE] [OPTION...]\n"
    "\n"
    "Makes a call that shows what a response code means, in a simulated network, and draws it: each message,\n"
    "with what it says that matters, and what the caller does next. Two codes are drawn side by side where\n"
    "the terminal is wide enough, and what differs is said below. Nothing is sent anywhere.\n"
    "\n"
    "      --lang CODE  the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "      --json       an object, of two codes one with both\n"
    "  -h, --help       this text\n"
    "\n"
    "Example: tandem demo 302 vs 580\n"
    "\n"
    "Exit status: 0 done, 2 wrong usage.\n";

struct demo_command {
    struct demo_show show;
    struct demo_world world;
    struct demo_run run[2];
    struct tnd_arena a;
    unsigned code[2];
    size_t count;
    bool json;
};

static int read_code(const char *text, unsigned *ret)
{
    if (!question_code(text, ret) || *ret > 699 || !tnd_demo_has(*ret))
        return cli_fail("demo: '%.40s' is no response code; they are from 100 to 699", text);
    return CLI_OK;
}

static int read_codes(struct demo_command *c, const struct question *q)
{
    if (!*q->left)
        return cli_fail("demo: give a code, or two as in 'tandem demo 302 vs 580'");
    c->count = q->right ? 2 : 1;
    int status = read_code(q->left, &c->code[0]);
    if (status == CLI_OK && q->right)
        status = read_code(q->right, &c->code[1]);
    return status;
}

static int run_flow(struct demo_command *c, size_t i)
{
    int err = tnd_demo_run(&c->world.world, c->code[i], &c->a, &c->run[i].demo);

    if (err == 0)
        err = tnd_demo_ladder(&c->run[i].demo, c->show.lang, &c->a, &c->run[i].ladder);
    return err == 0 ? CLI_OK : cli_fail("demo: %s", tnd_strerror(err));
}

static int tell(struct demo_command *c)
{
    bool has_width = isatty(STDOUT_FILENO) || getenv("COLUMNS");

    if (c->json)
        return cli_json_print(c->count == 2 ? demo_json_both(c->show.lang, c->run)
                                            : demo_json(c->show.lang, &c->run[0]));
    c->show.width = has_width ? (unsigned)columns_of(stdout) : 0;
    c->show.colour = cli_colour(stdout);
    c->show.utf8 = ladder_utf8();
    c->show.out = pager_start();
    if (c->count == 2)
        demo_show_both(&c->show, c->run);
    else
        demo_show(&c->show, &c->run[0]);
    pager_end(c->show.out);
    return CLI_OK;
}

static int run(struct demo_command *c)
{
    int status = demo_world_open(&c->world, "demo");

    if (status != CLI_OK)
        return status;
    tnd_arena_init(&c->a, NULL, 0, &cli_mem, SIZE_MAX);
    for (size_t i = 0; i < c->count && status == CLI_OK; i++)
        status = run_flow(c, i);
    if (status == CLI_OK)
        status = tell(c);
    tnd_arena_fini(&c->a);
    demo_world_close(&c->world);
    return status;
}

int cli_demo(int argc, char **argv)
{
    struct cli_reference_options options;
    struct question question;

    if (cli_reference_options("demo", NULL, argc, argv, &options) != CLI_OK)
        return CLI_USAGE;
    if (options.help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    struct demo_command c = {.json = options.json, .show.lang = options.lang};
    if (question_read("demo", argv + optind, &question) != CLI_OK ||
        read_codes(&c, &question) != CLI_OK)
        return CLI_USAGE;
    return run(&c);
}
