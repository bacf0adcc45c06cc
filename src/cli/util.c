/* Files, memory, messages to the person. */
#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/columns.h"

int cli_fail(const char *format, ...)
{
    char line[PATH_MAX + 256]; /* what is longer is cut off */
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    fputs("tandem: ", stderr);
    cli_put_text(stderr, tnd_slice_str(line));
    fputc('\n', stderr);
    return CLI_USAGE;
}

int cli_no_option(const char *command, char **argv)
{
    const char letter[] = {'-', (char)optopt, '\0'};
    bool is_long = optopt == 0 || optopt > 255;

    return cli_fail("%s: '%s' is no option ('tandem %s --help' has them)", command,
                    is_long ? argv[optind - 1] : letter, command);
}

bool cli_colour(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");

    /* https://no-color.org: set and not empty */
    return !(no_color && *no_color) && isatty(fileno(stream));
}

int cli_put_text(FILE *stream, struct tnd_slice text)
{
    struct tnd_glyph glyph;
    int width = 0;

    while (tnd_glyph_next(&text, &glyph)) {
        char room[4 * 4]; /* of a character of four bytes that is escaped */
        struct tnd_writer w = tnd_writer(room, sizeof(room));

        tnd_put_glyph(&w, &glyph);
        if (stream)
            fwrite(room, 1, w.len, stream);
        width += (int)glyph.width;
    }
    return width;
}

static int read_all(FILE *in, const char *path, size_t max, struct tnd_slice *ret)
{
    char *bytes = malloc(max + 1);

    if (!bytes)
        return cli_fail("%s: out of memory", path);
    size_t len = fread(bytes, 1, max + 1, in);
    if (ferror(in)) {
        free(bytes);
        return cli_fail("%s: %s", path, strerror(errno));
    }
    if (len > max) {
        free(bytes);
        return cli_fail("%s: longer than %zu bytes", path, max);
    }
    *ret = tnd_slice(bytes, len);
    return 0;
}

int cli_read_file(const char *path, size_t max, struct tnd_slice *ret)
{
    if (strcmp(path, "-") == 0)
        return read_all(stdin, "standard input", max, ret);
    FILE *in = fopen(path, "rb");
    if (!in)
        return cli_fail("%s: %s", path, strerror(errno));
    int err = read_all(in, path, max, ret);
    fclose(in);
    return err;
}

static void *mem_take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void mem_give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

const struct tnd_mem cli_mem = {mem_take, mem_give, NULL};
