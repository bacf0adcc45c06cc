/* A message comes: into its call, or a new one. */
#include "diag/call.h"

#include "base/owner.h"
#include "tandem/sip/field.h"

#define CHAPTER   TND_SEC(300) /* of a Call-ID that is used for ever, as a phone registers */
#define STEP_BACK TND_SEC(600) /* further back time begins anew: it is another capture */

/* For a message of size bytes. false: those that are over fill the memory, and nobody takes them. */
static bool make_room(struct tnd_diag *d, size_t size)
{
    size_t max = d->world.memory_max;

    if (size > max)
        return false;
    while (d->stats.memory - d->ready_memory + size > max)
        if (!tnd_diag_finish_one(d))
            break;
    return d->ready_memory <= max;
}

static struct tnd_slice copy_uri(struct tnd_diag *d, struct tnd_diag_kept *call,
                                 const struct tnd_msg *msg, enum tnd_header header)
{
    struct tnd_values v = tnd_msg_values(msg, header);
    struct tnd_addr addr;

    if (!tnd_addr_next(&v, &addr)) /* as it stands: it says more than nothing */
        return tnd_diag_copy(d, call, tnd_msg_value(msg, header));
    struct tnd_slice uri = addr.uri.text;
    if (addr.uri.params.len > 0)
        uri = tnd_slice_between(uri.ptr, addr.uri.params.ptr);
    else if (addr.uri.headers.ptr)
        uri = tnd_slice_between(uri.ptr, addr.uri.headers.ptr - 1);
    return tnd_diag_copy(d, call, uri);
}

static struct tnd_diag_kept *begin_call(struct tnd_diag *d, const struct tnd_diag_read *r)
{
    while (d->stats.open >= d->world.calls_max && tnd_diag_finish_one(d))
        ;
    struct tnd_diag_kept *call = tnd_diag_take_call(d);
    if (!call)
        return NULL;
    call->told.method = r->method;
    call->told.began = tnd_diag_clamp(r->seen->at);
    call->told.from = copy_uri(d, call, &r->msg, TND_HEADER_FROM);
    call->told.to = copy_uri(d, call, &r->msg, TND_HEADER_TO);
    call->last = d->now;
    call->unheard = TND_DIAG_NO_MESSAGE;
    tnd_ring_append(&d->open, &call->by_age);
    tnd_ring_append(&d->over, &call->by_silence);
    d->stats.open++;
    return call;
}

static struct tnd_diag_leg *add_leg(struct tnd_diag *d, struct tnd_diag_kept *call,
                                    struct tnd_slice call_id, bool is_guess)
{
    struct tnd_slice id = tnd_diag_copy(d, call, call_id);
    struct tnd_diag_leg *leg = id.ptr ? tnd_diag_take_leg(d, call) : NULL;

    if (!leg)
        return NULL;
    if (tnd_map_add(&d->legs, &leg->node, id)) {
        tnd_pool_give(&d->leg_pool, leg);
        return NULL;
    }
    size_t i = call->told.leg_count++;
    leg->call = call;
    leg->index = (uint8_t)i;
    leg->top = TND_DIAG_NO_MESSAGE;
    call->leg[i] = leg;
    call->told.leg[i] = id;
    call->told.leg_is_guess[i] = is_guess;
    call->told.call_id = call->told.leg[0];
    return leg;
}

/* What makes a call: no To tag (RFC 3261 §12.2). */
static bool is_first_invite(const struct tnd_diag_read *r)
{
    return r->method == TND_METHOD_INVITE && r->code == 0 && r->key.to_tag == 0;
}

static struct tnd_diag_leg *begin_leg(struct tnd_diag *d, const struct tnd_diag_read *r)
{
    bool is_guess = false;
    struct tnd_diag_kept *call = is_first_invite(r) ? tnd_diag_join(d, r, &is_guess) : NULL;

    if (!call)
        call = begin_call(d, r);
    if (!call)
        return NULL;
    struct tnd_diag_leg *leg = add_leg(d, call, r->call_id, is_guess);
    if (!leg && call->told.leg_count == 0)
        tnd_diag_abandon(d, call);
    if (leg && is_first_invite(r))
        tnd_diag_show_likes(d, leg, r);
    return leg;
}

/* A phone registers for years under one Call-ID (RFC 3261 §10.2): that is told in chapters, between one
 * answer and the next request. */
static bool is_next_chapter(const struct tnd_diag *d, const struct tnd_diag_kept *call,
                            const struct tnd_diag_read *r)
{
    size_t count = call->told.message_count;

    if (call->told.method == TND_METHOD_INVITE || call->is_waiting || r->code != 0)
        return false;
    return count >= d->world.messages_max || (d->now - call->told.began >= CHAPTER && count > 0 &&
                                              call->message[count - 1].code >= 200);
}

