/* What workers hand to one another: records in rings. */
#include "net/handover.h"

#include <stdlib.h>

#include "base/assert.h"

enum {
    READ_COUNT_MAX = 64,       /* records of one ring in one turn */
    RING_SIZE = 1 << 20,       /* bytes: what comes in some milliseconds */
    RINGS_SIZE_MAX = 64 << 20, /* all rings to one worker, unless each would be */
    RING_SIZE_MIN = 256 << 10, /* below this: there is room for the longest message */
};

enum record_kind { DATAGRAM, MESSAGE, SEND, CLOSE, FAILED };

struct record {
    uint8_t kind; /* enum record_kind */
    unsigned interface;
    uint64_t token;
    struct tnd_flow flow;
    char bytes[];
};

static size_t ring_size(unsigned count)
{
    size_t size = RING_SIZE;

    while (size > RING_SIZE_MIN && size * count > RINGS_SIZE_MAX)
        size /= 2;
    return size;
}

int tnd_handover_init(struct tnd_worker *w)
{
    w->rings = aligned_alloc(TND_RING_LINE, w->count * sizeof(*w->rings));
    if (!w->rings)
        return TND_ENOMEM;
    memset(w->rings, 0, w->count * sizeof(*w->rings));
    for (unsigned i = 0; i < w->count; i++)
        if (i != w->number && tnd_ring_init(&w->rings[i], ring_size(w->count)))
            return TND_ENOMEM;
    return 0;
}

void tnd_handover_fini(struct tnd_worker *w)
{
    for (unsigned i = 0; w->rings && i < w->count; i++)
        tnd_ring_fini(&w->rings[i]);
    free(w->rings);
    w->rings = NULL;
}

/* What a full ring loses is sent again if it was a datagram, and never if it came over a
 * connection or is to go over one (RFC 3261 §17.1.2.2). So datagrams take half of a ring at the
 * most, and messages are read from connections only while an eighth is taken: an answer has up to
 * twice the bytes of what it answers, and finds them free. */
static bool is_taken(const struct tnd_ring *ring, size_t part)
{
    return tnd_ring_fill(ring) > ring->size / part;
}

bool tnd_handover_is_behind(const struct tnd_worker *w)
{
    for (unsigned i = 0; i < w->count; i++)
        if (i != w->number &&
            (is_taken(&w->all[i].rings[w->number], 8) || is_taken(&w->rings[i], 8)))
            return true;
    return false;
}

/* false: the ring of that worker is full. */
static bool hand(struct tnd_worker *w, unsigned to, const struct record *record,
                 struct tnd_slice bytes)
{
    struct tnd_ring *ring = &w->all[to].rings[w->number];
    struct record *room = tnd_ring_take(ring, sizeof(*room) + bytes.len);

    if (!room) {
        tnd_count_add(&w->stats.handed_lost, 1);
        return false;
    }
    *room = *record;
    if (bytes.len > 0)
        memcpy(room->bytes, bytes.ptr, bytes.len);
    tnd_ring_put(ring);
    w->touched |= (uint64_t)1 << to;
    tnd_count_add(&w->stats.handed, 1);
    return true;
}

void tnd_handover_datagram(struct tnd_worker *w, unsigned to, const struct tnd_datagram *d)
{
    if (is_taken(&w->all[to].rings[w->number], 2)) {
        tnd_count_add(&w->stats.handed_lost, 1);
        return;
    }
    hand(w, to, &(struct record){.kind = DATAGRAM, .flow = d->flow, .interface = d->interface},
         d->bytes);
}

void tnd_handover_message(struct tnd_worker *w, unsigned to, const struct tnd_flow *flow,
                          struct tnd_slice bytes)
{
    hand(w, to, &(struct record){.kind = MESSAGE, .flow = *flow}, bytes);
}

void tnd_handover_send(struct tnd_worker *w, uint64_t flow, const struct tnd_output *out)
{
    struct record record = {.kind = SEND, .token = out->token, .flow = {.id = flow}};
    unsigned to = tnd_flow_worker(flow);

    if (to >= w->count || !hand(w, to, &record, out->bytes))
        tnd_failed_add(&w->failed, w->number, out->token);
}

void tnd_handover_close(struct tnd_worker *w, uint64_t flow)
{
    unsigned to = tnd_flow_worker(flow);

    if (to < w->count) /* if the ring is full: it is closed for want of traffic, later */
        hand(w, to, &(struct record){.kind = CLOSE, .flow = {.id = flow}}, tnd_slice(NULL, 0));
}

void tnd_handover_failed(struct tnd_worker *w, const struct tnd_failed_send *failed)
{
    hand(w, failed->worker, &(struct record){.kind = FAILED, .token = failed->token},
         tnd_slice(NULL, 0));
}

static void got_datagram(struct tnd_worker *w, const struct record *r, struct tnd_slice bytes)
{
    struct tnd_datagram d = {.bytes = bytes, .flow = r->flow, .interface = r->interface};
    struct tnd_flow flow = tnd_udp_flow(&w->udp, &d);
    struct tnd_msg msg;

    if (tnd_worker_parse(w, bytes, &msg))
        tnd_worker_feed(w, &flow, &msg);
}

/* It was whole, and within the bounds, where it came in. */
static void got_message(struct tnd_worker *w, const struct record *r, struct tnd_slice bytes)
{
    struct tnd_msg msg;

    tnd_arena_reset(&w->arena);
    if (tnd_msg_parse(&msg, &w->arena, bytes, TND_STREAM) == 0)
        tnd_worker_feed(w, &r->flow, &msg);
}

static void do_record(struct tnd_worker *w, unsigned from, const struct record *r,
                      struct tnd_slice bytes)
{
    switch ((enum record_kind)r->kind) {
    case DATAGRAM:
        got_datagram(w, r, bytes);
        return;
    case MESSAGE:
        got_message(w, r, bytes);
        return;
    case SEND:
        tnd_tcp_put(&w->tcp, r->flow.id, bytes, from, r->token);
        tnd_tcp_flush(&w->tcp); /* it borrows bytes */
        return;
    case CLOSE:
        tnd_tcp_close(&w->tcp, r->flow.id);
        return;
    case FAILED:
        tnd_failed_add(&w->failed, w->number, r->token);
        return;
    }
    TND_ASSERT(!"a record that is none");
}

void tnd_handover_read(struct tnd_worker *w)
{
    for (unsigned from = 0; from < w->count; from++) {
        for (int i = 0; from != w->number && i < READ_COUNT_MAX; i++) {
            struct tnd_slice got = tnd_ring_next(&w->rings[from]);

            if (!got.ptr)
                break;
            atomic_store(&w->is_empty, false); /* before the ring is, for who asks for both */
            const struct record *r = (const void *)got.ptr;
            do_record(w, from, r, tnd_slice(r->bytes, got.len - sizeof(*r)));
            tnd_ring_drop(&w->rings[from]);
        }
    }
}

bool tnd_handover_waits(const struct tnd_worker *w)
{
    for (unsigned from = 0; from < w->count; from++)
        if (from != w->number && !tnd_ring_is_empty(&w->rings[from]))
            return true;
    return false;
}

uint64_t tnd_handover_wake(struct tnd_worker *w)
{
    uint64_t lost = tnd_count_read(&w->stats.handed_lost) - w->lost_seen;

    w->lost_seen += lost;
    for (unsigned to = 0; w->touched && to < w->count; to++)
        if ((w->touched >> to & 1) && atomic_exchange(&w->all[to].asleep, false))
            tnd_worker_wake(&w->all[to]);
    w->touched = 0;
    return lost;
}
