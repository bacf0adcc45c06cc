/* The log of a server. */
#include "cli/serve_log.h"

#include <poll.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "web/html.h"

enum {
    NOTE_SIZE = 1024,
    JSON_TEXT_MAX = 4096, /* of a line, what is told; each byte may become six */
    JSON_SIZE = 6 * JSON_TEXT_MAX + 256,
};

/* Whether a line can be written at once. Were we to wait, who does not read on (a stopped pager, a
 * terminal after Ctrl-S) would stop every worker at its next line. */
static bool is_read(void)
{
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};

    return poll(&log, 1, 0) != 0;
}

static void put_text(enum tnd_server_level level, struct tnd_slice text)
{
    static const char *const prefix[] = {
        [TND_SERVER_ERROR] = "tandem: error: ",
        [TND_SERVER_WARN] = "tandem: warning: ",
        [TND_SERVER_INFO] = "tandem: ",
        [TND_SERVER_DEBUG] = "tandem: ",
    };

    fputs(prefix[level], stderr);
    cli_put_text(stderr, text);
    fputc('\n', stderr);
}

/* "2026-12-04T13:03:07.877012Z" */
static void put_now(struct tnd_writer *w)
{
    char text[64];
    struct timespec now;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + len, sizeof(text) - len, ".%06ldZ", now.tv_nsec / 1000);
    tnd_json_put(w, tnd_slice_str(text));
}

/* Under the lock of stderr, which guards room. */
static void put_json(enum tnd_server_level level, struct tnd_slice text)
{
    static const char *const name[] = {
        [TND_SERVER_ERROR] = "error",
        [TND_SERVER_WARN] = "warning",
        [TND_SERVER_INFO] = "info",
        [TND_SERVER_DEBUG] = "debug",
    };
    static char room[JSON_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    text.len = text.len < JSON_TEXT_MAX ? text.len : JSON_TEXT_MAX;
    tnd_put_str(&w, "{\"time\":");
    put_now(&w);
    tnd_put_str(&w, ",\"level\":");
    tnd_json_put(&w, tnd_slice_str(name[level]));
    tnd_put_str(&w, ",\"text\":");
    tnd_json_put(&w, text);
    tnd_put_str(&w, "}\n");
    fwrite(room, 1, w.len, stderr);
}

static void put(const struct serve_log *log, enum tnd_server_level level, struct tnd_slice text)
{
    if (log->is_json)
        put_json(level, text);
    else
        put_text(level, text);
}

static void put_line(struct serve_log *log, enum tnd_server_level level, struct tnd_slice text)
{
    char lost[96];

    if (!is_read()) {
        log->lines_lost++;
        return;
    }
    if (log->lines_lost > 0) {
        snprintf(lost, sizeof(lost), "%zu lines are left out here: they were not read",
                 log->lines_lost);
        put(log, TND_SERVER_WARN, tnd_slice_str(lost));
    }
    log->lines_lost = 0;
    put(log, level, text);
    fflush(stderr);
}

void serve_log_start(struct serve_log *log)
{
    static char room[JSON_SIZE]; /* a line goes out in one piece */

    *log = (struct serve_log){.lines_lost = 0};
    setvbuf(stderr, room, _IOFBF, sizeof(room));
}

void serve_log_say(void *ctx, enum tnd_server_level level, struct tnd_slice text)
{
    struct serve_log *log = ctx;

    if (level > log->level)
        return;
    flockfile(stderr);
    put_line(log, level, text);
    funlockfile(stderr);
}

void serve_log_note(struct serve_log *log, enum tnd_server_level level, const char *format, ...)
{
    char line[NOTE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    serve_log_say(log, level, tnd_slice_str(line));
}

void serve_log_announce(struct serve_log *log, const char *text)
{
    flockfile(stderr);
    put_line(log, TND_SERVER_INFO, tnd_slice_str(text));
    funlockfile(stderr);
}
