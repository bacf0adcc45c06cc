/* The checker of user agents: where calls go that are begun, and what the diaries say when everything is
 * over. */
#include "base/assert.h"
#include "sim/agents_parts.h"
#include "sim/checked.h"

enum {
    PARSE_SIZE = 1 << 20,
    MEMORY_SLACK = 1 << 17, /* a growing map, an arena that keeps what it has */
};

#define GRACE TND_SEC(2)

static const struct sim_entry *entry_of(const struct sim_agents *c, const struct sim_dial *dial)
{
    for (unsigned i = 0; i < c->diary->count; i++) {
        const struct sim_entry *e = &c->diary->entries[i];

        if (e->is_caller && tnd_slice_eq(tnd_slice_str(e->number), dial->number))
            return e;
    }
    return NULL;
}

/* Whether that response names the URI; and how long it lasts, in seconds. */
static bool names(const struct sim_agents *c, struct tnd_slice response, struct tnd_slice uri,
                  int64_t *ret_expires)
{
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_contact contact;
    bool is_named = false;

    if (!response.ptr)
        return false;
    tnd_arena_init(&a, NULL, 0, c->check->mem, PARSE_SIZE);
    int err = tnd_msg_parse(&msg, &a, response, TND_DATAGRAM);
    TND_ASSERT(err == 0);
    struct tnd_values v = tnd_msg_values(&msg, TND_HEADER_CONTACT);
    while (!is_named && tnd_contact_next(&v, &contact)) {
        is_named = !contact.star && sim_uri_is(contact.addr.uri.text, uri);
        *ret_expires = contact.expires;
    }
    tnd_arena_fini(&a);
    return is_named;
}

static bool is_same_call(const struct sim_agents *c, const struct sim_dial *dial,
                         const struct sim_dial *other, const char *asked)
{
    const struct sim_entry *e = entry_of(c, other);

    return other != dial && other->host == dial->host && other->life == dial->life && e &&
           sim_is_same(e->asked, asked);
}

/* RFC 3261 §21.3.3: a 302 that does not say how long it lasts "is only valid once for recursing". */
static bool is_redirected(const struct sim_agents *c, const struct sim_dial *dial,
                          const struct sim_entry *caller)
{
    int64_t expires = -1;

    for (const struct sim_dial *b = c->dials; b; b = b->before)
        for (const struct sim_dialled *d = is_same_call(c, dial, b, caller->asked) ? b->last : NULL;
             d; d = d->before)
            if (names(c, d->response, dial->first->uri, &expires) &&
                (d->code == 301 ||
                 (expires > 0 && d->heard_at + TND_SEC(expires) >= caller->begun_at)))
                return true;
    return false;
}

/* The last that was heard of a URI before it was called, if it is that it moved for good, and the call
 * that heard it was answered there. */
static const struct sim_dialled *moved_to(const struct sim_agents *c, const struct sim_dial *dial,
                                          const struct sim_entry *caller)
{
    const struct sim_dialled *ret = NULL;
    tnd_time latest = -1;

    for (const struct sim_dial *b = c->dials; b; b = b->before)
        for (const struct sim_dialled *d = is_same_call(c, dial, b, caller->asked) ? b->last : NULL;
             d; d = d->before) {
            bool is_moved = d == b->first && b->count == 2 && d->code == 301 &&
                            b->last->code / 100 == 2 &&
                            sim_uri_is(d->uri, tnd_slice_str(caller->asked));

            if (d->code / 100 == 2 || d->heard_at <= latest || d->heard_at > caller->begun_at)
                continue;
            latest = d->heard_at;
            ret = is_moved ? b->last : NULL;
        }
    return ret;
}

void sim_agents_first(struct sim_agents *c, const struct sim_dial *dial,
                      const struct sim_entry *caller)
{
    const struct sim_dialled *moved = moved_to(c, dial, caller);

    if (moved && !sim_uri_is(moved->uri, dial->first->uri))
        sim_agents_tell(c, SIM_LAW_ASKED_FOR, dial->host, "called, and not where it moved to",
                        dial->first->uri);
    if (!sim_uri_is(dial->first->uri, tnd_slice_str(caller->asked)) &&
        !is_redirected(c, dial, caller))
        sim_agents_tell(c, SIM_LAW_ASKED_FOR, dial->host, "called, and not what was asked for",
                        dial->first->uri);
}

