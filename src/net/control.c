/* The server's side of the control socket. */
#include "net/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/clock.h"

enum {
    FILE_MODE = 0600,
    LOCK_TRIES = 2000, /* with a millisecond between them */
    LISTENER = TND_CONTROL_CLIENT_COUNT_MAX,
};

enum state {
    FREE,
    READING, /* its line */
    ASKING,  /* the line is whole, and waits for its turn, or for the answer */
    WRITING, /* the answer */
};

struct client {
    enum state state;
    int fd;
    tnd_time due;    /* of READING and WRITING: it is closed then */
    uint64_t number; /* the order in which their lines were whole */
    size_t len;      /* of the line, without its end */
    char *answer;
    size_t answer_len, sent;
    char line[TND_CONTROL_LINE_MAX];
};

struct tnd_control {
    int epoll, listener;
    struct stat file;
    size_t count;          /* of clients */
    uint64_t lines;        /* that were ever whole */
    struct client *asking; /* whose line was given out; NULL: it has gone, or there is none */
    bool is_asked;         /* a line was given out, and not answered yet */
    bool is_deaf;          /* whoever comes waits: there are enough, or no descriptor is left */
    tnd_time deaf_until;
    struct client clients[TND_CONTROL_CLIENT_COUNT_MAX];
    char path[];
};

