/* Writing requests and replies. */
#include "tandem/sip/write.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "sip/cursor.h"

/* A value that may come from anywhere, on one line. */
static void put_line(struct tnd_writer *w, struct tnd_slice value)
{
    if (value.len == 0)
        return;
    if (!memchr(value.ptr, '\n', value.len) && !memchr(value.ptr, '\r', value.len)) {
        tnd_put(w, value);
        return;
    }
    for (size_t i = 0; i < value.len; i++)
        tnd_put_char(w, value.ptr[i] == '\r' || value.ptr[i] == '\n' ? ' ' : value.ptr[i]);
}

void tnd_put_line_end(struct tnd_writer *w)
{
    tnd_put(w, TND_STR("\r\n"));
}

void tnd_put_request_line(struct tnd_writer *w, struct tnd_slice method, struct tnd_slice uri)
{
    put_line(w, method);
    tnd_put_char(w, ' ');
    put_line(w, uri);
    tnd_put(w, TND_STR(" SIP/2.0\r\n"));
}

void tnd_put_status_line(struct tnd_writer *w, unsigned code, struct tnd_slice reason)
{
    TND_ASSERT(code >= 100 && code <= 699);
    tnd_put(w, TND_STR("SIP/2.0 "));
    tnd_put_char(w, (char)('0' + code / 100));
    tnd_put_char(w, (char)('0' + code / 10 % 10));
    tnd_put_char(w, (char)('0' + code % 10));
    tnd_put_char(w, ' ');
    if (reason.ptr)
        put_line(w, reason);
    else
        tnd_put_str(w, tnd_code_phrase(code));
    tnd_put_line_end(w);
}

void tnd_put_field_name(struct tnd_writer *w, enum tnd_header kind)
{
    tnd_put_str(w, tnd_header_name(kind));
    tnd_put(w, TND_STR(": "));
}

void tnd_put_field(struct tnd_writer *w, enum tnd_header kind, struct tnd_slice value)
{
    tnd_put_field_name(w, kind);
    put_line(w, value);
    tnd_put_line_end(w);
}

void tnd_put_body(struct tnd_writer *w, struct tnd_slice content_type, struct tnd_slice body)
{
    if (body.len == 0 && !content_type.ptr) {
        tnd_put(w, TND_STR("Content-Length: 0\r\n\r\n"));
        return;
    }
    if (content_type.ptr)
        tnd_put_field(w, TND_HEADER_CONTENT_TYPE, content_type);
    tnd_put(w, TND_STR("Content-Length: "));
    tnd_put_number(w, body.len);
    tnd_put(w, TND_STR("\r\n\r\n"));
    tnd_put(w, body);
}

struct tnd_slice tnd_field_lines(const struct tnd_msg *msg, const struct tnd_field *f)
{
    const char *end = msg->text.ptr + f->value + f->value_len;

    do { /* over white space and CR; folds with nothing in them are of the field too */
        while (*end != '\n')
            end++;
        end++;
    } while (__builtin_expect(*end == ' ' || *end == '\t', 0)); /* the empty line is neither */
    return tnd_slice_between(msg->text.ptr + f->name, end);
}

enum { COPY_STEP = 32, COPY_LEN_MAX = 160 };

/* Copies len bytes, COPY_STEP or more: three steps are enough for most fields, and those
 * behind the end copy the last bytes once more. memcpy() branches by length, and no two
 * messages have fields of the same: a branch guessed wrongly costs more than all the steps. */
static inline void copy_steps(char *to, const char *from, size_t len)
{
    const size_t last = len - COPY_STEP;
    size_t at = COPY_STEP;

    memcpy(to, from, COPY_STEP);
    do {
        size_t one = at < last ? at : last;
        size_t two = at + COPY_STEP < last ? at + COPY_STEP : last;

        memcpy(to + one, from + one, COPY_STEP);
        memcpy(to + two, from + two, COPY_STEP);
        at += (size_t)2 * COPY_STEP;
    } while (at < len);
}

