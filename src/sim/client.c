/* The client transactions of a phone, and what the book says of them. */
#include "base/assert.h"
#include "sim/phone_parts.h"

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

static void end(struct phone *p, struct phone_client *client, uint16_t code)
{
    struct sim_call *page = client->page;

    if (!page || page->over)
        return;
    page->over = true;
    page->code = code;
    page->ended = p->now;
}

static void told(void *owner, struct sim_uac *uac, const struct tnd_msg *response)
{
    struct phone_client *client = (struct phone_client *)uac;

    if (response && response->code < 200)
        return;
    end(owner, client, response ? response->code : 0);
    if (response && uac->machine.is_invite && response->code < 300)
        phone_answered(owner, client, response);
}

/* RFC 3261 §9.2: 481 if the INVITE is not known, or not any more */
static void cancel(void *owner, struct sim_uac *uac, struct tnd_slice bytes)
{
    phone_client_start(owner, ((struct phone_client *)uac)->call, ROLE_CANCEL, bytes, 200, 481);
}

void phone_clients_init(struct phone *p)
{
    p->uacs = (struct sim_uacs){.a = &p->a,
                                .outbox = &p->outbox,
                                .timing = &p->timing,
                                .owner = p,
                                .told = told,
                                .cancel = cancel};
}

struct phone_client *phone_client_start(struct phone *p, struct phone_call *call,
                                        enum phone_role role, struct tnd_slice request,
                                        uint16_t expected, uint16_t other)
{
    struct phone_client *client = tnd_arena_zero(&p->a, 1, sizeof(*client));
    struct tnd_msg msg;

    TND_ASSERT(client);
    sim_parse(&msg, request);
    client->call = call;
    client->role = (uint8_t)role;
    client->page = write_down(p, client, msg.method_name, expected, other);
    sim_uac_start(&p->uacs, &client->uac, &call->to, request, p->now);
    return client;
}
