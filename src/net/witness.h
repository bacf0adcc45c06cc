/* Witness: sees each message that comes to a worker's node and each that leaves it, once, in the one place where
 * all pass. Counts them (net/tally.h), and writes them into the flight recorder (net/recorder.h) if there
 * is one; and behind what failed, why. */
#ifndef NET_WITNESS_H
#define NET_WITNESS_H

#include "net/recorder.h"
#include "net/tally.h"
#include "tandem/node.h"

struct tnd_witness {
    struct tnd_recorder *recorder; /* NULL: nobody wants to see */
    int64_t wall_offset;           /* what is to be added to now, for the time of day */
    uint64_t whys_seen[2];         /* of those that were answered, and of others */
    struct tnd_tally tally;
};

/* recorder_size 0: none. TND_ENOMEM: fini. */
int tnd_witness_init(struct tnd_witness *w, size_t recorder_size);
void tnd_witness_fini(struct tnd_witness *w); /* of zero bytes: fine */

/* What came, and was fed: with the flaws that were found. */
void tnd_witness_count(struct tnd_witness *w, const struct tnd_msg *msg);
/* The same, before it is fed: so it stands in front of what answers it. */
void tnd_witness_came(struct tnd_witness *w, tnd_time now, const struct tnd_flow *flow,
                      struct tnd_slice bytes);
/* local: family NONE: not known. */
void tnd_witness_left(struct tnd_witness *w, tnd_time now, const struct tnd_endpoint *local,
                      const struct tnd_endpoint *remote, struct tnd_slice bytes);
/* The records of why that the node has written since. */
void tnd_witness_whys(struct tnd_witness *w, const struct tnd_node *node);

#endif
