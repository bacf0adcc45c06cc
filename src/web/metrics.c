/* All metrics together. */
#include <stdlib.h>

#include "web/metrics_inside.h"

void tnd_metrics_write(struct tnd_writer *w, const struct tnd_metrics *m)
{
    struct metrics_out out = {.w = w, .tally = calloc(1, sizeof(*out.tally))};

    metrics_head(w, "tandem_build_info", "gauge", "The version of the program.");
    metrics_put_with(w, "tandem_build_info", 1, "version=\"%s\"", m->version);
    metrics_one(w, "tandem_workers", "gauge", "Threads that serve SIP.",
                tnd_server_workers(m->server));
    tnd_server_stats(m->server, &out.stats);
    if (out.tally) {
        tnd_server_tally(m->server, out.tally);
        metrics_sip(&out);
    }
    metrics_net(&out);
    metrics_process(w);
    free(out.tally);
}

static void get_metrics(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    char *room = malloc(TND_METRICS_SIZE);
    struct tnd_writer w = tnd_writer(room, room ? TND_METRICS_SIZE : 0);

    tnd_metrics_write(&w, r->ctx);
    if (tnd_writer_over(&w)) {
        free(room);
        room = NULL;
    }
    tnd_http_bytes(reply, "text/plain; version=0.0.4; charset=utf-8", room, w.len);
}

struct tnd_http_table tnd_metrics_table(struct tnd_metrics *m)
{
    static const struct tnd_http_route routes[] = {
        {TND_HTTP_GET, "/metrics", get_metrics, false},
    };

    return (struct tnd_http_table){routes, 1, m};
}
