/* Logs: however a file is cut into pieces, the same messages are in it.
 *
 * The first byte is the length of the pieces. */
#include "fuzz/fuzz.h"

#include "tandem/sip/message.h"
#include "trace/log.h"
#include "unit/counted_mem.h"

enum { MESSAGE_COUNT_MAX = 256 };

struct heard {
    size_t count;
    struct tnd_traced message[MESSAGE_COUNT_MAX];
};

static void listen(struct tnd_log *log, struct heard *heard)
{
    struct tnd_traced traced;

    while (tnd_log_next(log, &traced)) {
        FUZZ_CHECK(traced.bytes.len > 0 && traced.bytes.len <= TND_MESSAGE_LEN_MAX);
        FUZZ_CHECK(traced.number > 0 && traced.number <= tnd_log_line_count(log));
        if (heard->count == MESSAGE_COUNT_MAX)
            continue;
        char *copy = malloc(traced.bytes.len);

        memcpy(copy, traced.bytes.ptr, traced.bytes.len);
        traced.bytes.ptr = copy;
        heard->message[heard->count++] = traced;
    }
}

static void hear(struct tnd_slice all, size_t step, struct heard *heard)
{
    struct tnd_log *log;

    heard->count = 0;
    FUZZ_CHECK(tnd_log_new(&counted_mem, &log) == 0);
    for (size_t at = 0; at < all.len; at += step) {
        size_t len = all.len - at < step ? all.len - at : step;
        char *piece = malloc(len);

        memcpy(piece, all.ptr + at, len);
        tnd_log_feed(log, tnd_slice(piece, len));
        listen(log, heard);
        free(piece);
    }
    tnd_log_end(log);
    listen(log, heard);
    tnd_log_free(&log);
    FUZZ_CHECK(counted_live == 0);
}

static bool is_same(const struct tnd_traced *a, const struct tnd_traced *b)
{
    return a->at == b->at && a->number == b->number && a->is_cut == b->is_cut &&
           tnd_endpoint_eq(&a->from, &b->from) && tnd_endpoint_eq(&a->to, &b->to) &&
           tnd_slice_eq(a->bytes, b->bytes);
}

static void forget(struct heard *heard)
{
    for (size_t i = 0; i < heard->count; i++)
        free((char *)heard->message[i].bytes.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct heard whole, pieces;

    if (size == 0)
        return 0;
    struct tnd_slice all = tnd_slice((const char *)data + 1, size - 1);
    hear(all, all.len + 1, &whole);
    hear(all, data[0] + 1u, &pieces);
    FUZZ_CHECK(whole.count == pieces.count);
    for (size_t i = 0; i < whole.count; i++)
        FUZZ_CHECK(is_same(&whole.message[i], &pieces.message[i]));
    forget(&whole);
    forget(&pieces);
    return 0;
}
