/* The reader of logs: lines go one after another through what it is in the middle of. */
#include "trace/log.h"

#include "tandem/sip/message.h"
#include "trace/log_about.h"
#include "trace/log_line.h"
#include "trace/log_lines.h"

enum {
    FOREIGN_MAX = 3, /* lines of other things between a start line and the first field */
    BODY_SLACK = 2,  /* bytes: the last line end of a body that a log leaves out */
};

enum state {
    IDLE,
    STARTED, /* a start line was there: a field makes it a message */
    HEAD,
    BODY,
};

struct tnd_log {
    const struct tnd_mem *mem;
    struct tnd_log_lines lines;
    enum state state;
    struct tnd_log_about about;
    size_t prefix;  /* columns in front of the start line */
    bool is_indent; /* and they are white space */
    size_t strip;   /* columns that are taken off the lines that follow */
    bool is_dotted; /* a dot stands for CR, as ngrep prints it */
    bool is_bare;   /* CR was lost: it is put back */
    bool is_again;  /* the line ended a message, and may begin something else */
    bool has_length;
    unsigned foreign;
    size_t wanted, body_at; /* Content-Length; where in text the body begins */
    struct tnd_traced traced;
    size_t len;
    char text[TND_MESSAGE_LEN_MAX];
};

int tnd_log_new(const struct tnd_mem *mem, struct tnd_log **ret)
{
    struct tnd_log *log = mem->take(mem->ctx, sizeof(*log));

    if (!log)
        return TND_ENOMEM;
    memset(log, 0, offsetof(struct tnd_log, text));
    log->mem = mem;
    if (tnd_log_lines_init(&log->lines, mem)) {
        mem->give(mem->ctx, log, sizeof(*log));
        return TND_ENOMEM;
    }
    *ret = log;
    return 0;
}

void tnd_log_free(struct tnd_log **log)
{
    if (!*log)
        return;
    tnd_log_lines_fini(&(*log)->lines);
    (*log)->mem->give((*log)->mem->ctx, *log, sizeof(**log));
    *log = NULL;
}

void tnd_log_feed(struct tnd_log *log, struct tnd_slice bytes)
{
    log->lines.left = bytes;
}

void tnd_log_end(struct tnd_log *log)
{
    log->lines.is_ended = true;
}

uint64_t tnd_log_line_count(const struct tnd_log *log)
{
    return log->lines.number;
}

static struct tnd_slice behind(struct tnd_slice s, size_t len)
{
    return len < s.len ? tnd_slice(s.ptr + len, s.len - len) : tnd_slice(tnd_slice_end(s), 0);
}

static void put_text(struct tnd_log *log, struct tnd_slice s)
{
    size_t room = sizeof(log->text) - log->len;

    if (s.len > room) {
        log->traced.is_cut = true;
        s.len = room;
    }
    if (s.len > 0)
        memcpy(log->text + log->len, s.ptr, s.len);
    log->len += s.len;
}

/* A line of the message, with its end as it was. */
static void append(struct tnd_log *log, struct tnd_slice line)
{
    if (log->is_dotted && line.len > 0 && line.ptr[line.len - 1] == '.')
        line.len--;
    put_text(log, line);
    put_text(log, log->is_bare || log->lines.has_cr ? TND_STR("\r\n") : TND_STR("\n"));
}

/* An end of a line that the log has left out. */
static void append_end(struct tnd_log *log)
{
    put_text(log, TND_STR("\r\n"));
}

static void begin(struct tnd_log *log, struct tnd_slice line, size_t start)
{
    struct tnd_slice prefix = tnd_slice(line.ptr, start), text = behind(line, start);

    if (!tnd_log_is_blank(prefix))
        tnd_log_about_note(&log->about, prefix);
    log->state = STARTED;
    log->prefix = start;
    log->is_indent = tnd_log_is_blank(prefix);
    log->is_bare = !log->lines.has_cr;
    log->is_dotted = log->is_bare && text.ptr[text.len - 1] == '.';
    log->has_length = false;
    log->foreign = 0;
    log->len = log->wanted = log->strip = 0;
    log->traced = (struct tnd_traced){.at = log->about.now,
                                      .number = log->lines.number,
                                      .from = log->about.from,
                                      .to = log->about.to};
    tnd_log_about_forget(&log->about);
    append(log, text);
}

static void idle(struct tnd_log *log, struct tnd_slice line)
{
    size_t start = tnd_log_start(line);

    if (start < SIZE_MAX)
        begin(log, line, start);
    else
        tnd_log_about_note(&log->about, line);
}

/* The message is all that there is. */
static bool finish(struct tnd_log *log, bool is_cut)
{
    log->state = IDLE;
    log->traced.is_cut |= is_cut;
    log->traced.bytes = tnd_slice(log->text, log->len);
    return true;
}

/* Something ends a head that has no empty line. If nothing is to follow, only that is missing. */
static bool finish_head(struct tnd_log *log)
{
    bool is_whole = log->has_length && log->wanted == 0;

    if (is_whole)
        append_end(log);
    return finish(log, !is_whole);
}

/* The same of a body. */
static bool finish_body(struct tnd_log *log)
{
    size_t len = log->len - log->body_at;

    if (log->has_length && len < log->wanted && log->wanted - len <= BODY_SLACK)
        append_end(log);
    len = log->len - log->body_at;
    if (log->has_length && len > log->wanted)
        log->len = log->body_at + log->wanted;
    return finish(log, log->has_length && len < log->wanted);
}

/* At the line that said so, which may begin something else. */
static bool look_again(struct tnd_log *log, bool ret)
{
    log->is_again = true;
    return ret;
}

