/* TCP: what is sent arrives, in its order, in pieces; or the connection breaks, and whoever
 * sent what did not arrive is told. */
#include "base/assert.h"
#include "sim/inside.h"

enum {
    PORT_FIRST = 30000, /* of those that open connections */
    PORT_COUNT = 30000,
    PIECE_COUNT_MAX = 8, /* of one message */
    RESEND_MS = 200,     /* a lost piece comes that much later */
};

static struct sim_connection *connection_of(const struct sim_world *w, uint64_t flow)
{
    uint64_t at = (flow - SIM_FLOW_FIRST) / 2;

    return flow >= SIM_FLOW_FIRST && at < w->connection_count ? w->connections[at] : NULL;
}

static unsigned side_of(uint64_t flow)
{
    return flow % 2;
}

int sim_flow_far(const struct sim_world *w, uint64_t flow)
{
    const struct sim_connection *c = connection_of(w, flow);

    return c ? (int)c->end[!side_of(flow)].host : -1;
}

static struct sim_connection *add(struct sim_world *w, uint64_t *ret_flow)
{
    if (w->connection_count == w->connection_size) {
        size_t size = w->connection_size ? w->connection_size * 2 : 64;
        struct sim_connection **more = sim_take(w->mem, size * sizeof(*more));

        if (w->connection_count > 0)
            memcpy(more, w->connections, w->connection_count * sizeof(*more));
        sim_give(w->mem, w->connections, w->connection_size * sizeof(*more));
        w->connections = more;
        w->connection_size = size;
    }
    *ret_flow = SIM_FLOW_FIRST + 2 * (uint64_t)w->connection_count;
    w->counts.connections++;
    return w->connections[w->connection_count++] = sim_take(w->mem, sizeof(struct sim_connection));
}

static void init_end(struct sim_world *w, struct sim_end *e, unsigned host,
                     struct tnd_endpoint local)
{
    e->host = host;
    e->life = w->hosts[host]->life;
    e->local = sim_over(local, TND_TRANSPORT_TCP);
    e->last = w->now;
    tnd_stream_init(&e->stream, 0);
}

/* When something that is sent now arrives at the other end. Never: the connection breaks. */
static tnd_time passing(struct sim_world *w, unsigned from, unsigned to)
{
    tnd_time until = sim_parted_until(w, from, to);

    if (until - w->now > SIM_PATIENCE)
        return TND_NEVER_DUE;
    tnd_time at = until + sim_delay(w);
    for (unsigned i = 0; i < 4 && sim_chance(w, w->faults.lost_of_1000); i++)
        at += TND_MS(RESEND_MS << i);
    return at;
}

static void break_at(struct sim_world *w, uint64_t flow, unsigned host, tnd_time at)
{
    sim_event_add(w, SIM_EV_BREAK, host, at, tnd_slice(NULL, 0))->flow = flow;
}

/* A connection from host to an endpoint where a host is. */
static uint64_t open_to(struct sim_world *w, unsigned host, unsigned to,
                        const struct tnd_endpoint *there)
{
    uint64_t flow;
    struct sim_connection *c = add(w, &flow);
    struct tnd_endpoint local = w->hosts[host]->seen;

    local.port = (uint16_t)(PORT_FIRST + (flow / 2) % PORT_COUNT);
    init_end(w, &c->end[0], host, local);
    init_end(w, &c->end[1], to, *there);
    tnd_time at = passing(w, host, to);
    if (at == TND_NEVER_DUE) {
        at = w->now + SIM_PATIENCE;
        break_at(w, flow, host, at);
    } else {
        at += sim_delay(w); /* there and back, before the first byte is sent */
        sim_event_add(w, SIM_EV_CONNECT, to, at, tnd_slice(NULL, 0))->flow = flow + 1;
    }
    c->end[1].last = at;
    return flow;
}

