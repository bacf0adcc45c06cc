/* A caller: whom it calls, how long it waits, and whether it goes where it is sent to. */
#include "base/assert.h"
#include "sim/party_parts.h"

static void remember(struct party_call *call, struct tnd_slice uri)
{
    if (call->tried_count < PARTY_TRIED_MAX)
        call->tried[call->tried_count++] = uri;
}

static bool was_tried(const struct party_call *call, const struct tnd_uri *uri)
{
    for (unsigned i = 0; i < call->tried_count; i++) {
        struct tnd_uri tried;

        if (tnd_uri_parse(call->tried[i], &tried, NULL) == 0 && tnd_uri_eq(&tried, uri))
            return true;
    }
    return false;
}

static void invite(struct party *p, struct party_call *call, struct tnd_slice uri)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    remember(call, uri);
    call->invite_cseq = ++call->cseq;
    party_put_request(&w, p, call, "INVITE", uri, call->cseq, false);
    tnd_put_str(&w, "Contact: ");
    party_put_contact(&w, p);
    tnd_put_str(&w, tnd_random_chance(&p->random, 1, 3) ? "\r\nSupported: histinfo\r\n" : "\r\n");
    party_put_end(&w);
    call->invite = NULL;
    struct party_client *c =
        party_client_start(p, PARTY_INVITE, call, &p->setup->server, tnd_writer_slice(&w));
    call->invite = c;
}

/* Whom everybody may be, and what a stranger asks for. */
static void put_sides(struct party *p, struct party_call *call, struct tnd_slice uri)
{
    char room[SIM_URI_SIZE + 64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, "<sip:");
    tnd_put_str(&w, p->setup->user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, p->setup->domain);
    tnd_put_str(&w, ">;tag=");
    tnd_put(&w, party_token(p, "t"));
    call->local = party_keep(p, &w);
    w = tnd_writer(room, sizeof(room));
    tnd_put_str(&w, "<");
    tnd_put(&w, uri);
    tnd_put_str(&w, ">");
    call->remote = party_keep(p, &w);
}

void party_call_somebody(struct party *p, bool after)
{
    const struct sim_party_setup *s = p->setup;
    const struct sim_callee *callee = &s->callees[tnd_random_below(&p->random, s->callee_count)];
    struct tnd_slice uri = tnd_slice_str(callee->uri);
    struct party_call *call = party_call_new(p, true, party_token(p, "call-"), after);

    put_sides(p, call, uri);
    memcpy(call->leg->callee, callee->uri, sizeof(callee->uri));
    call->leg->expected = after ? callee->expected : 0;
    call->hangs_up = tnd_random_chance(&p->random, 1, 2);
    call->give_up_at = p->now + PARTY_PATIENCE;
    if (tnd_random_chance(&p->random, 1, 4))
        call->cancel_at = p->now + tnd_random_time(&p->random, 0, TND_SEC(8));
    invite(p, call, uri);
}

/* Routes and tags that nobody has given it. */
static void put_pretexts(struct tnd_writer *w, struct party *p)
{
    static const char *const tricks[] = {"", ";lr", ";lr;tnd=0123456789abcdef", ""};
    const char *trick = tricks[tnd_random_below(&p->random, 4)];

    if (!*trick)
        return;
    tnd_put_str(w, "Route: <sip:");
    tnd_address_write_host(w, &p->setup->server);
    tnd_put_str(w, trick);
    tnd_put_str(w, ">\r\n");
}

/* A stranger: a request for a domain that the server does not serve. */
void party_ask_elsewhere(struct party *p)
{
    static const char *const methods[] = {"OPTIONS", "MESSAGE", "REFER", "BYE"};
    const char *method = methods[tnd_random_below(&p->random, 4)];
    struct party_call as = {.call_id = party_token(p, "stranger-")};
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_slice uri = tnd_slice_str(p->setup->elsewhere);

    put_sides(p, &as, uri);
    if (tnd_random_chance(&p->random, 1, 3)) {
        tnd_put(&w, as.remote);
        tnd_put_str(&w, ";tag=made-up");
        as.remote = party_keep(p, &w);
        w = tnd_writer(room, sizeof(room));
    }
    party_put_request(&w, p, &as, method, uri, 1, false);
    put_pretexts(&w, p);
    party_put_end(&w);
    party_client_start(p, PARTY_ASK, NULL, &p->setup->server, tnd_writer_slice(&w));
}

/* RFC 3261 §8.1.3.4: the next one that it has not called yet. false: there is none. */
static bool follow(struct party *p, struct party_call *call, const struct tnd_msg *response)
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    while (call->tried_count < PARTY_TRIED_MAX && tnd_contact_next(&v, &contact)) {
        if (contact.star || was_tried(call, &contact.addr.uri))
            continue;
        invite(p, call, tnd_slice_keep(&p->a, contact.addr.uri.text));
        return true;
    }
    return false;
}

/* Acknowledges a 2xx (RFC 3261 §13.2.2.4). false: it cannot; RFC 3261 §12.1.1 asks for a Contact. */
static bool acknowledge(struct party *p, struct party_call *call, const struct tnd_msg *response)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    call->remote = tnd_slice_keep(&p->a, tnd_msg_value(response, TND_HEADER_TO));
    party_call_learn(p, call, response, true);
    if (!call->target.ptr)
        return false;
    party_put_request(&w, p, call, "ACK", call->target, call->invite_cseq, true);
    party_put_end(&w);
    call->ack = party_keep(p, &w);
    sim_uac_send(&p->uacs, &call->hop, call->ack, 0);
    return true;
}

/* RFC 3261 §13.2.2.4: a second one that answered is acknowledged, and hung up on. */
static void answered_too(struct party *p, const struct party_call *first,
                         const struct tnd_msg *response)
{
    struct party_call *call = party_call_new(p, true, first->call_id, first->after);

    call->local = first->local;
    call->cseq = first->cseq;
    call->invite_cseq = first->invite_cseq;
    call->leg->code = response->code;
    call->leg->state = SIM_LEG_TALKING;
    if (acknowledge(p, call, response))
        party_call_hang_up(p, call);
}

static void ok(struct party *p, struct party_call *call, const struct tnd_msg *response)
{
    struct tnd_slice to = tnd_msg_value(response, TND_HEADER_TO);

    for (struct party_call *c = p->calls; c; c = c->next)
        if (c->ack.ptr && tnd_slice_eq(c->call_id, call->call_id) && tnd_slice_eq(c->remote, to)) {
            sim_uac_send(&p->uacs, &c->hop, c->ack, 0);
            return;
        }
    if (call->leg->state != SIM_LEG_TRYING) {
        answered_too(p, call, response);
        return;
    }
    call->leg->code = response->code;
    call->leg->state = SIM_LEG_TALKING;
    if (acknowledge(p, call, response))
        party_call_talks(p, call);
}

void party_call_answered(struct party *p, struct party_client *c, const struct tnd_msg *response)
{
    struct party_call *call = c->call;

    if (response && response->code < 300) {
        ok(p, call, response);
        return;
    }
    if (call->leg->state != SIM_LEG_TRYING)
        return;
    call->leg->code = response ? response->code : 0;
    if (response && response->code / 100 == 3 && p->setup->follows && !call->leg->is_cancelled &&
        follow(p, call, response))
        return;
    party_call_over(p, call);
}

void party_call_cancel(struct party *p, struct party_call *call)
{
    struct party_client *c = call->invite;

    call->cancel_at = TND_NEVER_DUE;
    call->leg->is_cancelled = true;
    if (c)
        sim_uac_give_up(&p->uacs, &c->uac, p->now);
}
