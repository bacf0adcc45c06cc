/* Where a phone is. */
#ifndef NET_PHONE_OPEN_H
#define NET_PHONE_OPEN_H

#include "tandem/sip/uri.h"
#include "tandem/transport/endpoint.h"

/* A UDP and a TCP socket at local and one port, any if that is 0. 0, or an errno. */
int tnd_phone_open(const struct tnd_endpoint *local, struct tnd_endpoint ret_addresses[2],
                   int ret_fds[2]);

/* A UDP socket at local, at an even port (RFC 3550 §11); any if that is 0. Sets the port. 0, or an errno. */
int tnd_phone_open_even(struct tnd_endpoint *local, int *ret_fd);

/* The address of ours from which packets go to remote, without a port. ENETUNREACH and the like: none do. */
int tnd_phone_route(const struct tnd_endpoint *remote, struct tnd_endpoint *ret);

/* Where a request to uri would go first: asks the resolvers (RFC 3263), waits for them. 0, or ENOENT: nowhere. */
int tnd_phone_locate(const struct tnd_uri *uri, const struct tnd_endpoint *dns, size_t dns_count,
                     struct tnd_endpoint *ret);

#endif
