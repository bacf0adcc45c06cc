/* A town whose phones are user agents (tandem/ua.h): the order in which it is played.
 *
 * Faults; calls that end, and some that go on; a rest, in which what goes on goes on at both sides; calls
 * without faults; all hang up and leave; a rest, in which nothing is left. */
#include "base/assert.h"
#include "sim/agent.h"
#include "sim/agent_saboteur.h"
#include "sim/agents.h"
#include "sim/town.h"

enum { SESSION_SECONDS_MIN = 90, SESSION_SECONDS_SPAN = 60, CRASH_MAX = 4 };

#define OPEN_FOR TND_SEC(100) /* after the faults, until they leave */

struct village {
    struct town town;
    struct sim_diary diary;
    struct sim_agents agents;
    struct sim_agent_setup setups[TOWN_PHONE_MAX];
    struct sim_agent_saboteur_setup saboteurs[TOWN_PHONE_MAX];
    char proxies[TOWN_PHONE_MAX][SIM_URI_SIZE];
    struct sim_happening crashes[CRASH_MAX]; /* of user agents: a is its number */
    unsigned crash_count;
    tnd_time close_at;
};

static bool chance(struct village *v, unsigned times, unsigned of_times)
{
    return tnd_random_chance(&v->town.random, times, of_times);
}

static uint64_t below(struct village *v, uint64_t count)
{
    return tnd_random_below(&v->town.random, count);
}

static void name_proxy(struct village *v, unsigned i)
{
    const struct sim_party_setup *phone = &v->town.phones[i];
    struct tnd_writer w = tnd_writer(v->proxies[i], SIM_URI_SIZE - 1);

    tnd_put_str(&w, "sip:");
    tnd_put_str(&w, phone->domain);
    tnd_put_str(&w, phone->tcp ? ";lr;transport=tcp" : ";lr");
}

static void draw_agent(struct village *v, unsigned i)
{
    const struct sim_party_setup *phone = &v->town.phones[i];
    struct sim_agent_setup *s = &v->setups[i];

    name_proxy(v, i);
    *s = (struct sim_agent_setup){
        .diary = &v->diary,
        .user = phone->user,
        .domain = phone->domain,
        .callees = v->town.callees,
        .callee_count = v->town.callee_count,
        .until = v->town.faults_end,
        .after = v->town.after,
        .close_at = v->close_at,
        .calls = phone->calls,
        .calls_after = phone->calls_after,
        .tcp = phone->tcp,
        .is_plain = phone->is_plain,
        .precondition = chance(v, 1, 2) ? (uint8_t)below(v, 3) : TND_UA_PRECONDITION_NONE,
        .require_100rel = chance(v, 1, 3),
        .session_expires = SESSION_SECONDS_MIN + (uint32_t)below(v, SESSION_SECONDS_SPAN),
        .proxy = chance(v, 1, 3) ? v->proxies[i] : NULL,
    };
}

static void draw_crashes(struct village *v)
{
    tnd_time end = v->town.faults_end;
    unsigned most = v->town.plan->level == SIM_FAULTS_NONE   ? 0
                    : v->town.plan->level == SIM_FAULTS_SOME ? 2
                                                             : CRASH_MAX;

    v->crash_count = (unsigned)below(v, most + 1);
    for (unsigned i = 0; i < CRASH_MAX; i++) {
        struct sim_happening *h = &v->crashes[i];

        h->a = (unsigned)below(v, v->town.phone_count);
        h->from = tnd_random_time(&v->town.random, 0, end - 1);
        h->until = h->from + tnd_random_time(&v->town.random, TND_MS(1), TND_SEC(5));
        if (h->until > end)
            h->until = end;
    }
    if (!sim_is_on(v->town.plan, SIM_SWITCH_CRASHES))
        v->crash_count = 0;
}

