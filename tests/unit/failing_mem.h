/* A tnd_mem that fails when it is told to, and knows what it gave.
 *
 *     for (size_t nth = 1; !done; nth++) {
 *         struct failing_mem m = failing_mem(nth);
 *         done = scenario(failing_mem_use(&m)) == 0;
 *         CHECK_EQ(m.live_count, 0);
 *     }
 *
 * Blocks are malloc's, so that the sanitizers watch over their ends. */
#ifndef TESTS_FAILING_MEM_H
#define TESTS_FAILING_MEM_H

#include "tandem/base.h"

struct failing_mem {
    struct tnd_mem mem;
    size_t fail_at; /* this take and all later ones fail; 0: none does */
    size_t take_count;
    size_t live_count, live_size; /* what was taken and not given back */
};

/* Must not move once failing_mem_use() gave its mem out. */
struct failing_mem failing_mem(size_t fail_at);

/* The memory to hand to the code under test. */
const struct tnd_mem *failing_mem_use(struct failing_mem *m);

#endif
