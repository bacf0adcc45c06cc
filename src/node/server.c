/* Server transactions: what the actions of their machines (tandem/txn.h) mean, their timers,
 * their memory. What the user behind them wants is in uas.c. */
#include "base/assert.h"
#include "base/owner.h"
#include "node/context.h"

struct node_txn *node_find_by_key(const struct tnd_node *n, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&n->by_key, key) : NULL;

    return found ? TND_OWNER(found, struct node_txn, by_key) : NULL;
}

struct node_txn *node_find_by_merged(const struct tnd_node *n, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&n->by_merged, key) : NULL;

    return found ? TND_OWNER(found, struct node_txn, by_merged) : NULL;
}

struct node_txn *node_find_by_ack(const struct tnd_node *n, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&n->by_ack, key) : NULL;

    return found ? TND_OWNER(found, struct node_txn, by_ack) : NULL;
}

static void leave(struct tnd_map *map, struct tnd_map_node *node)
{
    if (node->key.ptr)
        tnd_map_remove(map, node);
    node->key = tnd_slice(NULL, 0);
}

/* Its memory stays until the outputs that borrow from it have been taken. What waits for something in
 * its name ends with it: nobody is told any more. */
static void end(struct tnd_node *n, struct node_txn *t)
{
    tnd_waits_stop(&n->wheel, t->timers, NODE_TIMER_COUNT);
    leave(&n->by_key, &t->by_key);
    leave(&n->by_merged, &t->by_merged);
    leave(&n->by_ack, &t->by_ack);
    node_token_give(n, &t->token);
    if (t->context)
        node_context_end(n, t->context);
    t->is_ended = true;
    n->stats.transactions--;
    t->next_ended = n->ended;
    n->ended = t;
}

void node_give_ended(struct tnd_node *n)
{
    while (n->ended) {
        struct node_txn *t = n->ended;

        n->ended = t->next_ended;
        node_forget(n, &t->sent);
        tnd_arena_fini(&t->arena);
        tnd_pool_give(&n->pool, t);
    }
}

void node_txns_fini(struct tnd_node *n)
{
    struct tnd_map_node *node = tnd_map_first(&n->by_key), *next;

    for (; node; node = next) {
        next = tnd_map_after(&n->by_key, node);
        end(n, TND_OWNER(node, struct node_txn, by_key));
    }
}

/* false: there is no memory. One that others have taken already is no matter: it is a second
 * way to find a transaction. */
static bool enter(struct tnd_map *map, struct tnd_map_node *node, struct tnd_slice key)
{
    int err = key.ptr ? tnd_map_add(map, node, key) : TND_EEXISTS;

    if (err)
        node->key = tnd_slice(NULL, 0);
    return err != TND_ENOMEM;
}

void node_txn_set_ack(struct tnd_node *n, struct node_txn *t, struct tnd_slice key)
{
    leave(&n->by_ack, &t->by_ack);
    enter(&n->by_ack, &t->by_ack, key);
}

void node_txn_set_merged(struct tnd_node *n, struct node_txn *t, struct tnd_slice key)
{
    leave(&n->by_merged, &t->by_merged);
    enter(&n->by_merged, &t->by_merged, tnd_slice_keep(&t->arena, key));
}

/* Into the maps, by the keys that it was looked for by, in its own arena. */
static bool enter_all(struct tnd_node *n, struct node_txn *t, const struct node_got *got)
{
    struct tnd_slice key = tnd_slice_keep(&t->arena, got->key);
    struct tnd_slice merged = tnd_slice_keep(&t->arena, got->merged);

    if (!key.ptr || tnd_arena_over(&t->arena) || tnd_map_add(&n->by_key, &t->by_key, key)) {
        t->by_key.key = tnd_slice(NULL, 0);
        return false;
    }
    if (tnd_transport_is_reliable((enum tnd_transport)t->flow.remote.transport) &&
        !(t->token = node_token_take(n, NODE_TOKEN_TXN, t)))
        return false;
    return enter(&n->by_merged, &t->by_merged, merged);
}

struct said;

static void do_acts(struct tnd_node *n, struct node_txn *t, const struct tnd_acts *acts,
                    const struct said *said);

static void start(struct tnd_node *n, struct node_txn *t)
{
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)t->flow.remote.transport);
    struct tnd_acts acts;

    if (t->is_invite)
        tnd_ist_start(&t->machine.ist, &n->timing, reliable, n->now, &acts);
    else
        tnd_nist_start(&t->machine.nist, &n->timing, reliable, n->now, &acts);
    do_acts(n, t, &acts, NULL);
}

struct node_txn *node_txn_new(struct tnd_node *n, const struct node_got *got)
{
    struct node_txn *t = tnd_pool_take(&n->pool);

