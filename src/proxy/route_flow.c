/* Flow tokens (RFC 5626 §5.2): the way to a phone that only that way leads to, written so that who
 * brings it back cannot change it.
 *
 *     one byte: transport and family; address and port of the phone, of ours; of a connection its flow
 *     and life; the proof
 *
 * It holds all that it takes to reach the phone, so nothing is kept for it, and a datagram finds
 * its way after a restart too. The proof is of the call as well: a token leads nowhere but in the
 * call that it was made for. */
#include "base/ascii.h"
#include "base/assert.h"
#include "proxy/branch.h"

enum { FAMILY_BITS = 2, PROOF_SIZE = 8, OCTETS_MAX = 1 + 2 * 18 + 2 * 8 };
_Static_assert(2 * (OCTETS_MAX + PROOF_SIZE) == TND_ROUTE_FLOW_LEN_MAX, "as the header says");
_Static_assert((int)TND_FAMILY_IPV6 < 1 << FAMILY_BITS, "a family fits its bits");

static size_t address_size(unsigned family)
{
    return family == TND_FAMILY_IPV4 ? 4 : 16;
}

/* The high byte first. */
static void put_number(struct tnd_writer *w, uint64_t n, unsigned size)
{
    while (size-- > 0)
        tnd_put_char(w, (char)(n >> 8 * size));
}

static void put_endpoint(struct tnd_writer *w, const struct tnd_endpoint *e)
{
    tnd_put(w, tnd_slice((const char *)e->octets, address_size(e->family)));
    put_number(w, e->port, 2);
}

void tnd_route_flow_write(struct tnd_writer *w, const struct tnd_branch_seed *seed,
                          const struct tnd_route_flow *flow)
{
    char octets[OCTETS_MAX + PROOF_SIZE];
    struct tnd_writer o = tnd_writer(octets, sizeof(octets));

    TND_ASSERT(flow->remote.family != TND_FAMILY_NONE && flow->remote.family == flow->local.family);
    put_number(&o, (uint64_t)flow->remote.transport << FAMILY_BITS | flow->remote.family, 1);
    put_endpoint(&o, &flow->remote);
    put_endpoint(&o, &flow->local);
    if (tnd_transport_is_reliable((enum tnd_transport)flow->remote.transport)) {
        put_number(&o, flow->id, 8);
        put_number(&o, flow->life, 8);
    }
    put_number(&o, proxy_flow_proof(seed, tnd_writer_slice(&o)), PROOF_SIZE);
    tnd_put_hex(w, octets, o.len);
}

/* How many there are; 0: it is no token. Digits compare without case (RFC 3261 §19.1.4). */
static size_t read_octets(struct tnd_slice hex, unsigned char octets[OCTETS_MAX + PROOF_SIZE])
{
    if (hex.len % 2 != 0 || hex.len > TND_ROUTE_FLOW_LEN_MAX)
        return 0;
    for (size_t i = 0; i < hex.len / 2; i++) {
        int high = tnd_hex_value(hex.ptr[2 * i]), low = tnd_hex_value(hex.ptr[2 * i + 1]);

        if (high < 0 || low < 0)
            return 0;
        octets[i] = (unsigned char)(high << 4 | low);
    }
    return hex.len / 2;
}

static uint64_t take_number(const unsigned char **at, unsigned size)
{
    uint64_t n = 0;

    while (size-- > 0)
        n = n << 8 | *(*at)++;
    return n;
}

static struct tnd_endpoint take_endpoint(const unsigned char **at, unsigned kind)
{
    size_t size = address_size(kind & ((1u << FAMILY_BITS) - 1));
    const unsigned char *octets = *at;

    *at += size;
    return tnd_endpoint((enum tnd_transport)(kind >> FAMILY_BITS), octets, size,
                        (uint16_t)take_number(at, 2));
}

/* What was proved is what we wrote: it needs no further look. */
static bool is_proved(const struct tnd_branch_seed *seed, const unsigned char *octets, size_t size)
{
    if (size <= PROOF_SIZE)
        return false;
    const unsigned char *proof = octets + size - PROOF_SIZE;

    return take_number(&proof, PROOF_SIZE) ==
           proxy_flow_proof(seed, tnd_slice((const char *)octets, size - PROOF_SIZE));
}

enum tnd_route_flow_read tnd_route_flow_read(const struct tnd_branch_seed *seed,
                                             const struct tnd_uri *uri, struct tnd_route_flow *ret)
{
    unsigned char octets[OCTETS_MAX + PROOF_SIZE];
    const unsigned char *at = octets;
    struct tnd_slice hex;

    if (!tnd_param_find(uri->params, TND_STR(TND_ROUTE_FLOW_PARAM), &hex))
        return TND_ROUTE_FLOW_NONE;
    if (!is_proved(seed, octets, read_octets(hex, octets)))
        return TND_ROUTE_FLOW_FORGED;
    unsigned kind = (unsigned)take_number(&at, 1);
    *ret = (struct tnd_route_flow){.remote = take_endpoint(&at, kind)};
    ret->local = take_endpoint(&at, kind);
    if (tnd_transport_is_reliable((enum tnd_transport)ret->remote.transport)) {
        ret->id = take_number(&at, 8);
        ret->life = take_number(&at, 8);
    }
    return TND_ROUTE_FLOW_GOOD;
}