void sim_connection_open(struct sim_world *w, struct sim_event *ev)
{
    const struct sim_host *h = w->hosts[ev->host];
    struct sim_connection *c = connection_of(w, ev->flow);

    bool is_hidden = !tnd_endpoint_eq(&h->seen, &h->address); /* a NAT lets nobody in */

    if (!h->element.ops || h->life != ev->life || is_hidden ||
        c->end[1].local.port != h->address.port)
        sim_connection_break(w, ev->flow); /* refused */
}

/* The connection of host to there, whoever opened it. 0: none. */
static uint64_t find(const struct sim_world *w, unsigned host, const struct tnd_endpoint *there)
{
    for (size_t i = w->connection_count; i > 0; i--) {
        const struct sim_connection *c = w->connections[i - 1];

        for (unsigned side = 0; !c->broken && side < 2; side++)
            if (c->end[side].host == host && tnd_endpoint_eq(&c->end[!side].local, there))
                return SIM_FLOW_FIRST + 2 * (uint64_t)(i - 1) + side;
    }
    return 0;
}

static void send_piece(struct sim_world *w, uint64_t flow, struct tnd_slice bytes, uint64_t token)
{
    struct sim_connection *c = connection_of(w, flow);
    const struct sim_end *here = &c->end[side_of(flow)];
    struct sim_end *there = &c->end[!side_of(flow)];
    tnd_time at = passing(w, here->host, there->host);

    if (at == TND_NEVER_DUE) {
        at = w->now + SIM_PATIENCE;
        break_at(w, flow, here->host, at);
    }
    if (at > there->last)
        there->last = at;
    struct sim_event *ev = sim_event_add(w, SIM_EV_PIECE, there->host, there->last, bytes);
    ev->flow = flow ^ 1;
    ev->sender = here->host;
    ev->sender_life = here->life;
    ev->token = token;
    ev->from = here->local;
    ev->to = there->local;
}

static void write_to(struct sim_world *w, uint64_t flow, struct tnd_slice bytes, uint64_t token)
{
    if (bytes.len == 0)
        return;
    for (unsigned i = 1; w->faults.pieces && i < PIECE_COUNT_MAX && bytes.len > 1; i++) {
        size_t len = 1 + tnd_random_below(&w->random, bytes.len - 1);

        send_piece(w, flow, tnd_slice(bytes.ptr, len), 0);
        bytes = tnd_slice(bytes.ptr + len, bytes.len - len);
    }
    send_piece(w, flow, bytes, token);
}

/* The flow by which host sends this; 0: there is none. */
static uint64_t flow_for(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    if (out->flow != 0) {
        const struct sim_connection *c = connection_of(w, out->flow);

        return c && !c->broken && c->end[side_of(out->flow)].host == host ? out->flow : 0;
    }
    uint64_t flow = find(w, host, &out->to);
    int to = sim_host_find(w, &out->to);
    return flow || to < 0 ? flow : open_to(w, host, (unsigned)to, &out->to);
}

void sim_connection_send(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    uint64_t flow = flow_for(w, host, out);

    if (flow == 0) {
        sim_fail(w, host, w->hosts[host]->life, out->token, w->now + sim_delay(w));
        return;
    }
    write_to(w, flow, out->bytes, out->token);
    if (sim_chance(w, w->faults.broken_of_1000))
        break_at(w, flow, host, w->now + sim_delay(w));
}

void sim_connection_close(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    uint64_t flow = out->flow ? out->flow : find(w, host, &out->to);
    struct sim_connection *c = connection_of(w, flow);

    if (!c || c->broken || c->end[side_of(flow)].host != host)
        return;
    c->end[side_of(flow)].deaf = true;
    /* when what was sent has arrived: events of one instant come in their order */
    tnd_time at = c->end[!side_of(flow)].last;
    break_at(w, flow, host, at > w->now ? at : w->now);
}

void sim_connection_break(struct sim_world *w, uint64_t flow)
{
    struct sim_connection *c = connection_of(w, flow);

    if (c->broken)
        return;
    c->broken = true;
    w->counts.broken++;
    for (unsigned i = 0; i < 2; i++) {
        sim_give(w->mem, c->end[i].bytes, c->end[i].size);
        c->end[i].bytes = NULL;
        c->end[i].len = c->end[i].size = 0;
    }
}

