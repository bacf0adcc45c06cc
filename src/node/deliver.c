/* Where a response goes: the first place at once, the others when it could not be delivered there
 * (RFC 3261 §18.2.2, RFC 3263 §5). The Via of the response says which they are.
 *
 * Departs from both in that no place is at another address than the request came from. A Via is
 * written by strangers; one who sends a request over TCP and breaks off would have us connect to any
 * host that we reach and he does not, and say words of his there. Where his own address has another
 * port, or a name leads back to it, he is found. */
#include "base/assert.h"
#include "node/context.h"

/* Departs from RFC 3261 §18.2.2: maddr is not followed. It is there for requests that came by
 * multicast, which we do not listen to; else it lets a stranger send our responses to anybody. */
static void places_of(const struct tnd_via *via, enum tnd_transport arrived, struct tnd_hops *ret)
{
    tnd_response_hops(&(struct tnd_response_to){.via = via, .arrived = arrived, .no_maddr = true},
                      ret);
}

static void go_to(struct node_txn *t, const struct tnd_endpoint *to)
{
    /* RFC 3581 §4: over UDP from the socket that the request came to */
    t->to = (struct node_to){.flow = to->transport == TND_TRANSPORT_UDP ? t->flow.id : 0,
                             .endpoint = *to};
    t->place++;
}

void node_first_place(const struct tnd_via *via, const struct tnd_flow *flow, struct node_to *ret)
{
    struct tnd_hop hop;

    *ret = (struct node_to){.is_nowhere = true};
    /* over the connection, or from the socket that the request came to (RFC 3581 §4) */
    if (tnd_response_first(via, &flow->remote, &hop))
        *ret = (struct node_to){.flow = flow->id, .endpoint = hop.to};
}

/* The last response, read again for its Via. The host of a hop is in the response. */
static bool read_places(struct tnd_node *n, const struct node_txn *t, struct tnd_hops *ret)
{
    struct tnd_msg *msg = tnd_arena_take(&n->work, sizeof(*msg));
    struct tnd_via via;

    if (!msg || !t->sent ||
        tnd_msg_parse(msg, &n->work, tnd_slice(t->sent->bytes, t->sent->len), TND_DATAGRAM) != 0 ||
        !tnd_msg_via(msg, &via, NULL))
        return false;
    places_of(&via, (enum tnd_transport)t->flow.remote.transport, ret);
    return true;
}

static void start_locating(struct tnd_node *n, struct node_txn *t, const struct tnd_hop *hop)
{
    struct tnd_locate_with with = {
        .a = &t->arena,
        .seed = t->token ^ n->seed,
        .ipv4 = true,
        .ipv6 = true,
        .only = &t->flow.remote,
    };
    struct tnd_locate *l = tnd_arena_take(&t->arena, sizeof(*l));

    if (!l) {
        n->stats.lost++;
        return;
    }
    tnd_locate_host(l, &with, (enum tnd_transport)hop->transport, hop->host, hop->port);
    t->locate = l;
}

static void ask(struct tnd_node *n, const struct node_txn *t, const struct tnd_lookup *lookup)
{
    struct tnd_output *out = node_out(n, TND_OUT_RESOLVE);

    out->lookup = *lookup;
    out->token = node_txn_token(t);
}

/* false: the host has no other address. */
static bool locate(struct tnd_node *n, struct node_txn *t)
{
    struct tnd_locate_step step;

    for (;;) {
        tnd_locate_next(t->locate, &step);
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            ask(n, t, &step.lookup);
            break;
        case TND_LOCATE_WAIT:
            return true;
        case TND_LOCATE_TRY:
            go_to(t, &step.endpoint);
            node_txn_send(n, t);
            return true;
        case TND_LOCATE_END:
            t->locate = NULL;
            return false;
        }
    }
}

static void give_up(struct tnd_node *n, struct node_txn *t)
{
    t->to.is_nowhere = true;
    node_txn_event(n, t, tnd_ev(TND_EV_SEND_FAILED, n->now));
}

/* One place of those that the Via names. false: it was none. */
static bool try_place(struct tnd_node *n, struct node_txn *t, const struct tnd_hop *hop)
{
    switch ((enum tnd_hop_kind)hop->kind) {
    case TND_HOP_CONNECTION: /* the one that has failed */
        return false;
    case TND_HOP_ENDPOINT:
        if (!tnd_address_eq(&hop->to, &t->flow.remote))
            return false;
        go_to(t, &hop->to);
        node_txn_send(n, t);
        return true;
    case TND_HOP_LOCATE:
        start_locating(n, t, hop);
        return t->locate && locate(n, t);
    }
    TND_ASSERT(!"a hop of no kind");
}

static void try_others(struct tnd_node *n, struct node_txn *t)
{
    struct tnd_hops hops;

    if (!read_places(n, t, &hops))
        hops.count = 0;
    while (++t->hop_count < hops.count)
        if (try_place(n, t, &hops.hop[t->hop_count]))
            return;
    give_up(n, t);
}

void node_failed(struct tnd_node *n, uint64_t token)
{
    struct node_txn *t = node_token_find(n, token, NODE_TOKEN_TXN);

    if (!t)
        node_client_failed(n, token);
    /* several may have been on the way to one place: the first that fails is news of it */
    if (!t || t->to.is_nowhere || token != node_txn_token(t))
        return;
    if (!t->locate || !locate(n, t))
        try_others(n, t);
}

void node_resolved(struct tnd_node *n, uint64_t token, const struct tnd_lookup_answer *answer)
{
    struct node_txn *t = node_token_find(n, token, NODE_TOKEN_TXN);

    if (!t)
        node_search_located(n, token, answer);
    if (t && t->locate && tnd_locate_answer(t->locate, answer) && !locate(n, t))
        try_others(n, t);
}
