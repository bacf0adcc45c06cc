/* What leaves an element: each response against the requests that came. */
#include "base/assert.h"
#include "base/owner.h"
#include "sim/checked.h"
#include "sim/trace.h"

enum { PARSE_ROOM = 1 << 20, QUOTE_MAX = 1200 };

void sim_put_quoted(struct tnd_writer *w, const char *what, struct tnd_slice text)
{
    bool cut = text.len > QUOTE_MAX;

    tnd_put_str(w, "  ");
    tnd_put_str(w, what);
    tnd_put_str(w, ":\n    | ");
    if (cut)
        text.len = QUOTE_MAX;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\r')
            continue;
        sim_put_text(w, tnd_slice(text.ptr + i, 1));
        if (text.ptr[i] == '\n' && i + 1 < text.len)
            tnd_put_str(w, "    | ");
    }
    tnd_put_str(w, cut ? "...\n" : "\n");
}

static void tell(struct sim_check *c, enum sim_law law, unsigned host, const char *what,
                 const struct tnd_output *out, const struct sim_asked *asked)
{
    struct tnd_writer room, *w = sim_check_tell(c, law, host, &room);

    if (!w)
        return;
    if (out->to.family != TND_FAMILY_NONE) {
        tnd_put_str(w, "  sent to ");
        tnd_endpoint_write(w, &out->to);
        tnd_put_str(w, "\n");
    }
    sim_put_quoted(w, what, out->bytes);
    if (asked) {
        tnd_put_str(w, "  the request came from ");
        tnd_endpoint_write(w, &asked->source);
        tnd_put_str(w, "\n");
        sim_put_quoted(w, "the request", asked->text);
        if (asked->txn->final.ptr || asked->final.ptr)
            sim_put_quoted(w, "its final response before",
                           asked->txn->final.ptr ? asked->txn->final : asked->final);
    }
    sim_check_told(c, w);
}

/* Whether host, as a Via says it, is that address. */
static bool is_host(const struct sim_check *c, struct tnd_slice host, const struct tnd_endpoint *to)
{
    struct tnd_endpoint e;

    if (!host.ptr)
        return false;
    if (tnd_address_parse(host, &e) == 0)
        return tnd_address_eq(&e, to);
    int named = sim_host_named(c->w, host);
    return named >= 0 && named == sim_host_find(c->w, to);
}

static bool is_port(int32_t port, uint16_t to)
{
    return port < 0 ? to == 5060 || to == 5061 : port == to;
}

static bool is_way_back(const struct sim_check *c, const struct sim_asked *a,
                        const struct tnd_output *out)
{
    const struct tnd_endpoint *to = &out->to;

    if (tnd_transport_is_reliable(a->source.transport) && out->flow == a->flow)
        return true;
    if (to->family == TND_FAMILY_NONE)
        return false;
    if (tnd_address_eq(to, &a->source))
        return a->is_strange || to->port == a->source.port || is_port(a->port, to->port);
    return (is_host(c, a->host, to) || is_host(c, a->maddr, to)) && is_port(a->port, to->port);
}

/* A request of the same transaction may have come by several ways. */
static bool goes_back(const struct sim_check *c, const struct sim_asked *first,
                      const struct tnd_output *out)
{
    for (const struct sim_asked *a = first; a; a = a->same)
        for (const struct sim_asked *b = a->txn->asked; b; b = b->before)
            if (is_way_back(c, b, out))
                return true;
    return false;
}

/* Whether a final response may be one to a request of t, which was served. */
static bool is_of_served(struct sim_txn *t, struct tnd_slice bytes, unsigned code, bool has_users)
{
    if (!t->final.ptr || tnd_slice_eq(t->final, bytes))
        return true;
    if (t->blurred) { /* the one before was not its own */
        t->blurred = false;
        return true;
    }
    /* RFC 3261 §13.3.1.4, and of a proxy §16.7 step 5 */
    return t->invite && code / 100 == 2 && (t->code / 100 == 2 || has_users);
}

/* The answer to a CANCEL is another one when its transaction, and that of its INVITE, is over, or
 * if there was no room for it. */
static bool may_change(const struct sim_check *c, const struct sim_asked *first)
{
    tnd_time j = first->txn->reliable ? 0 : 64 * tnd_timer_default(TND_TIMER_T1);

    return first->is_cancel && (c->is_short || sim_world_now(c->w) >= first->final_at + j);
}

/* Another answer than before is right if one of them is 503, for want of room, or 482, for an
 * ongoing transaction of another way (RFC 3261 §8.2.2.2): both follow from more than the request. */
