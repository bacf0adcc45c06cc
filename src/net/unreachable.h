/* Unreachable: what was sent and is not answered from there, as can be known at once: ICMP tells that a datagram
 * did not get there, or the connection ended over which the answer was to come (RFC 3261 §18.4, §17.1.4).
 *
 * An error that comes back names where the datagram went to, and of the datagram only what routers and hosts
 * are kind enough to quote. So it is news of all that went there lately. */
#ifndef NET_UNREACHABLE_H
#define NET_UNREACHABLE_H

#include "net/failed.h"
#include "tandem/transport/endpoint.h"

enum { TND_UNREACHABLE_COUNT_MAX = 64 }; /* that are remembered; the oldest give way */

struct tnd_unreachable {
    unsigned next;
    struct tnd_unreachable_sent {
        struct tnd_endpoint to;
        uint64_t token; /* 0: free */
    } sent[TND_UNREACHABLE_COUNT_MAX];
};

/* Has errors kept by a socket of that family until they are read; epoll tells of them as EPOLLERR. Sending and
 * reading fail once for each, too. Nothing happens where the kernel cannot. */
void tnd_unreachable_hear(int fd, uint8_t family);

/* token went there. */
void tnd_unreachable_note(struct tnd_unreachable *u, const struct tnd_endpoint *to, uint64_t token);

/* All that went there has failed. */
void tnd_unreachable_tell(struct tnd_unreachable *u, const struct tnd_endpoint *to, unsigned worker,
                          struct tnd_failed *failed);

/* Reads one error of a socket. false: there is none. failed hears of what went where it came from. */
bool tnd_unreachable_read(struct tnd_unreachable *u, int fd, unsigned worker,
                          struct tnd_failed *failed);

#endif
