/* tandem explain, for people: one code, two side by side, a list. */
#include <string.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/explain.h"
#include "ref/texts.h"
#include "web/ends.h"

enum {
    INDENT = 2,
    PAGE_WIDTH_MAX = 100, /* longer lines are hard to read */
    LINE_LEN_MAX = 2048,  /* the longest text, in the language with the longest letters */
};

static struct tnd_slice text(const struct explain *x, const char *english)
{
    return tnd_slice_str(tnd_text(x->lang, english));
}

static void put_bold(const struct explain *x, struct tnd_slice s)
{
    fputs(x->colour ? "\033[1m" : "", x->out);
    cli_put_text(x->out, s);
    fputs(x->colour ? "\033[0m" : "", x->out);
}

static void put_heading(const struct explain *x, const char *english)
{
    fputc('\n', x->out);
    put_bold(x, text(x, english));
    fputc('\n', x->out);
}

static int page_width(const struct explain *x)
{
    return x->width < PAGE_WIDTH_MAX ? x->width : PAGE_WIDTH_MAX;
}

/* A heading and its text; without text nothing. */
static void put_text(const struct explain *x, const char *heading, const char *line)
{
    if (!line)
        return;
    put_heading(x, heading);
    columns_put(x->out, tnd_slice_str(line), page_width(x), INDENT, "");
}

/* One of several below a heading. */
static void put_item(const struct explain *x, const char *before, const char *line)
{
    char whole[LINE_LEN_MAX];

    snprintf(whole, sizeof(whole), "%s%s", before, line);
    columns_put(x->out, tnd_slice_str(whole), page_width(x), 2 * INDENT, "- ");
}

static void put_causes(const struct explain *x, const struct tnd_explanation *e)
{
    put_heading(x, N_("Typical causes"));
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX && e->cause[i]; i++)
        put_item(x, "", e->cause[i]);
}

static void put_facts(const struct explain *x, const struct tnd_explanation *e)
{
    put_heading(x, N_("Facts"));
    put_item(x, "", tnd_code_decider_text((enum tnd_code_decider)e->decider, x->lang));
    put_item(x, "", tnd_code_outcome_text((enum tnd_code_outcome)e->outcome, x->lang));
    put_item(x, "", tnd_code_others_text((enum tnd_code_others)e->others, x->lang));
    put_item(x, "", tnd_code_memory_text((enum tnd_code_memory)e->memory, x->lang));
    if (tnd_ends_text(e->code, x->lang))
        put_item(x, "", tnd_ends_text(e->code, x->lang));
}

static void put_fields(const struct explain *x, const struct tnd_explanation *e)
{
    if (!e->field[0].header)
        return;
    put_heading(x, N_("Header fields"));
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++) {
        char name[64];

        snprintf(name, sizeof(name), "%s: ", tnd_header_name(e->field[i].header));
        put_item(x, name, e->field[i].text);
    }
}

static void put_senders(const struct explain *x, const struct tnd_explanation *e)
{
    char line[LINE_LEN_MAX] = "";

    for (unsigned bit = TND_BY_CALLEE; bit <= TND_BY_OWN; bit <<= 1) {
        size_t len = strlen(line);

        if (e->sender & bit)
            snprintf(line + len, sizeof(line) - len, "%s%s", len > 0 ? ", " : "",
                     tnd_code_sender_text((enum tnd_code_sender)bit, x->lang));
    }
    put_text(x, N_("Sent by"), line);
}

static void put_related(const struct explain *x, const struct tnd_explanation *e)
{
    put_heading(x, N_("See also"));
    for (size_t i = 0; i < TND_EXPLAIN_RELATED_COUNT_MAX && e->related[i]; i++) {
        struct tnd_explanation other;
        char number[16];

        tnd_explain(e->related[i], x->lang, &other);
        snprintf(number, sizeof(number), "%u ", other.code);
        put_item(x, number, other.title);
    }
}

static void put_title(const struct explain *x, const struct tnd_explanation *e)
{
    char line[LINE_LEN_MAX];
    bool has_own_title = strcmp(e->title, e->phrase) != 0;

    snprintf(line, sizeof(line), "%u %s", e->code, e->phrase);
    put_bold(x, tnd_slice_str(line));
    snprintf(line, sizeof(line), "%s%s: %s, %s", has_own_title ? " – " : "",
             has_own_title ? e->title : "", e->of_class, e->reference);
    cli_put_text(x->out, tnd_slice_str(line));
    fputc('\n', x->out);
    if (e->note)
        columns_put(x->out, tnd_slice_str(e->note), page_width(x), INDENT, "");
}

