/* The commands that send one request: `tandem register`, `options` and `message`. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/agent.h"

/* Reads the command line, opens the agent, has start ask, and waits for what comes of it. Returns an exit status. */
int ask_run(const struct agent_usage *usage, int argc, char **argv, enum tnd_method method,
            int (*start)(struct agent *a)); /* 0 and a->id, or an error of tnd_ua_request() */

/* For --help of them. */
#define ASK_EXIT \
    "Exit status: 0 it was answered, 1 it was not, 2 wrong usage, 130 it was interrupted.\n"
#define ASK_TIMEOUT \
    "      --timeout S           give up if it is not answered by then; counts as 408\n"

#endif
