/* A descriptor, and the few bytes that were taken from it already. */
#include "cli/capture_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STREAM_ROOM = 1 << 16 };

static ssize_t read_some(int fd, char *room, size_t size)
{
    ssize_t len;

    do
        len = read(fd, room, size);
    while (len < 0 && errno == EINTR);
    return len;
}

bool capture_input_open(struct capture_input *in, const char *path)
{
    struct stat st;

    *in = (struct capture_input){.fd = STDIN_FILENO};
    if (strcmp(path, "-") != 0)
        in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return false;
    if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode))
        in->size = (uint64_t)st.st_size;
    while (in->head_len < CAPTURE_INPUT_HEAD_LEN) {
        ssize_t len =
            read_some(in->fd, in->head + in->head_len, CAPTURE_INPUT_HEAD_LEN - in->head_len);

        if (len < 0) {
            int failed = errno;

            capture_input_close(in);
            errno = failed;
            return false;
        }
        if (len == 0)
            break;
        in->head_len += (size_t)len;
    }
    return true;
}

void capture_input_close(struct capture_input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    in->fd = -1;
    free(in->room);
    in->room = NULL;
}

size_t capture_input_read(struct capture_input *in, char *room, size_t size)
{
    size_t head = in->head_len - in->head_at;

    if (head > 0) {
        head = head < size ? head : size;
        memcpy(room, in->head + in->head_at, head);
        in->head_at += head;
        in->given += head;
        return head;
    }
    ssize_t len = read_some(in->fd, room, size);
    if (len < 0)
        in->failed = errno;
    in->given += len > 0 ? (size_t)len : 0;
    return len > 0 ? (size_t)len : 0;
}

static ssize_t stream_read(void *cookie, char *room, size_t size)
{
    struct capture_input *in = cookie;
    size_t len = capture_input_read(in, room, size);

    errno = in->failed;
    return len == 0 && in->failed ? -1 : (ssize_t)len;
}

/* Where it is, and nothing else. */
static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    struct capture_input *in = cookie;

    if (whence != SEEK_CUR || *offset != 0)
        return -1;
    *offset = (off64_t)in->given;
    return 0;
}

FILE *capture_input_stream(struct capture_input *in)
{
    FILE *stream =
        fopencookie(in, "r", (cookie_io_functions_t){.read = stream_read, .seek = stream_seek});

    if (stream)
        in->room = malloc(STREAM_ROOM);
    if (stream &&
        in->room) /* without room of ours the library takes 8 KB, whatever size it is told */
        setvbuf(stream, in->room, _IOFBF, STREAM_ROOM);
    return stream;
}
