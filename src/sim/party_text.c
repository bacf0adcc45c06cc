/* What the phone of a user writes. */
#include "base/assert.h"
#include "sim/party_parts.h"

struct tnd_slice party_keep(struct party *p, const struct tnd_writer *w)
{
    TND_ASSERT(!tnd_writer_over(w));
    struct tnd_slice s = tnd_slice_keep(&p->a, tnd_writer_slice(w));
    TND_ASSERT(!tnd_arena_over(&p->a));
    return s;
}

struct tnd_slice party_token(struct party *p, const char *before)
{
    char room[48];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    uint64_t random = tnd_random_next(&p->random);

    tnd_put_str(&w, before);
    tnd_put_hex(&w, &random, sizeof(random));
    return party_keep(p, &w);
}

static void put_transport(struct tnd_writer *w, const struct party *p)
{
    tnd_put_str(w, p->setup->tcp ? ";transport=tcp" : "");
}

/* Where it is reached, as far as it knows. */
void party_put_contact(struct tnd_writer *w, const struct party *p)
{
    const struct tnd_endpoint *at =
        p->setup->is_hidden && p->seen.family != TND_FAMILY_NONE ? &p->seen : &p->address;

    tnd_put_str(w, "<sip:");
    tnd_put_str(w, p->setup->user);
    tnd_put_str(w, "@");
    tnd_address_write_host(w, at);
    tnd_put_str(w, ":");
    tnd_put_number(w, at->port);
    put_transport(w, p);
    tnd_put_str(w, ">");
}

void party_put_request(struct tnd_writer *w, struct party *p, const struct party_call *call,
                       const char *method, struct tnd_slice uri, unsigned cseq, bool in_dialog)
{
    bool is_tcp = in_dialog ? call->hop.transport == TND_TRANSPORT_TCP : p->setup->tcp;

    tnd_put_request_line(w, tnd_slice_str(method), uri);
    tnd_put_str(w, is_tcp ? "Via: SIP/2.0/TCP " : "Via: SIP/2.0/UDP ");
    tnd_address_write_host(w, &p->address);
    tnd_put_str(w, ":");
    tnd_put_number(w, p->address.port);
    tnd_put_str(w, ";rport;branch=");
    tnd_put(w, party_token(p, TND_BRANCH_COOKIE));
    tnd_put_str(w, "\r\nMax-Forwards: 70\r\n");
    if (in_dialog)
        tnd_put(w, call->routes);
    tnd_put_str(w, "From: ");
    tnd_put(w, call->local);
    tnd_put_str(w, "\r\nTo: ");
    tnd_put(w, call->remote);
    tnd_put_str(w, "\r\nCall-ID: ");
    tnd_put(w, call->call_id);
    tnd_put_str(w, "\r\nCSeq: ");
    tnd_put_number(w, cseq);
    tnd_put_str(w, " ");
    tnd_put_str(w, method);
    tnd_put_str(w, "\r\n");
}

void party_put_end(struct tnd_writer *w)
{
    tnd_put_body(w, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
}

bool party_hop(const struct tnd_uri *uri, struct tnd_endpoint *ret)
{
    struct tnd_slice value;
    enum tnd_transport transport = TND_TRANSPORT_UDP; /* RFC 3263 §4.1 */

    if (tnd_address_parse(uri->host, ret) != 0)
        return false;
    if (tnd_param_find(uri->params, TND_STR("transport"), &value))
        transport = tnd_transport_find(value);
    ret->transport = (uint8_t)transport;
    ret->port = uri->port > 0 ? (uint16_t)uri->port : tnd_transport_port(transport);
    return true;
}
