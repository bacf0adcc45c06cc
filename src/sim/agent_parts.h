/* What the files of a user agent and its person share. */
#ifndef SIM_AGENT_PARTS_H
#define SIM_AGENT_PARTS_H

#include "base/random.h"
#include "sim/agent.h"
#include "sim/mem.h"
#include "sim/sound.h"

enum { AGENT_TODO_MAX = 512, AGENT_LEARNED_MAX = 64 };

/* What its person is going to do. */
enum agent_act {
    AGENT_REGISTER,
    AGENT_CALL,
    AGENT_RING,
    AGENT_ACCEPT,
    AGENT_REFUSE,
    AGENT_RESERVED,
    AGENT_CHANGE,
    AGENT_HANG_UP,
    AGENT_CLOSE,
};

struct agent_todo {
    tnd_time at; /* TND_NEVER_DUE: it is free */
    uint64_t order;
    tnd_ua_id id;
    uint8_t act; /* enum agent_act */
    bool ok;     /* of RESERVED; of CALL: there are no faults any more */
    size_t stream;
    uint16_t detail; /* the code of REFUSE; the enum tnd_ua_change of CHANGE */
};

/* Where a call to asked goes instead, as a redirect said. */
struct agent_learned {
    char asked[SIM_URI_SIZE], uri[SIM_URI_SIZE];
    int64_t until;
};

struct agent {
    const struct tnd_mem *mem;
    const struct sim_agent_setup *setup;
    struct tnd_ua *ua;
    struct tnd_random random;
    tnd_time now;
    unsigned life, calls;
    uint64_t order;
    tnd_ua_id registration; /* 0: none */
    bool is_closed;
    struct agent_todo todo[AGENT_TODO_MAX];
    struct agent_learned learned[AGENT_LEARNED_MAX];
    unsigned learned_count;
    /* what the user agent is told; kept by it */
    struct tnd_ua_config config;
    struct tnd_endpoint addresses[2];
    struct sim_sound sound;
    char from[SIM_URI_SIZE];
};

/* person.c: what he does by himself */
void agent_plan(struct agent *p);
void agent_do(struct agent *p, enum agent_act act, tnd_ua_id id, tnd_time at, uint16_t detail);
void agent_carry_out(struct agent *p, const struct agent_todo *todo);
/* The next one; NULL: there is none. */
struct agent_todo *agent_next(struct agent *p);

/* person_told.c: what he does about what he is told */
void agent_told(struct agent *p, const struct tnd_ua_event *event);

/* person_diary.c */
struct sim_entry *agent_begin(struct agent *p, bool is_caller, tnd_ua_id id);
/* The present one; NULL: there is none, which is noted. */
struct sim_entry *agent_entry(struct agent *p, tnd_ua_id id);
void agent_learn(struct agent *p, const char *asked, const struct tnd_recovery *recovery);
struct tnd_slice agent_learned_of(const struct agent *p, const char *asked);
/* Whatever it knew is gone. */
void agent_forget_all(struct agent *p);

static inline bool agent_chance(struct agent *p, unsigned times, unsigned of_times)
{
    return tnd_random_chance(&p->random, times, of_times);
}

static inline tnd_time agent_time(struct agent *p, tnd_time first, tnd_time last)
{
    return tnd_random_time(&p->random, first, last);
}

#endif
