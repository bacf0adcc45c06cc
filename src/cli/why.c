/* tandem why: asks the running server why a call ended as it did. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "cli/control.h"
#include "cli/provision.h"

static const char usage[] =
    "usage: tandem why CALL-ID [OPTION...]\n"
    "\n"
    "Asks the running server why a call ended as it did: each of its requests, how it was answered,\n"
    "the rule that decided, by what, and the branches and answers that lost. The oldest comes first.\n"
    "\n"
    "  -c, --config FILE  the configuration of the server, which names its store\n"
    "      --store URL    another store: lmdb:/DIRECTORY, or memory:\n"
    "      --socket PATH  the control socket of the server itself\n"
    "      --json         an array of objects: time, call_id, method, source, code, phrase, rule,\n"
    "                     text, reference, fact, branches, branch_count\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 there is no record of that call, 2 wrong usage or configuration, or no\n"
    "server runs there.\n";

enum { CALL_ID_SENT_MAX = 512 /* of a longer one the server keeps less anyway */ };

static struct tnd_slice text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return value && json_is_string(value)
               ? tnd_slice(json_string_value(value), json_string_length(value))
               : TND_STR("");
}

static void put(const char *before, struct tnd_slice text)
{
    fputs(before, stdout);
    cli_put_text(stdout, text);
}

/* "2026-11-26T14:03:07.214512Z" in local time, up to milliseconds; as it stands if it is none. */
static const char *local_time(struct tnd_slice moment, char room[64])
{
    struct tm t = {0};
    char zone[8];
    int thousandths = 0;
    const char *rest = strptime(moment.ptr, "%Y-%m-%dT%H:%M:%S", &t);

    if (!rest || sscanf(rest, ".%3d", &thousandths) != 1) {
        snprintf(room, 64, "%.*s", TND_FMT(moment));
        return room;
    }
    time_t seconds = timegm(&t);
    localtime_r(&seconds, &t);
    strftime(zone, sizeof(zone), "%z", &t);
    size_t len = strftime(room, 64, "%Y-%m-%d %H:%M:%S", &t);
    snprintf(room + len, 64 - len, ".%03d%s", thousandths, zone);
    return room;
}

/* "486 Busy Here". */
static void put_code(const json_t *code, struct tnd_slice phrase)
{
    printf("%d", (int)json_integer_value(code));
    if (phrase.len > 0)
        put(" ", phrase);
}

static void print_branch(const json_t *branch, bool is_first)
{
    const json_t *code = json_object_get(branch, "code");
    struct tnd_slice outcome = text_of(branch, "outcome");
    bool has_code = json_is_integer(code),
         is_chosen = json_is_true(json_object_get(branch, "chosen"));
    int number = (int)json_integer_value(code);

    put(is_first ? "  tried  " : "         ", text_of(branch, "target"));
    fputs(": ", stdout);
    if (has_code)
        put_code(code, tnd_slice_str(number > 0 ? tnd_code_phrase((unsigned)number) : ""));
    if (!tnd_slice_eq(outcome, TND_STR("responded")))
        put(has_code ? ", " : "", outcome);
    if (is_chosen)
        fputs(number / 100 == 2 ? ", which answered" : ", which was chosen", stdout);
    putchar('\n');
}

static void print_branches(const json_t *record)
{
    const json_t *list = json_object_get(record, "branches");
    int all = (int)json_integer_value(json_object_get(record, "branch_count"));
    int told = (int)json_array_size(list);

    for (int i = 0; i < told; i++)
        print_branch(json_array_get(list, (size_t)i), i == 0);
    if (all > told)
        printf("         and %d more\n", all - told);
}

static void print_record(const json_t *record)
{
    const json_t *code = json_object_get(record, "code");
    struct tnd_slice method = text_of(record, "method"), fact = text_of(record, "fact");
    char room[64];

    printf("%s  ", local_time(text_of(record, "time"), room));
    if (json_is_integer(code))
        put_code(code, text_of(record, "phrase"));
    else
        fputs("no answer", stdout);
    put(" to ", method.len > 0 ? method : TND_STR("a request"));
    put(" from ", text_of(record, "source"));
    put("\n  why    ", text_of(record, "text"));
    put("\n         ", text_of(record, "rule"));
    put(", ", text_of(record, "reference"));
    putchar('\n');
    if (fact.len > 0) {
        put(json_array_size(json_object_get(record, "branches")) > 0 ? "  for    " : "  fact   ",
            fact);
        putchar('\n');
    }
    print_branches(record);
}

