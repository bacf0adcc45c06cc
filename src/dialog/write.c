/* What a request within a dialog starts with, and where it goes (RFC 3261 §12.2.1.1). */
#include "base/assert.h"
#include "dialog/parts.h"

uint32_t tnd_dialog_next_cseq(struct tnd_dialog *d)
{
    if (d->local_cseq >= (UINT32_C(1) << 31) - 1) /* RFC 3261 §8.1.1.5: below 2^31 */
        return 0;
    return ++d->local_cseq;
}

struct tnd_slice tnd_dialog_next_hop(const struct tnd_dialog *d)
{
    return d->first.ptr ? d->first : d->target;
}

/* RFC 3261 §12.2.1.1: a strict router finds itself in the Request-URI, without what may not stand
 * there. */
static void put_strict(struct tnd_writer *w, const struct tnd_dialog *d)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(d->first, &uri, &flaw) == 0)
        dialog_put_uri(w, &uri);
    else
        tnd_put(w, d->first);
}

static void put_request_line(struct tnd_writer *w, const struct tnd_dialog *d,
                             struct tnd_slice method)
{
    tnd_put(w, method);
    tnd_put_char(w, ' ');
    if (d->is_loose)
        tnd_put(w, d->target);
    else
        put_strict(w, d);
    tnd_put(w, TND_STR(" SIP/2.0\r\n"));
}

/* Behind a strict router the remote target is the last route. */
static void put_route(struct tnd_writer *w, const struct tnd_dialog *d)
{
    if (d->is_loose) {
        if (d->routes.ptr)
            tnd_put_field(w, TND_HEADER_ROUTE, d->routes);
        return;
    }
    tnd_put_field_name(w, TND_HEADER_ROUTE);
    if (d->other_routes.ptr) {
        tnd_put(w, d->other_routes);
        tnd_put(w, TND_STR(", "));
    }
    tnd_put_char(w, '<');
    tnd_put(w, d->target);
    tnd_put_char(w, '>');
    tnd_put_line_end(w);
}

static void put_number(struct tnd_writer *w, enum tnd_header kind, uint32_t number)
{
    tnd_put_field_name(w, kind);
    tnd_put_number(w, number);
}

void tnd_dialog_write(struct tnd_writer *w, const struct tnd_dialog *d,
                      const struct tnd_dialog_head *head)
{
    TND_ASSERT(head->cseq < UINT32_C(1) << 31);
    put_request_line(w, d, head->method);
    tnd_put(w, head->lines);
    put_route(w, d);
    put_number(w, TND_HEADER_MAX_FORWARDS, TND_DIALOG_HOPS);
    tnd_put_line_end(w);
    tnd_put_field(w, TND_HEADER_FROM, d->local);
    tnd_put_field(w, TND_HEADER_TO, d->remote);
    tnd_put_field(w, TND_HEADER_CALL_ID, d->call_id);
    put_number(w, TND_HEADER_CSEQ, head->cseq);
    tnd_put_char(w, ' ');
    tnd_put(w, head->method);
    tnd_put_line_end(w);
}

static void put_all(struct tnd_writer *w, const struct tnd_msg *msg, enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL)
        tnd_put_field(w, kind, tnd_field_value(msg, f));
}

bool tnd_dialog_ack_write(struct tnd_writer *w, const struct tnd_dialog *d,
                          const struct tnd_msg *invite, struct tnd_slice lines)
{
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(invite, &cseq, NULL))
        return false;
    tnd_dialog_write(
        w, d,
        &(struct tnd_dialog_head){.method = TND_STR("ACK"), .cseq = cseq.number, .lines = lines});
    put_all(w, invite, TND_HEADER_AUTHORIZATION);
    put_all(w, invite, TND_HEADER_PROXY_AUTHORIZATION);
    return true;
}
