/* What may change while workers run. One copy is looked at by all of them; each switches to a
 * new one when it has the time, and the last one frees the old. */
#ifndef NET_SETTINGS_H
#define NET_SETTINGS_H

#include <stdatomic.h>

#include "net/server.h"
#include "net/tcp.h"

struct tnd_settings {
    atomic_uint users;
    struct tnd_node_config node;
    struct tnd_tcp_bounds bounds;
    struct tnd_arena arena; /* of what node points to */
};

/* A copy, with so many users. To the addresses those of the listeners are added, and where one
 * is 0.0.0.0 or ::, all that this machine has. NULL: no memory. */
struct tnd_settings *tnd_settings_new(const struct tnd_node_config *node,
                                      const struct tnd_server_bounds *bounds,
                                      const struct tnd_endpoint *listen, size_t listen_count,
                                      unsigned users);

/* One user less. Of NULL: fine. */
void tnd_settings_release(struct tnd_settings *s);

#endif
