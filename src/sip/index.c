/* Indexing a message: one pass over the lines of its header section.
 *
 * The scan (scan.h) has found the line ends. Here each line costs a few instructions: the
 * first colon is looked for in sixteen bytes at once; what stands before it is looked up by
 * a perfect hash, and is a name for certain if it is found; the value is what is left of the
 * line. Whatever is unusual (an unknown name, white space before the colon, a fold) takes a
 * slower way that looks at characters. */
#include "tandem/sip/message.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "base/bits.h"
#include "base/vector.h"
#include "ref/names.h"
#include "sip/chars.h"
#include "sip/message.h"
#include "sip/scan.h"

enum { LINE_END_WORDS = TND_HEADER_SECTION_MAX / TND_SCAN_BLOCK + 3 };

/* What stays the same while a header section is indexed. */
struct indexer {
    struct tnd_msg *msg;
    struct tnd_arena *arena;
    const char *base, *end; /* of the header section, with the empty line */
    const char *wide;       /* sixteen bytes can be read at a name up to here; NULL: look closer */
    bool bounded;           /* no line is too long, and there are not too many */
};

/* Walks over the line ends. There is always a next one: the caller stops at the empty line. */
struct line_ends {
    const uint64_t *next;
    uint64_t word; /* what is left of the word before next */
    const char *base;
};

