/* The thread that follows. */
#include "web/follow.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/heap.h"
#include "web/follow_inside.h"

enum { TURN_MS = 100, ARENA_SIZE_MAX = 1 << 20 };

static const int64_t complain_again = TND_SEC(10);

void follow_say(struct tnd_follow *f, enum tnd_server_level level, const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    f->log.say(f->log.ctx, level, tnd_slice_str(line));
}

/* Of calls live tells it itself: they are over. */
static void tell_losses(struct tnd_follow *f, int64_t now)
{
    uint64_t lost = f->hep.tape ? tnd_tape_lost(f->hep.tape) : 0;

    if (lost == f->lost_told || now - f->lost_told_at < complain_again)
        return;
    follow_say(f, TND_SERVER_WARN, "hep: %llu bytes of messages went by too fast to be told",
               (unsigned long long)(lost - f->lost_told));
    f->lost_told = lost;
    f->lost_told_at = now;
}

static void turn(struct tnd_follow *f)
{
    int64_t now = tnd_clock_wall();

    follow_hep_turn(f, now);
    follow_cdr_turn(f, now);
    tell_losses(f, now);
}

static void *run(void *follow)
{
    struct tnd_follow *f = follow;
    struct pollfd stop = {.fd = f->stop, .events = POLLIN};

    while (poll(&stop, 1, TURN_MS) <= 0)
        turn(f);
    turn(f); /* what came since */
    follow_cdr_end(f, tnd_clock_wall());
    return NULL;
}

static int init_hep(struct tnd_follow *f, const struct tnd_follow_config *config)
{
    struct tnd_slice host = config->hep_host;

    tnd_arena_init(&f->hep.arena, f->hep.arena_first, sizeof(f->hep.arena_first), &tnd_heap,
                   ARENA_SIZE_MAX);
    if (!host.ptr)
        return 0;
    if (host.len > 2 && host.ptr[0] == '[') /* of IPv6 */
        host = tnd_slice(host.ptr + 1, host.len - 2);
    snprintf(f->hep.host, sizeof(f->hep.host), "%.*s", TND_FMT(host));
    f->hep.port = config->hep_port;
    return tnd_server_tape(config->server, &f->hep.tape);
}

static int init_cdr(struct tnd_follow *f, const struct tnd_follow_config *config,
                    char why[TND_FOLLOW_WHY_SIZE])
{
    struct tnd_live_config live = {.listen = config->listen,
                                   .listen_count = config->listen_count,
                                   .seed = config->seed,
                                   .over = follow_cdr_over,
                                   .ctx = f};

    f->cdr.fd = -1;
    if (!config->cdr)
        return 0;
    f->cdr.path = strdup(config->cdr);
    int err = f->cdr.path ? tnd_server_tape(config->server, &live.tape) : TND_ENOMEM;
    if (err)
        return err;
    err = tnd_live_new(&live, &f->cdr.live);
    if (err) {
        tnd_tape_free(&live.tape);
        return err;
    }
    int error = follow_cdr_open(&f->cdr);
    if (error)
        snprintf(why, TND_FOLLOW_WHY_SIZE, "cdr: %.150s: %.80s", config->cdr, strerror(error));
    return error ? TND_EIO : 0;
}

/* With every signal blocked: they are for the thread that drives the server. */
static int start_thread(struct tnd_follow *f)
{
    sigset_t every, before;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    f->is_started = pthread_create(&f->thread, NULL, run, f) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return f->is_started ? 0 : TND_ENOMEM;
}

int tnd_follow_start(const struct tnd_follow_config *config, char why[TND_FOLLOW_WHY_SIZE],
                     struct tnd_follow **ret)
{
    struct tnd_follow *f = calloc(1, sizeof(*f));

    TND_ASSERT(config->listen_count > 0 && config->listen_count <= FOLLOW_LISTEN_COUNT_MAX);
    snprintf(why, TND_FOLLOW_WHY_SIZE, "out of memory");
    if (!f)
        return TND_ENOMEM;
    f->hep.fd = f->cdr.fd = -1;
    f->log = config->log;
    f->listen_count = config->listen_count;
    memcpy(f->listen, config->listen, config->listen_count * sizeof(*f->listen));
    f->stop = eventfd(0, EFD_CLOEXEC);
    int err = f->stop < 0 ? TND_ENOMEM : init_hep(f, config);
    err = err ? err : init_cdr(f, config, why);
    err = err ? err : start_thread(f);
    if (err)
        tnd_follow_stop(&f);
    else
        *ret = f;
    return err;
}

void tnd_follow_stop(struct tnd_follow **follow)
{
    struct tnd_follow *f = *follow;
    uint64_t one = 1;

    *follow = NULL;
    if (!f)
        return;
    if (f->is_started && write(f->stop, &one, sizeof(one)) == sizeof(one))
        pthread_join(f->thread, NULL);
    tnd_tape_free(&f->hep.tape);
    tnd_arena_fini(&f->hep.arena);
    follow_hep_close(&f->hep);
    follow_cdr_close(&f->cdr);
    if (f->stop >= 0)
        close(f->stop);
    free(f);
}
