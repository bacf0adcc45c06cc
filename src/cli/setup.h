/* What `tandem serve` is to do: what the file says, or else the built-in values, changed by the
 * options. */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "conf/conf.h"
#include "net/server.h"

struct setup_options {
    const char *config; /* NULL: no file */
    size_t listen_count, domain_count;
    struct tnd_endpoint listen[TND_SERVER_LISTEN_COUNT_MAX];
    struct tnd_slice domains[TND_CONF_DOMAIN_COUNT_MAX];
    const char *store;       /* NULL: not given */
    bool has_web;            /* it was given */
    struct tnd_endpoint web; /* then where; family NONE: off */
    long workers;            /* -1: not given */
    int log_level;           /* likewise; else enum tnd_server_level */
    int lab;                 /* likewise */
};

extern const char setup_usage[];

/* Reads the command line. CLI_OK: go on; CLI_USAGE after a line that says what is wrong. help:
 * that was asked for, and nothing else counts. */
int setup_options(int argc, char **argv, struct setup_options *ret, bool *ret_help);

enum {
    SETUP_ADVERTISE_SIZE = TND_CONF_TEXT_LEN_MAX + 8,
    SETUP_STORE_SIZE = 4096 + 16, /* a path, and of what kind */
    SETUP_SERVICE_ROUTE_SIZE = TND_CONF_SERVICE_ROUTE_COUNT_MAX * (TND_CONF_TEXT_LEN_MAX + 4),
};

struct setup {
    struct tnd_conf *conf;
    enum tnd_server_level log_level;
    struct tnd_server_config server; /* without log and db. Points to options, conf and these */
    struct tnd_endpoint listen[TND_SERVER_LISTEN_COUNT_MAX]; /* of the file, what there is */
    char advertise[SETUP_ADVERTISE_SIZE];
    char store[SETUP_STORE_SIZE]; /* for tnd_db_open() */
    char service_route[SETUP_SERVICE_ROUTE_SIZE];
    struct tnd_endpoint web; /* family NONE: off */
    bool web_is_chosen;      /* by a file or an option: then it must be free */
};

/* Borrows options until fini; ret must not move. TND_ESYNTAX, or TND_ENOMEM: faults say why, as
 * tnd_conf_read() has it; ret is empty. */
int setup_make(const struct setup_options *options, struct tnd_conf_faults *faults,
               struct setup *ret);

void setup_fini(struct setup *setup);

#endif
