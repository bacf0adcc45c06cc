/* The options of tandem diagnose. */
#ifndef CLI_DIAGNOSE_OPTIONS_H
#define CLI_DIAGNOSE_OPTIONS_H

#include "cli/diagnose.h"

/* -1: d is to be run; else an exit status, after a line or the help. d borrows from argv. */
int diagnose_options(struct diagnose *d, int argc, char **argv);

#endif
