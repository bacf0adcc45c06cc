/* What `tandem serve` is to do: the built-in values, changed by the options. */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "net/server.h"

enum { SETUP_DOMAIN_COUNT_MAX = 256 };

struct setup_options {
    size_t listen_count, domain_count;
    struct tnd_endpoint listen[TND_SERVER_LISTEN_COUNT_MAX];
    struct tnd_slice domains[SETUP_DOMAIN_COUNT_MAX];
    const char *store, *web; /* NULL: not given */
    long workers;            /* -1: not given */
    int log_level;           /* likewise; else enum tnd_server_level */
    int lab;                 /* likewise */
};

/* Reads the command line. CLI_OK: go on; CLI_USAGE after a line that says what is wrong. help:
 * that was asked for, and nothing else counts. */
int setup_options(int argc, char **argv, struct setup_options *ret, bool *ret_help);

extern const char setup_usage[];

struct setup {
    enum tnd_server_level log_level;
    struct tnd_server_config server; /* without log */
};

/* Borrows options. */
void setup_make(const struct setup_options *options, struct setup *ret);

#endif
