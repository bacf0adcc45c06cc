/* The folder of a site. */
#include "cli/site_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "tandem/ref/explain.h"

/* Says that a folder is one of ours. */
#define MARK ".tandem-site"

enum { WALK_FD_COUNT = 16 };

static int fail(const struct site_folder *f, const char *what)
{
    return cli_fail("site: %s: %s", f->shown, what);
}

/* What lies at the top of a site. */
static bool is_ours(const char *name)
{
    static const char *const names[] = {".",         "..",        MARK,         "index.html",
                                        "style.css", "search.js", "sitemap.xml"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        if (strcmp(name, tnd_lang_code((enum tnd_lang)lang)) == 0)
            return true;
    return false;
}

/* Whether what is in place may go: a site, or an empty folder. */
static int check_content(const struct site_folder *f, DIR *dir)
{
    bool is_site = faccessat(dirfd(dir), MARK, F_OK, AT_SYMLINK_NOFOLLOW) == 0;

    for (struct dirent *entry; (entry = readdir(dir));) {
        bool is_dot = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;

        if (!is_site && !is_dot)
            return fail(f,
                        "holds something else than a site of tandem; give a new or empty folder");
        if (!is_ours(entry->d_name))
            return cli_fail(
                "site: %s: holds '%s', which is not of the site; move it elsewhere first", f->shown,
                entry->d_name);
    }
    return CLI_OK;
}

/* Such a folder cannot give its place to another. */
static bool is_mounted(const struct site_folder *f, DIR *dir)
{
    char above[PATH_MAX + 4];
    struct stat here, there;

    snprintf(above, sizeof(above), "%s/..", f->place);
    return fstat(dirfd(dir), &here) == 0 && stat(above, &there) == 0 && here.st_dev != there.st_dev;
}

static int check_place(const struct site_folder *f)
{
    DIR *dir = opendir(f->place);

    if (!dir)
        return errno == ENOENT ? CLI_OK : fail(f, strerror(errno));
    int status = check_content(f, dir);
    if (status == CLI_OK && is_mounted(f, dir))
        status = fail(f, "is where a file system is mounted; give a folder below it");
    closedir(dir);
    return status;
}

/* Without links, as far as it exists: a link to a folder stays, and its target is replaced. */
static int find_place(struct site_folder *f, const char *dir)
{
    char above[PATH_MAX], name[PATH_MAX], resolved[PATH_MAX];

    if (realpath(dir, f->place))
        return CLI_OK;
    if (errno != ENOENT)
        return fail(f, strerror(errno));
    strcpy(above, dir); /* shorter than PATH_MAX, else realpath() had said so */
    strcpy(name, dir);
    if (!realpath(dirname(above), resolved))
        return fail(f, strerror(errno));
    const char *last = basename(name);
    if (snprintf(f->place, PATH_MAX, "%s/%s", strcmp(resolved, "/") == 0 ? "" : resolved, last) >=
        PATH_MAX)
        return fail(f, strerror(ENAMETOOLONG));
    return CLI_OK;
}

static int make_folders(struct site_folder *f)
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        static const char *const below[] = {"", "/codes", "/compare"};

        for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
            char path[32];

            snprintf(path, sizeof(path), "%s%s", tnd_lang_code((enum tnd_lang)lang), below[i]);
            if (mkdirat(f->fd, path, 0777) != 0)
                return fail(f, strerror(errno));
        }
    }
    return site_folder_write(f, MARK,
                             TND_STR("Written by 'tandem site', which may replace all of it.\n"));
}

/* As any new folder is: mkdtemp() lets nobody else in. */
static void open_to_others(const struct site_folder *f)
{
    mode_t mask = umask(0);

    umask(mask);
    (void)!fchmod(f->fd, 0777 & ~mask);
}

int site_folder_open(struct site_folder *f, const char *dir)
{
    f->shown = dir;
    int status = find_place(f, dir);
    if (status == CLI_OK)
        status = check_place(f);
    if (status != CLI_OK)
        return status;
    if (snprintf(f->inside, PATH_MAX, "%s.XXXXXX", f->place) >= PATH_MAX)
        return fail(f, strerror(ENAMETOOLONG));
    if (!mkdtemp(f->inside))
        return fail(f, strerror(errno));
    f->fd = open(f->inside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    status = f->fd >= 0 ? CLI_OK : fail(f, strerror(errno));
    if (status == CLI_OK) {
        open_to_others(f);
        status = make_folders(f);
    }
    if (status != CLI_OK)
        site_folder_drop(f);
    return status;
}

static bool write_all(int fd, struct tnd_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            bytes = tnd_slice(bytes.ptr + n, bytes.len - (size_t)n);
    }
    return true;
}

int site_folder_write(struct site_folder *f, const char *path, struct tnd_slice bytes)
{
    int fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return fail(f, strerror(errno));
    bool done = write_all(fd, bytes);
    int error = errno;
    if (close(fd) != 0 && done) {
        done = false;
        error = errno;
    }
    return done ? CLI_OK : fail(f, strerror(error));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int remove_all(const char *path)
{
    return nftw(path, remove_one, WALK_FD_COUNT, FTW_DEPTH | FTW_PHYS);
}

void site_folder_drop(struct site_folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    remove_all(f->inside);
}

/* What is in place and the new one change places, so that there is always one. A file system that cannot
 * do that in one step does it in two. */
static int exchange(struct site_folder *f)
{
    char aside[PATH_MAX + 8];

    if (renameat2(AT_FDCWD, f->inside, AT_FDCWD, f->place, RENAME_EXCHANGE) == 0)
        return CLI_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return fail(f, strerror(errno));
    snprintf(aside, sizeof(aside), "%s.old", f->inside);
    if (rename(f->place, aside) != 0)
        return fail(f, strerror(errno));
    if (rename(f->inside, f->place) != 0) {
        int error = errno;

        (void)!rename(aside, f->place);
        return fail(f, strerror(error));
    }
    return rename(aside, f->inside) == 0 ? CLI_OK : fail(f, strerror(errno));
}

int site_folder_take(struct site_folder *f)
{
    bool is_new = rename(f->inside, f->place) == 0; /* an empty folder gives way by itself */
    int status = CLI_OK;

    if (!is_new && errno != ENOTEMPTY && errno != EEXIST)
        status = fail(f, strerror(errno));
    else if (!is_new)
        status = check_place(f); /* somebody may have put something there meanwhile */
    if (!is_new && status == CLI_OK)
        status = exchange(f);
    close(f->fd);
    if (!is_new && remove_all(f->inside) != 0 && status == CLI_OK)
        status = cli_fail("site: %s: written, but the old site is left in %s: %s", f->shown,
                          f->inside, strerror(errno));
    return status;
}
