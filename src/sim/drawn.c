/* What goes wrong in a world, as it is drawn from the seed, whatever is played there. */
#include "sim/drawn.h"

static const char *const switch_names[] = {
#define SWITCH_ROW(id, name) name,
    SIM_SWITCH_MAP(SWITCH_ROW)
#undef SWITCH_ROW
};

const char *sim_switch_name(enum sim_switch s)
{
    return switch_names[s];
}

/* 0 to most, often 0. */
static unsigned draw(struct tnd_random *r, unsigned most)
{
    unsigned n = (unsigned)tnd_random_below(r, most + 1);

    return tnd_random_chance(r, 1, 2) ? n : 0;
}

static tnd_time draw_time(struct tnd_random *r, tnd_time most)
{
    tnd_time t = tnd_random_time(r, 0, most);

    return tnd_random_chance(r, 2, 3) ? t : 0;
}

void sim_draw_faults(struct tnd_random *r, enum sim_level level, struct sim_faults *f)
{
    bool many = level == SIM_FAULTS_MANY;

    f->delay_min = TND_MS(1);
    f->delay_max = TND_MS(20);
    if (level == SIM_FAULTS_NONE)
        return;
    f->delay_max += draw_time(r, many ? TND_SEC(2) : TND_MS(200));
    f->reorder_max = draw_time(r, many ? TND_SEC(5) : TND_MS(500));
    f->late_max = draw_time(r, TND_MS(20));
    f->dns_max = draw_time(r, many ? TND_SEC(40) : TND_SEC(3));
    f->lost_of_1000 = draw(r, many ? 500 : 100);
    f->doubled_of_1000 = draw(r, many ? 300 : 50);
    f->reordered_of_1000 = draw(r, many ? 300 : 50);
    f->bounced_of_1000 = draw(r, 1000);
    f->broken_of_1000 = draw(r, many ? 200 : 20);
    f->batched_of_1000 = draw(r, 500);
    f->dns_failed_of_1000 = draw(r, many ? 500 : 100);
    f->dns_none_of_1000 = draw(r, many ? 500 : 100);
    f->memory_of_1000 = tnd_random_chance(r, 1, 4) ? draw(r, many ? 200 : 20) : 0;
    f->pieces = tnd_random_chance(r, 3, 4);
}

void sim_switch_faults(const struct sim_plan *plan, struct sim_faults *f)
{
    if (!sim_is_on(plan, SIM_SWITCH_LOSS))
        f->lost_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_DOUBLING))
        f->doubled_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_REORDERING))
        f->reordered_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_DELAY))
        f->delay_max = f->delay_min;
    if (!sim_is_on(plan, SIM_SWITCH_BREAKS))
        f->broken_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_PIECES))
        f->pieces = false;
    if (!sim_is_on(plan, SIM_SWITCH_DNS))
        f->dns_max = 0, f->dns_failed_of_1000 = f->dns_none_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_STORE))
        f->store_max = 0, f->store_failed_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_BOUNCES))
        f->bounced_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_LATENESS))
        f->late_max = 0;
    if (!sim_is_on(plan, SIM_SWITCH_BATCHES))
        f->batched_of_1000 = 0;
    if (!sim_is_on(plan, SIM_SWITCH_NO_MEMORY))
        f->memory_of_1000 = 0;
}

/* An interval within the time of the faults. */
static void draw_happening(struct tnd_random *r, tnd_time faults_end, unsigned nodes,
                           unsigned phones, tnd_time longest, struct sim_happening *h)
{
    h->from = tnd_random_time(r, 0, faults_end - 1);
    h->until = h->from + tnd_random_time(r, TND_MS(1), longest);
    if (h->until > faults_end)
        h->until = faults_end;
    h->a = (unsigned)tnd_random_below(r, nodes);
    h->b = nodes + (unsigned)tnd_random_below(r, phones);
}

void sim_draw_happenings(struct tnd_random *r, const struct sim_plan *plan, unsigned nodes,
                         unsigned phones, struct sim_happenings *ret)
{
    tnd_time end = TND_SEC(plan->seconds);
    unsigned most = plan->level == SIM_FAULTS_NONE   ? 0
                    : plan->level == SIM_FAULTS_SOME ? 2
                                                     : SIM_HAPPENING_MAX;

    ret->crash_count = (unsigned)tnd_random_below(r, most + 1);
    ret->partition_count = (unsigned)tnd_random_below(r, most + 1);
    for (unsigned i = 0; i < SIM_HAPPENING_MAX; i++) {
        draw_happening(r, end, nodes, phones, TND_SEC(5), &ret->crashes[i]);
        draw_happening(r, end, nodes, phones, TND_SEC(40), &ret->partitions[i]);
    }
    if (!sim_is_on(plan, SIM_SWITCH_CRASHES))
        ret->crash_count = 0;
    if (!sim_is_on(plan, SIM_SWITCH_PARTITIONS))
        ret->partition_count = 0;
}

void sim_happenings_add(struct sim_world *w, const struct sim_happenings *h)
{
    for (unsigned i = 0; i < h->crash_count; i++)
        sim_world_crash(w, h->crashes[i].a, h->crashes[i].from, h->crashes[i].until);
    for (unsigned i = 0; i < h->partition_count; i++)
        sim_world_part(w, h->partitions[i].a, h->partitions[i].b, h->partitions[i].from,
                       h->partitions[i].until);
}
