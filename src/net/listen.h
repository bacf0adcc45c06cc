/* Sockets to listen at. What fails is told by its errno, for it has to be told to a person. */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "tandem/transport/endpoint.h"

/* A socket bound to e, for UDP or TCP; a TCP one listens. It does not block and is closed in
 * programs that are executed. shared: others of this program will be bound to e too (SO_REUSEPORT),
 * and then the kernel chooses among them by the peer's address and port. 0, or an errno. */
int tnd_listen(const struct tnd_endpoint *e, bool shared, int *ret_fd);

/* 0 if nobody else has e. Before the first shared one: SO_REUSEPORT would share it with any other
 * program of the same user, who then got half of the calls. */
int tnd_listen_probe(const struct tnd_endpoint *e);

/* What every TCP connection wants of its socket. 0, or -1 and errno. */
int tnd_listen_connection(int fd);

/* 0.0.0.0 or ::, so that the address that a peer used has to be asked for. */
static inline bool tnd_listen_is_any(const struct tnd_endpoint *e)
{
    static const uint8_t any[16] = {0};

    return memcmp(e->octets, any, sizeof(any)) == 0;
}

#endif
