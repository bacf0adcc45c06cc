/* The remote target and the route set of a dialog (RFC 3261 §12.1.1, §12.1.2).
 *
 * A peer may refresh its target as often as it likes. The new one takes the place of the old if
 * that is large enough; else it gets twice as much or more. So all that a dialog ever takes for
 * targets is less than twice TND_URI_LEN_MAX, rounded up. The route set is taken twice at most:
 * with the dialog, and with the 2xx that confirms it. */
#include "dialog/parts.h"

enum { ROOM_MIN = 128 }; /* of a target */

static bool is_sip(const struct tnd_uri *uri)
{
    return uri->scheme == TND_SCHEME_SIP || uri->scheme == TND_SCHEME_SIPS;
}

void dialog_put_uri(struct tnd_writer *w, const struct tnd_uri *uri)
{
    struct tnd_uri bare = *uri;
    struct tnd_slice rest = uri->params;
    struct tnd_param p;

    bare.params = bare.headers = tnd_slice(NULL, 0);
    tnd_uri_write(w, &bare);
    while (tnd_param_next(&rest, &p)) {
        if (tnd_slice_eq_fold(p.name, TND_STR("method")))
            continue;
        tnd_put_char(w, ';');
        tnd_put(w, p.name);
        if (p.value.ptr) {
            tnd_put_char(w, '=');
            tnd_put(w, p.value);
        }
    }
}

/* At least len bytes, and twice those that there were. */
static bool make_room(struct tnd_dialog *d, size_t len)
{
    size_t size = d->room.size > 0 ? d->room.size : ROOM_MIN;

    if (len <= d->room.size)
        return true;
    while (size < len)
        size *= 2;
    char *ptr = tnd_arena_take(d->arena, size);
    if (!ptr)
        return false;
    d->room = (struct tnd_dialog_room){ptr, size};
    return true;
}

bool dialog_set_target(struct tnd_dialog *d, const struct tnd_uri *uri)
{
    struct tnd_writer w = tnd_writer(NULL, 0);

    if (!is_sip(uri))
        return false;
    dialog_put_uri(&w, uri);
    if (w.len > TND_URI_LEN_MAX || !make_room(d, w.len))
        return false;
    w = tnd_writer(d->room.ptr, d->room.size);
    dialog_put_uri(&w, uri);
    d->target = tnd_writer_slice(&w);
    return true;
}

bool dialog_take_target(struct tnd_dialog *d, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    return tnd_contact_next(&v, &contact) && !contact.star &&
           dialog_set_target(d, &contact.addr.uri);
}

/* The routes of a Record-Route, in its order. */
struct routes {
    unsigned count;
    struct tnd_addr addr[TND_DIALOG_ROUTE_COUNT_MAX];
};

static int read_routes(struct routes *r, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_RECORD_ROUTE);
    struct tnd_addr addr;

    r->count = 0;
    while (tnd_addr_next(&v, &addr)) {
        if (r->count == TND_DIALOG_ROUTE_COUNT_MAX)
            return TND_ESPACE;
        r->addr[r->count++] = addr;
    }
    return v.c.flaw.rule == TND_RULE_NONE ? 0 : TND_ESYNTAX;
}

/* RFC 3261 §12.1.2: the UAC has them in reverse order; §12.1.1: the UAS as they stand. */
static const struct tnd_addr *route_at(const struct routes *r, unsigned i, bool is_reversed)
{
    return &r->addr[is_reversed ? r->count - 1 - i : i];
}

/* "<sip:p1;lr>, <sip:p2;lr>": URIs with all their parameters (RFC 3261 §12.1.1). */
static void put_route(struct tnd_writer *w, const struct tnd_addr *addr)
{
    tnd_put_char(w, '<');
    tnd_put(w, addr->uri.text);
    tnd_put_char(w, '>');
    for (size_t i = 0; i < addr->params.len; i++) { /* they may be folded */
        char c = addr->params.ptr[i];
        tnd_put_char(w, c == '\r' || c == '\n' ? ' ' : c);
    }
}

static size_t put_routes(struct tnd_writer *w, const struct routes *r, bool is_reversed)
{
    size_t second = 0; /* where it starts */

    for (unsigned i = 0; i < r->count; i++) {
        if (i > 0)
            tnd_put(w, TND_STR(", "));
        if (i == 1)
            second = w->len;
        put_route(w, route_at(r, i, is_reversed));
    }
    return second;
}

static void set_routes(struct tnd_dialog *d, const struct tnd_addr *first, struct tnd_slice all,
                       size_t second)
{
    struct tnd_slice lr;

    d->routes = all;
    d->first = tnd_slice(all.ptr + 1, first->uri.text.len);
    d->other_routes =
        second > 0 ? tnd_slice(all.ptr + second, all.len - second) : tnd_slice(NULL, 0);
    /* RFC 3261 §16.12.1.1: lr says that it is a loose router; a URI without <> has no parameters. */
    d->is_loose = first->angle && tnd_param_find(first->uri.params, TND_STR("lr"), &lr);
}

int dialog_take_routes(struct tnd_dialog *d, const struct tnd_msg *msg)
{
    struct routes r;
    struct tnd_writer w = tnd_writer(NULL, 0);
    int err = read_routes(&r, msg);

    if (err)
        return err;
    if (r.count == 0) {
        d->routes = d->first = d->other_routes = tnd_slice(NULL, 0);
        d->is_loose = true;
        return 0;
    }
    size_t second = put_routes(&w, &r, d->is_uac);
    char *ptr = tnd_arena_take(d->arena, w.len);
    if (!ptr)
        return TND_ENOMEM;
    w = tnd_writer(ptr, w.len);
    put_routes(&w, &r, d->is_uac);
    set_routes(d, route_at(&r, 0, d->is_uac), tnd_writer_slice(&w), second);
    return 0;
}
