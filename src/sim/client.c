/* The client transactions of a phone: what the machines ask for is done here. */
#include "base/assert.h"
#include "sim/phone_parts.h"

enum { PARSE_ROOM = 1 << 16 };

void phone_send(struct phone *p, const struct phone_call *call, struct tnd_slice bytes,
                uint64_t token)
{
    sim_outbox_put(
        &p->outbox,
        &(struct tnd_output){.kind = TND_OUT_SEND, .to = call->to, .token = token, .bytes = bytes});
}

/* A page for a request; NULL: the book is full. */
static struct sim_call *write_down(struct phone *p, const struct phone_client *client,
                                   struct tnd_slice method, uint16_t expected, uint16_t other)
{
    struct sim_book *book = p->setup->book;

    if (book->count == SIM_CALL_MAX) {
        book->missed++;
        return NULL;
    }
    struct sim_call *page = &book->calls[book->count++];
    struct tnd_writer w = tnd_writer(page->call_id, sizeof(page->call_id) - 1);
    tnd_put(&w, client->call->call_id);
    page->host = p->setup->host;
    page->method = tnd_method_name(tnd_method_find(method));
    if (!*page->method)
        page->method = client->call->question->method;
    page->user = client->call->question->user;
    page->expected = expected;
    page->other = other;
    page->after = client->call->after;
    page->started = p->now;
    return page;
}

static void parse(struct tnd_msg *msg, struct tnd_arena *a, void *room, struct tnd_slice bytes)
{
    tnd_arena_init(a, room, PARSE_ROOM, NULL, 0);
    int err = tnd_msg_parse(msg, a, bytes, TND_DATAGRAM);
    TND_ASSERT(err == 0); /* of our own writing */
}

static void send_ack(struct phone *p, const struct phone_client *client,
                     const struct tnd_msg *response)
{
    static _Alignas(TND_ARENA_ALIGN) char room[PARSE_ROOM];
    char bytes[2 * PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_arena a;
    struct tnd_msg invite;

    parse(&invite, &a, room, client->request);
    if (tnd_ack_write(&w, &invite, response) && !tnd_writer_over(&w))
        phone_send(p, client->call, tnd_writer_slice(&w), 0);
}

static void send_cancel(struct phone *p, const struct phone_client *client)
{
    static _Alignas(TND_ARENA_ALIGN) char room[PARSE_ROOM];
    char bytes[PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(bytes, sizeof(bytes));
    struct tnd_arena a;
    struct tnd_msg invite;

    parse(&invite, &a, room, client->request);
    bool written = tnd_cancel_write(&w, &invite, tnd_slice(NULL, 0));
    TND_ASSERT(written && !tnd_writer_over(&w));
    /* RFC 3261 §9.2: 481 if the INVITE is not known, or not any more */
    phone_client_start(p, client->call, ROLE_CANCEL, tnd_writer_slice(&w), 200, 481);
}

static void end(struct phone *p, struct phone_client *client, uint16_t code)
{
    struct sim_call *page = client->page;

    if (!page || page->over)
        return;
    page->over = true;
    page->code = code;
    page->ended = p->now;
}

static void pass(struct phone *p, struct phone_client *client, const struct tnd_msg *response)
{
    if (response->code < 200)
        return;
    end(p, client, response->code);
    if (client->invite && response->code < 300)
        phone_answered(p, client, response);
}

static void act(struct phone *p, struct phone_client *client, const struct tnd_act *act,
                const struct tnd_msg *response)
{
    switch ((enum tnd_act_kind)act->kind) {
    case TND_ACT_SEND_REQUEST:
        phone_send(p, client->call, client->request, client->token);
        return;
    case TND_ACT_SEND_ACK:
        send_ack(p, client, response);
        return;
    case TND_ACT_SEND_CANCEL:
        send_cancel(p, client);
        return;
    case TND_ACT_PASS:
        pass(p, client, response);
        return;
    case TND_ACT_TIMEOUT:
    case TND_ACT_FAILED:
        end(p, client, 0);
        return;
    case TND_ACT_ARM:
        client->due[act->timer] = act->at;
        return;
    case TND_ACT_DISARM:
        client->due[act->timer] = TND_NEVER_DUE;
        return;
    case TND_ACT_DESTROY:
        client->ended = true;
        for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
            client->due[i] = TND_NEVER_DUE;
        return;
    case TND_ACT_ABSORB:
        return;
    case TND_ACT_SEND_RESPONSE:
    case TND_ACT_SEND_100:
    case TND_ACT_SEND_AGAIN:
        TND_ASSERT(!"a client sends no responses");
    }
}

static void do_all(struct phone *p, struct phone_client *client, const struct tnd_acts *acts,
                   const struct tnd_msg *response)
{
    for (unsigned i = 0; i < acts->count; i++)
        act(p, client, &acts->act[i], response);
}

void phone_client_step(struct phone *p, struct phone_client *client, struct tnd_txn_event ev,
                       const struct tnd_msg *response)
{
    struct tnd_acts acts;

    if (client->ended)
        return;
    if (client->invite)
        tnd_ict_step(&client->u.ict, ev, &acts);
    else
        tnd_nict_step(&client->u.nict, ev, &acts);
    do_all(p, client, &acts, response);
}

/* By which its responses are found. */
static struct tnd_slice key_of(struct phone *p, const struct tnd_msg *request)
{
    char room[PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via via;

    bool is_via = tnd_msg_via(request, &via, NULL);
    TND_ASSERT(is_via);
    enum tnd_rule rule = tnd_txn_client_key(&w, via.branch, request->method_name);
    TND_ASSERT(rule != TND_RULE_NONE && !tnd_writer_over(&w));
    return tnd_slice_keep(&p->a, tnd_writer_slice(&w));
}

struct phone_client *phone_client_start(struct phone *p, struct phone_call *call,
                                        enum phone_role role, struct tnd_slice request,
                                        uint16_t expected, uint16_t other)
{
    static _Alignas(TND_ARENA_ALIGN) char room[PARSE_ROOM];
    struct phone_client *client = tnd_arena_zero(&p->a, 1, sizeof(*client));
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_acts acts;

    TND_ASSERT(client);
    parse(&msg, &a, room, request);
    client->call = call;
    client->role = (uint8_t)role;
    client->invite = msg.method == TND_METHOD_INVITE;
    client->reliable = tnd_transport_is_reliable(call->to.transport);
    client->token = ++p->tokens;
    client->key = key_of(p, &msg);
    client->page = write_down(p, client, msg.method_name, expected, other);
    client->request = tnd_slice_keep(&p->a, request);
    for (unsigned i = 0; i < TND_TIMER_COUNT; i++)
        client->due[i] = TND_NEVER_DUE;
    client->next = p->clients;
    p->clients = client;
    if (client->invite)
        tnd_ict_start(&client->u.ict, &p->timing, client->reliable, p->now, &acts);
    else
        tnd_nict_start(&client->u.nict, &p->timing, client->reliable, p->now, &acts);
    do_all(p, client, &acts, NULL);
    return client;
}

struct phone_client *phone_client_of(struct phone *p, const struct tnd_msg *response)
{
    char room[PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, response);
    if (tnd_txn_response_key(&w, &parts) == TND_RULE_NONE || tnd_writer_over(&w))
        return NULL;
    for (struct phone_client *client = p->clients; client; client = client->next)
        if (!client->ended && tnd_slice_eq(client->key, tnd_writer_slice(&w)))
            return client;
    return NULL;
}
