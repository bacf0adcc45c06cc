/* UDP: datagrams that arrive, late, twice, in another order, or not. */
#include "base/assert.h"
#include "sim/inside.h"

#define BOUNCE_MAX TND_MS(200) /* the word of a router takes its time */

/* The socket of a host. A new life has a new one: an id is not used again. */
static uint64_t socket_of(const struct sim_host *h, unsigned host)
{
    return (uint64_t)1 << 32 | (uint64_t)h->life << 8 | (host + 1);
}

static void lose(struct sim_world *w, unsigned host, const struct tnd_endpoint *from,
                 const struct tnd_endpoint *to, struct tnd_slice bytes)
{
    w->counts.lost++;
    sim_see(w, &(struct sim_sight){
                   .kind = SIM_LOST, .host = host, .from = *from, .to = *to, .bytes = bytes});
}

static tnd_time arrival(struct sim_world *w, unsigned from, unsigned to)
{
    tnd_time *last = &w->hosts[to]->last[from];
    tnd_time at = w->now + sim_delay(w);

    if (sim_chance(w, w->faults.reordered_of_1000))
        return at + tnd_random_time(&w->random, 0, w->faults.reorder_max);
    if (at < *last)
        at = *last; /* behind the one before it */
    *last = at;
    return at;
}

void sim_datagram_send(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    const struct sim_host *h = w->hosts[host];
    struct tnd_endpoint from = sim_over(h->seen, TND_TRANSPORT_UDP);
    int to = sim_host_find(w, &out->to);

    if (out->bytes.len > SIM_DATAGRAM_LEN_MAX) {
        sim_fail(w, host, h->life, out->token, w->now);
        return;
    }
    if (to < 0 || sim_parted_until(w, host, (unsigned)to) > w->now ||
        sim_chance(w, w->faults.lost_of_1000)) {
        lose(w, to < 0 ? host : (unsigned)to, &from, &out->to, out->bytes);
        return;
    }
    unsigned copies = 1;
    if (sim_chance(w, w->faults.doubled_of_1000)) {
        w->counts.doubled++;
        copies++;
    }
    for (; copies > 0; copies--) {
        struct sim_event *ev = sim_event_add(w, SIM_EV_DATAGRAM, (unsigned)to,
                                             arrival(w, host, (unsigned)to), out->bytes);
        ev->from = from;
        ev->to = out->to;
        ev->sender = host;
        ev->sender_life = h->life;
        ev->token = out->token;
    }
}

/* Nobody is there, or nobody listens at that port. */
static void bounce(struct sim_world *w, struct sim_event *ev)
{
    lose(w, ev->host, &ev->from, &ev->to, tnd_slice(ev->bytes, ev->len));
    if (!sim_chance(w, w->faults.bounced_of_1000))
        return;
    w->counts.bounced++;
    sim_fail(w, ev->sender, ev->sender_life, ev->token,
             w->now + tnd_random_time(&w->random, 0, BOUNCE_MAX));
}

void sim_datagram_arrive(struct sim_world *w, struct sim_event *ev)
{
    struct sim_host *h = w->hosts[ev->host];
    struct tnd_msg msg;

    if (!h->element.ops || h->life != ev->life || ev->to.port != h->seen.port) {
        bounce(w, ev);
        return;
    }
    tnd_arena_reset(&w->arena);
    int err = tnd_msg_parse_datagram(&msg, &w->arena, tnd_slice(ev->bytes, ev->len));
    TND_ASSERT(err == 0); /* the arena holds the index of any datagram */
    sim_feed(
        w, ev->host,
        &(struct tnd_input){
            .kind = TND_IN_MESSAGE,
            .flow = {socket_of(h, ev->host), sim_over(h->address, TND_TRANSPORT_UDP), ev->from},
            .msg = &msg,
            .a = &w->arena,
        });
}
