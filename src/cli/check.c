/* tandem check: whether a configuration is right, or what is wrong with it. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "conf/conf.h"

enum { LINE_LEN_MAX = 8192 }; /* a path, a key and a text */

static const char usage[] =
    "usage: tandem check -c FILE [--json]\n"
    "\n"
    "Checks a configuration and prints each fault as FILE:LINE: KEY: what is wrong, or ok.\n"
    "Warnings and notices are printed too, and are no faults: a notice tells of a key that has\n"
    "no effect yet. docs/tandem.example.yaml shows every key.\n"
    "\n"
    "  -c, --config FILE  the configuration\n"
    "      --json         one object on standard output\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 the configuration is right, 2 it is wrong or cannot be read.\n";

static void print_faults(const char *path, const struct tnd_conf_faults *faults)
{
    char line[LINE_LEN_MAX];

    for (size_t i = 0; i < faults->count; i++) {
        struct tnd_writer w = tnd_writer(line, sizeof(line));

        tnd_conf_fault_write(&w, path, &faults->list[i]);
        cli_put_text(stdout, tnd_writer_slice(&w));
        putchar('\n');
    }
    if (faults->lost > 0) {
        cli_put_text(stdout, tnd_slice_str(path));
        printf(": %zu more\n", faults->lost);
    }
}

static json_t *json_of(const struct tnd_conf_fault *f)
{
    json_t *o = json_pack("{s:s}", "severity", tnd_conf_severity_name(f->severity));

    json_object_set_new(o, "line", f->line > 0 ? json_integer(f->line) : json_null());
    json_object_set_new(o, "key", f->key[0] ? cli_json_string(tnd_slice_str(f->key)) : json_null());
    json_object_set_new(o, "text", cli_json_string(tnd_slice_str(f->text)));
    return o;
}

static bool print_json(const struct tnd_conf_faults *faults, bool ok)
{
    json_t *list = json_array();

    for (size_t i = 0; i < faults->count; i++)
        json_array_append_new(list, json_of(&faults->list[i]));
    json_t *o = json_pack("{s:b, s:o, s:I}", "ok", ok, "faults", list, "faults_lost",
                          (json_int_t)faults->lost);
    bool good = o && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;
    if (good)
        putchar('\n');
    json_decref(o);
    return good;
}

static const struct tnd_conf_fault *first_fault(const struct tnd_conf_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        if (faults->list[i].severity == TND_CONF_FAULT)
            return &faults->list[i];
    return NULL; /* it came after the first so many warnings */
}

/* The line on standard error: what and where. */
static int fail(const char *path, const struct tnd_conf_faults *faults)
{
    const struct tnd_conf_fault *first = first_fault(faults);

    fflush(stdout); /* the faults first, where both go to one place */
    if (!first)
        return cli_fail("%s: not a configuration", path);
    if (first->line == 0)
        return cli_fail("%s: %s%s%s", path, first->key, first->key[0] ? ": " : "", first->text);
    return cli_fail("%s: not a configuration: %zu fault%s, the first in line %u%s%s", path,
                    faults->fault_count, faults->fault_count == 1 ? "" : "s", first->line,
                    first->key[0] ? ": " : "", first->key);
}

/* The one fault is of the whole file: its line on standard error is all there is to say. */
static bool is_unreadable(const struct tnd_conf_faults *faults)
{
    const struct tnd_conf_fault *only = &faults->list[0];

    return faults->count == 1 && faults->fault_count == 1 && only->line == 0 && !only->key[0];
}

static int check(const char *path, bool json)
{
    static struct tnd_conf_faults faults;
    struct tnd_conf *conf = NULL;

    int err = tnd_conf_read(path, &faults, &conf);
    tnd_conf_free(&conf);
    if (err == TND_ENOMEM || (json && !print_json(&faults, err == 0)))
        return cli_fail("%s: out of memory", path);
    if (!json && !is_unreadable(&faults))
        print_faults(path, &faults);
    if (err)
        return fail(path, &faults);
    if (!json) {
        cli_put_text(stdout, tnd_slice_str(path));
        puts(": ok");
    }
    return CLI_OK;
}

enum { OPTION_JSON = 256 }; /* beyond those of one letter */

int cli_check(int argc, char **argv)
{
    static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                                 {"json", no_argument, NULL, OPTION_JSON},
                                                 {"help", no_argument, NULL, 'h'},
                                                 {0}};
    const char *path = NULL;
    bool json = false;

    opterr = 0; /* what is wrong is said here, in one line like all the rest */
    for (int c; (c = getopt_long(argc, argv, ":c:h", long_options, NULL)) != -1;) {
        switch (c) {
        case 'c':
            path = optarg;
            break;
        case OPTION_JSON:
            json = true;
            break;
        case 'h':
            fputs(usage, stdout);
            return CLI_OK;
        case ':':
            return cli_fail("check: -c needs a file ('tandem check --help')");
        default:
            return cli_no_option("check", argv);
        }
    }
    if (!path || optind != argc)
        return cli_fail("check: give one file as -c FILE ('tandem check --help')");
    return check(path, json);
}
