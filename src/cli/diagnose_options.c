/* The options of tandem diagnose. */
#include "cli/diagnose_options.h"

#include <getopt.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/diagnose_read.h"
#include "cli/lang.h"

static const char usage[] =
    "usage: tandem diagnose FILE... [OPTION...]\n"
    "       tandem diagnose -i INTERFACE [OPTION...]\n"
    "\n"
    "Finds the calls in captures and logs, draws each one that has failed as a ladder, and says what went\n"
    "wrong, whose doing it was, what proves it, and what to change. FILE is a capture (pcap, pcapng) or a\n"
    "log with SIP messages (of Kamailio, Asterisk, FreeSWITCH, sngrep, or plain); '-' is standard input.\n"
    "Several files are read as one, in the order of time.\n"
    "\n"
    "  -i, --interface NAME  watch an interface, until Ctrl-C; 'any': all of them\n"
    "      --filter EXPR     only packets that fit, as tcpdump has it: 'host 192.0.2.7'\n"
    "      --all             show the calls that have no errors too\n"
    "      --call-id ID      only the call with this Call-ID\n"
    "      --from TEXT       only calls whose caller has TEXT in the URI\n"
    "      --to TEXT         the same of who is called\n"
    "      --code CODES      only calls in which such a response came: 486, 4xx, 400-403, 486,6xx\n"
    "      --rule NAME       only calls with this finding, such as SDP_PRIVATE, whatever became of them\n"
    "      --since TIME      only calls that began since then: 2026-12-01T18:00, or 15m, 2h, 1d ago\n"
    "      --html FILE       write a page with the calls as well, which stands alone\n"
    "      --lang CODE       the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "      --json            print an object (docs/diagnose.md), with all calls that fit\n"
    "  -h, --help            this text\n"
    "\n"
    "Example: tandem diagnose trunk.pcapng --to +4930 --code 5xx --html failures.html\n"
    "\n"
    "Exit status: 0 no call has failed, 1 calls have failed or have errors, 2 wrong usage, or a file cannot be read.\n";

enum {
    OPTION_JSON = 256,
    OPTION_LANG,
    OPTION_ALL,
    OPTION_CALL_ID,
    OPTION_FROM,
    OPTION_TO,
    OPTION_CODE,
    OPTION_RULE,
    OPTION_SINCE,
    OPTION_HTML,
    OPTION_FILTER,
};

static const struct option long_options[] = {{"interface", required_argument, NULL, 'i'},
                                             {"filter", required_argument, NULL, OPTION_FILTER},
                                             {"all", no_argument, NULL, OPTION_ALL},
                                             {"call-id", required_argument, NULL, OPTION_CALL_ID},
                                             {"from", required_argument, NULL, OPTION_FROM},
                                             {"to", required_argument, NULL, OPTION_TO},
                                             {"code", required_argument, NULL, OPTION_CODE},
                                             {"rule", required_argument, NULL, OPTION_RULE},
                                             {"since", required_argument, NULL, OPTION_SINCE},
                                             {"html", required_argument, NULL, OPTION_HTML},
                                             {"lang", required_argument, NULL, OPTION_LANG},
                                             {"json", no_argument, NULL, OPTION_JSON},
                                             {"help", no_argument, NULL, 'h'},
                                             {0}};

/* -1: goes on. */
static int read_filter(struct diagnose_filter *f, int option, const char *value)
{
    int status = CLI_OK;

    switch (option) {
    case OPTION_CALL_ID:
        f->call_id = value;
        break;
    case OPTION_FROM:
        f->from = value;
        break;
    case OPTION_TO:
        f->to = value;
        break;
    case OPTION_CODE:
        status = diagnose_filter_codes(f, value);
        break;
    case OPTION_RULE:
        status = diagnose_filter_rule(f, value);
        break;
    case OPTION_SINCE:
        status = diagnose_filter_since(f, value, TND_SEC((int64_t)time(NULL)));
        break;
    }
    return status == CLI_OK ? -1 : status;
}

/* -1: goes on. */
static int read_option(struct diagnose *d, int option, const char **lang)
{
    switch (option) {
    case 'i':
        d->interface = optarg;
        return -1;
    case OPTION_FILTER:
        d->packet_filter = optarg;
        return -1;
    case OPTION_ALL:
        d->all = true;
        return -1;
    case OPTION_JSON:
        d->json = true;
        return -1;
    case OPTION_LANG:
        *lang = optarg;
        return -1;
    case OPTION_HTML:
        d->page.path = optarg;
        return -1;
    }
    return read_filter(&d->filter, option, optarg);
}

/* What is to be read. */
static int check(const struct diagnose *d)
{
    size_t count = 0, inputs = 0;

    for (; d->files[count]; count++) {
        if (d->files[count][0] == '\0')
            return cli_fail("diagnose: an empty name of a file");
        inputs += strcmp(d->files[count], "-") == 0;
    }
    if (count > DIAGNOSE_FILE_COUNT_MAX)
        return cli_fail("diagnose: more than %d files at a time; join them first (mergecap)",
                        DIAGNOSE_FILE_COUNT_MAX);
    if (inputs > 1)
        return cli_fail("diagnose: standard input can be read once");
    if (d->interface && count > 0)
        return cli_fail("diagnose: give files or -i, not both");
    if (!d->interface && count == 0)
        return cli_fail("diagnose: give a capture or a log, or -i and an interface "
                        "('tandem diagnose --help')");
    if (d->page.path && d->page.path[0] == '\0')
        return cli_fail("diagnose: --html needs the name of a file");
    return -1;
}

int diagnose_options(struct diagnose *d, int argc, char **argv)
{
    const char *lang = NULL;

    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":hi:", long_options, NULL)) != -1;) {
        int status = -1;

        if (c == 'h') {
            fputs(usage, stdout);
            return CLI_OK;
        }
        if (c == ':')
            return cli_fail("diagnose: %s needs a value ('tandem diagnose --help')",
                            argv[optind - 1]);
        if (c == '?')
            return cli_no_option("diagnose", argv);
        if ((status = read_option(d, c, &lang)) >= 0)
            return status;
    }
    d->files = argv + optind;
    if (cli_lang("diagnose", lang, &d->lang) != CLI_OK)
        return CLI_USAGE;
    return check(d);
}
