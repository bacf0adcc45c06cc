/* tandem book: what calls have taught. */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "cli/book.h"
#include "cli/listing.h"
#include "web/moment.h"

static const char usage[] =
    "usage: tandem book list [--json]\n"
    "       tandem book clear [URI]\n"
    "\n"
    "Who is called at another address, because an earlier call was told so: for good by a 301 (Moved\n"
    "Permanently), by a 302 (Moved Temporarily) for as long as its Contact says. 'tandem call' looks\n"
    "here first, unless it is told --no-book. clear forgets it, of one URI or all.\n"
    "\n"
    "      --json   an array of objects: uri, target, until (null: for good)\n"
    "  -h, --help   this text\n"
    "\n"
    "The book is the file book in $XDG_STATE_HOME/tandem, else in ~/.local/state/tandem.\n"
    "\n"
    "Exit status: 0 done, 1 the book cannot be read or written, 2 wrong usage.\n";

static const char *const heads[] = {"call", "at", "until"};

static void list_one(void *ctx, const struct book_entry *entry)
{
    struct listing *l = ctx;
    bool is_for_good = entry->until == BOOK_FOR_GOOD;
    char room[MOMENT_SIZE];
    struct tnd_slice until =
        is_for_good ? TND_STR("for good") : tnd_slice_str(moment_write(room, entry->until, true));
    const struct tnd_slice cells[] = {entry->uri, entry->target, until};

    if (!l->json)
        listing_row(l, cells);
    else
        listing_object(l, json_pack("{s:o, s:o, s:o}", "uri", cli_json_string(entry->uri), "target",
                                    cli_json_string(entry->target), "until",
                                    is_for_good
                                        ? json_null()
                                        : json_string(moment_write(room, entry->until, false))));
}

static int list(bool json)
{
    struct listing l;

    listing_start(&l, json, heads, sizeof(heads) / sizeof(*heads));
    return listing_end(&l, "nothing was learned", book_each(time(NULL), list_one, &l));
}

static int clear(const char *uri)
{
    size_t count;
    int status = book_forget(tnd_slice_str(uri), time(NULL), &count);

    if (status == CLI_OK)
        printf("%zu forgotten\n", count);
    return status;
}

int cli_book(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
    bool json = false;
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 'h') {
            fputs(usage, stdout);
            return CLI_OK;
        }
        if (c != 'j')
            return cli_no_option("book", argv);
        json = true;
    }
    const char *action = optind < argc ? argv[optind] : "";
    int rest = argc - optind - 1;
    if (strcmp(action, "list") == 0 && rest == 0)
        return list(json);
    if (strcmp(action, "clear") == 0 && rest <= 1 && !json)
        return clear(rest == 1 ? argv[optind + 1] : NULL);
    return cli_fail("book: give list, clear or clear URI ('tandem book --help' tells more)");
}
