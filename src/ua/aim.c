/* Where one attempt goes: RFC 3263, and what carries it (RFC 3261 §18.1.1). */
#include "ua/errand.h"

#include "tandem/transport/request.h"

/* What we have addresses for, the preferred first. */
static void set_transports(const struct tnd_ua *ua, const struct ua_errand *e,
                           struct tnd_locate_with *with)
{
    size_t count = 0;

    for (size_t i = 0; i < ua->config.address_count; i++) {
        const struct tnd_endpoint *own = &ua->config.addresses[i];
        bool is_there = e->recover.next.transport && own->transport != e->recover.next.transport;

        with->ipv4 |= own->family == TND_FAMILY_IPV4;
        with->ipv6 |= own->family == TND_FAMILY_IPV6;
        for (size_t j = 0; j < count; j++)
            is_there |= with->transports[j] == own->transport;
        if (!is_there && count < TND_TRANSPORT_COUNT - 1)
            with->transports[count++] = own->transport;
    }
}

static bool has_tcp(const struct tnd_ua *ua)
{
    for (size_t i = 0; i < ua->config.address_count; i++)
        if (ua->config.addresses[i].transport == TND_TRANSPORT_TCP)
            return true;
    return false;
}

static bool send_to(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_endpoint *to);

/* RFC 3261 §18.1.1: what is too large for UDP goes by TCP. */
static bool is_too_large(const struct tnd_ua *ua, const struct ua_errand *e,
                         const struct tnd_endpoint *to, size_t len)
{
    enum tnd_transport chosen = (enum tnd_transport)to->transport;
    enum tnd_rule rule;

    return e->tcp.family == TND_FAMILY_NONE && has_tcp(ua) &&
           tnd_request_transport(chosen, len, 0, &rule) != chosen;
}

/* An ACK to a 2xx is no transaction: whoever sends it again has it from its leg. */
static bool start(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_endpoint *to,
                  const char branch[UA_BRANCH_LEN], struct tnd_slice bytes)
{
    e->is_udp = to->transport == TND_TRANSPORT_UDP;
    if (e->method != TND_METHOD_ACK)
        return ua_client_start(ua, e, (enum tnd_method)e->method, branch,
                               &(struct ua_to){.endpoint = *to}, bytes);
    e->ack = tnd_slice_keep(&e->object.arena, bytes);
    e->ack_to = *to;
    ua_send(ua, &(struct ua_to){.endpoint = *to}, bytes, e->object.serial << 8);
    return e->ack.ptr;
}

static bool send_to(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_endpoint *to)
{
    char branch[UA_BRANCH_LEN];

    memcpy(branch, TND_BRANCH_COOKIE, sizeof(TND_BRANCH_COOKIE) - 1);
    ua_draw(ua, "branch", branch + sizeof(TND_BRANCH_COOKIE) - 1,
            UA_BRANCH_LEN - (sizeof(TND_BRANCH_COOKIE) - 1));
    struct tnd_slice bytes = ua_write_copy(ua, e, to, branch);
    if (!bytes.ptr)
        return false;
    if (is_too_large(ua, e, to, bytes.len)) {
        e->tcp = *to;
        e->tcp.transport = TND_TRANSPORT_TCP;
        return send_to(ua, e, &e->tcp);
    }
    return start(ua, e, to, branch, bytes);
}

bool ua_aim_back_to_udp(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->tcp.family == TND_FAMILY_NONE || e->tcp.transport != TND_TRANSPORT_TCP)
        return false;
    if (e->client)
        e->client->errand = NULL;
    e->client = NULL;
    e->tcp.transport = TND_TRANSPORT_UDP;
    return send_to(ua, e, &e->tcp);
}

enum ua_aim ua_aim_look(struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_locate_step step;

    if (!e->locate)
        return UA_AIM_NONE;
    for (;;) {
        tnd_locate_next(e->locate, &step);
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            ua_ask(ua, &step.lookup, e->object.serial << 8);
            break;
        case TND_LOCATE_WAIT:
            return UA_AIM_WAIT;
        case TND_LOCATE_TRY:
            e->next = step.endpoint;
            return UA_AIM_SENT;
        case TND_LOCATE_END:
            return UA_AIM_NONE;
        }
    }
}

enum ua_aim ua_aim_send_next(struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_endpoint to = e->next;

    e->next = e->tcp = (struct tnd_endpoint){0};
    e->failure = (struct ua_failure){0};
    return send_to(ua, e, &to) ? UA_AIM_SENT : UA_AIM_NONE;
}

enum ua_aim ua_aim_start(struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_locate_with with = {.a = &e->object.arena, .seed = e->object.serial ^ ua->seed};
    struct tnd_uri uri;

    if (!e->locate)
        e->locate = tnd_arena_take(&e->object.arena, sizeof(*e->locate));
    if (!e->locate || ua_uri_read(e->text.hop, &uri) != 0) {
        e->locate = NULL;
        return UA_AIM_NONE;
    }
    set_transports(ua, e, &with);
    tnd_locate_uri(e->locate, &with, &uri);
    enum ua_aim aim = ua_aim_look(ua, e);
    return aim == UA_AIM_SENT ? ua_aim_send_next(ua, e) : aim;
}
