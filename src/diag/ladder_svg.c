/* A ladder as SVG. Parties are lines from top to bottom, messages arrows between them, with their time at the
 * left and what they say that matters below; remarks stand in between. Colours are those of the style sheet,
 * so that it is dark where the page is:
 *
 *   .lane .arrow .cross          lines
 *   .party .when .fact .remark   texts; the label of a message has none of its own
 *   .good .bad .faint .going .turn .lost    how a message, or a remark, went
 *   .of-3                        how many parties there are
 *
 * SVG does not wrap text, so widths are reckoned: from columns of a fixed font for messages, and for remarks
 * from what the font of the page needs at most. */
#include "base/columns.h"
#include "base/xml.h"
#include "diag/ladder.h"

enum {
    TIME_WIDTH = 66,
    PARTY_WIDTH_TWO = 280,
    PARTY_WIDTH_THREE = 230,
    PARTY_WIDTH = 196, /* of more: "302 Moved Temporarily" fits */
    HEAD_HEIGHT = 40,
    LINE_HEIGHT = 34,
    FACT_HEIGHT = 17,
    REMARK_HEIGHT = 19, /* of a line of it */
    REMARK_SPACE = 15,  /* above and below it */
    MARGIN = 12,
    HEAD_LEN = 8, /* of an arrow */
    CROSS = 5,
    /* tenths of a pixel that a column takes */
    LABEL_COLUMN = 85,
    FACT_COLUMN = 73,
    REMARK_COLUMN = 75,
};

struct picture {
    struct tnd_writer *w;
    const struct tnd_ladder *ladder;
    unsigned gap, width;
    unsigned left_out; /* lines */
    size_t line_count;
};

static unsigned gap_of(size_t parties)
{
    return parties <= 2 ? PARTY_WIDTH_TWO : parties == 3 ? PARTY_WIDTH_THREE : PARTY_WIDTH;
}

static unsigned x_of(const struct picture *p, unsigned party)
{
    return TIME_WIDTH + p->gap * party + p->gap / 2;
}

static bool is_drawn(const struct picture *p, const struct tnd_ladder_line *line)
{
    return line->from < p->ladder->party_count && line->to < p->ladder->party_count;
}

static unsigned columns_of(unsigned pixels, unsigned column)
{
    return pixels * 10 / column;
}

/* How wide a remark may be. */
static unsigned remark_columns(const struct picture *p)
{
    return columns_of(p->width - TIME_WIDTH - 2 * MARGIN, REMARK_COLUMN);
}

/* How wide what stands below an arrow may be: from its left end to the right side. */
static unsigned fact_columns(const struct picture *p, const struct tnd_ladder_line *line)
{
    unsigned left = x_of(p, line->from < line->to ? line->from : line->to);

    return columns_of(p->width - left - MARGIN, FACT_COLUMN);
}

static unsigned height_of_facts(const struct picture *p, const struct tnd_ladder_line *line)
{
    unsigned columns = fact_columns(p, line), height = 0;

    for (size_t i = 0; i < line->fact_count; i++) {
        struct tnd_slice rest = line->fact[i], part;

        while (tnd_columns_next(&rest, columns, &part))
            height += FACT_HEIGHT;
    }
    return height;
}

static unsigned height_of(const struct picture *p, const struct tnd_ladder_line *line)
{
    struct tnd_slice rest = line->text, part;
    unsigned height = REMARK_SPACE;

    if (!is_drawn(p, line))
        return 0;
    if (line->from != line->to)
        return LINE_HEIGHT + height_of_facts(p, line);
    while (tnd_columns_next(&rest, remark_columns(p), &part))
        height += REMARK_HEIGHT;
    return height;
}

/* Escapes; what would change the direction of what stands around it, or cannot be seen, as on a terminal. */
static void put_escaped(struct tnd_writer *w, struct tnd_slice text)
{
    struct tnd_glyph glyph;

    while (tnd_glyph_next(&text, &glyph)) {
        if (glyph.is_plain)
            tnd_put_xml(w, glyph.bytes);
        else
            tnd_put_glyph(w, &glyph);
    }
}

