/* Writes a session description: RFC 8866 §9.
 *
 * Each value is checked as it is put, with the words the reader uses. The first that is
 * wrong spoils the whole, and the writer goes back to where it was: nothing that came from
 * a user or a peer can smuggle a line in. */
#include "sdp/text.h"

/* A writer, and whether a value was wrong. */
struct pen {
    struct tnd_writer *w;
    bool spoilt;
};

static void put_checked(struct pen *pen, bool is_ok, struct tnd_slice s)
{
    if (!is_ok)
        pen->spoilt = true;
    tnd_put(pen->w, s);
}

static void put_token(struct pen *pen, struct tnd_slice s)
{
    put_checked(pen, tnd_sdp_is_token(s), s);
}

static void put_space(struct pen *pen)
{
    tnd_put_char(pen->w, ' ');
}

static void put_end(struct pen *pen)
{
    tnd_put(pen->w, TND_STR("\r\n"));
}

/* A line of text; absent text is no line. */
static void put_text(struct pen *pen, const char *letter, struct tnd_slice s)
{
    if (!s.ptr)
        return;
    tnd_put_str(pen->w, letter);
    put_checked(pen, tnd_sdp_is_text(s), s);
    put_end(pen);
}

static void put_texts(struct pen *pen, const char *letter, const struct tnd_slice *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_text(pen, letter, s[i]);
}

static void put_origin(struct pen *pen, const struct tnd_sdp_origin *o)
{
    enum tnd_sdp_addr kind;
    bool multicast;

    tnd_put_str(pen->w, "o=");
    put_checked(pen, tnd_sdp_is_word(o->user), o->user);
    put_space(pen);
    tnd_put_number(pen->w, o->session_id);
    put_space(pen);
    tnd_put_number(pen->w, o->version);
    put_space(pen);
    put_token(pen, o->net_type);
    put_space(pen);
    put_token(pen, o->addr_type);
    put_space(pen);
    put_checked(pen, tnd_sdp_addr_kind(o->addr_type, o->address, &kind, &multicast), o->address);
    if (o->session_id > INT64_MAX || o->version > INT64_MAX) /* RFC 3264 §5 */
        pen->spoilt = true;
    put_end(pen);
}

static void put_conn(struct pen *pen, const struct tnd_sdp_conn *c)
{
    enum tnd_sdp_addr kind;
    bool multicast;

    tnd_put_str(pen->w, "c=");
    put_token(pen, c->net_type);
    put_space(pen);
    put_token(pen, c->addr_type);
    put_space(pen);
    put_checked(pen, tnd_sdp_addr_kind(c->addr_type, c->address, &kind, &multicast), c->address);
    if (c->multicast && c->kind == TND_SDP_ADDR_IP4) { /* RFC 8866 §5.7 */
        tnd_put_char(pen->w, '/');
        tnd_put_number(pen->w, c->ttl);
    }
    if (c->multicast && c->count > 1) {
        tnd_put_char(pen->w, '/');
        tnd_put_number(pen->w, c->count);
    }
    put_end(pen);
}

static void put_bandwidth(struct pen *pen, const struct tnd_sdp_bandwidth *b)
{
    tnd_put_str(pen->w, "b=");
    put_token(pen, b->type);
    tnd_put_char(pen->w, ':');
    tnd_put_number(pen->w, b->value);
    put_end(pen);
}

static void put_attr(struct pen *pen, const struct tnd_sdp_attr *attr)
{
    tnd_put_str(pen->w, "a=");
    put_token(pen, attr->name);
    if (attr->value.ptr) {
        tnd_put_char(pen->w, ':');
        put_checked(pen, tnd_sdp_is_text(attr->value), attr->value);
    }
    put_end(pen);
}

static void put_conns(struct pen *pen, const struct tnd_sdp_part *part)
{
    for (size_t i = 0; i < part->conn_count; i++)
        put_conn(pen, &part->conns[i]);
    for (size_t i = 0; i < part->bandwidth_count; i++)
        put_bandwidth(pen, &part->bandwidths[i]);
}

static void put_attrs(struct pen *pen, const struct tnd_sdp_part *part)
{
    for (size_t i = 0; i < part->attr_count; i++)
        put_attr(pen, &part->attrs[i]);
}

static void put_time(struct pen *pen, const struct tnd_sdp_time *t)
{
    tnd_put_str(pen->w, "t=");
    tnd_put_number(pen->w, t->start);
    put_space(pen);
    tnd_put_number(pen->w, t->stop);
    put_end(pen);
    for (size_t i = 0; i < t->repeat_count; i++)
        if (!tnd_sdp_is_repeat(t->repeats[i]))
            pen->spoilt = true;
    if (t->zones.ptr && !tnd_sdp_is_zones(t->zones))
        pen->spoilt = true;
    put_texts(pen, "r=", t->repeats, t->repeat_count);
    put_text(pen, "z=", t->zones);
}

static void put_times(struct pen *pen, const struct tnd_sdp *sdp)
{
    static const struct tnd_sdp_time permanent; /* RFC 3264 §5: SHOULD have a value of "0 0" */

    if (sdp->time_count == 0)
        put_time(pen, &permanent);
    for (size_t i = 0; i < sdp->time_count; i++)
        put_time(pen, &sdp->times[i]);
}

static void put_media(struct pen *pen, const struct tnd_sdp_media *m)
{
    tnd_put_str(pen->w, "m=");
    put_token(pen, m->type);
    put_space(pen);
    tnd_put_number(pen->w, m->port);
    if (m->port_count > 1) {
        tnd_put_char(pen->w, '/');
        tnd_put_number(pen->w, m->port_count);
    }
    put_space(pen);
    put_checked(pen, tnd_sdp_is_proto(m->proto), m->proto);
    for (size_t i = 0; i < m->format_count; i++) {
        put_space(pen);
        put_token(pen, m->formats[i]);
    }
    put_end(pen);
    if (m->format_count == 0) /* RFC 8866 §9: 1*(SP fmt) */
        pen->spoilt = true;
    put_text(pen, "i=", m->part.info);
    put_conns(pen, &m->part);
    put_attrs(pen, &m->part);
}

static void check_conns(struct pen *pen, const struct tnd_sdp *sdp)
{
    if (sdp->session.conn_count > 1)
        pen->spoilt = true;
    for (size_t i = 0; i < sdp->media_count; i++)
        if (!tnd_sdp_conn_of(sdp, &sdp->media[i]))
            pen->spoilt = true;
}

int tnd_sdp_write(struct tnd_writer *w, const struct tnd_sdp *sdp)
{
    struct pen pen = {w, false};
    size_t before = w->len;

    tnd_put_str(w, "v=0\r\n");
    put_origin(&pen, &sdp->origin);
    put_text(&pen, "s=", sdp->name.ptr ? sdp->name : TND_STR("-")); /* RFC 8866 §5.3 */
    put_text(&pen, "i=", sdp->session.info);
    put_text(&pen, "u=", sdp->uri);
    put_texts(&pen, "e=", sdp->emails, sdp->email_count);
    put_texts(&pen, "p=", sdp->phones, sdp->phone_count);
    put_conns(&pen, &sdp->session);
    put_times(&pen, sdp);
    put_attrs(&pen, &sdp->session);
    for (size_t i = 0; i < sdp->media_count; i++)
        put_media(&pen, &sdp->media[i]);
    check_conns(&pen, sdp);
    if (!pen.spoilt)
        return 0;
    w->len = before;
    return TND_ESYNTAX;
}
