/* A flow for people: a ladder, and what is to be said about it. */
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/demo.h"
#include "ref/texts.h"

enum {
    INDENT = 2,
    TEXT_WIDTH = 96, /* of sentences, at most */
    GAP = 3,         /* between two ladders */
    FIRST = 10,      /* columns in front of the first party */
    EACH = 20,       /* that a message needs from one party to the next */
    LAST = 12,       /* that the last one needs */
};

static int text_width(const struct demo_show *s)
{
    return s->width > 0 && s->width < TEXT_WIDTH ? (int)s->width : TEXT_WIDTH;
}

static void put_bold(const struct demo_show *s, const char *text)
{
    fputs(s->colour ? "\033[1m" : "", s->out);
    columns_put(s->out, tnd_slice_str(text), text_width(s), 0, "");
    fputs(s->colour ? "\033[0m" : "", s->out);
}

static void put_heading(const struct demo_show *s, const char *english)
{
    fputc('\n', s->out);
    put_bold(s, tnd_text(s->lang, english));
}

static void put_title(const struct demo_show *s, const struct demo_run *run)
{
    struct tnd_explanation e;
    char line[256];

    tnd_explain(run->demo.code, s->lang, &e);
    snprintf(line, sizeof(line), "%u %s", e.code, e.phrase);
    put_bold(s, line);
    columns_put(s->out, run->ladder.title, text_width(s), INDENT, "");
}

/* The ladder as text, which is to be freed; the absent one: out of memory. */
static struct tnd_slice draw(const struct demo_show *s, const struct demo_run *run, unsigned width)
{
    const struct tnd_ladder_look look = {.width = width, .utf8 = s->utf8, .colour = s->colour};
    struct tnd_writer w = tnd_writer(NULL, 0);

    tnd_ladder_text(&w, &run->ladder, &look);
    size_t size = w.len;
    char *room = malloc(size + 1);
    if (!room)
        return tnd_slice(NULL, 0);
    w = tnd_writer(room, size);
    tnd_ladder_text(&w, &run->ladder, &look);
    return tnd_writer_slice(&w);
}

static void put_ladder(const struct demo_show *s, const struct demo_run *run)
{
    struct tnd_slice text = draw(s, run, s->width);

    fputc('\n', s->out);
    if (text.len > 0)
        fwrite(text.ptr, 1, text.len, s->out);
    free((char *)text.ptr);
}

/* "follow-contact: ..." */
static void put_next(const struct demo_show *s, const struct tnd_explanation *e, const char *mark)
{
    columns_put(s->out, tnd_slice_str(e->recovery), text_width(s),
                INDENT + columns_width(tnd_slice_str(mark)), mark);
}

void demo_show(const struct demo_show *s, const struct demo_run *run)
{
    struct tnd_explanation e;

    tnd_explain(run->demo.code, s->lang, &e);
    put_title(s, run);
    put_ladder(s, run);
    put_heading(s, N_("What Tandem does by itself"));
    put_next(s, &e, "");
}

static unsigned width_needed(const struct demo_run *run)
{
    return FIRST + EACH * (unsigned)(run->ladder.party_count - 1) + LAST;
}

/* The next line of text, without its end. */
static struct tnd_slice next_line(struct tnd_slice *text)
{
    const char *end = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
    struct tnd_slice line = end ? tnd_slice_between(text->ptr, end) : *text;

    *text = end ? tnd_slice_between(end + 1, tnd_slice_end(*text)) : tnd_slice("", 0);
    return line;
}

/* How wide a line of ours is: colours take no room. */
static unsigned width_of(struct tnd_slice line)
{
    unsigned width = 0;

    while (line.len > 0) {
        const char *escape = memchr(line.ptr, '\033', line.len);
        const char *end =
            escape ? memchr(escape, 'm', (size_t)(tnd_slice_end(line) - escape)) : NULL;

        width += tnd_columns_width(escape ? tnd_slice_between(line.ptr, escape) : line);
        if (!end)
            return width;
        line = tnd_slice_between(end + 1, tnd_slice_end(line));
    }
    return width;
}

static void put_side_by_side(const struct demo_show *s, const struct demo_run run[static 2],
                             unsigned left_width)
{
    struct tnd_slice all[2] = {draw(s, &run[0], left_width),
                               draw(s, &run[1], s->width - left_width - GAP)};
    struct tnd_slice rest[2] = {all[0], all[1]};

    fputc('\n', s->out);
    while (rest[0].len > 0 || rest[1].len > 0) {
        struct tnd_slice left = next_line(&rest[0]), right = next_line(&rest[1]);

        fwrite(left.ptr, 1, left.len, s->out);
        if (right.len > 0)
            fprintf(s->out, "%*s%.*s", (int)(left_width + GAP - width_of(left)), "",
                    TND_FMT(right));
        fputc('\n', s->out);
    }
    free((char *)all[0].ptr);
    free((char *)all[1].ptr);
}

static void put_ladders(const struct demo_show *s, const struct demo_run run[static 2])
{
    unsigned needed = width_needed(&run[0]) + GAP + width_needed(&run[1]);

    if (s->width >= needed && s->width >= COLUMNS_SIDE_MIN) {
        unsigned more = s->width - needed;
        size_t parties = run[0].ladder.party_count + run[1].ladder.party_count;
        unsigned share = more * (unsigned)run[0].ladder.party_count / (unsigned)parties;

        put_title(s, &run[0]);
        put_title(s, &run[1]);
        put_side_by_side(s, run, width_needed(&run[0]) + share);
        return;
    }
    put_title(s, &run[0]);
    put_ladder(s, &run[0]);
    fputc('\n', s->out);
    put_title(s, &run[1]);
    put_ladder(s, &run[1]);
}

static void put_row(const struct demo_show *s, const struct tnd_comparison *c,
                    const struct tnd_compare_row *row)
{
    char mark[2][16];

    snprintf(mark[0], sizeof(mark[0]), "%u: ", c->a.code);
    snprintf(mark[1], sizeof(mark[1]), "%u: ", c->b.code);
    fputc('\n', s->out);
    put_bold(s, row->heading);
    columns_put(s->out, tnd_slice_str(row->a), text_width(s), INDENT + 5, mark[0]);
    columns_put(s->out, tnd_slice_str(row->b), text_width(s), INDENT + 5, mark[1]);
}

void demo_show_both(const struct demo_show *s, const struct demo_run run[static 2])
{
    struct tnd_comparison c;
    char mark[2][16];

    tnd_compare(run[0].demo.code, run[1].demo.code, s->lang, &c);
    snprintf(mark[0], sizeof(mark[0]), "%u: ", c.a.code);
    snprintf(mark[1], sizeof(mark[1]), "%u: ", c.b.code);
    put_ladders(s, run);
    put_heading(s, N_("What Tandem does by itself"));
    put_next(s, &c.a, mark[0]);
    put_next(s, &c.b, mark[1]);
    if (c.note) {
        put_heading(s, N_("The difference"));
        columns_put(s->out, tnd_slice_str(c.note), text_width(s), INDENT, "");
    }
    for (size_t i = 0; i < c.row_count; i++)
        if (c.row[i].subject != TND_COMPARE_NEXT) /* it is said above */
            put_row(s, &c, &c.row[i]);
}
