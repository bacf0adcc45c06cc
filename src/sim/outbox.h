/* Outputs that wait to be taken, for elements of the simulator: copies of what was put, in
 * its order, good until the first put after take has said false. */
#ifndef SIM_OUTBOX_H
#define SIM_OUTBOX_H

#include "tandem/node.h"

struct sim_outbox {
    struct tnd_arena a;
    struct sim_outbox_item *first, *last;
    bool drained;
};

/* Keeps mem until fini. */
void sim_outbox_init(struct sim_outbox *o, const struct tnd_mem *mem);
void sim_outbox_fini(struct sim_outbox *o);

/* Copies the output and its bytes. Of why and lookup nothing but the pointers. */
void sim_outbox_put(struct sim_outbox *o, const struct tnd_output *out);

bool sim_outbox_take(struct sim_outbox *o, struct tnd_output *ret);

#endif
