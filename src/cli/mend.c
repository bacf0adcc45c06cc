/* Mending: what an editor or a log did to a message, undone. */
#include "cli/mend.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes the next line off *rest, without its line end. */
static struct tnd_slice take_line(struct tnd_slice *rest)
{
    const char *lf = memchr(rest->ptr, '\n', rest->len);
    const char *end = lf ? lf : tnd_slice_end(*rest);
    struct tnd_slice line = tnd_slice_between(rest->ptr, end);

    *rest = tnd_slice_between(lf ? lf + 1 : end, tnd_slice_end(*rest));
    while (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

unsigned mend_mark(struct tnd_slice bytes)
{
    return bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

unsigned mend_indentation(struct tnd_slice line, unsigned max)
{
    unsigned count = 0;

    while (count < line.len && count < max && is_blank(line.ptr[count]))
        count++;
    return count;
}

static bool is_empty(struct tnd_slice line)
{
    return mend_indentation(line, (unsigned)line.len) == line.len;
}

int mend(struct tnd_slice bytes, struct mended *ret)
{
    size_t room = bytes.len * 2 + 4; /* each LF may become CRLF, and an empty line be added */
    char *text = malloc(room);
    struct tnd_writer w = tnd_writer(text, room);
    struct mended mended = {.lines = 0};
    bool has_end = false;

    if (!text)
        return TND_ENOMEM;
    unsigned mark = mend_mark(bytes);
    bytes = tnd_slice(bytes.ptr + mark, bytes.len - mark);
    while (bytes.len > 0) {
        struct tnd_slice line = take_line(&bytes);

        if (w.len == 0 && is_empty(line)) {
            mended.lines++;
            continue;
        }
        if (w.len == 0)
            mended.columns = mend_indentation(line, (unsigned)line.len);
        unsigned columns = mend_indentation(line, mended.columns);
        tnd_put(&w, tnd_slice(line.ptr + columns, line.len - columns));
        tnd_put(&w, TND_STR("\r\n"));
        has_end |= columns == line.len;
    }
    if (!has_end && w.len > 0) /* of nothing, nothing is made */
        tnd_put(&w, TND_STR("\r\n"));
    mended.text = tnd_writer_slice(&w);
    *ret = mended;
    return 0;
}
