/* What is told of each packet that leaves a phone or comes to it: for ladders and captures. */
#ifndef NET_SEEN_H
#define NET_SEEN_H

#include "tandem/transport/endpoint.h"

/* A message, or a packet of media. Borrowed. */
struct tnd_seen {
    bool sent;
    bool is_media;
    tnd_time at;
    struct tnd_endpoint local, remote;
    struct tnd_slice bytes;
};

/* see NULL: nobody looks. */
struct tnd_onlooker {
    void (*see)(void *ctx, const struct tnd_seen *seen);
    void *ctx;
};

static inline void tnd_show(const struct tnd_onlooker *o, const struct tnd_seen *seen)
{
    if (o->see)
        o->see(o->ctx, seen);
}

#endif
