/* What the machines of a dialog share: putting down actions. */
#ifndef DIALOG_ACT_H
#define DIALOG_ACT_H

#include "base/assert.h"
#include "tandem/dialog/act.h"

static inline struct tnd_dialog_act *act_put(struct tnd_dialog_acts *out, struct tnd_dialog_act a)
{
    TND_ASSERT(out->count < TND_DIALOG_ACT_COUNT_MAX);
    out->act[out->count] = a;
    return &out->act[out->count++];
}

static inline void act_do(struct tnd_dialog_acts *out, enum tnd_dialog_act_kind kind,
                          enum tnd_rule rule)
{
    act_put(out,
            (struct tnd_dialog_act){.kind = (uint8_t)kind, .rule = (uint16_t)rule, .seconds = -1});
}

/* REFUSE, REFUSE_INVITE, REFUSE_PENDING */
static inline void act_refuse(struct tnd_dialog_acts *out, enum tnd_dialog_act_kind kind,
                              unsigned code, enum tnd_rule rule)
{
    act_put(out, (struct tnd_dialog_act){.kind = (uint8_t)kind,
                                         .code = (uint16_t)code,
                                         .rule = (uint16_t)rule,
                                         .seconds = -1});
}

static inline void act_cseq(struct tnd_dialog_acts *out, enum tnd_dialog_act_kind kind,
                            uint32_t cseq, enum tnd_rule rule)
{
    act_put(out, (struct tnd_dialog_act){
                     .kind = (uint8_t)kind, .cseq = cseq, .rule = (uint16_t)rule, .seconds = -1});
}

static inline void act_rseq(struct tnd_dialog_acts *out, enum tnd_dialog_act_kind kind,
                            uint32_t rseq, enum tnd_rule rule)
{
    act_put(out, (struct tnd_dialog_act){
                     .kind = (uint8_t)kind, .rseq = rseq, .rule = (uint16_t)rule, .seconds = -1});
}

static inline void act_arm(struct tnd_dialog_acts *out, enum tnd_dialog_timer timer, tnd_time at,
                           enum tnd_rule rule)
{
    act_put(out, (struct tnd_dialog_act){.kind = TND_DIALOG_ARM,
                                         .timer = (uint8_t)timer,
                                         .at = at,
                                         .rule = (uint16_t)rule,
                                         .seconds = -1});
}

static inline void act_disarm(struct tnd_dialog_acts *out, enum tnd_dialog_timer timer,
                              enum tnd_rule rule)
{
    act_put(out, (struct tnd_dialog_act){.kind = TND_DIALOG_DISARM,
                                         .timer = (uint8_t)timer,
                                         .rule = (uint16_t)rule,
                                         .seconds = -1});
}

#endif
