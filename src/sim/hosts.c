/* Questions about the hosts of a world, and what is planned for them. */
#include "base/assert.h"
#include "sim/inside.h"

void sim_host_starve(struct sim_world *w, unsigned host)
{
    TND_ASSERT(host < w->host_count);
    w->hosts[host]->starves = true;
    w->hosts[host]->mem.refused_of_1000 = w->faults.memory_of_1000;
}

unsigned sim_host_count(const struct sim_world *w)
{
    return w->host_count;
}

static const struct sim_host *at(const struct sim_world *w, unsigned host)
{
    TND_ASSERT(host < w->host_count);
    return w->hosts[host];
}

const char *sim_host_name(const struct sim_world *w, unsigned host)
{
    return at(w, host)->name;
}

struct tnd_endpoint sim_host_address(const struct sim_world *w, unsigned host)
{
    return at(w, host)->address;
}

bool sim_host_watched(const struct sim_world *w, unsigned host)
{
    return at(w, host)->kind.watched;
}

const struct tnd_node_stats *sim_host_stats(const struct sim_world *w, unsigned host)
{
    const struct sim_element *e = &at(w, host)->element;

    return e->ops && e->ops->stats ? e->ops->stats(e->self) : NULL;
}

tnd_time sim_host_due(const struct sim_world *w, unsigned host)
{
    const struct sim_element *e = &at(w, host)->element;

    return e->ops ? e->ops->due(e->self) : TND_NEVER_DUE;
}

size_t sim_host_memory(const struct sim_world *w, unsigned host)
{
    return at(w, host)->mem.live_size;
}

int sim_host_find(const struct sim_world *w, const struct tnd_endpoint *address)
{
    for (unsigned i = 0; i < w->host_count; i++)
        if (tnd_address_eq(&w->hosts[i]->seen, address))
            return (int)i;
    return -1;
}

int sim_host_named(const struct sim_world *w, struct tnd_slice name)
{
    for (unsigned i = 0; i < w->host_count; i++)
        if (tnd_slice_eq_fold(tnd_slice_str(w->hosts[i]->domain), name))
            return (int)i;
    return -1;
}

void sim_world_crash(struct sim_world *w, unsigned host, tnd_time at_time, tnd_time again)
{
    TND_ASSERT(at_time <= again);
    sim_event_add(w, SIM_EV_CRASH, host, at_time, tnd_slice(NULL, 0));
    sim_event_add(w, SIM_EV_START, host, again, tnd_slice(NULL, 0));
}

void sim_world_part(struct sim_world *w, unsigned a, unsigned b, tnd_time from, tnd_time until)
{
    TND_ASSERT(w->partition_count < SIM_PARTITION_MAX);
    w->partitions[w->partition_count++] = (struct sim_partition){a, b, from, until};
}

tnd_time sim_world_now(const struct sim_world *w)
{
    return w->now;
}

const struct sim_counts *sim_world_counts(const struct sim_world *w)
{
    return &w->counts;
}
