/* What is not read by people: the texts that the search of an index looks through, and the map of the site. */
#include "web/parts.h"

/* A member: the code, and all that its page says in one string. */
static void put_texts_of(const struct tnd_html *h, const struct tnd_explanation *e)
{
    const char *const texts[] = {e->phrase,     e->title,         e->description, e->when, e->fix,
                                 e->fix_callee, e->fix_developer, e->use,         e->note};

    tnd_html(h, "  \"%u\": [", e->code);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        tnd_json_put(h->w, tnd_slice_str(texts[i] ? texts[i] : ""));
        tnd_html(h, ", ");
    }
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX && e->cause[i]; i++) {
        tnd_json_put(h->w, tnd_slice_str(e->cause[i]));
        tnd_html(h, ", ");
    }
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++) {
        tnd_json_put(h->w, tnd_slice_str(tnd_header_name(e->field[i].header)));
        tnd_html(h, ", ");
    }
    tnd_html(h, "\"\"]");
}

void texts_write(const struct tnd_html *h)
{
    tnd_html(h, "window.tandemTexts = {\n");
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e;

        tnd_explain(code, h->lang, &e);
        put_texts_of(h, &e);
        tnd_html(h, tnd_explain_next(code) ? ",\n" : "\n");
    }
    tnd_html(h, "};\n");
}

/* https://www.sitemaps.org/protocol.html: up to 50000 addresses in one file. */
void sitemap_write(const struct tnd_html *h)
{
    struct tnd_page page = tnd_page_first();

    tnd_html(h, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    do {
        if (!tnd_page_is_html(&page))
            continue;
        tnd_html(h, "<url><loc>");
        tnd_link_whole(h, &page);
        tnd_html(h, "</loc></url>\n");
    } while (tnd_page_next(h->site, &page));
    tnd_html(h, "</urlset>\n");
}
