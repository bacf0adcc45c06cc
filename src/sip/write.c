/* Writing requests and replies. */
#include "tandem/sip/write.h"

#include "base/ascii.h"
#include "base/assert.h"

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
    char start[] = "SIP/2.0 000 ";

    TND_ASSERT(code >= 100 && code <= 699);
    start[8] = (char)('0' + code / 100);
    start[9] = (char)('0' + code / 10 % 10);
    start[10] = (char)('0' + code % 10);
    tnd_put(w, tnd_slice(start, sizeof(start) - 1));
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

/* Copies that follow one another in the original leave as one. */
struct run {
    struct tnd_writer *w;
    struct tnd_slice pending;
};

static inline void run_flush(struct run *r)
{
    tnd_put(r->w, r->pending);
    r->pending.len = 0;
}

static inline void run_add(struct run *r, struct tnd_slice s)
{
    if (s.ptr != tnd_slice_end(r->pending)) {
        run_flush(r);
        r->pending.ptr = s.ptr;
    }
    r->pending.len += s.len;
}

/* A field of a message with flaws, on one line that ends with CRLF. */
static void copy_odd_field(struct run *r, const struct tnd_msg *msg, const struct tnd_field *f)
{
    run_flush(r);
    tnd_put_field(r->w, (enum tnd_header)f->kind, tnd_field_value(msg, f));
}

/* A field as it came. */
static inline void copy_field(struct run *r, const struct tnd_msg *msg, const struct tnd_field *f)
{
    if (__builtin_expect(msg->flaw_count > 0, 0))
        copy_odd_field(r, msg, f);
    else
        run_add(r, tnd_field_lines(msg, f));
}

static inline void copy_fields(struct run *r, const struct tnd_msg *msg, enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL)
        copy_field(r, msg, f);
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
static void copy_seen_vias(struct run *r, const struct tnd_msg *msg, const struct tnd_via *via,
                           const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_VIA);
    const char *end = tnd_slice_end(tnd_field_value(msg, f));

    tnd_put_field_name(r->w, TND_HEADER_VIA);
    put_seen_via(r->w, via, reply);
    put_line(r->w, tnd_slice_between(tnd_slice_end(via->text), end));
    tnd_put_line_end(r->w);
    while (f->next) {
        f = &msg->fields[f->next];
        copy_field(r, msg, f);
    }
}

static inline void copy_vias(struct run *r, const struct tnd_msg *msg,
                             const struct tnd_reply *reply)
{
    struct tnd_via via;

    if ((reply->received.ptr || reply->rport >= 0) && tnd_msg_via(msg, &via, NULL))
        copy_seen_vias(r, msg, &via, reply);
    else
        copy_fields(r, msg, TND_HEADER_VIA);
}

/* A To that ends with '>' has no parameter, so no tag; that is how most requests come. */
static inline bool has_tag(const struct tnd_msg *msg, struct tnd_slice value)
{
    struct tnd_addr to;

    if (value.len > 0 && value.ptr[value.len - 1] == '>')
        return false;
    return tnd_msg_to(msg, &to, NULL) && to.tag.ptr;
}

/* RFC 3261 §8.2.6.2: the To of the request; with a tag if it has none, but in a 100. */
static inline void copy_to(struct run *r, const struct tnd_msg *msg, const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_TO);

    if (!f)
        return;
    struct tnd_slice value = tnd_field_value(msg, f), lines = tnd_field_lines(msg, f);
    if (!reply->to_tag.ptr || reply->code == 100 || has_tag(msg, value)) {
        copy_field(r, msg, f);
        return;
    }
    if (msg->flaw_count > 0) {
        tnd_put_field_name(r->w, TND_HEADER_TO);
        put_line(r->w, value);
    } else {
        run_add(r, tnd_slice_between(lines.ptr, tnd_slice_end(value)));
        run_flush(r);
    }
    tnd_put(r->w, TND_STR(";tag="));
    tnd_put(r->w, reply->to_tag);
    if (msg->flaw_count > 0)
        tnd_put_line_end(r->w);
    else
        run_add(r, tnd_slice_between(tnd_slice_end(value), tnd_slice_end(lines)));
}

static bool makes_dialog(const struct tnd_msg *msg, unsigned code)
{
    return code > 100 && code < 300 &&
           (msg->method == TND_METHOD_INVITE || msg->method == TND_METHOD_SUBSCRIBE ||
            msg->method == TND_METHOD_REFER);
}

void tnd_reply_write(struct tnd_writer *w, const struct tnd_msg *request,
                     const struct tnd_reply *reply)
{
    struct run r = {w, {request->text.ptr, 0}};

    tnd_put_status_line(w, reply->code, reply->reason);
    copy_vias(&r, request, reply);
    if (makes_dialog(request, reply->code))
        copy_fields(&r, request, TND_HEADER_RECORD_ROUTE);
    copy_fields(&r, request, TND_HEADER_FROM);
    copy_to(&r, request, reply);
    copy_fields(&r, request, TND_HEADER_CALL_ID);
    copy_fields(&r, request, TND_HEADER_CSEQ);
    if (reply->code == 100) /* RFC 3261 §8.2.6.1 */
        copy_fields(&r, request, TND_HEADER_TIMESTAMP);
    run_flush(&r);
    tnd_put(w, reply->fields);
    tnd_put_body(w, reply->content_type, reply->body);
}