/* A part of msg. A short one takes with it what follows, as far as there are text and room. */
static inline void copy_part(struct tnd_writer *w, const struct tnd_msg *msg, struct tnd_slice part)
{
    size_t len = part.len > COPY_STEP ? part.len : COPY_STEP;
    size_t text = (size_t)(tnd_slice_end(msg->text) - part.ptr);

    if (__builtin_expect(len > COPY_LEN_MAX || len > text, 0) ||
        __builtin_expect(w->len > w->size || len > w->size - w->len, 0)) {
        tnd_put(w, part);
        return;
    }
    copy_steps(w->ptr + w->len, part.ptr, len);
    w->len += part.len;
}

/* The lines from one field to another. Without a flaw there is nothing between two fields, so
 * the index knows where they end: nobody waits for bytes of the text. */
static inline struct tnd_slice lines_between(const struct tnd_msg *msg,
                                             const struct tnd_field *first,
                                             const struct tnd_field *last)
{
    return tnd_slice(msg->text.ptr + first->name, last[1].name - first->name);
}

/* A field as it came; of a message with flaws, on one line that ends with CRLF. */
static inline void copy_field(struct tnd_writer *w, const struct tnd_msg *msg,
                              const struct tnd_field *f)
{
    if (__builtin_expect(msg->flaw_count > 0, 0))
        tnd_put_field(w, (enum tnd_header)f->kind, tnd_field_value(msg, f));
    else
        copy_part(w, msg, lines_between(msg, f, f));
}

static inline void copy_fields(struct tnd_writer *w, const struct tnd_msg *msg,
                               enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL)
        copy_field(w, msg, f);
}

/* The same for a list. Those that stand next to each other leave as one. */
static void copy_list(struct tnd_writer *w, const struct tnd_msg *msg, const struct tnd_field *f)
{
    const struct tnd_field *last = f;

    for (; f; f = last->next ? &msg->fields[last->next] : NULL, last = f) {
        if (msg->flaw_count > 0) {
            copy_field(w, msg, f);
            continue;
        }
        while (last->next == last - msg->fields + 1)
            last++;
        tnd_put(w, lines_between(msg, f, last));
    }
}

/* The value of the top Via with received and rport as we saw them; what the client wrote
 * there is left out. */
static void put_seen_via(struct tnd_writer *w, const struct tnd_via *via,
                         const struct tnd_reply *reply)
{
    struct tnd_slice params = via->params;
    struct tnd_param p;

    put_line(w, tnd_slice_between(via->text.ptr, params.ptr));
    while (tnd_param_next(&params, &p)) {
        bool is_rport = tnd_slice_eq_fold(p.name, TND_STR("rport"));

        if (tnd_slice_eq_fold(p.name, TND_STR("received")) || (is_rport && reply->rport >= 0))
            continue;
        tnd_put_char(w, ';');
        tnd_put(w, p.name);
        if (p.value.ptr) {
            tnd_put_char(w, '=');
            put_line(w, p.value);
        }
    }
    if (reply->received.ptr) {
        tnd_put(w, TND_STR(";received="));
        tnd_put(w, reply->received);
    }
    /* RFC 3581 §4: only where the client asked for it */
    if (reply->rport >= 0 && via->rport >= 0) {
        tnd_put(w, TND_STR(";rport="));
        tnd_put_number(w, (uint64_t)reply->rport);
    }
}

/* RFC 3261 §18.2.1, RFC 3581 §4: the top Via says where the request came from. */
static void copy_seen_vias(struct tnd_writer *w, const struct tnd_msg *msg,
                           const struct tnd_via *via, const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_VIA);
    const char *end = tnd_slice_end(tnd_field_value(msg, f));

    tnd_put_field_name(w, TND_HEADER_VIA);
    put_seen_via(w, via, reply);
    put_line(w, tnd_slice_between(tnd_slice_end(via->text), end));
    tnd_put_line_end(w);
    while (f->next) {
        f = &msg->fields[f->next];
        copy_field(w, msg, f);
    }
}

static inline void copy_vias(struct tnd_writer *w, const struct tnd_msg *msg,
                             const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_VIA);
    const struct tnd_via *via = reply->via;
    struct tnd_via read;

    if ((reply->received.ptr || reply->rport >= 0) && !via && tnd_msg_via(msg, &read, NULL))
        via = &read;
    if ((reply->received.ptr || reply->rport >= 0) && via)
        copy_seen_vias(w, msg, via, reply);
    else if (f && f->next == 0)
        copy_field(w, msg, f);
    else
        copy_list(w, msg, f);
}

