/* Links: with whom there are connections, known to all workers.
 *
 * A request to an endpoint may go over any connection with it, whoever opened that (RFC 3261
 * §18), and with a phone there may be no other: nobody listens at the port it connects from. But
 * its call lives on one worker, and the connection on another. So who has a connection lists it
 * here, and who has none to where he wants to send asks here, and hands the message over.
 *
 *     opened:   tnd_links_add(links, &c->link)       asked:  flow = tnd_links_find(links, &to)
 *     ends:     tnd_links_remove(links, &c->link)
 *
 * The table is in parts, each with a lock that is held for one look; what comes by UDP, or goes
 * over a connection of one's own, never gets here. A link is a member of its connection: it is
 * there while the connection can be used, and the bounds of connections are those of links.
 *
 * What was found may end before it is used: its worker says then that it failed. */
#ifndef NET_LINKS_H
#define NET_LINKS_H

#include "base/map.h"
#include "tandem/transport/endpoint.h"

/* The caller sets remote and flow, and leaves the rest, which begins as zero bytes. */
struct tnd_link {
    struct tnd_endpoint remote;
    uint64_t flow; /* not 0 */
    struct tnd_map_node node;
    struct tnd_link *before,
        *behind; /* with the same remote; the one without before is in the map */
    bool is_listed;
};

struct tnd_links;

/* For any threads. Copies secret, keeps mem. TND_ENOMEM: ret is untouched. */
int tnd_links_new(const struct tnd_siphash_key *secret, const struct tnd_mem *mem,
                  struct tnd_links **ret);

/* Sets *l to NULL. Nothing is listed any more, and no other thread has it. Of NULL: fine. */
void tnd_links_free(struct tnd_links **l);

/* Keeps link until it is removed; other threads read it. Without memory it is not listed, and
 * its worker alone knows of it. */
void tnd_links_add(struct tnd_links *l, struct tnd_link *link);

/* By who has added it. Of one that is not listed: fine. */
void tnd_links_remove(struct tnd_links *l, struct tnd_link *link);

/* The flow of a link with remote, of several the one that was there first. 0: there is none. */
uint64_t tnd_links_find(struct tnd_links *l, const struct tnd_endpoint *remote);

#endif