    if (!t)
        return NULL;
    n->stats.transactions++;
    tnd_arena_init(&t->arena, t->room, NODE_TXN_ROOM, &n->mem, NODE_TXN_SIZE_MAX);
    t->flow = got->flow;
    t->is_invite = got->msg->method == TND_METHOD_INVITE;
    t->begins_call = t->is_invite && !got->parts.to_tag.ptr;
    t->is_timed = !t->begins_call;
    t->began = n->now;
    tnd_waits_init(t->timers, NODE_TIMER_COUNT, t);
    node_first_place(&got->parts.via, &got->flow, &t->to);
    t->seen.received = tnd_slice_keep(&t->arena, got->seen.received);
    t->seen.rport = got->seen.rport;
    if (!enter_all(n, t, got)) {
        end(n, t);
        return NULL;
    }
    start(n, t);
    return t;
}

bool node_txn_keep_request(struct node_txn *t, const struct tnd_txn_parts *request)
{
    t->request = node_keep_request(&t->arena, request, &t->seen);
    return t->request;
}

/* A machine has two at the most and its user one; in PROCEEDING of an INVITE one and two. */
void node_txn_arm(struct tnd_node *n, struct node_txn *t, uint8_t id, tnd_time due)
{
    TND_ASSERT(!t->is_ended);
    tnd_waits_arm(&n->wheel, t->timers, NODE_TIMER_COUNT, id, due);
}

void node_txn_disarm(struct tnd_node *n, struct node_txn *t, uint8_t id)
{
    tnd_waits_disarm(&n->wheel, t->timers, NODE_TIMER_COUNT, id);
}

uint64_t node_txn_token(const struct node_txn *t)
{
    return t->token ? t->token | t->place : 0;
}

void node_txn_send(struct tnd_node *n, struct node_txn *t)
{
    if (t->sent && !t->to.is_nowhere && !t->is_mute)
        node_send(n, &t->to, tnd_slice(t->sent->bytes, t->sent->len), node_txn_token(t));
}

/* What is said to a request: an answer of ours, or a response that is passed back. */
struct said {
    const struct tnd_txn_parts *request;
    const struct node_answer *answer; /* NULL: */
    struct tnd_slice bytes;           /* that is passed back; absent: nothing is said */
    unsigned code;
};

/* RFC 3261 §13.3.1.4: a 2xx to INVITE that is passed back is sent again by who made it. */
static bool is_kept(const struct node_txn *t, const struct said *said)
{
    return said->answer || !t->is_invite || said->code / 100 != 2 || node_txn_token(t);
}

static void keep_and_send(struct tnd_node *n, struct node_txn *t, struct tnd_slice bytes)
{
    struct node_kept *sent = node_keep(n, bytes);

    /* without memory: silence, until there is another response, or the client gives up */
    t->is_mute = !sent;
    if (t->is_mute) {
        n->stats.lost++;
        return;
    }
    node_forget(n, &t->sent);
    t->sent = sent;
    node_txn_send(n, t);
}

static void send_first(struct tnd_node *n, struct node_txn *t, const struct said *said)
{
    struct node_asked asked = {said->request, &t->flow, &t->seen, NULL};

    if (!said->answer && !is_kept(t, said)) {
        struct tnd_slice bytes = tnd_slice_keep(&n->out, said->bytes);

        if (bytes.ptr && !t->to.is_nowhere)
            node_send(n, &t->to, bytes, 0);
        return;
    }
    keep_and_send(n, t,
                  said->answer ? node_write_reply(n, &n->work, &asked, said->answer) : said->bytes);
    if (t->is_mute || !said->answer)
        return;
    n->stats.replies[said->code / 100]++;
    if (said->code >= 200)
        node_why(n, &asked, said->answer);
}

static void send_100(struct tnd_node *n, struct node_txn *t, const struct said *said,
                     enum tnd_rule rule)
{
    const struct tnd_txn_parts *request = said->request ? said->request
                                          : t->request  ? t->request
                                          : t->context  ? t->context->request
                                                        : NULL;
    struct node_answer answer = {.code = 100, .rule = rule};

    TND_ASSERT(request); /* who does not answer at once has kept it */
    send_first(n, t, &(struct said){.request = request, .answer = &answer, .code = 100});
}

/* RFC 3261 §13.3.1.4 */
static void send_2xx_again(struct tnd_node *n, struct node_txn *t)
{
    n->stats.resent++;
    node_txn_send(n, t);
}

