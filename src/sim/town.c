/* A world of users: one or two domains, each with a node and a store; users with phones, forwards and
 * routes; strangers. The order in which it is played. */
#include "sim/town.h"
#include "base/assert.h"

static void add_party(struct town *t, const char *what, unsigned i, struct tnd_endpoint at,
                      const struct tnd_endpoint *seen, struct sim_party_setup *setup)
{
    const struct sim_kind kind = {sim_party_make, setup, false};
    char text[TOWN_NAME_SIZE];

    town_name(text, what, i, "");
    setup->host = sim_host_count(t->w);
    sim_host_add(t->w, text, at, seen, &kind);
}

static void add_hosts(struct town *t)
{
    town_add_nodes(t);
    for (unsigned i = 0; i < t->phone_count; i++) {
        struct tnd_endpoint seen = town_phone_address(t, TOWN_NET_PHONES + 1, i);

        seen.port = (uint16_t)(TOWN_NAT_PORT + i);
        add_party(t, "phone", i, town_phone_address(t, TOWN_NET_PHONES, i),
                  t->phones[i].is_hidden ? &seen : NULL, &t->phones[i]);
    }
    for (unsigned i = 0; i < t->stranger_count; i++)
        add_party(t, "stranger", i, town_phone_address(t, TOWN_NET_STRANGERS, i), NULL,
                  &t->strangers[i]);
    sim_happenings_add(t->w, &t->happenings);
}

static void play(struct town *t)
{
    const struct sim_faults calm = {.delay_min = TND_MS(1), .delay_max = TND_MS(20)};
    struct sim_faults faults = t->faults;

    sim_switch_faults(t->plan, &faults);
    t->check.has_users = true;
    t->check.is_short = faults.memory_of_1000 > 0 || t->node.transactions_max < TOWN_ROOM_MAX;
    t->check.is_faulty = t->plan->level != SIM_FAULTS_NONE;
    t->calls.is_calm = !t->check.is_faulty;
    t->calls.is_lossless = faults.lost_of_1000 + faults.reordered_of_1000 + faults.broken_of_1000 +
                                   faults.dns_failed_of_1000 + faults.dns_none_of_1000 +
                                   faults.store_failed_of_1000 + t->happenings.partition_count ==
                               0 &&
                           faults.dns_max == 0 && faults.store_max == 0 && !t->check.is_short;
    sim_world_faults(t->w, &faults);
    town_provision(t);
    add_hosts(t);
    sim_world_run(t->w, t->faults_end);
    sim_world_faults(t->w, &calm);
    sim_world_run(t->w, t->after - 1);
    sim_check_rest(&t->check);
    sim_world_run(t->w, t->after + SIM_SETTLING + SIM_REST);
    sim_check_rest(&t->check);
    sim_calls_rest(&t->calls);
}

static void tell_result(const struct town *t, struct sim_result *ret)
{
    *ret = (struct sim_result){
        .hash = sim_trace_hash(&t->trace),
        .counts = *sim_world_counts(t->w),
        .hosts = sim_host_count(t->w),
        .ended = sim_world_now(t->w),
    };
    for (unsigned i = 0; i < t->ledger.count; i++) {
        ret->calls += t->ledger.legs[i].is_caller;
        ret->answered += t->ledger.legs[i].is_caller && t->ledger.legs[i].code != 0;
    }
}

void sim_town_run(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret)
{
    struct town *t = sim_take(mem, sizeof(*t));

    TND_ASSERT(plan->seconds > 0);
    t->plan = plan;
    t->faults_end = TND_SEC(plan->seconds);
    t->after = t->faults_end + SIM_SETTLING + SIM_REST;
    tnd_random_init(&t->random, plan->seed);
    t->w = sim_world_new(mem, plan->seed);
    town_draw(t);
    sim_trace_init(&t->trace, t->w);
    t->trace.put = plan->put;
    t->trace.ctx = plan->ctx;
    sim_check_init(&t->check, t->w, mem);
    sim_calls_init(&t->calls, &t->check, t->w, &t->ledger, mem);
    sim_world_watch(t->w, sim_trace_watcher(&t->trace));
    sim_world_watch(t->w, sim_check_watcher(&t->check));
    sim_world_watch(t->w, sim_calls_watcher(&t->calls));
    play(t);
    tell_result(t, ret);
    sim_world_free(&t->w);
    ret->violation = t->check.violation;
    sim_calls_fini(&t->calls);
    sim_check_fini(&t->check);
    sim_give(mem, t, sizeof(*t));
}
