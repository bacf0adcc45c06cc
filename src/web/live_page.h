/* The live page of a server: HTML, its script and its style; all of it static but for the language. */
#ifndef WEB_LIVE_PAGE_H
#define WEB_LIVE_PAGE_H

#include "tandem/ref/explain.h"

void tnd_live_page_write(struct tnd_writer *w, enum tnd_lang lang);

/* live.js and live.css, as they were compiled in. */
extern const struct tnd_slice tnd_asset_live_script, tnd_asset_live_style;
/* What draws ladders, and what calls the lab from a page of the reference. */
extern const struct tnd_slice tnd_asset_ladder_script, tnd_asset_try_script;

#endif