/* What is to be heard of it. */
static void watch(struct tnd_control *c, int fd, uint32_t events, uint64_t which)
{
    struct epoll_event event = {.events = events, .data.u64 = which};

    if (epoll_ctl(c->epoll, EPOLL_CTL_MOD, fd, &event) < 0)
        epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void watch_client(struct tnd_control *c, struct client *client, uint32_t events)
{
    watch(c, client->fd, events, (uint64_t)(client - c->clients));
}

static void listen_on(struct tnd_control *c)
{
    c->is_deaf = false;
    watch(c, c->listener, EPOLLIN, LISTENER);
}

static void be_deaf(struct tnd_control *c, tnd_time until)
{
    c->is_deaf = true;
    c->deaf_until = until;
    watch(c, c->listener, 0, LISTENER);
}

static void end(struct tnd_control *c, struct client *client)
{
    close(client->fd);
    free(client->answer);
    if (c->asking == client)
        c->asking = NULL;
    client->answer = NULL;
    client->state = FREE;
    c->count--;
    if (c->is_deaf)
        listen_on(c);
}

static void stay(struct client *client)
{
    client->due = tnd_clock() + TND_SEC(TND_CONTROL_IDLE_SECONDS);
}

/* Root may do everything anyway. */
static bool may_ask(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static void add(struct tnd_control *c, int fd)
{
    struct client *client = c->clients;

    while (client->state != FREE)
        client++;
    client->state = READING;
    client->fd = fd;
    client->len = client->sent = client->answer_len = 0;
    stay(client);
    watch_client(c, client, EPOLLIN);
    if (++c->count == TND_CONTROL_CLIENT_COUNT_MAX)
        be_deaf(c, TND_NEVER_DUE);
}

static void accept_all(struct tnd_control *c)
{
    while (c->count < TND_CONTROL_CLIENT_COUNT_MAX) {
        int fd = accept4(c->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
            be_deaf(c, tnd_clock() + TND_SEC(1)); /* or it would be told of over and over */
        if (fd < 0)
            return;
        if (may_ask(fd))
            add(c, fd);
        else
            close(fd);
    }
}

static void read_line(struct tnd_control *c, struct client *client)
{
    ssize_t n = read(client->fd, client->line + client->len, sizeof(client->line) - client->len);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        end(c, client);
        return;
    }
    char *line_end = memchr(client->line + client->len, '\n', (size_t)n);
    client->len += (size_t)n;
    stay(client);
    if (line_end) {
        client->len = (size_t)(line_end - client->line);
        client->state = ASKING;
        client->number = c->lines++;
        watch_client(c, client, 0);
    } else if (client->len == sizeof(client->line)) {
        end(c, client);
    }
}

static void write_answer(struct tnd_control *c, struct client *client)
{
    ssize_t n = send(client->fd, client->answer + client->sent, client->answer_len - client->sent,
                     MSG_NOSIGNAL);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    client->sent += n > 0 ? (size_t)n : 0;
    if (n <= 0 || client->sent == client->answer_len)
        end(c, client);
    else
        stay(client);
}

static void ready(struct tnd_control *c, struct client *client)
{
    switch (client->state) {
    case FREE:
        return; /* it ended in this turn */
    case READING:
        read_line(c, client);
        return;
    case ASKING:
        end(c, client); /* nothing else is heard of: it has gone */
        return;
    case WRITING:
        write_answer(c, client);
        return;
    }
}

static bool is_idle(const struct client *client, tnd_time now)
{
    return (client->state == READING || client->state == WRITING) && client->due <= now;
}

void tnd_control_step(struct tnd_control *c)
{
    struct epoll_event events[TND_CONTROL_CLIENT_COUNT_MAX + 1];
    int count = c ? epoll_wait(c->epoll, events, TND_CONTROL_CLIENT_COUNT_MAX + 1, 0) : 0;

    for (int i = 0; i < count; i++)
        if (events[i].data.u64 != LISTENER)
            ready(c, &c->clients[events[i].data.u64]);
    for (size_t i = 0; c && i < TND_CONTROL_CLIENT_COUNT_MAX; i++)
        if (is_idle(&c->clients[i], tnd_clock()))
            end(c, &c->clients[i]);
    if (c && c->is_deaf && c->deaf_until <= tnd_clock())
        listen_on(c);
    for (int i = 0; i < count; i++) /* behind the others: it may take the place of one that ended */
        if (events[i].data.u64 == LISTENER)
            accept_all(c);
}

struct tnd_slice tnd_control_next(struct tnd_control *c)
{
    struct client *first = NULL;

    for (size_t i = 0; c && !c->is_asked && i < TND_CONTROL_CLIENT_COUNT_MAX; i++) {
        struct client *client = &c->clients[i];
        if (client->state == ASKING && (!first || client->number < first->number))
            first = client;
    }
    if (!first)
        return tnd_slice(NULL, 0);
    c->is_asked = true;
    c->asking = first;
    return tnd_slice(first->line, first->len);
}

void tnd_control_answer(struct tnd_control *c, struct tnd_slice answer)
{
    struct client *client = c->asking;

    c->is_asked = false;
    c->asking = NULL;
    if (!client)
        return;
    client->answer = malloc(answer.len + 1);
    if (!client->answer || answer.len == 0) {
        end(c, client);
        return;
    }
    memcpy(client->answer, answer.ptr, answer.len);
    client->answer_len = answer.len;
    client->state = WRITING;
    stay(client);
    watch_client(c, client, EPOLLOUT);
}

int tnd_control_fd(const struct tnd_control *c)
{
    return c ? c->epoll : -1;
}

int tnd_control_wait_ms(const struct tnd_control *c)
{
    tnd_time first = c && c->is_deaf ? c->deaf_until : TND_NEVER_DUE;

    for (size_t i = 0; c && i < TND_CONTROL_CLIENT_COUNT_MAX; i++) {
        const struct client *client = &c->clients[i];
        if ((client->state == READING || client->state == WRITING) && client->due < first)
            first = client->due;
    }
    if (first == TND_NEVER_DUE)
        return -1;
    tnd_time wait = first - tnd_clock();
    return wait > 0 ? (int)((wait + TND_MS(1) - 1) / TND_MS(1)) : 0;
}

/* So that two who start at once do not both take it for left behind. A descriptor that locks until it is
 * closed, or -errno. */
static int lock_directory_of(const char *path)
{
    static const struct timespec pause = {.tv_nsec = 1000 * 1000};
    char directory[4096];
    const char *slash = strrchr(path, '/');

    if (!slash || slash == path || (size_t)(slash - path) >= sizeof(directory))
        return -ENAMETOOLONG;
    memcpy(directory, path, (size_t)(slash - path));
    directory[slash - path] = '\0';
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
        if (tries == LOCK_TRIES) {
            close(fd);
            return -EWOULDBLOCK;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}

/* With the mode that its file has from the first moment on. 0, or an errno. */
static int bind_to(struct tnd_control *c)
{
    struct sockaddr_un address;
    int directory, err = tnd_control_address(c->path, &address, &directory);

    if (!err && (fchmod(c->listener, FILE_MODE) < 0 ||
                 bind(c->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
                 listen(c->listener, TND_CONTROL_CLIENT_COUNT_MAX) < 0))
        err = errno;
    if (directory >= 0)
        close(directory);
    return err ? err : stat(c->path, &c->file) < 0 ? errno : 0;
}

/* While the directory is locked. 0, EADDRINUSE, or another errno. */
static int take_place(struct tnd_control *c)
{
    struct stat file;
    int err = tnd_control_probe(c->path);

    if (err == 0)
        return EADDRINUSE;
    if (err != ENOENT && (lstat(c->path, &file) < 0 || !S_ISSOCK(file.st_mode)))
        return EEXIST; /* no socket: it is not for us to remove */
    if (err == ECONNREFUSED && unlink(c->path) < 0 && errno != ENOENT)
        return errno;
    return bind_to(c);
}

static int open_all(struct tnd_control *c)
{
    int lock = lock_directory_of(c->path);

    if (lock < 0)
        return -lock;
    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int err = c->epoll < 0 || c->listener < 0 ? errno : take_place(c);
    close(lock);
    if (!err)
        listen_on(c);
    return err;
}

int tnd_control_open(const char *path, int *ret_error, struct tnd_control **ret)
{
    size_t size = strlen(path) + 1;
    struct tnd_control *c = calloc(1, sizeof(*c) + size);

    if (!c)
        return TND_ENOMEM;
    memcpy(c->path, path, size);
    c->epoll = c->listener = -1;
    int err = open_all(c);
    if (!err) {
        *ret = c;
        return 0;
    }
    tnd_control_close(&c);
    *ret_error = err;
    return err == EADDRINUSE ? TND_EEXISTS : TND_ENONE;
}

/* Before it is closed: then nobody takes it for left behind, and puts there what we would remove. */
static void remove_file(const struct tnd_control *c)
{
    struct stat file;

    if (c->file.st_ino != 0 && stat(c->path, &file) == 0 && file.st_dev == c->file.st_dev &&
        file.st_ino == c->file.st_ino)
        unlink(c->path);
}

void tnd_control_close(struct tnd_control **control)
{
    struct tnd_control *c = *control;

    *control = NULL;
    if (!c)
        return;
    for (size_t i = 0; i < TND_CONTROL_CLIENT_COUNT_MAX; i++)
        if (c->clients[i].state != FREE)
            end(c, &c->clients[i]);
    remove_file(c);
    if (c->listener >= 0)
        close(c->listener);
    if (c->epoll >= 0)
        close(c->epoll);
    free(c);
}
