/* Trains: datagrams of one size to one place, handed to the kernel as one message that it cuts
 * apart (UDP_SEGMENT, Linux 4.18). They go through its layers once, which is most of what sending
 * costs; a peer that sends many requests at once gets many responses alike. */
#ifndef NET_TRAIN_H
#define NET_TRAIN_H

#include <stdbool.h>
#include <sys/socket.h>

enum {
    TND_TRAIN_COUNT_MAX = 64,     /* what the kernel cuts one message into, at the most */
    TND_TRAIN_SIZE_MAX = 60000,   /* bytes of one train */
    TND_TRAIN_CAR_SIZE_MAX = 1232 /* of each datagram: what every path carries (RFC 8200 §5) */
};

/* What to give to sendmmsg(). */
struct tnd_train {
    struct mmsghdr msgs[TND_TRAIN_COUNT_MAX];
    unsigned first[TND_TRAIN_COUNT_MAX + 1]; /* the datagram that each begins with */
    unsigned count;
};

/* Joins what follows one another and fits together, of count datagrams, up to TND_TRAIN_COUNT_MAX,
 * in their order. Each has one iovec, and these lie one behind the other; its control has room for
 * one more message of a short. Keeps both. Without may_join each stays alone. */
void tnd_train_make(struct tnd_train *t, const struct mmsghdr *msgs, unsigned count, bool may_join);

#endif