void sim_connection_crash(struct sim_world *w, unsigned host)
{
    for (size_t i = 0; i < w->connection_count; i++) {
        const struct sim_connection *c = w->connections[i];

        if (c->end[0].host == host || c->end[1].host == host)
            sim_connection_break(w, SIM_FLOW_FIRST + 2 * (uint64_t)i);
    }
}

void sim_connection_free_all(struct sim_world *w)
{
    for (size_t i = 0; i < w->connection_count; i++) {
        sim_connection_break(w, SIM_FLOW_FIRST + 2 * (uint64_t)i);
        sim_give(w->mem, w->connections[i], sizeof(*w->connections[i]));
    }
    sim_give(w->mem, w->connections, w->connection_size * sizeof(*w->connections));
}

static void append(struct sim_world *w, struct sim_end *e, const struct sim_event *ev)
{
    if (e->len + ev->len > e->size) {
        size_t size = 2 * (e->len + ev->len);
        char *more = sim_take(w->mem, size);

        if (e->len > 0)
            memcpy(more, e->bytes, e->len);
        sim_give(w->mem, e->bytes, e->size);
        e->bytes = more;
        e->size = size;
    }
    memcpy(e->bytes + e->len, ev->bytes, ev->len);
    e->len += ev->len;
}

static void feed_message(struct sim_world *w, const struct sim_connection *c, uint64_t flow,
                         struct tnd_msg *msg)
{
    const struct sim_end *e = &c->end[side_of(flow)];

    sim_feed(w, e->host,
             &(struct tnd_input){
                 .kind = TND_IN_MESSAGE,
                 .flow = {flow, e->local, c->end[!side_of(flow)].local},
                 .msg = msg,
                 .a = &w->arena,
             });
}

/* As the real net does: a ping is answered, what is no SIP ends the connection once it could
 * be answered. */
static void drain(struct sim_world *w, struct sim_connection *c, uint64_t flow)
{
    struct sim_end *e = &c->end[side_of(flow)];
    size_t at = 0;

    while (!e->deaf && !c->broken) {
        struct tnd_slice rest = tnd_slice(e->bytes + at, e->len - at);
        struct tnd_msg msg;
        size_t used;

        tnd_arena_reset(&w->arena);
        enum tnd_stream_got got = tnd_stream_next(&e->stream, &w->arena, rest, &msg, &used);
        TND_ASSERT(got != TND_STREAM_NOMEM && got != TND_STREAM_PONG);
        if (got == TND_STREAM_MORE)
            break;
        if (got == TND_STREAM_PING)
            write_to(w, flow, TND_STR("\r\n"), 0);
        else
            feed_message(w, c, flow, &msg);
        if (got == TND_STREAM_BROKEN) {
            e->deaf = true;
            break_at(w, flow, e->host, w->now + TND_SEC(1));
        }
        at += used;
    }
    if (!c->broken && at > 0) {
        memmove(e->bytes, e->bytes + at, e->len - at);
        e->len -= at;
    }
}

void sim_connection_arrive(struct sim_world *w, struct sim_event *ev)
{
    struct sim_connection *c = connection_of(w, ev->flow);
    struct sim_end *e = &c->end[side_of(ev->flow)];

    if (c->broken || e->life != w->hosts[e->host]->life || !w->hosts[e->host]->element.ops) {
        w->counts.lost++;
        sim_see(w, &(struct sim_sight){.kind = SIM_LOST,
                                       .host = ev->host,
                                       .from = ev->from,
                                       .to = ev->to,
                                       .bytes = tnd_slice(ev->bytes, ev->len)});
        sim_fail(w, ev->sender, ev->sender_life, ev->token, w->now);
        return;
    }
    if (e->deaf)
        return;
    append(w, e, ev);
    drain(w, c, ev->flow);
}
