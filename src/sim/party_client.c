/* The client transactions of the phone of a user: what their machines ask for. */
#include "base/assert.h"
#include "sim/party_parts.h"

void party_send(struct party *p, const struct tnd_endpoint *to, struct tnd_slice bytes,
                uint64_t token)
{
    sim_outbox_put(
        &p->outbox,
        &(struct tnd_output){.kind = TND_OUT_SEND, .to = *to, .token = token, .bytes = bytes});
}

static void send_ack(struct party *p, const struct party_client *c, const struct tnd_msg *response)
{
    char bytes[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_msg invite;

    party_parse(&invite, c->request);
    if (tnd_ack_write(&w, &invite, response) && !tnd_writer_over(&w))
        party_send(p, &c->to, tnd_writer_slice(&w), 0);
}

static void send_cancel(struct party *p, const struct party_client *c)
{
    char bytes[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_msg invite;

    party_parse(&invite, c->request);
    bool written = tnd_cancel_write(&w, &invite, tnd_slice(NULL, 0));
    TND_ASSERT(written && !tnd_writer_over(&w));
    party_client_start(p, PARTY_CANCEL, c->call, &c->to, tnd_writer_slice(&w));
}

/* response NULL: nobody answered. */
static void tell(struct party *p, struct party_client *c, const struct tnd_msg *response)
{
    if (response && response->code < 200)
        return;
    if (response)
        c->code = response->code;
    switch ((enum party_purpose)c->purpose) {
    case PARTY_REGISTER:
    case PARTY_FETCH:
        party_registered(p, c, response);
        return;
    case PARTY_INVITE:
        party_call_answered(p, c, response);
        return;
    case PARTY_BYE:
        /* RFC 3261 §15.1.1: of 481 and 408 too the call is over */
        c->call->leg->is_unheard = !response || (response->code >= 300 && response->code != 481);
        return;
    case PARTY_CANCEL:
    case PARTY_ASK:
        return;
    }
}

static void act(struct party *p, struct party_client *c, const struct tnd_act *act,
                const struct tnd_msg *response)
{
    switch ((enum tnd_act_kind)act->kind) {
    case TND_ACT_SEND_REQUEST:
        party_send(p, &c->to, c->request, c->token);
        return;
    case TND_ACT_SEND_ACK:
        send_ack(p, c, response);
        return;
    case TND_ACT_SEND_CANCEL:
        send_cancel(p, c);
        return;
    case TND_ACT_PASS:
        tell(p, c, response);
        return;
    case TND_ACT_TIMEOUT:
    case TND_ACT_FAILED:
        tell(p, c, NULL);
        return;
    case TND_ACT_ARM:
        c->due[act->timer] = act->at;
        return;
    case TND_ACT_DISARM:
        c->due[act->timer] = TND_NEVER_DUE;
        return;
    case TND_ACT_DESTROY:
        c->is_ended = true;
        for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
            c->due[i] = TND_NEVER_DUE;
        return;
    case TND_ACT_ABSORB:
        return;
    case TND_ACT_SEND_RESPONSE:
    case TND_ACT_SEND_100:
    case TND_ACT_SEND_AGAIN:
        TND_ASSERT(!"a client sends no responses");
    }
}

static void do_all(struct party *p, struct party_client *c, const struct tnd_acts *acts,
                   const struct tnd_msg *response)
{
    for (unsigned i = 0; i < acts->count; i++)
        act(p, c, &acts->act[i], response);
}

void party_client_step(struct party *p, struct party_client *c, struct tnd_txn_event ev,
                       const struct tnd_msg *response)
{
    struct tnd_acts acts;

    if (c->is_ended)
        return;
    if (c->is_invite)
        tnd_ict_step(&c->machine.ict, ev, &acts);
    else
        tnd_nict_step(&c->machine.nict, ev, &acts);
    do_all(p, c, &acts, response);
}

static struct tnd_slice key_of(struct party *p, const struct tnd_msg *request)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via via;

    bool is_via = tnd_msg_via(request, &via, NULL);
    TND_ASSERT(is_via);
    tnd_txn_client_key(&w, via.branch, request->method_name);
    return party_keep(p, &w);
}

struct party_client *party_client_start(struct party *p, enum party_purpose purpose,
                                        struct party_call *call, const struct tnd_endpoint *to,
                                        struct tnd_slice request)
{
    struct party_client *c = tnd_arena_zero(&p->a, 1, sizeof(*c));
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)to->transport);
    struct tnd_msg msg;
    struct tnd_acts acts;

    TND_ASSERT(c);
    c->request = tnd_slice_keep(&p->a, request);
    party_parse(&msg, c->request);
    c->purpose = (uint8_t)purpose;
    c->call = call;
    c->is_invite = msg.method == TND_METHOD_INVITE;
    c->to = *to;
    c->token = ++p->tokens;
    c->key = key_of(p, &msg);
    c->begun = p->now;
    for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
        c->due[i] = TND_NEVER_DUE;
    c->next = p->clients;
    p->clients = c;
    if (c->is_invite)
        tnd_ict_start(&c->machine.ict, &p->timing, reliable, p->now, &acts);
    else
        tnd_nict_start(&c->machine.nict, &p->timing, reliable, p->now, &acts);
    do_all(p, c, &acts, NULL);
    return c;
}

struct party_client *party_client_of(struct party *p, const struct tnd_msg *response)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, response);
    if (tnd_txn_response_key(&w, &parts) == TND_RULE_NONE || tnd_writer_over(&w))
        return NULL;
    for (struct party_client *c = p->clients; c; c = c->next)
        if (!c->is_ended && tnd_slice_eq(c->key, tnd_writer_slice(&w)))
            return c;
    return NULL;
}
