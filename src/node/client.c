/* Client transactions: what the actions of their machines (tandem/txn.h) mean, their timers, their
 * memory. Whose branch one is hears of its responses; a CANCEL is nobody's. */
#include "base/ascii.h"
#include "base/assert.h"
#include "base/owner.h"
#include "node/context.h"

enum { CANCEL_ROOM = 64 }; /* more than a CANCEL is longer than the head of its INVITE */

/* By what it is found. The branch of a CANCEL is that of its INVITE (RFC 3261 §9.1); no two other
 * requests have the same. */
static void put_key(char key[TND_BRANCH_LEN + 1], struct tnd_slice branch, bool is_cancel)
{
    for (size_t i = 0; i < TND_BRANCH_LEN; i++)
        key[i] = tnd_lower(branch.ptr[i]); /* RFC 3261 §7.3.1: it is a token */
    key[TND_BRANCH_LEN] = is_cancel ? 'c' : 'r';
}

struct node_client *node_client_find(const struct tnd_node *n, const struct tnd_txn_parts *response)
{
    char key[TND_BRANCH_LEN + 1];

    if (!response->has_cseq || response->via.branch.len != TND_BRANCH_LEN)
        return NULL;
    put_key(key, response->via.branch, response->cseq.method == TND_METHOD_CANCEL);
    struct tnd_map_node *found = tnd_map_find(&n->by_branch, tnd_slice(key, sizeof(key)));
    struct node_client *c = found ? TND_OWNER(found, struct node_client, by_branch) : NULL;
    return c && c->method == response->cseq.method ? c : NULL; /* RFC 3261 §17.1.3 */
}

/* Its memory stays until the outputs that borrow from it have been taken. */
static void end(struct tnd_node *n, struct node_client *c)
{
    tnd_waits_stop(&n->wheel, c->timers, NODE_CLIENT_TIMER_COUNT);
    if (c->by_branch.key.ptr)
        tnd_map_remove(&n->by_branch, &c->by_branch);
    node_token_give(n, &c->token);
    if (c->context && c->context->branch[c->branch].client == c)
        c->context->branch[c->branch].client = NULL;
    c->context = NULL;
    c->is_ended = true;
    n->stats.clients--;
    c->next_ended = n->ended_clients;
    n->ended_clients = c;
}

void node_give_ended_clients(struct tnd_node *n)
{
    while (n->ended_clients) {
        struct node_client *c = n->ended_clients;

        n->ended_clients = c->next_ended;
        node_forget(n, &c->request);
        node_forget(n, &c->cancel);
        tnd_pool_give(&n->clients, c);
    }
}

void node_clients_fini(struct tnd_node *n)
{
    struct tnd_map_node *node = tnd_map_first(&n->by_branch), *next;

    for (; node; node = next) {
        next = tnd_map_after(&n->by_branch, node);
        end(n, TND_OWNER(node, struct node_client, by_branch));
    }
}

struct node_client *node_client_new(struct tnd_node *n, enum tnd_method method,
                                    const char branch[TND_BRANCH_LEN], const struct node_to *to)
{
    struct node_client *c = tnd_pool_take(&n->clients);

    if (!c)
        return NULL;
    n->stats.clients++;
    c->method = (uint8_t)method;
    c->machine.is_invite = method == TND_METHOD_INVITE;
    c->to = *to;
    tnd_waits_init(c->timers, NODE_CLIENT_TIMER_COUNT, c);
    put_key(c->key, tnd_slice(branch, TND_BRANCH_LEN), method == TND_METHOD_CANCEL);
    c->token = node_token_take(n, NODE_TOKEN_CLIENT, c);
    if (!c->token || tnd_map_add(&n->by_branch, &c->by_branch, tnd_slice(c->key, sizeof(c->key)))) {
        c->by_branch.key = tnd_slice(NULL, 0);
        end(n, c);
        return NULL;
    }
    return c;
}

static void send(struct tnd_node *n, struct node_client *c)
{
    if (c->request)
        node_send(n, &c->to, tnd_slice(c->request->bytes, c->request->len), c->token);
}

/* The request as it was sent, read again: that happens to few. NULL: no memory. */
static struct tnd_msg *read_request(struct tnd_node *n, const struct node_client *c)
{
    struct tnd_msg *msg = tnd_arena_take(&n->work, sizeof(*msg));

    if (!msg || !c->request ||
        tnd_msg_parse(msg, &n->work, tnd_slice(c->request->bytes, c->request->len), TND_DATAGRAM))
        return NULL;
    return msg;
}

/* RFC 3261 §17.1.1.3 */
static void send_ack(struct tnd_node *n, struct node_client *c, const struct tnd_msg *response)
{
    const struct tnd_msg *invite = response ? read_request(n, c) : NULL;
    size_t room = invite ? invite->head.len + response->head.len : 0;
    char *at = invite ? tnd_arena_take(&n->out, room) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (at && tnd_ack_write(&w, invite, response) && !tnd_writer_over(&w))
        node_send(n, &c->to, tnd_writer_slice(&w), c->token);
    else
        n->stats.lost++; /* the response comes again, and then there may be memory */
}

