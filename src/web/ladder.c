/* A ladder as SVG. Parties are lines from top to bottom, messages arrows between them; the colours are those
 * of the style sheet (classes "lane", "arrow"), so that it is dark where the page is. */
#include "web/ladder.h"

#include "web/html.h"

enum { PARTY_WIDTH = 220, LINE_HEIGHT = 36, HEAD_HEIGHT = 40, MARGIN = 12, HEAD_LEN = 7 };

static unsigned party_count(const struct tnd_ladder *l)
{
    unsigned n = 0;

    while (n < TND_LADDER_PARTY_COUNT_MAX && l->party[n])
        n++;
    return n;
}

static unsigned x_of(unsigned party)
{
    return PARTY_WIDTH * party + PARTY_WIDTH / 2;
}

/* name="12" */
static void put_number(struct tnd_writer *w, const char *name, unsigned n)
{
    tnd_put_char(w, ' ');
    tnd_put_str(w, name);
    tnd_put_str(w, "=\"");
    tnd_put_number(w, n);
    tnd_put_char(w, '"');
}

static void put_text(struct tnd_writer *w, unsigned x, unsigned y, struct tnd_slice text)
{
    tnd_put_str(w, "<text text-anchor=\"middle\"");
    put_number(w, "x", x);
    put_number(w, "y", y);
    tnd_put_char(w, '>');
    tnd_html_escape(w, text);
    tnd_put_str(w, "</text>\n");
}

static void put_line(struct tnd_writer *w, const char *class, const unsigned from[static 2],
                     const unsigned to[static 2])
{
    tnd_put_str(w, "<line class=\"");
    tnd_put_str(w, class);
    tnd_put_char(w, '"');
    put_number(w, "x1", from[0]);
    put_number(w, "y1", from[1]);
    put_number(w, "x2", to[0]);
    put_number(w, "y2", to[1]);
    tnd_put_str(w, "/>\n");
}

static void put_arrow(struct tnd_writer *w, const struct tnd_ladder_line *line, unsigned y)
{
    unsigned from = x_of(line->from), to = x_of(line->to);
    unsigned back = from < to ? to - HEAD_LEN : to + HEAD_LEN;

    put_text(w, (from + to) / 2, y - 7, line->text);
    if (from == to)
        return;
    put_line(w, "arrow", (unsigned[]){from, y}, (unsigned[]){to, y});
    put_line(w, "arrow", (unsigned[]){back, y - 4}, (unsigned[]){to, y});
    put_line(w, "arrow", (unsigned[]){back, y + 4}, (unsigned[]){to, y});
}

static void put_frame(struct tnd_writer *w, const struct tnd_ladder *l, unsigned height)
{
    tnd_put_str(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"");
    tnd_html_escape(w, tnd_slice_str(l->title));
    tnd_put_str(w, "\" viewBox=\"0 0 ");
    tnd_put_number(w, PARTY_WIDTH * party_count(l));
    tnd_put_char(w, ' ');
    tnd_put_number(w, height);
    tnd_put_str(w, "\">\n");
    for (unsigned i = 0; i < party_count(l); i++) {
        put_text(w, x_of(i), HEAD_HEIGHT / 2, tnd_slice_str(l->party[i]));
        put_line(w, "lane", (unsigned[]){x_of(i), HEAD_HEIGHT - MARGIN},
                 (unsigned[]){x_of(i), height - MARGIN});
    }
}

void tnd_ladder_write(struct tnd_writer *w, const struct tnd_ladder *l)
{
    size_t count =
        l->line_count < TND_LADDER_LINE_COUNT_MAX ? l->line_count : TND_LADDER_LINE_COUNT_MAX;

    put_frame(w, l, HEAD_HEIGHT + LINE_HEIGHT * (unsigned)count + 2 * MARGIN);
    for (size_t i = 0; i < count; i++)
        if (l->line[i].from < party_count(l) && l->line[i].to < party_count(l))
            put_arrow(w, &l->line[i], HEAD_HEIGHT + LINE_HEIGHT * (unsigned)(i + 1));
    tnd_put_str(w, "</svg>\n");
}
