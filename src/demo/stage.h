/* The stage of one flow: its world, and what is written down of what happens there. */
#ifndef DEMO_STAGE_H
#define DEMO_STAGE_H

#include "demo/demo.h"
#include "demo/flow.h"
#include "sim/trace.h"

#define DEMO_BEGINS TND_SEC(1)   /* phones have registered by then; what was before is not shown */
#define DEMO_ENDS   TND_SEC(400) /* long after the last timer */
#define DEMO_DELAY  TND_MS(5)    /* of each message, on its way */

struct demo_stage {
    const struct tnd_demo_world *given;
    const struct demo_flow *flow;
    struct sim_world *world;
    struct sim_trace trace; /* for its hash */
    struct tnd_arena *a;    /* what is shown lives there */
    struct tnd_demo *ret;
    struct tnd_demo_line *lines; /* TND_LADDER_LINE_COUNT_MAX of them */
    uint64_t *digests;           /* of the message of each */
    bool is_open;                /* what happens is shown */
    bool is_again_told;
    bool is_told[DEMO_NOTE_COUNT_MAX];
};

/* A remark at a host: English. */
void demo_remark(struct demo_stage *s, unsigned host, enum tnd_ladder_tone tone,
                 const char *remark);

/* What the caller there does next. */
void demo_action(struct demo_stage *s, unsigned host, unsigned action);

struct sim_watcher demo_watcher(struct demo_stage *s);

/* A user agent with its person, as an element of the world: the caller, or a callee. */
struct demo_role {
    struct demo_stage *stage;
    unsigned host;
    const struct demo_callee *callee; /* NULL: it is the caller */
    char from[DEMO_URI_SIZE];
};
int demo_person_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

#endif