void explain_show(const struct explain *x, unsigned code)
{
    struct tnd_explanation e;

    tnd_explain(code, x->lang, &e);
    put_title(x, &e);
    put_text(x, N_("What it means"), e.description);
    put_text(x, N_("When you see it"), e.when);
    put_causes(x, &e);
    put_text(x, N_("How to fix it"), e.fix);
    put_text(x, N_("At the side that answers"), e.fix_callee);
    put_text(x, N_("For developers"), e.fix_developer);
    put_text(x, N_("What Tandem does by itself"), e.recovery);
    put_facts(x, &e);
    put_fields(x, &e);
    put_senders(x, &e);
    put_text(x, N_("When to send it"), e.use);
    put_related(x, &e);
}

/* Side by side where there is room, else one below the other, each behind its code. */
static void put_pair(const struct explain *x, const struct tnd_comparison *c, const char *a,
                     const char *b)
{
    char mark[2][16];

    if (x->width >= COLUMNS_SIDE_MIN) {
        columns_put_both(x->out, tnd_slice_str(a), tnd_slice_str(b), x->width, INDENT);
        return;
    }
    snprintf(mark[0], sizeof(mark[0]), "%u: ", c->a.code);
    snprintf(mark[1], sizeof(mark[1]), "%u: ", c->b.code);
    columns_put(x->out, tnd_slice_str(a), x->width, INDENT + 5, mark[0]);
    columns_put(x->out, tnd_slice_str(b), x->width, INDENT + 5, mark[1]);
}

static void put_both_titles(const struct explain *x, const struct tnd_comparison *c)
{
    char a[LINE_LEN_MAX], b[LINE_LEN_MAX];

    if (x->width < COLUMNS_SIDE_MIN) {
        put_title(x, &c->a);
        put_title(x, &c->b);
        return;
    }
    snprintf(a, sizeof(a), "%u %s (%s)", c->a.code, c->a.title, c->a.reference);
    snprintf(b, sizeof(b), "%u %s (%s)", c->b.code, c->b.title, c->b.reference);
    fputs(x->colour ? "\033[1m" : "", x->out);
    columns_put_both(x->out, tnd_slice_str(a), tnd_slice_str(b), x->width, INDENT);
    fputs(x->colour ? "\033[0m" : "", x->out);
    if (c->a.note || c->b.note)
        columns_put_both(x->out, tnd_slice_str(c->a.note ? c->a.note : ""),
                         tnd_slice_str(c->b.note ? c->b.note : ""), x->width, INDENT);
}

void explain_show_both(const struct explain *x, unsigned a, unsigned b)
{
    struct tnd_comparison c;

    tnd_compare(a, b, x->lang, &c);
    put_both_titles(x, &c);
    put_text(x, N_("The difference"), c.note);
    put_heading(x, N_("What it means"));
    put_pair(x, &c, c.a.description, c.b.description);
    put_heading(x, N_("When you see it"));
    put_pair(x, &c, c.a.when, c.b.when);
    put_heading(x, N_("How to fix it"));
    put_pair(x, &c, c.a.fix, c.b.fix);
    for (size_t i = 0; i < c.row_count; i++) {
        fputc('\n', x->out);
        put_bold(x, tnd_slice_str(c.row[i].heading));
        fputc('\n', x->out);
        put_pair(x, &c, c.row[i].a, c.row[i].b);
    }
    put_heading(x, N_("When to send it"));
    put_pair(x, &c, c.a.use, c.b.use);
}

static int widest_title(const struct explain *x, const uint16_t *codes, size_t count)
{
    int widest = 0;

    for (size_t i = 0; i < count; i++) {
        struct tnd_explanation e;

        tnd_explain(codes[i], x->lang, &e);
        int width = columns_width(tnd_slice_str(e.title));
        if (width > widest)
            widest = width;
    }
    return widest;
}

void explain_show_list(const struct explain *x, const uint16_t *codes, size_t count)
{
    int widest = widest_title(x, codes, count);

    for (size_t i = 0; i < count; i++) {
        struct tnd_explanation e;

        tnd_explain(codes[i], x->lang, &e);
        if (i == 0 || codes[i] / 100 != codes[i - 1] / 100) {
            fputs(i > 0 ? "\n" : "", x->out);
            fprintf(x->out, "%uxx ", codes[i] / 100);
            put_bold(x, tnd_slice_str(e.of_class));
            fputc('\n', x->out);
        }
        fprintf(x->out, "  %u  ", e.code);
        cli_put_text(x->out, tnd_slice_str(e.title));
        fprintf(x->out, "%*s", widest - columns_width(tnd_slice_str(e.title)) + 2, "");
        fputs(e.standing == TND_CODE_FIELD ? tnd_text(x->lang, N_("not registered")) : e.reference,
              x->out);
        fputc('\n', x->out);
    }
}
