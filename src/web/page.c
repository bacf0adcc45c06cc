/* Which pages there are, where they lie, and what all of them have around them. */
#include "web/page.h"

#include "base/assert.h"
#include "web/parts.h"

struct tnd_page tnd_page_index(enum tnd_lang lang)
{
    return (struct tnd_page){.kind = TND_PAGE_INDEX, .lang = (uint8_t)lang};
}

struct tnd_page tnd_page_code(enum tnd_lang lang, unsigned code)
{
    return (struct tnd_page){.kind = TND_PAGE_CODE, .lang = (uint8_t)lang, .a = (uint16_t)code};
}

struct tnd_page tnd_page_compare(enum tnd_lang lang, unsigned a, unsigned b)
{
    return (struct tnd_page){.kind = TND_PAGE_COMPARE,
                             .lang = (uint8_t)lang,
                             .a = (uint16_t)(a < b ? a : b),
                             .b = (uint16_t)(a < b ? b : a)};
}

struct tnd_page tnd_page_first(void)
{
    return (struct tnd_page){.kind = TND_PAGE_LANGS};
}

/* The index of the next language; after the last one, what a site ends with. */
static bool next_lang(const struct tnd_site *site, struct tnd_page *page)
{
    if (page->lang + 1 < TND_LANG_COUNT) {
        *page = tnd_page_index((enum tnd_lang)(page->lang + 1));
        return true;
    }
    *page = (struct tnd_page){.kind = TND_PAGE_SITEMAP};
    return site->base_url.ptr != NULL;
}

/* Each pair once, the lower code first. */
static bool next_pair(const struct tnd_site *site, struct tnd_page *page)
{
    unsigned b = tnd_explain_next(page->b);

    if (b == 0) {
        page->a = (uint16_t)tnd_explain_next(page->a);
        b = tnd_explain_next(page->a);
    }
    page->b = (uint16_t)b;
    return b > 0 || next_lang(site, page);
}

bool tnd_page_next(const struct tnd_site *site, struct tnd_page *page)
{
    switch ((enum tnd_page_kind)page->kind) {
    case TND_PAGE_LANGS:
    case TND_PAGE_STYLE:
    case TND_PAGE_INDEX:
        page->kind++;
        return true;
    case TND_PAGE_SCRIPT:
        *page = tnd_page_index(TND_LANG_EN);
        return true;
    case TND_PAGE_TEXTS:
        *page = tnd_page_code((enum tnd_lang)page->lang, tnd_explain_next(0));
        return true;
    case TND_PAGE_CODE:
        page->a = (uint16_t)tnd_explain_next(page->a);
        if (page->a == 0) {
            unsigned first = tnd_explain_next(0);
            *page = tnd_page_compare((enum tnd_lang)page->lang, first, tnd_explain_next(first));
        }
        return true;
    case TND_PAGE_COMPARE:
        return next_pair(site, page);
    case TND_PAGE_SITEMAP:
        break;
    }
    return false;
}

bool tnd_page_is_html(const struct tnd_page *page)
{
    return page->kind == TND_PAGE_LANGS || page->kind == TND_PAGE_INDEX ||
           page->kind == TND_PAGE_CODE || page->kind == TND_PAGE_COMPARE;
}

const char *tnd_page_type(const struct tnd_page *page)
{
    switch ((enum tnd_page_kind)page->kind) {
    case TND_PAGE_STYLE:
        return "text/css; charset=utf-8";
    case TND_PAGE_SCRIPT:
    case TND_PAGE_TEXTS:
        return "text/javascript; charset=utf-8";
    case TND_PAGE_SITEMAP:
        return "application/xml";
    case TND_PAGE_LANGS:
    case TND_PAGE_INDEX:
    case TND_PAGE_CODE:
    case TND_PAGE_COMPARE:
        break;
    }
    return "text/html; charset=utf-8";
}

/* The name in its folder, without ".html". */
static void put_name(struct tnd_writer *w, const struct tnd_page *page)
{
    tnd_put_str(w, page->kind == TND_PAGE_CODE ? "codes/" : "compare/");
    tnd_put_number(w, page->a);
    if (page->kind == TND_PAGE_COMPARE) {
        tnd_put_str(w, "-vs-");
        tnd_put_number(w, page->b);
    }
}

void tnd_page_path(struct tnd_writer *w, const struct tnd_site *site, const struct tnd_page *page)
{
    bool has_lang = page->kind == TND_PAGE_INDEX || page->kind == TND_PAGE_TEXTS ||
                    page->kind == TND_PAGE_CODE || page->kind == TND_PAGE_COMPARE;

    if (has_lang) {
        tnd_put_str(w, tnd_lang_code((enum tnd_lang)page->lang));
        tnd_put_char(w, '/');
    }
    switch ((enum tnd_page_kind)page->kind) {
    case TND_PAGE_LANGS:
    case TND_PAGE_INDEX:
        tnd_put_str(w, site->is_served ? "" : "index.html");
        return;
    case TND_PAGE_STYLE:
        tnd_put_str(w, "style.css");
        return;
    case TND_PAGE_SCRIPT:
        tnd_put_str(w, "search.js");
        return;
    case TND_PAGE_TEXTS:
        tnd_put_str(w, "texts.js");
        return;
    case TND_PAGE_CODE:
    case TND_PAGE_COMPARE:
        put_name(w, page);
        tnd_put_str(w, site->is_served ? "" : ".html");
        return;
    case TND_PAGE_SITEMAP:
        tnd_put_str(w, "sitemap.xml");
        return;
    }
}

