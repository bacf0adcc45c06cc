/* One call: its ladder, why it ended so, and what to change. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/top.h"
#include "diag/ladder.h"
#include "ref/texts.h"

enum { INDENT = 4, ROOM_FIRST = 1 << 16, ROOM_MAX = 1 << 22 };

/* A ladder, as it was told by the server. */
struct picture {
    struct tnd_ladder ladder;
    struct tnd_ladder_line line[TND_LADDER_LINE_COUNT_MAX];
};

static uint8_t party_of(struct picture *p, struct tnd_slice name)
{
    struct tnd_ladder *l = &p->ladder;

    for (size_t i = 0; i < l->party_count; i++)
        if (tnd_slice_eq(l->party[i], name))
            return (uint8_t)i;
    if (l->party_count == TND_LADDER_PARTY_COUNT_MAX)
        return TND_LADDER_PARTY_COUNT_MAX - 1;
    l->party[l->party_count] = name;
    return (uint8_t)l->party_count++;
}

/* By the first digit of a response. */
static enum tnd_ladder_tone tone_of(struct tnd_slice text)
{
    if (text.len < 4 || text.ptr[3] != ' ')
        return TND_LADDER_PLAIN;
    switch (text.ptr[0]) {
    case '1':
        return TND_LADDER_GOING;
    case '2':
        return TND_LADDER_GOOD;
    case '3':
        return TND_LADDER_TURN;
    case '4':
    case '5':
    case '6':
        return TND_LADDER_BAD;
    default:
        return TND_LADDER_PLAIN;
    }
}

static void add_line(struct picture *p, const json_t *told)
{
    struct tnd_ladder_line *line = &p->line[p->ladder.line_count++];
    const json_t *facts = json_object_get(told, "facts");

    line->at = (int64_t)(json_number_value(json_object_get(told, "time")) * 1e6);
    line->from = party_of(p, top_text(told, "from"));
    line->to = party_of(p, top_text(told, "to"));
    line->text = top_text(told, "line");
    line->tone = (uint8_t)tone_of(line->text);
    while (line->fact_count < json_array_size(facts) &&
           line->fact_count < TND_LADDER_FACT_COUNT_MAX) {
        const json_t *fact = json_array_get(facts, line->fact_count);

        line->fact[line->fact_count++] =
            tnd_slice(json_string_value(fact), json_string_length(fact));
    }
}

/* In a room that grows until it fits. */
static void put_ladder(const struct top *t, const struct tnd_ladder *ladder, FILE *out)
{
    struct tnd_ladder_look look = {
        .width = (unsigned)t->look.width - 1, .utf8 = t->look.utf8, .colour = t->look.colour};

    for (size_t size = ROOM_FIRST; size <= ROOM_MAX; size *= 4) {
        char *room = malloc(size);
        struct tnd_writer w = tnd_writer(room, room ? size : 0);

        tnd_ladder_text(&w, ladder, &look);
        bool fits = !tnd_writer_over(&w);
        if (fits)
            fwrite(room, 1, w.len, out);
        free(room);
        if (fits)
            return;
    }
}

static void draw_ladder(const struct top *t, FILE *out)
{
    const json_t *told = json_object_get(t->call, "ladder");
    struct picture *p = calloc(1, sizeof(*p));

    if (!p)
        return;
    for (size_t i = 0; i < json_array_size(told) && i < TND_LADDER_LINE_COUNT_MAX; i++)
        add_line(p, json_array_get(told, i));
    p->ladder.line = p->line;
    p->ladder.lang = (uint8_t)t->lang;
    put_ladder(t, &p->ladder, out);
    free(p);
}

static void put_wrapped(const struct top *t, FILE *out, struct tnd_slice text, const char *mark)
{
    if (text.len > 0)
        columns_put(out, text, t->look.width - INDENT - 1, INDENT, mark);
}

static void put_line(const struct top *t, FILE *out, struct tnd_slice text)
{
    top_put(out, text, t->look.width - 1);
    fputc('\n', out);
}

