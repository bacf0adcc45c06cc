#include "base/waits.h"

#include "base/assert.h"

void tnd_waits_init(struct tnd_wait *waits, size_t count, void *owner)
{
    for (size_t i = 0; i < count; i++)
        waits[i].owner = owner;
}

/* The one of that id, armed; else one that is free. */
static struct tnd_wait *find(struct tnd_wait *waits, size_t count, uint8_t id)
{
    struct tnd_wait *free = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!tnd_wheel_armed(&waits[i].timer))
            free = &waits[i];
        else if (waits[i].id == id)
            return &waits[i];
    }
    TND_ASSERT(free); /* nothing waits for more than it has timers */
    free->id = id;
    return free;
}

void tnd_waits_arm(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count, uint8_t id,
                   tnd_time due)
{
    tnd_wheel_arm(wheel, &find(waits, count, id)->timer, due);
}

void tnd_waits_disarm(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count, uint8_t id)
{
    for (size_t i = 0; i < count; i++)
        if (waits[i].id == id)
            tnd_wheel_disarm(wheel, &waits[i].timer);
}

void tnd_waits_stop(struct tnd_wheel *wheel, struct tnd_wait *waits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tnd_wheel_disarm(wheel, &waits[i].timer);
}
