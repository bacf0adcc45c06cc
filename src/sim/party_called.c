/* A phone that is called: it rings, and its person answers, refuses, sends the caller on, or does
 * nothing. */
#include "base/assert.h"
#include "sim/party_parts.h"

#define RING_MAX TND_SEC(70) /* of a phone whose person is away: then it says 480 */

/* 302 with one or several Contacts: others, itself, loops. */
static void draw_contacts(struct party *p, struct party_call *call)
{
    const struct sim_party_setup *s = p->setup;
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    uint64_t count = 1 + tnd_random_below(&p->random, 3);

    for (uint64_t i = 0; i < count; i++) {
        tnd_put_str(&w, "Contact: <");
        tnd_put_str(&w, s->callees[tnd_random_below(&p->random, s->callee_count)].uri);
        tnd_put_str(&w, ">;q=0.");
        tnd_put_number(&w, 1 + tnd_random_below(&p->random, 9));
        tnd_put_str(&w, "\r\n");
    }
    call->contacts = party_keep(p, &w);
}

static void draw_answer(struct party *p, struct party_call *call)
{
    static const uint16_t answers[] = {200, 200, 200, 200, 200, 486, 486, 600,
                                       603, 302, 302, 302, 480, 503, 404, 0};
    const unsigned count = sizeof(answers) / sizeof(*answers);

    call->answer = p->setup->is_plain ? 200 : answers[tnd_random_below(&p->random, count)];
    call->answer_at = p->now + tnd_random_time(&p->random, 0, TND_SEC(12));
    if (call->answer == 302)
        draw_contacts(p, call);
    if (call->answer == 0) {
        call->answer = 480;
        call->answer_at = p->now + RING_MAX;
    }
}

void party_called(struct party *p, struct party_server *s, const struct tnd_msg *invite)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_slice call_id = tnd_msg_value(invite, TND_HEADER_CALL_ID);
    struct party_call *call = party_call_new(p, false, call_id, p->now >= p->setup->after);
    struct tnd_slice tag = party_token(p, "phone-");

    s->call = call;
    call->server = s;
    tnd_put(&w, tnd_msg_value(invite, TND_HEADER_TO));
    tnd_put_str(&w, ";tag=");
    tnd_put(&w, tag);
    call->local = party_keep(p, &w);
    call->remote = tnd_slice_keep(&p->a, tnd_msg_value(invite, TND_HEADER_FROM));
    party_call_learn(p, call, invite, false);
    call->cseq = 100;
    call->hangs_up = tnd_random_chance(&p->random, 1, 2);
    draw_answer(p, call);
    if (tnd_random_chance(&p->random, 3, 4))
        party_server_reply(p, s, 180, tag, tnd_slice(NULL, 0));
}

static struct tnd_slice tag_of(const struct party_call *call)
{
    const char *at = tnd_slice_end(call->local);

    while (at[-1] != '=')
        at--;
    return tnd_slice_between(at, tnd_slice_end(call->local));
}

static void finish(struct party *p, struct party_call *call, unsigned code, struct tnd_slice lines)
{
    call->leg->code = (uint16_t)code;
    call->answer_at = TND_NEVER_DUE;
    party_server_reply(p, call->server, code, tag_of(call), lines);
}

void party_called_cancel(struct party *p, struct party_call *call)
{
    if (call->leg->state != SIM_LEG_RINGING)
        return;
    call->leg->is_cancelled = true;
    party_call_over(p, call);
    finish(p, call, 487, tnd_slice(NULL, 0));
}

void party_called_answer(struct party *p, struct party_call *call)
{
    char room[SIM_URI_SIZE + 32];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (call->answer != 200) {
        party_call_over(p, call);
        finish(p, call, call->answer, call->contacts);
        return;
    }
    tnd_put_str(&w, "Contact: ");
    party_put_contact(&w, p);
    tnd_put_str(&w, "\r\n");
    call->leg->rang_until = p->now;
    finish(p, call, 200, party_keep(p, &w));
    /* RFC 3261 §13.3.1.4 */
    call->again_wait = p->timing.t1;
    call->again_at = p->now + call->again_wait;
    call->again_until = p->now + 64 * p->timing.t1;
    party_call_talks(p, call);
}

/* The 2xx again; and when nobody acknowledged it, the end. */
void party_called_again(struct party *p, struct party_call *call)
{
    if (p->now >= call->again_until) {
        call->again_at = TND_NEVER_DUE;
        if (call->leg->state == SIM_LEG_TALKING)
            party_call_hang_up(p, call);
        return;
    }
    call->again_wait = 2 * call->again_wait < p->timing.t2 ? 2 * call->again_wait : p->timing.t2;
    call->again_at = p->now + call->again_wait;
    party_server_step(p, call->server, tnd_ev_response(200, p->now));
}

void party_called_ack(struct party *p, const struct tnd_msg *ack)
{
    struct tnd_slice call_id = tnd_msg_value(ack, TND_HEADER_CALL_ID);

    for (struct party_call *call = p->calls; call; call = call->next)
        if (!call->is_caller && tnd_slice_eq(call->call_id, call_id) &&
            tnd_slice_eq(call->local, tnd_msg_value(ack, TND_HEADER_TO)) &&
            call->again_at != TND_NEVER_DUE) {
            call->again_at = TND_NEVER_DUE;
            if (call->leg->state == SIM_LEG_TALKING)
                party_call_talks(p, call);
        }
}
