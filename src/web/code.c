/* The page of one code. What it means comes first, then what to do; the facts stand beside it where there is
 * room. */
#include "web/ends.h"
#include "web/parts.h"

static void put_crumb(const struct tnd_html *h, const struct tnd_explanation *e)
{
    struct tnd_page home = tnd_page_index(h->lang);

    tnd_html(h, "<p class=\"crumb\"><a href=\"%l#class-%u\">%uxx %s</a></p>\n", &home,
             class_number(e->code), class_number(e->code), e->of_class);
}

static void put_heading(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<header class=\"hero\">\n");
    put_crumb(h, e);
    tnd_html(h, "<h1><span class=\"number\">%u</span> <span lang=\"en\">%s</span></h1>\n", e->code,
             e->phrase);
    if (has_own_title(e))
        tnd_html(h, "<p class=\"title\">%s</p>\n", e->title);
    if (e->note)
        tnd_html(h, "<p class=\"note\">%p</p>\n", e->note);
    tnd_html(h, "<p class=\"lead\">%p</p>\n</header>\n", e->description);
}

/* Without text nothing. level is that of the heading. */
static void put_text(const struct tnd_html *h, unsigned level, const char *heading,
                     const char *text)
{
    if (text)
        tnd_html(h, "<h%u>%t</h%u>\n<p>%p</p>\n", level, heading, level, text);
}

static void put_causes(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<h2>%t</h2>\n<ul>\n", N_("Typical causes"));
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX && e->cause[i]; i++)
        tnd_html(h, "<li>%p</li>\n", e->cause[i]);
    tnd_html(h, "</ul>\n");
}

/* What each side changes. */
static void put_fixes(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<section class=\"fix\">\n<h2>%t</h2>\n", N_("How to fix it"));
    put_text(h, 3, N_("At the side that asks"), e->fix);
    put_text(h, 3, N_("At the side that answers"), e->fix_callee);
    put_text(h, 3, N_("For developers"), e->fix_developer);
    tnd_html(h, "</section>\n");
}

static void put_next(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<h2>%t</h2>\n<p><code>%s</code> %p</p>\n", N_("What Tandem does by itself"),
             tnd_code_next_name((enum tnd_code_next)e->next), e->recovery);
}

static void put_fields(const struct tnd_html *h, const struct tnd_explanation *e)
{
    if (!e->field[0].header)
        return;
    tnd_html(h, "<h2>%t</h2>\n<dl class=\"fields\">\n", N_("Header fields"));
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++)
        tnd_html(h, "<dt><code>%s</code></dt>\n<dd>%p</dd>\n", tnd_header_name(e->field[i].header),
                 e->field[i].text);
    tnd_html(h, "</dl>\n");
}

static void put_fact(const struct tnd_html *h, const char *heading, const char *text)
{
    tnd_html(h, "<dt>%t</dt>\n<dd>%p</dd>\n", heading, text);
}

static void put_senders(const struct tnd_html *h, const struct tnd_explanation *e)
{
    bool is_first = true;

    tnd_html(h, "<dt>%t</dt>\n<dd>", N_("Sent by"));
    for (unsigned bit = TND_BY_CALLEE; bit <= TND_BY_OWN; bit <<= 1) {
        if (!(e->sender & bit))
            continue;
        tnd_html(h, "%s%s", is_first ? "" : ", ",
                 tnd_code_sender_text((enum tnd_code_sender)bit, h->lang));
        is_first = false;
    }
    tnd_html(h, "</dd>\n");
}

static void put_facts(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<aside class=\"facts\">\n<h2>%t</h2>\n<dl>\n", N_("Facts"));
    put_fact(h, N_("Who decides"),
             tnd_code_decider_text((enum tnd_code_decider)e->decider, h->lang));
    put_fact(h, N_("Does the call go on"),
             tnd_code_outcome_text((enum tnd_code_outcome)e->outcome, h->lang));
    put_fact(h, N_("Other targets"),
             tnd_code_others_text((enum tnd_code_others)e->others, h->lang));
    put_fact(h, N_("To remember for the next call"),
             tnd_code_memory_text((enum tnd_code_memory)e->memory, h->lang));
    if (tnd_ends_text(e->code, h->lang))
        put_fact(h, tnd_ends_heading, tnd_ends_text(e->code, h->lang));
    put_senders(h, e);
    put_fact(h, N_("Defined in"), e->reference);
    tnd_html(h, "</dl>\n</aside>\n");
}

