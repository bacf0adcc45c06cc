/* The checker of calls: it sees each node with users that breaks one of its laws. */
#include "sim/saboteur.h"
#include "sim/scenario.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

enum { SEED_MAX = 60, SECONDS = 20 };

static struct sim_result result;

/* What makes a crash the only fault. */
static const uint64_t crashes_alone =
    (uint64_t)1 << SIM_SWITCH_LOSS | (uint64_t)1 << SIM_SWITCH_REORDERING |
    (uint64_t)1 << SIM_SWITCH_BREAKS | (uint64_t)1 << SIM_SWITCH_DNS |
    (uint64_t)1 << SIM_SWITCH_STORE | (uint64_t)1 << SIM_SWITCH_PARTITIONS |
    (uint64_t)1 << SIM_SWITCH_NO_MEMORY | (uint64_t)1 << SIM_SWITCH_LITTLE_ROOM;

static enum sim_law law_of(const struct sim_plan *plan)
{
    struct failing_mem mem = failing_mem(0);

    sim_run(failing_mem_use(&mem), plan, &result);
    CHECK_EQ(mem.live_count, 0);
    return result.violation.law;
}

/* The first law that is seen broken, in one of some worlds. */
static void check_seen(enum sim_sabotage which, enum sim_level level, uint64_t without)
{
    struct sim_saboteur_setup setup = {.kind = which, .inner = {sim_node_make, NULL, true}};
    const struct sim_kind kind = {sim_saboteur_make, &setup, true};
    struct sim_plan plan = {.seed = 1,
                            .level = level,
                            .play = SIM_PLAY_USERS,
                            .seconds = SECONDS,
                            .without = without,
                            .trick = -1,
                            .kind = &kind,
                            .node_ctx = &setup.inner.ctx};
    enum sim_law law = SIM_LAW_NONE;

    for (; plan.seed <= SEED_MAX && law == SIM_LAW_NONE; plan.seed++)
        law = law_of(&plan);
    if (law != sim_sabotage_law(which))
        tnd_test_fail(__FILE__, __LINE__, "%s: %.*s", sim_sabotage_name(which),
                      (int)result.violation.len, result.violation.text);
}

TND_TEST(sim_sees_late_ok, "RFC 3261 §16.7",
         "a node that tells a caller that he is refused, and then that he is not, is seen")
{
    check_seen(SIM_SABOTAGE_LATE_OK, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_two_finals_of_a_proxy, "RFC 3261 §17.2",
         "a proxy that answers a transaction twice is seen")
{
    check_seen(SIM_SABOTAGE_SECOND_FINAL, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_deaf_to_6xx, "RFC 3261 §16.7",
         "a node that goes on looking for a user who has declined is seen")
{
    check_seen(SIM_SABOTAGE_HEARS_BUSY, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_asked_again, "RFC 3261 §16.5",
         "a node that tries a target once more that has refused is seen")
{
    check_seen(SIM_SABOTAGE_ASKS_AGAIN, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_lost_binding, "RFC 3261 §10.3",
         "a node that acknowledges a binding and does not store it is seen")
{
    check_seen(SIM_SABOTAGE_STORES_NOTHING, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_forgetful_proxy, "RFC 3261 §16.11",
         "a node that was started again and drops what belongs to calls of before is seen")
{
    check_seen(SIM_SABOTAGE_DROPS_STRAYS, SIM_FAULTS_MANY, crashes_alone);
}

TND_TEST(sim_sees_lonely_phone, "RFC 3261 §15",
         "a node that leaves a phone talking to nobody is seen")
{
    check_seen(SIM_SABOTAGE_KEEPS_BYES, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_open_relay, "RFC 3261 §22.3",
         "a node that passes on what a stranger asks for in a foreign domain is seen")
{
    check_seen(SIM_SABOTAGE_RELAYS, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_users_repeat, "sim/trace.h", "a world of users of the same seed is the same")
{
    const struct sim_plan plan = {.seed = 5,
                                  .level = SIM_FAULTS_MANY,
                                  .play = SIM_PLAY_USERS,
                                  .seconds = SECONDS,
                                  .trick = -1};

    law_of(&plan);
    uint64_t hash = result.hash;
    CHECK(result.calls > 5);
    law_of(&plan);
    CHECK(result.hash == hash);
}
