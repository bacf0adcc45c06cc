/* What was recorded becomes calls. */
#include "web/live_inside.h"

#include <stdlib.h>

#include "base/assert.h"
#include "net/heap.h"

enum { READ_COUNT_MAX = 200000, TAKE_EVERY = 256 };

int tnd_live_new(const struct tnd_live_config *config, struct tnd_live **ret)
{
    struct tnd_diag_world world = {.mem = &tnd_heap,
                                   .seed = config->seed,
                                   .calls_max = TND_LIVE_OPEN_COUNT_MAX,
                                   .memory_max = TND_LIVE_OPEN_SIZE_MAX};
    struct tnd_live *l = calloc(1, sizeof(*l));

    TND_ASSERT(config->listen_count > 0 && config->listen_count <= LIVE_LISTEN_COUNT_MAX);
    if (!l || tnd_diag_new(&world, &l->diag)) {
        free(l);
        return TND_ENOMEM;
    }
    l->tape = config->tape;
    l->over_told = config->over;
    l->ctx = config->ctx;
    l->told = UINT64_MAX;
    l->secret = (struct tnd_siphash_key){config->seed, ~config->seed};
    l->listen_count = config->listen_count;
    memcpy(l->listen, config->listen, config->listen_count * sizeof(*l->listen));
    *ret = l;
    return 0;
}

void tnd_live_free(struct tnd_live **live)
{
    struct tnd_live *l = *live;

    *live = NULL;
    if (!l)
        return;
    live_forget_all(l);
    tnd_diag_free(&l->diag);
    tnd_tape_free(&l->tape);
    free(l);
}

uint64_t live_id(const struct tnd_live *l, const struct tnd_diag_call *call)
{
    struct tnd_siphash_key key = {l->secret.k0 ^ (uint64_t)call->began, l->secret.k1};

    return tnd_siphash_2_4(&key, call->call_id);
}

struct live_seen live_see(const struct tnd_live *l, const struct tnd_diag_call *call)
{
    return (struct live_seen){call, live_id(l, call), live_find_why(l, call), false};
}

struct live_seen live_see_over(const struct live_over *over)
{
    return (struct live_seen){&over->call, over->id, over->why.code ? &over->why : NULL, true};
}

/* How well a listening endpoint names what is known of a local one. */
static int likeness(const struct tnd_endpoint *listen, const struct tnd_endpoint *local)
{
    return 4 * (listen->transport == local->transport) + 2 * (listen->port == local->port) +
           (listen->family == local->family);
}

/* The server is one party, by whatever port it sends: where a connection of its own comes from is of no
 * interest, and what another worker sends does not say it at all. */
struct tnd_endpoint tnd_live_own_name(const struct tnd_endpoint *listen, size_t listen_count,
                                      const struct tnd_recorded *m)
{
    const struct tnd_endpoint *local = &m->local, *best = &listen[0];
    struct tnd_endpoint known = *local, name;

    if (known.family == TND_FAMILY_NONE)
        known = (struct tnd_endpoint){.transport = m->remote.transport, .family = m->remote.family};
    for (size_t i = 1; i < listen_count; i++)
        if (likeness(&listen[i], &known) > likeness(best, &known))
            best = &listen[i];
    name = *best;
    if (local->family != TND_FAMILY_NONE && tnd_address_kind(local) != TND_ADDRESS_UNSPECIFIED) {
        memcpy(name.octets, local->octets, sizeof(name.octets));
        name.family = local->family;
    }
    name.transport = known.transport;
    return name;
}

static void feed(struct tnd_live *l, const struct tnd_recorded *m)
{
    struct tnd_endpoint own = tnd_live_own_name(l->listen, l->listen_count, m);
    struct tnd_diag_seen seen = {.at = m->at,
                                 .number = ++l->number,
                                 .from = m->is_sent ? own : m->remote,
                                 .to = m->is_sent ? m->remote : own,
                                 .bytes = m->bytes,
                                 .is_cut = m->is_cut};

    (void)tnd_diag_feed(l->diag, &seen); /* what is lost, or is no message, it counts itself */
}

static void tell_over(const struct tnd_live *l, const struct tnd_diag_call *call)
{
    struct live_seen seen = live_see(l, call);

    seen.is_over = true;
    l->over_told(l->ctx, &(struct tnd_live_over){call, seen.why, live_state(&seen)});
}

static void take_over(struct tnd_live *l)
{
    const struct tnd_diag_call *call;

    while ((call = tnd_diag_take(l->diag))) {
        if (l->over_told)
            tell_over(l, call);
        else
            live_keep(l, call);
    }
}

/* What was not seen may have ended any call: they are over as they stand, and what comes of them begins
 * anew. */
static void look_for_losses(struct tnd_live *l)
{
    uint64_t lost = tnd_tape_lost(l->tape);

    if (lost == l->lost)
        return;
    l->lost = lost;
    tnd_diag_end(l->diag);
    take_over(l);
}

void tnd_live_end(struct tnd_live *l)
{
    tnd_diag_end(l->diag);
    take_over(l);
}

void tnd_live_catch_up(struct tnd_live *l, int64_t now)
{
    struct tnd_recorded m;

    for (size_t i = 0; i < READ_COUNT_MAX && tnd_tape_next(l->tape, &m); i++) {
        look_for_losses(l);
        if (m.kind == TND_RECORDED_MESSAGE)
            feed(l, &m);
        else
            live_note_why(l, m.bytes);
        if (i % TAKE_EVERY == TAKE_EVERY - 1)
            take_over(l);
    }
    tnd_diag_pass(l->diag, now);
    take_over(l);
}
