/* pcapng: whatever the blocks are, each is as long as it says, a frame lies within its own, and less of the
 * file is never more of a block. */
#include "fuzz/fuzz.h"

#include "trace/pcapng.h"

/* The same block, of which the file has less: it is waited for, or broken already. */
static void check_cut(const struct tnd_pcapng *before, struct tnd_slice block, size_t len)
{
    struct tnd_pcapng p = *before;
    struct tnd_frame frame;
    uint32_t interface;
    size_t used;
    char *copy = malloc(len + !len);

    memcpy(copy, block.ptr, len);
    enum tnd_pcapng_got got = tnd_pcapng_next(&p, tnd_slice(copy, len), &frame, &interface, &used);
    FUZZ_CHECK(got == TND_PCAPNG_MORE);
    FUZZ_CHECK(used == 0 || used == block.len);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tnd_pcapng p, before;
    struct tnd_slice left = tnd_slice((const char *)data, size);

    p = (struct tnd_pcapng){0};
    for (;;) {
        struct tnd_frame frame;
        uint32_t interface;
        size_t used;

        before = p;
        enum tnd_pcapng_got got = tnd_pcapng_next(&p, left, &frame, &interface, &used);
        if (got == TND_PCAPNG_MORE || got == TND_PCAPNG_BROKEN)
            return 0;
        FUZZ_CHECK(used >= 12 && used <= left.len);
        if (got == TND_PCAPNG_FRAME)
            FUZZ_CHECK(frame.bytes.ptr >= left.ptr &&
                       tnd_slice_end(frame.bytes) <= left.ptr + used);
        check_cut(&before, tnd_slice(left.ptr, used), used - 1);
        check_cut(&before, tnd_slice(left.ptr, used), used / 2);
        left = tnd_slice(left.ptr + used, left.len - used);
    }
}
