/* Live: the calls of the running server, those that are open and the last ones that are over. Nobody keeps
 * them while nobody looks: when somebody asks, what has been written into the flight recorders since then is
 * read (net/tape.h) and made into calls (diag/diag.h). So being seen costs a call nothing but the copy that
 * its worker makes; and what was overwritten before somebody looked is not known, which is said.
 *
 *     tnd_live_new(&config, &live)
 *     web.table[..] = tnd_live_table(live), web.turn = tnd_live_turn(live)
 *     ...
 *     tnd_live_free(&live)              the web has stopped, the server not yet
 *
 * All is done in the web's thread. docs/web.md says what is answered. */
#ifndef WEB_LIVE_H
#define WEB_LIVE_H

#include "diag/diag.h"
#include "net/tape.h"
#include "tandem/node.h"
#include "web/web.h"

enum {
    TND_LIVE_OVER_COUNT_MAX = 1000,    /* calls that are over, and still known */
    TND_LIVE_OVER_SIZE_MAX = 64 << 20, /* bytes of these */
    TND_LIVE_OPEN_COUNT_MAX = 20000, /* of one time; then those that were silent longest are over */
    TND_LIVE_OPEN_SIZE_MAX = 128 << 20, /* bytes of these */
    TND_LIVE_LISTED_COUNT_MAX = 1000,   /* of one answer */
    TND_LIVE_LISTED_COUNT = 100,        /* if it is not said */
};

/* A call that is over; borrowed. */
struct tnd_live_over {
    const struct tnd_diag_call *call;
    const struct tnd_why
        *why;          /* why the server refused it; NULL: it did not, or that is not known */
    const char *state; /* "answered", "failed", ... */
};

struct tnd_live_config {
    struct tnd_tape *tape; /* taken, if all goes well */
    const struct tnd_endpoint
        *listen; /* where the server listens: what it is called; at least 1, copied */
    size_t listen_count;
    uint64_t seed; /* nobody outside knows it */
    /* NULL: calls that are over are kept. Else each is told, and forgotten. */
    void (*over)(void *ctx, const struct tnd_live_over *over);
    void *ctx;
};

struct tnd_live;

/* TND_ENOMEM. */
int tnd_live_new(const struct tnd_live_config *config, struct tnd_live **ret);
void tnd_live_free(struct tnd_live **live); /* of NULL: fine */

/* Reads what has been recorded until now, microseconds since 1970. */
void tnd_live_catch_up(struct tnd_live *live, int64_t now);

/* Nothing more will be recorded: all calls are over as they stand. */
void tnd_live_end(struct tnd_live *live);

/* What the server is called where a message is its own: local may be not known, or be the end of a connection. */
struct tnd_endpoint tnd_live_own_name(const struct tnd_endpoint *listen, size_t listen_count,
                                      const struct tnd_recorded *m);

/* GET /api/v1/calls and /api/v1/calls/{}. */
struct tnd_http_table tnd_live_table(struct tnd_live *live);
/* Events: "call", "failure", "registration". */
struct tnd_web_turn tnd_live_turn(struct tnd_live *live);

#endif
