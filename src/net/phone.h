/* Phone: one thread with one SIP element of a user, its sockets and its event loop.
 *
 *     tnd_phone_init(&phone, &with);
 *     phone.element = ...;
 *     while (...) {
 *         what the element tells, what the user wants of it
 *         tnd_phone_turn(&phone, until);
 *     }
 *
 * It is what a worker (net/worker.h) is to a node, without others beside it: UDP and TCP at one
 * address and port, look-ups, and what else has a file descriptor and is watched: sockets of media, a
 * program that was started. Signals that end a program are counted, and end the turn. */
#ifndef NET_PHONE_H
#define NET_PHONE_H

#include "net/failed.h"
#include "net/links.h"
#include "net/resolver.h"
#include "net/seen.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "net/unreachable.h"

enum { TND_PHONE_WATCH_COUNT_MAX = 32 };

/* Inputs and outputs of tandem/transport/element.h, as functions. */
struct tnd_phone_element {
    int (*feed)(void *self, tnd_time now, const struct tnd_input *in);
    bool (*take)(void *self, struct tnd_output *ret);
    tnd_time (*due)(const void *self);
    /* NULL, or hears what the element tells its owner, each time before its outputs are taken; what it is
     * told to do then is among them. May change until of the phone. true: something was told. */
    bool (*tell)(void *self);
    void *self;
};

struct tnd_phone {
    struct tnd_phone_element element;
    struct tnd_endpoint addresses[2]; /* where it is: UDP, TCP; one port */
    tnd_time now;
    tnd_time until; /* of this turn */
    unsigned stops; /* SIGINT, SIGTERM and SIGHUP that came */

    struct tnd_onlooker onlooker;
    int epoll, signals;
    unsigned fed; /* messages since the outputs were taken */
    struct tnd_arena arena;
    char *arena_first;
    struct tnd_links *links;
    struct tnd_udp udp;
    struct tnd_tcp tcp;
    struct tnd_resolver resolver;
    struct tnd_failed failed;
    struct tnd_unreachable asked; /* over connections */
    struct tnd_phone_watch {
        int fd; /* -1: free */
        void (*ready)(void *ctx, tnd_time now);
        void *ctx;
    } watches[TND_PHONE_WATCH_COUNT_MAX];
};

struct tnd_phone_with {
    struct tnd_endpoint local;      /* no unspecified address; port 0: any */
    const struct tnd_endpoint *dns; /* none: the resolvers of the system */
    size_t dns_count;
    struct tnd_onlooker onlooker;
};

/* Blocks SIGINT, SIGTERM and SIGHUP, which it takes itself from here on. p must not move.
 * 0, or an errno: then p is as after fini. EADDRINUSE: somebody else has the port. */
int tnd_phone_init(struct tnd_phone *p, const struct tnd_phone_with *with);

/* Of zero bytes is fine. Signals stay blocked. */
void tnd_phone_fini(struct tnd_phone *p);

/* Does what the element wants, waits until something comes, or its time or until has come, and does what
 * follows from that. */
void tnd_phone_turn(struct tnd_phone *p, tnd_time until);

/* Calls ready whenever fd can be read, until it is unwatched. TND_ESPACE: too many are. */
int tnd_phone_watch(struct tnd_phone *p, int fd, void (*ready)(void *ctx, tnd_time now), void *ctx);
void tnd_phone_unwatch(struct tnd_phone *p, int fd);

/* Whether something that was put has not left yet. */
static inline bool tnd_phone_is_sending(const struct tnd_phone *p)
{
    return p->tcp.unsent > 0;
}

#endif
