/* Writing requests and replies. */
#include "tandem/sip/write.h"

#include "base/ascii.h"

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
    tnd_put(w, TND_STR("SIP/2.0 "));
    tnd_put_number(w, code);
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

    while (*end != '\n') /* white space and CR; the head ends with LF */
        end++;
    return tnd_slice_between(msg->text.ptr + f->name, end + 1);
}

/* A field as it came. One whose lines do not end with CRLF is written anew. */
static inline void copy_field(struct tnd_writer *w, const struct tnd_msg *msg,
                              const struct tnd_field *f)
{
    struct tnd_slice lines = tnd_field_lines(msg, f);

    if (__builtin_expect(lines.ptr[lines.len - 2] == '\r' && !f->folded, 1))
        tnd_put(w, lines);
    else
        tnd_put_field(w, (enum tnd_header)f->kind, tnd_field_value(msg, f));
}

static inline void copy_fields(struct tnd_writer *w, const struct tnd_msg *msg,
                               enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL)
        copy_field(w, msg, f);
}

/* The value of the top Via with received and rport as we saw them; what the client wrote
 * there is left out. */
static void put_seen_via(struct tnd_writer *w, const struct tnd_via *via,
                         const struct tnd_reply *reply)
{
    struct tnd_slice params = via->params;
    struct tnd_param p;

    tnd_put(w, tnd_slice_between(via->text.ptr, params.ptr));
    while (tnd_param_next(&params, &p)) {
        bool is_rport = tnd_slice_eq_fold(p.name, TND_STR("rport"));

        if (tnd_slice_eq_fold(p.name, TND_STR("received")) || (is_rport && reply->rport >= 0))
            continue;
        tnd_put_char(w, ';');
        tnd_put(w, p.name);
        if (p.value.ptr) {
            tnd_put_char(w, '=');
            tnd_put(w, p.value);
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
static void copy_vias(struct tnd_writer *w, const struct tnd_msg *msg,
                      const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_VIA);
    struct tnd_via via;

    if ((!reply->received.ptr && reply->rport < 0) || !tnd_msg_via(msg, &via, NULL)) {
        copy_fields(w, msg, TND_HEADER_VIA);
        return;
    }
    tnd_put_field_name(w, TND_HEADER_VIA);
    put_seen_via(w, &via, reply);
    put_line(w, tnd_slice_between(tnd_slice_end(via.text), tnd_slice_end(tnd_field_value(msg, f))));
    tnd_put_line_end(w);
    while (f->next) {
        f = &msg->fields[f->next];
        copy_field(w, msg, f);
    }
}

/* RFC 3261 §8.2.6.2: the To of the request; with a tag if it has none, but in a 100. */
static void copy_to(struct tnd_writer *w, const struct tnd_msg *msg, const struct tnd_reply *reply)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_TO);
    struct tnd_addr to;

    if (!f)
        return;
    if (!reply->to_tag.ptr || reply->code == 100 || (tnd_msg_to(msg, &to, NULL) && to.tag.ptr)) {
        copy_field(w, msg, f);
        return;
    }
    tnd_put(w, TND_STR("To: "));
    put_line(w, tnd_field_value(msg, f));
    tnd_put(w, TND_STR(";tag="));
    tnd_put(w, reply->to_tag);
    tnd_put_line_end(w);
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
