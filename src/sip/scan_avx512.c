/* The scan with AVX-512: 64 bytes a load, each classified by one table look-up that takes
 * all seven bits of it (VBMI); every mask is there at once. */
#include "sip/scan.h"

#include <immintrin.h>

enum { MAKES_MARKS = 1 };

struct block {
    uint64_t mark, lf, cr;
};

struct gather {
    uint64_t control, beyond_ascii;
};

enum { PLAIN = 1, CONTROL = 2 };

#define CLASS(c)                                                                                \
    ((((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= 'a' && (c) <= 'z') || \
      (c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '!' || (c) == '*' ||       \
      (c) == '\'' || (c) == '+')                                                                \
         ? PLAIN                                                                                \
     : ((c) < 32 && (c) != '\t' && (c) != '\n' && (c) != '\r') || (c) == 127 ? CONTROL          \
                                                                             : 0)
#define CLASS_4(c)  CLASS(c), CLASS((c) + 1), CLASS((c) + 2), CLASS((c) + 3)
#define CLASS_16(c) CLASS_4(c), CLASS_4((c) + 4), CLASS_4((c) + 8), CLASS_4((c) + 12)
#define CLASS_64(c) CLASS_16(c), CLASS_16((c) + 16), CLASS_16((c) + 32), CLASS_16((c) + 48)

static const _Alignas(64) uint8_t class_of[128] = {CLASS_64(0), CLASS_64(64)};

static inline struct block classify(const char *bytes, struct gather *g)
{
    __m512i b = _mm512_loadu_si512(bytes);
    __m512i class =
        _mm512_permutex2var_epi8(_mm512_load_si512(class_of), b, _mm512_load_si512(class_of + 64));
    uint64_t high = _mm512_movepi8_mask(b); /* the look-up took such a byte for another */

    g->beyond_ascii |= high;
    g->control |= _mm512_test_epi8_mask(class, _mm512_set1_epi8(CONTROL)) & ~high;
    return (struct block){
        .mark = _mm512_testn_epi8_mask(class, _mm512_set1_epi8(PLAIN)) | high,
        .lf = _mm512_cmpeq_epi8_mask(b, _mm512_set1_epi8('\n')),
        .cr = _mm512_cmpeq_epi8_mask(b, _mm512_set1_epi8('\r')),
    };
}

static inline size_t count_bits(uint64_t word)
{
    return (size_t)__builtin_popcountll(word);
}

static inline bool gathered_control(const struct gather *g)
{
    return g->control != 0;
}

static inline bool gathered_beyond_ascii(const struct gather *g)
{
    return g->beyond_ascii != 0;
}

#include "sip/scan_loop.h"

void tnd_scan_avx512(struct tnd_slice text, struct tnd_scan *ret)
{
    scan(text, ret);
}