static int print(const struct provision *p, json_t *records)
{
    if (p->option[PROVISION_JSON])
        return cli_json_print(json_incref(records));
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (i > 0)
            putchar('\n');
        print_record(json_array_get(records, i));
    }
    return CLI_OK;
}

static int fail_missing(const struct provision *p, const json_t *since)
{
    char answered[64], others[64];

    cli_fail("%s: %s: no record of this call: it has not ended, did not come to this server, or is "
             "older than what is kept (answered requests since %s, others since %s)",
             p->name, p->arg[0], local_time(text_of(since, "answered"), answered),
             local_time(text_of(since, "others"), others));
    return CLI_FAILED;
}

static int fail_ask(const struct provision *p, const char *path, int err)
{
    switch (err) {
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
        return cli_fail(
            "%s: %s: no server runs there; start it with 'tandem serve', or name another "
            "one with -c, --store or --socket",
            p->name, path);
    case EACCES:
    case EPERM:
    case ECONNRESET:
    case EPIPE:
        return cli_fail("%s: %s: only the user of the server and root may ask it; try sudo",
                        p->name, path);
    case EAGAIN:
        return cli_fail("%s: %s: the server does not answer; look at its log", p->name, path);
    default:
        return cli_fail("%s: %s: %s; name another socket with --socket", p->name, path,
                        strerror(err));
    }
}

static int tell(const struct provision *p, const char *path, const json_t *answer)
{
    json_t *records = json_object_get(answer, "records");
    struct tnd_slice error = text_of(answer, "error");

    if (!json_is_array(records))
        return cli_fail("%s: %s: %.*s; is it a tandem of another version?", p->name, path,
                        TND_FMT(error.len > 0 ? error : TND_STR("no answer that can be read")));
    if (json_array_size(records) == 0)
        return fail_missing(p, json_object_get(answer, "since"));
    return print(p, records);
}

/* In a line of the server a Call-ID ends with the line. */
static bool is_call_id(const char *text)
{
    for (const char *c = text; *c; c++)
        if (tnd_is_control(*c) || *c == ' ')
            return false;
    return *text != '\0';
}

static int ask(const struct provision *p, const char *path)
{
    char line[CALL_ID_SENT_MAX + 8];
    struct tnd_slice text;
    int err, len = snprintf(line, sizeof(line), "why %.*s", CALL_ID_SENT_MAX, p->arg[0]);

    if (tnd_control_ask(path, tnd_slice(line, (size_t)len), &err, &text))
        return fail_ask(p, path, err);
    json_t *answer = json_loadb(text.ptr, text.len, 0, NULL);
    int status = tell(p, path, answer);
    json_decref(answer);
    free((char *)text.ptr);
    return status;
}

static int why(struct provision *p)
{
    char path[CONTROL_PATH_SIZE], store[CONTROL_PATH_SIZE];
    int status = CLI_OK;

    if (!is_call_id(p->arg[0]))
        return cli_fail("%s: '%s' is no Call-ID; give one as the message has it", p->name,
                        p->arg[0]);
    if (p->option[PROVISION_SOCKET])
        return ask(p, p->option[PROVISION_SOCKET]);
    status = provision_store(p, store, sizeof(store));
    if (status == CLI_OK)
        status = control_find(p->name, store, path);
    return status == CLI_OK ? ask(p, path) : status;
}

int cli_why(int argc, char **argv)
{
    static const struct provision_action action = {.wants = "a CALL-ID",
                                                   .options = 1U << PROVISION_SOCKET,
                                                   .arg_min = 1,
                                                   .arg_max = 1,
                                                   .run = why};
    static const struct provision_command command = {"why", usage, &action, 1};

    return provision_run(&command, argc, argv);
}
