/* Endpoints: reading, writing and judging addresses. */
#include "tandem/transport/endpoint.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "tandem/sip/uri.h"

static const struct transport {
    const char *name, *prefix;
    uint16_t port;
} transports[TND_TRANSPORT_COUNT] = {
    [TND_TRANSPORT_NONE] = {"", "", 5060},
    [TND_TRANSPORT_UDP] = {"UDP", "udp:", 5060}, /* RFC 3261 §18.1.1 */
    [TND_TRANSPORT_TCP] = {"TCP", "tcp:", 5060},
    [TND_TRANSPORT_TLS] = {"TLS", "tls:", 5061},
    [TND_TRANSPORT_WS] = {"WS", "ws:", 80}, /* RFC 7118 §5.5 */
    [TND_TRANSPORT_WSS] = {"WSS", "wss:", 443},
};

const char *tnd_transport_name(enum tnd_transport transport)
{
    return transports[transport].name;
}

enum tnd_transport tnd_transport_find(struct tnd_slice name)
{
    for (int i = TND_TRANSPORT_UDP; i < TND_TRANSPORT_COUNT; i++)
        if (tnd_slice_eq_fold(name, tnd_slice_str(transports[i].name)))
            return (enum tnd_transport)i;
    return TND_TRANSPORT_NONE;
}

uint16_t tnd_transport_port(enum tnd_transport transport)
{
    return transports[transport].port;
}

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

struct tnd_endpoint tnd_endpoint(enum tnd_transport transport, const uint8_t *octets, size_t len,
                                 uint16_t port)
{
    struct tnd_endpoint e = {.port = port, .transport = (uint8_t)transport};

    TND_ASSERT(len == 4 || len == 16);
    if (len == 16 && memcmp(octets, mapped, sizeof(mapped)) == 0) {
        octets += sizeof(mapped);
        len = 4;
    }
    e.family = len == 4 ? TND_FAMILY_IPV4 : TND_FAMILY_IPV6;
    memcpy(e.octets, octets, len);
    return e;
}

/* RFC 3261 §25.1: IPv4address, four numbers of up to three digits. */
static bool read_ipv4(struct tnd_slice text, uint8_t ret[4])
{
    unsigned at = 0, digits = 0, n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (tnd_is_digit(text.ptr[i])) {
            n = n * 10 + (unsigned)(text.ptr[i] - '0');
            if (++digits > 3 || n > 255)
                return false;
            ret[at] = (uint8_t)n;
        } else if (text.ptr[i] == '.' && digits > 0 && at < 3) {
            at++;
            n = digits = 0;
        } else {
            return false;
        }
    }
    return at == 3 && digits > 0;
}

int tnd_address_parse(struct tnd_slice text, struct tnd_endpoint *ret)
{
    uint8_t octets[16];

    if (read_ipv4(text, octets)) {
        *ret = tnd_endpoint(TND_TRANSPORT_NONE, octets, 4, 0);
        return 0;
    }
    if (!tnd_ipv6_octets(text, octets))
        return TND_ESYNTAX;
    *ret = tnd_endpoint(TND_TRANSPORT_NONE, octets, 16, 0);
    return 0;
}

/* Takes "udp:" off rest. false: another word stands there. A number or a bracket is none. */
static bool take_transport(struct tnd_slice *rest, enum tnd_transport *transport)
{
    const char *colon = rest->len > 0 ? memchr(rest->ptr, ':', rest->len) : NULL;

    if (!colon || !tnd_is_alpha(rest->ptr[0]))
        return true;
    *transport = tnd_transport_find(tnd_slice_between(rest->ptr, colon));
    *rest = tnd_slice_between(colon + 1, tnd_slice_end(*rest));
    return *transport != TND_TRANSPORT_NONE;
}

/* Takes ":5060" off the end of rest. false: what follows the address is no port. */
static bool take_port(struct tnd_slice *rest, uint16_t *port)
{
    bool bracket = rest->len > 0 && rest->ptr[0] == '[';
    const char *end = tnd_slice_end(*rest);
    const char *from = bracket ? memchr(rest->ptr, ']', rest->len) : rest->ptr;
    uint64_t number;

    if (rest->len == 0 || !from)
        return false;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    if (!colon)
        return true;
    if (!tnd_slice_number(tnd_slice_between(colon + 1, end), UINT16_MAX, &number))
        return false;
    *port = (uint16_t)number;
    *rest = tnd_slice_between(rest->ptr, colon);
    return true;
}

int tnd_endpoint_parse(struct tnd_slice text, enum tnd_transport transport,
                       struct tnd_endpoint *ret)
{
    struct tnd_endpoint e;