static const char *class_of(const struct tnd_ladder_line *line)
{
    switch ((enum tnd_ladder_tone)line->tone) {
    case TND_LADDER_GOOD:
        return " good";
    case TND_LADDER_BAD:
        return " bad";
    case TND_LADDER_FAINT:
        return " faint";
    case TND_LADDER_GOING:
        return " going";
    case TND_LADDER_TURN:
        return " turn";
    case TND_LADDER_PLAIN:
        break;
    }
    return "";
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

struct place {
    unsigned x, y;
};

static void open_text(struct tnd_writer *w, const char *class, const char *tone, struct place at)
{
    tnd_put_str(w, "<text class=\"");
    tnd_put_str(w, class);
    tnd_put_str(w, tone);
    tnd_put_char(w, '"');
    put_number(w, "x", at.x);
    put_number(w, "y", at.y);
    tnd_put_char(w, '>');
}

/* At most so many columns of it. */
static void put_text(struct tnd_writer *w, struct tnd_slice text, unsigned columns)
{
    if (tnd_columns_width(text) <= columns) {
        put_escaped(w, text);
    } else {
        put_escaped(w, tnd_columns_cut(text, columns > 1 ? columns - 1 : 0));
        tnd_put_str(w, "…");
    }
    tnd_put_str(w, "</text>\n");
}

/* "M 12 34": the start of a path. */
static void open_path(struct tnd_writer *w, const char *class, const char *tone, struct place from)
{
    tnd_put_str(w, "<path class=\"");
    tnd_put_str(w, class);
    tnd_put_str(w, tone);
    tnd_put_str(w, "\" d=\"M");
    tnd_put_number(w, from.x);
    tnd_put_char(w, ' ');
    tnd_put_number(w, from.y);
}

static void put_time(struct tnd_writer *w, int64_t at, unsigned y)
{
    uint64_t ms = ((uint64_t)(at < 0 ? -at : at) + 500) / 1000;

    open_text(w, "when", "", (struct place){TIME_WIDTH - MARGIN, y + 4});
    tnd_put_str(w, at < 0 && ms > 0 ? "-" : "");
    tnd_put_number(w, ms / 1000);
    tnd_put_char(w, '.');
    for (uint64_t part = 100; part > 0; part /= 10)
        tnd_put_char(w, (char)('0' + ms / part % 10));
    tnd_put_str(w, "</text>\n");
}

/* "-8" or "8" */
static void put_offset(struct tnd_writer *w, bool is_negative, unsigned n)
{
    tnd_put_str(w, is_negative ? "-" : " ");
    tnd_put_number(w, n);
}

/* The shaft, and the two sides of the head that ends it; of what is lost a cross. */
static void put_shaft(const struct picture *p, const struct tnd_ladder_line *line, unsigned y)
{
    unsigned from = x_of(p, line->from), to = x_of(p, line->to);
    bool is_right = from < to;
    unsigned end = !line->is_lost ? to : is_right ? to - 2 * MARGIN : to + 2 * MARGIN;
    struct tnd_writer *w = p->w;

    open_path(w, line->is_lost ? "arrow lost" : "arrow", class_of(line), (struct place){from, y});
    tnd_put_char(w, 'H');
    tnd_put_number(w, end);
    if (!line->is_lost) {
        tnd_put_char(w, 'm');
        put_offset(w, is_right, HEAD_LEN);
        tnd_put_str(w, "-4l");
        put_offset(w, !is_right, HEAD_LEN);
        tnd_put_str(w, " 4l");
        put_offset(w, is_right, HEAD_LEN);
        tnd_put_str(w, " 4");
    }
    tnd_put_str(w, "\"/>\n");
    if (!line->is_lost)
        return;
    open_path(w, "cross", "", (struct place){end - CROSS, y - CROSS});
    tnd_put_str(w, "l10 10m0-10l-10 10\"/>\n");
}

/* Below its arrow, each in as many lines as it needs. */
static void put_facts(const struct picture *p, const struct tnd_ladder_line *line, struct place at)
{
    for (size_t i = 0; i < line->fact_count; i++) {
        struct tnd_slice rest = line->fact[i], part;

        while (tnd_columns_next(&rest, fact_columns(p, line), &part)) {
            at.y += FACT_HEIGHT;
            open_text(p->w, "fact", "", at);
            put_escaped(p->w, part);
            tnd_put_str(p->w, "</text>\n");
        }
    }
}

static void put_message(const struct picture *p, const struct tnd_ladder_line *line, unsigned y)
{
    unsigned from = x_of(p, line->from), to = x_of(p, line->to);
    unsigned left = from < to ? from : to, span = from < to ? to - from : from - to;

    y += LINE_HEIGHT - 10;
    if (!line->is_timeless)
        put_time(p->w, line->at, y);
    open_text(p->w, "label", class_of(line), (struct place){left + span / 2, y - 7});
    put_text(p->w, line->text, columns_of(span - MARGIN, LABEL_COLUMN));
    put_shaft(p, line, y);
    put_facts(p, line, (struct place){left + MARGIN, y + 4});
}

/* Over the whole picture: it is about the call, though one of them makes it. */
static void put_remark(const struct picture *p, const struct tnd_ladder_line *line, unsigned y)
{
    struct tnd_slice rest = line->text, part;

    open_path(p->w, "rule", class_of(line), (struct place){TIME_WIDTH - MARGIN / 2, y + 6});
    tnd_put_char(p->w, 'v');
    tnd_put_number(p->w, height_of(p, line) - REMARK_SPACE + 2);
    tnd_put_str(p->w, "\"/>\n");
    y += 4;
    while (tnd_columns_next(&rest, remark_columns(p), &part)) {
        y += REMARK_HEIGHT;
        open_text(p->w, "remark", class_of(line), (struct place){TIME_WIDTH + MARGIN / 2, y - 3});
        put_escaped(p->w, part);
        tnd_put_str(p->w, "</text>\n");
    }
}

/* For who cannot see it: "caller → proxy: INVITE." */
static void put_description(const struct picture *p)
{
    struct tnd_writer *w = p->w;

    tnd_put_str(w, "<desc>");
    for (size_t i = 0; i < p->line_count; i++) {
        const struct tnd_ladder_line *line = &p->ladder->line[i];

        if (!is_drawn(p, line))
            continue;
        if (line->from != line->to) {
            put_escaped(w, p->ladder->party[line->from]);
            tnd_put_str(w, line->is_lost ? " → × " : " → ");
            put_escaped(w, p->ladder->party[line->to]);
            tnd_put_str(w, ": ");
        }
        put_escaped(w, line->text);
        tnd_put_str(w, line->from != line->to ? ".\n" : "\n");
    }
    tnd_put_str(w, "</desc>\n");
}

static void open_picture(const struct picture *p, unsigned height)
{
    struct tnd_writer *w = p->w;

    tnd_put_str(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" class=\"of-");
    tnd_put_number(w, p->ladder->party_count);
    tnd_put_str(w, "\" aria-label=\"");
    put_escaped(w, p->ladder->title);
    tnd_put_str(w, "\" viewBox=\"0 0 ");
    tnd_put_number(w, p->width);
    tnd_put_char(w, ' ');
    tnd_put_number(w, height);
    tnd_put_char(w, '"');
    put_number(w, "width", p->width);
    put_number(w, "height", height);
    tnd_put_str(w, ">\n");
    put_description(p);
}

static void put_lanes(const struct picture *p, unsigned height)
{
    for (unsigned i = 0; i < p->ladder->party_count; i++) {
        open_text(p->w, "party", "", (struct place){x_of(p, i), HEAD_HEIGHT / 2});
        put_text(p->w, p->ladder->party[i], columns_of(p->gap - MARGIN, REMARK_COLUMN));
        open_path(p->w, "lane", "", (struct place){x_of(p, i), HEAD_HEIGHT - MARGIN});
        tnd_put_char(p->w, 'V');
        tnd_put_number(p->w, height - MARGIN);
        tnd_put_str(p->w, "\"/>\n");
    }
}

/* Says how much is not drawn. */
static void put_left_out(const struct picture *p, unsigned y)
{
    if (p->left_out == 0)
        return;
    open_text(p->w, "remark", "", (struct place){TIME_WIDTH + MARGIN / 2, y + REMARK_HEIGHT});
    tnd_put_str(p->w, "… +");
    tnd_put_number(p->w, p->left_out);
    tnd_put_str(p->w, "</text>\n");
}

void tnd_ladder_svg(struct tnd_writer *w, const struct tnd_ladder *l)
{
    struct picture p = {.w = w, .ladder = l, .gap = gap_of(l->party_count)};
    bool is_cut = l->line_count > TND_LADDER_LINE_COUNT_MAX;
    unsigned y = HEAD_HEIGHT, height = HEAD_HEIGHT + 2 * MARGIN;

    p.width = TIME_WIDTH + p.gap * (unsigned)l->party_count;
    p.line_count = is_cut ? TND_LADDER_LINE_COUNT_MAX : l->line_count;
    p.left_out = (unsigned)(l->line_count - p.line_count);
    for (size_t i = 0; i < p.line_count; i++)
        height += height_of(&p, &l->line[i]);
    height += p.left_out > 0 ? REMARK_HEIGHT + REMARK_SPACE : 0;
    open_picture(&p, height);
    put_lanes(&p, height);
    for (size_t i = 0; i < p.line_count; y += height_of(&p, &l->line[i]), i++) {
        if (!is_drawn(&p, &l->line[i]))
            continue;
        if (l->line[i].from == l->line[i].to)
            put_remark(&p, &l->line[i], y);
        else
            put_message(&p, &l->line[i], y);
    }
    put_left_out(&p, y);
    tnd_put_str(w, "</svg>\n");
}
