/* Waits: the few timers of one object, on a wheel (base/wheel.h). Any of them is for whatever waits now,
 * which has a number of the owner's.
 *
 *     struct tnd_wait waits[3];
 *
 *     tnd_waits_init(waits, 3, t);
 *     tnd_waits_arm(&wheel, waits, 3, TIMER_G, due);
 *     ...
 *     struct tnd_wait *w = TND_OWNER(tnd_wheel_next(&wheel, now), struct tnd_wait, timer);
 *     step(w->owner, w->id);
 */
#ifndef BASE_WAITS_H
#define BASE_WAITS_H

#include "base/wheel.h"

struct tnd_wait {
    struct tnd_wheel_timer timer;
    void *owner;
    uint8_t id;
};

/* Of zero bytes. Keeps owner. count is enough for all that waits at one time. */
void tnd_waits_init(struct tnd_wait *waits, size_t count, void *owner);

/* One that is armed is moved. More than count at one time is an assertion. */
void tnd_waits_arm(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count, uint8_t id,
                   tnd_time due);

/* Fine if it is not armed. */
void tnd_waits_disarm(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count, uint8_t id);

/* All of them. */
void tnd_waits_stop(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count);

#endif
