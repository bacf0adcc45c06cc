/* The scan with what every processor of a kind has, 16 bytes at a time: see vector.h. */
#include "sip/scan.h"

#include "base/vector.h"

struct block {
    uint64_t mark, lf, cr;
};

struct gather {
    tnd_bytes16 control, bytes;
};

static inline tnd_bytes16 is_plain(tnd_bytes16 b)
{
    return TND_WITHIN(b, '0', '9') | TND_WITHIN(b | 0x20, 'a', 'z') | TND_WITHIN(b, '*', '+') |
           TND_WITHIN(b, '-', '.') | TND_IS(b, '_') | TND_IS(b, '~') | TND_IS(b, '!') |
           TND_IS(b, '\'');
}

static inline struct block classify(const char *bytes, struct gather *g)
{
    struct block block = {0};

    for (unsigned i = 0; i < TND_SCAN_BLOCK; i += 16) {
        tnd_bytes16 b;

        memcpy(&b, bytes + i, sizeof(b));
        tnd_bytes16 lf = TND_IS(b, '\n'), cr = TND_IS(b, '\r');
        block.mark |= tnd_bits16(~is_plain(b)) << i;
        block.lf |= tnd_bits16(lf) << i;
        block.cr |= tnd_bits16(cr) << i;
        g->control |= (TND_WITHIN(b, 0, 31) & ~lf & ~cr & ~TND_IS(b, '\t')) | TND_IS(b, 127);
        g->bytes |= b;
    }
    return block;
}

static inline bool gathered_control(const struct gather *g)
{
    return tnd_bits16((tnd_bytes16)(g->control != 0)) != 0;
}

static inline bool gathered_beyond_ascii(const struct gather *g)
{
    return tnd_bits16((tnd_bytes16)(g->bytes > 127)) != 0;
}

#include "sip/scan_loop.h"

void tnd_scan_portable(struct tnd_slice text, struct tnd_scan *ret)
{
    scan(text, ret);
}
