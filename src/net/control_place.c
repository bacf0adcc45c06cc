/* Where a control socket is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/control.h"

/* An address has 108 bytes, a path up to 4096: a longer one is reached through its directory. */
int tnd_control_address(const char *path, struct sockaddr_un *ret, int *ret_fd)
{
    char directory[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;

    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    *ret_fd = -1;
    if (strlen(path) < sizeof(ret->sun_path)) {
        memcpy(ret->sun_path, path, strlen(path) + 1);
        return 0;
    }
    if (!slash || len >= sizeof(directory) || strlen(slash) > 64)
        return ENAMETOOLONG;
    memcpy(directory, path, len);
    directory[len] = '\0';
    *ret_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*ret_fd < 0)
        return errno;
    snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d%s", *ret_fd, slash);
    return 0;
}

int tnd_control_probe(const char *path)
{
    struct sockaddr_un address;
    int directory, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int err = fd < 0 ? errno : 0;

    if (err)
        return err;
    err = tnd_control_address(path, &address, &directory);
    if (!err && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EAGAIN)
        err = errno; /* EAGAIN: so many wait that somebody must be there */
    if (directory >= 0)
        close(directory);
    close(fd);
    return err;
}
