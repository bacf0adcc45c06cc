/* Memory that is counted: what one element has taken and not given back, and, if it is told
 * so, a tnd_mem that now and then has none. */
#ifndef SIM_MEM_H
#define SIM_MEM_H

#include "base/random.h"
#include "tandem/base.h"

struct sim_mem {
    struct tnd_mem mem; /* to hand out: takes from under, and counts */
    const struct tnd_mem *under;
    size_t live_count, live_size; /* taken and not given back */
    struct tnd_random random;
    unsigned refused_of_1000; /* takes that find no memory */
    uint64_t refused;
};

/* Keeps under. m must not move while its mem is used. */
void sim_mem_init(struct sim_mem *m, const struct tnd_mem *under, uint64_t seed);

/* size bytes of zero for the simulator itself. It cannot go on without memory and has nobody
 * to refuse: none is an assertion. */
void *sim_take(const struct tnd_mem *mem, size_t size);

/* Of NULL: fine. */
void sim_give(const struct tnd_mem *mem, void *ptr, size_t size);

#endif
