/* See udp.h. */
#define _DEFAULT_SOURCE /* getrandom() */
#include "udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tandem/store.h"

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *piece, size_t size)
{
    (void)ctx;
    (void)size;
    free(piece);
}

const struct tnd_mem udp_mem = {take, give, NULL};

static int64_t clock_of(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return TND_SEC(t.tv_sec) + t.tv_nsec / 1000;
}

tnd_time udp_now(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

int64_t udp_wall(void)
{
    return clock_of(CLOCK_REALTIME);
}

bool udp_secret(void *ret, size_t size)
{
    return getrandom(ret, size, 0) == (ssize_t)size;
}

/* For clarity IPv4 only: an endpoint of IPv6 has family TND_FAMILY_IPV6 and 16 octets. */
static struct sockaddr_in to_system(const struct tnd_endpoint *e)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(e->port)};

    memcpy(&address.sin_addr, e->octets, 4);
    return address;
}

static struct tnd_endpoint from_system(const struct sockaddr_in *address)
{
    return tnd_endpoint(TND_TRANSPORT_UDP, (const uint8_t *)&address->sin_addr, 4,
                        ntohs(address->sin_port));
}

bool udp_open(struct udp *u, const char *address)
{
    u->fd = -1;
    errno = EINVAL;
    if (tnd_endpoint_parse(tnd_slice_str(address), TND_TRANSPORT_UDP, &u->local) ||
        u->local.family != TND_FAMILY_IPV4 || tnd_address_kind(&u->local) < TND_ADDRESS_LOOPBACK)
        return false;
    struct sockaddr_in local = to_system(&u->local);
    u->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (u->fd >= 0 && bind(u->fd, (struct sockaddr *)&local, sizeof(local)) == 0)
        return true;
    udp_close(u);
    return false;
}

void udp_close(struct udp *u)
{
    int err = errno;

    if (u->fd >= 0)
        close(u->fd);
    u->fd = -1;
    errno = err;
}

static bool send_bytes(const struct udp *u, const struct tnd_output *out)
{
    struct sockaddr_in to = to_system(&out->to);

    return out->to.transport == TND_TRANSPORT_UDP && out->to.family == TND_FAMILY_IPV4 &&
           sendto(u->fd, out->bytes.ptr, out->bytes.len, 0, (struct sockaddr *)&to, sizeof(to)) >=
               0;
}

bool udp_do(struct udp *u, const struct tnd_output *out, struct tnd_input *ret)
{
    /* Here nobody is asked for names: a program that can asks its resolver, goes on, and feeds the
     * answer when it has come. */
    static struct tnd_lookup_answer none;
    static const struct tnd_store_answer no_store = {.result = TND_STORE_FAILED};

    switch ((enum tnd_output_kind)out->kind) {
    case TND_OUT_SEND:
        *ret = (struct tnd_input){.kind = TND_IN_FAILED, .token = out->token};
        return send_bytes(u, out) || out->token == 0; /* 0: nobody wants to know */
    case TND_OUT_RESOLVE:
        none = (struct tnd_lookup_answer){.lookup = out->lookup, .result = TND_LOOKUP_UNAVAILABLE};
        *ret = (struct tnd_input){.kind = TND_IN_RESOLVED, .token = out->token, .answer = &none};
        return false;
    case TND_OUT_STORE: /* of a node with users: REGISTER is refused with 500 */
        *ret = (struct tnd_input){.kind = TND_IN_STORED, .token = out->token, .stored = &no_store};
        return false;
    case TND_OUT_CLOSE: /* of connections */
    case TND_OUT_WHY:   /* of a node that logs */
        break;
    }
    return true;
}

/* Rounded up: an element that is woken before its time has nothing to do yet. */
static int milliseconds_until(tnd_time due)
{
    tnd_time left = due == TND_NEVER_DUE ? TND_SEC(3600) : due - udp_now();

    return left > 0 ? (int)((left < TND_SEC(3600) ? left : TND_SEC(3600)) / 1000 + 1) : 0;
}

void udp_wait(struct udp *u, tnd_time due, struct tnd_input *ret)
{
    struct pollfd want = {.fd = u->fd, .events = POLLIN};
    struct sockaddr_in from;
    socklen_t from_len = sizeof(from);

    *ret = (struct tnd_input){.kind = TND_IN_TICK};
    if (poll(&want, 1, milliseconds_until(due)) <= 0)
        return;
    ssize_t len =
        recvfrom(u->fd, u->bytes, sizeof(u->bytes), 0, (struct sockaddr *)&from, &from_len);
    tnd_arena_init(&u->arena, u->room, sizeof(u->room), NULL, 0);
    if (len <= 0 || tnd_msg_parse_datagram(&u->msg, &u->arena, tnd_slice(u->bytes, (size_t)len)))
        return; /* lost, as a datagram may be */
    *ret = (struct tnd_input){.kind = TND_IN_MESSAGE,
                              .flow = {1, u->local, from_system(&from)}, /* 1: our only socket */
                              .msg = &u->msg,
                              .a = &u->arena};
}
