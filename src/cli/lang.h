/* The language in which a command explains. */
#ifndef CLI_LANG_H
#define CLI_LANG_H

#include "tandem/ref/explain.h"

/* --lang, else LC_ALL, LC_MESSAGES, LANG, of which the first that is set counts; English if that is none of
 * ours. option NULL: not given. 0, or CLI_USAGE after a line if the option names none. */
int cli_lang(const char *command, const char *option, enum tnd_lang *ret);

/* Of a command that has --json, --lang and --help, and at most one flag more. */
struct cli_reference_options {
    bool json, help, flag;
    enum tnd_lang lang;
};

/* flag: the name of that one; NULL: there is none. What is behind them begins at argv[optind]. CLI_OK, or
 * CLI_USAGE after a line. */
int cli_reference_options(const char *command, const char *flag, int argc, char **argv,
                          struct cli_reference_options *ret);

#endif