static void draw_title(const struct top *t, FILE *out)
{
    char text[1024];
    const json_t *code = json_object_get(t->call, "code");
    struct tnd_slice from = top_text(t->call, "from"), to = top_text(t->call, "to");
    struct tnd_slice state = top_text(t->call, "state"), phrase = top_text(t->call, "phrase");

    snprintf(text, sizeof(text), "%.*s %s %.*s", TND_FMT(from), t->look.utf8 ? "→" : "->",
             TND_FMT(to));
    fputs(!t->look.is_plain ? "\033[1m" : "", out);
    put_line(t, out, tnd_slice_str(text));
    fputs(!t->look.is_plain ? "\033[0m" : "", out);
    if (json_is_integer(code))
        snprintf(text, sizeof(text), "%.*s, %d %.*s   Call-ID %.*s", TND_FMT(state),
                 (int)json_integer_value(code), TND_FMT(phrase),
                 TND_FMT(top_text(t->call, "call_id")));
    else
        snprintf(text, sizeof(text), "%.*s   Call-ID %.*s", TND_FMT(state),
                 TND_FMT(top_text(t->call, "call_id")));
    put_line(t, out, tnd_slice_str(text));
    fputc('\n', out);
}

static void draw_why(const struct top *t, FILE *out)
{
    const json_t *why = json_object_get(t->call, "why");
    char text[1024];

    if (!json_is_object(why))
        return;
    fprintf(out, "\n%s\n", tnd_text(t->lang, N_("Why")));
    put_wrapped(t, out, top_text(why, "text"), "");
    snprintf(text, sizeof(text), "%.*s, %.*s%s%.*s", TND_FMT(top_text(why, "rule")),
             TND_FMT(top_text(why, "reference")), top_text(why, "fact").len > 0 ? ": " : "",
             TND_FMT(top_text(why, "fact")));
    put_wrapped(t, out, tnd_slice_str(text), "");
}

static void draw_findings(const struct top *t, FILE *out)
{
    const json_t *list = json_object_get(t->call, "findings");

    if (json_array_size(list) > 0)
        fprintf(out, "\n%s\n", tnd_text(t->lang, N_("What the messages show")));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *finding = json_array_get(list, i), *evidence;
        size_t k;

        put_wrapped(t, out, top_text(finding, "text"), "- ");
        put_wrapped(t, out, top_text(finding, "detail"), "");
        json_array_foreach(json_object_get(finding, "evidence"), k, evidence) put_wrapped(
            t, out, tnd_slice(json_string_value(evidence), json_string_length(evidence)), "| ");
        put_wrapped(t, out, top_text(finding, "fix"), "> ");
    }
}

static void draw_explanation(const struct top *t, FILE *out)
{
    const json_t *e = json_object_get(t->call, "explanation");

    if (!json_is_object(e))
        return;
    fprintf(out, "\n%d ", (int)json_integer_value(json_object_get(e, "code")));
    cli_put_text(out, top_text(e, "title"));
    fputc('\n', out);
    put_wrapped(t, out, top_text(e, "description"), "");
    put_wrapped(t, out, top_text(e, "fix"), "> ");
}

static void draw_all(const struct top *t, FILE *out)
{
    draw_title(t, out);
    draw_ladder(t, out);
    draw_why(t, out);
    draw_findings(t, out);
    draw_explanation(t, out);
}

/* What of it is on the screen: lines from scroll on, the last line has the keys. */
static void put_part(const struct top *t, struct tnd_slice all, FILE *out)
{
    int rows = t->look.height - 1;

    for (size_t line = 0; line < t->scroll + (size_t)rows; line++) {
        const char *end = all.len > 0 ? memchr(all.ptr, '\n', all.len) : NULL;
        struct tnd_slice one = end ? tnd_slice_between(all.ptr, end + 1) : all;

        if (line >= t->scroll)
            one.len > 0 ? fwrite(one.ptr, 1, one.len, out) : (size_t)fputc('\n', out);
        all = end ? tnd_slice_between(end + 1, tnd_slice_end(all)) : tnd_slice(NULL, 0);
    }
    top_put(out, TND_STR("esc: back   arrows, j, k, space: up and down   q: quit"), t->look.width);
}

void top_draw_call(const struct top *t, FILE *out)
{
    char *room = NULL;
    size_t len = 0;
    FILE *all = open_memstream(&room, &len);

    if (!all)
        return;
    draw_all(t, all);
    if (fclose(all) == 0)
        put_part(t, tnd_slice(room, len), out);
    free(room);
}
