/* What lives on a host of the simulated world: a SIP element as a function, with the inputs
 * and outputs of tandem/node.h. A node is one, a simulated phone is another, and so is what
 * wraps one of them and spoils what it does.
 *
 * To a host the outputs mean a little more than to a node's owner, for phones that misbehave:
 * SEND carries any bytes, half a message too; CLOSE without a flow closes the connection to
 * the endpoint to, if there is one. */
#ifndef SIM_ELEMENT_H
#define SIM_ELEMENT_H

#include "tandem/node.h"

struct sim_element {
    const struct sim_element_ops *ops; /* NULL: none lives there */
    void *self;
};

struct sim_element_ops {
    /* As of tandem/node.h. */
    int (*feed)(void *self, tnd_time now, const struct tnd_input *in);
    bool (*take)(void *self, struct tnd_output *ret);
    tnd_time (*due)(const void *self);
    /* NULL, or may return NULL: it does not count. */
    const struct tnd_node_stats *(*stats)(const void *self);
    void (*free)(void *self);
};

/* What a new element is told. */
struct sim_life {
    const struct tnd_mem *mem; /* kept */
    tnd_time now;
    uint64_t seed;               /* the same in each life of a host */
    unsigned number;             /* of this life; the first is 0 */
    struct tnd_endpoint address; /* where it is reached, without a transport */
    struct tnd_slice name;       /* a host name that the DNS knows; kept */
};

/* How one is made: when the world starts, and again after each crash. make() returns 0, or
 * TND_ENOMEM. */
struct sim_kind {
    int (*make)(void *ctx, const struct sim_life *life, struct sim_element *ret);
    void *ctx;
    bool watched; /* an element under test: the checkers look at it */
};

/* Of a node that has users: what its configuration says of them. */
struct sim_node_users {
    struct tnd_network trusted; /* who needs no credentials */
    bool serial, redirects, record_route;
    uint8_t recurse; /* enum tnd_recurse */
    uint32_t max_redirects;
    const struct tnd_route *routes;
    size_t route_count;
};

/* A Tandem node with the lab on. ctx is a struct sim_node_setup. */
struct sim_node_setup {
    size_t transactions_max;
    uint32_t requests_per_second;
    const struct sim_node_users *users; /* NULL: it has none */
};
int sim_node_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

#endif
