/* The sound of a user agent in the simulated world: one stream, of a telephone. */
#ifndef SIM_SOUND_H
#define SIM_SOUND_H

#include "sim/element.h"
#include "tandem/sdp/offer.h"

/* Must not move once it is described: media points to the others. */
struct sim_sound {
    struct tnd_oa_stream stream;
    struct tnd_oa_local media;
    char address[TND_ADDRESS_LEN_MAX];
};

/* What it says of itself at the address of that life. */
void sim_sound_describe(struct sim_sound *sound, const struct sim_life *life);

#endif
