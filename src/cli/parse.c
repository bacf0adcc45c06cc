/* tandem parse: the structure of one SIP message, or what is wrong with it. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/show.h"
#include "tandem/sip.h"

enum { FILE_LEN_MAX = 16 << 20, MEMORY_MAX = 64 << 20 };

static const char usage[] =
    "usage: tandem parse [--json] FILE|-\n"
    "\n"
    "Checks one SIP message, as it would stand in a datagram, and prints its structure, or\n"
    "each flaw as FILE:LINE:COLUMN: RULE: what the rule asks (the RFC and section it is from).\n"
    "\n"
    "  --json      one object on standard output\n"
    "  -h, --help  this text\n"
    "\n"
    "Exit status: 0 the message is valid, 1 it is not, 2 it cannot be read.\n";

/* Parses bytes and whatever body they have; flaws of all of it are in ret. */
static int parse(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes)
{
    int err = tnd_msg_parse(ret, a, bytes, TND_DATAGRAM);

    if (err == TND_EMORE)
        err = tnd_msg_parse_torn(ret, a, bytes);
    return err ? err : tnd_msg_check(ret, a);
}

static int by_place(const void *a, const void *b)
{
    const struct tnd_flaw *x = a, *y = b;

    return (x->where.ptr > y->where.ptr) - (x->where.ptr < y->where.ptr);
}

/* From top to bottom, as one reads. */
static int print_flaws(const struct show *show)
{
    struct tnd_flaw flaws[TND_FLAW_COUNT_MAX];
    unsigned count = show->msg->flaw_count;

    if (count > 0) {
        memcpy(flaws, show->msg->flaws, count * sizeof(*flaws));
        qsort(flaws, count, sizeof(*flaws), by_place);
    }
    for (unsigned i = 0; i < count; i++)
        show_flaw(show, &flaws[i]);
    if (show->msg->flaws_lost > 0)
        printf("%s: %u more flaws\n", show->path, show->msg->flaws_lost);
    return tnd_msg_valid(show->msg) ? CLI_OK : CLI_FAILED;
}

static int parse_file(const char *path, bool json)
{
    struct tnd_slice bytes;
    struct tnd_arena arena;
    struct tnd_msg msg;

    if (cli_read_file(path, FILE_LEN_MAX, &bytes))
        return CLI_USAGE;
    tnd_arena_init(&arena, NULL, 0, &cli_mem, MEMORY_MAX);
    int err = parse(&msg, &arena, bytes), status;
    struct show show = {path, bytes, &msg, cli_colour(stdout)};
    if (strcmp(path, "-") == 0)
        show.path = "standard input";
    if (err)
        status = cli_fail("%s: %s", show.path, tnd_strerror(err));
    else if (json)
        status = show_json(&show);
    else {
        status = print_flaws(&show);
        if (status == CLI_OK)
            show_structure(&show);
        show_verdicts(&show);
    }
    tnd_arena_fini(&arena);
    free((char *)(uintptr_t)bytes.ptr);
    return status;
}

int cli_parse(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
    bool json = false;

    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'j':
            json = true;
            break;
        case 'h':
            fputs(usage, stdout);
            return CLI_OK;
        default:
            return CLI_USAGE; /* getopt has said what is wrong */
        }
    }
    if (optind != argc - 1)
        return cli_fail("parse: give one file, or - for standard input ('tandem parse --help')");
    return parse_file(argv[optind], json);
}
