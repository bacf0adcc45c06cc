/* Where a response goes: the first place at once, the others when it could not be delivered there
 * (RFC 3261 §18.2.2, RFC 3263 §5). The Via of the response says which they are.
 *
 * Departs from both in that no place is at another address than the request came from: a Via is written
 * by strangers, who could have us connect to hosts that we reach and they do not. */
#include "ua/call.h"

#include "base/assert.h"

void ua_first_place(const struct tnd_via *via, const struct tnd_flow *flow, struct ua_to *ret)
{
    struct tnd_hop hop;

    *ret = (struct ua_to){.is_nowhere = true};
    /* over the connection, or from the socket that the request came to (RFC 3581 §4) */
    if (tnd_response_first(via, &flow->remote, &hop))
        *ret = (struct ua_to){.flow = flow->id, .endpoint = hop.to};
}

static void go_to(struct ua_server *s, const struct tnd_endpoint *to)
{
    /* RFC 3581 §4: over UDP from the socket that the request came to */
    s->to = (struct ua_to){.flow = to->transport == TND_TRANSPORT_UDP ? s->flow.id : 0,
                           .endpoint = *to};
    s->place++;
}

/* false: the host has no other address. */
static bool locate(struct tnd_ua *ua, struct ua_server *s)
{
    struct tnd_locate_step step;

    for (;;) {
        tnd_locate_next(s->locate, &step);
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            ua_ask(ua, &step.lookup, s->object.serial << 8);
            break;
        case TND_LOCATE_WAIT:
            return true;
        case TND_LOCATE_TRY:
            go_to(s, &step.endpoint);
            ua_server_send(ua, s);
            return true;
        case TND_LOCATE_END:
            s->locate = NULL;
            return false;
        }
    }
}

static bool start_locating(struct tnd_ua *ua, struct ua_server *s, const struct tnd_hop *hop)
{
    struct tnd_locate_with with = {
        .a = &s->object.arena, .ipv4 = true, .ipv6 = true, .only = &s->flow.remote};

    s->locate = tnd_arena_take(&s->object.arena, sizeof(*s->locate));
    if (!s->locate)
        return false;
    tnd_locate_host(s->locate, &with, (enum tnd_transport)hop->transport, hop->host, hop->port);
    return locate(ua, s);
}

/* One place of those that the Via names. false: it was none. */
static bool try_place(struct tnd_ua *ua, struct ua_server *s, const struct tnd_hop *hop)
{
    switch ((enum tnd_hop_kind)hop->kind) {
    case TND_HOP_CONNECTION: /* the one that has failed */
        return false;
    case TND_HOP_ENDPOINT:
        if (!tnd_address_eq(&hop->to, &s->flow.remote))
            return false;
        go_to(s, &hop->to);
        ua_server_send(ua, s);
        return true;
    case TND_HOP_LOCATE:
        return start_locating(ua, s, hop);
    }
    TND_ASSERT(!"a hop of no kind");
}

/* Departs from RFC 3261 §18.2.2: maddr is not followed. It is there for requests that came by
 * multicast, which we do not listen to. */
static void try_others(struct tnd_ua *ua, struct ua_server *s)
{
    struct tnd_hops hops;

    tnd_response_hops(
        &(struct tnd_response_to){.via = &s->request->via,
                                  .arrived = (enum tnd_transport)s->flow.remote.transport,
                                  .no_maddr = true},
        &hops);
    while (++s->hop_count < hops.count)
        if (try_place(ua, s, &hops.hop[s->hop_count]))
            return;
    s->to.is_nowhere = true;
    ua_server_event(ua, s, TND_EV_SEND_FAILED);
}

void ua_server_failed(struct tnd_ua *ua, struct ua_server *s, uint8_t place)
{
    /* several may have been on the way to one place: the first that fails is news of it */
    if (s->to.is_nowhere || place != s->place)
        return;
    if (!s->locate || !locate(ua, s))
        try_others(ua, s);
}

void ua_server_resolved(struct tnd_ua *ua, struct ua_server *s,
                        const struct tnd_lookup_answer *answer)
{
    if (s->locate && tnd_locate_answer(s->locate, answer) && !locate(ua, s))
        try_others(ua, s);
}
