/* The parts of tandem demo. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include <jansson.h>
#include <stdio.h>

#include "demo/demo.h"
#include "net/digest_openssl.h"

/* What flows are run with here: digests by OpenSSL, XML by libxml. */
struct demo_world {
    struct tnd_demo_world world;
    struct tnd_digest_openssl openssl;
};

/* w does not move until demo_world_close(). 0, or CLI_USAGE after a line. */
int demo_world_open(struct demo_world *w, const char *command);
void demo_world_close(struct demo_world *w);

/* A flow that was run. */
struct demo_run {
    struct tnd_demo demo;
    struct tnd_ladder ladder; /* in the language that is spoken */
};

struct demo_show {
    enum tnd_lang lang;
    FILE *out;
    unsigned width; /* of it, in columns; 0: no bound */
    bool colour, utf8;
};

/* For people: the ladder, and what the caller does next. */
void demo_show(const struct demo_show *s, const struct demo_run *run);
/* Both, side by side where there is room, and where they differ. */
void demo_show_both(const struct demo_show *s, const struct demo_run run[static 2]);

/* The caller owns them; NULL: out of memory. */
json_t *demo_json(enum tnd_lang lang, const struct demo_run *run);
json_t *demo_json_both(enum tnd_lang lang, const struct demo_run run[static 2]);

#endif
