/* The checkers: each sees the element that breaks its law, and none sees anything in one that
 * does not. */
#include "sim/saboteur.h"
#include "sim/scenario.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

enum { SEED_MAX = 30, SECONDS = 20 };

static struct sim_result result;

static struct sim_node_setup node_setup = {.transactions_max = 100000};

/* Runs the plan and gives all memory back. */
static enum sim_law law_of(const struct sim_plan *plan)
{
    struct failing_mem mem = failing_mem(0);

    sim_run(failing_mem_use(&mem), plan, &result);
    if (plan->kind)
        sim_saboteur_mend(plan->kind->ctx, &mem.mem);
    CHECK_EQ(mem.live_count, 0);
    return result.violation.law;
}

static struct sim_plan plan_of(uint64_t seed, enum sim_level level, const struct sim_kind *kind)
{
    return (struct sim_plan){
        .seed = seed, .level = level, .seconds = SECONDS, .trick = -1, .kind = kind};
}

/* A saboteur around a node; ctx is the setup. */
static struct sim_kind sabotage(struct sim_saboteur_setup *setup, enum sim_sabotage kind,
                                tnd_time from)
{
    *setup = (struct sim_saboteur_setup){
        .kind = kind, .inner = {sim_node_make, &node_setup, true}, .from = from};
    return (struct sim_kind){sim_saboteur_make, setup, true};
}

/* The first law that is seen broken, in one of some seeds. */
static void check_seen(enum sim_sabotage which, enum sim_level level, tnd_time from)
{
    struct sim_saboteur_setup setup;
    const struct sim_kind kind = sabotage(&setup, which, from);
    enum sim_law law = SIM_LAW_NONE;

    for (uint64_t seed = 1; seed <= SEED_MAX && law == SIM_LAW_NONE; seed++) {
        const struct sim_plan plan = plan_of(seed, level, &kind);

        law = law_of(&plan);
    }
    if (law != sim_sabotage_law(which))
        tnd_test_fail(__FILE__, __LINE__, "%s: %.*s", sim_sabotage_name(which),
                      (int)result.violation.len, result.violation.text);
}

/* The phones that behave call again at that time, and nothing comes in a while before. */
static tnd_time shortly_before_the_end(void)
{
    return TND_SEC(SECONDS + 280 + 210);
}

