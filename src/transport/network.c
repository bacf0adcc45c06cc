/* Networks: addresses that begin alike. */
#include "tandem/transport/network.h"

/* Whether the first bits of a and b are the same. */
static bool same_bits(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    uint32_t whole = bits / 8, rest = bits % 8;

    return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

bool tnd_network_has(const struct tnd_network *network, const struct tnd_endpoint *e)
{
    return network->address.family != TND_FAMILY_NONE && network->address.family == e->family &&
           same_bits(network->address.octets, e->octets, network->bits);
}
