/* The scan with AVX2: two loads of 32 bytes, each byte classified by two table look-ups in
 * registers, one for each half of it. */
#include "sip/scan.h"

#include <immintrin.h>

enum { MAKES_MARKS = 1 };

struct block {
    uint64_t mark, lf, cr;
};

struct gather {
    __m256i control, bytes;
};

/* Classes of a byte, as bits that its two halves must share. For the upper halves 2 to 7
 * the plain characters are a set of lower halves, PLAIN_n; then the control characters. */
enum {
    PLAIN_2 = 1,  /* ! ' * + - . */
    PLAIN_3 = 2,  /* 0 to 9 */
    PLAIN_46 = 4, /* letters but P to Z: all but the first, @ or ` */
    PLAIN_5 = 8,  /* P to Z _ */
    PLAIN_7 = 16, /* p to z ~ */
    CONTROL_0 = 32,
    CONTROL_1 = 64,
    CONTROL_7 = 128, /* DEL */
    PLAIN = PLAIN_2 | PLAIN_3 | PLAIN_46 | PLAIN_5 | PLAIN_7,
};

#define LOWER(n)                                                                                  \
    ((char)((((n) == 1 || (n) == 7 || (n) == 10 || (n) == 11 || (n) == 13 || (n) == 14) ? PLAIN_2 \
                                                                                        : 0) |    \
            ((n) <= 9 ? PLAIN_3 : 0) | ((n) >= 1 ? PLAIN_46 : 0) |                                \
            ((n) <= 10 || (n) == 15 ? PLAIN_5 : 0) | ((n) <= 10 || (n) == 14 ? PLAIN_7 : 0) |     \
            ((n) != 9 && (n) != 10 && (n) != 13 ? CONTROL_0 : 0) | CONTROL_1 |                    \
            ((n) == 15 ? CONTROL_7 : 0)))

#define BOTH_LANES(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

static inline __m256i classes(__m256i bytes)
{
    const __m256i lower = BOTH_LANES(LOWER(0), LOWER(1), LOWER(2), LOWER(3), LOWER(4), LOWER(5),
                                     LOWER(6), LOWER(7), LOWER(8), LOWER(9), LOWER(10), LOWER(11),
                                     LOWER(12), LOWER(13), LOWER(14), LOWER(15));
    const __m256i upper = BOTH_LANES(CONTROL_0, CONTROL_1, PLAIN_2, PLAIN_3, PLAIN_46, PLAIN_5,
                                     PLAIN_46, (char)(PLAIN_7 | CONTROL_7), 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i half = _mm256_set1_epi8(15);

    /* a byte above 127 picks a zero of upper, so its lower half does not matter */
    return _mm256_and_si256(
        _mm256_shuffle_epi8(lower, _mm256_and_si256(bytes, half)),
        _mm256_shuffle_epi8(upper, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

static inline uint64_t bits(__m256i mask)
{
    return (uint32_t)_mm256_movemask_epi8(mask);
}

static inline uint64_t where(__m256i a, __m256i b, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);

    return bits(_mm256_cmpeq_epi8(a, wanted)) | bits(_mm256_cmpeq_epi8(b, wanted)) << 32;
}

static inline struct block classify(const char *bytes, struct gather *g)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    __m256i class_a = classes(a), class_b = classes(b);
    const __m256i plain = _mm256_set1_epi8(PLAIN);

    g->control = _mm256_or_si256(g->control, _mm256_or_si256(class_a, class_b));
    g->bytes = _mm256_or_si256(g->bytes, _mm256_or_si256(a, b));
    return (struct block){
        .mark = where(_mm256_and_si256(class_a, plain), _mm256_and_si256(class_b, plain), 0),
        .lf = where(a, b, '\n'),
        .cr = where(a, b, '\r'),
    };
}

static inline size_t count_bits(uint64_t word)
{
    return (size_t)__builtin_popcountll(word);
}

static inline bool gathered_control(const struct gather *g)
{
    return !_mm256_testz_si256(g->control,
                               _mm256_set1_epi8((char)(CONTROL_0 | CONTROL_1 | CONTROL_7)));
}

static inline bool gathered_beyond_ascii(const struct gather *g)
{
    return bits(g->bytes) != 0;
}

#include "sip/scan_loop.h"

void tnd_scan_avx2(struct tnd_slice text, struct tnd_scan *ret)
{
    scan(text, ret);
}
