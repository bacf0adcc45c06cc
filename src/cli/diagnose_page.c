/* tandem diagnose --html: calls go into a nameless file while they come, since what the page begins with is known
 * at the end only. Then the page is written beside its place, and takes it when it is whole. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/diagnose.h"
#include "web/moment.h"

struct piece {
    struct diagnose *d;
    const struct tnd_diag_call *call;
    const struct tnd_ladder *ladder;
    const char *when;
};

static int fail(const struct diagnose *d, int error)
{
    return cli_fail("diagnose: %s: %s", d->page.path, strerror(error));
}

int diagnose_page_open(struct diagnose *d)
{
    struct stat about;

    if (!d->page.path)
        return CLI_OK;
    if (stat(d->page.path, &about) == 0 && !S_ISREG(about.st_mode))
        return cli_fail("diagnose: %s: no file; give one that the page may take the place of",
                        d->page.path);
    d->page.calls = tmpfile();
    return d->page.calls ? CLI_OK : cli_fail("diagnose: a file for the page: %s", strerror(errno));
}

static void write_call(struct tnd_writer *w, void *ctx)
{
    const struct piece *p = ctx;

    tnd_call_page_put(w, p->d->lang, p->call, p->ladder, p->when);
}

void diagnose_page_put(struct diagnose *d, const struct tnd_diag_call *call)
{
    char when[MOMENT_SIZE];
    struct tnd_ladder ladder;
    struct piece p = {d, call, &ladder, moment_write(when, call->began / TND_SEC(1), true)};

    if (!d->page.calls)
        return;
    if (d->page.shown == DIAGNOSE_PAGE_CALLS_MAX) {
        d->page.left_out++;
        return;
    }
    d->page.shown++;
    if (!diagnose_ladder(d, call, &ladder)) {
        d->is_broken = true;
        return;
    }
    struct tnd_slice section = diagnose_fill(&d->room, write_call, &p);
    if (section.ptr)
        fwrite(section.ptr, 1, section.len, d->page.calls);
    else
        d->is_broken = true;
}

/* "tandem diagnose: call.pcap, log.txt" */
static void put_title(struct tnd_writer *w, const struct diagnose *d)
{
    tnd_put_str(w, "tandem diagnose:");
    for (size_t i = 0; d->files[i]; i++) {
        tnd_put_str(w, i > 0 ? ", " : " ");
        tnd_put_str(w, d->files[i]);
    }
    if (d->interface) {
        tnd_put_char(w, ' ');
        tnd_put_str(w, d->interface);
    }
}

static void write_begin(struct tnd_writer *w, void *ctx)
{
    const struct diagnose *d = ctx;
    char title[1024];
    struct tnd_writer t = tnd_writer(title, sizeof(title));

    put_title(&t, d);
    tnd_call_page_begin(w, d->lang,
                        tnd_writer_over(&t) ? TND_STR("tandem diagnose") : tnd_writer_slice(&t),
                        &d->sum, d->page.left_out);
}

static void write_end(struct tnd_writer *w, void *ctx)
{
    const struct diagnose *d = ctx;

    tnd_call_page_end(w, d->lang);
}

static bool copy(FILE *from, FILE *to)
{
    char bytes[1 << 16];

    rewind(from);
    for (size_t n; (n = fread(bytes, 1, sizeof(bytes), from)) > 0;)
        if (fwrite(bytes, 1, n, to) != n)
            return false;
    return !ferror(from);
}

static bool put_piece(struct diagnose *d, diagnose_writes *writes, FILE *to)
{
    struct tnd_slice piece = diagnose_fill(&d->room, writes, d);

    return piece.ptr && fwrite(piece.ptr, 1, piece.len, to) == piece.len;
}

/* As any new file is: mkstemp() lets nobody else in. */
static void open_to_others(int fd)
{
    mode_t mask = umask(0);

    umask(mask);
    (void)!fchmod(fd, 0666 & ~mask);
}

/* Into fd, which is closed. 0 or errno. */
static int write_page(struct diagnose *d, int fd)
{
    FILE *to = fdopen(fd, "w");

    if (!to) {
        close(fd);
        return errno;
    }
    open_to_others(fd);
    errno = 0;
    bool done = fflush(d->page.calls) == 0 && !ferror(d->page.calls) &&
                put_piece(d, write_begin, to) && copy(d->page.calls, to) &&
                put_piece(d, write_end, to);
    int error = done ? 0 : errno ? errno : ENOMEM;
    return fclose(to) != 0 && done ? errno : error;
}

int diagnose_page_end(struct diagnose *d)
{
    char beside[PATH_MAX];

    if (!d->page.path)
        return CLI_OK;
    if (snprintf(beside, sizeof(beside), "%s.XXXXXX", d->page.path) >= (int)sizeof(beside))
        return fail(d, ENAMETOOLONG);
    int fd = mkstemp(beside);
    int error = fd < 0 ? errno : write_page(d, fd);
    if (error == 0 && rename(beside, d->page.path) != 0)
        error = errno;
    if (error && fd >= 0)
        unlink(beside);
    diagnose_page_drop(d);
    return error ? fail(d, error) : CLI_OK;
}

void diagnose_page_drop(struct diagnose *d)
{
    if (d->page.calls)
        fclose(d->page.calls);
    d->page.calls = NULL;
}
