/* The list of calls: how many there are in which state, and a line for each. */
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/top.h"

enum {
    HEAD_LINES = 2, /* and the foot has one */
    FOOT_LINES = 1,
    TIME_WIDTH = 8,
    STATE_WIDTH = 9,
    CODE_WIDTH = 3,
    GAPS = 5,
    PARTY_WIDTH_MIN = 12,
};

struct tnd_slice top_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? tnd_slice(json_string_value(value), json_string_length(value))
                                 : TND_STR("");
}

void top_put(FILE *out, struct tnd_slice text, int width)
{
    while (text.len > 0 && width > 0) {
        size_t len = tnd_utf8_len(text);
        struct tnd_slice one = tnd_slice(text.ptr, len ? len : 1);
        int columns = cli_put_text(NULL, one);

        if (columns > width)
            break;
        cli_put_text(out, one);
        width -= columns;
        text = tnd_slice(text.ptr + one.len, text.len - one.len);
    }
    for (; width > 0; width--)
        fputc(' ', out);
}

size_t top_rows(const struct top *t)
{
    return (size_t)(t->look.height - HEAD_LINES - FOOT_LINES);
}

size_t top_cursor(const struct top *t)
{
    for (size_t i = 0; i < json_array_size(t->calls); i++)
        if (tnd_slice_eq(top_text(json_array_get(t->calls, i), "id"), tnd_slice_str(t->chosen)))
            return i;
    return 0;
}

/* The cursor stays at its call, wherever that moves to; of the first row it stays at the first row. */
void top_move(struct top *t, long by)
{
    long count = (long)json_array_size(t->calls), to = (long)top_cursor(t) + by;

    to = to >= count ? count - 1 : to;
    to = to < 0 ? 0 : to;
    struct tnd_slice id = top_text(json_array_get(t->calls, (size_t)to), "id");
    snprintf(t->chosen, sizeof(t->chosen), "%.*s", to > 0 ? (int)id.len : 0, id.ptr);
    if ((size_t)to < t->first)
        t->first = (size_t)to;
    if ((size_t)to >= t->first + top_rows(t))
        t->first = (size_t)to + 1 - top_rows(t);
}

/* "2026-11-26T14:03:07.214512Z" as "15:03:07" of local time. */
static void put_time(FILE *out, struct tnd_slice moment)
{
    struct tm t = {0};
    char text[16] = "";

    if (strptime(moment.ptr, "%Y-%m-%dT%H:%M:%S", &t)) {
        time_t seconds = timegm(&t);

        localtime_r(&seconds, &t);
        strftime(text, sizeof(text), "%H:%M:%S", &t);
    }
    top_put(out, tnd_slice_str(text), TIME_WIDTH);
}

static const char *colour_of(struct tnd_slice state)
{
    static const struct {
        const char *state, *colour;
    } colours[] = {{"failed", "\033[31m"},  {"talking", "\033[32m"},  {"ringing", "\033[33m"},
                   {"calling", "\033[33m"}, {"cancelled", "\033[2m"}, {"unknown", "\033[2m"}};

    for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
        if (tnd_slice_eq(state, tnd_slice_str(colours[i].state)))
            return colours[i].colour;
    return "";
}

/* How wide the columns for who calls and who is called are. */
static int party_width(const struct top *t)
{
    int left = t->look.width - TIME_WIDTH - STATE_WIDTH - CODE_WIDTH - GAPS;

    return left / 3 < PARTY_WIDTH_MIN ? left / 2 : left / 3;
}

static int rest_width(const struct top *t)
{
    int rest = t->look.width - TIME_WIDTH - STATE_WIDTH - CODE_WIDTH - GAPS - 2 * party_width(t);

    return rest > 0 ? rest : 0;
}

static struct tnd_slice without_scheme(struct tnd_slice uri)
{
    return uri.len > 4 && memcmp(uri.ptr, "sip:", 4) == 0 ? tnd_slice(uri.ptr + 4, uri.len - 4)
                                                          : uri;
}

static void put_code(FILE *out, const json_t *call)
{
    char text[8] = "";
    const json_t *code = json_object_get(call, "code");

    if (json_is_integer(code))
        snprintf(text, sizeof(text), "%d", (int)json_integer_value(code));
    top_put(out, tnd_slice_str(text), CODE_WIDTH);
}

static void put_row(const struct top *t, const json_t *call, bool is_chosen, FILE *out)
{
    struct tnd_slice state = top_text(call, "state");
    struct tnd_slice why = top_text(json_object_get(call, "why"), "text");

    if (t->look.colour)
        fputs(is_chosen ? "\033[7m" : colour_of(state), out);
    else if (!t->look.is_plain && is_chosen)
        fputs("\033[7m", out); /* to see where one is needs no colour */
    put_time(out, top_text(call, "started"));
    fputc(' ', out);
    top_put(out, state, STATE_WIDTH);
    fputc(' ', out);
    put_code(out, call);
    fputc(' ', out);
    top_put(out, without_scheme(top_text(call, "from")), party_width(t));
    fputc(' ', out);
    top_put(out, without_scheme(top_text(call, "to")), party_width(t));
    fputc(' ', out);
    top_put(out, why, rest_width(t));
    fputs(t->look.is_plain ? "\n" : "\033[0m\n", out);
}

static size_t count_of(const struct top *t, const char *state)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(t->calls); i++)
        count += tnd_slice_eq(top_text(json_array_get(t->calls, i), "state"), tnd_slice_str(state));
    return count;
}

static void put_head(const struct top *t, FILE *out)
{
    char text[512];

    if (t->trouble[0])
        snprintf(text, sizeof(text), "tandem top: %s", t->trouble);
    else
        snprintf(text, sizeof(text),
                 "%s:%s  calls: %zu, %zu talking, %zu ringing, %zu calling, %zu failed%s",
                 t->server.host, t->server.port, json_array_size(t->calls), count_of(t, "talking"),
                 count_of(t, "ringing"), count_of(t, "calling"), count_of(t, "failed"),
                 t->failures ? "  (failures only)" : "");
    fputs(!t->look.is_plain ? "\033[1m" : "", out);
    top_put(out, tnd_slice_str(text), t->look.width);
    fputs(!t->look.is_plain ? "\033[0m\n" : "\n", out);
    fprintf(out, "%-*s %-*s %-*s %-*s %-*s ", TIME_WIDTH, "TIME", STATE_WIDTH, "STATE", CODE_WIDTH,
            "", party_width(t), "FROM", party_width(t), "TO");
    top_put(out, TND_STR("WHY"), rest_width(t));
    fputc('\n', out);
}

void top_draw_list(const struct top *t, FILE *out)
{
    size_t count = json_array_size(t->calls), cursor = top_cursor(t);
    size_t end = t->look.is_plain ? count : t->first + top_rows(t);

    put_head(t, out);
    for (size_t i = t->first; i < end && i < count; i++)
        put_row(t, json_array_get(t->calls, i), i == cursor, out);
    if (t->look.is_plain)
        return;
    for (size_t i = count > t->first ? count : t->first; i < end; i++)
        fputc('\n', out);
    top_put(out, TND_STR("enter: its ladder   f: failures   arrows, j, k: up and down   q: quit"),
            t->look.width);
}