static void put_ladder(const struct tnd_html *h)
{
    if (!has_flow(h, h->page->a))
        return;
    tnd_html(h, "<h2>%t</h2>\n", N_("A call that shows it"));
    put_flow(h, h->page->a);
}

static void put_related(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<section class=\"more\">\n<h2>%t</h2>\n<ul class=\"cards\">\n", N_("See also"));
    for (size_t i = 0; i < TND_EXPLAIN_RELATED_COUNT_MAX && e->related[i]; i++) {
        struct tnd_page page = tnd_page_code(h->lang, e->related[i]);
        struct tnd_explanation other;

        tnd_explain(e->related[i], h->lang, &other);
        tnd_html(h, "<li class=\"c%u\"><a href=\"%l\"><b>%u</b> %s</a></li>\n",
                 class_number(other.code), &page, other.code, other.title);
    }
    tnd_html(h, "</ul>\n</section>\n");
}

/* The two by which somebody looks for this page: "302 vs 580", and what the difference is. */
static void put_mistaken(const struct tnd_html *h, const struct tnd_explanation *e)
{
    bool is_first = true;

    for (unsigned other = tnd_explain_next(0); other; other = tnd_explain_next(other)) {
        struct tnd_page page = tnd_page_compare(h->lang, e->code, other);
        struct tnd_comparison c;

        if (!are_mistaken(e->code, other))
            continue;
        tnd_compare(page.a, page.b, h->lang, &c);
        if (is_first)
            tnd_html(h, "<section class=\"more\">\n<h2>%t</h2>\n<ul class=\"pairs\">\n",
                     N_("Often compared"));
        is_first = false;
        tnd_html(h, "<li><a href=\"%l\">%v</a> <span>%s</span></li>\n", &page, page.a, page.b,
                 c.note);
    }
    if (!is_first)
        tnd_html(h, "</ul>\n</section>\n");
}

/* All others, for who has two codes of his own in front of him. */
static void put_all_pairs(const struct tnd_html *h, const struct tnd_explanation *e)
{
    tnd_html(h, "<details>\n<summary>%t</summary>\n<p class=\"numbers\">\n",
             N_("Compare with any other code"));
    for (unsigned other = tnd_explain_next(0); other; other = tnd_explain_next(other)) {
        struct tnd_page page = tnd_page_compare(h->lang, e->code, other);

        if (other != e->code)
            tnd_html(h, "<a href=\"%l\">%u</a>\n", &page, other);
    }
    tnd_html(h, "</p>\n</details>\n");
}

static void put_neighbour(const struct tnd_html *h, unsigned code, bool is_next)
{
    struct tnd_page page = tnd_page_code(h->lang, code);
    struct tnd_explanation e;

    if (code == 0)
        return;
    tnd_explain(code, h->lang, &e);
    tnd_html(h, "<a rel=\"%s\" href=\"%l\"><b>%u</b> %s</a>\n", is_next ? "next" : "prev", &page,
             code, e.title);
}

static unsigned code_before(unsigned code)
{
    unsigned before = 0;

    for (unsigned c = tnd_explain_next(0); c && c < code; c = tnd_explain_next(c))
        before = c;
    return before;
}

void code_body(const struct tnd_html *h)
{
    struct tnd_explanation e;

    tnd_explain(h->page->a, h->lang, &e);
    tnd_html(h, "<article class=\"code c%u\">\n", class_number(e.code));
    put_heading(h, &e);
    put_facts(h, &e);
    tnd_html(h, "<div class=\"text\">\n");
    put_text(h, 2, N_("When you see it"), e.when);
    put_causes(h, &e);
    put_fixes(h, &e);
    put_next(h, &e);
    put_ladder(h);
    try_section(h);
    put_fields(h, &e);
    put_text(h, 2, N_("When to send it"), e.use);
    put_mistaken(h, &e);
    put_related(h, &e);
    put_all_pairs(h, &e);
    tnd_html(h, "</div>\n</article>\n<nav class=\"around\" aria-label=\"%t\">\n",
             N_("The codes before and after"));
    put_neighbour(h, code_before(e.code), false);
    put_neighbour(h, tnd_explain_next(e.code), true);
    tnd_html(h, "</nav>\n");
}
