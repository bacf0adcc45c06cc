/* The store of a simulated world: one for all its nodes, whose crashes it outlives. It keeps records of
 * bytes (tandem/store.h), as a driver does, and changes them by tnd_bindings_change().
 *
 * It answers at once or late, and sometimes that it failed. A change whose answer was heard is kept. Of
 * one that was not, because its node crashed before or because it failed, nobody knows. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "sim/world.h"

/* A user, with all forwards that he has. Copies. */
void sim_store_put(struct sim_world *w, struct tnd_slice aor, const struct tnd_user *user,
                   const struct tnd_forward *forwards, size_t count);

/* All that is kept of aor and has not ended at that time, in seconds. Takes from a. */
void sim_store_find(const struct sim_world *w, struct tnd_slice aor, int64_t now,
                    struct tnd_arena *a, struct tnd_entry *ret);

#endif
