/* The pages that lead to the others: the choice of a language, and the index of one. */
#include "web/parts.h"

void langs_body(const struct tnd_html *h)
{
    tnd_html(h, "<article class=\"choice\">\n<h1>%t</h1>\n<ul>\n", N_("SIP response codes"));
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        struct tnd_page page = tnd_page_index((enum tnd_lang)lang);
        struct tnd_html in = *h;
        const char *code = tnd_lang_code((enum tnd_lang)lang);

        in.lang = (enum tnd_lang)lang;
        tnd_html(
            &in, "<li lang=\"%s\"><a href=\"%l\" hreflang=\"%s\">%s</a>\n<p>%t</p></li>\n", code,
            &page, code, tnd_lang_name(in.lang),
            N_("What each code means, when you see it, how to fix it, and how it differs from the "
               "others."));
    }
    tnd_html(h, "</ul>\n</article>\n");
}

/* Both are hidden until the script that does their work says that it is there. */
static void put_search(const struct tnd_html *h)
{
    tnd_html(
        h,
        "<form id=\"search\" role=\"search\" hidden>\n"
        "<label for=\"words\">%t</label>\n"
        "<input id=\"words\" name=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\n"
        "<p id=\"found\" role=\"status\" data-none=\"%t\"></p>\n</form>\n",
        N_("Search by number, name or text"), N_("No code is about these words."));
}

static void put_options(const struct tnd_html *h, unsigned chosen)
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e;

        tnd_explain(code, h->lang, &e);
        tnd_html(h,
                 code == chosen ? "<option value=\"%u\" selected>%u %s</option>\n"
                                : "<option value=\"%u\">%u %s</option>\n",
                 code, code, e.title);
    }
}

static void put_choice(const struct tnd_html *h)
{
    tnd_html(h, "<form id=\"pair\" hidden>\n<label>%t\n<select name=\"a\">\n", N_("First code"));
    put_options(h, 302);
    tnd_html(h, "</select></label>\n<label>%t\n<select name=\"b\">\n", N_("Second code"));
    put_options(h, 580);
    tnd_html(h, "</select></label>\n<button>%t</button>\n</form>\n", N_("Compare"));
}

static void put_pairs(const struct tnd_html *h)
{
    tnd_html(h, "<section id=\"compare\">\n<h2>%t</h2>\n", N_("Compare two codes"));
    put_choice(h);
    tnd_html(h, "<h3>%t</h3>\n<p class=\"numbers\">\n", N_("Often compared"));
    for (unsigned a = tnd_explain_next(0); a; a = tnd_explain_next(a))
        for (unsigned b = tnd_explain_next(a); b; b = tnd_explain_next(b)) {
            struct tnd_page page = tnd_page_compare(h->lang, a, b);

            if (are_mistaken(a, b))
                tnd_html(h, "<a href=\"%l\">%v</a>\n", &page, a, b);
        }
    tnd_html(h, "</p>\n</section>\n");
}

static void put_code(const struct tnd_html *h, const struct tnd_explanation *e)
{
    struct tnd_page page = tnd_page_code(h->lang, e->code);

    tnd_html(h, "<li data-code=\"%u\"><a href=\"%l\"><b>%u</b> <span>%s</span>", e->code, &page,
             e->code, e->title);
    if (has_own_title(e))
        tnd_html(h, " <i lang=\"en\">%s</i>", e->phrase);
    if (e->standing == TND_CODE_FIELD)
        tnd_html(h, " <i>%t</i>", N_("not registered"));
    tnd_html(h, "</a></li>\n");
}

static void put_class(const struct tnd_html *h, unsigned number)
{
    struct tnd_explanation e;

    tnd_explain(100 * number, h->lang, &e);
    tnd_html(h,
             "<section class=\"class c%u\" id=\"class-%u\">\n<h2><span>%uxx</span> %s</h2>\n<ul>\n",
             number, number, number, e.of_class);
    for (unsigned code = tnd_explain_next(100 * number - 1); code && class_number(code) == number;
         code = tnd_explain_next(code)) {
        tnd_explain(code, h->lang, &e);
        put_code(h, &e);
    }
    tnd_html(h, "</ul>\n</section>\n");
}

void index_body(const struct tnd_html *h)
{
    tnd_html(
        h,
        "<article class=\"index\">\n<header class=\"hero\">\n<h1>%t</h1>\n<p class=\"lead\">%t</p>\n",
        N_("SIP response codes"),
        N_("What each code means, when you see it, how to fix it, and how it differs from the "
           "others."));
    put_search(h);
    tnd_html(h, "</header>\n<div id=\"classes\">\n");
    for (unsigned number = 1; number <= 6; number++)
        put_class(h, number);
    tnd_html(h, "</div>\n");
    put_pairs(h);
    tnd_html(h, "</article>\n");
}