static void do_acts(struct tnd_node *n, struct node_txn *t, const struct tnd_acts *acts,
                    const struct said *said)
{
    for (unsigned i = 0; i < acts->count; i++) {
        const struct tnd_act *act = &acts->act[i];

        switch ((enum tnd_act_kind)act->kind) {
        case TND_ACT_SEND_RESPONSE:
            if (said->code > 0)
                send_first(n, t, said);
            else
                send_2xx_again(n, t);
            break;
        case TND_ACT_SEND_100:
            send_100(n, t, said, (enum tnd_rule)act->rule);
            break;
        case TND_ACT_SEND_AGAIN:
            n->stats.resent++;
            node_txn_send(n, t);
            break;
        case TND_ACT_PASS:
        case TND_ACT_TIMEOUT:
        case TND_ACT_FAILED:
        case TND_ACT_ABSORB:
            node_uas_told(n, t, act);
            break;
        case TND_ACT_ARM:
            node_txn_arm(n, t, act->timer, act->at);
            break;
        case TND_ACT_DISARM:
            node_txn_disarm(n, t, act->timer);
            break;
        case TND_ACT_DESTROY:
            end(n, t);
            break;
        case TND_ACT_SEND_REQUEST:
        case TND_ACT_SEND_ACK:
        case TND_ACT_SEND_CANCEL:
            TND_ASSERT(!"an action of clients");
        }
    }
}

static void step(struct node_txn *t, struct tnd_txn_event ev, struct tnd_acts *ret)
{
    if (t->is_invite)
        tnd_ist_step(&t->machine.ist, ev, ret);
    else
        tnd_nist_step(&t->machine.nist, ev, ret);
}

bool node_txn_is_open(const struct node_txn *t)
{
    return t->is_invite ? t->machine.ist.state == TND_IST_PROCEEDING
                        : t->machine.nist.state < TND_NIST_COMPLETED;
}

/* RFC 3261 §17.2.1, RFC 6026 §7.1: an INVITE or an ACK that comes now is absorbed. */
static bool is_acknowledged(const struct node_txn *t)
{
    return !t->is_ended && t->is_invite &&
           (t->machine.ist.state == TND_IST_CONFIRMED || t->machine.ist.state == TND_IST_ACCEPTED);
}

void node_txn_event(struct tnd_node *n, struct node_txn *t, struct tnd_txn_event ev)
{
    struct tnd_acts acts;

    step(t, ev, &acts);
    do_acts(n, t, &acts, &(struct said){.request = NULL});
    if (ev.kind == TND_EV_ACK && is_acknowledged(t))
        node_forget(n, &t->sent);
}

/* How long it took until the caller of a new call heard of the other side. */
static void time_setup(struct tnd_node *n, struct node_txn *t, unsigned code)
{
    size_t i = 0;

    if (code <= 100 || code >= 300)
        return;
    t->is_timed = true;
    while (n->now - t->began > tnd_node_setup_bound(i))
        i++;
    n->stats.setup[i]++;
    n->stats.setup_time += (uint64_t)(n->now - t->began);
}

static void say(struct tnd_node *n, struct node_txn *t, const struct said *said)
{
    struct tnd_acts acts;

    if (!t->is_timed)
        time_setup(n, t, said->code);
    n->stats.calls += t->begins_call && !t->is_answered && said->code / 100 == 2;
    step(t, tnd_ev_response(said->code, n->now), &acts);
    t->is_answered |= said->code >= 200;
    if (said->code >= 300 && t->lab_code == 0) /* who may come again, and did not find anybody */
        leave(&n->by_merged, &t->by_merged);
    do_acts(n, t, &acts, said);
}

void node_txn_reply(struct tnd_node *n, struct node_txn *t, const struct tnd_txn_parts *request,
                    const struct node_answer *answer)
{
    say(n, t, &(struct said){.request = request, .answer = answer, .code = answer->code});
}

void node_txn_pass(struct tnd_node *n, struct node_txn *t, unsigned code, struct tnd_slice bytes)
{
    say(n, t, &(struct said){.bytes = bytes, .code = code});
}

void node_timer_due(struct tnd_node *n, struct tnd_wait *timer)
{
    switch (timer->id) {
    case NODE_WAIT_STEP:
        node_uas_step(n, timer->owner);
        return;
    case NODE_WAIT_EXPIRY:
        node_uas_expired(n, timer->owner);
        return;
    case NODE_WAIT_ACK:
        node_uas_again(n, timer->owner);
        return;
    case NODE_WAIT_CONTEXT:
        node_search_timer(n, timer->owner);
        return;
    default: /* of a machine */
        if (timer->id >= NODE_OF_CLIENT) {
            node_client_timer(n, timer->owner, (enum tnd_timer)(timer->id - NODE_OF_CLIENT));
            return;
        }
        node_txn_event(n, timer->owner, tnd_ev_timer((enum tnd_timer)timer->id, n->now));
    }
}
