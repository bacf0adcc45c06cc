/* Pages of the reference: each is made into a writer from what it is asked for by, and nothing else.
 *
 *     struct tnd_page page = {.kind = TND_PAGE_CODE, .lang = TND_LANG_KO, .a = 302};
 *     struct tnd_writer w = tnd_writer(room, sizeof(room));
 *
 *     tnd_page_write(&w, &site, &page);
 *     if (tnd_writer_over(&w))
 *         ... w.len says how much room it wants
 *
 * Who writes them to files (cli/site.c) and who serves them from memory does so from the same function.
 * Nothing here opens a file, reads a clock or allocates; the same page is the same bytes. Links between
 * pages are relative, so that a site can lie anywhere, also below file:. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "tandem/ref/explain.h"

enum tnd_page_kind {
    TND_PAGE_LANGS,   /* index.html: the choice of a language */
    TND_PAGE_STYLE,   /* style.css */
    TND_PAGE_SCRIPT,  /* search.js: of every index */
    TND_PAGE_INDEX,   /* en/index.html: all codes, by class */
    TND_PAGE_TEXTS,   /* en/texts.js: what the search looks through */
    TND_PAGE_CODE,    /* en/codes/302.html */
    TND_PAGE_COMPARE, /* en/compare/302-vs-580.html */
    TND_PAGE_SITEMAP, /* sitemap.xml: all pages, by their whole address */
};

struct tnd_page {
    uint8_t kind;  /* enum tnd_page_kind */
    uint8_t lang;  /* enum tnd_lang, where the kind has one */
    uint16_t a, b; /* of a code page a; of a comparison both, a < b */
};

/* A flow as pages have it: drawn (diag/ladder.h), and told in a sentence. */
struct tnd_page_ladder {
    struct tnd_slice svg, about;
};

/* What all pages of a site have in common. */
struct tnd_site {
    struct tnd_slice base_url; /* "https://example.org/sip/", with the slash; absent: not known */
    bool is_served;            /* addresses have no ".html" and no "index.html" */
    /* The flow of a code, for its pages. False: it has none. NULL: nothing has. */
    bool (*ladder_of)(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret);
    void *ladder_ctx;
};

/* The first page of a site, and the one after it: each code that has texts, each pair of them once.
 * False: that was the last. The sitemap is there if the address is known. */
struct tnd_page tnd_page_first(void);
bool tnd_page_next(const struct tnd_site *site, struct tnd_page *page);

/* Whether people read it: it is HTML. */
bool tnd_page_is_html(const struct tnd_page *page);
/* "text/html; charset=utf-8" */
const char *tnd_page_type(const struct tnd_page *page);

/* Where it lies below the top of the site: "en/codes/302.html". */
void tnd_page_path(struct tnd_writer *w, const struct tnd_site *site, const struct tnd_page *page);

void tnd_page_write(struct tnd_writer *w, const struct tnd_site *site, const struct tnd_page *page);

#endif
