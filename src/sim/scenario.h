/* A scenario: a world that follows from a seed, and faults, for some seconds; then the faults stop,
 * everything comes to rest, and the phones that behave call once more. Three are played:
 *
 *   LAB     nodes with the lab on, phones that call it, and phones that misbehave
 *   USERS   nodes with users, whose phones register and call each other; strangers
 *   AGENTS  the same with user agents (tandem/ua.h) as phones, which crash too
 *
 * Each kind of fault, each phone and each rogue is a switch. What a switch turns off leaves
 * the choices of the others as they were; so a run that fails can be made smaller. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim/check.h"

enum sim_play { SIM_PLAY_LAB, SIM_PLAY_USERS, SIM_PLAY_AGENTS };

enum sim_level { SIM_FAULTS_NONE, SIM_FAULTS_SOME, SIM_FAULTS_MANY };

/* X(id, name) */
#define SIM_SWITCH_MAP(X)       \
    X(LOSS, "loss")             \
    X(DOUBLING, "doubling")     \
    X(REORDERING, "reordering") \
    X(DELAY, "delay")           \
    X(PARTITIONS, "partitions") \
    X(CRASHES, "crashes")       \
    X(BREAKS, "breaks")         \
    X(PIECES, "pieces")         \
    X(DNS, "dns")               \
    X(STORE, "store")           \
    X(BOUNCES, "bounces")       \
    X(LATENESS, "lateness")     \
    X(BATCHES, "batches")       \
    X(NO_MEMORY, "memory")      \
    X(LITTLE_ROOM, "room")      \
    X(LIMIT, "limit")           \
    X(NAT, "nat")               \
    X(FORWARDS, "forwards")     \
    X(NODE1, "node1")           \
    X(NODE2, "node2")           \
    X(PHONE0, "phone0")         \
    X(PHONE1, "phone1")         \
    X(PHONE2, "phone2")         \
    X(PHONE3, "phone3")         \
    X(PHONE4, "phone4")         \
    X(PHONE5, "phone5")         \
    X(PHONE6, "phone6")         \
    X(PHONE7, "phone7")         \
    X(ROGUE0, "rogue0")         \
    X(ROGUE1, "rogue1")         \
    X(ROGUE2, "rogue2")

enum sim_switch {
#define SIM_SWITCH_ENUM(id, name) SIM_SWITCH_##id,
    SIM_SWITCH_MAP(SIM_SWITCH_ENUM)
#undef SIM_SWITCH_ENUM
        SIM_SWITCH_COUNT
};

const char *sim_switch_name(enum sim_switch s);

struct sim_plan {
    uint64_t seed;
    enum sim_level level;
    uint8_t play;                /* enum sim_play */
    unsigned seconds;            /* with faults; from 1 */
    uint64_t without;            /* bits of enum sim_switch */
    int trick;                   /* the one that rogues do; -1: any */
    const struct sim_kind *kind; /* of what stands where nodes stand; NULL: a node */
    void **node_ctx; /* with kind: where what sim_node_make() is given is noted; NULL: nowhere */
    const uint8_t
        *sabotage; /* enum sim_agent_sabotage, of the user agents; NULL: they are as they are */
    void (*put)(void *ctx, struct tnd_slice line); /* of the trace; NULL: it is not told */
    void *ctx;
};

struct sim_result {
    uint64_t hash; /* of the trace */
    struct sim_counts counts;
    unsigned calls, answered; /* of the phones that behave */
    unsigned hosts;
    tnd_time ended;
    struct sim_violation violation;
};

void sim_run(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret);

/* After a violation: the plan with as much turned off as can be while the same law is broken.
 * ret is the result of it. */
struct sim_plan sim_shrink(const struct tnd_mem *mem, const struct sim_plan *plan,
                           struct sim_result *ret);

#endif