TND_TEST(sim_sees_second_final, "RFC 3261 §17.2",
         "an element that answers a transaction twice is seen")
{
    check_seen(SIM_SABOTAGE_SECOND_FINAL, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_answered_ack, "RFC 3261 §8.2.6", "an element that answers an ACK is seen")
{
    check_seen(SIM_SABOTAGE_ANSWERS_ACKS, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_unasked, "RFC 3261 §8.2.6",
         "an element that answers what nobody asked, or asks itself, is seen")
{
    check_seen(SIM_SABOTAGE_OTHER_CALL_ID, SIM_FAULTS_NONE, 0);
    check_seen(SIM_SABOTAGE_ASKS, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_way_back, "RFC 3261 §18.2.2",
         "an element that sends a response to somebody else is seen")
{
    check_seen(SIM_SABOTAGE_ELSEWHERE, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_babble, "RFC 3261 §7", "an element that sends half a message is seen")
{
    check_seen(SIM_SABOTAGE_BABBLES, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_served_again, "RFC 3261 §17.2",
         "an element that serves a retransmission once more is seen")
{
    check_seen(SIM_SABOTAGE_SERVES_AGAIN, SIM_FAULTS_SOME, 0);
}

TND_TEST(sim_sees_transaction_kept, "RFC 3261 §17",
         "an element whose transaction outlives its timers is seen")
{
    check_seen(SIM_SABOTAGE_KEEPS, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_leak, "src/node",
         "an element that leaves memory behind, or takes more and more, is seen")
{
    check_seen(SIM_SABOTAGE_LEAKS, SIM_FAULTS_NONE, 0);
    check_seen(SIM_SABOTAGE_GROWS, SIM_FAULTS_NONE, shortly_before_the_end());
}

TND_TEST(sim_sees_broken_contract, "tandem/node.h",
         "an element that is never at rest, or refuses an input, is seen")
{
    check_seen(SIM_SABOTAGE_RESTLESS, SIM_FAULTS_NONE, 0);
    check_seen(SIM_SABOTAGE_REFUSES, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_sees_unsettled, "RFC 3261 §17.1",
         "an element that does not answer when the faults have stopped is seen")
{
    check_seen(SIM_SABOTAGE_DEAF, SIM_FAULTS_NONE, shortly_before_the_end());
}

TND_TEST(sim_sees_wrong_answer, "RFC 3261 §8.2",
         "an element that answers with another code is seen")
{
    check_seen(SIM_SABOTAGE_OTHER_CODE, SIM_FAULTS_NONE, 0);
}

TND_TEST(sim_trace_repeats, "sim/trace.h",
         "a node does the same when it is asked the same; one that does not is seen by its trace")
{
    struct sim_saboteur_setup setup;
    const struct sim_kind moody = sabotage(&setup, SIM_SABOTAGE_MOODY, 0);
    const struct sim_plan one = plan_of(3, SIM_FAULTS_MANY, NULL),
                          other = plan_of(4, SIM_FAULTS_MANY, NULL);
    /* with an odd number of nodes the moods change sides */
    struct sim_plan changing = plan_of(1, SIM_FAULTS_NONE, &moody);

    law_of(&one);
    uint64_t hash = result.hash;
    law_of(&one);
    CHECK(result.hash == hash);
    law_of(&other);
    CHECK(result.hash != hash);
    for (bool differs = false; !differs; changing.seed++) {
        CHECK(changing.seed < SEED_MAX);
        law_of(&changing);
        hash = result.hash;
        law_of(&changing);
        differs = result.hash != hash;
    }
}

TND_TEST(sim_shrinks, "sim/scenario.h",
         "a run that fails is made smaller as long as it fails by the same law")
{
    struct sim_saboteur_setup setup;
    const struct sim_kind kind = sabotage(&setup, SIM_SABOTAGE_SECOND_FINAL, 0);
    const struct sim_plan plan = plan_of(2, SIM_FAULTS_MANY, &kind);
    struct failing_mem mem = failing_mem(0);
    static struct sim_result small;

    CHECK_EQ(law_of(&plan), SIM_LAW_ONE_FINAL);
    struct sim_plan less = sim_shrink(failing_mem_use(&mem), &plan, &small);
    CHECK_EQ(mem.live_count, 0);
    CHECK_EQ(small.violation.law, SIM_LAW_ONE_FINAL);
    CHECK(less.without >> SIM_SWITCH_LOSS & 1);
    CHECK(less.without >> SIM_SWITCH_CRASHES & 1);
    CHECK_EQ(law_of(&less), SIM_LAW_ONE_FINAL);
    /* what does not fail is left as it is */
    const struct sim_plan good = plan_of(1, SIM_FAULTS_NONE, NULL);
    less = sim_shrink(failing_mem_use(&mem), &good, &small);
    CHECK_EQ(small.violation.law, SIM_LAW_NONE);
    CHECK_EQ(less.without, good.without);
}

TND_TEST(sim_memory_is_counted, "sim/mem.h",
         "memory is counted, and found wanting as often as it is told")
{
    struct failing_mem under = failing_mem(0);
    struct sim_mem m;
    unsigned refused = 0;

    sim_mem_init(&m, failing_mem_use(&under), 1);
    void *block = m.mem.take(m.mem.ctx, 100);
    CHECK(block);
    CHECK_EQ(m.live_size, 100);
    m.mem.give(m.mem.ctx, block, 100);
    CHECK_EQ(m.live_count, 0);
    CHECK_EQ(m.live_size, 0);
    m.refused_of_1000 = 500;
    for (unsigned i = 0; i < 100; i++) {
        block = m.mem.take(m.mem.ctx, 1);
        refused += !block;
        if (block)
            m.mem.give(m.mem.ctx, block, 1);
    }
    CHECK(refused > 20 && refused < 80);
    CHECK_EQ(m.refused, refused);
    CHECK_EQ(under.live_count, 0);
}
