/* Most lines are read where they lie. */
#include "trace/log_lines.h"

#include "base/ascii.h"
#include "trace/log.h"
#include "trace/log_line.h"

enum {
    ROOM_SIZE = 2 * TND_LOG_LINE_MAX,
    ESC = 0x1b,
};

int tnd_log_lines_init(struct tnd_log_lines *l, const struct tnd_mem *mem)
{
    char *room = mem->take(mem->ctx, ROOM_SIZE);

    if (!room)
        return TND_ENOMEM;
    *l = (struct tnd_log_lines){.mem = mem, .room = room};
    return 0;
}

void tnd_log_lines_fini(struct tnd_log_lines *l)
{
    if (l->room)
        l->mem->give(l->mem->ctx, l->room, ROOM_SIZE);
    *l = (struct tnd_log_lines){0};
}

static void keep(struct tnd_log_lines *l, struct tnd_slice bytes)
{
    size_t room = TND_LOG_LINE_MAX - l->len;

    if (bytes.len > room)
        bytes.len = room;
    if (bytes.len > 0)
        memcpy(l->room + l->len, bytes.ptr, bytes.len);
    l->len += bytes.len;
}

/* The next line of what was fed. false: its end has not come. */
static bool read_line(struct tnd_log_lines *l, struct tnd_slice *ret)
{
    const char *lf = l->left.len ? memchr(l->left.ptr, '\n', l->left.len) : NULL;
    struct tnd_slice line = lf ? tnd_slice_between(l->left.ptr, lf) : l->left;

    l->left = lf ? tnd_slice_between(lf + 1, tnd_slice_end(l->left)) : (struct tnd_slice){0};
    if (!lf || l->len > 0) {
        keep(l, line);
        line = tnd_slice(l->room, l->len);
    }
    if (!lf && (!l->is_ended || l->len == 0))
        return false;
    if (line.len > TND_LOG_LINE_MAX)
        line.len = TND_LOG_LINE_MAX;
    l->len = 0;
    l->number++;
    *ret = line;
    return true;
}

/* Without the colours of a terminal: ESC [ parameters letter. */
static struct tnd_slice without_colours(struct tnd_log_lines *l, struct tnd_slice line)
{
    char *to = l->room;
    const char *at = line.ptr, *end = tnd_slice_end(line);

    while (at < end) {
        if (*at != ESC) {
            *to++ = *at++;
            continue;
        }
        at += at + 1 < end && at[1] == '[' ? 2 : 1;
        while (at < end && (tnd_is_digit(*at) || *at == ';'))
            at++;
        if (at < end && tnd_is_alpha(*at))
            at++;
    }
    return tnd_slice_between(l->room, to);
}

/* How a record says that a line ends: syslog daemons write control characters as "#012", JSON as "\n". What
 * stands for CR goes with it. 0: it does not, here. */
static size_t end_len(struct tnd_slice s)
{
    static const struct tnd_slice ends[] = {TND_STR_INIT("#015#012"), TND_STR_INIT("#012"),
                                            TND_STR_INIT("\\r\\n"), TND_STR_INIT("\\n")};

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (tnd_log_begins(s, ends[i]))
            return ends[i].len;
    return 0;
}

/* Whether several lines are in this one: a start line, and how it ends. */
static bool is_record(struct tnd_slice line)
{
    const char *version = tnd_log_find(line, TND_STR("SIP/2.0"));

    if (!version)
        return false;
    struct tnd_slice rest = tnd_slice_between(version, tnd_slice_end(line));
    return tnd_log_find(rest, TND_STR("#012")) || tnd_log_find(rest, TND_STR("\\r\\n"));
}

/* Its lines, each with LF behind it. */
static struct tnd_slice unfold(struct tnd_log_lines *l, struct tnd_slice line)
{
    char *begin = l->room + TND_LOG_LINE_MAX, *to = begin;

    while (line.len > 0) {
        size_t len = end_len(line);

        *to++ = len ? '\n' : *line.ptr;
        len += len == 0;
        line = tnd_slice(line.ptr + len, line.len - len);
    }
    return tnd_slice_between(begin, to);
}

/* The next line of a record. */
static void read_record(struct tnd_log_lines *l)
{
    const char *lf = memchr(l->record.ptr, '\n', l->record.len);
    size_t len = lf ? (size_t)(lf - l->record.ptr) : l->record.len;

    l->line = tnd_slice(l->record.ptr, len);
    l->has_cr = true;
    len += lf ? 1 : 0;
    l->record = tnd_slice(l->record.ptr + len, l->record.len - len);
}

enum tnd_log_lines_got tnd_log_lines_next(struct tnd_log_lines *l)
{
    struct tnd_slice line;

    if (l->record.len > 0) {
        read_record(l);
        return TND_LOG_LINES_LINE;
    }
    if (l->is_record) {
        l->is_record = false;
        return TND_LOG_LINES_RECORD;
    }
    if (!read_line(l, &line))
        return l->is_ended ? TND_LOG_LINES_END : TND_LOG_LINES_MORE;
    if (line.len > 0 && memchr(line.ptr, ESC, line.len))
        line = without_colours(l, line);
    if (is_record(line)) {
        l->is_record = true;
        l->record = unfold(l, line);
        return tnd_log_lines_next(l);
    }
    l->has_cr = line.len > 0 && line.ptr[line.len - 1] == '\r';
    l->line = tnd_slice(line.ptr, line.len - l->has_cr);
    return TND_LOG_LINES_LINE;
}
