/* To a collector of HEP, by UDP: nobody waits for it. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tandem/sip/message.h"
#include "web/follow_inside.h"

enum { AGENT = 2026 };

static const int64_t again_after = TND_SEC(30);

/* The name may mean another place by then. */
static void connect_to(struct tnd_follow *f, int64_t now)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found = NULL;
    struct follow_hep *hep = &f->hep;
    char port[8];

    hep->again = now + again_after;
    snprintf(port, sizeof(port), "%u", hep->port);
    int err = getaddrinfo(hep->host, port, &hints, &found);
    for (struct addrinfo *i = found; i && hep->fd < 0; i = i->ai_next) {
        hep->fd = socket(i->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (hep->fd >= 0 && connect(hep->fd, i->ai_addr, i->ai_addrlen) < 0)
            follow_hep_close(hep);
    }
    if (found)
        freeaddrinfo(found);
    if (hep->fd < 0)
        follow_say(f, TND_SERVER_WARN, "hep: %s: %s; what is seen now is not told", hep->host,
                   err ? gai_strerror(err) : "it cannot be reached");
}

void follow_hep_close(struct follow_hep *hep)
{
    if (hep->fd >= 0)
        close(hep->fd);
    hep->fd = -1;
}

static struct tnd_slice call_id_of(struct follow_hep *hep, struct tnd_slice bytes)
{
    struct tnd_msg msg;

    tnd_arena_reset(&hep->arena);
    if (tnd_msg_parse_datagram(&msg, &hep->arena, bytes))
        return tnd_slice(NULL, 0);
    return tnd_msg_value(&msg, TND_HEADER_CALL_ID);
}

/* What the collector does not take is lost, as datagrams are. */
static void tell(struct tnd_follow *f, const struct tnd_recorded *m)
{
    struct tnd_endpoint own = tnd_live_own_name(f->listen, f->listen_count, m);
    struct follow_hep *hep = &f->hep;
    struct tnd_hep packet = {.at = m->at,
                             .from = m->is_sent ? own : m->remote,
                             .to = m->is_sent ? m->remote : own,
                             .bytes = m->bytes,
                             .call_id = call_id_of(hep, m->bytes),
                             .agent = AGENT};
    size_t len = tnd_hep_write(hep->packet, &packet);

    if (len > 0 && send(hep->fd, hep->packet, len, MSG_NOSIGNAL) < 0)
        return;
}

void follow_hep_turn(struct tnd_follow *f, int64_t now)
{
    struct follow_hep *hep = &f->hep;
    struct tnd_recorded m;

    if (hep->host[0] == '\0')
        return;
    if (hep->fd < 0 && now >= hep->again)
        connect_to(f, now);
    while (tnd_tape_next(hep->tape, &m))
        if (m.kind == TND_RECORDED_MESSAGE && hep->fd >= 0)
            tell(f, &m);
}
