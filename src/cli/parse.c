/* tandem parse: the structure of one SIP message, or what is wrong with it. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lang.h"
#include "cli/mend.h"
#include "cli/show.h"

enum { FILE_LEN_MAX = 16 << 20, MEMORY_MAX = 64 << 20 };

static const char usage[] =
    "usage: tandem parse [--json] [--text] [--lang CODE] FILE|-\n"
    "\n"
    "Checks one SIP message, as it would stand in a datagram, and prints its structure, or\n"
    "each flaw as FILE:LINE:COLUMN: RULE: what the rule asks (the RFC and section it is from).\n"
    "A session description in its body is checked too.\n"
    "\n"
    "  --text       the message was pasted from a log or saved by an editor: its line ends, its\n"
    "               indentation and empty lines in front of it are mended first\n"
    "  --json       one object on standard output\n"
    "  --lang CODE  the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "  -h, --help   this text\n"
    "\n"
    "Exit status: 0 the message is valid, 1 it is not, 2 it cannot be read.\n";

/* Parses bytes and whatever body they have; flaws of all of it are in ret. */
static int parse(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes)
{
    int err = tnd_msg_parse_datagram(ret, a, bytes);

    return err ? err : tnd_msg_check(ret, a);
}

static bool has_sdp(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_TYPE);
    struct tnd_media_type type;

    return msg->body.len > 0 && !tnd_msg_has(msg, TND_HEADER_CONTENT_ENCODING) &&
           tnd_media_type_next(&v, &type) &&
           tnd_media_type_is(&type, TND_STR("application"), TND_STR("sdp"));
}

static void keep_flaws(struct show *show, const struct tnd_flaw *flaws, size_t kept, size_t lost)
{
    if (kept > 0)
        memcpy(show->flaws + show->flaw_count, flaws, kept * sizeof(*flaws));
    show->flaw_count += kept;
    show->flaws_lost += lost;
}

static int by_place(const void *a, const void *b)
{
    const struct tnd_flaw *x = a, *y = b;

    if (x->where.ptr == y->where.ptr)
        return (x->rule > y->rule) - (x->rule < y->rule);
    return x->where.ptr > y->where.ptr ? 1 : -1;
}

/* Says the same of the same place once: a description may lack several lines. */
static void drop_twins(struct show *show)
{
    size_t kept = 0;

    for (size_t i = 0; i < show->flaw_count; i++) {
        const struct tnd_flaw *flaw = &show->flaws[i], *last = &show->flaws[kept ? kept - 1 : 0];

        if (kept == 0 || flaw->rule != last->rule || flaw->where.ptr != last->where.ptr)
            show->flaws[kept++] = *flaw;
    }
    show->flaw_count = kept;
}

/* Fills in what there is to show, from top to bottom as one reads. */
static int judge(struct show *show, struct tnd_arena *a, struct tnd_msg *msg, struct tnd_sdp *sdp)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    int err = parse(msg, a, show->bytes);

    if (err)
        return err;
    show->msg = msg;
    if (has_sdp(msg)) {
        if (tnd_sdp_read(a, msg->body, sdp, &flaws) == TND_ENOMEM)
            return TND_ENOMEM;
        show->sdp = sdp;
    }
    size_t kept = flaws.count < TND_SDP_FLAW_COUNT_MAX ? flaws.count : TND_SDP_FLAW_COUNT_MAX;
    keep_flaws(show, msg->flaws, msg->flaw_count, msg->flaws_lost);
    keep_flaws(show, flaws.first, kept, flaws.count - kept);
    qsort(show->flaws, show->flaw_count, sizeof(*show->flaws), by_place);
    drop_twins(show);
    show->sdp_refused = flaws.refusing;
    show->valid = tnd_msg_valid(msg) && !flaws.refusing;
    return 0;
}

/* A message with bare line ends, or that starts with white space or a byte order mark, has seen
 * an editor. */
static bool looks_edited(const struct show *show)
{
    const char *lf = memchr(show->bytes.ptr, '\n', show->bytes.len);

    return lf && (lf == show->bytes.ptr || lf[-1] != '\r' || mend_mark(show->bytes) ||
                  show->bytes.ptr[0] == ' ' || show->bytes.ptr[0] == '\t');
}

/* The flag of options is --text. */
static void print(const struct show *show, const struct cli_reference_options *options)
{
    show_flaws(show);
    if (show->valid)
        show_structure(show);
    show_verdicts(show);
    show_summary(show);
    if (!show->valid && !options->flag && looks_edited(show))
        show_hint(show);
}

static int parse_bytes(struct show *show, const struct cli_reference_options *options)
{
    struct tnd_arena arena;
    struct tnd_msg msg;
    struct tnd_sdp sdp;

    tnd_arena_init(&arena, NULL, 0, &cli_mem, MEMORY_MAX);
    int err = judge(show, &arena, &msg, &sdp), status = show->valid ? CLI_OK : CLI_FAILED;
    if (err)
        status = cli_fail("%s: %s", show->path, tnd_strerror(err));
    else if (!options->json)
        print(show, options);
    else if (!show_json(show))
        status = cli_fail("%s: out of memory", show->path);
    tnd_arena_fini(&arena);
    return status;
}

static void release(struct tnd_slice bytes)
{
    free((char *)(uintptr_t)bytes.ptr);
}

static int parse_file(const char *path, const struct cli_reference_options *options)
{
    struct show show = {.path = path, .colour = cli_colour(stdout), .lang = options->lang};
    struct tnd_slice bytes;
    struct mended mended;

    if (cli_read_file(path, FILE_LEN_MAX, &bytes))
        return CLI_USAGE;
    if (strcmp(path, "-") == 0)
        show.path = "standard input";
    show.file = show.bytes = bytes;
    if (options->flag) {
        int err = mend(bytes, &mended);
        if (err) {
            release(bytes);
            return cli_fail("%s: %s", show.path, tnd_strerror(err));
        }
        show.bytes = mended.text;
        show.lines = mended.lines;
        show.columns = mended.columns;
    }
    int status = parse_bytes(&show, options);
    if (options->flag)
        release(show.bytes);
    release(bytes);
    return status;
}

int cli_parse(int argc, char **argv)
{
    struct cli_reference_options options;

    if (cli_reference_options("parse", "text", argc, argv, &options) != CLI_OK)
        return CLI_USAGE;
    if (options.help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    if (optind != argc - 1)
        return cli_fail("parse: give one file, or - for standard input ('tandem parse --help')");
    return parse_file(argv[optind], &options);
}
