/* What is counted of messages, answers and calls. */
#include "web/metrics_inside.h"

static const char *const ways[TND_WAY_COUNT] = {[TND_WAY_IN] = "in", [TND_WAY_OUT] = "out"};

static const char *method_name(unsigned method)
{
    return method == TND_METHOD_OTHER || method >= TND_METHOD_COUNT
               ? "other"
               : tnd_method_name((enum tnd_method)method);
}

static void requests(const struct metrics_out *out)
{
    static const char name[] = "tandem_requests_total";

    metrics_head(out->w, name, "counter", "Requests by direction and method, retransmissions too.");
    for (int way = 0; way < TND_WAY_COUNT; way++)
        for (unsigned method = 0; method < TND_METHOD_COUNT; method++) {
            uint64_t n = tnd_count_read(&out->tally->requests[way][method]);

            if (n > 0)
                metrics_put_with(out->w, name, n, "direction=\"%s\",method=\"%s\"", ways[way],
                                 method_name(method));
        }
}

static void responses(const struct metrics_out *out)
{
    static const char name[] = "tandem_responses_total";

    metrics_head(out->w, name, "counter", "Responses by direction and code, retransmissions too.");
    for (int way = 0; way < TND_WAY_COUNT; way++)
        for (unsigned i = 0; i < TND_TALLY_CODE_COUNT; i++) {
            uint64_t n = tnd_count_read(&out->tally->responses[way][i]);

            if (n > 0)
                metrics_put_with(out->w, name, n, "direction=\"%s\",code=\"%u\"", ways[way],
                                 100 + i);
        }
}

/* By the rule that decided. Requests that had no answer at all have code 0. */
static void answers(const struct metrics_out *out)
{
    static const char name[] = "tandem_answers_total";

    metrics_head(out->w, name, "counter",
                 "Final responses that the server gave or chose, by method, code and cause; code "
                 "0: it let the request go unanswered.");
    for (size_t i = 0; i < TND_TALLY_ANSWER_COUNT; i++) {
        uint64_t key = tnd_count_read(&out->tally->answers[i].key);

        if (key)
            metrics_put_with(out->w, name, tnd_count_read(&out->tally->answers[i].count),
                             "method=\"%s\",code=\"%u\",cause=\"%s\"",
                             method_name(tnd_tally_key_method(key)), tnd_tally_key_code(key),
                             tnd_rule_name((enum tnd_rule)tnd_tally_key_rule(key)));
    }
    metrics_one(out->w, "tandem_answers_uncounted_total", "counter",
                "Final responses of further methods, codes and causes, which are not told apart.",
                tnd_count_read(&out->tally->answers_lost));
}

static void flaws(const struct metrics_out *out)
{
    static const char name[] = "tandem_flaws_total";

    metrics_head(out->w, name, "counter", "Flaws of messages that came, by the rule they break.");
    for (unsigned rule = 0; rule < TND_RULE_COUNT; rule++) {
        uint64_t n = tnd_count_read(&out->tally->flaws[rule]);

        if (n > 0)
            metrics_put_with(out->w, name, n, "rule=\"%s\"", tnd_rule_name((enum tnd_rule)rule));
    }
}

/* BYEs that were answered with 2xx, or that nobody knew the call of. */
static uint64_t ended(const struct tnd_tally *t)
{
    uint64_t count = 0;

    for (size_t i = 0; i < TND_TALLY_ANSWER_COUNT; i++) {
        uint64_t key = tnd_count_read(&t->answers[i].key);
        unsigned code = tnd_tally_key_code(key);

        if (key && tnd_tally_key_method(key) == TND_METHOD_BYE &&
            (code / 100 == 2 || code == 408 || code == 481))
            count += tnd_count_read(&t->answers[i].count);
    }
    return count;
}

static void calls(const struct metrics_out *out)
{
    const struct tnd_server_stats *s = &out->stats;
    uint64_t began = s->node[TND_SERVER_NODE_CALLS], over = ended(out->tally);

    metrics_one(out->w, "tandem_calls_total", "counter", "Calls that were answered.", began);
    metrics_one(out->w, "tandem_calls", "gauge",
                "Calls that were answered less BYEs that were: those whose end did not pass here "
                "count on.",
                began > over ? began - over : 0);
    metrics_head(out->w, "tandem_setup_seconds", "histogram",
                 "From the INVITE of a new call to the first response from 101 to 299.");
    metrics_put_histogram(out->w,
                          &(struct metrics_histogram){.name = "tandem_setup_seconds",
                                                      .labels = "",
                                                      .count = s->setup,
                                                      .size = TND_NODE_SETUP_COUNT,
                                                      .bound = tnd_node_setup_bound,
                                                      .sum = s->node[TND_SERVER_NODE_SETUP_TIME]});
}

static void transactions(const struct metrics_out *out)
{
    const uint64_t *n = out->stats.node;

    metrics_one(out->w, "tandem_transactions", "gauge", "Server transactions.",
                n[TND_SERVER_NODE_TRANSACTIONS]);
    metrics_one(out->w, "tandem_requests_pending", "gauge",
                "Requests that wait for the store or for answers of others.",
                n[TND_SERVER_NODE_CONTEXTS]);
    metrics_head(out->w, "tandem_retransmissions_total", "counter",
                 "Messages that came again, and that were sent again because nothing came.");
    metrics_put(out->w, "tandem_retransmissions_total", "direction=\"in\"",
                n[TND_SERVER_NODE_ABSORBED]);
    metrics_put(out->w, "tandem_retransmissions_total", "direction=\"out\"",
                n[TND_SERVER_NODE_RESENT]);
    metrics_one(out->w, "tandem_dropped_total", "counter",
                "Messages that had no answer: too broken, or responses that nobody waits for.",
                n[TND_SERVER_NODE_DROPPED]);
    metrics_one(out->w, "tandem_limited_total", "counter",
                "Requests above limits.requests_per_second.", n[TND_SERVER_NODE_LIMITED]);
    metrics_one(out->w, "tandem_undelivered_total", "counter",
                "Responses that could not be sent anywhere.", n[TND_SERVER_NODE_UNDELIVERED]);
    metrics_one(out->w, "tandem_lost_total", "counter",
                "Inputs and outputs for which there was no memory.", n[TND_SERVER_NODE_LOST]);
    metrics_one(out->w, "tandem_memory_bytes", "gauge",
                "Memory that peers make the server take, bounded by limits.memory.",
                n[TND_SERVER_NODE_MEMORY]);
}

void metrics_sip(const struct metrics_out *out)
{
    requests(out);
    responses(out);
    answers(out);
    flaws(out);
    calls(out);
    transactions(out);
}
