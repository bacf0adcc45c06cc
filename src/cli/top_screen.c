/* The terminal: an alternate screen, on which each line is written in its place, so that nothing flickers. Plain
 * sequences that every terminal since the VT100 has, and one of xterm for the alternate screen. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/ladder.h"
#include "cli/top.h"

enum { WIDTH = 80, HEIGHT = 24, WIDTH_MIN = 40, HEIGHT_MIN = 4, SIZE_MAX_ = 1000 };

static struct termios before;
static bool is_open;
static volatile sig_atomic_t was_resized, was_ended;

static void resized(int signal)
{
    (void)signal;
    was_resized = 1;
}

static void ended(int signal)
{
    was_ended = signal;
}

/* All of it, however the terminal takes it. */
static void put_all(const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(STDOUT_FILENO, text, len);

        if (put < 0 && errno != EINTR)
            return;
        text += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
}

static void put(const char *text)
{
    put_all(text, strlen(text));
}

int top_screen_open(void)
{
    struct sigaction on_size = {.sa_handler = resized}, on_end = {.sa_handler = ended};
    struct termios raw;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return ENOTTY;
    if (tcgetattr(STDIN_FILENO, &before) < 0)
        return errno;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
        return errno;
    sigaction(SIGWINCH, &on_size, NULL);
    sigaction(SIGTERM, &on_end, NULL);
    sigaction(SIGHUP, &on_end, NULL);
    sigaction(SIGINT, &on_end, NULL);
    is_open = true;
    put("\033[?1049h\033[?25l\033[?7l\033[2J"); /* what is too wide is cut off, not wrapped */
    return 0;
}

void top_screen_close(void)
{
    if (!is_open)
        return;
    put("\033[?7h\033[?25h\033[?1049l");
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    is_open = false;
}

static int between(int n, int least, int most, int standard)
{
    if (n <= 0)
        return standard;
    return n < least ? least : n > most ? most : n;
}

static int number_of(const char *variable)
{
    const char *text = getenv(variable);

    return text ? atoi(text) : 0;
}

struct top_look top_screen_look(void)
{
    struct winsize size = {.ws_col = 0};
    int columns = number_of("COLUMNS"), lines = number_of("LINES");

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        columns = size.ws_col;
        lines = size.ws_row;
    }
    return (struct top_look){.width = between(columns, WIDTH_MIN, SIZE_MAX_, WIDTH),
                             .height = between(lines, HEIGHT_MIN, SIZE_MAX_, HEIGHT),
                             .utf8 = ladder_utf8(),
                             .colour = is_open && cli_colour(stdout),
                             .is_plain = !is_open};
}

void top_screen_show(struct tnd_slice text, const struct top_look *look)
{
    char *room = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&room, &len);
    struct tnd_slice rest = text;

    if (!out)
        return;
    fputs("\033[H", out);
    for (int line = 0; line < look->height && rest.len > 0; line++) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct tnd_slice one = end ? tnd_slice_between(rest.ptr, end) : rest;

        fputs(line > 0 ? "\r\n" : "", out);
        fwrite(one.ptr, 1, one.len, out);
        fputs("\033[0m\033[K", out);
        rest = end ? tnd_slice_between(end + 1, tnd_slice_end(rest)) : tnd_slice(NULL, 0);
    }
    fputs("\033[J", out);
    if (fclose(out) == 0)
        put_all(room, len);
    free(room);
}

static enum top_key key_of_sequence(const char *text, size_t len)
{
    static const struct {
        const char *text;
        enum top_key key;
    } sequences[] = {
        {"[A", TOP_KEY_UP},    {"OA", TOP_KEY_UP},       {"[B", TOP_KEY_DOWN},
        {"OB", TOP_KEY_DOWN},  {"[5~", TOP_KEY_PAGE_UP}, {"[6~", TOP_KEY_PAGE_DOWN},
        {"[H", TOP_KEY_FIRST}, {"OH", TOP_KEY_FIRST},    {"[1~", TOP_KEY_FIRST},
        {"[F", TOP_KEY_LAST},  {"OF", TOP_KEY_LAST},     {"[4~", TOP_KEY_LAST},
        {"[D", TOP_KEY_BACK},  {"OD", TOP_KEY_BACK},     {"[C", TOP_KEY_ENTER},
        {"OC", TOP_KEY_ENTER},
    };

    if (len == 0)
        return TOP_KEY_BACK; /* Esc alone */
    for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++)
        if (strlen(sequences[i].text) == len && memcmp(sequences[i].text, text, len) == 0)
            return sequences[i].key;
    return TOP_KEY_NONE;
}

static enum top_key key_of(char c)
{
    switch (c) {
    case 'k':
        return TOP_KEY_UP;
    case 'j':
        return TOP_KEY_DOWN;
    case 'g':
        return TOP_KEY_FIRST;
    case 'G':
        return TOP_KEY_LAST;
    case ' ':
        return TOP_KEY_PAGE_DOWN;
    case 'b':
        return TOP_KEY_PAGE_UP;
    case '\r':
    case '\n':
        return TOP_KEY_ENTER;
    case 'h':
    case 0x7f: /* backspace */
    case '\b':
        return TOP_KEY_BACK;
    case 'f':
        return TOP_KEY_FAILURES;
    case 'q':
    case 3: /* ^C */
        return TOP_KEY_QUIT;
    case 12: /* ^L */
        return TOP_KEY_DRAW;
    default:
        return TOP_KEY_NONE;
    }
}

/* One more byte, if it comes at once, as those of a sequence do. */
static bool read_byte(char *ret, int wait_ms)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&keys, 1, wait_ms) > 0 && read(STDIN_FILENO, ret, 1) == 1;
}

/* Behind Esc: up to its last byte, which is a letter or ~. */
static enum top_key read_sequence(void)
{
    enum { SEQUENCE_WAIT_MS = 25 };
    char text[8];
    size_t len = 0;

    while (len < sizeof(text) && read_byte(&text[len], SEQUENCE_WAIT_MS)) {
        char c = text[len++];

        if (len > 1 && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '~'))
            break;
    }
    return key_of_sequence(text, len);
}

enum top_key top_screen_key(int wait_ms)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    int count = was_ended || was_resized ? 0 : poll(&keys, 1, wait_ms);
    char c;

    if (was_ended)
        return TOP_KEY_QUIT;
    if (was_resized) {
        was_resized = 0;
        return TOP_KEY_DRAW;
    }
    if (count <= 0)
        return TOP_KEY_NONE;
    if (read(STDIN_FILENO, &c, 1) != 1)
        return TOP_KEY_QUIT; /* the terminal has gone */
    return c == '\033' ? read_sequence() : key_of(c);
}
