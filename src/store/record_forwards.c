/* The record of the forwards of a user:
 *
 *     version, how many, and of each: when and mode in one number, until, after, uri
 */
#include "base/assert.h"
#include "store/record.h"

enum { MODE_SHIFT = 2 };
_Static_assert(TND_FORWARD_WHEN_COUNT <= 1 << MODE_SHIFT, "when stands below mode");

static void put_forward(struct tnd_writer *w, const struct tnd_forward *f)
{
    TND_ASSERT(f->until >= 0 && f->when < TND_FORWARD_WHEN_COUNT && f->mode <= TND_FORWARD_PROXY);
    TND_ASSERT(f->uri.len > 0 && f->uri.len <= TND_FORWARD_LEN_MAX);
    tnd_record_put_number(w, (uint64_t)(f->when | f->mode << MODE_SHIFT));
    tnd_record_put_number(w, (uint64_t)f->until);
    tnd_record_put_number(w, f->after);
    tnd_record_put_text(w, f->uri);
}

void tnd_forwards_record_write(struct tnd_writer *w, const struct tnd_forward *forwards,
                               size_t count)
{
    TND_ASSERT(count <= TND_FORWARD_COUNT_MAX);
    tnd_record_put_number(w, RECORD_VERSION);
    tnd_record_put_number(w, count);
    for (size_t i = 0; i < count; i++)
        put_forward(w, &forwards[i]);
}

static void read_forward(struct tnd_record *r, struct tnd_forward *ret)
{
    uint64_t kind =
        tnd_record_number(r, TND_FORWARD_PROXY << MODE_SHIFT | (TND_FORWARD_WHEN_COUNT - 1));

    ret->when = kind & ((1 << MODE_SHIFT) - 1);
    ret->mode = (uint8_t)(kind >> MODE_SHIFT);
    ret->until = (int64_t)tnd_record_number(r, INT64_MAX);
    ret->after = (uint32_t)tnd_record_number(r, UINT32_MAX);
    ret->uri = tnd_record_text(r);
    r->bad |= ret->uri.len == 0 || ret->uri.len > TND_FORWARD_LEN_MAX;
}

int tnd_forwards_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_forward **ret,
                             size_t *ret_count)
{
    struct tnd_record r = tnd_record_open(record, RECORD_VERSION);
    size_t count = tnd_record_number(&r, TND_FORWARD_COUNT_MAX);
    struct tnd_forward *forwards = tnd_arena_zero(a, count, sizeof(*forwards));

    if (!forwards)
        return TND_ENOMEM;
    for (size_t i = 0; i < count && !r.bad; i++)
        read_forward(&r, &forwards[i]);
    if (tnd_record_close(&r))
        return TND_ESYNTAX;
    *ret = forwards;
    *ret_count = count;
    return 0;
}
