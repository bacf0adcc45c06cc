/* A command that asks the server. It may wait, but not for ever. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/control.h"

/* A descriptor, or -errno. */
static int connect_to(const char *path)
{
    static const struct timeval wait = {.tv_sec = TND_CONTROL_IDLE_SECONDS};
    struct sockaddr_un address;
    int directory, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    int err = tnd_control_address(path, &address, &directory);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    if (!err && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        err = errno;
    if (directory >= 0)
        close(directory);
    if (!err)
        return fd;
    close(fd);
    return -err;
}

/* 0, or an errno. */
static int send_all(int fd, struct tnd_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            bytes = tnd_slice(bytes.ptr + n, bytes.len - (size_t)n);
    }
    return 0;
}

/* Doubles the room when it is full. 0, or an errno; ret->ptr is to be freed in any case. */
static int read_all(int fd, struct tnd_slice *ret)
{
    size_t size = 0, len = 0;
    char *room = NULL;
    ssize_t n = 1;

    while (n != 0) {
        if (len == size) {
            size = size ? 2 * size : 1 << 16;
            char *more = size <= TND_CONTROL_ANSWER_MAX ? realloc(room, size) : NULL;
            if (!more) {
                *ret = tnd_slice(room, len);
                return ENOMEM;
            }
            room = more;
        }
        n = recv(fd, room + len, size - len, 0);
        if (n < 0 && errno != EINTR)
            break;
        len += n > 0 ? (size_t)n : 0;
    }
    *ret = tnd_slice(room, len);
    return n < 0 ? errno : 0;
}

int tnd_control_ask(const char *path, struct tnd_slice line, int *ret_error, struct tnd_slice *ret)
{
    struct tnd_slice answer = {0};
    int fd = connect_to(path);

    *ret_error = fd < 0 ? -fd : 0;
    if (fd < 0)
        return TND_ENONE;
    int err = send_all(fd, line);
    err = err ? err : send_all(fd, TND_STR("\n"));
    err = err ? err : read_all(fd, &answer);
    if (!err && answer.len == 0) /* it did not want us */
        err = ECONNRESET;
    close(fd);
    *ret_error = err;
    if (err) {
        free((char *)answer.ptr);
        return err == ENOMEM ? TND_ENOMEM : TND_ENONE;
    }
    *ret = answer;
    return 0;
}
