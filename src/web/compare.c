/* The page of two codes. The difference in a sentence comes first, then each subject with both beside each
 * other; on a narrow screen one below the other, each behind its number. */
#include "web/parts.h"

static void put_side_head(const struct tnd_html *h, const struct tnd_explanation *e)
{
    struct tnd_page page = tnd_page_code(h->lang, e->code);

    tnd_html(h, "<div class=\"side c%u\">\n<a href=\"%l\"><b class=\"number\">%u</b>\n",
             class_number(e->code), &page, e->code);
    tnd_html(h, "<span class=\"phrase\" lang=\"en\">%s</span></a>\n", e->phrase);
    if (has_own_title(e))
        tnd_html(h, "<span class=\"title\">%s</span>\n", e->title);
    tnd_html(h, "<span class=\"class\">%s, %p</span>\n</div>\n", e->of_class, e->reference);
}

static void put_heading(const struct tnd_html *h, const struct tnd_comparison *c)
{
    struct tnd_page home = tnd_page_index(h->lang);

    tnd_html(h, "<header class=\"hero\">\n<p class=\"crumb\"><a href=\"%l#compare\">%t</a></p>\n",
             &home, N_("Compare two codes"));
    tnd_html(h, "<h1>%v</h1>\n<div class=\"both\">\n", c->a.code, c->b.code);
    put_side_head(h, &c->a);
    put_side_head(h, &c->b);
    tnd_html(h, "</div>\n</header>\n");
    if (c->note)
        tnd_html(h, "<section class=\"difference\">\n<h2>%t</h2>\n<p>%s</p>\n</section>\n",
                 N_("The difference"), c->note);
}

/* One side: which code it is, and what is said of it; NULL: nothing is. */
static void put_side(const struct tnd_html *h, const struct tnd_explanation *e, const char *text)
{
    tnd_html(h, "<p class=\"side c%u\"><b class=\"mark\">%u</b> ", class_number(e->code), e->code);
    tnd_html(h, text ? "%p</p>\n" : "–</p>\n", text);
}

static void put_both(const struct tnd_html *h, const struct tnd_comparison *c, const char *a,
                     const char *b)
{
    tnd_html(h, "<div class=\"both\">\n");
    put_side(h, &c->a, a);
    put_side(h, &c->b, b);
    tnd_html(h, "</div>\n");
}

/* A subject with its heading; nothing if neither has anything to say. */
static void put_subject(const struct tnd_html *h, const struct tnd_comparison *c,
                        const char *heading, const char *const text[static 2])
{
    if (!text[0] && !text[1])
        return;
    tnd_html(h, "<h2>%t</h2>\n", heading);
    put_both(h, c, text[0], text[1]);
}

static void put_differences(const struct tnd_html *h, const struct tnd_comparison *c)
{
    tnd_html(h, "<section class=\"facts\">\n<h2>%t</h2>\n", N_("What differs"));
    for (size_t i = 0; i < c->row_count; i++) {
        tnd_html(h, "<h3>%s</h3>\n", c->row[i].heading);
        put_both(h, c, c->row[i].a, c->row[i].b);
    }
    if (c->row_count == 0)
        tnd_html(h, "<p>%t</p>\n",
                 N_("Who decides, what follows and what the caller does are the same for both."));
    tnd_html(h, "</section>\n");
}

static void put_ladders(const struct tnd_html *h, const struct tnd_comparison *c)
{
    if (!has_flow(h, c->a.code) && !has_flow(h, c->b.code))
        return;
    tnd_html(h, "<section class=\"flows\">\n<h2>%t</h2>\n", N_("Calls that show it"));
    put_flow(h, c->a.code);
    put_flow(h, c->b.code);
    tnd_html(h, "</section>\n");
}

/* Other pairs that have one of them. */
static void put_pairs_of(const struct tnd_html *h, unsigned code)
{
    for (unsigned other = tnd_explain_next(0); other; other = tnd_explain_next(other)) {
        struct tnd_page page = tnd_page_compare(h->lang, code, other);

        if (other != h->page->a && other != h->page->b && are_mistaken(code, other))
            tnd_html(h, "<a href=\"%l\">%v</a>\n", &page, page.a, page.b);
    }
}

static void put_more(const struct tnd_html *h, const struct tnd_comparison *c)
{
    struct tnd_page page[2] = {tnd_page_code(h->lang, c->a.code),
                               tnd_page_code(h->lang, c->b.code)};

    tnd_html(h, "<section class=\"more\">\n<h2>%t</h2>\n<ul class=\"cards\">\n", N_("See also"));
    tnd_html(h, "<li class=\"c%u\"><a href=\"%l\"><b>%u</b> %s</a></li>\n", class_number(c->a.code),
             &page[0], c->a.code, c->a.title);
    tnd_html(h, "<li class=\"c%u\"><a href=\"%l\"><b>%u</b> %s</a></li>\n</ul>\n",
             class_number(c->b.code), &page[1], c->b.code, c->b.title);
    tnd_html(h, "<p class=\"numbers\">\n");
    put_pairs_of(h, c->a.code);
    put_pairs_of(h, c->b.code);
    tnd_html(h, "</p>\n</section>\n");
}

void compare_body(const struct tnd_html *h)
{
    struct tnd_comparison c;

    tnd_compare(h->page->a, h->page->b, h->lang, &c);
    const struct tnd_explanation *a = &c.a, *b = &c.b;

    tnd_html(h, "<article class=\"compare\">\n");
    put_heading(h, &c);
    put_subject(h, &c, N_("What it means"), (const char *[]){a->description, b->description});
    put_subject(h, &c, N_("When you see it"), (const char *[]){a->when, b->when});
    put_differences(h, &c);
    put_subject(h, &c, N_("How to fix it"), (const char *[]){a->fix, b->fix});
    put_subject(h, &c, N_("At the side that answers"),
                (const char *[]){a->fix_callee, b->fix_callee});
    put_ladders(h, &c);
    try_section(h);
    put_subject(h, &c, N_("When to use which"), (const char *[]){a->use, b->use});
    put_more(h, &c);
    tnd_html(h, "</article>\n");
}
