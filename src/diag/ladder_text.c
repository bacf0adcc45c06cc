/* A ladder as lines of text. Each line is written by a pen that counts columns, and stops at the last one. */
#include "base/columns.h"
#include "diag/ladder.h"
#include "ref/texts.h"

enum {
    TIME_WIDTH = 10, /* and then the column of the first party */
    TIME_DIGITS = 8, /* "1234.567" */
    GAP = 36,        /* from one column to the next, at most */
    GAP_MANY = 30,   /* where lines have no bound, if there are several others */
    GAP_MIN = 14,
    NAME_ROOM = 21,   /* "192.168.100.200:65535" */
    NAME_MIN = 10,    /* where "|  again" stands too, in the language with the longest word */
    TEXT_WIDTH = 96,  /* where lines have no bound, of what is wrapped */
    REMARK_ROOM = 28, /* a remark with less of it begins farther left */
    LABEL_ROOM = 8,   /* of a gap: what is no label */
};

struct pen {
    struct tnd_writer *w;
    const struct tnd_ladder *ladder;
    const struct tnd_ladder_look *look;
    unsigned gap;
    unsigned at; /* columns of the line that have been written */
    bool is_full;
};

static unsigned width_of_name(const struct tnd_ladder *l, size_t i)
{
    unsigned width = tnd_columns_width(l->party[i]);

    return width < NAME_MIN ? NAME_MIN : width < NAME_ROOM ? width : NAME_ROOM;
}

/* Less where a line is too short for all columns and the name of the last. */
static unsigned gap_of(const struct tnd_ladder *l, unsigned width)
{
    unsigned others = l->party_count > 1 ? (unsigned)l->party_count - 1 : 1;

    if (width == 0 || l->party_count == 0)
        return others > 1 ? GAP_MANY : GAP;
    unsigned taken = TIME_WIDTH + width_of_name(l, l->party_count - 1);
    unsigned room = width > taken ? (width - taken) / others : 0;
    return room < GAP_MIN ? GAP_MIN : room < GAP ? room : GAP;
}

static struct pen pen_of(struct tnd_writer *w, const struct tnd_ladder *ladder,
                         const struct tnd_ladder_look *look)
{
    return (struct pen){.w = w, .ladder = ladder, .look = look, .gap = gap_of(ladder, look->width)};
}

static void put(struct pen *p, struct tnd_slice text)
{
    struct tnd_glyph glyph;

    while (!p->is_full && tnd_glyph_next(&text, &glyph)) {
        p->is_full = p->look->width > 0 && p->at + glyph.width > p->look->width;
        if (p->is_full)
            return;
        tnd_put_glyph(p->w, &glyph);
        p->at += glyph.width;
    }
}

static void put_str(struct pen *p, const char *text)
{
    put(p, tnd_slice_str(text));
}

static void put_sign(struct pen *p, const char *utf8, const char *ascii)
{
    put_str(p, p->look->utf8 ? utf8 : ascii);
}

static void pad(struct pen *p, unsigned column)
{
    while (p->at < column && !p->is_full)
        put_str(p, " ");
}

static void end_line(struct pen *p)
{
    tnd_put_char(p->w, '\n');
    p->at = 0;
    p->is_full = false;
}

static void colour(const struct pen *p, const char *code)
{
    if (!p->look->colour || !code)
        return;
    tnd_put_str(p->w, "\033[");
    tnd_put_str(p->w, code);
    tnd_put_char(p->w, 'm');
}

static unsigned column_of(const struct pen *p, size_t party)
{
    return TIME_WIDTH + p->gap * (unsigned)party;
}

static void put_bar(struct pen *p, size_t party)
{
    pad(p, column_of(p, party));
    put_sign(p, "│", "|");
}

/* Those of the parties from that one on which there is still room for on this line. */
static void put_bars(struct pen *p, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (column_of(p, i) >= p->at)
            put_bar(p, i);
}

/* text, at most width columns of it. */
static void put_cut(struct pen *p, struct tnd_slice text, unsigned width)
{
    unsigned mark = p->look->utf8 ? 1 : 2;

    if (tnd_columns_width(text) <= width) {
        put(p, text);
        return;
    }
    put(p, tnd_columns_cut(text, width > mark ? width - mark : 0));
    put_sign(p, "…", "..");
}

void tnd_ladder_text_names(struct tnd_writer *w, const struct tnd_ladder *ladder,
                           const struct tnd_ladder_look *look)
{
    struct pen p = pen_of(w, ladder, look);

    for (size_t i = 0; i < ladder->party_count; i++) {
        bool is_last = i + 1 == ladder->party_count;

        pad(&p, column_of(&p, i));
        put_cut(&p, ladder->party[i], is_last ? NAME_ROOM : p.gap - 1);
    }
    end_line(&p);
}

/* "   0.002  " */
static void put_time(struct pen *p, int64_t at)
{
    uint64_t ms = ((uint64_t)(at < 0 ? -at : at) + 500) / 1000;
    char room[32];
    struct tnd_writer digits = tnd_writer(room, sizeof(room));

    if (at < 0 && ms > 0)
        tnd_put_char(&digits, '-');
    tnd_put_number(&digits, ms / 1000);
    tnd_put_char(&digits, '.');
    for (uint64_t part = 100; part > 0; part /= 10)
        tnd_put_char(&digits, (char)('0' + ms / part % 10));
    pad(p, digits.len < TIME_DIGITS ? TIME_DIGITS - (unsigned)digits.len : 0);
    put(p, tnd_writer_slice(&digits));
}

