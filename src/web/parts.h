/* The parts that web/page.c composes pages of; a file for each kind of page. */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "web/html.h"

/* What is between <main> and </main>. */
void langs_body(const struct tnd_html *h);
void index_body(const struct tnd_html *h);
void code_body(const struct tnd_html *h);
void compare_body(const struct tnd_html *h);

/* Of pages of codes: what a server can show of them. Of a site in files nothing. */
void try_section(const struct tnd_html *h);

/* What is not HTML. */
void texts_write(const struct tnd_html *h);
void sitemap_write(const struct tnd_html *h);

/* The head of every page. */
void head_write(const struct tnd_html *h);
/* Of it, what a browser shows beside the name. */
void head_icon(const struct tnd_html *h);

/* The flow of a code as a figure; nothing if it has none. */
void put_flow(const struct tnd_html *h, unsigned code);

/* Whether somebody has written down what people mistake about these two. */
bool are_mistaken(unsigned a, unsigned b);

/* "3": of the class of a code, which has a colour. */
static inline unsigned class_number(unsigned code)
{
    return code / 100;
}

static inline bool has_flow(const struct tnd_html *h, unsigned code)
{
    struct tnd_page_ladder ladder;

    return h->site->ladder_of && h->site->ladder_of(h->site->ladder_ctx, code, h->lang, &ladder);
}

/* Whether the title says something else than the phrase. */
static inline bool has_own_title(const struct tnd_explanation *e)
{
    return !tnd_slice_eq(tnd_slice_str(e->title), tnd_slice_str(e->phrase));
}

/* style.css, search.js and diagnosis.css, as they were compiled in. */
extern const struct tnd_slice tnd_asset_style, tnd_asset_search, tnd_asset_diagnosis;

#endif
