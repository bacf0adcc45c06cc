/* Client transactions of phones: what their machines ask for. */
#include "sim/uac.h"

#include "base/assert.h"
#include "tandem/sip/write.h"
#include "tandem/txn/match.h"

enum { PARSE_ROOM = 1 << 17 };

void sim_parse(struct tnd_msg *msg, struct tnd_slice bytes)
{
    static _Alignas(TND_ARENA_ALIGN) char room[PARSE_ROOM];
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    int err = tnd_msg_parse(msg, &a, bytes, TND_DATAGRAM);
    TND_ASSERT(err == 0);
}

void sim_uac_send(struct sim_uacs *all, const struct tnd_endpoint *to, struct tnd_slice bytes,
                  uint64_t token)
{
    sim_outbox_put(
        all->outbox,
        &(struct tnd_output){.kind = TND_OUT_SEND, .to = *to, .token = token, .bytes = bytes});
}

static void send_ack(struct sim_uacs *all, const struct sim_uac *uac,
                     const struct tnd_msg *response)
{
    char bytes[SIM_UAC_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_msg invite;

    sim_parse(&invite, uac->request);
    if (tnd_ack_write(&w, &invite, response) && !tnd_writer_over(&w))
        sim_uac_send(all, &uac->to, tnd_writer_slice(&w), 0);
}

static void send_cancel(struct sim_uacs *all, struct sim_uac *uac)
{
    char bytes[SIM_UAC_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_msg invite;

    sim_parse(&invite, uac->request);
    bool written = tnd_cancel_write(&w, &invite, tnd_slice(NULL, 0));
    TND_ASSERT(written && !tnd_writer_over(&w));
    all->cancel(all->owner, uac, tnd_writer_slice(&w));
}

static void disarm_all(struct sim_uac *uac)
{
    for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
        uac->due[i] = TND_NEVER_DUE;
}

static void act(struct sim_uacs *all, struct sim_uac *uac, const struct tnd_act *act,
                const struct tnd_msg *response)
{
    switch ((enum tnd_act_kind)act->kind) {
    case TND_ACT_SEND_REQUEST:
        sim_uac_send(all, &uac->to, uac->request, uac->token);
        return;
    case TND_ACT_SEND_ACK:
        send_ack(all, uac, response);
        return;
    case TND_ACT_SEND_CANCEL:
        send_cancel(all, uac);
        return;
    case TND_ACT_PASS:
        all->told(all->owner, uac, response);
        return;
    case TND_ACT_TIMEOUT:
    case TND_ACT_FAILED:
        all->told(all->owner, uac, NULL);
        return;
    case TND_ACT_ARM:
        uac->due[act->timer] = act->at;
        return;
    case TND_ACT_DISARM:
        uac->due[act->timer] = TND_NEVER_DUE;
        return;
    case TND_ACT_DESTROY:
        uac->is_ended = true;
        disarm_all(uac);
        return;
    case TND_ACT_ABSORB:
        return;
    case TND_ACT_SEND_RESPONSE:
    case TND_ACT_SEND_100:
    case TND_ACT_SEND_AGAIN:
        TND_ASSERT(!"a client sends no responses");
    }
}

static void do_all(struct sim_uacs *all, struct sim_uac *uac, const struct tnd_acts *acts,
                   const struct tnd_msg *response)
{
    for (unsigned i = 0; i < acts->count; i++)
        act(all, uac, &acts->act[i], response);
}

void sim_uac_step(struct sim_uacs *all, struct sim_uac *uac, struct tnd_txn_event ev,
                  const struct tnd_msg *response)
{
    struct tnd_acts acts;

    if (uac->is_ended)
        return;
    tnd_client_txn_step(&uac->machine, ev, &acts);
    do_all(all, uac, &acts, response);
}

/* By which its responses are found. */
static struct tnd_slice key_of(struct tnd_arena *a, const struct tnd_msg *request)
{
    char room[SIM_UAC_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via via;

    bool is_via = tnd_msg_via(request, &via, NULL);
    TND_ASSERT(is_via);
    enum tnd_rule rule = tnd_txn_client_key(&w, via.branch, request->method_name);
    TND_ASSERT(rule != TND_RULE_NONE && !tnd_writer_over(&w));
    return tnd_slice_keep(a, tnd_writer_slice(&w));
}

void sim_uac_start(struct sim_uacs *all, struct sim_uac *uac, const struct tnd_endpoint *to,
                   struct tnd_slice request, tnd_time now)
{
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)to->transport);
    struct tnd_msg msg;
    struct tnd_acts acts;

    uac->request = tnd_slice_keep(all->a, request);
    sim_parse(&msg, uac->request);
    uac->machine.is_invite = msg.method == TND_METHOD_INVITE;
    uac->to = *to;
    uac->token = ++all->tokens;
    uac->key = key_of(all->a, &msg);
    disarm_all(uac);
    uac->next = all->first;
    all->first = uac;
    tnd_client_txn_start(&uac->machine, all->timing, reliable, now, &acts);
    do_all(all, uac, &acts, NULL);
}

void sim_uac_give_up(struct sim_uacs *all, struct sim_uac *uac, tnd_time now)
{
    if (!uac->is_ended && uac->machine.of.ict.state <= TND_ICT_PROCEEDING)
        sim_uac_step(all, uac, tnd_ev(TND_EV_CANCEL, now), NULL);
}

static struct sim_uac *find(struct sim_uacs *all, const struct tnd_msg *response)
{
    char room[SIM_UAC_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, response);
    if (tnd_txn_response_key(&w, &parts) == TND_RULE_NONE || tnd_writer_over(&w))
        return NULL;
    for (struct sim_uac *uac = all->first; uac; uac = uac->next)
        if (!uac->is_ended && tnd_slice_eq(uac->key, tnd_writer_slice(&w)))
            return uac;
    return NULL;
}

void sim_uac_came(struct sim_uacs *all, const struct tnd_msg *response, tnd_time now)
{
    struct sim_uac *uac = find(all, response);

    if (uac)
        sim_uac_step(all, uac, tnd_ev_response(response->code, now), response);
}

void sim_uac_failed(struct sim_uacs *all, uint64_t token, tnd_time now)
{
    for (struct sim_uac *uac = all->first; uac; uac = uac->next)
        if (uac->token == token)
            sim_uac_step(all, uac, tnd_ev(TND_EV_SEND_FAILED, now), NULL);
}
