/* Text as a terminal has it. No locale is asked: the table is the same everywhere, and so is what is drawn. */
#include "base/columns.h"

#include "base/columns_table.h"
#include "base/utf8.h"

enum { ESCAPE_WIDTH = 4 /* "\x1b" */ };

static uint32_t point_of(struct tnd_slice character)
{
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = (unsigned char)character.ptr[0] & first_bits[character.len];

    for (size_t i = 1; i < character.len; i++)
        point = point << 6 | ((unsigned char)character.ptr[i] & 0x3f);
    return point;
}

static bool is_among(const struct columns_range *range, size_t count, uint32_t point)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (range[middle].last < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && range[low].first <= point;
}

static unsigned width_of(uint32_t point)
{
    if (point < 0x300) /* the first that combines */
        return 1;
    if (is_among(columns_none, sizeof(columns_none) / sizeof(*columns_none), point))
        return 0;
    return 1 + is_among(columns_two, sizeof(columns_two) / sizeof(*columns_two), point);
}

/* Not what a terminal takes for a command (C0, DEL, C1), nor what changes the direction of the text around it
 * (Unicode UAX #9 §2), ends a line, or is not to be seen. */
static bool is_plain(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return false;
    return point != 0x61c && !(point >= 0x200b && point <= 0x200f) &&
           !(point >= 0x2028 && point <= 0x202e) && !(point >= 0x2060 && point <= 0x206f) &&
           point != 0xfeff && !(point >= 0xe0000 && point <= 0xe007f);
}

bool tnd_glyph_next(struct tnd_slice *text, struct tnd_glyph *ret)
{
    if (text->len == 0)
        return false;
    size_t len = tnd_utf8_len(*text);
    ret->bytes = tnd_slice(text->ptr, len > 0 ? len : 1);
    ret->point = len > 0 ? point_of(ret->bytes) : 0xfffd;
    ret->is_plain = len > 0 && is_plain(ret->point);
    ret->width = ret->is_plain ? width_of(ret->point) : ESCAPE_WIDTH * (unsigned)ret->bytes.len;
    *text = tnd_slice(text->ptr + ret->bytes.len, text->len - ret->bytes.len);
    return true;
}

void tnd_put_glyph(struct tnd_writer *w, const struct tnd_glyph *glyph)
{
    if (glyph->is_plain) {
        tnd_put(w, glyph->bytes);
        return;
    }
    for (size_t i = 0; i < glyph->bytes.len; i++) {
        tnd_put_str(w, "\\x");
        tnd_put_hex(w, &glyph->bytes.ptr[i], 1);
    }
}

void tnd_put_plain(struct tnd_writer *w, struct tnd_slice text)
{
    struct tnd_glyph glyph;

    while (tnd_glyph_next(&text, &glyph))
        tnd_put_glyph(w, &glyph);
}

unsigned tnd_columns_width(struct tnd_slice text)
{
    struct tnd_glyph glyph;
    unsigned width = 0;

    while (tnd_glyph_next(&text, &glyph))
        width += glyph.width;
    return width;
}

struct tnd_slice tnd_columns_cut(struct tnd_slice text, unsigned width)
{
    struct tnd_slice rest = text;
    struct tnd_glyph glyph;
    unsigned used = 0;
    size_t len = 0;

    while (tnd_glyph_next(&rest, &glyph) && used + glyph.width <= width) {
        used += glyph.width;
        len += glyph.bytes.len;
    }
    return tnd_slice(text.ptr, len);
}

static struct tnd_slice behind(struct tnd_slice text, size_t from)
{
    while (from < text.len && text.ptr[from] == ' ')
        from++;
    return tnd_slice(text.ptr + from, text.len - from);
}

/* Where the line that ends at that place is broken: at its last space, if there is one. A word that is wider
 * than a line is cut; of a line without a character of its own there is one all the same. */
static size_t break_of(struct tnd_slice text, size_t end)
{
    if (end == text.len || text.ptr[end] == ' ')
        return end;
    for (size_t at = end; at > 0; at--)
        if (text.ptr[at - 1] == ' ')
            return at - 1 > 0 ? at - 1 : end;
    return end;
}

bool tnd_columns_next(struct tnd_slice *text, unsigned width, struct tnd_slice *ret)
{
    struct tnd_slice rest = *text;
    struct tnd_glyph first;

    if (!tnd_glyph_next(&rest, &first))
        return false;
    size_t end = tnd_columns_cut(*text, width).len;
    end = break_of(*text, end > 0 ? end : first.bytes.len);
    *ret = tnd_slice(text->ptr, end);
    *text = behind(*text, end);
    return true;
}
