/* The checker of user agents: it sees each one that breaks one of its laws. */
#include "sim/agent_saboteur.h"
#include "sim/scenario.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

enum { SEED_MAX = 60, SECONDS = 20 };

static struct sim_result result;

static enum sim_law law_of(const struct sim_plan *plan)
{
    struct failing_mem mem = failing_mem(0);

    sim_run(failing_mem_use(&mem), plan, &result);
    CHECK_EQ(mem.live_count, 0);
    return result.violation.law;
}

/* The first law that is seen broken, in one of some worlds. */
static void check_seen(uint8_t which)
{
    struct sim_plan plan = {.seed = 1,
                            .level = SIM_FAULTS_NONE,
                            .play = SIM_PLAY_AGENTS,
                            .seconds = SECONDS,
                            .trick = -1,
                            .sabotage = &which};
    enum sim_law law = SIM_LAW_NONE;

    for (; plan.seed <= SEED_MAX && law == SIM_LAW_NONE; plan.seed++)
        law = law_of(&plan);
    if (law != sim_agent_sabotage_law((enum sim_agent_sabotage)which))
        tnd_test_fail(__FILE__, __LINE__, "%s: seed %u: %.*s",
                      sim_agent_sabotage_name((enum sim_agent_sabotage)which),
                      (unsigned)plan.seed - 1, (int)result.violation.len, result.violation.text);
}

TND_TEST(sim_sees_caller_who_learns, "RFC 3261 §21.3.3",
         "a caller who goes where an earlier call was redirected to is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_LEARNS_ALL);
}

TND_TEST(sim_sees_caller_who_calls_on, "RFC 3261 §21.6",
         "a caller who tries again after a 6xx is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_CALLS_ON);
}

TND_TEST(sim_sees_callee_who_rings_on, "RFC 3261 §16.7",
         "a callee who rings on when another one has declined is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_DEAF_TO_CANCEL);
}

TND_TEST(sim_sees_callee_who_rings_early, "RFC 3312 §6",
         "a callee who rings before mandatory preconditions are met is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_RINGS_EARLY);
}

TND_TEST(sim_sees_caller_who_insists, "RFC 3312 §8",
         "a caller who asks for the same preconditions after a 580 is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_INSISTS);
}

TND_TEST(sim_sees_one_sided_call, "RFC 3261 §15",
         "a user agent that leaves the other side in a call of one is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_ONE_SIDED);
}

TND_TEST(sim_sees_misunderstanding, "RFC 3264 §6.1",
         "a user agent that thinks that nobody listens, where one does, is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_MISHEARS);
}

TND_TEST(sim_sees_call_without_end, "tandem/ua.h", "a user agent whose calls do not end is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_SLEEPS);
}

TND_TEST(sim_sees_caller_who_goes_back, "RFC 3261 §8.1.3.4",
         "a caller who tries a target twice is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_GOES_BACK);
}

TND_TEST(sim_sees_caller_who_requires_again, "RFC 3261 §8.1.3.5",
         "a caller who requires what he has dropped is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_REQUIRES_AGAIN);
}

TND_TEST(sim_sees_restless_agent, "tandem/ua.h",
         "a user agent that waits for something when nothing goes on is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_WAKES);
}

TND_TEST(sim_sees_leaks_of_agents, "tandem/ua.h",
         "a user agent that keeps memory, or leaves some behind, is seen")
{
    check_seen(SIM_AGENT_SABOTAGE_GROWS);
    check_seen(SIM_AGENT_SABOTAGE_LEAKS);
}

TND_TEST(sim_agents_repeat, "sim/trace.h", "a world of user agents of the same seed is the same")
{
    const struct sim_plan plan = {.seed = 5,
                                  .level = SIM_FAULTS_MANY,
                                  .play = SIM_PLAY_AGENTS,
                                  .seconds = SECONDS,
                                  .trick = -1};

    law_of(&plan);
    uint64_t hash = result.hash;
    CHECK(result.calls > 5);
    law_of(&plan);
    CHECK(result.hash == hash);
}
