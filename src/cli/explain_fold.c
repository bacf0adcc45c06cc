/* Letters as a search compares them: small ones, without marks, each in one form. The pages of the reference
 * do the same (src/web/search.js). */
#include <string.h>

#include "base/columns.h"
#include "cli/explain.h"

enum { CYRILLIC_IE = 0x435, CYRILLIC_I = 0x438, NO_BREAK_SPACE = 0xa0 };

/* Letters with marks, capitals and small ones, and what is left of them; all that Vietnamese has. */
static const struct {
    uint16_t first, last;
    char base;
} marked[] = {
    {0xc0, 0xc5, 'a'},     {0xc8, 0xcb, 'e'},     {0xcc, 0xcf, 'i'},     {0xd2, 0xd6, 'o'},
    {0xd9, 0xdc, 'u'},     {0xdd, 0xdd, 'y'},     {0xe0, 0xe5, 'a'},     {0xe8, 0xeb, 'e'},
    {0xec, 0xef, 'i'},     {0xf2, 0xf6, 'o'},     {0xf9, 0xfc, 'u'},     {0xfd, 0xfd, 'y'},
    {0x102, 0x103, 'a'},   {0x110, 0x111, 'd'},   {0x128, 0x129, 'i'},   {0x168, 0x169, 'u'},
    {0x1a0, 0x1a1, 'o'},   {0x1af, 0x1b0, 'u'},   {0x1ea0, 0x1eb7, 'a'}, {0x1eb8, 0x1ec7, 'e'},
    {0x1ec8, 0x1ecb, 'i'}, {0x1ecc, 0x1ee3, 'o'}, {0x1ee4, 0x1ef1, 'u'}, {0x1ef2, 0x1ef9, 'y'},
};

static uint32_t small_cyrillic(uint32_t point)
{
    if (point >= 0x400 && point <= 0x40f)
        point += 0x50;
    else if (point >= 0x410 && point <= 0x42f)
        point += 0x20;
    if (point == 0x451) /* as most people write it, and as it is without its mark */
        return CYRILLIC_IE;
    return point == 0x439 ? (uint32_t)CYRILLIC_I : point;
}

static uint32_t folded(uint32_t point)
{
    if (point >= 'A' && point <= 'Z')
        return point + ('a' - 'A');
    if (point == NO_BREAK_SPACE)
        return ' ';
    for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
        if (point >= marked[i].first && point <= marked[i].last)
            return (uint32_t)marked[i].base;
    return small_cyrillic(point);
}

static bool is_mark(uint32_t point)
{
    return point >= 0x300 && point <= 0x36f;
}

/* The syllable of Hangul that two parts are (Unicode §3.12); 0: none. */
static uint32_t joined(uint32_t a, uint32_t b)
{
    if (a >= 0x1100 && a <= 0x1112 && b >= 0x1161 && b <= 0x1175)
        return 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28;
    if (a >= 0xac00 && a <= 0xd7a3 && (a - 0xac00) % 28 == 0 && b > 0x11a7 && b <= 0x11c2)
        return a + (b - 0x11a7);
    return 0;
}

/* In UTF-8; of the Basic Multilingual Plane. */
static size_t put_point(char *at, uint32_t point)
{
    if (point < 0x80) {
        at[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        at[0] = (char)(0xc0 | point >> 6);
        at[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    at[0] = (char)(0xe0 | point >> 12);
    at[1] = (char)(0x80 | (point >> 6 & 0x3f));
    at[2] = (char)(0x80 | (point & 0x3f));
    return 3;
}

void explain_fold(char *text)
{
    struct tnd_slice rest = tnd_slice_str(text);
    struct tnd_glyph glyph;
    char *end = text,
         *last_at = text; /* of what is done, which is never longer than what it was made of */
    uint32_t last = 0;

    while (tnd_glyph_next(&rest, &glyph)) {
        uint32_t point = folded(glyph.point), syllable = joined(last, point);

        if (is_mark(point))
            continue;
        if (syllable)
            end = last_at;
        last_at = end;
        last = syllable ? syllable : point;
        if (last != glyph.point) {
            end += put_point(end, last);
        } else {
            memmove(end, glyph.bytes.ptr, glyph.bytes.len);
            end += glyph.bytes.len;
        }
    }
    *end = '\0';
}
