/* The request that is passed on (RFC 3261 §16.6): edits of what came, written in one pass.
 *
 * What is new stands in front of all that came, in one run of the caller's: so our Via is the top
 * one, our Record-Route the first, and the Route of a Path in front of what is left of Route. */
#include "proxy/forward.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "tandem/sip/auth.h"

struct tnd_slice proxy_made(struct proxy_made *made, const char *end)
{
    struct tnd_slice s = tnd_slice_between(made->at, end);

    TND_ASSERT(end <= made->room + sizeof(made->room));
    made->at += s.len;
    return s;
}

char *proxy_put_number(char *to, uint32_t n)
{
    char digits[10]; /* 2^32 - 1 has ten */
    char *first = digits + sizeof(digits);

    do {
        *--first = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    while (first < digits + sizeof(digits))
        *to++ = *first++;
    return to;
}

void proxy_edit_length(struct tnd_edits *e, struct proxy_made *made)
{
    if (__builtin_expect(tnd_msg_has(e->msg, TND_HEADER_CONTENT_LENGTH), 1))
        return;
    char *end = PROXY_PUT(made->at, "Content-Length: ");
    end = proxy_put_number(end, (uint32_t)e->msg->body.len);
    end = PROXY_PUT(end, "\r\n");
    tnd_edit_insert(e, NULL, proxy_made(made, end));
}

/* RFC 3581 §4: only where the client asked for it. */
static bool has_rport(const struct tnd_forward_with *with)
{
    return with->rport >= 0 && with->top->rport >= 0;
}

static char *put_seen(char *to, const struct tnd_forward_with *with)
{
    if (has_rport(with)) {
        *to++ = '='; /* behind the name that stands there */
        to = proxy_put_number(to, (uint32_t)with->rport);
    }
    if (with->received.ptr) {
        TND_ASSERT(with->received.len <= TND_ADDRESS_LEN_MAX);
        to = PROXY_PUT(to, ";received=");
        to = proxy_put(to, with->received.ptr, with->received.len);
    }
    return to;
}

/* Behind the name rport. At the end or as the first parameter is where phones put it. */
static const char *behind_rport(const struct tnd_via *via)
{
    struct tnd_slice rest = via->params;
    struct tnd_param p;
    const char *end = tnd_slice_end(rest);

    if (rest.len >= 6 && memcmp(end - 6, ";rport", 6) == 0)
        return end;
    while (tnd_param_next(&rest, &p))
        if (tnd_slice_eq_fold(p.name, TND_STR("rport")))
            return tnd_slice_end(p.name);
    return end;
}

/* What the client wrote itself is a guess at what only we can see, and goes. */
static void cut_guesses(struct tnd_edits *e, const struct tnd_forward_with *with)
{
    struct tnd_slice params = with->top->params, rest = params;
    struct tnd_param p;

    while (tnd_param_next(&rest, &p)) {
        if (tnd_slice_eq_fold(p.name, TND_STR("received")))
            tnd_edit(e, tnd_slice_between(params.ptr, rest.ptr), tnd_slice(NULL, 0));
        else if (has_rport(with) && p.value.ptr && tnd_slice_eq_fold(p.name, TND_STR("rport")))
            tnd_edit(e, tnd_slice_between(tnd_slice_end(p.name), rest.ptr), tnd_slice(NULL, 0));
        params = rest;
    }
}

/* RFC 3261 §18.2.1, RFC 3581 §4: the Via of the sender says where the request came from. */
static void edit_seen(struct tnd_edits *e, const struct tnd_forward_with *with,
                      struct proxy_made *made)
{
    if (!with->received.ptr && !has_rport(with))
        return;
    if (with->top->received.ptr || with->top->rport > 0)
        cut_guesses(e, with);
    const char *at = has_rport(with) ? behind_rport(with->top) : tnd_slice_end(with->top->text);
    tnd_edit(e, tnd_slice(at, 0), proxy_made(made, put_seen(made->at, with)));
}

/* RFC 3261 §16.6 step 3. */
static void edit_hops(struct tnd_edits *e, const struct tnd_forward_with *with,
                      struct proxy_made *made)
{
    if (with->max_forwards < 0)
        return;
    TND_ASSERT(with->max_forwards > 0); /* the owner has answered 483 */
    const char *end = proxy_put_number(made->at, (uint32_t)with->max_forwards - 1);
    tnd_edit_value(e, tnd_msg_field(e->msg, TND_HEADER_MAX_FORWARDS), proxy_made(made, end));
}

/* RFC 5393 §5.3.3: a single value. */
static void edit_breadth(struct tnd_edits *e, const struct tnd_forward_with *with,
                         struct proxy_made *made)
{
    const struct tnd_field *f = tnd_msg_field(e->msg, TND_HEADER_MAX_BREADTH);

    if (with->max_breadth == 0 || !f)
        return;
    const char *end = proxy_put_number(made->at, with->max_breadth);
    tnd_edit_value(e, f, proxy_made(made, end));
    while ((f = proxy_next_field(e->msg, f)))
        tnd_edit_remove(e, f);
}

/* What comes in front of all fields. */
static void edit_front(struct tnd_edits *e, const struct tnd_forward_with *with,
                       struct proxy_made *made)
{
    const struct tnd_field *first = e->msg->field_count > 0 ? &e->msg->fields[1] : NULL;
    char *end = made->at;

    tnd_edit_insert(e, first, with->lines);
    if (with->max_forwards < 0) /* RFC 3261 §16.6 step 3 */
        end = PROXY_PUT(end, "Max-Forwards: 70\r\n");
    if (with->max_breadth > 0 && !tnd_msg_has(e->msg, TND_HEADER_MAX_BREADTH)) {
        end = PROXY_PUT(end, "Max-Breadth: "); /* RFC 5393 §5.3.3 */
        end = proxy_put_number(end, with->max_breadth);
        end = PROXY_PUT(end, "\r\n");
    }
    if (end > made->at)
        tnd_edit_insert(e, first, proxy_made(made, end));
}

/* RFC 7044 §10.3: entries stand in the order of their indexes, so ours come behind. */
static void edit_history(struct tnd_edits *e, struct tnd_slice history)
{
    const struct tnd_msg *msg = e->msg;

    if (history.len == 0)
        return;
    if (tnd_msg_has(msg, TND_HEADER_HISTORY_INFO))
        tnd_edit_insert(
            e, proxy_field_behind(msg, &msg->fields[msg->last[TND_HEADER_HISTORY_INFO]]), history);
    else
        tnd_edit_insert(e, msg->field_count > 0 ? &msg->fields[1] : NULL, history);
}

/* The realm in a quoted string; one that needs backslashes is compared by what it says. */
static bool is_realm(struct tnd_slice quoted, struct tnd_slice realm)
{
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_unquote(&w, quoted);
    return tnd_slice_eq(tnd_writer_slice(&w), realm);
}

/* RFC 3261 §22.3: those for another realm are not ours to consume. */
static void edit_credentials(struct tnd_edits *e, struct tnd_slice realm)
{
    const struct tnd_field *f = tnd_msg_field(e->msg, TND_HEADER_PROXY_AUTHORIZATION);
    struct tnd_auth auth;

    for (; f; f = proxy_next_field(e->msg, f)) {
        struct tnd_values v = tnd_field_values(e->msg, f);

        if (tnd_credentials_next(&v, &auth) && auth.digest && is_realm(auth.realm, realm))
            tnd_edit_remove(e, f);
    }
}

/* RFC 3261 §16.6 step 6: the last value, so that whoever follows a strict router finds it. */
static void edit_route_added(struct tnd_edits *e, struct tnd_slice uri)
{
    const struct tnd_msg *msg = e->msg;
    const struct tnd_field *before = msg->field_count > 0 ? &msg->fields[1] : NULL;

    if (tnd_msg_has(msg, TND_HEADER_ROUTE))
        before = proxy_field_behind(msg, &msg->fields[msg->last[TND_HEADER_ROUTE]]);
    tnd_edit_insert(e, before, TND_STR("Route: <"));
    tnd_edit_insert(e, before, uri);
    tnd_edit_insert(e, before, TND_STR(">\r\n"));
}

void tnd_forward_request_write(struct tnd_writer *w, const struct tnd_msg *request,
                               const struct tnd_forward_with *with)
{
    struct proxy_made made;
    struct tnd_edits e;

    made.at = made.room;
    tnd_edits_init(&e, request);
    if (with->uri.ptr)
        tnd_edit_uri(&e, with->uri);
    edit_front(&e, with, &made);
    edit_seen(&e, with, &made);
    edit_hops(&e, with, &made);
    edit_breadth(&e, with, &made);
    if (with->route_used || with->route_last)
        proxy_edit_routes(&e, with->route_used, with->route_last);
    if (with->route_added.ptr)
        edit_route_added(&e, with->route_added);
    edit_history(&e, with->history);
    if (with->strips_credentials)
        edit_credentials(&e, with->realm);
    proxy_edit_length(&e, &made);
    tnd_edits_write(w, &e);
}
