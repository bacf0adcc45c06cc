/* The head of a page: its name and its languages for browsers, and what it is about for machines that look
 * for pages (JSON-LD in the words of schema.org). */
#include "web/parts.h"

/* About codes; else it leads to such pages. */
static bool is_article(const struct tnd_html *h)
{
    return h->page->kind == TND_PAGE_CODE || h->page->kind == TND_PAGE_COMPARE;
}

enum {
    NAME_SIZE = 512,   /* of a code, in the language with the longest letters */
    TITLE_SIZE = 1200, /* of two */
};

/* "302 Moved Temporarily", into room. */
static struct tnd_slice name_of(const struct tnd_html *h, unsigned code,
                                char room[static NAME_SIZE])
{
    struct tnd_writer w = tnd_writer(room, NAME_SIZE);
    struct tnd_explanation e;

    tnd_explain(code, h->lang, &e);
    tnd_put_number(&w, code);
    tnd_put_char(&w, ' ');
    if (h->page->kind == TND_PAGE_CODE && has_own_title(&e)) {
        tnd_put_str(&w, e.phrase);
        tnd_put_str(&w, ": ");
    }
    tnd_put_str(&w, e.title);
    return tnd_writer_slice(&w);
}

/* "SIP 302 Moved Temporarily", into room. */
static struct tnd_slice title_of(const struct tnd_html *h, char room[static TITLE_SIZE])
{
    struct tnd_writer w = tnd_writer(room, TITLE_SIZE);
    char name[2][NAME_SIZE];

    if (!is_article(h))
        return tnd_slice_str(tnd_text(h->lang, N_("SIP response codes")));
    tnd_put_str(&w, "SIP ");
    if (h->page->kind == TND_PAGE_COMPARE)
        tnd_put_versus(&w, h->lang, name_of(h, h->page->a, name[0]),
                       name_of(h, h->page->b, name[1]));
    else
        tnd_put(&w, name_of(h, h->page->a, name[0]));
    return tnd_writer_slice(&w);
}

/* What a search shows below the title. */
static const char *description_of(const struct tnd_html *h)
{
    struct tnd_comparison c;

    if (!is_article(h))
        return tnd_text(h->lang,
                        N_("What each code means, when you see it, how to fix it, and how it "
                           "differs from the others."));
    tnd_compare(h->page->a, h->page->kind == TND_PAGE_COMPARE ? h->page->b : h->page->a, h->lang,
                &c);
    return c.note ? c.note : c.a.description;
}

static void put_alternates(const struct tnd_html *h)
{
    bool is_whole = h->site->base_url.ptr != NULL;
    struct tnd_page top = tnd_page_first();

    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        struct tnd_page page = *h->page;

        page.lang = (uint8_t)lang;
        if (page.kind == TND_PAGE_LANGS)
            page = tnd_page_index((enum tnd_lang)lang);
        tnd_html(h, "<link rel=\"alternate\" hreflang=\"%s\" href=\"",
                 tnd_lang_code((enum tnd_lang)lang));
        (is_whole ? tnd_link_whole : tnd_link)(h, &page);
        tnd_html(h, "\">\n");
    }
    if (is_article(h))
        return;
    tnd_html(h, "<link rel=\"alternate\" hreflang=\"x-default\" href=\"");
    (is_whole ? tnd_link_whole : tnd_link)(h, &top);
    tnd_html(h, "\">\n");
}

/* "about" or one of several: a code as a term of a set. */
static void put_term(const struct tnd_html *h, unsigned code)
{
    struct tnd_explanation e;

    tnd_explain(code, h->lang, &e);
    tnd_html(h, "{\"@type\":\"DefinedTerm\",\"termCode\":\"%u\",\"name\":", code);
    tnd_json_put(h->w, tnd_slice_str(e.title));
    tnd_html(h, ",\"alternateName\":");
    tnd_json_put(h->w, tnd_slice_str(e.phrase));
    tnd_html(h, ",\"description\":");
    tnd_json_put(h->w, tnd_slice_str(e.description));
    tnd_html(h, ",\"inDefinedTermSet\":\"https://www.iana.org/assignments/sip-parameters\"}");
}

static void put_about(const struct tnd_html *h)
{
    if (!is_article(h))
        return;
    tnd_html(h, ",\"about\":[");
    put_term(h, h->page->a);
    if (h->page->kind == TND_PAGE_COMPARE) {
        tnd_html(h, ",");
        put_term(h, h->page->b);
    }
    tnd_html(h, "]");
}

static void put_json_ld(const struct tnd_html *h)
{
    char title[TITLE_SIZE];

    tnd_html(h, "<script type=\"application/ld+json\">\n");
    tnd_html(
        h, "{\"@context\":\"https://schema.org\",\"@type\":\"%s\",\"inLanguage\":\"%s\",\"name\":",
        is_article(h) ? "TechArticle" : "CollectionPage", tnd_lang_code(h->lang));
    tnd_json_put(h->w, title_of(h, title));
    tnd_html(h, ",\"description\":");
    tnd_json_put(h->w, tnd_slice_str(description_of(h)));
    if (h->site->base_url.ptr) {
        tnd_html(h, ",\"url\":\"");
        tnd_link_whole(h, h->page);
        tnd_html(h, "\"");
    }
    put_about(h);
    tnd_html(h, "}\n</script>\n");
}

void head_icon(const struct tnd_html *h)
{
    /* two ends of a line, and no file that is asked for in vain */
    tnd_html(
        h, "<link rel=\"icon\" href=\"data:image/svg+xml,%s\">\n",
        "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='%233a78c2'%3E"
        "%3Ccircle cx='4' cy='8' r='3.4'/%3E%3Ccircle cx='12' cy='8' r='3.4'/%3E"
        "%3Cpath d='M4 7h8v2H4z'/%3E%3C/g%3E%3C/svg%3E");
}

static void put_links(const struct tnd_html *h)
{
    struct tnd_page style = {.kind = TND_PAGE_STYLE};

    tnd_html(h, "<link rel=\"stylesheet\" href=\"%l\">\n", &style);
    head_icon(h);
    if (h->site->base_url.ptr) {
        tnd_html(h, "<link rel=\"canonical\" href=\"");
        tnd_link_whole(h, h->page);
        tnd_html(h, "\">\n");
    }
    put_alternates(h);
}

/* What the search of an index needs. It runs when the page is there. */
static void put_scripts(const struct tnd_html *h)
{
    struct tnd_page texts = {.kind = TND_PAGE_TEXTS, .lang = h->page->lang};
    struct tnd_page script = {.kind = TND_PAGE_SCRIPT};
    struct tnd_page top = {.kind = TND_PAGE_LANGS};

    if (h->page->kind == TND_PAGE_INDEX)
        tnd_html(h, "<script defer src=\"%l\"></script>\n<script defer src=\"%l\"></script>\n",
                 &texts, &script);
    if (h->site->is_served && is_article(h))
        tnd_html(h,
                 "<script defer src=\"%lladder.js\"></script>\n"
                 "<script defer src=\"%ltry.js\"></script>\n",
                 &top, &top);
}

void head_write(const struct tnd_html *h)
{
    char title[TITLE_SIZE];

    tnd_html(h,
             "<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    tnd_html_escape(h->w, title_of(h, title));
    tnd_html(h, "</title>\n<meta name=\"description\" content=\"%s\">\n", description_of(h));
    tnd_html(h, "<meta name=\"color-scheme\" content=\"light dark\">\n"
                "<meta name=\"generator\" content=\"tandem site\">\n");
    put_links(h);
    put_scripts(h);
    put_json_ld(h);
    tnd_html(h, "</head>\n");
}
