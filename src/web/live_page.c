/* The live page of a server. All its texts are here, in the language of its reader; what they are filled with
 * comes from the API, by live.js, which has no text of its own. */
#include "web/live_page.h"
#include "web/parts.h"

/* What live.js says: a text for each name. */
static const struct {
    const char *name, *text;
} words[] = {
    {"calling", N_("calling")},
    {"ringing", N_("ringing")},
    {"talking", N_("talking")},
    {"answered", N_("answered")},
    {"cancelled", N_("cancelled")},
    {"failed", N_("failed")},
    {"unknown", N_("end not seen")},
    {"connected", N_("What you see is what happens now.")},
    {"lost", N_("The server does not answer. Trying again.")},
    {"guess", N_("a guess")},
    {"more", N_("All about this code")},
    {"fix", N_("How to fix it")},
    {"why", N_("Why")},
    {"ladder", N_("Messages of the call")},
    {"findings", N_("What the messages show")},
    {"gone", N_("The server does not know this call any more.")},
};

static void put_head(const struct tnd_html *h)
{
    tnd_html(h,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>Tandem: %t</title>\n<meta name=\"color-scheme\" content=\"light dark\">\n",
             tnd_lang_code(h->lang), N_("Calls of this server"));
    head_icon(h);
    tnd_html(h, "<link rel=\"stylesheet\" href=\"style.css\">\n"
                "<link rel=\"stylesheet\" href=\"live.css\">\n"
                "<script defer src=\"ladder.js\"></script>\n"
                "<script defer src=\"live.js\"></script>\n</head>\n");
}

/* The same page in each language. */
static void put_languages(const struct tnd_html *h)
{
    tnd_html(h, "<nav class=\"langs\" aria-label=\"%t\">\n<ul>\n", N_("Language"));
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        const char *code = tnd_lang_code((enum tnd_lang)lang);

        tnd_html(h, "<li><a href=\"./?lang=%s\" lang=\"%s\" hreflang=\"%s\"", code, code, code);
        tnd_html(h, lang == (int)h->lang ? " aria-current=\"true\">" : ">");
        tnd_html(h, "%s</a></li>\n", tnd_lang_name((enum tnd_lang)lang));
    }
    tnd_html(h, "</ul>\n</nav>\n");
}

static void put_top(const struct tnd_html *h)
{
    struct tnd_page codes = tnd_page_index(h->lang);

    tnd_html(h,
             "<body class=\"live\">\n<a class=\"skip\" href=\"#main\">%t</a>\n"
             "<header class=\"top\">\n<a class=\"home\" href=\"./?lang=%s\">Tandem</a>\n"
             "<a class=\"codes\" href=\"%l\">%t</a>\n",
             N_("Skip to the text"), tnd_lang_code(h->lang), &codes, N_("SIP response codes"));
    put_languages(h);
    tnd_html(h, "</header>\n");
}

static void put_figure(const struct tnd_html *h, const char *id, const char *text)
{
    tnd_html(h, "<li><b id=\"count-%s\">–</b> <span>%t</span></li>\n", id, text);
}

static void put_figures(const struct tnd_html *h)
{
    tnd_html(h, "<h1>%t</h1>\n<p id=\"state\" role=\"status\"></p>\n", N_("Calls of this server"));
    tnd_html(h,
             "<form id=\"token\" hidden>\n<label for=\"secret\">%t</label>\n"
             "<input id=\"secret\" type=\"password\" autocomplete=\"current-password\" required>\n"
             "<button>%t</button>\n</form>\n<noscript><p>%t</p></noscript>\n",
             N_("This server asks for its token."), N_("Continue"),
             N_("This page needs JavaScript."));
    tnd_html(h, "<ul class=\"figures\">\n");
    put_figure(h, "open", N_("calls now"));
    put_figure(h, "answered", N_("answered lately"));
    put_figure(h, "failed", N_("failed lately"));
    put_figure(h, "registered", N_("registered"));
    tnd_html(h, "</ul>\n");
}

/* A list that the script fills, and what is said when there is nothing in it. */
static void put_list(const struct tnd_html *h, const char *id, const char *heading,
                     const char *none)
{
    tnd_html(h,
             "<section>\n<h2>%t</h2>\n<ul id=\"%s\" class=\"rows\"></ul>\n"
             "<p class=\"none\" id=\"no-%s\">%t</p>\n</section>\n",
             heading, id, id, none);
}

static void put_words(const struct tnd_html *h)
{
    tnd_html(h, "<dl id=\"words\" hidden>\n");
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        tnd_html(h, "<dt>%s</dt><dd>%t</dd>\n", words[i].name, words[i].text);
    tnd_html(h, "</dl>\n");
}

void tnd_live_page_write(struct tnd_writer *w, enum tnd_lang lang)
{
    static const struct tnd_site site = {.is_served = true};
    static const struct tnd_page top = {.kind = TND_PAGE_LANGS}; /* links are seen from there */
    const struct tnd_html h = {w, &site, &top, lang};

    put_head(&h);
    put_top(&h);
    tnd_html(&h, "<main id=\"main\">\n");
    put_figures(&h);
    put_list(&h, "failures", N_("Failed lately"), N_("No call has failed lately."));
    tnd_html(&h, "<div class=\"pair\">\n");
    put_list(&h, "by-code", N_("By code"), N_("No call has failed lately."));
    put_list(&h, "by-cause", N_("By cause"), N_("No call has failed lately."));
    tnd_html(&h, "</div>\n");
    put_list(&h, "calls", N_("Calls now and lately"), N_("No call was seen yet."));
    put_list(&h, "registrations", N_("Registered"), N_("Nobody is registered."));
    put_words(&h);
    tnd_html(&h, "</main>\n</body>\n</html>\n");
}
