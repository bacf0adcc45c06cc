/* How many requests one source may send in a second: a table of fixed size, so that no number of
 * sources makes it grow. Sources that fall on the same place share it in turns: the newer one
 * starts anew, so nobody is refused for what another has sent. */
#include "node/node.h"

/* The bits of an IPv6 address by which its network is told: whoever has one address of a /64 has
 * them all. */
enum { IPV6_SOURCE_OCTETS = 8, IPV4_SOURCE_OCTETS = 4 };

bool node_within_limit(struct tnd_node *n, const struct tnd_endpoint *source)
{
    if (n->config->requests_per_second == 0)
        return true;
    size_t octets = source->family == TND_FAMILY_IPV6 ? IPV6_SOURCE_OCTETS : IPV4_SOURCE_OCTETS;
    uint64_t hash =
        tnd_siphash_1_3(&n->key, tnd_slice((const char *)source->octets, octets)) ^ source->family;
    struct node_limit *limit = &n->limits[hash % NODE_LIMIT_COUNT];
    tnd_time second = n->now / TND_SEC(1);

    if (limit->source != hash || limit->second != second)
        *limit = (struct node_limit){hash, second, 0};
    limit->count++;
    return limit->count <= n->config->requests_per_second;
}