static const char *colour_of_arrow(const struct tnd_ladder_line *line)
{
    switch ((enum tnd_ladder_tone)line->tone) {
    case TND_LADDER_GOOD:
        return "32";
    case TND_LADDER_BAD:
        return "31";
    case TND_LADDER_FAINT:
        return "2";
    case TND_LADDER_GOING:
        return "36";
    case TND_LADDER_TURN:
        return "33";
    case TND_LADDER_PLAIN:
        break;
    }
    return "1";
}

/* From where the pen is up to that column, over those in between. */
static void put_shaft(struct pen *p, unsigned end)
{
    while (p->at < end && !p->is_full) {
        bool is_crossed = (p->at - TIME_WIDTH) % p->gap == 0;

        put_sign(p, is_crossed ? "┼" : "─", "-");
    }
}

static void put_aside(struct pen *p, const struct tnd_ladder_line *line)
{
    if (line->tone == TND_LADDER_FAINT) {
        put_str(p, "  ");
        put_str(p, tnd_text((enum tnd_lang)p->ladder->lang, N_("again")));
    }
    if (line->aside.len > 0) {
        put_str(p, "  ");
        put(p, line->aside);
    }
}

static void put_arrow(struct pen *p, const struct tnd_ladder_line *line)
{
    bool is_right = line->from < line->to;
    unsigned left = is_right ? line->from : line->to, right = is_right ? line->to : line->from;

    if (!line->is_timeless)
        put_time(p, line->at);
    put_bars(p, 0, left);
    pad(p, column_of(p, left));
    put_sign(p, is_right ? "├" : "│", "|");
    if (is_right)
        put_sign(p, "── ", "-- ");
    else
        put_sign(p, line->is_lost ? "×─ " : "<─ ", line->is_lost ? "x- " : "<- ");
    colour(p, colour_of_arrow(line));
    put_cut(p, line->text, p->gap * (right - left) - LABEL_ROOM);
    colour(p, "");
    put_str(p, " ");
    put_shaft(p, column_of(p, right) - is_right);
    if (is_right)
        put_sign(p, line->is_lost ? "×" : ">", line->is_lost ? "x" : ">");
    put_sign(p, is_right ? "│" : "┤", "|");
    put_bars(p, right + 1, p->ladder->party_count);
    put_aside(p, line);
    end_line(p);
}

/* Below its arrow, from the left one of both on. */
static void put_fact(struct pen *p, const struct tnd_ladder_line *line, struct tnd_slice fact)
{
    size_t left = line->from < line->to ? line->from : line->to;
    unsigned width = p->look->width;

    put_bars(p, 0, left + 1);
    put_str(p, "   ");
    put_cut(p, fact, width == 0 ? UINT32_MAX : width > p->at ? width - p->at : 0);
    put_bars(p, left + 1, p->ladder->party_count);
    end_line(p);
}

static const char *colour_of_remark(const struct tnd_ladder_line *line)
{
    switch ((enum tnd_ladder_tone)line->tone) {
    case TND_LADDER_GOOD:
        return "32";
    case TND_LADDER_BAD:
    case TND_LADDER_TURN:
        return "33";
    case TND_LADDER_FAINT:
        return "2";
    case TND_LADDER_GOING:
        return "36";
    case TND_LADDER_PLAIN:
        break;
    }
    return NULL;
}

/* Wrapped behind its mark. */
static void put_remark(struct pen *p, const struct tnd_ladder_line *line)
{
    const char *mark = line->mark ? line->mark : "=> ", *code = colour_of_remark(line);
    unsigned width = p->look->width > 0 ? p->look->width : TEXT_WIDTH;
    size_t party = width < column_of(p, line->from) + REMARK_ROOM ? 0 : line->from;
    unsigned start = column_of(p, party) + (unsigned)strlen(mark);
    struct tnd_slice rest = line->text, part;

    for (bool is_first = true;
         tnd_columns_next(&rest, width > start + 1 ? width - start : 1, &part); is_first = false) {
        put_bars(p, 0, party);
        pad(p, column_of(p, party));
        put_str(p, is_first ? mark : "");
        pad(p, start);
        colour(p, code);
        put(p, part);
        colour(p, code ? "" : NULL);
        end_line(p);
    }
}

void tnd_ladder_text_line(struct tnd_writer *w, const struct tnd_ladder *ladder,
                          const struct tnd_ladder_look *look, const struct tnd_ladder_line *line)
{
    struct pen p = pen_of(w, ladder, look);

    if (line->from >= ladder->party_count || line->to >= ladder->party_count)
        return;
    if (line->from == line->to) {
        put_remark(&p, line);
        return;
    }
    put_arrow(&p, line);
    for (size_t i = 0; i < line->fact_count && i < TND_LADDER_FACT_COUNT_MAX; i++)
        put_fact(&p, line, line->fact[i]);
}

void tnd_ladder_text(struct tnd_writer *w, const struct tnd_ladder *ladder,
                     const struct tnd_ladder_look *look)
{
    tnd_ladder_text_names(w, ladder, look);
    for (size_t i = 0; i < ladder->line_count && i < TND_LADDER_LINE_COUNT_MAX; i++)
        tnd_ladder_text_line(w, ladder, look, &ladder->line[i]);
    if (ladder->line_count <= TND_LADDER_LINE_COUNT_MAX)
        return;
    tnd_put_str(w, "          ... +");
    tnd_put_number(w, ladder->line_count - TND_LADDER_LINE_COUNT_MAX);
    tnd_put_char(w, '\n');
}
