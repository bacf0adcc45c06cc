/* Reservations of --reserve: what preconditions (RFC 3312) wait for. "ok" and "fail" answer at once; anything
 * else is a command of the shell, whose exit status 0 is ok. It runs beside the call, and is told in its
 * environment what to reserve: TANDEM_STREAM (0, 1...), TANDEM_DIRECTION (sendrecv, ...), TANDEM_ADDRESS and
 * TANDEM_PORT of the other side (empty while they are not known), TANDEM_BANDWIDTH (kbit/s, 0: not known). */
#ifndef CLI_RESERVE_H
#define CLI_RESERVE_H

#include "net/phone.h"
#include "tandem/ua.h"

enum { RESERVE_COUNT_MAX = 16 }; /* at one time; what is more fails */

struct reserve_job {
    struct reserve *owner;
    int pid, pidfd; /* 0: this place is free */
    tnd_ua_id call;
    size_t stream;
};

struct reserve {
    const char *how; /* NULL: ok */
    struct tnd_phone *phone;
    void (*done)(void *ctx, tnd_ua_id call, size_t stream, bool ok);
    void *ctx;
    struct reserve_job jobs[RESERVE_COUNT_MAX];
};

/* Keeps all of it. */
void reserve_start(struct reserve *r, const char *how, struct tnd_phone *phone,
                   void (*done)(void *ctx, tnd_ua_id call, size_t stream, bool ok), void *ctx);

/* As TND_UA_RESERVE asks: done is called, now or later. */
void reserve_ask(struct reserve *r, const struct tnd_ua_event *event);

/* Commands that still run are told to end, with what they have started. */
void reserve_end(struct reserve *r);

#endif