static inline const char *next_line_end(struct line_ends *l)
{
    while (l->word == 0) {
        l->word = *l->next++;
        l->base += TND_SCAN_BLOCK;
    }
    const char *lf = l->base + tnd_lowest_bit(l->word);
    l->word &= l->word - 1;
    return lf;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* White space; and control characters, which are no part of a value and noted anyhow. */
static inline bool is_trimmed(char c)
{
    return (unsigned char)c <= ' ';
}

static inline const char *without_cr(const char *line, const char *lf)
{
    return lf > line && lf[-1] == '\r' ? lf - 1 : lf;
}

static inline uint64_t colons16(const char *p)
{
    tnd_bytes16 bytes;

    memcpy(&bytes, p, sizeof(bytes));
    return tnd_bits16(TND_IS(bytes, ':'));
}

/* The field that a line holds, and the length of its name; OTHER: look closer. */
static inline enum tnd_header find_header(const struct indexer *x, const char *line,
                                          size_t *ret_len)
{
    if (__builtin_expect(line > x->wide, 0))
        return TND_HEADER_OTHER;
    uint64_t colons = colons16(line);
    if (__builtin_expect(colons == 0 && x->wide - line >= 16, 0))
        colons = colons16(line + 16) << 16;
    if (__builtin_expect(colons == 0, 0))
        return TND_HEADER_OTHER;
    *ret_len = tnd_lowest_bit(colons);
    return (enum tnd_header)tnd_name_find(&tnd_header_table, line, *ret_len, TND_NAME_FOLD);
}

/* The end of a name that is none of those that we know, or not spelled as usual: white space
 * may stand before the colon, but no fold (RFC 3261 §25.1, HCOLON). NULL: no name. */
static const char *odd_name_end(const struct indexer *x, const char *line, const char *end,
                                const char **ret_colon)
{
    const char *name_end = line;

    while (name_end < end && tnd_is_token_char(*name_end))
        name_end++;
    const char *colon = name_end;
    while (colon < end && is_blank(*colon))
        colon++;
    if (name_end > line && colon < end && *colon == ':') {
        *ret_colon = colon;
        return name_end;
    }
    colon = memchr(line, ':', (size_t)(end - line));
    enum tnd_rule rule = colon ? TND_RULE_HEADER_NAME : TND_RULE_HEADER_COLON;
    tnd_msg_note(x->msg, x->arena, rule, tnd_slice_between(line, end));
    return NULL;
}

/* The value of a field, without the white space around it, between its colon and its end. */
static inline struct tnd_slice trim(const char *colon, const char *end)
{
    const char *value = colon + 1;

    if (__builtin_expect(value[0] != ' ' || is_trimmed(value[1]), 0)) {
        while (value < end && is_trimmed(*value))
            value++;
        if (value == end)
            return tnd_slice_between(value, end);
    } else {
        value++;
    }
    /* there is a character, where this stops */
    while (__builtin_expect(is_trimmed(end[-1]), 0))
        end--;
    return tnd_slice_between(value, end);
}

/* One header field from line up to end, its CR or LF. Its members are written in place: a
 * struct that is built elsewhere and copied costs more than all the rest. */
static inline void index_field(const struct indexer *x, const char *line, const char *end)
{
    size_t len = 0;
    enum tnd_header kind = find_header(x, line, &len);
    const char *name_end = line + len, *colon = name_end;

    if (__builtin_expect(kind == TND_HEADER_OTHER, 0)) {
        name_end = odd_name_end(x, line, end, &colon);
        if (!name_end)
            return;
        kind = tnd_header_find(tnd_slice_between(line, name_end));
    }
    struct tnd_msg *msg = x->msg;
    struct tnd_slice value = trim(colon, end);
    unsigned i = ++msg->field_count;
    struct tnd_field *field = &msg->fields[i];

    field->name = (uint32_t)(line - x->base);
    field->value = (uint32_t)(value.ptr - x->base);
    field->name_len = (uint16_t)(name_end - line);
    field->value_len = (uint16_t)value.len;
    field->kind = (uint16_t)kind;
    field->next = 0;
    /* at the end of the chain of its kind */
    if (__builtin_expect(msg->first[kind] != 0, 0))
        msg->fields[msg->last[kind]].next = (uint16_t)i;
    else
        msg->first[kind] = (uint16_t)i;
    msg->last[kind] = (uint16_t)i;
}

/* The line end of a header field whose lines are folded. RFC 3261 §7.3.1: a line that starts
 * with white space continues the one before. */
static const char *end_of_folds(const char *lf, struct line_ends *ends)
{
    while (is_blank(lf[1]))
        lf = next_line_end(ends);
    return lf;
}

/* A field too long, or one too many: noted. */
static void note_bound(const struct indexer *x, enum tnd_rule rule, const char *line)
{
    tnd_msg_note(x->msg, x->arena, rule, tnd_slice(line, 1));
}

/* A field that is too long to be read. With a Content-Length the end of the message would be
 * lost; with any other only this message is refused, and the stream goes on. */
static void note_long_field(const struct indexer *x, const char *line, const char *end)
{
    const char *name_end = line;

    while (name_end < end && tnd_is_token_char(*name_end))
        name_end++;
    note_bound(x, TND_RULE_LINE_LEN, line);
    if (tnd_header_find(tnd_slice_between(line, name_end)) == TND_HEADER_CONTENT_LENGTH)
        note_bound(x, TND_RULE_CONTENT_LENGTH, line);
}

static void index_fields(const struct indexer *x, struct line_ends ends, const char *line)
{
    for (;;) {
        const char *lf = next_line_end(&ends);

        if (lf + 1 == x->end) { /* the empty line */
            x->msg->fields[x->msg->field_count + 1].name = (uint32_t)(line - x->base);
            return;
        }
        if (__builtin_expect((unsigned char)lf[1] <= ' ', 0))
            lf = end_of_folds(lf, &ends);
        if (!x->bounded && x->msg->field_count == TND_FIELD_COUNT_MAX) {
            note_bound(x, TND_RULE_FIELD_COUNT, line);
            return;
        }
        if (!x->bounded && lf - line > TND_LINE_LEN_MAX)
            note_long_field(x, line, lf);
        else
            index_field(x, line, lf[-1] == '\r' ? lf - 1 : lf);
        line = lf + 1;
    }
}

/* Content-Length, where all agree on one; -1: there is none, or none that can be used. */
static int64_t content_length(struct tnd_msg *msg, struct tnd_arena *a)
{
    int64_t len = -1;

    for (const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_CONTENT_LENGTH); f;
         f = f->next ? &msg->fields[f->next] : NULL) {
        struct tnd_slice value = tnd_field_value(msg, f);
        uint64_t n;

        if (!tnd_slice_number(value, INT32_MAX, &n)) {
            tnd_msg_note(msg, a, TND_RULE_CONTENT_LENGTH, value);
            return -1;
        }
        if (len >= 0 && len != (int64_t)n) {
            tnd_msg_note(msg, a, TND_RULE_CONTENT_LENGTH_ONE, value);
            return -1;
        }
        len = (int64_t)n;
    }
    return len;
}

/* RFC 3261 §18.3: where the body ends. rest is what follows the empty line. */
static int find_body(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice rest)
{
    int64_t len = content_length(msg, a);

    if (len < 0)
        len = msg->carrier == TND_DATAGRAM ? (int64_t)rest.len : 0;
    msg->wanted = msg->head.len + (size_t)len;
    if ((uint64_t)len > rest.len) {
        if (msg->carrier == TND_STREAM)
            return TND_EMORE;
        msg->body_short = true;
        tnd_msg_note(msg, a, TND_RULE_BODY_SHORT, tnd_msg_value(msg, TND_HEADER_CONTENT_LENGTH));
        len = (int64_t)rest.len;
    }
    msg->body = tnd_slice(rest.ptr, (size_t)len);
    msg->text = tnd_slice_between(msg->text.ptr, rest.ptr + len);
    return 0;
}