static void tell(struct sim_agents *c, enum sim_law law, const struct sim_entry *e,
                 const char *what)
{
    static const char *const states[] = {"begun", "ringing", "answered", "ended"};
    struct tnd_writer room, *w = sim_check_tell(c->check, law, e->host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  ");
    tnd_put_str(w, what);
    tnd_put_str(w, e->is_caller ? ": caller of " : ": callee of ");
    tnd_put_str(w, e->number);
    if (e->asked[0]) {
        tnd_put_str(w, ", to ");
        tnd_put_str(w, e->asked);
    }
    tnd_put_str(w, ", begun at ");
    tnd_put_number(w, (uint64_t)(e->begun_at / 1000));
    tnd_put_str(w, " ms, ");
    tnd_put_str(w, states[e->state]);
    tnd_put_str(w, ", code ");
    tnd_put_number(w, e->code);
    tnd_put_str(w, ", direction ");
    tnd_put_number(w, e->direction);
    tnd_put_str(w, ", attempts ");
    tnd_put_number(w, e->attempts);
    tnd_put_str(w, "\n");
    sim_check_told(c->check, w);
}

static void tell_number(struct sim_agents *c, enum sim_law law, unsigned host, const char *what,
                        uint64_t number)
{
    struct tnd_writer room, *w = sim_check_tell(c->check, law, host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  ");
    tnd_put_str(w, what);
    tnd_put_str(w, ": ");
    tnd_put_number(w, number);
    tnd_put_str(w, "\n");
    sim_check_told(c->check, w);
}

static bool goes_on(const struct sim_entry *e)
{
    return e->state == SIM_ENTRY_ANSWERED && !e->is_gone;
}

/* Who was called, if it is no user agent, is nobody whose diary can be read. */
static bool is_alone(const struct sim_agents *c, const struct sim_entry *e)
{
    bool was_there = !e->is_caller;

    for (unsigned i = 0; i < c->diary->count; i++) {
        const struct sim_entry *other = &c->diary->entries[i];

        if (other->is_caller == e->is_caller || !sim_is_same(other->number, e->number))
            continue;
        was_there |= other->was_answered && other->begun_at >= e->tried_at;
        if (goes_on(other))
            return false;
    }
    return was_there && e->number[0];
}

/* The other side of a call that goes on at both. NULL: there is none, or more than one. */
static const struct sim_entry *other_side(const struct sim_agents *c, const struct sim_entry *e)
{
    const struct sim_entry *other = NULL;

    for (unsigned i = 0; i < c->diary->count; i++) {
        const struct sim_entry *o = &c->diary->entries[i];

        if (o->is_caller == e->is_caller || !sim_is_same(o->number, e->number) || !goes_on(o))
            continue;
        if (other)
            return NULL;
        other = o;
    }
    return other;
}

/* RFC 3264 §6.1 */
static void check_agreed(struct sim_agents *c, const struct sim_entry *e)
{
    const struct sim_entry *other = e->is_caller ? other_side(c, e) : NULL;

    if (other &&
        (e->is_live != other->is_live ||
         tnd_sdp_direction_reverse((enum tnd_sdp_direction)e->direction) != other->direction))
        tell(c, SIM_LAW_AGREED, e, "the other side thinks otherwise of who sends");
}

static void check_memory(struct sim_agents *c)
{
    for (unsigned i = c->first_host; i < c->first_host + c->host_count; i++) {
        size_t *before = &c->memory_at_rest[i], size = sim_host_memory(c->w, i);

        if (*before > 0 && size > *before + MEMORY_SLACK)
            tell_number(c, SIM_LAW_MEMORY, i, "bytes more than when it rested before",
                        size - *before);
        *before = size;
    }
}

void sim_agents_rest(struct sim_agents *c)
{
    for (unsigned i = 0; i < c->diary->count; i++) {
        const struct sim_entry *e = &c->diary->entries[i];

        if (goes_on(e) && is_alone(c, e))
            tell(c, SIM_LAW_ONE_SIDED, e, "it goes on at this side alone");
        if (goes_on(e))
            check_agreed(c, e);
        if (e->state != SIM_ENTRY_ENDED && e->state != SIM_ENTRY_ANSWERED && !e->is_gone)
            tell(c, SIM_LAW_ONE_END, e, "it was not answered, and did not end");
    }
    check_memory(c);
}

/* Another one that the same INVITE came to declined, and this one rings on. Of 600 its user may wish
 * otherwise. */
static bool rings_on(const struct sim_agents *c, const struct sim_entry *e)
{
    for (unsigned i = 0; i < c->diary->count; i++) {
        const struct sim_entry *o = &c->diary->entries[i];

        if (!o->is_caller && o != e && o->cseq == e->cseq && sim_is_same(o->call_id, e->call_id) &&
            o->cause == TND_UA_REFUSED && o->code > 600 && e->begun_at <= o->rang_until &&
            e->rang_until > o->rang_until + GRACE)
            return true;
    }
    return false;
}

static void check_entry(struct sim_agents *c, const struct sim_entry *e)
{
    if (!e->is_gone && e->ends != 1)
        tell(c, SIM_LAW_ONE_END, e, e->ends ? "it ended more than once" : "it did not end");
    if (e->attempts > SIM_AGENT_ATTEMPT_COUNT)
        tell(c, SIM_LAW_TRIED_ONCE, e, "more attempts than it may make");
    if (!e->is_caller && !e->is_gone && (e->after || c->is_calm) && rings_on(c, e))
        tell(c, SIM_LAW_DECLINED, e, "it rings on");
}

void sim_agents_closed(struct sim_agents *c)
{
    for (unsigned i = 0; i < c->diary->count; i++)
        check_entry(c, &c->diary->entries[i]);
    if (c->diary->orphans > 0)
        tell_number(c, SIM_LAW_ONE_END, c->diary->orphan_host,
                    "told of calls that have ended, times", c->diary->orphans);
    for (unsigned i = c->first_host; i < c->first_host + c->host_count; i++)
        if (sim_host_due(c->w, i) != TND_NEVER_DUE)
            tell_number(c, SIM_LAW_QUIET, i, "it waits until, in ms",
                        (uint64_t)(sim_host_due(c->w, i) / 1000));
    check_memory(c);
}