static struct tnd_diag_leg *leg_of(struct tnd_diag *d, const struct tnd_diag_read *r)
{
    struct tnd_map_node *node = tnd_map_find(&d->legs, r->call_id);
    struct tnd_diag_leg *leg = node ? TND_OWNER(node, struct tnd_diag_leg, node) : NULL;

    if (leg && is_next_chapter(d, leg->call, r)) {
        tnd_diag_finish(d, leg->call);
        leg = NULL;
    }
    return leg ? leg : begin_leg(d, r);
}

/* A retransmission with the same bytes borrows those of the first. */
static struct tnd_slice keep_bytes(struct tnd_diag *d, struct tnd_diag_kept *call,
                                   const struct tnd_diag_message *m)
{
    if (m->is_again && tnd_slice_eq(call->message[m->first].bytes, m->bytes))
        return call->message[m->first].bytes;
    return tnd_diag_copy(d, call, m->bytes);
}

/* A request waits for its response: until 64*T1 it may be sent again, with 16 s between (RFC 3261 §17.1.1.2). */
static void note_answer(struct tnd_diag_kept *call, const struct tnd_diag_message *m,
                        uint32_t index)
{
    if (m->code != 0 && m->request == call->unheard)
        call->unheard = TND_DIAG_NO_MESSAGE;
    else if (m->code == 0 && !m->is_again && m->method != TND_METHOD_ACK)
        call->unheard = index;
}

static int add_message(struct tnd_diag *d, struct tnd_diag_leg *leg, const struct tnd_diag_read *r)
{
    struct tnd_diag_kept *call = leg->call;
    uint32_t index = (uint32_t)call->told.message_count;
    struct tnd_diag_message m = {.at = tnd_diag_clamp(r->seen->at),
                                 .number = r->seen->number,
                                 .from = r->seen->from,
                                 .to = r->seen->to,
                                 .bytes = r->seen->bytes,
                                 .is_cut = r->seen->is_cut,
                                 .method = r->method,
                                 .code = r->code,
                                 .leg = leg->index};

    if (!tnd_diag_match(call, &r->key, &m, index)) {
        d->stats.doubled++;
        return 0;
    }
    if (index == d->world.messages_max) {
        call->told.left_out++;
    } else {
        if (tnd_diag_grow(d, call))
            return TND_ENOMEM;
        m.bytes = keep_bytes(d, call, &m);
        if (!m.bytes.ptr)
            return TND_ENOMEM;
        call->message[index] = m;
        call->key[index] = r->key;
        call->told.message_count++;
        note_answer(call, &m, index);
    }
    if (index < d->world.messages_max || m.method == TND_METHOD_BYE || m.code != 0)
        tnd_diag_progress(leg, &m, &r->key, index);
    d->stats.messages++;
    return 0;
}

static void note_sound(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    call->last = d->now;
    call->is_waiting = tnd_diag_is_waiting(call);
    tnd_ring_remove(&call->by_silence);
    tnd_ring_append(call->is_waiting                       ? &d->waiting
                    : call->unheard != TND_DIAG_NO_MESSAGE ? &d->unheard
                                                           : &d->over,
                    &call->by_silence);
}

static int feed(struct tnd_diag *d, const struct tnd_diag_read *r)
{
    struct tnd_diag_leg *leg = make_room(d, r->seen->bytes.len) ? leg_of(d, r) : NULL;

    if (!leg)
        return TND_ENOMEM;
    struct tnd_diag_kept *call = leg->call;
    int err = add_message(d, leg, r);
    if (err && call->told.message_count == 0)
        tnd_diag_abandon(d, call);
    else
        note_sound(d, call);
    return err;
}

/* A little back is the disorder of a capture: then time stands still. */
static void move_time(struct tnd_diag *d, int64_t at)
{
    if (d->has_time && d->now - at > STEP_BACK) {
        tnd_diag_end(d);
        d->now = at;
    }
    tnd_diag_pass(d, at);
}

int tnd_diag_feed(struct tnd_diag *d, const struct tnd_diag_seen *seen)
{
    struct tnd_diag_read r;

    move_time(d, tnd_diag_clamp(seen->at));
    int err = tnd_diag_read(d, seen, &r);
    if (!err)
        err = feed(d, &r);
    d->stats.skipped += err == TND_ESYNTAX;
    d->stats.lost += err == TND_ENOMEM;
    return err;
}
