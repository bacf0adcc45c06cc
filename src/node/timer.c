/* The few timers of one object: any of them is for whatever waits now. */
#include "base/assert.h"
#include "node/node.h"

void node_timers_init(struct node_timer *timers, size_t count, void *owner)
{
    for (size_t i = 0; i < count; i++)
        timers[i].owner = owner;
}

/* The one of that id, armed; else one that is free. */
static struct node_timer *find(struct node_timer *timers, size_t count, uint8_t id)
{
    struct node_timer *free = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!tnd_wheel_armed(&timers[i].timer))
            free = &timers[i];
        else if (timers[i].id == id)
            return &timers[i];
    }
    TND_ASSERT(free); /* nothing waits for more than it has timers */
    free->id = id;
    return free;
}

void node_timers_arm(struct tnd_node *n, struct node_timer *timers, size_t count, uint8_t id,
                     tnd_time due)
{
    tnd_wheel_arm(&n->wheel, &find(timers, count, id)->timer, due);
}

void node_timers_disarm(struct tnd_node *n, struct node_timer *timers, size_t count, uint8_t id)
{
    for (size_t i = 0; i < count; i++)
        if (timers[i].id == id)
            tnd_wheel_disarm(&n->wheel, &timers[i].timer);
}

void node_timers_stop(struct tnd_node *n, struct node_timer *timers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tnd_wheel_disarm(&n->wheel, &timers[i].timer);
}
