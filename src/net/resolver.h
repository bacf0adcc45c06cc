/* Look-ups in the DNS, and in the hosts file, by c-ares: asked for by a node
 * (TND_OUT_RESOLVE), answered in their time (TND_IN_RESOLVED). */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include "net/count.h"
#include "tandem/transport/locate.h"

enum {
    TND_RESOLVER_COUNT_MAX = 1024, /* look-ups of one worker at one time */
    TND_RESOLVER_SERVER_COUNT_MAX = 8,
};

struct tnd_resolver_stats {
    tnd_count asked, failed; /* failed: nothing was learned */
};

struct tnd_resolver {
    struct ares_channeldata *channel;
    int epoll;    /* borrowed; its data is TND_RESOLVER_SOCKET + the socket */
    size_t count; /* of the look-ups that wait, or whose answer was not taken yet */
    struct tnd_resolver_lookup *done, **done_last;
    struct tnd_resolver_lookup *given; /* whose answer is in use */
    struct tnd_resolver_stats stats;
};

#define TND_RESOLVER_SOCKET ((uint64_t)2 << 32)

/* Once in a program, before any thread. */
int tnd_resolver_library_init(void);

/* servers: up to TND_RESOLVER_SERVER_COUNT_MAX; none: those of the system. r must not move.
 * TND_ENOMEM, TND_ENONE: c-ares cannot be used; r is as after fini. */
int tnd_resolver_init(struct tnd_resolver *r, int epoll, const struct tnd_endpoint *servers,
                      size_t server_count);

/* What is asked for is not answered any more. Of zero bytes is fine. */
void tnd_resolver_fini(struct tnd_resolver *r);

/* Copies lookup. It is answered, unless there is no memory; never from within this call. */
void tnd_resolver_ask(struct tnd_resolver *r, const struct tnd_lookup *lookup, uint64_t token);

/* epoll said so of a socket. */
void tnd_resolver_ready(struct tnd_resolver *r, int socket, uint32_t events);

/* When nothing came: asks again where it is time to. */
void tnd_resolver_tick(struct tnd_resolver *r);

/* How long until then, at most max. */
tnd_time tnd_resolver_wait(const struct tnd_resolver *r, tnd_time max);

/* The next answer; it is there until the next call. false: none now. */
bool tnd_resolver_next(struct tnd_resolver *r, uint64_t *ret_token,
                       const struct tnd_lookup_answer **ret);

#endif
