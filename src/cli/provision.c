/* The command line of the commands that work on the store, and that store. */
#include "cli/provision.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE_LEN_MAX = 8192,             /* a path, a key and a text */
    ENTRY_SIZE_MAX = 4 * 1024 * 1024 /* of what is kept of one address-of-record */
};

#define ALWAYS (1U << PROVISION_CONFIG | 1U << PROVISION_STORE | 1U << PROVISION_JSON)

enum { OPTION_FIRST = 256 }; /* beyond those of one letter */

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"store", required_argument, NULL, OPTION_FIRST + PROVISION_STORE},
    {"json", no_argument, NULL, OPTION_FIRST + PROVISION_JSON},
    {"password", required_argument, NULL, OPTION_FIRST + PROVISION_PASSWORD},
    {"password-file", required_argument, NULL, OPTION_FIRST + PROVISION_PASSWORD_FILE},
    {"realm", required_argument, NULL, OPTION_FIRST + PROVISION_REALM},
    {"until", required_argument, NULL, OPTION_FIRST + PROVISION_UNTIL},
    {"when", required_argument, NULL, OPTION_FIRST + PROVISION_WHEN},
    {"mode", required_argument, NULL, OPTION_FIRST + PROVISION_MODE},
    {"after", required_argument, NULL, OPTION_FIRST + PROVISION_AFTER},
    {"socket", required_argument, NULL, OPTION_FIRST + PROVISION_SOCKET},
    {"lang", required_argument, NULL, OPTION_FIRST + PROVISION_LANG},
    {"help", no_argument, NULL, 'h'},
    {0}};

static const char *option_name(unsigned option)
{
    if (option == PROVISION_CONFIG)
        return "config";
    for (size_t i = 0; long_options[i].name; i++)
        if (long_options[i].val == OPTION_FIRST + (int)option)
            return long_options[i].name;
    return "";
}

/* CLI_OK, or CLI_USAGE after a line; help: that was asked for, and nothing else counts. */
static int read_options(const struct provision_command *command, int argc, char **argv,
                        struct provision *p, bool *ret_help)
{
    opterr = 0; /* what is wrong is said here, in one line like all the rest */
    for (int c; (c = getopt_long(argc, argv, ":c:h", long_options, NULL)) != -1;) {
        *ret_help |= c == 'h';
        if (c == 'h')
            return CLI_OK;
        if (c == ':')
            return cli_fail("%s: '%s' wants a value ('tandem %s --help')", command->name,
                            argv[optind - 1], command->name);
        if (c == '?')
            return cli_no_option(command->name, argv);
        p->option[c == 'c' ? PROVISION_CONFIG : c - OPTION_FIRST] = optarg ? optarg : "";
    }
    return CLI_OK;
}

/* Takes the first word, where the actions of the command have names. NULL after a line. */
static const struct provision_action *find_action(const struct provision_command *command, int argc,
                                                  char **argv, struct provision *p)
{
    const struct provision_action *actions = command->actions;

    p->name = command->name;
    if (!actions[0].name)
        return actions;
    if (optind == argc) {
        cli_fail("%s: say what to do ('tandem %s --help')", command->name, command->name);
        return NULL;
    }
    const char *word = argv[optind++];
    for (size_t i = 0; i < command->action_count; i++) {
        const char *name = strchr(actions[i].name, ' ') + 1;
        if (strcmp(name, word) != 0)
            continue;
        p->name = actions[i].name;
        return &actions[i];
    }
    cli_fail("%s: '%s' is nothing that can be done ('tandem %s --help')", command->name, word,
             command->name);
    return NULL;
}

static int take_args(const struct provision_command *command, const struct provision_action *action,
                     int argc, char **argv, struct provision *p)
{
    size_t count = (size_t)(argc - optind);

    for (unsigned i = 0; i < PROVISION_OPTION_COUNT; i++)
        if (p->option[i] && !((ALWAYS | action->options) >> i & 1))
            return cli_fail("%s: does not take --%s ('tandem %s --help')", p->name, option_name(i),
                            command->name);
    if (count > action->arg_max)
        return cli_fail("%s: '%s' is one word too many ('tandem %s --help')", p->name,
                        argv[optind + (int)action->arg_max], command->name);
    if (count < action->arg_min)
        return cli_fail("%s: give %s ('tandem %s --help')", p->name, action->wants, command->name);
    for (size_t i = 0; i < count; i++)
        p->arg[i] = argv[optind + (int)i];
    return CLI_OK;
}

/* The first fault of a configuration in one line. */
static int fail_config(const char *path, const struct tnd_conf_faults *faults, int err)
{
    char line[LINE_LEN_MAX];
    struct tnd_writer w = tnd_writer(line, sizeof(line) - 1);
    size_t i = 0;

    while (i < faults->count && faults->list[i].severity != TND_CONF_FAULT)
        i++;
    if (i == faults->count)
        return cli_fail("%s: %s", path, tnd_strerror(err));
    tnd_conf_fault_write(&w, path, &faults->list[i]);
    line[w.len < sizeof(line) ? w.len : 0] = '\0';
    return cli_fail("%s%s", line,
                    faults->fault_count > 1 ? " (and more: 'tandem check' lists them)" : "");
}

