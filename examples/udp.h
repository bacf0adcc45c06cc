/* One UDP socket for a SIP element, on poll(2): what redirect_server.c, follow_302.c and
 * precondition_peer.c have in common. Nothing of it is of Tandem; a program of yours has its own. */
#ifndef UDP_H
#define UDP_H

#include "tandem/transport/element.h"

struct udp {
    int fd;
    struct tnd_endpoint local; /* where it listens: an address of this machine, never 0.0.0.0 */
    char bytes[TND_MESSAGE_LEN_MAX], room[256 * 1024]; /* of the message that came last */
    struct tnd_arena arena;
    struct tnd_msg msg;
};

/* Memory for elements: that of malloc(). */
extern const struct tnd_mem udp_mem;

/* A clock that never goes back, and the time of day; both in microseconds. */
tnd_time udp_now(void);
int64_t udp_wall(void);

/* Fills with bytes that nobody can guess. false: the system has none. */
bool udp_secret(void *ret, size_t size);

/* Listens at "127.0.0.1:5060". false: errno says why, EINVAL: that is no address with a port. */
bool udp_open(struct udp *u, const char *address);
void udp_close(struct udp *u);

/* Does what an element wants. false: it could not be done, and ret is the input that says so. */
bool udp_do(struct udp *u, const struct tnd_output *out, struct tnd_input *ret);

/* Waits until due, or until a datagram comes; ret is the input for either. It borrows from u until
 * the next call. A signal that has a handler ends the wait too. */
void udp_wait(struct udp *u, tnd_time due, struct tnd_input *ret);

#endif
