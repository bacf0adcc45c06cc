/* The flows of codes as pages have them: each is run when a page asks for it first, drawn in each language, and
 * kept. */
#ifndef CLI_SITE_FLOWS_H
#define CLI_SITE_FLOWS_H

#include "cli/demo.h"
#include "web/page.h"

enum { SITE_FLOW_FIRST = 100, SITE_FLOW_COUNT = 600 }; /* codes */

struct site_flows {
    struct demo_world world;
    struct tnd_arena a; /* of what is drawn */
    struct site_flow {
        bool is_run;
        struct tnd_page_ladder ladder[TND_LANG_COUNT]; /* without svg: there was no memory */
    } flow[SITE_FLOW_COUNT];
};

/* f does not move until site_flows_close(). 0, or CLI_USAGE after a line. */
int site_flows_open(struct site_flows *f, const char *command);
void site_flows_close(struct site_flows *f); /* of zero bytes: fine */

/* As tnd_site.ladder_of; ctx is a struct site_flows. Of one thread. */
bool site_flows_find(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret);

#endif
