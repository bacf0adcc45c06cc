/* What the web of `tandem serve` shows of the running server: its calls, and metrics. */
#ifndef CLI_SERVE_LIVE_H
#define CLI_SERVE_LIVE_H

#include "cli/setup.h"
#include "web/follow.h"
#include "web/live.h"
#include "web/metrics.h"

enum {
    SERVE_LIVE_TABLE_COUNT = 2,
    /* bytes of each worker's flight recorder: some ten thousand messages. Who follows looks four times in a
     * second */
    SERVE_LIVE_RECORDER_SIZE = 8 << 20,
};

struct serve_live {
    struct tnd_live *live;
    struct tnd_metrics metrics;
    struct tnd_http_table table[SERVE_LIVE_TABLE_COUNT];
    struct tnd_web_turn turn;
};

/* The server has recorders. TND_ENOMEM: ret is as after stop. ret does not move. */
int serve_live_start(const struct setup *setup, const struct tnd_server *server,
                     struct serve_live *ret);
/* Whether anybody may look at messages: the web, a collector, or who wants records of calls. */
bool serve_live_is_wanted(const struct setup *setup);

/* What follows the server all the time, if that is configured. Of a server with a log. CLI_USAGE after a line. */
int serve_follow_start(const struct setup *setup, const struct tnd_server *server,
                       struct tnd_follow **ret);

/* The web has stopped, the server not yet. Of zero bytes: fine. */
void serve_live_stop(struct serve_live *live);

#endif
