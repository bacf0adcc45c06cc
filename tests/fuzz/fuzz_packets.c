/* Frames of a capture: whatever they are, nothing is read behind their end, what is told lies within the bounds,
 * and the memory comes back.
 *
 * Each frame is behind four bytes: its link, how much later it came, and its length. What of it the capture has cut
 * off is in the upper bits of the link. */
#include "fuzz/fuzz.h"

#include "tandem/sip/message.h"
#include "trace/tap.h"
#include "unit/counted_mem.h"

enum { HEAD_SIZE = 4 };

/* Everything of it is read. */
static void check(const struct tnd_traced *traced)
{
    volatile char sum = 0;

    FUZZ_CHECK(traced->bytes.len > 0);
    FUZZ_CHECK(traced->from.family != TND_FAMILY_NONE && traced->to.family != TND_FAMILY_NONE);
    FUZZ_CHECK(traced->from.transport == TND_TRANSPORT_UDP ||
               traced->bytes.len <= 2 * TND_MESSAGE_LEN_MAX);
    for (size_t i = 0; i < traced->bytes.len; i++)
        sum = (char)(sum + traced->bytes.ptr[i]);
}

static void listen(struct tnd_tap *tap)
{
    struct tnd_traced traced;

    while (tnd_tap_next(tap, &traced))
        check(&traced);
}

/* In memory of its own, which is gone when it was read. */
static void feed(struct tnd_tap *tap, struct tnd_frame *frame, const uint8_t *bytes, size_t len)
{
    char *copy = malloc(len + !len);

    if (len > 0)
        memcpy(copy, bytes, len);
    frame->bytes = tnd_slice(copy, len);
    tnd_tap_feed(tap, frame);
    listen(tap);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tnd_siphash_key secret = {1, 2};
    struct tnd_frame frame = {0};
    struct tnd_tap *tap;

    FUZZ_CHECK(tnd_tap_new(&counted_mem, &secret, &tap) == 0);
    while (size >= HEAD_SIZE) {
        size_t len = (size_t)data[2] << 8 | data[3];

        if (len > size - HEAD_SIZE)
            len = size - HEAD_SIZE;
        frame.link = (enum tnd_link)(data[0] % (TND_LINK_LOOPBACK + 1));
        frame.on_wire = len + (data[0] >> 4) * 16u;
        frame.at += TND_MS(10) * (int8_t)data[1];
        frame.number++;
        feed(tap, &frame, data + HEAD_SIZE, len);
        data += HEAD_SIZE + len;
        size -= HEAD_SIZE + len;
    }
    tnd_tap_end(tap);
    listen(tap);
    tnd_tap_free(&tap);
    FUZZ_CHECK(counted_live == 0);
    return 0;
}