static int index_head(struct tnd_msg *msg, struct tnd_arena *a, const struct tnd_scan *scan,
                      struct tnd_slice bytes)
{
    const struct indexer x = {
        .msg = msg,
        .arena = a,
        .base = bytes.ptr,
        .end = bytes.ptr + scan->header_len,
        /* folding case takes a control character for a hyphen or a digit: see TND_NAME_FOLD */
        .wide = bytes.len >= 16 && !scan->odd ? tnd_slice_end(bytes) - 16 : NULL,
        .bounded = scan->header_len <= TND_LINE_LEN_MAX && scan->line_count <= TND_FIELD_COUNT_MAX,
    };
    struct line_ends ends = {scan->line_ends + 1, scan->line_ends[0], bytes.ptr};
    size_t room = scan->line_count <= TND_FIELD_COUNT_MAX ? scan->line_count : TND_FIELD_COUNT_MAX;

    /* as many as lines, one more in front, which is not used, and the end of the last */
    msg->fields = tnd_arena_take(a, (room + 2) * sizeof(*msg->fields));
    if (!msg->fields)
        return TND_ENOMEM;
    msg->head = tnd_slice(bytes.ptr, scan->header_len);
    const char *lf = next_line_end(&ends);
    TND_ASSERT(lf + 1 < x.end); /* empty lines in front were skipped */
    tnd_read_start_line(msg, a, tnd_slice_between(bytes.ptr, without_cr(bytes.ptr, lf)));
    index_fields(&x, ends, lf + 1);
    if (__builtin_expect(scan->odd, 0))
        tnd_note_odd_bytes(msg, a);
    if (__builtin_expect(scan->beyond_ascii, 0))
        tnd_note_bad_utf8(msg, a);
    return 0;
}

/* RFC 3261 §7.5: empty lines in front of a message are ignored. */
static struct tnd_slice skip_empty_lines(struct tnd_slice bytes)
{
    while (bytes.len >= 2 && bytes.ptr[0] == '\r' && bytes.ptr[1] == '\n')
        bytes = tnd_slice(bytes.ptr + 2, bytes.len - 2);
    return bytes;
}

static void start(struct tnd_msg *msg, enum tnd_carrier carrier)
{
    /* last counts only where first does */
    memset(msg, 0, offsetof(struct tnd_msg, last));
    msg->carrier = (uint8_t)carrier;
}

int tnd_msg_parse(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes,
                  enum tnd_carrier carrier)
{
    uint64_t line_ends[LINE_END_WORDS];
    struct tnd_slice head;

    bytes = skip_empty_lines(bytes);
    head = tnd_slice(bytes.ptr,
                     bytes.len < TND_HEADER_SECTION_MAX ? bytes.len : TND_HEADER_SECTION_MAX);
    start(ret, carrier);
    if (head.len == 0)
        return TND_EMORE;
    uint64_t *room = tnd_arena_take(a, tnd_scan_words(head.len) * sizeof(*room));
    if (!room)
        return TND_ENOMEM;
    struct tnd_scan scan = {.marks = room, .line_ends = line_ends};
    tnd_scan(head, &scan);
    if (scan.header_len == 0)
        return TND_EMORE;
    tnd_arena_shrink(a, room, scan.marks ? tnd_scan_words(scan.header_len) * sizeof(*room) : 0);
    ret->marks = scan.marks;
    ret->text = bytes;
    int err = index_head(ret, a, &scan, bytes);
    if (err == 0)
        err = find_body(ret, a, tnd_slice_between(tnd_slice_end(ret->head), tnd_slice_end(bytes)));
    return tnd_arena_over(a) ? TND_ENOMEM : err;
}

int tnd_msg_parse_torn(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes)
{
    static const char end[] = "\r\n\r\n";
    enum tnd_rule rule = TND_RULE_HEADER_END;

    bytes = skip_empty_lines(bytes);
    size_t len = bytes.len;
    if (len > TND_HEADER_SECTION_MAX - 4) {
        len = TND_HEADER_SECTION_MAX - 4;
        rule = TND_RULE_HEADER_SECTION_LEN;
    }
    if (len > 0 && bytes.ptr[len - 1] == '\r') /* the half of a line end */
        len--;
    size_t end_len = len > 0 && bytes.ptr[len - 1] == '\n' ? 2 : 4;
    char *copy = tnd_arena_take(a, len + end_len);
    if (!copy)
        return TND_ENOMEM;
    if (len > 0)
        memcpy(copy, bytes.ptr, len);
    memcpy(copy + len, end, end_len);
    int err = tnd_msg_parse(ret, a, tnd_slice(copy, len + end_len), TND_DATAGRAM);
    if (err == TND_EMORE) { /* nothing but empty lines */
        start(ret, TND_DATAGRAM);
        ret->text = ret->head = tnd_slice(copy, len);
        err = 0;
    }
    if (err == 0)
        err = tnd_msg_note(ret, a, rule, tnd_slice(copy + len, 0));
    return err;
}

int tnd_msg_parse_datagram(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes)
{
    int err = tnd_msg_parse(ret, a, bytes, TND_DATAGRAM);

    return err == TND_EMORE ? tnd_msg_parse_torn(ret, a, bytes) : err;
}
