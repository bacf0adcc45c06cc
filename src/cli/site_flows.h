/* The flows of all codes as the pages of a site have them: each is run once, and drawn once in each language. */
#ifndef CLI_SITE_FLOWS_H
#define CLI_SITE_FLOWS_H

#include "web/page.h"

struct site_flows {
    struct tnd_arena a; /* of what is drawn */
    struct tnd_page_ladder
        *ladder[TND_LANG_COUNT]; /* by code, from SITE_FLOW_FIRST; without svg: none */
};

enum { SITE_FLOW_FIRST = 100, SITE_FLOW_COUNT = 600 };

/* 0, or CLI_USAGE after a line. f does not move until site_flows_free(). */
int site_flows_make(struct site_flows *f);
void site_flows_free(struct site_flows *f);

/* As tnd_site.ladder_of; ctx is a struct site_flows. */
bool site_flows_find(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret);

#endif