/* It goes where its INVITE went (RFC 3261 §9.1), as a transaction of its own. */
static void send_cancel(struct tnd_node *n, struct node_client *invite)
{
    struct node_client *c =
        invite->cancel ? node_client_new(n, TND_METHOD_CANCEL, invite->key, &invite->to) : NULL;

    if (!c) { /* the INVITE ends by its timer B all the same */
        n->stats.lost++;
        return;
    }
    struct node_kept *cancel = invite->cancel;
    invite->cancel = NULL;
    node_client_start(n, c, cancel);
}

static void pass(struct tnd_node *n, struct node_client *c, const struct tnd_txn_parts *response)
{
    if (c->context)
        node_search_response(n, c->context, c->branch, response);
    else if (c->machine.is_invite && response->msg->code / 100 == 2) /* RFC 3261 §16.7 step 5 */
        node_pass_back_to(n, &c->caller, response);
}

static void fail(struct tnd_node *n, struct node_client *c, unsigned code)
{
    if (c->context)
        node_search_no_response(n, c->context, c->branch, code);
}

static void do_acts(struct tnd_node *n, struct node_client *c, const struct tnd_acts *acts,
                    const struct tnd_txn_parts *response)
{
    for (unsigned i = 0; i < acts->count; i++) {
        const struct tnd_act *act = &acts->act[i];

        switch ((enum tnd_act_kind)act->kind) {
        case TND_ACT_SEND_REQUEST:
            send(n, c);
            break;
        case TND_ACT_SEND_ACK:
            send_ack(n, c, response ? response->msg : NULL);
            break;
        case TND_ACT_SEND_CANCEL:
            send_cancel(n, c);
            break;
        case TND_ACT_PASS:
            pass(n, c, response);
            break;
        case TND_ACT_TIMEOUT:
            fail(n, c, 408); /* RFC 3261 §8.1.3.1 */
            break;
        case TND_ACT_FAILED:
            fail(n, c, 503);
            break;
        case TND_ACT_ARM:
            tnd_waits_arm(&n->wheel, c->timers, NODE_CLIENT_TIMER_COUNT,
                          NODE_OF_CLIENT + act->timer, act->at);
            break;
        case TND_ACT_DISARM:
            tnd_waits_disarm(&n->wheel, c->timers, NODE_CLIENT_TIMER_COUNT,
                             NODE_OF_CLIENT + act->timer);
            break;
        case TND_ACT_ABSORB:
            break;
        case TND_ACT_DESTROY:
            end(n, c);
            break;
        case TND_ACT_SEND_RESPONSE:
        case TND_ACT_SEND_100:
        case TND_ACT_SEND_AGAIN:
            TND_ASSERT(!"an action of servers");
        }
    }
}

static void step(struct tnd_node *n, struct node_client *c, struct tnd_txn_event ev,
                 const struct tnd_txn_parts *response)
{
    struct tnd_acts acts;

    if (c->is_ended)
        return;
    tnd_client_txn_step(&c->machine, ev, &acts);
    do_acts(n, c, &acts, response);
}

void node_client_start(struct tnd_node *n, struct node_client *c, struct node_kept *request)
{
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)c->to.endpoint.transport);
    struct tnd_acts acts;

    c->request = request;
    tnd_client_txn_start(&c->machine, &n->timing, reliable, n->now, &acts);
    do_acts(n, c, &acts, NULL);
}

/* A 2xx needs no ACK of ours, so the request is not needed any more, unless it was refused before: the
 * refusal may come again, and has an ACK of ours each time. */
void node_client_response(struct tnd_node *n, struct node_client *c,
                          const struct tnd_txn_parts *response)
{
    step(n, c, tnd_ev_response(response->msg->code, n->now), response);
    if (response->msg->code / 100 == 2 &&
        !(c->machine.is_invite && c->machine.of.ict.state == TND_ICT_COMPLETED))
        node_forget(n, &c->request);
}

void node_client_timer(struct tnd_node *n, struct node_client *c, enum tnd_timer timer)
{
    n->stats.resent += timer == TND_TIMER_A || timer == TND_TIMER_E;
    step(n, c, tnd_ev_timer(timer, n->now), NULL);
}

void node_client_failed(struct tnd_node *n, uint64_t token)
{
    struct node_client *c = node_token_find(n, token, NODE_TOKEN_CLIENT);

    if (c)
        step(n, c, tnd_ev(TND_EV_SEND_FAILED, n->now), NULL);
}

void node_client_cancel(struct tnd_node *n, struct node_client *c, struct tnd_slice reason)
{
    if (c->cancel || c->is_ended || !c->machine.is_invite)
        return;
    const struct tnd_msg *invite = read_request(n, c);
    size_t room = invite ? invite->head.len + reason.len + CANCEL_ROOM : 0;
    char *at = invite ? tnd_arena_take(&n->work, room) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (at && tnd_cancel_write(&w, invite, reason))
        c->cancel = node_keep(n, tnd_writer_slice(&w));
    step(n, c, tnd_ev(TND_EV_CANCEL, n->now), NULL);
}

void node_client_leave(struct node_client *c)
{
    c->context = NULL;
}
