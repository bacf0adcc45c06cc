/* A DNS of a table, and locations that are played through with it. */
#ifndef TESTS_TRANSPORT_DNS_H
#define TESTS_TRANSPORT_DNS_H

#include "tandem/transport/locate.h"
#include "unit/test.h"

/* text: "192.0.2.1"; "priority weight port target"; "order preference flags service target".
 * "!": the look-up fails. Several of one name and kind are one answer. A zone is an array of
 * them that ends with {0}. */
struct record {
    const char *name;
    enum tnd_lookup_kind kind;
    const char *text;
};

/* Everything can be sent and reached; the preferred first: UDP, TCP, TLS, WS, WSS. */
struct tnd_locate_with dns_with(void);

/* Plays a location to its end, with each attempt failing, and writes what was asked ("?SRV name")
 * and tried ("udp:192.0.2.1:5060") with spaces between. Borrows until the next call. */
const char *dns_play(struct tnd_locate *l, const struct record *zone);

/* The same from a URI. */
const char *dns_play_uri(struct tnd_locate *l, const struct tnd_locate_with *with, const char *uri,
                         const struct record *zone);

/* Starts at a URI. What l borrows from lives until the next call. */
void dns_start(struct tnd_locate *l, const struct tnd_locate_with *with, const char *uri);

/* Feeds the answer of zone. */
bool dns_answer(struct tnd_locate *l, const struct tnd_lookup *lookup, const struct record *zone);

#endif
