/* What may change while workers run. */
#include "net/settings.h"

#include <ifaddrs.h>
#include <stdlib.h>

#include "net/heap.h"
#include "net/listen.h"
#include "net/sockaddr.h"

enum {
    ARENA_SIZE_MAX = 16 << 20,
    ADDRESS_COUNT_MAX = 1024, /* of this machine */
    CONNECTIONS = 10000,
    CONNECTIONS_PER_SOURCE = 1000,
    IDLE_SECONDS = 3600,
    SLOW_SECONDS = 30,
    UNSENT_MAX = 1 << 20,
    BUFFERED_MAX = 128 << 20,
};

static size_t or_default(size_t n, size_t standard)
{
    return n > 0 ? n : standard;
}

static struct tnd_tcp_bounds bounds_of(const struct tnd_server_bounds *b)
{
    size_t connections = or_default(b->connections, CONNECTIONS);

    if (connections > TND_FLOW_CONNECTION_COUNT_MAX)
        connections = TND_FLOW_CONNECTION_COUNT_MAX;
    return (struct tnd_tcp_bounds){
        .connections = connections,
        .connections_per_source = or_default(b->connections_per_source, CONNECTIONS_PER_SOURCE),
        .message_max = or_default(b->max_message, TND_MESSAGE_LEN_MAX),
        .unsent_max = UNSENT_MAX,
        .buffered_max = BUFFERED_MAX,
        .idle = TND_SEC(or_default(b->connection_idle, IDLE_SECONDS)),
        .slow = TND_SEC(or_default(b->connection_slow, SLOW_SECONDS)),
    };
}

/* The addresses of this machine of a family, each for that port. */
static size_t add_own(const struct tnd_endpoint *any, struct tnd_endpoint *list, size_t count)
{
    struct ifaddrs *first;

    if (getifaddrs(&first) < 0)
        return count;
    for (struct ifaddrs *i = first; i && count < ADDRESS_COUNT_MAX; i = i->ifa_next) {
        union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};

        if (!i->ifa_addr)
            continue;
        if (i->ifa_addr->sa_family == AF_INET)
            memcpy(&address, i->ifa_addr, sizeof(address.in4));
        else if (i->ifa_addr->sa_family == AF_INET6)
            memcpy(&address, i->ifa_addr, sizeof(address.in6));
        struct tnd_endpoint e = tnd_sockaddr_endpoint(&address, (enum tnd_transport)any->transport);
        e.port = any->port;
        if (e.family == any->family)
            list[count++] = e;
    }
    freeifaddrs(first);
    return count;
}

static void add_addresses(struct tnd_settings *s, const struct tnd_node_config *node,
                          const struct tnd_endpoint *listen, size_t listen_count)
{
    size_t count = 0, count_max = node->address_count + listen_count + ADDRESS_COUNT_MAX;
    struct tnd_endpoint *list = tnd_arena_zero(&s->arena, count_max, sizeof(*list));

    if (!list)
        return;
    for (size_t i = 0; i < node->address_count; i++)
        list[count++] = node->addresses[i];
    for (size_t i = 0; i < listen_count; i++)
        if (!tnd_listen_is_any(&listen[i]))
            list[count++] = listen[i];
    for (size_t i = 0; i < listen_count; i++)
        if (tnd_listen_is_any(&listen[i]))
            count = add_own(&listen[i], list, count);
    s->node.addresses = list;
    s->node.address_count = count;
}

static void add_domains(struct tnd_settings *s, const struct tnd_node_config *node)
{
    struct tnd_slice *list = tnd_arena_zero(&s->arena, node->domain_count, sizeof(*list));

    for (size_t i = 0; list && i < node->domain_count; i++)
        list[i] = tnd_slice_keep(&s->arena, node->domains[i]);
    s->node.domains = list;
}

/* Of what bytes there are a copy. */
static void *copy(struct tnd_settings *s, const void *from, size_t size)
{
    void *at = size > 0 ? tnd_arena_take(&s->arena, size) : NULL;

    if (at)
        memcpy(at, from, size);
    return at;
}

static void add_users(struct tnd_settings *s, const struct tnd_node_config *node)
{
    const struct tnd_node_auth *auth = &node->auth;

    if (auth->realm.ptr)
        s->node.auth.realm = tnd_slice_keep(&s->arena, auth->realm);
    s->node.auth.algorithms =
        copy(s, auth->algorithms, auth->algorithm_count * sizeof(*auth->algorithms));
    s->node.auth.trusted = copy(s, auth->trusted, auth->trusted_count * sizeof(*auth->trusted));
    s->node.routes =
        node->route_count > 0 ? tnd_routes_keep(&s->arena, node->routes, node->route_count) : NULL;
}

struct tnd_settings *tnd_settings_new(const struct tnd_node_config *node,
                                      const struct tnd_server_bounds *bounds,
                                      const struct tnd_endpoint *listen, size_t listen_count,
                                      unsigned users)
{
    struct tnd_settings *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    atomic_init(&s->users, users);
    tnd_arena_init(&s->arena, NULL, 0, &tnd_heap, ARENA_SIZE_MAX);
    s->node = *node;
    s->bounds = bounds_of(bounds);
    add_domains(s, node);
    add_addresses(s, node, listen, listen_count);
    add_users(s, node);
    if (node->advertise.ptr)
        s->node.advertise = tnd_slice_keep(&s->arena, node->advertise);
    if (node->registrar.service_route.ptr)
        s->node.registrar.service_route = tnd_slice_keep(&s->arena, node->registrar.service_route);
    if (node->server.ptr)
        s->node.server = tnd_slice_keep(&s->arena, node->server);
    if (!tnd_arena_over(&s->arena))
        return s;
    atomic_store(&s->users, 1);
    tnd_settings_release(s);
    return NULL;
}

void tnd_settings_release(struct tnd_settings *s)
{
    if (!s || atomic_fetch_sub(&s->users, 1) > 1)
        return;
    tnd_arena_fini(&s->arena);
    free(s);
}
