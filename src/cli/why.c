/* tandem why: asks the running server why a call ended as it did. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "cli/control.h"
#include "cli/provision.h"
#include "cli/why.h"

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
    "      --lang CODE    the language: en, ko, ru, id, vi; else LC_ALL, LC_MESSAGES or LANG says it\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 there is no record of that call, 2 wrong usage or configuration, or no\n"
    "server runs there.\n";

enum { CALL_ID_SENT_MAX = 512 /* of a longer one the server keeps less anyway */ };

/* "text" in the language that is wanted. The sentence of a server of another version may be none of ours: it stays. */
static void translate(json_t *records, enum tnd_lang lang)
{
    for (size_t i = 0; i < json_array_size(records); i++) {
        json_t *record = json_array_get(records, i);
        const char *english = json_string_value(json_object_get(record, "text"));

        if (english)
            json_object_set_new(record, "text", json_string(tnd_text(lang, english)));
    }
}

static int print(const struct provision *p, json_t *records)
{
    translate(records, p->lang);
    if (p->option[PROVISION_JSON])
        return cli_json_print(json_incref(records));
    why_show(records, p->lang);
    return CLI_OK;
}

static int fail_missing(const struct provision *p, const json_t *since)
{
    char answered[64], others[64];

    cli_fail("%s: %s: no record of this call: it has not ended, did not come to this server, or is "
             "older than what is kept (answered requests since %s, others since %s)",
             p->name, p->arg[0], why_time(why_text(since, "answered"), answered),
             why_time(why_text(since, "others"), others));
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
    struct tnd_slice error = why_text(answer, "error");

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
                                                   .options = 1U << PROVISION_SOCKET |
                                                              1U << PROVISION_LANG,
                                                   .arg_min = 1,
                                                   .arg_max = 1,
                                                   .run = why};
    static const struct provision_command command = {"why", usage, &action, 1};

    return provision_run(&command, argc, argv);
}
