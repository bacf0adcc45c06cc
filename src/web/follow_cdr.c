/* To a file: a line for each call that is over. Who moves the file away, as logrotate does, finds that a new one
 * is begun. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/cdr.h"
#include "web/follow_inside.h"

static const int64_t look_again = TND_SEC(1);

int follow_cdr_open(struct follow_cdr *cdr)
{
    int fd = open(cdr->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);

    if (fd < 0)
        return errno;
    if (cdr->fd >= 0)
        close(cdr->fd);
    cdr->fd = fd;
    return 0;
}

void follow_cdr_close(struct follow_cdr *cdr)
{
    tnd_live_free(&cdr->live);
    if (cdr->fd >= 0)
        close(cdr->fd);
    cdr->fd = -1;
    free(cdr->path);
    cdr->path = NULL;
}

static bool is_moved(const struct follow_cdr *cdr)
{
    struct stat there, ours;

    if (stat(cdr->path, &there) < 0)
        return errno == ENOENT;
    return fstat(cdr->fd, &ours) == 0 &&
           (there.st_ino != ours.st_ino || there.st_dev != ours.st_dev);
}

static void look_at_file(struct tnd_follow *f, int64_t now)
{
    if (now - f->cdr.looked < look_again && now >= f->cdr.looked)
        return;
    f->cdr.looked = now;
    if (f->cdr.failed > 0)
        follow_say(f, TND_SERVER_ERROR, "cdr: %s: %llu records could not be written", f->cdr.path,
                   (unsigned long long)f->cdr.failed);
    f->cdr.failed = 0;
    int err = is_moved(&f->cdr) ? follow_cdr_open(&f->cdr) : 0;
    if (err)
        follow_say(f, TND_SERVER_ERROR, "cdr: %s: %s", f->cdr.path, strerror(err));
}

/* In one piece, so that a line is whole whoever else writes there. A call that lasts is told once. */
void follow_cdr_over(void *ctx, const struct tnd_live_over *over)
{
    struct tnd_follow *f = ctx;
    json_t *record = over->call->method == TND_METHOD_INVITE ? tnd_cdr_json(over) : NULL;
    char *line = record ? json_dumps(record, JSON_COMPACT) : NULL;
    size_t len = line ? strlen(line) : 0;

    json_decref(record);
    if (over->call->method != TND_METHOD_INVITE)
        return;
    if (line)
        line[len++] = '\n'; /* in the place of its end */
    f->cdr.failed += !line || write(f->cdr.fd, line, len) != (ssize_t)len;
    free(line);
}

void follow_cdr_turn(struct tnd_follow *f, int64_t now)
{
    if (!f->cdr.path)
        return;
    look_at_file(f, now);
    tnd_live_catch_up(f->cdr.live, now);
}

void follow_cdr_end(struct tnd_follow *f, int64_t now)
{
    if (!f->cdr.path)
        return;
    tnd_live_catch_up(f->cdr.live, now);
    tnd_live_end(f->cdr.live);
}
