/* The requests that a client transaction makes of its INVITE: ACK and CANCEL. */
#include "tandem/txn.h"

/* RFC 3261 §8.1.1.6: both start anew. */
enum { HOPS = 70 };

/* What both copy; Request-URI, From and Call-ID go as they stand. */
struct original {
    const struct tnd_msg *invite;
    struct tnd_via via;
    struct tnd_cseq cseq;
};

static bool read_original(const struct tnd_msg *invite, struct original *ret)
{
    ret->invite = invite;
    return invite->kind == TND_MSG_REQUEST && tnd_msg_via(invite, &ret->via, NULL) &&
           tnd_msg_cseq(invite, &ret->cseq, NULL) && tnd_msg_has(invite, TND_HEADER_FROM) &&
           tnd_msg_has(invite, TND_HEADER_CALL_ID);
}

static void put_all(struct tnd_writer *w, const struct tnd_msg *msg, enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL)
        tnd_put_field(w, kind, tnd_field_value(msg, f));
}

/* First line and fields; to is that of the INVITE or of its response. */
static void put_head(struct tnd_writer *w, const struct original *o, struct tnd_slice method,
                     struct tnd_slice to)
{
    tnd_put_request_line(w, method, o->invite->uri);
    tnd_put_field(w, TND_HEADER_VIA, o->via.text); /* the top one alone */
    put_all(w, o->invite, TND_HEADER_ROUTE);       /* for stateless proxies to find the way */
    tnd_put_field_name(w, TND_HEADER_MAX_FORWARDS);
    tnd_put_number(w, HOPS);
    tnd_put_line_end(w);
    tnd_put_field(w, TND_HEADER_FROM, tnd_msg_value(o->invite, TND_HEADER_FROM));
    tnd_put_field(w, TND_HEADER_TO, to);
    tnd_put_field(w, TND_HEADER_CALL_ID, tnd_msg_value(o->invite, TND_HEADER_CALL_ID));
    tnd_put_field_name(w, TND_HEADER_CSEQ);
    tnd_put_number(w, o->cseq.number);
    tnd_put_char(w, ' ');
    tnd_put(w, method);
    tnd_put_line_end(w);
}

static void put_end(struct tnd_writer *w)
{
    tnd_put_body(w, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
}

bool tnd_ack_write(struct tnd_writer *w, const struct tnd_msg *invite,
                   const struct tnd_msg *response)
{
    struct original o;

    if (!read_original(invite, &o) || !tnd_msg_has(response, TND_HEADER_TO))
        return false;
    /* RFC 3261 §17.1.1.3: the To of the response, with its tag. */
    put_head(w, &o, TND_STR("ACK"), tnd_msg_value(response, TND_HEADER_TO));
    put_all(w, invite, TND_HEADER_AUTHORIZATION); /* RFC 3261 §22.1 */
    put_all(w, invite, TND_HEADER_PROXY_AUTHORIZATION);
    put_end(w);
    return true;
}

bool tnd_cancel_write(struct tnd_writer *w, const struct tnd_msg *invite, struct tnd_slice fields)
{
    struct original o;

    if (!read_original(invite, &o) || !tnd_msg_has(invite, TND_HEADER_TO))
        return false;
    /* RFC 3261 §9.1: To as it was sent; no Require, no Proxy-Require. */
    put_head(w, &o, TND_STR("CANCEL"), tnd_msg_value(invite, TND_HEADER_TO));
    tnd_put(w, fields);
    put_end(w);
    return true;
}
