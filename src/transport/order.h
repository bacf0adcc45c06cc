/* The order of DNS records. */
#ifndef TRANSPORT_ORDER_H
#define TRANSPORT_ORDER_H

#include "base/random.h"
#include "tandem/transport/locate.h"

/* By priority, and within one by a draw that heeds the weights (RFC 2782). The same records
 * give the same order for the same random numbers, however they came (RFC 3263 §4.4). */
void tnd_srv_order(struct tnd_srv *srvs, size_t count, struct tnd_random *random);

/* By order, then by preference. What is alike in both stays as it came. */
void tnd_naptr_order(struct tnd_naptr *naptrs, size_t count);

/* The transport of a service field (RFC 3263 §4.1, RFC 7118 §5.5). NONE: it is not for us, or
 * of a transport that we have not. */
enum tnd_transport tnd_naptr_transport(const struct tnd_naptr *naptr);

#endif
