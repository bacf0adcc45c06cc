#include "base/owner.h"
#include "base/waits.h"
#include "unit/dying.h"
#include "unit/test.h"

enum { COUNT = 2, RING = 5, EXPIRY = 6, OTHER = 7 };

static const struct tnd_wait *next(struct tnd_wheel *wheel, tnd_time now)
{
    struct tnd_wheel_timer *timer = tnd_wheel_next(wheel, now);

    return timer ? TND_OWNER(timer, struct tnd_wait, timer) : NULL;
}

TND_TEST(waits_by_id, "ARCHITECTURE §1",
         "each wait is known by its number, and moved when it is armed again")
{
    static struct tnd_wheel wheel;
    struct tnd_wait waits[COUNT] = {0};
    int owner;

    tnd_wheel_init(&wheel, 0);
    tnd_waits_init(waits, COUNT, &owner);
    tnd_waits_arm(&wheel, waits, COUNT, RING, 10);
    tnd_waits_arm(&wheel, waits, COUNT, EXPIRY, 20);
    tnd_waits_arm(&wheel, waits, COUNT, RING, 30);
    CHECK_EQ(next(&wheel, 100)->id, EXPIRY);
    const struct tnd_wait *last = next(&wheel, 100);
    CHECK_EQ(last->id, RING);
    CHECK(last->owner == &owner);
    CHECK(!next(&wheel, 100));
}

TND_TEST(waits_end, "ARCHITECTURE §1",
         "a wait that is not wanted any more does not come; a free place is used again")
{
    static struct tnd_wheel wheel;
    struct tnd_wait waits[COUNT] = {0};

    tnd_wheel_init(&wheel, 0);
    tnd_waits_arm(&wheel, waits, COUNT, RING, 10);
    tnd_waits_arm(&wheel, waits, COUNT, EXPIRY, 20);
    tnd_waits_disarm(&wheel, waits, COUNT, RING);
    tnd_waits_disarm(&wheel, waits, COUNT, OTHER);
    tnd_waits_arm(&wheel, waits, COUNT, OTHER, 30);
    CHECK_EQ(next(&wheel, 100)->id, EXPIRY);
    tnd_waits_stop(&wheel, waits, COUNT);
    CHECK(!next(&wheel, 100));
}

static void arm_too_many(void *ctx)
{
    struct tnd_wait *waits = ctx;
    static struct tnd_wheel wheel;

    tnd_wheel_init(&wheel, 0);
    tnd_waits_arm(&wheel, waits, COUNT, RING, 10);
    tnd_waits_arm(&wheel, waits, COUNT, EXPIRY, 10);
    tnd_waits_arm(&wheel, waits, COUNT, OTHER, 10);
}

TND_TEST(waits_have_room, "ARCHITECTURE §1", "nothing waits for more than it has timers")
{
    struct tnd_wait waits[COUNT] = {0};

    check_dies(arm_too_many, waits);
}