static int read_config(struct provision *p)
{
    static struct tnd_conf_faults faults;
    const char *path = p->option[PROVISION_CONFIG];
    int err = path ? tnd_conf_read(path, &faults, &p->conf) : tnd_conf_default(&p->conf);

    return err ? fail_config(path ? path : p->name, &faults, err) : CLI_OK;
}

/* Of --store, else of the configuration. */
int provision_store(const struct provision *p, char *room, size_t size)
{
    const char *given = p->option[PROVISION_STORE];
    const struct tnd_conf_store *store = &p->conf->store;
    int len = 0;

    if (given && strcmp(given, "lmdb:") != 0) {
        len = snprintf(room, size, "%s", given);
    } else if (store->kind == TND_CONF_STORE_LMDB) {
        len = snprintf(room, size, "lmdb:%s", store->path.ptr);
    } else {
        len =
            snprintf(room, size, "%s", store->kind == TND_CONF_STORE_MEMORY ? "memory:" : "redis:");
    }
    if (len < 0 || (size_t)len >= size)
        return cli_fail("%s: the name of the store is too long", p->name);
    return CLI_OK;
}

/* One that a command can work on. */
static int find_store(const struct provision *p, char *room, size_t size)
{
    int status = provision_store(p, room, size);

    if (status != CLI_OK)
        return status;
    if (strcmp(room, "memory:") == 0)
        return cli_fail(
            "%s: memory: the store ends with its process, so that of a server is out of "
            "reach; keep users and forwards in lmdb:/DIRECTORY",
            p->name);
    if (strncmp(room, "redis:", 6) == 0)
        return cli_fail("%s: redis: not yet available; keep users and forwards in lmdb:/DIRECTORY",
                        p->name);
    return CLI_OK;
}

/* A store that is only asked, or from which something is removed, must be there: else its name is
 * wrong, and to make one would hide that. */
static int check_is_there(const struct provision *p, const char *url)
{
    const char *path = strncmp(url, "lmdb:", 5) == 0 ? url + 5 : url;
    char file[LINE_LEN_MAX + sizeof("/data.mdb")];

    snprintf(file, sizeof(file), "%s/data.mdb", path);
    if (access(file, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
        return CLI_OK;
    return cli_fail("%s: %s: there is no store; name the one of the server with -c or --store",
                    p->name, path);
}

int provision_failed(int status, const struct tnd_db_fault *fault)
{
    cli_fail("%s", fault->text);
    return status;
}

int provision_open(struct provision *p, bool makes)
{
    char url[LINE_LEN_MAX];
    struct tnd_db_fault fault;
    int status = find_store(p, url, sizeof(url));

    if (status == CLI_OK && !makes)
        status = check_is_there(p, url);
    if (status == CLI_OK && tnd_db_open(url, &fault, &p->db))
        status = provision_failed(CLI_USAGE, &fault);
    return status;
}

int provision_run(const struct provision_command *command, int argc, char **argv)
{
    struct provision p = {.now = time(NULL)};
    bool help = false;
    int status = read_options(command, argc, argv, &p, &help);

    if (status != CLI_OK)
        return status;
    if (help) {
        fputs(command->usage, stdout);
        return CLI_OK;
    }
    const struct provision_action *action = find_action(command, argc, argv, &p);
    if (!action || take_args(command, action, argc, argv, &p) != CLI_OK ||
        cli_lang(p.name, p.option[PROVISION_LANG], &p.lang) != CLI_OK)
        return CLI_USAGE;
    status = read_config(&p);
    if (status == CLI_OK)
        status = action->run(&p);
    tnd_db_close(&p.db);
    tnd_conf_free(&p.conf);
    return status;
}

int provision_find(struct provision *p, const struct web_aor *aor, struct tnd_arena *a,
                   struct tnd_entry *ret)
{
    struct tnd_db_reader *reader;
    enum tnd_store_result result = TND_STORE_FAILED;

    tnd_arena_init(a, NULL, 0, &cli_mem, ENTRY_SIZE_MAX);
    if (tnd_db_reader_new(p->db, &reader) == 0)
        result = tnd_db_find(reader, aor->text, p->now, a, ret);
    else
        reader = NULL;
    tnd_db_reader_free(&reader);
    if (result == TND_STORE_OK)
        return CLI_OK;
    cli_fail("%s: %.*s: the store cannot be read", p->name, TND_FMT(aor->text));
    return CLI_FAILED;
}

int provision_each(struct provision *p, size_t index, provision_visit *visit, void *ctx)
{
    struct web_aor aor;
    struct tnd_db_fault fault;
    struct tnd_entry entry;
    struct tnd_arena a;
    int status = p->arg[index] ? provision_aor(p, p->arg[index], &aor) : CLI_OK;

    if (status == CLI_OK)
        status = provision_open(p, false);
    if (status != CLI_OK)
        return status;
    if (!p->arg[index])
        return tnd_db_walk(p->db, p->now, visit, ctx, &fault) ? provision_failed(CLI_FAILED, &fault)
                                                              : CLI_OK;
    status = provision_find(p, &aor, &a, &entry);
    if (status == CLI_OK)
        visit(ctx, aor.text, &entry);
    tnd_arena_fini(&a);
    return status;
}
