/* The ids of flows (struct tnd_flow): they say whose the flow is, and where he finds it. */
#ifndef NET_FLOW_H
#define NET_FLOW_H

#include "tandem/node.h"

enum {
    TND_FLOW_WORKER_COUNT_MAX = 64,
    TND_FLOW_SOCKET_COUNT_MAX = 64,
    TND_FLOW_LOCAL_COUNT_MAX = 64,           /* addresses of ours that one socket tells apart */
    TND_FLOW_CONNECTION_COUNT_MAX = 1 << 20, /* of one worker */
};

/* From the top: the worker and one (8 bits), TCP or not (1). Of a connection then how often its
 * place was used (35), and its place (20); of a datagram the local address (8), 0: whichever the
 * kernel chooses, and the socket (8). So no id is 0, and that of a connection comes again only
 * after 2^35 others had its place. */
#define TND_FLOW_IS_CONNECTION ((uint64_t)1 << 55)

static inline uint64_t tnd_flow_connection(unsigned worker, uint64_t use, size_t place)
{
    return (uint64_t)(worker + 1) << 56 | TND_FLOW_IS_CONNECTION |
           (use << 20 & (TND_FLOW_IS_CONNECTION - 1)) | place;
}

static inline uint64_t tnd_flow_datagram(unsigned worker, size_t socket, size_t local)
{
    return (uint64_t)(worker + 1) << 56 | local << 8 | socket;
}

static inline bool tnd_flow_is_connection(uint64_t id)
{
    return (id & TND_FLOW_IS_CONNECTION) != 0;
}

static inline unsigned tnd_flow_worker(uint64_t id)
{
    return (unsigned)(id >> 56) - 1;
}

static inline size_t tnd_flow_place(uint64_t id)
{
    return id & (TND_FLOW_CONNECTION_COUNT_MAX - 1);
}

static inline size_t tnd_flow_socket(uint64_t id)
{
    return id & 0xff;
}

static inline size_t tnd_flow_local(uint64_t id)
{
    return id >> 8 & 0xff;
}

#endif
