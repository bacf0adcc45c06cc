/* How metrics are written: the text format of Prometheus, version 0.0.4. */
#include <stdarg.h>
#include <stdio.h>

#include "web/metrics_inside.h"

enum { LABELS_SIZE = 256 };

void metrics_head(struct tnd_writer *w, const char *name, const char *type, const char *help)
{
    tnd_put_str(w, "# HELP ");
    tnd_put_str(w, name);
    tnd_put_char(w, ' ');
    tnd_put_str(w, help);
    tnd_put_str(w, "\n# TYPE ");
    tnd_put_str(w, name);
    tnd_put_char(w, ' ');
    tnd_put_str(w, type);
    tnd_put_char(w, '\n');
}

static void put_name(struct tnd_writer *w, const char *name, const char *labels)
{
    tnd_put_str(w, name);
    if (*labels) {
        tnd_put_char(w, '{');
        tnd_put_str(w, labels);
        tnd_put_char(w, '}');
    }
    tnd_put_char(w, ' ');
}

void metrics_put(struct tnd_writer *w, const char *name, const char *labels, uint64_t n)
{
    put_name(w, name, labels);
    tnd_put_number(w, n);
    tnd_put_char(w, '\n');
}

void metrics_put_with(struct tnd_writer *w, const char *name, uint64_t n, const char *labels, ...)
{
    char text[LABELS_SIZE];
    va_list args;

    va_start(args, labels);
    vsnprintf(text, sizeof(text), labels, args);
    va_end(args);
    metrics_put(w, name, text, n);
}

void metrics_one(struct tnd_writer *w, const char *name, const char *type, const char *help,
                 uint64_t n)
{
    metrics_head(w, name, type, help);
    metrics_put(w, name, "", n);
}

/* "0.25" */
static const char *seconds(char room[40], uint64_t us)
{
    int len = snprintf(room, 40, "%llu.%06llu", (unsigned long long)(us / 1000000),
                       (unsigned long long)(us % 1000000));

    while (room[len - 1] == '0')
        room[--len] = '\0';
    if (room[len - 1] == '.')
        room[--len] = '\0';
    return room;
}

void metrics_put_seconds(struct tnd_writer *w, const char *name, const char *labels, uint64_t us)
{
    char room[40];

    put_name(w, name, labels);
    tnd_put_str(w, seconds(room, us));
    tnd_put_char(w, '\n');
}

/* Buckets count all that are not above their bound. */
void metrics_put_histogram(struct tnd_writer *w, const struct metrics_histogram *h)
{
    const char *comma = *h->labels ? "," : "";
    char name[128], room[40];
    uint64_t below = 0;

    snprintf(name, sizeof(name), "%s_bucket", h->name);
    for (size_t i = 0; i < h->size; i++) {
        below += h->count[i];
        metrics_put_with(w, name, below, "%s%sle=\"%s\"", h->labels, comma,
                         h->bound(i) == TND_NEVER_DUE ? "+Inf"
                                                      : seconds(room, (uint64_t)h->bound(i)));
    }
    snprintf(name, sizeof(name), "%s_sum", h->name);
    metrics_put_seconds(w, name, h->labels, h->sum);
    snprintf(name, sizeof(name), "%s_count", h->name);
    metrics_put(w, name, h->labels, below);
}
