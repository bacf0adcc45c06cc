/* tandem explain, for people: one code, two side by side, a list. */
#include <string.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/explain.h"
#include "ref/texts.h"
#include "web/ends.h"

enum {
    INDENT = 2,
    LIST_INDENT = 7,      /* "  302  " */
    PAGE_WIDTH_MAX = 100, /* longer lines are hard to read */
    LINE_LEN_MAX = 2048,  /* the longest text, in the language with the longest letters */
};

static void put_bold(const struct explain *x, struct tnd_slice s)
{
    fputs(x->colour ? "\033[1m" : "", x->out);
    cli_put_text(x->out, s);
    fputs(x->colour ? "\033[0m" : "", x->out);
}

static int page_width(const struct explain *x)
{
    return x->width < PAGE_WIDTH_MAX ? x->width : PAGE_WIDTH_MAX;
}

/* No line wider than the terminal, and each bold by itself: a pager forgets at its end. */
static void put_bold_lines(const struct explain *x, const char *text)
{
    struct tnd_slice rest = tnd_slice_str(text), line;

    while (columns_next(&rest, page_width(x), &line)) {
        put_bold(x, line);
        fputc('\n', x->out);
    }
}

static void put_heading(const struct explain *x, const char *english)
{
    fputc('\n', x->out);
    put_bold_lines(x, tnd_text(x->lang, english));
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
    char whole[2 * LINE_LEN_MAX];

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
    if (tnd_ends_text(e->code, x->lang)) {
        char heading[LINE_LEN_MAX];

        snprintf(heading, sizeof(heading), "%s: ", tnd_text(x->lang, tnd_ends_heading));
        put_item(x, heading, tnd_ends_text(e->code, x->lang));
    }
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

/* The class and where it is defined, behind a name. A code that nobody has named has that of its class: once is
 * enough. */
static void write_law(char line[static LINE_LEN_MAX], const struct tnd_explanation *e,
                      const char *name)
{
    bool is_named = strcmp(name, e->of_class) != 0;

    snprintf(line, LINE_LEN_MAX, "%s%s%s", is_named ? e->of_class : "", is_named ? ", " : "",
             e->reference);
}

/* In one line if there is room: "302 Moved Temporarily: Redirection, RFC 3261 §21.3.3". */
static void put_title(const struct explain *x, const struct tnd_explanation *e)
{
    char phrase[LINE_LEN_MAX], law[LINE_LEN_MAX], rest[2 * LINE_LEN_MAX];
    bool has_own_title = strcmp(e->title, e->phrase) != 0;
    bool is_told = has_own_title && strcmp(e->title, e->of_class) != 0;

    write_law(law, e, e->phrase);
    snprintf(phrase, sizeof(phrase), "%u %s", e->code, e->phrase);
    snprintf(rest, sizeof(rest), "%s%s%s", is_told ? e->title : "", is_told ? ": " : "", law);
    const char *between = has_own_title ? " – " : ": ";
    if (columns_width(tnd_slice_str(phrase)) + columns_width(tnd_slice_str(between)) +
            columns_width(tnd_slice_str(rest)) >
        x->width) {
        put_bold_lines(x, phrase);
        columns_put(x->out, tnd_slice_str(rest), page_width(x), INDENT, "");
    } else {
        put_bold(x, tnd_slice_str(phrase));
        fprintf(x->out, "%s%s\n", between, rest);
    }
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
    char law[LINE_LEN_MAX], a[2 * LINE_LEN_MAX], b[2 * LINE_LEN_MAX];

    if (x->width < COLUMNS_SIDE_MIN) {
        put_title(x, &c->a);
        put_title(x, &c->b);
        return;
    }
    write_law(law, &c->a, c->a.title);
    snprintf(a, sizeof(a), "%u %s (%s)", c->a.code, c->a.title, law);
    write_law(law, &c->b, c->b.title);
    snprintf(b, sizeof(b), "%u %s (%s)", c->b.code, c->b.title, law);
    fputs(x->colour ? "\033[1m" : "", x->out);
    columns_put_both(x->out, tnd_slice_str(a), tnd_slice_str(b), x->width, INDENT);
    fputs(x->colour ? "\033[0m" : "", x->out);
    if (c->a.note || c->b.note)
        columns_put_both(x->out, tnd_slice_str(c->a.note ? c->a.note : ""),
                         tnd_slice_str(c->b.note ? c->b.note : ""), x->width, INDENT);
}

/* A heading and both sides; nothing if neither has anything to say. */
static void put_subject(const struct explain *x, const struct tnd_comparison *c,
                        const char *heading, const char *const side[static 2])
{
    if (!side[0] && !side[1])
        return;
    put_heading(x, heading);
    put_pair(x, c, side[0] ? side[0] : "–", side[1] ? side[1] : "–");
}

static void put_differences(const struct explain *x, const struct tnd_comparison *c)
{
    for (size_t i = 0; i < c->row_count; i++) {
        fputc('\n', x->out);
        put_bold_lines(x, c->row[i].heading);
        put_pair(x, c, c->row[i].a, c->row[i].b);
    }
    if (c->row_count == 0)
        put_text(x, N_("What differs"),
                 tnd_text(x->lang, N_("Who decides, what follows and what the caller does are the "
                                      "same for both.")));
}

void explain_show_both(const struct explain *x, unsigned a, unsigned b)
{
    struct tnd_comparison c;

    tnd_compare(a, b, x->lang, &c);
    const struct tnd_explanation *one = &c.a, *other = &c.b;

    put_both_titles(x, &c);
    put_text(x, N_("The difference"), c.note);
    put_subject(x, &c, N_("What it means"), (const char *[]){one->description, other->description});
    put_subject(x, &c, N_("When you see it"), (const char *[]){one->when, other->when});
    put_subject(x, &c, N_("How to fix it"), (const char *[]){one->fix, other->fix});
    put_subject(x, &c, N_("At the side that answers"),
                (const char *[]){one->fix_callee, other->fix_callee});
    put_differences(x, &c);
    put_subject(x, &c, N_("When to send it"), (const char *[]){one->use, other->use});
}

static const char *law_of(const struct explain *x, const struct tnd_explanation *e)
{
    return e->standing == TND_CODE_FIELD ? tnd_text(x->lang, N_("not registered")) : e->reference;
}

/* How wide the titles are, and how wide what stands behind them. */
static void measure(const struct explain *x, const uint16_t *codes, size_t count, int *title,
                    int *law)
{
    *title = *law = 0;
    for (size_t i = 0; i < count; i++) {
        struct tnd_explanation e;

        tnd_explain(codes[i], x->lang, &e);
        int widths[] = {columns_width(tnd_slice_str(e.title)),
                        columns_width(tnd_slice_str(law_of(x, &e)))};
        *title = widths[0] > *title ? widths[0] : *title;
        *law = widths[1] > *law ? widths[1] : *law;
    }
}

/* In columns if the terminal is wide enough, else one below the other. */
static void put_row(const struct explain *x, const struct tnd_explanation *e, int title, int law)
{
    const char *reference = law_of(x, e);
    char code[16];

    snprintf(code, sizeof(code), "  %u  ", e->code);
    if (LIST_INDENT + title + INDENT + law > x->width) {
        columns_put(x->out, tnd_slice_str(e->title), x->width, LIST_INDENT, code);
        columns_put(x->out, tnd_slice_str(reference), x->width, LIST_INDENT, "");
        return;
    }
    fputs(code, x->out);
    cli_put_text(x->out, tnd_slice_str(e->title));
    fprintf(x->out, "%*s%s\n", title - columns_width(tnd_slice_str(e->title)) + INDENT, "",
            reference);
}

void explain_show_list(const struct explain *x, const uint16_t *codes, size_t count)
{
    int title, law;

    measure(x, codes, count, &title, &law);
    for (size_t i = 0; i < count; i++) {
        struct tnd_explanation e;
        char class[LINE_LEN_MAX];

        tnd_explain(codes[i], x->lang, &e);
        if (i == 0 || codes[i] / 100 != codes[i - 1] / 100) {
            fputs(i > 0 ? "\n" : "", x->out);
            snprintf(class, sizeof(class), "%uxx %s", codes[i] / 100, e.of_class);
            put_bold_lines(x, class);
        }
        put_row(x, &e, title, law);
    }
}
