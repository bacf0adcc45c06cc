/* Text laid out for a terminal; how wide it is says base/columns.h. */
#include "cli/columns.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/columns.h"
#include "cli/cli.h"

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_MIN = 20,
    WIDTH_MAX = 1000,
    GAP = 3, /* between two texts side by side */
};

int columns_width(struct tnd_slice text)
{
    return (int)tnd_columns_width(text);
}

bool columns_next(struct tnd_slice *text, int width, struct tnd_slice *ret)
{
    return tnd_columns_next(text, width > 0 ? (unsigned)width : 0, ret);
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
