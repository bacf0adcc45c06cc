/* Wrapping text. How wide a character is, is asked of libc, in the locale C.UTF-8 that it brings along: the
 * text is UTF-8 whatever the user's locale is. */
#include "cli/columns.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"
#include "cli/cli.h"

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_MIN = 20,
    WIDTH_MAX = 1000,
    GAP = 3, /* between two texts side by side */
};

/* The bytes of one character, and what it is; of what is no UTF-8 one byte. */
static size_t character(struct tnd_slice text, wchar_t *ret)
{
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t len = tnd_utf8_len(text);

    if (len == 0) {
        *ret = 0xfffd;
        return 1;
    }
    unsigned point = (unsigned char)text.ptr[0] & first_bits[len];
    for (size_t i = 1; i < len; i++)
        point = point << 6 | ((unsigned char)text.ptr[i] & 0x3f);
    *ret = (wchar_t)point;
    return len;
}

static int width_of(wchar_t c)
{
    static locale_t utf8;

    if (c < 0x80)
        return 1;
    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    int width = wcwidth(c);
    if (utf8)
        uselocale(before);
    return width < 0 ? 1 : width;
}

int columns_width(struct tnd_slice text)
{
    int width = 0;

    for (size_t i = 0; i < text.len;) {
        wchar_t c;

        i += character(tnd_slice(text.ptr + i, text.len - i), &c);
        width += width_of(c);
    }
    return width;
}

static struct tnd_slice behind(struct tnd_slice text, size_t from)
{
    while (from < text.len && text.ptr[from] == ' ')
        from++;
    return tnd_slice(text.ptr + from, text.len - from);
}

bool columns_next(struct tnd_slice *text, int width, struct tnd_slice *ret)
{
    size_t at = 0, space = 0;
    int taken = 0;

    if (text->len == 0)
        return false;
    while (at < text->len) {
        wchar_t c;
        size_t len = character(tnd_slice(text->ptr + at, text->len - at), &c);

        if (c == ' ')
            space = at;
        if (taken + width_of(c) > width && at > 0)
            break;
        taken += width_of(c);
        at += len;
    }
    if (at < text->len && space > 0) /* a word that is wider than a line is cut */
        at = space;
    *ret = tnd_slice(text->ptr, at);
    *text = behind(*text, at);
    return true;
}

void columns_put(FILE *out, struct tnd_slice text, int width, int indent, const char *mark)
{
    struct tnd_slice line;
    int before = indent - columns_width(tnd_slice_str(mark));

    while (columns_next(&text, width - indent, &line)) {
        fprintf(out, "%*s%s", before < 0 ? 0 : before, "", mark);
        cli_put_text(out, line);
        fputc('\n', out);
        before = indent;
        mark = "";
    }
}

void columns_put_both(FILE *out, struct tnd_slice left, struct tnd_slice right, int width,
                      int indent)
{
    int half = (width - GAP) / 2 - indent;

    for (;;) {
        struct tnd_slice of_left = TND_STR(""), of_right = TND_STR("");
        bool more = columns_next(&left, half, &of_left);

        more |= columns_next(&right, half, &of_right);
        if (!more)
            return;
        fprintf(out, "%*s", indent, "");
        cli_put_text(out, of_left);
        if (of_right.len > 0)
            fprintf(out, "%*s", half - columns_width(of_left) + GAP + indent, "");
        cli_put_text(out, of_right);
        fputc('\n', out);
    }
}

int columns_of(FILE *out)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};
    int width = columns ? atoi(columns) : 0;

    if (width <= 0 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        return WIDTH_DEFAULT;
    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}
