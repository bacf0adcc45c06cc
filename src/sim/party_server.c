/* The server transactions of the phone of a user, and which request goes where. */
#include "base/assert.h"
#include "sim/party_parts.h"

/* RFC 3261 §18.2.2: over the connection of the request, and if that is gone, over a new one. */
static void send(struct party *p, const struct party_server *s, struct tnd_slice bytes)
{
    sim_outbox_put(&p->outbox, &(struct tnd_output){.kind = TND_OUT_SEND,
                                                    .flow = s->flow.id,
                                                    .to = s->flow.remote,
                                                    .token = s->token,
                                                    .bytes = bytes});
}

void party_server_failed(struct party *p, struct party_server *s)
{
    struct tnd_endpoint again = s->flow.remote;

    if (again.transport != TND_TRANSPORT_TCP || s->flow.id == 0 || !s->response.ptr) {
        party_server_step(p, s, tnd_ev(TND_EV_SEND_FAILED, p->now));
        return;
    }
    s->flow.id = 0;
    s->flow.remote.port = p->setup->server.port;
    send(p, s, s->response);
}

static void act(struct party *p, struct party_server *s, const struct tnd_act *act)
{
    switch ((enum tnd_act_kind)act->kind) {
    case TND_ACT_SEND_RESPONSE:
    case TND_ACT_SEND_AGAIN:
        send(p, s, s->response);
        return;
    case TND_ACT_SEND_100:
        party_server_reply(p, s, 100, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
        return;
    case TND_ACT_ARM:
        s->due[act->timer] = act->at;
        return;
    case TND_ACT_DISARM:
        s->due[act->timer] = TND_NEVER_DUE;
        return;
    case TND_ACT_DESTROY:
        s->is_ended = true;
        for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
            s->due[i] = TND_NEVER_DUE;
        return;
    case TND_ACT_PASS:
    case TND_ACT_TIMEOUT:
    case TND_ACT_FAILED:
    case TND_ACT_ABSORB:
        return;
    case TND_ACT_SEND_REQUEST:
    case TND_ACT_SEND_ACK:
    case TND_ACT_SEND_CANCEL:
        TND_ASSERT(!"a server sends no requests");
    }
}

static void do_all(struct party *p, struct party_server *s, const struct tnd_acts *acts)
{
    for (unsigned i = 0; i < acts->count; i++)
        act(p, s, &acts->act[i]);
}

void party_server_step(struct party *p, struct party_server *s, struct tnd_txn_event ev)
{
    struct tnd_acts acts;

    if (s->is_ended)
        return;
    if (s->is_invite)
        tnd_ist_step(&s->machine.ist, ev, &acts);
    else
        tnd_nist_step(&s->machine.nist, ev, &acts);
    do_all(p, s, &acts);
}

void party_server_reply(struct party *p, struct party_server *s, unsigned code,
                        struct tnd_slice tag, struct tnd_slice lines)
{
    char room[PARTY_TEXT_SIZE], received[TND_ADDRESS_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room)),
                      received_w = tnd_writer(received, sizeof(received));
    struct tnd_msg request;

    if (s->is_ended)
        return;
    sim_parse(&request, s->request);
    tnd_address_write(&received_w, &s->flow.remote);
    tnd_reply_write(&w, &request,
                    &(struct tnd_reply){.code = (uint16_t)code,
                                        .to_tag = tag,
                                        .received = tnd_writer_slice(&received_w),
                                        .rport = s->flow.remote.port,
                                        .fields = lines});
    s->response = party_keep(p, &w);
    party_server_step(p, s, tnd_ev_response(code, p->now));
}

static struct tnd_slice key_of(const struct tnd_msg *request, struct tnd_writer *w)
{
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, request);
    tnd_txn_server_key(w, &parts);
    return tnd_writer_slice(w);
}

static struct party_server *find(struct party *p, struct tnd_slice key)
{
    for (struct party_server *s = p->servers; s; s = s->next)
        if (!s->is_ended && tnd_slice_eq(s->key, key))
            return s;
    return NULL;
}

static struct party_server *begin(struct party *p, const struct tnd_input *in, struct tnd_slice key)
{
    struct party_server *s = tnd_arena_zero(&p->a, 1, sizeof(*s));
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)in->flow.local.transport);
    struct tnd_acts acts;

    TND_ASSERT(s);
    s->is_invite = in->msg->method == TND_METHOD_INVITE;
    s->flow = in->flow;
    s->token = ++p->uacs.tokens;
    s->request = tnd_slice_keep(&p->a, in->msg->text);
    s->key = tnd_slice_keep(&p->a, key);
    for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
        s->due[i] = TND_NEVER_DUE;
    s->next = p->servers;
    p->servers = s;
    if (s->is_invite)
        tnd_ist_start(&s->machine.ist, &p->timing, reliable, p->now, &acts);
    else
        tnd_nist_start(&s->machine.nist, &p->timing, reliable, p->now, &acts);
    do_all(p, s, &acts);
    return s;
}

/* RFC 3261 §9.2 */
static void cancelled(struct party *p, struct party_server *s, const struct tnd_msg *msg)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, msg);
    tnd_txn_cancelled_key(&w, &parts, TND_STR("INVITE"));
    struct party_server *invite = find(p, tnd_writer_slice(&w));
    party_server_reply(p, s, invite ? 200 : 481, party_token(p, "c"), tnd_slice(NULL, 0));
    if (invite && invite->call)
        party_called_cancel(p, invite->call);
}

/* RFC 3261 §15.1.2 */
static void hung_up(struct party *p, struct party_server *s, const struct tnd_msg *msg)
{
    struct party_call *call = party_call_find(p, msg);

    party_server_reply(p, s, call ? 200 : 481, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
    if (call)
        party_call_over(p, call);
}

void party_server_came(struct party *p, const struct tnd_input *in)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_slice key = key_of(in->msg, &w);
    struct party_server *s = find(p, key);

    if (in->msg->method == TND_METHOD_ACK) {
        if (s)
            party_server_step(p, s, tnd_ev(TND_EV_ACK, p->now));
        else
            party_called_ack(p, in->msg);
        return;
    }
    if (s) {
        party_server_step(p, s, tnd_ev(TND_EV_REQUEST, p->now));
        return;
    }
    s = begin(p, in, key);
    if (in->msg->method == TND_METHOD_INVITE)
        party_called(p, s, in->msg);
    else if (in->msg->method == TND_METHOD_CANCEL)
        cancelled(p, s, in->msg);
    else if (in->msg->method == TND_METHOD_BYE)
        hung_up(p, s, in->msg);
    else
        party_server_reply(p, s, 200, party_token(p, "o"), tnd_slice(NULL, 0));
}
