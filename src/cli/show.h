/* Showing a parsed message to a person, or as JSON to a program. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "tandem/sip.h"

struct show {
    const char *path;
    struct tnd_slice bytes; /* as they were read */
    const struct tnd_msg *msg;
    bool colour;
};

/* Line and column of a flaw in the bytes as they were read. */
struct tnd_place show_place(const struct show *show, const struct tnd_flaw *flaw);

/* "path:line:column: RULE: sentence (law)", the line itself, and a mark below. */
void show_flaw(const struct show *show, const struct tnd_flaw *flaw);

/* First line, fields and body, with the parts of those that are read into types. */
void show_structure(const struct show *show);

/* What a proxy and a user agent would answer because of the flaws; nothing if nothing. */
void show_verdicts(const struct show *show);

/* The object of PRODUCT, "JSON". Returns the exit status. */
int show_json(const struct show *show);

#endif