/* Whether a value ends with ";tag=" and a token. Nobody reads all of a To for that: its last
 * mark is the '='. */
static inline bool ends_with_tag(const struct tnd_msg *msg, struct tnd_slice value)
{
    const char *end = tnd_slice_end(value), *from = end - TND_WINDOW;

    if (from < msg->text.ptr)
        return false;
    struct tnd_cursor c = tnd_cursor_over(tnd_slice(from, TND_WINDOW), msg->head, msg->marks);
    uint64_t marks = tnd_marks_of_window(&c, from);
    if (marks == 0)
        return false;
    const char *mark = from + tnd_highest_bit(marks);
    return mark - value.ptr > 4 && *mark == '=' && mark + 1 < end && mark[-4] == ';' &&
           tnd_same_folded(mark - 3, "tag", 3);
}

/* A To that ends with '>' has no parameter, so no tag; that is how most requests come. */
static inline bool has_tag(const struct tnd_msg *msg, struct tnd_slice value)
{
    struct tnd_addr to;

    if (value.len > 0 && value.ptr[value.len - 1] == '>')
        return false;
    return ends_with_tag(msg, value) || (tnd_msg_to(msg, &to, NULL) && to.tag.ptr);
}

/* A To without a tag, with one. */
static inline void put_tagged(struct tnd_writer *w, const struct tnd_msg *msg,
                              const struct tnd_field *f, struct tnd_slice tag)
{
    struct tnd_slice value = tnd_field_value(msg, f);
    const char *line = msg->text.ptr + f->name, *end = tnd_slice_end(value);

    if (msg->flaw_count > 0) {
        tnd_put_field_name(w, TND_HEADER_TO);
        put_line(w, value);
    } else {
        copy_part(w, msg, tnd_slice_between(line, end));
    }
    tnd_put(w, TND_STR(";tag="));
    tnd_put(w, tag);
    if (msg->flaw_count > 0 || msg->text.ptr + f[1].name - end == 2)
        tnd_put_line_end(w);
    else /* white space, folds with nothing in them */
        tnd_put(w, tnd_slice_between(end, msg->text.ptr + f[1].name));
}

/* RFC 3261 §8.2.6.2: the To of the request; with a tag if it has none, but in a 100. */
static inline void copy_to(struct tnd_writer *w, const struct tnd_msg *msg,
                           const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_TO);

    if (!f)
        return;
    if (!reply->to_tag.ptr || reply->code == 100 || has_tag(msg, tnd_field_value(msg, f)))
        copy_field(w, msg, f);
    else
        put_tagged(w, msg, f, reply->to_tag);
}

static bool makes_dialog(const struct tnd_msg *msg, unsigned code)
{
    return code > 100 && code < 300 &&
           (msg->method == TND_METHOD_INVITE || msg->method == TND_METHOD_SUBSCRIBE ||
            msg->method == TND_METHOD_REFER);
}

/* The index of a message that was parsed a while ago comes from far. All of it that a reply
 * needs is asked for at once, not each field when the one before has been copied. */
static inline void fetch_fields(const struct tnd_msg *msg)
{
    static const uint8_t kinds[] = {TND_HEADER_VIA, TND_HEADER_FROM, TND_HEADER_TO,
                                    TND_HEADER_CALL_ID, TND_HEADER_CSEQ};

    for (size_t i = 0; i < sizeof(kinds); i++)
        __builtin_prefetch(&msg->fields[msg->first[kinds[i]]]);
}

void tnd_reply_write(struct tnd_writer *w, const struct tnd_msg *request,
                     const struct tnd_reply *reply)
{
    fetch_fields(request);
    tnd_put_status_line(w, reply->code, reply->reason);
    copy_vias(w, request, reply);
    if (makes_dialog(request, reply->code))
        copy_fields(w, request, TND_HEADER_RECORD_ROUTE);
    copy_fields(w, request, TND_HEADER_FROM);
    copy_to(w, request, reply);
    copy_fields(w, request, TND_HEADER_CALL_ID);
    copy_fields(w, request, TND_HEADER_CSEQ);
    if (reply->code == 100) /* RFC 3261 §8.2.6.1 */
        copy_fields(w, request, TND_HEADER_TIMESTAMP);
    tnd_put(w, reply->fields);
    tnd_put_body(w, reply->content_type, reply->body);
}
