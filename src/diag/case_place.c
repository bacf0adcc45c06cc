/* Addresses: which can be reached from where. */
#include "diag/find_case.h"

/* A network: the first bits of an address. */
struct network {
    uint8_t octets[4];
    uint8_t bits;
};

static bool is_in(const uint8_t *octets, const struct network *network)
{
    for (uint8_t bit = 0; bit < network->bits; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);

        if ((octets[bit / 8] & mask) != (network->octets[bit / 8] & mask))
            return false;
    }
    return true;
}

static bool is_in_any(const uint8_t *octets, const struct network *networks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(octets, &networks[i]))
            return true;
    return false;
}

bool case_is_private(const struct tnd_endpoint *e)
{
    static const struct network ipv4[] = {
        {{10}, 8},        {{172, 16}, 12}, {{192, 168}, 16}, /* RFC 1918 */
        {{100, 64}, 10},  /* RFC 6598: behind the NAT of a provider */
        {{169, 254}, 16}, /* RFC 3927: of a link */
    };
    static const struct network ipv6[] = {
        {{0xfc}, 7},        /* RFC 4193 */
        {{0xfe, 0x80}, 10}, /* RFC 4291: of a link */
    };

    if (e->family == TND_FAMILY_IPV4)
        return is_in_any(e->octets, ipv4, sizeof(ipv4) / sizeof(*ipv4));
    return e->family == TND_FAMILY_IPV6 && is_in_any(e->octets, ipv6, sizeof(ipv6) / sizeof(*ipv6));
}

bool case_is_public(const struct tnd_endpoint *e)
{
    return tnd_address_kind(e) == TND_ADDRESS_UNICAST && !case_is_private(e);
}

bool case_is_elsewhere(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    if (a->family == TND_FAMILY_NONE || b->family == TND_FAMILY_NONE)
        return false;
    return !tnd_address_eq(a, b) || (a->port != 0 && b->port != 0 && a->port != b->port);
}
