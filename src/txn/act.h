/* What the four machines share: putting down actions. */
#ifndef TXN_ACT_H
#define TXN_ACT_H

#include "base/assert.h"
#include "tandem/txn.h"

static inline void act(struct tnd_acts *out, struct tnd_act a)
{
    TND_ASSERT(out->count < TND_ACT_COUNT_MAX);
    out->act[out->count++] = a;
}

static inline void act_do(struct tnd_acts *out, enum tnd_act_kind kind, enum tnd_rule rule)
{
    act(out, (struct tnd_act){.kind = (uint8_t)kind, .rule = (uint16_t)rule});
}

static inline void act_arm(struct tnd_acts *out, enum tnd_timer timer, tnd_time at,
                           enum tnd_rule rule)
{
    act(out, (struct tnd_act){
                 .kind = TND_ACT_ARM, .timer = (uint8_t)timer, .at = at, .rule = (uint16_t)rule});
}

static inline void act_disarm(struct tnd_acts *out, enum tnd_timer timer, enum tnd_rule rule)
{
    act(out,
        (struct tnd_act){.kind = TND_ACT_DISARM, .timer = (uint8_t)timer, .rule = (uint16_t)rule});
}

/* 64*T1: how long a client waits for an answer (timers B, F), a server for an ACK (H), and
 * both for what comes late (J, L, M). */
static inline tnd_time long_wait(const struct tnd_txn_timing *timing)
{
    return 64 * timing->t1;
}

/* RFC 3261 §17.1.2.2, §17.2.1: twice as long, up to T2. */
static inline tnd_time twice_up_to_t2(tnd_time wait, const struct tnd_txn_timing *timing)
{
    return 2 * wait < timing->t2 ? 2 * wait : timing->t2;
}

#endif
