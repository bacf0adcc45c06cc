/* What the commands share that work on the store: `tandem user`, `forward` and `contacts`; or that find
 * the server by it: `tandem why`. Each has
 * actions, and each action takes some of the options that all of them have between them. */
#ifndef CLI_PROVISION_H
#define CLI_PROVISION_H

#include "cli/cli.h"
#include "cli/lang.h"
#include "conf/conf.h"
#include "db/db.h"
#include "web/aor.h"

enum provision_option {
    PROVISION_CONFIG, /* every action takes these three */
    PROVISION_STORE,
    PROVISION_JSON,
    PROVISION_PASSWORD,
    PROVISION_PASSWORD_FILE,
    PROVISION_REALM,
    PROVISION_UNTIL,
    PROVISION_WHEN,
    PROVISION_MODE,
    PROVISION_AFTER,
    PROVISION_SOCKET,
    PROVISION_LANG,
    PROVISION_OPTION_COUNT
};

enum { PROVISION_ARG_COUNT_MAX = 2 };

/* One call of a command. */
struct provision {
    const char *name;                           /* "forward set", for what is said to people */
    const char *option[PROVISION_OPTION_COUNT]; /* NULL: not given */
    const char *arg[PROVISION_ARG_COUNT_MAX];   /* NULL: not given */
    struct tnd_conf *conf;                      /* of -c, else what holds without a file */
    struct tnd_db *db;                          /* NULL: not open yet */
    int64_t now;                                /* seconds since 1970 */
    enum tnd_lang lang;                         /* of --lang, else of the environment */
};

struct provision_action {
    const char *name;  /* NULL: the one action of its command has none */
    const char *wants; /* its arguments, "NAME@DOMAIN URI" */
    unsigned options;  /* 1 << PROVISION_UNTIL, and so on */
    size_t arg_min, arg_max;
    int (*run)(struct provision *p); /* returns an exit status */
};

struct provision_command {
    const char *name, *usage;
    const struct provision_action *actions;
    size_t action_count;
};

/* Reads the command line and the configuration, runs the action. Returns an exit status. */
int provision_run(const struct provision_command *command, int argc, char **argv);

/* The URL of the store that is named, into room. CLI_OK, or CLI_USAGE after a line. */
int provision_store(const struct provision *p, char *room, size_t size);

/* Opens the store that is named; it is closed when the action has run. makes: one that is not there is
 * made. CLI_OK, or CLI_USAGE after a line. */
int provision_open(struct provision *p, bool makes);

/* One line on standard error of what the store said. Returns status. */
int provision_failed(int status, const struct tnd_db_fault *fault);

/* Reads "alice@example.com" or "sip:alice@example.com". CLI_OK, or CLI_USAGE after a line. */
int provision_aor(const struct provision *p, const char *text, struct web_aor *ret);

/* Whether the configuration of -c serves the domain of aor; if none was given it may. CLI_OK, or
 * CLI_USAGE after a line. */
int provision_domain(const struct provision *p, const struct web_aor *aor);

/* What is kept of aor, of the store that is open. Everything in ret is in a, which the caller ends. CLI_OK, or CLI_FAILED
 * after a line. */
int provision_find(struct provision *p, const struct web_aor *aor, struct tnd_arena *a,
                   struct tnd_entry *ret);

/* Opens the store, and calls visit for the address-of-record arg[index], or for all of them where
 * there is no such argument. CLI_OK, or another exit status after a line. */
typedef bool provision_visit(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry);
int provision_each(struct provision *p, size_t index, provision_visit *visit, void *ctx);

#endif
