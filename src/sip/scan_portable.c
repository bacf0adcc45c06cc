/* The scan in the vector types of GNU C, 16 bytes at a time: SSE2 on x86-64, NEON on ARM,
 * plain words where there are no vectors. */
#include "sip/scan.h"

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

struct block {
    uint64_t mark, lf, cr;
};

struct gather {
    bytes16 control, bytes;
};

/* One bit for each byte of mask, which holds 0 or 255 in each. */
static inline uint64_t bits8(uint64_t mask)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    mask = __builtin_bswap64(mask);
#endif
    return ((mask & 0x8040201008040201) * 0x0101010101010101) >> 56;
}

static inline uint64_t bits16(bytes16 mask)
{
    words2 words = (words2)mask;

    return bits8(words[0]) | bits8(words[1]) << 8;
}

/* 255 where first <= byte <= last */
#define WITHIN(bytes, first, last) \
    ((bytes16)((bytes) - (first) <= (bytes16){0} + ((last) - (first))))

static inline bytes16 is_plain(bytes16 b)
{
    return WITHIN(b, '0', '9') | WITHIN(b | 0x20, 'a', 'z') | WITHIN(b, '*', '+') |
           WITHIN(b, '-', '.') | (bytes16)(b == '_') | (bytes16)(b == '~') | (bytes16)(b == '!') |
           (bytes16)(b == '\'');
}

static inline struct block classify(const char *bytes, struct gather *g)
{
    struct block block = {0};

    for (unsigned i = 0; i < TND_SCAN_BLOCK; i += 16) {
        bytes16 b;

        memcpy(&b, bytes + i, sizeof(b));
        bytes16 lf = (bytes16)(b == '\n'), cr = (bytes16)(b == '\r');
        block.mark |= bits16(~is_plain(b)) << i;
        block.lf |= bits16(lf) << i;
        block.cr |= bits16(cr) << i;
        g->control |= (WITHIN(b, 0, 31) & ~lf & ~cr & ~(bytes16)(b == '\t')) | (bytes16)(b == 127);
        g->bytes |= b;
    }
    return block;
}

static inline bool gathered_control(const struct gather *g)
{
    return bits16((bytes16)(g->control != 0)) != 0;
}

static inline bool gathered_beyond_ascii(const struct gather *g)
{
    return bits16((bytes16)(g->bytes > 127)) != 0;
}

#include "sip/scan_loop.h"

void tnd_scan_portable(struct tnd_slice text, struct tnd_scan *ret)
{
    scan(text, ret);
}