    if (!take_transport(&text, &transport))
        return TND_ESYNTAX;
    uint16_t port = tnd_transport_port(transport);
    if (!take_port(&text, &port) || tnd_address_parse(text, &e))
        return TND_ESYNTAX;
    e.port = port;
    e.transport = (uint8_t)transport;
    *ret = e;
    return 0;
}

static void put_ipv4(struct tnd_writer *w, const uint8_t octets[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            tnd_put_char(w, '.');
        tnd_put_number(w, octets[i]);
    }
}

static unsigned group_at(const uint8_t octets[16], int i)
{
    return (unsigned)octets[2 * i] << 8 | octets[2 * i + 1];
}

/* RFC 5952 §4.1, §4.3: no leading zeros, lower case */
static void put_group(struct tnd_writer *w, unsigned group)
{
    static const char digits[] = "0123456789abcdef";

    for (int shift = 12; shift >= 0; shift -= 4)
        if (shift == 0 || group >> shift)
            tnd_put_char(w, digits[group >> shift & 15]);
}

/* RFC 5952 §4.2: "::" stands for the longest run of zeros, the first of several, of at least
 * two groups. Returns its length, or 0. */
static int longest_run(const uint8_t octets[16], int *ret_at)
{
    int best = 1, run = 0;

    for (int i = 0; i < 8; i++) {
        run = group_at(octets, i) == 0 ? run + 1 : 0;
        if (run > best) {
            best = run;
            *ret_at = i - run + 1;
        }
    }
    return best > 1 ? best : 0;
}

static void put_ipv6(struct tnd_writer *w, const uint8_t octets[16])
{
    int gap_at = 8, gap = longest_run(octets, &gap_at);

    for (int i = 0; i < 8; i++) {
        if (i == gap_at) {
            tnd_put(w, TND_STR("::"));
            i += gap - 1;
            continue;
        }
        if (i > 0 && i != gap_at + gap)
            tnd_put_char(w, ':');
        put_group(w, group_at(octets, i));
    }
}

void tnd_address_write(struct tnd_writer *w, const struct tnd_endpoint *e)
{
    switch ((enum tnd_family)e->family) {
    case TND_FAMILY_NONE:
        return;
    case TND_FAMILY_IPV4:
        put_ipv4(w, e->octets);
        return;
    case TND_FAMILY_IPV6:
        put_ipv6(w, e->octets);
        return;
    }
}

void tnd_address_write_host(struct tnd_writer *w, const struct tnd_endpoint *e)
{
    bool brackets = e->family == TND_FAMILY_IPV6;

    if (brackets)
        tnd_put_char(w, '[');
    tnd_address_write(w, e);
    if (brackets)
        tnd_put_char(w, ']');
}

void tnd_endpoint_write(struct tnd_writer *w, const struct tnd_endpoint *e)
{
    tnd_put_str(w, transports[e->transport].prefix);
    tnd_address_write_host(w, e);
    tnd_put_char(w, ':');
    tnd_put_number(w, e->port);
}

static enum tnd_address_kind kind_of_ipv4(const uint8_t octets[4])
{
    static const uint8_t all_ones[4] = {255, 255, 255, 255};

    if (memcmp(octets, all_ones, 4) == 0)
        return TND_ADDRESS_BROADCAST;
    if (octets[0] == 0)
        return TND_ADDRESS_UNSPECIFIED;
    if (octets[0] == 127)
        return TND_ADDRESS_LOOPBACK;
    return octets[0] >> 4 == 14 ? TND_ADDRESS_MULTICAST : TND_ADDRESS_UNICAST;
}

static enum tnd_address_kind kind_of_ipv6(const uint8_t octets[16])
{
    static const uint8_t zeros[15];

    if (memcmp(octets, zeros, 15) == 0 && octets[15] <= 1)
        return octets[15] ? TND_ADDRESS_LOOPBACK : TND_ADDRESS_UNSPECIFIED;
    return octets[0] == 0xff ? TND_ADDRESS_MULTICAST : TND_ADDRESS_UNICAST;
}

enum tnd_address_kind tnd_address_kind(const struct tnd_endpoint *e)
{
    switch ((enum tnd_family)e->family) {
    case TND_FAMILY_NONE:
        return TND_ADDRESS_NONE;
    case TND_FAMILY_IPV4:
        return kind_of_ipv4(e->octets);
    case TND_FAMILY_IPV6:
        return kind_of_ipv6(e->octets);
    }
    TND_ASSERT(!"a family that is none");
}

bool tnd_endpoint_is_target(const struct tnd_endpoint *e)
{
    enum tnd_address_kind kind = tnd_address_kind(e);

    return e->port > 0 && (kind == TND_ADDRESS_UNICAST || kind == TND_ADDRESS_LOOPBACK);
}
