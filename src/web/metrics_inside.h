/* What the files of metrics share.
 *
 *   metrics.c          all together, and who asks for them
 *   metrics_text.c     how a line is written
 *   metrics_sip.c      messages, answers, calls
 *   metrics_net.c      sockets, connections, workers, the store
 *   metrics_process.c  the process, as the client libraries of Prometheus tell of it
 */
#ifndef WEB_METRICS_INSIDE_H
#define WEB_METRICS_INSIDE_H

#include "web/metrics.h"

/* What is written. Numbers of which Prometheus makes rates never go down; gauges do. */
struct metrics_out {
    struct tnd_writer *w;
    struct tnd_server_stats stats;
    struct tnd_tally *tally;
};

/* metrics_text.c */
/* HELP and TYPE. type: "counter", "gauge", "histogram". */
void metrics_head(struct tnd_writer *w, const char *name, const char *type, const char *help);
/* One sample; labels: "a=\"b\"", "": none. Their values are names of our own: nothing is to be escaped. */
void metrics_put(struct tnd_writer *w, const char *name, const char *labels, uint64_t n);
__attribute__((format(printf, 4, 5))) void metrics_put_with(struct tnd_writer *w, const char *name,
                                                            uint64_t n, const char *labels, ...);
/* A head and its only sample. */
void metrics_one(struct tnd_writer *w, const char *name, const char *type, const char *help,
                 uint64_t n);
/* Microseconds, as seconds. */
void metrics_put_seconds(struct tnd_writer *w, const char *name, const char *labels, uint64_t us);

/* Samples of a histogram of times: count has how many were in each bucket. */
struct metrics_histogram {
    const char *name, *labels;
    const uint64_t *count;
    size_t size;
    tnd_time (*bound)(size_t i); /* the last is TND_NEVER_DUE */
    uint64_t sum;                /* microseconds */
};
void metrics_put_histogram(struct tnd_writer *w, const struct metrics_histogram *h);

void metrics_sip(const struct metrics_out *out);
void metrics_net(const struct metrics_out *out);
void metrics_process(struct tnd_writer *w);

#endif
