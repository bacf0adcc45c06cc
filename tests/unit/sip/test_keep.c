/* Kept copies: all that was read of a message is there, and nothing leads back to where it came in. */
#include "unit/failing_mem.h"
#include "unit/sip/sip_test.h"

enum { ROOM = 1 << 18 };

static char text_room[ROOM], first_room[ROOM], kept_room[ROOM];

/* A copy of text, parsed, kept, and then overwritten with its index. */
static void keep(struct tnd_slice text, struct tnd_msg *ret, struct tnd_arena *a)
{
    struct tnd_arena first;
    struct tnd_msg msg;

    CHECK(text.len <= ROOM);
    memcpy(text_room, text.ptr, text.len);
    tnd_arena_init(&first, first_room, ROOM, NULL, 0);
    tnd_arena_init(a, kept_room, ROOM, NULL, 0);
    CHECK_EQ(tnd_msg_parse(&msg, &first, tnd_slice(text_room, text.len), TND_DATAGRAM), 0);
    CHECK_EQ(tnd_msg_keep(ret, a, &msg), 0);
    memset(text_room, '?', ROOM);
    memset(first_room, '?', ROOM);
}

TND_TEST(keep_samples, "RFC 3261 §7", "a kept message is the one that came, field for field")
{
    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        const struct tnd_msg *msg = sip_read(*s);
        struct tnd_msg kept;
        struct tnd_arena a;

        keep(*s, &kept, &a);
        CHECK(sip_same(msg, &kept));
        CHECK_EQ(tnd_msg_check(&kept, &a), 0);
        CHECK_EQ(kept.flaw_count, 0);
    }
}

TND_TEST(keep_what_was_read, "RFC 3261 §8.1.1",
         "what was read of a message goes along with its copy")
{
    struct tnd_slice elsewhere = TND_STR("elsewhere");
    struct tnd_msg kept;
    struct tnd_arena a;
    const struct tnd_msg *msg = sip_read(sip_samples[0]);

    CHECK(tnd_msg_keep(&kept, (tnd_arena_init(&a, kept_room, ROOM, NULL, 0), &a), msg) == 0);
    struct tnd_slice uri = tnd_slice_moved(msg->uri, msg, &kept);
    CHECK(uri.ptr != msg->uri.ptr);
    CHECK(tnd_slice_eq(uri, msg->uri));
    CHECK(tnd_slice_moved(elsewhere, msg, &kept).ptr == elsewhere.ptr);
    CHECK(!tnd_slice_moved(tnd_slice(NULL, 0), msg, &kept).ptr);
}

TND_TEST(keep_without_memory, "ARCHITECTURE §5", "without memory nothing is kept, and that is told")
{
    const struct tnd_msg *msg = sip_read(sip_samples[0]);
    struct tnd_msg kept;
    struct tnd_arena a;
    size_t size = 0;
    int err;

    do {
        tnd_arena_init(&a, kept_room, size, NULL, 0);
        err = tnd_msg_keep(&kept, &a, msg);
        CHECK(err == 0 || err == TND_ENOMEM);
        size += 16;
    } while (err);
    CHECK(size > msg->text.len);
}
