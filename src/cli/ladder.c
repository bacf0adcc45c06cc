/* Ladder: draws. */
#include "cli/ladder.h"

#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/siphash.h"
#include "base/utf8.h"

enum {
    TIME_WIDTH = 10, /* and then our column */
    GAP = 36,        /* from one column to the next, if there is one other */
    GAP_MANY = 27,   /* if there are several */
    GAP_MIN = 20,
    NAME_ROOM = 21,  /* "192.168.100.200:65535" */
    TEXT_WIDTH = 96, /* where lines have no bound, of what is wrapped */
    TEXT_WIDTH_MIN = 40,
    LABEL_ROOM = 8, /* of a gap: what is no label */
};

static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        const char *set = value ? strchr(value, '.') : NULL;

        if (value && *value) /* the first one that says something decides: locale(7) */
            return set && (strcasecmp(set + 1, "UTF-8") == 0 || strcasecmp(set + 1, "utf8") == 0);
    }
    return false;
}

static int width_of(FILE *stream)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;

    if (!isatty(fileno(stream)))
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return columns ? atoi(columns) : 80;
}

void ladder_start(struct ladder *l, FILE *stream, tnd_time start)
{
    *l = (struct ladder){.out = stream, .start = start};
    if (!stream)
        return;
    l->colour = cli_colour(stream);
    l->utf8 = is_utf8();
    l->width = width_of(stream);
}

static void colour(const struct ladder *l, const char *code)
{
    if (l->colour)
        fprintf(l->out, "\033[%sm", code);
}

/* Less where a line is too short for all columns and the name of the last. */
static int gap_of(const struct ladder *l)
{
    int gap = l->end_count > 1 ? GAP_MANY : GAP, room = l->width - TIME_WIDTH - NAME_ROOM;

    if (l->width > 0 && gap * (int)l->end_count > room)
        gap = room / (int)l->end_count;
    return gap < GAP_MIN ? GAP_MIN : gap;
}

static const char *bar(const struct ladder *l)
{
    return l->utf8 ? "│" : "|";
}

/* The same bytes to or from the same end were seen. */
static bool is_known(struct ladder *l, const struct tnd_seen *seen)
{
    static const struct tnd_siphash_key key = {0};
    uint64_t digest =
        tnd_siphash_1_3(&key, seen->bytes) ^
        tnd_siphash_1_3(&key, tnd_slice((const char *)&seen->remote, sizeof(seen->remote))) ^
        (uint64_t)seen->sent;
    size_t count = l->known_count < LADDER_KNOWN_COUNT ? l->known_count : LADDER_KNOWN_COUNT;

    for (size_t i = 0; i < count; i++)
        if (l->known[i] == digest)
            return true;
    l->known[l->known_count++ % LADDER_KNOWN_COUNT] = digest;
    return false;
}

static void put_name(const struct ladder *l, size_t i)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_endpoint plain = l->ends[i];
    int width = i + 1 < l->end_count ? gap_of(l) : 0;

    plain.transport = TND_TRANSPORT_NONE;
    tnd_endpoint_write(&w, &plain);
    fprintf(l->out, "%-*.*s", width, (int)w.len, room);
}

static void put_heads(const struct ladder *l)
{
    fprintf(l->out, "%*s%-*s", TIME_WIDTH, "", gap_of(l), "you");
    for (size_t i = 0; i < l->end_count; i++)
        put_name(l, i);
    fputc('\n', l->out);
}

/* The column of an end, which is there from now on. */
static size_t column_of(struct ladder *l, const struct tnd_endpoint *remote)
{
    for (size_t i = 0; i < l->end_count; i++)
        if (tnd_address_eq(&l->ends[i], remote) && l->ends[i].port == remote->port)
            return i;
    if (l->end_count == LADDER_END_COUNT_MAX)
        l->end_count = 0;
    l->ends[l->end_count] = *remote;
    l->end_count++;
    put_heads(l);
    return l->end_count - 1;
}

/* "INVITE", "302 Moved Temporarily". */
static struct tnd_slice label_of(const struct tnd_msg *msg, struct tnd_writer *w)
{
    if (msg->kind == TND_MSG_REQUEST) {
        tnd_put(w, msg->method_name);
    } else if (msg->kind == TND_MSG_RESPONSE) {
        tnd_put_number(w, msg->code);
        tnd_put_str(w, " ");
        tnd_put(w, msg->reason.len > 0 ? msg->reason : tnd_slice_str(tnd_code_phrase(msg->code)));
    } else {
        tnd_put_str(w, "no SIP");
    }
    return tnd_writer_over(w) ? TND_STR("a very long one") : tnd_writer_slice(w);
}

static const char *colour_of(const struct tnd_msg *msg, bool is_again)
{
    if (is_again)
        return "2"; /* faint */
    if (msg->kind != TND_MSG_RESPONSE)
        return "1";
    return msg->code < 200 ? "36" : msg->code < 300 ? "32" : msg->code < 400 ? "33" : "31";
}

