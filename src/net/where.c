#include "net/where.h"

#include <stdlib.h>

#include "base/map.h"

enum { WAYS = 4 /* rows that an endpoint may have */, ROWS_OF_CONNECTION = 2 };

static const size_t count_min = 64;

int tnd_where_init(struct tnd_where *w, const struct tnd_siphash_key *secret, size_t connections)
{
    size_t wanted = connections < TND_WHERE_COUNT_MAX / ROWS_OF_CONNECTION
                        ? ROWS_OF_CONNECTION * connections
                        : TND_WHERE_COUNT_MAX;

    *w = (struct tnd_where){.secret = *secret, .count = count_min};
    while (w->count < wanted)
        w->count *= 2;
    w->rows = calloc(w->count, sizeof(*w->rows));
    if (!w->rows)
        return TND_ENOMEM;
    pthread_mutex_init(&w->lock, NULL);
    return 0;
}

void tnd_where_fini(struct tnd_where *w)
{
    if (w->rows)
        pthread_mutex_destroy(&w->lock);
    free(w->rows);
    w->rows = NULL;
}

static uint64_t digest_of(const struct tnd_where *w, const struct tnd_endpoint *remote)
{
    return tnd_siphash_1_3(&w->secret, tnd_map_key(remote, sizeof(*remote)));
}

static struct tnd_where_row *row_of(const struct tnd_where *w, uint64_t digest, size_t way)
{
    return &w->rows[(digest + way) & (w->count - 1)];
}

/* The row to write: that of the endpoint, or a free one, or, of none, the one that the flow chooses. */
static struct tnd_where_row *row_for(const struct tnd_where *w, uint64_t digest, uint64_t flow)
{
    struct tnd_where_row *free = NULL;

    for (size_t way = 0; way < WAYS; way++) {
        struct tnd_where_row *row = row_of(w, digest, way);

        if (atomic_load(&row->flow) == 0)
            free = free ? free : row;
        else if (atomic_load(&row->remote) == digest)
            return row;
    }
    return free ? free : row_of(w, digest, flow % WAYS);
}

void tnd_where_note(struct tnd_where *w, const struct tnd_endpoint *remote, uint64_t flow)
{
    if (!w)
        return;
    uint64_t digest = digest_of(w, remote);

    pthread_mutex_lock(&w->lock);
    struct tnd_where_row *row = row_for(w, digest, flow);
    atomic_store(&row->flow, 0); /* who reads meanwhile finds nothing, and not two halves */
    atomic_store(&row->remote, digest);
    atomic_store(&row->flow, flow);
    pthread_mutex_unlock(&w->lock);
}

void tnd_where_forget(struct tnd_where *w, const struct tnd_endpoint *remote, uint64_t flow)
{
    if (!w)
        return;
    uint64_t digest = digest_of(w, remote);

    pthread_mutex_lock(&w->lock);
    for (size_t way = 0; way < WAYS; way++) {
        struct tnd_where_row *row = row_of(w, digest, way);

        if (atomic_load(&row->flow) == flow) /* no two connections have one id */
            atomic_store(&row->flow, 0);
    }
    pthread_mutex_unlock(&w->lock);
}

uint64_t tnd_where_find(const struct tnd_where *w, const struct tnd_endpoint *remote)
{
    if (!w)
        return 0;
    uint64_t digest = digest_of(w, remote);

    for (size_t way = 0; way < WAYS; way++) {
        const struct tnd_where_row *row = row_of(w, digest, way);
        uint64_t flow = atomic_load(&row->flow);

        if (flow && atomic_load(&row->remote) == digest && atomic_load(&row->flow) == flow)
            return flow;
    }
    return 0;
}
