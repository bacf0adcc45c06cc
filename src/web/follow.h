/* Who follows the flight recorders all the time: a thread that sends each message to a collector (HEP), and
 * writes a line for each call that is over (CDR). No worker knows of it. One that is too slow misses what was
 * overwritten, and says so. */
#ifndef WEB_FOLLOW_H
#define WEB_FOLLOW_H

#include "net/server.h"

struct tnd_follow_config {
    const struct tnd_server *server; /* kept; with recorders */
    const struct tnd_endpoint *listen;
    size_t listen_count;
    struct tnd_slice hep_host; /* absent: no collector; a name or an address. Copied */
    uint16_t hep_port;
    const char *cdr; /* a path; NULL: none is written. Copied */
    uint64_t seed;
    struct tnd_server_log log;
};

enum { TND_FOLLOW_WHY_SIZE = 256 };

struct tnd_follow;

/* Negative: there is none, why is a line for a person. */
int tnd_follow_start(const struct tnd_follow_config *config, char why[TND_FOLLOW_WHY_SIZE],
                     struct tnd_follow **ret);

/* Tells what was recorded until now, and of the calls that are open as they stand. Before the server is stopped.
 * Of NULL: fine. */
void tnd_follow_stop(struct tnd_follow **follow);

#endif
