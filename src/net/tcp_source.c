/* Connections: how many there are with one source. */
#include <stdlib.h>

#include "base/owner.h"
#include "net/tcp_conn.h"

/* With whom there are connections. Of an IPv6 address the first half: a host has all of the other. */
struct tnd_tcp_source {
    struct tnd_map_node node;
    struct tnd_endpoint prefix;
    size_t count;
};

struct tnd_tcp_source *tnd_tcp_take_source(struct tnd_tcp *tcp, const struct tnd_endpoint *remote)
{
    struct tnd_endpoint prefix = *remote;

    prefix.port = 0;
    if (prefix.family == TND_FAMILY_IPV6)
        memset(prefix.octets + 8, 0, 8);
    struct tnd_map_node *found =
        tnd_map_find(&tcp->by_source, tnd_map_key(&prefix, sizeof(prefix)));
    if (found) {
        struct tnd_tcp_source *source = TND_OWNER(found, struct tnd_tcp_source, node);
        if (source->count >= tcp->bounds.connections_per_source)
            return NULL;
        source->count++;
        return source;
    }
    struct tnd_tcp_source *source = calloc(1, sizeof(*source));
    if (!source)
        return NULL;
    source->prefix = prefix;
    source->count = 1;
    if (tnd_map_add(&tcp->by_source, &source->node,
                    tnd_map_key(&source->prefix, sizeof(source->prefix)))) {
        free(source);
        return NULL;
    }
    return source;
}

void tnd_tcp_give_source(struct tnd_tcp *tcp, struct tnd_tcp_source *source)
{
    if (!source || --source->count > 0)
        return;
    tnd_map_remove(&tcp->by_source, &source->node);
    free(source);
}
