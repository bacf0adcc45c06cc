/* What is counted of sockets, connections, workers and the store. */
#include "web/metrics_inside.h"

/* A number of tnd_server_stats. Rows of one name follow one another; the first has its type and help. */
struct row {
    const char *name, *type, *help, *labels;
    size_t at;
};

#define AT(field) offsetof(struct tnd_server_stats, field)

static const struct row rows[] = {
    {"tandem_udp_datagrams_total", "counter", "Datagrams.", "direction=\"in\"", AT(datagrams)},
    {"tandem_udp_datagrams_total", NULL, NULL, "direction=\"out\"", AT(datagrams_sent)},
    {"tandem_udp_keepalives_total", "counter", "Datagrams of nothing but empty lines.", "",
     AT(keepalives)},
    {"tandem_udp_dropped_total", "counter", "Datagrams that could not be sent.", "",
     AT(datagrams_dropped)},
    {"tandem_tcp_connections", "gauge", "Connections.", "", AT(connections)},
    {"tandem_tcp_connections_total", "counter", "Connections that were opened, by whom.",
     "by=\"peer\"", AT(accepted)},
    {"tandem_tcp_connections_total", NULL, NULL, "by=\"server\"", AT(connected)},
    {"tandem_tcp_refused_total", "counter",
     "Connections beyond limits.connections or limits.connections_per_source.", "", AT(refused)},
    {"tandem_tcp_messages_total", "counter", "Messages that came over connections.", "",
     AT(messages)},
    {"tandem_tcp_pings_total", "counter", "Keep-alives that came over connections.", "", AT(pings)},
    {"tandem_tcp_ended_total", "counter", "Connections that the server ended, by why.",
     "why=\"broken\"", AT(broken)},
    {"tandem_tcp_ended_total", NULL, NULL, "why=\"idle\"", AT(idle)},
    {"tandem_tcp_ended_total", NULL, NULL, "why=\"slow\"", AT(slow)},
    {"tandem_tcp_ended_total", NULL, NULL, "why=\"unread\"", AT(unread)},
    {"tandem_tcp_ended_total", NULL, NULL, "why=\"full\"", AT(full)},
    {"tandem_tcp_waiting", "gauge", "Connections that do not take all that is for them.", "",
     AT(unsent)},
    {"tandem_tcp_buffered_bytes", "gauge", "Bytes that wait in buffers of connections.", "",
     AT(buffered)},
    {"tandem_handovers_total", "counter", "Messages handed from worker to worker.", "", AT(handed)},
    {"tandem_handovers_lost_total", "counter", "Likewise, lost: the other one was too busy.", "",
     AT(handed_lost)},
    {"tandem_handovers_waiting_bytes", "gauge", "Bytes that wait between workers.", "", AT(rings)},
    {"tandem_dns_lookups_total", "counter", "Lookups in the DNS.", "", AT(lookups)},
    {"tandem_dns_failures_total", "counter", "Lookups that failed.", "", AT(lookups_failed)},
    {"tandem_store_operations_total", "counter", "What was asked of the store.",
     "operation=\"find\"", AT(found)},
    {"tandem_store_operations_total", NULL, NULL, "operation=\"change\"", AT(changed)},
    {"tandem_store_failures_total", "counter", "What the store could not do.", "",
     AT(store_failed)},
    {"tandem_store_waiting", "gauge", "Changes that are not kept yet.", "", AT(changes_waiting)},
};

static uint64_t number_at(const struct tnd_server_stats *stats, size_t at)
{
    uint64_t n;

    memcpy(&n, (const char *)stats + at, sizeof(n));
    return n;
}

static tnd_time latency_bound(size_t i)
{
    return tnd_latency_bound(i);
}

static void latency(struct tnd_writer *w, const char *labels, const struct tnd_latency_sum *l)
{
    metrics_put_histogram(w, &(struct metrics_histogram){.name = "tandem_store_seconds",
                                                         .labels = labels,
                                                         .count = l->count,
                                                         .size = TND_LATENCY_COUNT,
                                                         .bound = latency_bound,
                                                         .sum = l->sum});
}

void metrics_net(const struct metrics_out *out)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (rows[i].type)
            metrics_head(out->w, rows[i].name, rows[i].type, rows[i].help);
        metrics_put(out->w, rows[i].name, rows[i].labels, number_at(&out->stats, rows[i].at));
    }
    metrics_head(out->w, "tandem_store_seconds", "histogram",
                 "How long the store took, of a sample: of one find in 16, and of one change at a "
                 "time.");
    latency(out->w, "operation=\"find\"", &out->stats.finding);
    latency(out->w, "operation=\"change\"", &out->stats.changing);
}
