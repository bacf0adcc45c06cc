/* What could not be sent: the tokens that the nodes want to hear of (TND_IN_FAILED). */
#ifndef NET_FAILED_H
#define NET_FAILED_H

#include "tandem/base.h"

enum { TND_FAILED_COUNT_MAX = 1024 };

struct tnd_failed {
    size_t count;
    uint64_t lost; /* for want of room: their nodes learn of it by their timers only */
    struct tnd_failed_send {
        uint64_t token;
        unsigned worker; /* whose node wants to hear it */
    } list[TND_FAILED_COUNT_MAX];
};

/* Of token 0 nobody wants to hear. */
static inline void tnd_failed_add(struct tnd_failed *f, unsigned worker, uint64_t token)
{
    if (token == 0)
        return;
    if (f->count == TND_FAILED_COUNT_MAX) {
        f->lost++;
        return;
    }
    f->list[f->count++] = (struct tnd_failed_send){token, worker};
}

#endif
