/* tandem/transport/connection.h: which connection carries a message, and when a flow is dead.
 *
 * A response goes over the connection of its request, whoever opened it (TND_HOP_CONNECTION).
 * A request may go over any connection to its destination (RFC 3261 §18.1.1); over one that the
 * peer opened from another port only if the peer offered that and is who it says (RFC 5923), or
 * if a flow token names it (RFC 5626 §5.3): then nobody needs to ask here.
 */
#ifndef TANDEM_TRANSPORT_CONNECTION_H
#define TANDEM_TRANSPORT_CONNECTION_H

#include "tandem/sip/field.h"
#include "tandem/transport/endpoint.h"

struct tnd_connection {
    struct tnd_endpoint remote; /* the far end as we see it */
    int32_t alias_port;         /* where the peer listens, and it offered this connection for
                                 * what goes there; -1: it did not */
    bool accepted;              /* the peer opened it */
    bool authenticated;         /* TLS: the peer has shown a certificate that holds */
};

/* Learns from the top Via of a request that came over c whether it offers alias (RFC 5923 §8.2).
 * false: nothing was learned; the request goes on all the same. */
bool tnd_connection_learn(struct tnd_connection *c, const struct tnd_via *via);

/* Whether a request to that endpoint may go over c: CONNECTION_REUSE or CONNECTION_ALIAS; NONE:
 * no. is_identity: the certificate of c names the host that the URI of the request was located
 * by (RFC 5922 §7.1); it counts where TLS does. */
enum tnd_rule tnd_connection_carries(const struct tnd_connection *c, const struct tnd_endpoint *to,
                                     bool is_identity);

/* Keep-alives of a connection that we opened (RFC 5626 §4.4.1). Send a ping, CRLF CRLF, between
 * two messages; the pong is CRLF (TND_STREAM_PONG). Not for UDP. Before anything has said that
 * the peer answers pings (a registration by outbound, a configuration), do not start it. */
enum { TND_KEEPALIVE_WAIT_MAX = 120 }; /* seconds, unless Flow-Timer says another */

struct tnd_keepalive {
    tnd_time interval_max;
    tnd_time due; /* when to tick: TND_NEVER_DUE while only a message can bring news */
    uint8_t state;
};

enum tnd_keepalive_act { TND_KEEPALIVE_REST, TND_KEEPALIVE_PING, TND_KEEPALIVE_DEAD };

/* Which rule asks for it: FLOW_PING, FLOW_DEAD, or NONE. */
enum tnd_rule tnd_keepalive_rule(enum tnd_keepalive_act act);

/* flow_timer: seconds, of the response to REGISTER; 0: it said none. random is any number. */
void tnd_keepalive_start(struct tnd_keepalive *k, tnd_time now, uint32_t flow_timer,
                         uint64_t random);

/* When due has come. in_message: part of a message has come and the rest has not; the flow is
 * not given up before that has been heard. After DEAD, none of these is called again. */
enum tnd_keepalive_act tnd_keepalive_tick(struct tnd_keepalive *k, tnd_time now, bool in_message);

/* A pong came. */
void tnd_keepalive_pong(struct tnd_keepalive *k, tnd_time now, uint64_t random);

/* A message that was being received has been processed. */
enum tnd_keepalive_act tnd_keepalive_message(struct tnd_keepalive *k);

#endif
