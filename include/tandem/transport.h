/* tandem/transport.h: where messages go, and over what. Rules only: no socket, no clock.
 *
 *   transport/endpoint.h    a transport, an address and a port
 *   transport/response.h    where a request came from, and where its response goes
 *   transport/request.h     the Via of a request; what carries it, by its size
 *   transport/locate.h      from a URI to the servers that it means (RFC 3263)
 *   transport/element.h     what goes into a SIP element and comes out of it
 *   transport/connection.h  which connection is used again, and when one is dead
 */
#ifndef TANDEM_TRANSPORT_H
#define TANDEM_TRANSPORT_H

#include "tandem/transport/connection.h"
#include "tandem/transport/element.h"
#include "tandem/transport/endpoint.h"
#include "tandem/transport/locate.h"
#include "tandem/transport/request.h"
#include "tandem/transport/response.h"

#endif
