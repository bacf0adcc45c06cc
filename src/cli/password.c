/* Passwords: from an option, a file, the terminal or standard input. */
#include "cli/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/ascii.h"

void password_wipe(struct password *password)
{
    explicit_bzero(password, sizeof(*password));
}

/* The first line of bytes, which need not end; where says what it is of. */
static int take_line(const struct provision *p, const char *where, struct tnd_slice bytes,
                     struct password *ret)
{
    const char *end = bytes.len > 0 ? memchr(bytes.ptr, '\n', bytes.len) : NULL;
    struct tnd_slice line = end ? tnd_slice_between(bytes.ptr, end) : bytes;

    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (line.len == 0)
        return cli_fail("%s: %s: there is no password; give one that is not empty", p->name, where);
    if (line.len > PASSWORD_LEN_MAX)
        return cli_fail("%s: %s: the password is longer than %d bytes", p->name, where,
                        PASSWORD_LEN_MAX);
    for (size_t i = 0; i < line.len; i++)
        if (tnd_is_control(line.ptr[i]))
            return cli_fail("%s: %s: the password has a control character in it", p->name, where);
    memcpy(ret->room, line.ptr, line.len);
    ret->text = tnd_slice(ret->room, line.len);
    return CLI_OK;
}

/* The signal that came while the terminal showed nothing; 0: none. */
static volatile sig_atomic_t caught;

static void catch_signal(int signal)
{
    caught = signal;
}

/* A line from fd, and not a byte more: what follows is somebody else's. */
static int read_line(const struct provision *p, const char *where, int fd, struct password *ret)
{
    char line[PASSWORD_LEN_MAX + 2];
    size_t len = 0;
    ssize_t got = 0;

    while (len < sizeof(line) && (got = read(fd, line + len, 1)) == 1 && line[len] != '\n')
        len++;
    int status = CLI_USAGE;
    if (got >= 0)
        status = take_line(p, where, tnd_slice(line, len), ret);
    else if (!caught)
        cli_fail("%s: %s: %s", p->name, where, strerror(errno));
    explicit_bzero(line, sizeof(line));
    return status;
}

static int read_file(const struct provision *p, const char *path, struct password *ret)
{
    if (strcmp(path, "-") == 0)
        return read_line(p, "standard input", STDIN_FILENO, ret);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cli_fail("%s: %s: %s", p->name, path, strerror(errno));
    int status = read_line(p, path, fd, ret);
    close(fd);
    return status;
}

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { DEADLY_COUNT = sizeof(deadly) / sizeof(*deadly) };

/* Asks at the terminal fd, which shows nothing meanwhile. Whoever is ended there leaves it as it
 * was. */
static int ask(const struct provision *p, const char *prompt, int fd, struct password *ret)
{
    struct sigaction old[DEADLY_COUNT], action = {.sa_handler = catch_signal};
    struct termios shown, hidden;

    if (tcgetattr(fd, &shown) < 0)
        return cli_fail("%s: the terminal: %s", p->name, strerror(errno));
    caught = 0;
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigaction(deadly[i], &action, &old[i]);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &hidden);
    dprintf(fd, "%s", prompt);
    int status = read_line(p, "the terminal", fd, ret);
    dprintf(fd, "\n");
    tcsetattr(fd, TCSAFLUSH, &shown);
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigaction(deadly[i], &old[i], NULL);
    if (caught)
        raise(caught);
    return status;
}

static int ask_twice(const struct provision *p, int fd, struct password *ret)
{
    struct password again;
    int status = ask(p, "Password: ", fd, ret);

    if (status == CLI_OK)
        status = ask(p, "Again: ", fd, &again);
    if (status == CLI_OK && !tnd_slice_eq(ret->text, again.text))
        status =
            cli_fail("%s: the terminal: that was not the same password twice; try again", p->name);
    password_wipe(&again);
    return status;
}

static int ask_terminal(const struct provision *p, struct password *ret)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return cli_fail("%s: /dev/tty: %s; give the password with --password-file", p->name,
                        strerror(errno));
    int status = ask_twice(p, fd, ret);
    close(fd);
    return status;
}

int password_get(const struct provision *p, struct password *ret)
{
    const char *given = p->option[PROVISION_PASSWORD], *path = p->option[PROVISION_PASSWORD_FILE];

    if (given && path)
        return cli_fail("%s: --password and --password-file are given; leave one out", p->name);
    if (given)
        return take_line(p, "--password", tnd_slice_str(given), ret);
    if (path)
        return read_file(p, path, ret);
    if (isatty(STDIN_FILENO))
        return ask_terminal(p, ret);
    return read_line(p, "standard input", STDIN_FILENO, ret);
}
