/* A call, as one phone has it: its dialog (RFC 3261 §12), and its end. */
#include "base/assert.h"
#include "sim/party_parts.h"

static struct sim_leg *new_leg(struct party *p, bool is_caller, struct tnd_slice call_id,
                               bool after)
{
    static struct sim_leg nowhere;
    struct sim_ledger *ledger = p->setup->ledger;
    struct sim_leg *leg = &nowhere;

    if (ledger->count < SIM_LEG_MAX)
        leg = &ledger->legs[ledger->count++];
    else
        ledger->missed++;
    *leg = (struct sim_leg){.host = p->setup->host,
                            .is_caller = is_caller,
                            .is_reliable = p->setup->tcp,
                            .after = after,
                            .started = p->now};
    struct tnd_writer w = tnd_writer(leg->call_id, sizeof(leg->call_id) - 1);
    tnd_put(&w, call_id);
    return leg;
}

struct party_call *party_call_new(struct party *p, bool is_caller, struct tnd_slice call_id,
                                  bool after)
{
    struct party_call *call = tnd_arena_zero(&p->a, 1, sizeof(*call));

    TND_ASSERT(call);
    call->is_caller = is_caller;
    call->call_id = tnd_slice_keep(&p->a, call_id);
    call->after = after;
    call->leg = new_leg(p, is_caller, call_id, after);
    call->leg->state = is_caller ? SIM_LEG_TRYING : SIM_LEG_RINGING;
    call->answer_at = call->cancel_at = call->give_up_at = call->bye_at = call->again_at =
        TND_NEVER_DUE;
    call->next = p->calls;
    p->calls = call;
    return call;
}

void party_call_over(struct party *p, struct party_call *call)
{
    if (call->leg->state == SIM_LEG_RINGING)
        call->leg->rang_until = p->now;
    if (call->leg->state != SIM_LEG_OVER)
        call->leg->over_at = p->now;
    call->leg->state = SIM_LEG_OVER;
    call->answer_at = call->cancel_at = call->give_up_at = call->bye_at = TND_NEVER_DUE;
}

void party_call_talks(struct party *p, struct party_call *call)
{
    call->leg->state = SIM_LEG_TALKING;
    call->cancel_at = call->give_up_at = TND_NEVER_DUE;
    if (!call->is_caller && call->again_at != TND_NEVER_DUE)
        return; /* RFC 3261 §15: a callee does not hang up before the ACK has come */
    if (call->hangs_up) {
        call->bye_at = p->now + tnd_random_time(&p->random, 0, PARTY_TALK_MAX);
        return;
    }
    /* whose other side is gone hears nothing more, and hangs up too */
    tnd_time calm = p->now > p->setup->until ? p->now : p->setup->until;
    call->bye_at = calm + PARTY_LONELY + tnd_random_time(&p->random, 0, PARTY_TALK_MAX);
}

void party_call_hang_up(struct party *p, struct party_call *call)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    party_put_request(&w, p, call, "BYE", call->target, ++call->cseq, true);
    party_put_end(&w);
    party_call_over(p, call);
    party_client_start(p, PARTY_BYE, call, &call->hop, tnd_writer_slice(&w));
}

/* RFC 3261 §12.1: the route set, in the order of the message, or reversed. */
static void learn_routes(struct party *p, struct party_call *call, const struct tnd_msg *msg,
                         bool reversed)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_RECORD_ROUTE);
    struct tnd_addr all[16];
    unsigned count = 0;

    while (count < 16 && tnd_addr_next(&v, &all[count]))
        count++;
    for (unsigned i = 0; i < count; i++) {
        tnd_put_str(&w, "Route: ");
        tnd_addr_write(&w, &all[reversed ? count - 1 - i : i]);
        tnd_put_str(&w, "\r\n");
    }
    call->routes = party_keep(p, &w);
    if (count > 0)
        party_hop(&all[reversed ? count - 1 : 0].uri, &call->hop);
}

void party_call_learn(struct party *p, struct party_call *call, const struct tnd_msg *msg,
                      bool reversed)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    call->hop = p->setup->server;
    if (tnd_contact_next(&v, &contact)) {
        call->target = tnd_slice_keep(&p->a, contact.addr.uri.text);
        party_hop(&contact.addr.uri, &call->hop);
    }
    learn_routes(p, call, msg, reversed);
}

static struct tnd_slice tag_of(struct tnd_slice value)
{
    struct tnd_marks room;
    struct tnd_values v = tnd_values(value, &room);
    struct tnd_addr addr;

    return tnd_addr_next(&v, &addr) ? addr.tag : tnd_slice(NULL, 0);
}

struct party_call *party_call_find(struct party *p, const struct tnd_msg *request)
{
    struct tnd_slice call_id = tnd_msg_value(request, TND_HEADER_CALL_ID);
    struct tnd_slice tag = tag_of(tnd_msg_value(request, TND_HEADER_TO));

    for (struct party_call *call = p->calls; call; call = call->next)
        if (tnd_slice_eq(call->call_id, call_id) && call->leg->state != SIM_LEG_OVER &&
            tnd_slice_eq(tag_of(call->local), tag))
            return call;
    return NULL;
}