/* text, at most width columns of it. Returns how many. */
static int put_cut(const struct ladder *l, struct tnd_slice text, int width)
{
    struct tnd_slice cut = tnd_slice(text.ptr, 0);
    int used = 0;

    if (cli_put_text(NULL, text) <= width)
        return cli_put_text(l->out, text);
    while (cut.len < text.len) {
        size_t len = tnd_utf8_len(tnd_slice(text.ptr + cut.len, text.len - cut.len));

        len = len ? len : 1;
        int wide = cli_put_text(NULL, tnd_slice(text.ptr + cut.len, len));
        if (used + wide > width - (l->utf8 ? 1 : 2))
            break;
        used += wide;
        cut.len += len;
    }
    cli_put_text(l->out, cut);
    fputs(l->utf8 ? "…" : "..", l->out);
    return used + (l->utf8 ? 1 : 2);
}

/* From behind our column up to the far one, over those in between. */
static void put_line(const struct ladder *l, int from, size_t column)
{
    int end = gap_of(l) * ((int)column + 1);

    for (int at = from; at < end; at++)
        fputs(l->utf8 ? at % gap_of(l) == 0 ? "┼" : "─" : "-", l->out);
}

static void put_rest(const struct ladder *l, size_t column)
{
    for (size_t i = column + 1; i < l->end_count; i++)
        fprintf(l->out, "%*s%s", gap_of(l) - 1, "", bar(l));
}

static void put_arrow(struct ladder *l, const struct tnd_seen *seen, const struct tnd_msg *msg,
                      bool is_again)
{
    size_t column = column_of(l, &seen->remote);
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    const char *line = l->utf8 ? "─" : "-";

    fprintf(l->out, "%8.3f  ", (double)(seen->at - l->start) / 1e6);
    fprintf(l->out, "%s%s%s ", seen->sent ? (l->utf8 ? "├" : "|") : bar(l), seen->sent ? line : "<",
            line);
    colour(l, colour_of(msg, is_again));
    int used = 4 + put_cut(l, label_of(msg, &w), gap_of(l) * ((int)column + 1) - LABEL_ROOM);
    colour(l, "");
    fputc(' ', l->out);
    put_line(l, used + 1 + seen->sent, column);
    fputs(seen->sent ? ">" : "", l->out);
    fputs(seen->sent ? bar(l) : (l->utf8 ? "┤" : "|"), l->out);
    put_rest(l, column);
    fputs(is_again ? "  again" : "", l->out);
    fputs(seen->remote.transport == TND_TRANSPORT_TCP ? "  TCP\n" : "\n", l->out);
}

static void put_fact(const struct ladder *l, struct tnd_slice fact)
{
    int width = l->width > 0 ? l->width - TIME_WIDTH - 4 : (int)fact.len * 4;

    fprintf(l->out, "%*s%s   ", TIME_WIDTH, "", bar(l));
    int used = 4 + put_cut(l, fact, width < TEXT_WIDTH_MIN ? TEXT_WIDTH_MIN : width);
    for (size_t i = 0; i < l->end_count; i++) {
        int at = gap_of(l) * ((int)i + 1);

        if (at <= used)
            continue;
        fprintf(l->out, "%*s%s", at - used, "", bar(l));
        used = at + 1;
    }
    fputc('\n', l->out);
}

void ladder_message(struct ladder *l, const struct tnd_seen *seen, const struct tnd_msg *msg,
                    struct tnd_arena *a)
{
    struct tnd_slice facts[LADDER_FACT_COUNT_MAX];

    if (!l->out)
        return;
    bool is_again = is_known(l, seen);
    put_arrow(l, seen, msg, is_again);
    size_t count = is_again ? 0 : ladder_facts(msg, a, facts);
    for (size_t i = 0; i < count; i++)
        put_fact(l, facts[i]);
    fflush(l->out);
}

/* How wide a character is: those of East Asia are two columns, but for the signs of U+2000 to U+2FFF. */
static int wide(struct tnd_slice character)
{
    return character.len >= 3 && (unsigned char)character.ptr[0] != 0xe2 ? 2 : 1;
}

/* How much of text stands on a line of width: up to a space, unless there is none. */
static size_t line_of(struct tnd_slice text, int width)
{
    size_t at = 0, space = 0;
    int used = 0;

    while (at < text.len && used < width) {
        size_t len = tnd_utf8_len(tnd_slice(text.ptr + at, text.len - at));

        len = len ? len : 1;
        if (text.ptr[at] == ' ')
            space = at;
        used += wide(tnd_slice(text.ptr + at, len));
        at += len;
    }
    return at == text.len || text.ptr[at] == ' ' || space == 0 ? at : space;
}

void ladder_note(struct ladder *l, enum ladder_tone tone, const char *mark, struct tnd_slice text)
{
    static const char *const codes[] = {"", "32", "33"};
    int indent = TIME_WIDTH + (int)strlen(mark), width = (l->width > 0 ? l->width : TEXT_WIDTH);

    if (!l->out)
        return;
    width = width - indent < TEXT_WIDTH_MIN ? TEXT_WIDTH_MIN : width - indent;
    for (bool is_first = true; text.len > 0; is_first = false) {
        size_t len = line_of(text, width);

        fprintf(l->out, "%*s%s", is_first ? TIME_WIDTH : indent, "", is_first ? mark : "");
        colour(l, codes[tone]);
        cli_put_text(l->out, tnd_slice(text.ptr, len));
        colour(l, "");
        fputc('\n', l->out);
        text = tnd_slice_trim(tnd_slice(text.ptr + len, text.len - len));
    }
    fflush(l->out);
}