static void add_hosts(struct village *v)
{
    struct town *t = &v->town;
    char text[TOWN_NAME_SIZE];

    town_add_nodes(t);
    v->agents.first_host = sim_host_count(t->w);
    v->agents.host_count = t->phone_count;
    for (unsigned i = 0; i < t->phone_count; i++) {
        struct sim_kind kind = {sim_agent_make, &v->setups[i], false};

        if (t->plan->sabotage) {
            v->saboteurs[i] = (struct sim_agent_saboteur_setup){
                .kind = (enum sim_agent_sabotage) * t->plan->sabotage, .inner = kind};
            kind = (struct sim_kind){sim_agent_saboteur_make, &v->saboteurs[i], false};
        }
        v->setups[i].host = sim_host_count(t->w);
        town_name(text, "phone", i, "");
        sim_host_add(t->w, text, town_phone_address(t, TOWN_NET_PHONES, i), NULL, &kind);
        if (!t->plan->sabotage) /* who spoils things needs memory */
            sim_host_starve(t->w, v->setups[i].host);
    }
    sim_happenings_add(t->w, &t->happenings);
    for (unsigned i = 0; i < v->crash_count; i++)
        sim_world_crash(t->w, v->agents.first_host + v->crashes[i].a, v->crashes[i].from,
                        v->crashes[i].until);
}

static void play(struct village *v)
{
    const struct sim_faults calm = {.delay_min = TND_MS(1), .delay_max = TND_MS(20)};
    struct town *t = &v->town;
    struct sim_faults faults = t->faults;

    sim_switch_faults(t->plan, &faults);
    t->check.has_users = true;
    t->check.is_short = faults.memory_of_1000 > 0 || t->node.transactions_max < TOWN_ROOM_MAX;
    t->check.is_faulty = t->plan->level != SIM_FAULTS_NONE;
    v->agents.is_calm = !t->check.is_faulty;
    sim_world_faults(t->w, &faults);
    town_provision(t);
    add_hosts(v);
    sim_world_run(t->w, t->faults_end);
    sim_world_faults(t->w, &calm);
    sim_world_run(t->w, t->after - 1);
    sim_agents_rest(&v->agents);
    sim_world_run(t->w, v->close_at + SIM_SETTLING + SIM_REST);
    sim_check_rest(&t->check);
    sim_agents_closed(&v->agents);
}

static void tell_result(const struct village *v, struct sim_result *ret)
{
    *ret = (struct sim_result){
        .hash = sim_trace_hash(&v->town.trace),
        .counts = *sim_world_counts(v->town.w),
        .hosts = sim_host_count(v->town.w),
        .ended = sim_world_now(v->town.w),
    };
    for (unsigned i = 0; i < v->diary.count; i++) {
        const struct sim_entry *e = &v->diary.entries[i];

        ret->calls += e->is_caller;
        ret->answered += e->is_caller && (e->was_answered || e->code != 0);
    }
}

static void watch(struct village *v, const struct tnd_mem *mem)
{
    struct town *t = &v->town;

    sim_trace_init(&t->trace, t->w);
    t->trace.put = t->plan->put;
    t->trace.ctx = t->plan->ctx;
    sim_check_init(&t->check, t->w, mem);
    sim_agents_init(&v->agents, &t->check, t->w, &v->diary, mem);
    sim_world_watch(t->w, sim_trace_watcher(&t->trace));
    sim_world_watch(t->w, sim_check_watcher(&t->check));
    sim_world_watch(t->w, sim_agents_watcher(&v->agents));
}

void sim_village_run(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret)
{
    struct village *v = sim_take(mem, sizeof(*v));
    struct town *t = &v->town;

    TND_ASSERT(plan->seconds > 0);
    t->plan = plan;
    t->faults_end = TND_SEC(plan->seconds);
    t->after = t->faults_end + SIM_SETTLING + SIM_REST;
    v->close_at = t->after + OPEN_FOR;
    tnd_random_init(&t->random, plan->seed);
    t->w = sim_world_new(mem, plan->seed);
    town_draw(t);
    for (unsigned i = 0; i < t->phone_count; i++)
        draw_agent(v, i);
    draw_crashes(v);
    watch(v, mem);
    play(v);
    tell_result(v, ret);
    sim_world_free(&t->w);
    for (unsigned i = 0; i < t->phone_count; i++)
        sim_agent_saboteur_mend(&v->saboteurs[i], mem);
    ret->violation = t->check.violation;
    sim_agents_fini(&v->agents);
    sim_check_fini(&t->check);
    sim_give(mem, v, sizeof(*v));
}
