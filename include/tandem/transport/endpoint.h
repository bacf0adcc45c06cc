/* tandem/transport/endpoint.h: a transport, an address and a port: the far end of a flow, or
 * a place to listen at.
 *
 * An address has one form only: an IPv4 address that came as IPv6 (::ffff:192.0.2.1, RFC 5118
 * §4.9) is an IPv4 address. So two endpoints are the same if their bytes are. A zone
 * (fe80::1%eth0) is not part of an endpoint; who owns the socket knows it.
 */
#ifndef TANDEM_TRANSPORT_ENDPOINT_H
#define TANDEM_TRANSPORT_ENDPOINT_H

#include "tandem/base.h"

enum tnd_transport {
    TND_TRANSPORT_NONE, /* not said, or none that we know */
    TND_TRANSPORT_UDP,
    TND_TRANSPORT_TCP,
    TND_TRANSPORT_TLS, /* over TCP */
    TND_TRANSPORT_WS,  /* WebSocket (RFC 7118) */
    TND_TRANSPORT_WSS,
    TND_TRANSPORT_COUNT
};

/* "UDP", as Via says it (RFC 3261 §20.42); of NONE: "". Static storage. */
const char *tnd_transport_name(enum tnd_transport transport);

/* By that name, without case. NONE: another, which is not malformed (RFC 4475 §3.1.1.10). */
enum tnd_transport tnd_transport_find(struct tnd_slice name);

/* The port where none is said: 5060, with TLS 5061 (RFC 3261 §18.1.1); 80 and 443 of WebSocket
 * (RFC 7118 §5.5). Of NONE: 5060. */
uint16_t tnd_transport_port(enum tnd_transport transport);

/* Delivers in order, or says that it did not. */
static inline bool tnd_transport_is_reliable(enum tnd_transport transport)
{
    return transport > TND_TRANSPORT_UDP;
}

static inline bool tnd_transport_is_secure(enum tnd_transport transport)
{
    return transport == TND_TRANSPORT_TLS || transport == TND_TRANSPORT_WSS;
}

static inline bool tnd_transport_is_websocket(enum tnd_transport transport)
{
    return transport == TND_TRANSPORT_WS || transport == TND_TRANSPORT_WSS;
}

enum tnd_family { TND_FAMILY_NONE, TND_FAMILY_IPV4, TND_FAMILY_IPV6 };

/* Without padding; {0} is none. What is not used is 0. */
struct tnd_endpoint {
    uint8_t octets[16]; /* of IPv4 the first four */
    uint16_t port;      /* in the order of the machine; 0: none */
    uint8_t transport;  /* enum tnd_transport */
    uint8_t family;     /* enum tnd_family */
};

/* Room for any address, or any endpoint, as text. */
enum { TND_ADDRESS_LEN_MAX = 39, TND_ENDPOINT_LEN_MAX = 51 };

/* From the octets of a socket address, 4 or 16 of them (TND_ASSERTs that). */
struct tnd_endpoint tnd_endpoint(enum tnd_transport transport, const uint8_t *octets, size_t len,
                                 uint16_t port);

/* Reads [transport:]address[:port] that is all of text: "udp:127.0.0.1:5060", "[2001:db8::1]",
 * "192.0.2.1:5070". An IPv6 address is in brackets. What is not said is transport, and its
 * port. TND_ESYNTAX: it is something else, a host name for one; ret is untouched. */
int tnd_endpoint_parse(struct tnd_slice text, enum tnd_transport transport,
                       struct tnd_endpoint *ret);

/* Reads an address only, IPv6 with or without brackets (RFC 5118 §4.5); transport is NONE and
 * port 0. TND_ESYNTAX: it is none; ret is untouched. */
int tnd_address_parse(struct tnd_slice text, struct tnd_endpoint *ret);

/* "udp:192.0.2.1:5060", "tcp:[2001:db8::1]:5060"; IPv6 as RFC 5952 §4 has it. Without a
 * transport, it and its colon are left out. */
void tnd_endpoint_write(struct tnd_writer *w, const struct tnd_endpoint *e);

/* The address alone, as received wants it: IPv6 without brackets (RFC 3261 §25.1). */
void tnd_address_write(struct tnd_writer *w, const struct tnd_endpoint *e);

/* The address as a host: IPv6 in brackets. */
void tnd_address_write_host(struct tnd_writer *w, const struct tnd_endpoint *e);

/* Less than, equal to or greater than 0. The order means nothing but stays the same. */
static inline int tnd_endpoint_cmp(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    return memcmp(a, b, sizeof(*a));
}

static inline bool tnd_endpoint_eq(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    return tnd_endpoint_cmp(a, b) == 0;
}

static inline bool tnd_address_eq(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    return a->family == b->family && memcmp(a->octets, b->octets, sizeof(a->octets)) == 0;
}

enum tnd_address_kind {
    TND_ADDRESS_NONE,        /* no address at all */
    TND_ADDRESS_UNSPECIFIED, /* 0.0.0.0/8, :: */
    TND_ADDRESS_BROADCAST,   /* 255.255.255.255; that of a subnet only its owner knows */
    TND_ADDRESS_MULTICAST,   /* 224.0.0.0/4, ff00::/8 */
    TND_ADDRESS_LOOPBACK,    /* 127.0.0.0/8, ::1 */
    TND_ADDRESS_UNICAST,     /* any other */
};

enum tnd_address_kind tnd_address_kind(const struct tnd_endpoint *e);

/* Whether a message may be sent there at all: to one host, and to a port (RFC 4475 §3.3.10). */
bool tnd_endpoint_is_target(const struct tnd_endpoint *e);

#endif
