/* The binding of a phone: it is made, refreshed, looked at, removed. */
#include "base/assert.h"
#include "sim/party_parts.h"

enum { MARGIN_SECONDS = 3 };

static struct tnd_slice aor_uri(struct party *p)
{
    char room[SIM_URI_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, "sip:");
    tnd_put_str(&w, p->setup->user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, p->setup->domain);
    return party_keep(p, &w);
}

static void put_register(struct tnd_writer *w, struct party *p)
{
    struct party_call as = {.call_id = p->register_id};
    char room[SIM_URI_SIZE], with_tag[SIM_URI_SIZE];
    struct tnd_writer uri = tnd_writer(room, sizeof(room)),
                      from = tnd_writer(with_tag, sizeof(with_tag));

    tnd_put_str(&uri, "<");
    tnd_put(&uri, aor_uri(p));
    tnd_put_str(&uri, ">");
    tnd_put(&from, tnd_writer_slice(&uri));
    tnd_put_str(&from, ";tag=r");
    as.remote = tnd_writer_slice(&uri);
    as.local = tnd_writer_slice(&from);
    room[0] = '<';
    char server[SIM_URI_SIZE];
    struct tnd_writer server_w = tnd_writer(server, sizeof(server));
    tnd_put_str(&server_w, "sip:");
    tnd_put_str(&server_w, p->setup->domain);
    party_put_request(w, p, &as, "REGISTER", tnd_writer_slice(&server_w), ++p->register_cseq,
                      false);
}

void party_register(struct party *p, bool leaves)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    p->register_at = TND_NEVER_DUE; /* the answer says when again */
    p->is_leaving = leaves;
    if (leaves)
        p->fact->until = 0;
    put_register(&w, p);
    tnd_put_str(&w, "Contact: ");
    party_put_contact(&w, p);
    tnd_put_str(&w, "\r\nExpires: ");
    p->expires = leaves ? 0 : (uint32_t)(60 + tnd_random_below(&p->random, 60));
    tnd_put_number(&w, p->expires);
    tnd_put_str(&w, "\r\n");
    party_put_end(&w);
    party_client_start(p, PARTY_REGISTER, NULL, &p->setup->server, tnd_writer_slice(&w));
}

void party_fetch(struct party *p)
{
    char room[PARTY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    put_register(&w, p);
    party_put_end(&w);
    party_client_start(p, PARTY_FETCH, NULL, &p->setup->server, tnd_writer_slice(&w));
}

/* RFC 3581 §4: where the server saw the request come from. */
static void learn_address(struct party *p, const struct tnd_msg *response)
{
    struct tnd_via via;
    struct tnd_endpoint seen;

    if (!tnd_msg_via(response, &via, NULL) || !via.received.ptr || via.rport <= 0 ||
        tnd_address_parse(via.received, &seen) != 0)
        return;
    seen.port = (uint16_t)via.rport;
    p->seen = seen;
}

static bool has_contact(const struct tnd_msg *response, const char *uri, int64_t *ret_expires)
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    while (tnd_contact_next(&v, &contact))
        if (!contact.star && tnd_slice_eq(contact.addr.uri.text, tnd_slice_str(uri))) {
            *ret_expires = contact.expires;
            return true;
        }
    return false;
}

/* The URI of the Contact of a request. */
static void contact_of(const struct tnd_msg *request, char ret[SIM_URI_SIZE])
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTACT);
    struct tnd_contact contact;
    struct tnd_writer w = tnd_writer(ret, SIM_URI_SIZE - 1);

    memset(ret, 0, SIM_URI_SIZE);
    if (tnd_contact_next(&v, &contact))
        tnd_put(&w, contact.addr.uri.text);
}

/* What was known before the request left must be in its answer. */
static void fetched(struct party *p, const struct party_client *c, const struct tnd_msg *response)
{
    int64_t now = p->now / TND_SEC(1), expires;

    if (response && response->code == 200 && p->fact->until > now + MARGIN_SECONDS &&
        p->fact->since < c->begun && !has_contact(response, p->fact->contact, &expires))
        p->fact->missed = true;
}

/* While there are faults, often; then everything comes to rest, and once more when it is called again. */
static tnd_time again_at(struct party *p)
{
    const struct sim_party_setup *s = p->setup;

    if (p->now < s->until)
        return p->now + tnd_random_time(&p->random, TND_SEC(1), TND_SEC(20));
    return p->now < s->after ? s->after + tnd_random_time(&p->random, 0, TND_SEC(1))
                             : TND_NEVER_DUE;
}

void party_registered(struct party *p, struct party_client *c, const struct tnd_msg *response)
{
    char contact[SIM_URI_SIZE];
    struct tnd_msg request;
    int64_t expires = 0, sent = c->begun / TND_SEC(1);

    if (response)
        learn_address(p, response);
    if (c->purpose == PARTY_FETCH) {
        fetched(p, c, response);
        return;
    }
    p->register_at = again_at(p);
    sim_parse(&request, c->uac.request);
    contact_of(&request, contact);
    if (!response || response->code != 200 || p->is_leaving ||
        !has_contact(response, contact, &expires))
        return;
    memcpy(p->fact->contact, contact, sizeof(contact));
    p->fact->since = p->now;
    p->fact->until = sent + expires;
}
