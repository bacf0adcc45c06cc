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
    tnd_bytes16 digits_and_more = TND_WITHIN(b, '*', '9') & ~(TND_IS(b, ',') | TND_IS(b, '/'));

    return digits_and_more | TND_WITHIN(b | 0x20, 'a', 'z') | TND_IS(b, '_') | TND_IS(b, '~') |
           TND_IS(b, '!') | TND_IS(b, '\'');
}

struct sixteen {
    uint64_t mark, lf, cr;
};

static inline struct sixteen classify16(const char *bytes, struct gather *g)
{
    tnd_bytes16 b;

    memcpy(&b, bytes, sizeof(b));
    tnd_bytes16 lf = TND_IS(b, '\n'), cr = TND_IS(b, '\r');
    g->control |= (TND_WITHIN(b, 0, 31) ^ lf ^ cr ^ TND_IS(b, '\t')) | TND_IS(b, 127);
    g->bytes |= b;
    return (struct sixteen){tnd_bits16(~is_plain(b)), tnd_bits16(lf), tnd_bits16(cr)};
}

static inline struct block classify(const char *bytes, struct gather *g)
{
    struct sixteen a = classify16(bytes, g), b = classify16(bytes + 16, g);
    struct sixteen c = classify16(bytes + 32, g), d = classify16(bytes + 48, g);

    return (struct block){
        .mark = a.mark | b.mark << 16 | c.mark << 32 | d.mark << 48,
        .lf = a.lf | b.lf << 16 | c.lf << 32 | d.lf << 48,
        .cr = a.cr | b.cr << 16 | c.cr << 32 | d.cr << 48,
    };
}

/* How many bits are set; not every processor has an instruction for it. */
static inline size_t count_bits(uint64_t word)
{
    size_t count = 0;

    for (; word; word &= word - 1) /* a line end in a block, or two: rarely more */
        count++;
    return count;
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
