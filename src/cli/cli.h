/* What the commands of tandem share. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "tandem/base.h"

/* Exit statuses of every command: man/tandem.1. */
enum {
    CLI_OK = 0,
    CLI_FAILED = 1, /* what was asked for failed */
    CLI_USAGE = 2,  /* wrong usage, configuration or input that cannot be read */
};

/* A command. run() gets argv[0] = its name; argv is terminated with NULL. */
struct cli_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

int cli_answer(int argc, char **argv);
int cli_book(int argc, char **argv);
int cli_call(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_contacts(int argc, char **argv);
int cli_diagnose(int argc, char **argv);
int cli_demo(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_forward(int argc, char **argv);
int cli_message(int argc, char **argv);
int cli_options(int argc, char **argv);
int cli_parse(int argc, char **argv);
int cli_register(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_site(int argc, char **argv);
int cli_top(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_why(int argc, char **argv);

/* One line on standard error: "tandem: " and the rest, control characters as escapes.
 * Returns CLI_USAGE. */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same of the option of command that getopt_long() just found to be none. */
int cli_no_option(const char *command, char **argv);

/* Whether to colour what goes to stream: only on a terminal, never under NO_COLOR. */
bool cli_colour(FILE *stream);

/* Text on one line of stream: control characters, what changes the direction of text, and what is no UTF-8 as
 * escapes. Returns how many columns it takes. stream NULL: that alone. */
int cli_put_text(FILE *stream, struct tnd_slice text);

/* Reads all of path, or standard input for "-", up to max bytes. The caller frees
 * ret->ptr. 0, or CLI_USAGE after a line on standard error. */
int cli_read_file(const char *path, size_t max, struct tnd_slice *ret);

/* Memory for arenas, from malloc. */
extern const struct tnd_mem cli_mem;

#endif
