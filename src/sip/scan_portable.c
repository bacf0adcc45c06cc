/* The scan with what every processor of a kind has, 16 bytes at a time: see vector.h. It
 * finds line ends, and leaves the marks to those who ask for some. */
#include "sip/scan.h"

#include "base/vector.h"

enum { MAKES_MARKS = 0 };

struct block {
    uint64_t mark, lf, cr;
};

struct gather {
    tnd_bytes16 control, bytes;
};

struct sixteen {
    uint64_t lf, cr, strange; /* strange: control characters with those two, beyond ASCII */
};

static inline tnd_bytes16 load16(const char *bytes)
{
    tnd_bytes16 b;

    memcpy(&b, bytes, sizeof(b));
    return b;
}

static inline struct sixteen classify16(const char *bytes)
{
    tnd_bytes16 b = load16(bytes);
    /* one more, and what is below 33 is strange: DEL and all beyond have become negative */
    tnd_bytes16 strange = (tnd_bytes16)((tnd_signed16)(b + 1) < (tnd_signed16){0} + 33);

    return (struct sixteen){tnd_bits16(TND_IS(b, '\n')), tnd_bits16(TND_IS(b, '\r')),
                            tnd_bits16(strange)};
}

/* A block with more than line ends in it: what is it? */
static void gather_strange(const char *bytes, struct gather *g)
{
    for (unsigned i = 0; i < TND_SCAN_BLOCK; i += 16) {
        tnd_bytes16 b = load16(bytes + i);

        g->control |=
            (TND_WITHIN(b, 0, 31) & ~TND_WITHIN(b, '\t', '\n') & ~TND_IS(b, '\r')) | TND_IS(b, 127);
        g->bytes |= b;
    }
}

static inline struct block classify(const char *bytes, struct gather *g)
{
    struct sixteen a = classify16(bytes), b = classify16(bytes + 16);
    struct sixteen c = classify16(bytes + 32), d = classify16(bytes + 48);
    struct block ret = {
        .lf = a.lf | b.lf << 16 | c.lf << 32 | d.lf << 48,
        .cr = a.cr | b.cr << 16 | c.cr << 32 | d.cr << 48,
    };
    uint64_t strange = a.strange | b.strange << 16 | c.strange << 32 | d.strange << 48;

    if (__builtin_expect(strange != (ret.lf | ret.cr), 0))
        gather_strange(bytes, g);
    return ret;
}

/* How many bits are set; not every processor has an instruction for it. */
static inline size_t count_bits(uint64_t word)
{
    const uint64_t twos = 0x3333333333333333, fours = 0x0f0f0f0f0f0f0f0f;

    word -= word >> 1 & 0x5555555555555555;
    word = (word & twos) + (word >> 2 & twos);
    return ((word + (word >> 4)) & fours) * 0x0101010101010101 >> 56;
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

static inline uint64_t marks16(const char *bytes)
{
    tnd_bytes16 b = load16(bytes);
    tnd_bytes16 digits_and_more = TND_WITHIN(b, '*', '9') & ~(TND_IS(b, ',') | TND_IS(b, '/'));

    return tnd_bits16(~(digits_and_more | TND_WITHIN(b | 0x20, 'a', 'z') | TND_IS(b, '_') |
                        TND_IS(b, '~') | TND_IS(b, '!') | TND_IS(b, '\'')));
}

/* Not inline: link-time optimisation would put it where readers have marks. */
__attribute__((noinline)) uint64_t tnd_marks_at(const char *p, const char *limit)
{
    char tail[TND_SCAN_BLOCK] = {0};

    if (__builtin_expect(limit - p < TND_SCAN_BLOCK, 0))
        p = memcpy(tail, p, (size_t)(limit - p));
    return marks16(p) | marks16(p + 16) << 16 | marks16(p + 32) << 32 | marks16(p + 48) << 48;
}
