/* Flaws of a message: noting them, and the slow look at the bytes that the scan found odd. */
#include "base/ascii.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "sip/message.h"

int tnd_msg_note(struct tnd_msg *msg, struct tnd_arena *a, enum tnd_rule rule,
                 struct tnd_slice where)
{
    if (!msg->flaws) {
        msg->flaws = tnd_arena_take(a, TND_FLAW_COUNT_MAX * sizeof(*msg->flaws));
        if (!msg->flaws)
            return TND_ENOMEM;
    }
    if (msg->flaw_count == TND_FLAW_COUNT_MAX)
        msg->flaws_lost++;
    else
        msg->flaws[msg->flaw_count++] = (struct tnd_flaw){rule, where};
    return 0;
}

/* Whether the character that is looked at stands in a quoted string, and behind a backslash
 * there. Starts anew with each header field. */
struct quoting {
    bool quoted, escaped;
    bool bare_lf; /* one has been noted */
};

/* A quoted-pair in a quoted string is the one place where a control character may stand,
 * and CR and LF may not even there (RFC 3261 §25.1). */
static bool may_stand(struct quoting *q, char c)
{
    if (q->escaped) {
        q->escaped = false;
        return c != '\r';
    }
    if (c == '"')
        q->quoted = !q->quoted;
    else if (c == '\\' && q->quoted)
        q->escaped = true;
    return !tnd_is_control(c);
}

/* Notes the first fault of a line. One of a line will do, and bounds the list. */
static bool note_odd_line(struct tnd_msg *msg, struct tnd_arena *a, struct quoting *q,
                          struct tnd_slice line)
{
    const char *lf = tnd_slice_end(line) - 1;
    const char *end = lf > line.ptr && lf[-1] == '\r' ? lf - 1 : lf;

    for (const char *c = line.ptr; c < end; c++) {
        if (may_stand(q, *c))
            continue;
        tnd_msg_note(msg, a, *c == '\r' ? TND_RULE_LINE_CRLF : TND_RULE_CONTROL_CHAR,
                     tnd_slice(c, 1));
        return true;
    }
    if (end != lf || q->bare_lf)
        return false;
    q->bare_lf = true; /* a file saved without CR has them everywhere; once is enough */
    tnd_msg_note(msg, a, TND_RULE_LINE_CRLF, tnd_slice(lf, 1));
    return true;
}

void tnd_note_odd_bytes(struct tnd_msg *msg, struct tnd_arena *a)
{
    const char *line = msg->head.ptr, *end = tnd_slice_end(msg->head);
    struct quoting quoting = {0};
    unsigned noted = 0;

    while (line < end && noted < TND_FLAW_COUNT_MAX) {
        const char *lf = memchr(line, '\n', (size_t)(end - line));

        TND_ASSERT(lf); /* the head ends with one */
        if (*line != ' ' && *line != '\t')
            quoting.quoted = quoting.escaped = false;
        noted += note_odd_line(msg, a, &quoting, tnd_slice_between(line, lf + 1));
        line = lf + 1;
    }
}

static void note_bad_utf8_of(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice text)
{
    for (size_t at = 0, len; at < text.len; at += len) {
        len = tnd_utf8_len(tnd_slice(text.ptr + at, text.len - at));
        if (len == 0) {
            tnd_msg_note(msg, a, TND_RULE_UTF8, tnd_slice(text.ptr + at, 1));
            return;
        }
    }
}

void tnd_note_bad_utf8(struct tnd_msg *msg, struct tnd_arena *a)
{
    note_bad_utf8_of(msg, a, msg->reason);
    for (uint32_t i = 1; i <= msg->field_count; i++)
        note_bad_utf8_of(msg, a, tnd_field_value(msg, &msg->fields[i]));
}

struct tnd_place tnd_place(struct tnd_slice text, const char *at)
{
    struct tnd_place place = {1, 1};

    for (const char *c = text.ptr; c < at && c < tnd_slice_end(text); c++) {
        place.column++;
        if (*c == '\n')
            place = (struct tnd_place){place.line + 1, 1};
    }
    return place;
}