static bool depends(unsigned code, struct tnd_slice before)
{
    static const char busy[] = "SIP/2.0 503 ", merged[] = "SIP/2.0 482 ";

    return code == 503 || code == 482 || memcmp(before.ptr, busy, sizeof(busy) - 1) == 0 ||
           memcmp(before.ptr, merged, sizeof(merged) - 1) == 0;
}

/* Who keeps no state answers the same request with the same (RFC 3261 §8.2.7). */
static bool is_of_unserved(const struct sim_check *c, const struct sim_asked *first,
                           struct tnd_slice bytes, unsigned code)
{
    return !first->final.ptr || first->is_mixed || tnd_slice_eq(first->final, bytes) ||
           depends(code, first->final) || may_change(c, first);
}

static void note_served(struct sim_check *c, unsigned host, struct sim_txn *t,
                        struct tnd_slice bytes, uint16_t code)
{
    if (t->final.ptr && tnd_slice_eq(t->final, bytes))
        return;
    /* a 2xx that a proxy was given too late: what went before is sent again */
    if (c->has_users && t->final.ptr && t->code >= 300 && code / 100 == 2)
        return;
    if (!t->final.ptr)
        t->final_at = sim_world_now(c->w);
    t->code = code;
    t->final = tnd_slice_keep(&c->hosts[host]->a, bytes);
}

/* Without a branch, several transactions may have the same answer: it is that of one of them. */
static void note_final(struct sim_check *c, unsigned host, struct sim_asked *first,
                       const struct tnd_output *out, uint16_t code)
{
    struct sim_asked *unserved = NULL;
    tnd_time now = sim_world_now(c->w);

    if (first->is_cancel &&
        c->has_users) /* RFC 3261 §16.10: passed on, it has as many answers as come */
        return;
    for (struct sim_asked *a = first; a; a = a->same) {
        bool served = a->txn->served && !a->is_odd;

        /* RFC 3261 §16.11: what comes behind it is passed on without state */
        if (c->has_users && served && sim_txn_is_over(a->txn, now))
            return;
        if (served && is_of_served(a->txn, out->bytes, code, c->has_users)) {
            note_served(c, host, a->txn, out->bytes, code);
            return;
        }
        if (!served)
            unserved = a;
    }
    if (!unserved || !is_of_unserved(c, first, out->bytes, code)) {
        tell(c, SIM_LAW_ONE_FINAL, host, "the response", out, first);
        return;
    }
    if (!first->final.ptr || !tnd_slice_eq(first->final, out->bytes))
        first->final_at = now;
    first->final = tnd_slice_keep(&c->hosts[host]->a, out->bytes);
}

static void check_response(struct sim_check *c, unsigned host, const struct tnd_output *out,
                           const struct tnd_msg *msg)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    struct tnd_map_node *node =
        sim_answer_key(&w, msg) ? tnd_map_find(&c->hosts[host]->asked, tnd_writer_slice(&w)) : NULL;
    /* who was started again passes on what belongs to a request of before (RFC 3261 §16.11) */
    if (!node && c->has_users && tnd_map_find(&c->hosts[host]->passed, tnd_writer_slice(&w)))
        return;
    if (!node) {
        tell(c, SIM_LAW_ASKED, host, "the response", out, NULL);
        return;
    }
    struct sim_asked *asked = TND_OWNER(node, struct sim_asked, node);
    if (!goes_back(c, asked, out))
        tell(c, SIM_LAW_WAY_BACK, host, "the response", out, asked);
    if (msg->code >= 200)
        note_final(c, host, asked, out, msg->code);
}

/* A request that leaves came before; ACK and CANCEL are of one that did. */
static bool was_asked_for(const struct sim_check *c, unsigned host, const struct tnd_msg *msg)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    return c->has_users && sim_request_key(&w, msg) &&
           tnd_map_find(&c->hosts[host]->passed, tnd_writer_slice(&w));
}

void sim_checked_sent(struct sim_check *c, unsigned host, const struct tnd_output *out)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, NULL, 0, c->mem, PARSE_ROOM);
    int err = tnd_msg_parse(&msg, &a, out->bytes, TND_DATAGRAM);
    TND_ASSERT(err != TND_ENOMEM);
    if (err != 0 || msg.kind == TND_MSG_NONE ||
        tnd_slice_end(msg.text) != tnd_slice_end(out->bytes))
        tell(c, SIM_LAW_MESSAGE, host, "the bytes", out, NULL);
    else if (msg.kind == TND_MSG_REQUEST && was_asked_for(c, host, &msg))
        ;
    else if (msg.kind == TND_MSG_REQUEST)
        tell(c, SIM_LAW_ASKED, host, "a request that nobody asked for", out, NULL);
    else
        check_response(c, host, out, &msg);
    tnd_arena_fini(&a);
}
