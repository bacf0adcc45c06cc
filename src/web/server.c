/* The thread of the web. libmicrohttpd has no thread of its own: this one waits for its epoll and for whoever
 * drives the server, lets it do what there is to do, and looks for news. So all that is answered and published is done
 * in one thread, and needs no lock. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/listen.h"
#include "web/inside.h"

enum { SWEEP_MS = 500 };

static int wait_ms(const struct tnd_web *web)
{
    MHD_UNSIGNED_LONG_LONG due;
    bool is_turned = web->turn.turn && web->events.listeners;
    int ms = web->connections ? SWEEP_MS : -1;

    if (web->again)
        return 0;
    if (is_turned || web->is_tried)
        ms = TND_WEB_TURN_MS;
    if (MHD_get_timeout(web->daemon, &due) == MHD_YES && (ms < 0 || due < (unsigned)ms))
        ms = (int)due;
    return ms;
}

static void wait_for_news(struct tnd_web *web)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[] = {{.fd = info->epoll_fd, .events = POLLIN},
                           {.fd = web->wake, .events = POLLIN}};
    uint64_t count;

    poll(fds, 2, wait_ms(web));
    if (fds[1].revents && read(web->wake, &count, sizeof(count)) < 0)
        TND_ASSERT(errno == EAGAIN);
}

/* With another token, whoever listens by the one before has to come again with the new one. */
static void take_settings(struct tnd_web *web)
{
    struct web_settings *next = atomic_exchange(&web->mailbox, NULL);

    if (!next)
        return;
    if (!tnd_slice_eq(next->token, web->settings->token))
        web_events_end(web);
    web_settings_free(web->settings);
    web->settings = next;
}

void web_look_for_news(struct tnd_web *web, bool is_listened)
{
    web->turn_due = tnd_clock() + TND_MS(TND_WEB_TURN_MS);
    if (web->turn.turn)
        web->turn.turn(web->turn.ctx, web, is_listened);
}

/* Suspended connections cannot be stopped: all of them are woken up before. */
static void end_all(struct tnd_web *web)
{
    web_trials_end(&web->trials);
    web_events_end(web);
    MHD_run(web->daemon);
    MHD_stop_daemon(web->daemon);
    web->daemon = NULL;
}

static void *run(void *ctx)
{
    struct tnd_web *web = ctx;

    while (!atomic_load(&web->stop)) {
        wait_for_news(web);
        take_settings(web);
        if (tnd_clock() >= web->turn_due)
            web_look_for_news(web, tnd_web_is_listened(web));
        web->again = false;
        MHD_run(web->daemon);
        web_events_pulse(web, tnd_clock());
        web_connections_sweep(web, tnd_clock());
        web->is_tried = web_trials_sweep(&web->trials, tnd_clock());
    }
    end_all(web);
    return NULL;
}

static struct MHD_Daemon *make_daemon(struct tnd_web *web)
{
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, web->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, TND_WEB_CONNECTION_COUNT_MAX, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, TND_WEB_CONNECTION_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, TND_WEB_IDLE_SECONDS, NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)web_connection_notify, web},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)web_exchange_begin, web},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)web_exchange_end, web},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                            web_exchange_go, web, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/* With every signal blocked: they are for the thread that drives the server. */
static int start_thread(struct tnd_web *web)
{
    sigset_t every, before;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    int err = pthread_create(&web->thread, NULL, run, web);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    web->is_started = !err;
    return err ? TND_ENOMEM : 0;
}

static void take_config(struct tnd_web *web, const struct tnd_web_config *config)
{
    TND_ASSERT(config->table_count < TND_WEB_TABLE_COUNT_MAX);
    web->at = config->at;
    web->at.transport = TND_TRANSPORT_TCP;
    web->db = config->db;
    web->turn = config->turn;
    web->site = (struct tnd_site){
        .is_served = true, .ladder_of = config->ladder_of, .ladder_ctx = config->ladder_ctx};
    web->table_count = config->table_count + 1;
    memcpy(web->table, config->table, config->table_count * sizeof(*web->table));
    web->table[config->table_count] =
        (struct tnd_http_table){web_own_routes, web_own_route_count, web};
}

static int start(struct tnd_web *web, const struct tnd_web_config *config,
                 struct tnd_web_fault *fault)
{
    int err = web_settings_new(&config->settings, &config->at, fault, &web->settings);

    if (err)
        return err;
    web->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    fault->error = tnd_listen(&web->at, false, &web->listener);
    if (fault->error) {
        snprintf(fault->text, sizeof(fault->text), "%s", strerror(fault->error));
        return TND_ENONE;
    }
    web->daemon = web->wake >= 0 ? make_daemon(web) : NULL;
    if (!web->daemon)
        return TND_ENOMEM;
    web->listener = -1; /* the daemon closes it */
    return start_thread(web);
}

int tnd_web_start(const struct tnd_web_config *config, struct tnd_web_fault *ret_fault,
                  struct tnd_web **ret)
{
    struct tnd_web *web = calloc(1, sizeof(*web));

    *ret_fault = (struct tnd_web_fault){.text = "out of memory"};
    if (!web)
        return TND_ENOMEM;
    web->listener = web->wake = -1;
    take_config(web, config);
    int err = start(web, config, ret_fault);
    if (err)
        tnd_web_stop(&web);
    else
        *ret = web;
    return err;
}

static void wake_up(struct tnd_web *web)
{
    const uint64_t one = 1;

    if (write(web->wake, &one, sizeof(one)) < 0)
        TND_ASSERT(errno == EAGAIN); /* then it is awake */
}

int tnd_web_configure(struct tnd_web *web, const struct tnd_web_settings *settings,
                      struct tnd_web_fault *ret_fault)
{
    struct web_settings *next;
    int err = web_settings_new(settings, &web->at, ret_fault, &next);

    if (err)
        return err;
    web_settings_free(atomic_exchange(&web->mailbox, next));
    wake_up(web);
    return 0;
}

void tnd_web_stop(struct tnd_web **web)
{
    struct tnd_web *w = *web;

    if (!w)
        return;
    if (w->is_started) {
        atomic_store(&w->stop, true);
        wake_up(w);
        pthread_join(w->thread, NULL);
    }
    if (w->daemon)
        MHD_stop_daemon(w->daemon);
    if (w->listener >= 0)
        close(w->listener);
    if (w->wake >= 0)
        close(w->wake);
    web_events_fini(w);
    web_settings_free(w->settings);
    web_settings_free(atomic_load(&w->mailbox));
    free(w);
    *web = NULL;
}