bool are_mistaken(unsigned a, unsigned b)
{
    for (const struct tnd_pair_text *pair = tnd_pair_texts; pair->a; pair++)
        if ((pair->a == a && pair->b == b) || (pair->a == b && pair->b == a))
            return true;
    return false;
}

void put_flow(const struct tnd_html *h, unsigned code)
{
    struct tnd_page_ladder ladder;

    if (!h->site->ladder_of || !h->site->ladder_of(h->site->ladder_ctx, code, h->lang, &ladder))
        return;
    /* who has no mouse scrolls what is wider than the screen */
    tnd_html(h, "<figure class=\"ladder c%u\">\n<figcaption id=\"flow-%u\"><b>%u</b> ",
             class_number(code), code, code);
    tnd_html_escape(h->w, ladder.about);
    tnd_html(h,
             "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-labelledby=\"flow-%u\">\n",
             code);
    tnd_put(h->w, ladder.svg);
    tnd_html(h, "</div>\n</figure>\n");
}

/* The same page in each language. */
static void put_languages(const struct tnd_html *h)
{
    tnd_html(h, "<nav class=\"langs\" aria-label=\"%t\">\n<ul>\n", N_("Language"));
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        const char *code = tnd_lang_code((enum tnd_lang)lang);
        struct tnd_page page = *h->page;

        page.lang = (uint8_t)lang;
        tnd_html(h, "<li><a href=\"%l\" lang=\"%s\" hreflang=\"%s\"", &page, code, code);
        tnd_html(h, lang == (int)h->lang ? " aria-current=\"true\">" : ">");
        tnd_html(h, "%s</a></li>\n", tnd_lang_name((enum tnd_lang)lang));
    }
    tnd_html(h, "</ul>\n</nav>\n");
}

/* Of a server: the way to its calls. */
static void put_live(const struct tnd_html *h)
{
    static const struct tnd_page top = {.kind = TND_PAGE_LANGS};

    tnd_html(h, "<a class=\"now\" href=\"%l?lang=%s\">%t</a>\n", &top, tnd_lang_code(h->lang),
             N_("Calls of this server"));
}

static void put_top(const struct tnd_html *h)
{
    struct tnd_page home = tnd_page_index(h->lang);

    tnd_html(h, "<a class=\"skip\" href=\"#main\">%t</a>\n", N_("Skip to the text"));
    tnd_html(h, "<header class=\"top\">\n<a class=\"home\" href=\"%l\">%t</a>\n", &home,
             N_("SIP response codes"));
    if (h->site->is_served)
        put_live(h);
    put_languages(h);
    tnd_html(h, "</header>\n");
}

static void put_body(const struct tnd_html *h)
{
    switch ((enum tnd_page_kind)h->page->kind) {
    case TND_PAGE_LANGS:
        langs_body(h);
        return;
    case TND_PAGE_INDEX:
        index_body(h);
        return;
    case TND_PAGE_CODE:
        code_body(h);
        return;
    case TND_PAGE_COMPARE:
        compare_body(h);
        return;
    case TND_PAGE_STYLE:
    case TND_PAGE_SCRIPT:
    case TND_PAGE_TEXTS:
    case TND_PAGE_SITEMAP:
        TND_ASSERT(!"a file that is no page");
    }
}

static void write_html(const struct tnd_html *h)
{
    tnd_html(h, "<!DOCTYPE html>\n<html lang=\"%s\">\n", tnd_lang_code(h->lang));
    head_write(h);
    tnd_html(h, "<body>\n");
    if (h->page->kind != TND_PAGE_LANGS)
        put_top(h);
    tnd_html(h, "<main id=\"main\">\n");
    put_body(h);
    tnd_html(h, "</main>\n");
    if (h->page->kind != TND_PAGE_LANGS)
        tnd_html(
            h, "<footer>\n<p>%t</p>\n</footer>\n",
            N_("This is the catalogue of Tandem, a SIP server, user agent and library that does "
               "what is written here."));
    tnd_html(h, "</body>\n</html>\n");
}

void tnd_page_write(struct tnd_writer *w, const struct tnd_site *site, const struct tnd_page *page)
{
    struct tnd_html h = {w, site, page, (enum tnd_lang)page->lang};

    switch ((enum tnd_page_kind)page->kind) {
    case TND_PAGE_STYLE:
        tnd_put(w, tnd_asset_style);
        return;
    case TND_PAGE_SCRIPT:
        tnd_put(w, tnd_asset_search);
        return;
    case TND_PAGE_TEXTS:
        texts_write(&h);
        return;
    case TND_PAGE_SITEMAP:
        sitemap_write(&h);
        return;
    case TND_PAGE_LANGS:
    case TND_PAGE_INDEX:
    case TND_PAGE_CODE:
    case TND_PAGE_COMPARE:
        write_html(&h);
        return;
    }
}
