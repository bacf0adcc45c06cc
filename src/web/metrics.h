/* Metrics: what the running server counts, in the text format of Prometheus. docs/metrics.md lists them. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "net/server.h"
#include "web/http.h"

struct tnd_metrics {
    const struct tnd_server *server; /* kept */
    const char *version;             /* of the program; kept */
};

enum { TND_METRICS_SIZE = 512 << 10 /* more than all of them need */ };

/* All, as they are now. */
void tnd_metrics_write(struct tnd_writer *w, const struct tnd_metrics *m);

/* GET /metrics. Keeps m. */
struct tnd_http_table tnd_metrics_table(struct tnd_metrics *m);

#endif