/* "Content-Length: 142", "l: 142" */
static void note_length(struct tnd_log *log, struct tnd_slice line)
{
    const char *colon = memchr(line.ptr, ':', line.len);
    uint64_t length;

    if (!colon || tnd_header_find(tnd_slice_trim(tnd_slice_between(line.ptr, colon))) !=
                      TND_HEADER_CONTENT_LENGTH)
        return;
    struct tnd_slice value = tnd_slice_between(colon + 1, tnd_slice_end(line));
    if (log->is_dotted && value.len > 0 && value.ptr[value.len - 1] == '.')
        value.len--;
    if (!tnd_slice_number(tnd_slice_trim(value), TND_MESSAGE_LEN_MAX, &length))
        return;
    log->has_length = true;
    log->wanted = (size_t)length;
}

/* Without what stands in front of each line. false: it is no line of this message. */
static bool strip(const struct tnd_log *log, struct tnd_slice line, struct tnd_slice *ret)
{
    size_t blanks = 0;

    if (log->strip == 0 || (log->is_indent && tnd_log_is_blank(line))) {
        *ret = log->strip ? tnd_slice(line.ptr, 0) : line;
        return true;
    }
    while (log->is_indent && blanks < log->strip && blanks < line.len &&
           (line.ptr[blanks] == ' ' || line.ptr[blanks] == '\t'))
        blanks++;
    *ret = behind(line, log->strip);
    return !log->is_indent || blanks == log->strip;
}

/* Says that the message before it is over. */
static bool is_boundary(struct tnd_slice line)
{
    struct tnd_endpoint from, to;

    if (line.len == 0 || (line.len > 1 && line.ptr[1] == '='))
        return false;
    return tnd_log_is_rule(line) || tnd_log_begins(line, TND_STR("--end msg--")) ||
           tnd_log_begins(line, TND_STR("<---")) || tnd_log_places(line, &from, &to);
}

static bool is_empty(const struct tnd_log *log, struct tnd_slice line)
{
    return tnd_log_is_blank(line) || (log->is_dotted && line.len == 1 && *line.ptr == '.');
}

/* A field below a start line: it is a message. */
static bool started(struct tnd_log *log, struct tnd_slice line)
{
    struct tnd_slice column = behind(line, log->prefix);

    if (tnd_log_is_field(line)) {
        log->strip = 0;
    } else if (log->prefix > 0 && tnd_log_is_field(column)) {
        log->strip = log->prefix;
        line = column;
    } else if (tnd_log_is_foreign(line) && !tnd_log_is_blank(line) &&
               tnd_log_start(line) == SIZE_MAX && log->foreign++ < FOREIGN_MAX) {
        return false;
    } else {
        log->state = IDLE;
        return look_again(log, false);
    }
    log->state = HEAD;
    note_length(log, line);
    append(log, line);
    return false;
}

static bool head(struct tnd_log *log, struct tnd_slice whole)
{
    struct tnd_slice line;
    bool is_ours = strip(log, whole, &line);

    if (is_ours && is_empty(log, line)) {
        append(log, TND_STR(""));
        log->state = BODY;
        log->body_at = log->len;
        return log->has_length && log->wanted == 0 && finish(log, false);
    }
    if (is_ours && tnd_log_is_field(line)) {
        note_length(log, line);
        append(log, line);
        return false;
    }
    if (is_boundary(is_ours ? line : whole) || tnd_log_start(whole) < SIZE_MAX)
        return look_again(log, finish_head(log));
    if (is_ours && !tnd_log_is_foreign(line))
        append(log, line);
    return false;
}

/* Whether a start line within a body is of it: message/sipfrag is one (RFC 3420), and its first line. */
static bool is_fragment(const struct tnd_log *log, struct tnd_slice line)
{
    return log->has_length && log->len == log->body_at && line.len <= log->wanted;
}

static bool body(struct tnd_log *log, struct tnd_slice whole)
{
    struct tnd_slice line;
    bool is_ours = strip(log, whole, &line);

    if (is_boundary(is_ours ? line : whole) ||
        (tnd_log_start(whole) < SIZE_MAX && !is_fragment(log, line)))
        return look_again(log, finish_body(log));
    if (!is_ours || (log->has_length && tnd_log_is_foreign(line)))
        return false;
    if (!log->has_length && (is_empty(log, line) || tnd_log_is_foreign(line)))
        return look_again(log, finish_body(log));
    append(log, is_empty(log, line) ? TND_STR("") : line);
    return log->has_length && log->len - log->body_at >= log->wanted && finish_body(log);
}

/* true: a message is whole. */
static bool take(struct tnd_log *log, struct tnd_slice line)
{
    switch (log->state) {
    case IDLE:
        idle(log, line);
        return false;
    case STARTED:
        return started(log, line);
    case HEAD:
        return head(log, line);
    case BODY:
        return body(log, line);
    }
    return false;
}

/* The file ends, or the record that the message is in. */
static bool finish_any(struct tnd_log *log)
{
    enum state state = log->state;

    log->state = IDLE;
    return (state == HEAD && finish_head(log)) || (state == BODY && finish_body(log));
}

bool tnd_log_next(struct tnd_log *log, struct tnd_traced *ret)
{
    bool is_whole = false;

    while (!is_whole) {
        enum tnd_log_lines_got got =
            log->is_again ? TND_LOG_LINES_LINE : tnd_log_lines_next(&log->lines);

        log->is_again = false;
        if (got == TND_LOG_LINES_MORE)
            return false;
        is_whole = got == TND_LOG_LINES_LINE ? take(log, log->lines.line) : finish_any(log);
        if (got == TND_LOG_LINES_END && !is_whole)
            return false;
    }
    *ret = log->traced;
    return true;
}
