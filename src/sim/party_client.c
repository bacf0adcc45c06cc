/* The client transactions of the phone of a user, and what comes of them. */
#include "base/assert.h"
#include "sim/party_parts.h"

/* response NULL: nobody answered. */
static void told(void *owner, struct sim_uac *uac, const struct tnd_msg *response)
{
    struct party_client *c = (struct party_client *)uac;
    struct party *p = owner;

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

static void cancel(void *owner, struct sim_uac *uac, struct tnd_slice bytes)
{
    party_client_start(owner, PARTY_CANCEL, ((struct party_client *)uac)->call, &uac->to, bytes);
}

void party_clients_init(struct party *p)
{
    p->uacs = (struct sim_uacs){.a = &p->a,
                                .outbox = &p->outbox,
                                .timing = &p->timing,
                                .owner = p,
                                .told = told,
                                .cancel = cancel};
}

struct party_client *party_client_start(struct party *p, enum party_purpose purpose,
                                        struct party_call *call, const struct tnd_endpoint *to,
                                        struct tnd_slice request)
{
    struct party_client *c = tnd_arena_zero(&p->a, 1, sizeof(*c));

    TND_ASSERT(c);
    c->purpose = (uint8_t)purpose;
    c->call = call;
    c->begun = p->now;
    sim_uac_start(&p->uacs, &c->uac, to, request, p->now);
    return c;
}
