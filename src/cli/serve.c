/* tandem serve: the server. Its threads do the work; this one waits for signals. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/control.h"
#include "cli/notify.h"
#include "cli/serve_live.h"
#include "cli/serve_log.h"
#include "cli/serve_web.h"
#include "cli/setup.h"

enum { FAULT_LEN_MAX = 8192 }; /* a path, a key and a text */

struct serve {
    struct setup_options options;
    struct setup setups[3], *setup; /* that of the start, the one in use, and room for the next */
    struct tnd_conf_faults faults;
    struct tnd_db *db;
    struct tnd_server *server;
    struct tnd_control *control; /* NULL: nobody can ask */
    struct serve_live live;      /* what it shows of the server */
    struct tnd_follow *follow;   /* NULL: nobody is told of all that happens */
    struct tnd_web *web;         /* NULL: there is none */
    struct site_flows flows;     /* that its pages show */
    int signals;
    struct serve_log log;
};

/* What its configuration says. */
static void follow_log(struct serve *s)
{
    s->log.level = s->setup->log_level;
    s->log.is_json = s->setup->conf->log.format == TND_CONF_LOG_JSON;
}

static int block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN); /* who reads our log may go away */
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Why a place cannot be listened at, and what to do. */
static int fail_listen(const struct tnd_server_fault *fault)
{
    char text[TND_ENDPOINT_LEN_MAX + 1] = "";
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    tnd_endpoint_write(&w, &fault->endpoint);
    switch (fault->error) {
    case EADDRINUSE:
        return cli_fail("%s: address already in use; stop what listens there, or choose another "
                        "with --listen",
                        text);
    case EADDRNOTAVAIL:
        return cli_fail("%s: no address of this machine; choose one with --listen ('ip address' "
                        "lists them)",
                        text);
    case EACCES:
    case EPERM:
        return cli_fail("%s: not allowed; choose a port above 1023 with --listen, or give tandem "
                        "the capability CAP_NET_BIND_SERVICE",
                        text);
    case EAFNOSUPPORT:
        return cli_fail("%s: this machine has no IPv6; choose an IPv4 address with --listen", text);
    case EMFILE:
    case ENFILE:
        return cli_fail("%s: too many open files; raise the limit (ulimit -n)", text);
    default:
        return cli_fail("%s: %s; choose another place with --listen", text, strerror(fault->error));
    }
}

/* The store tells of changes that it could not keep. */
static void say_of_store(void *ctx, const char *line)
{
    serve_log_say(ctx, TND_SERVER_ERROR, tnd_slice_str(line));
}

static int open_store(struct serve *s)
{
    struct tnd_db_log log = {say_of_store, &s->log};
    struct tnd_db_fault fault;

    if (tnd_db_open(s->setup->store, &fault, &s->db) || tnd_db_start(s->db, &log, &fault))
        return cli_fail("%s", fault.text);
    s->setup->server.db = s->db;
    return CLI_OK;
}

static int start(struct serve *s)
{
    struct tnd_server_fault fault;

    s->setup->server.log = (struct tnd_server_log){serve_log_say, &s->log};
    if (serve_live_is_wanted(s->setup))
        s->setup->server.recorder_size = SERVE_LIVE_RECORDER_SIZE;
    int err = tnd_server_start(&s->setup->server, &fault, &s->server);
    if (!err)
        return CLI_OK;
    if (fault.endpoint.family != TND_FAMILY_NONE)
        return fail_listen(&fault);
    if (err == TND_ENONE)
        return cli_fail("the resolver cannot be set up; look at /etc/resolv.conf");
    return cli_fail("%s; serve with fewer --workers, or raise the limits (ulimit -a)",
                    tnd_strerror(err));
}

static int start_web(struct serve *s)
{
    struct tnd_web_fault warning = {.error = 0};

    if (s->setup->web.family == TND_FAMILY_NONE)
        return CLI_OK;
    if (serve_live_start(s->setup, s->server, &s->live))
        return cli_fail("out of memory; serve with fewer --workers, or with --web off");
    const struct serve_web_with with = {.tables = s->live.table,
                                        .table_count = SERVE_LIVE_TABLE_COUNT,
                                        .turn = s->live.turn,
                                        .flows = &s->flows};
    int status = site_flows_open(&s->flows, "serve");
    if (status == CLI_OK)
        status = serve_web_start(s->setup, s->db, &with, &warning, &s->web);
    if (status == CLI_OK && warning.text[0])
        serve_log_note(&s->log, TND_SERVER_WARN, "%s", warning.text);
    return status;
}

/* So that 'tandem why' can ask. Without it all else goes on. */
static void open_control(struct serve *s)
{
    char path[CONTROL_PATH_SIZE];
    int error = control_place(s->setup->store, path);
    int err = error ? TND_ENONE : tnd_control_open(path, &error, &s->control);

    if (err == TND_EEXISTS)
        serve_log_note(
            &s->log, TND_SERVER_WARN,
            "%s: another server runs on this store; 'tandem why' asks that one, not this", path);
    else if (err)
        serve_log_note(&s->log, TND_SERVER_WARN, "%s: %s; 'tandem why' cannot ask this server",
                       path, err == TND_ENONE ? strerror(error) : tnd_strerror(err));
}

/* The next signal; 0: none for wait_ms (-1: wait on), or there was something else. */
static int next_signal(struct serve *s, int wait_ms)
{
    struct pollfd fds[] = {{.fd = s->signals, .events = POLLIN},
                           {.fd = tnd_server_fd(s->server), .events = POLLIN},
                           {.fd = tnd_server_why_fd(s->server), .events = POLLIN},
                           {.fd = tnd_control_fd(s->control), .events = POLLIN}};
    struct signalfd_siginfo info;
    int idle_ms = tnd_control_wait_ms(s->control);

    if (idle_ms >= 0 && (wait_ms < 0 || idle_ms < wait_ms))
        wait_ms = idle_ms;
    int count = poll(fds, 4, wait_ms);
    control_turn(s->control, s->server);
    if (count <= 0 || read(s->signals, &info, sizeof(info)) != sizeof(info))
        return 0;
    return (int)info.ssi_signo;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until nothing is left to do, or too long, or it is to end at once. */
static void drain(struct serve *s)
{
    int64_t end = now_ms() + TND_SERVER_DRAIN_SECONDS * 1000;

    notify("STOPPING=1");
    serve_log_note(&s->log, TND_SERVER_INFO,
                   "ending: new requests are refused, those that are there are finished");
    if (tnd_server_drain(s->server)) {
        serve_log_note(&s->log, TND_SERVER_WARN,
                       "no memory left to finish what is there; ending at once");
        return;
    }
    while (!tnd_server_is_empty(s->server)) {
        int64_t left = end - now_ms();

        if (left <= 0) {
            serve_log_note(&s->log, TND_SERVER_WARN, "something was not finished in %d seconds",
                           TND_SERVER_DRAIN_SECONDS);
            return;
        }
        int signal = next_signal(s, (int)left);
        if (signal == SIGTERM || signal == SIGINT)
            return;
    }
}

/* What is wrong or odd with the file, a line each. */
static void tell_faults(struct serve *s)
{
    static const enum tnd_server_level level[] = {
        [TND_CONF_FAULT] = TND_SERVER_ERROR,
        [TND_CONF_WARNING] = TND_SERVER_WARN,
        [TND_CONF_NOTICE] = TND_SERVER_INFO,
    };

    for (size_t i = 0; i < s->faults.count; i++) {
        char line[FAULT_LEN_MAX];
        struct tnd_writer w = tnd_writer(line, sizeof(line));

        tnd_conf_fault_write(&w, s->options.config, &s->faults.list[i]);
        serve_log_say(&s->log, level[s->faults.list[i].severity], tnd_writer_slice(&w));
    }
}

/* systemd wants to know since when, to tell this from an earlier one. */
static void tell_reloading(void)
{
    char state[64];
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
    notify(state);
}

/* Its token is in a file of its own, which is read again too. */
static int configure_web(struct serve *s, const struct setup *next)
{
    struct tnd_web_fault fault;
    int err = serve_web_configure(s->web, next, &fault);

    if (err)
        serve_log_note(&s->log, TND_SERVER_ERROR, "%s", fault.text);
    return err;
}

/* The file once more. What is wrong with it is told, and then nothing changes. */
static void reload(struct serve *s)
{
    struct setup *started = &s->setups[0],
                 *next = s->setup == &s->setups[1] ? &s->setups[2] : &s->setups[1];

    if (!s->options.config) {
        serve_log_note(&s->log, TND_SERVER_WARN,
                       "SIGHUP: there is no file to read again; give one with -c");
        return;
    }
    tell_reloading();
    s->faults = (struct tnd_conf_faults){.count = 0};
    int err = setup_make(&s->options, &s->faults, next);
    if (!err)
        tnd_conf_fixed_change(started->conf, next->conf, &s->faults);
    tell_faults(s);
    if (!err)
        err = configure_web(s, next);
    if (!err)
        err = tnd_server_configure(s->server, &next->server.node, &next->server.bounds);
    if (err) {
        setup_fini(next);
        serve_log_note(&s->log, TND_SERVER_ERROR,
                       "%s: not read again (%s); the old configuration stays", s->options.config,
                       err == TND_ENOMEM ? "out of memory" : "it is wrong");
    } else {
        if (s->setup != started)
            setup_fini(s->setup);
        s->setup = next;
        follow_log(s);
        serve_log_announce(&s->log, "reloaded");
    }
    notify("READY=1");
}

/* The first fault in one line, for a start that there is not. */
static int fail_config(struct serve *s, int err)
{
    char line[FAULT_LEN_MAX];
    struct tnd_writer w = tnd_writer(line, sizeof(line) - 1);
    size_t i = 0;

    while (i < s->faults.count && s->faults.list[i].severity != TND_CONF_FAULT)
        i++;
    if (i == s->faults.count)
        return cli_fail("%s: %s", s->options.config, tnd_strerror(err));
    tnd_conf_fault_write(&w, s->options.config, &s->faults.list[i]);
    line[w.len < sizeof(line) ? w.len : 0] = '\0';
    if (s->faults.fault_count == 1)
        return cli_fail("%s", line);
    return cli_fail("%s (and %zu more: 'tandem check' lists them)", line,
                    s->faults.fault_count - 1);
}

static void run(struct serve *s)
{
    for (;;) {
        int signal = next_signal(s, -1);

        if (signal == SIGTERM || signal == SIGINT)
            break;
        if (signal == SIGHUP)
            reload(s);
    }
    drain(s);
}

static void sum_up(struct serve *s)
{
    struct tnd_server_stats stats;

    tnd_server_stats(s->server, &stats);
    serve_log_note(&s->log, TND_SERVER_INFO,
                   "ended: %llu requests came, %llu messages were dropped unanswered",
                   (unsigned long long)stats.node[TND_SERVER_NODE_REQUESTS],
                   (unsigned long long)stats.node[TND_SERVER_NODE_DROPPED]);
}

static int serve(struct serve *s)
{
    int err = setup_make(&s->options, &s->faults, s->setup);

    if (err)
        return fail_config(s, err);
    follow_log(s);
    s->signals = block_signals();
    if (s->signals < 0)
        return cli_fail("signals: %s", strerror(errno));
    int status = open_store(s);
    status = status == CLI_OK ? start(s) : status;
    status = status == CLI_OK ? start_web(s) : status;
    status = status == CLI_OK ? serve_follow_start(s->setup, s->server, &s->follow) : status;
    if (status == CLI_OK) {
        tell_faults(s);
        open_control(s);
        serve_log_announce(&s->log, "ready");
        notify("READY=1");
        run(s);
        sum_up(s);
        tnd_control_close(&s->control);
    }
    tnd_web_stop(&s->web);
    site_flows_close(&s->flows);
    serve_live_stop(&s->live);
    tnd_follow_stop(&s->follow);
    tnd_server_stop(&s->server);
    tnd_db_close(&s->db);
    close(s->signals);
    return status;
}

int cli_serve(int argc, char **argv)
{
    static struct serve s; /* large, and there is one */
    bool help;
    int status = setup_options(argc, argv, &s.options, &help);

    if (status != CLI_OK)
        return status;
    if (help) {
        fputs(setup_usage, stdout);
        return CLI_OK;
    }
    serve_log_start(&s.log);
    s.setup = s.setups;
    status = serve(&s);
    for (size_t i = 0; i < sizeof(s.setups) / sizeof(*s.setups); i++)
        setup_fini(&s.setups[i]);
    return status;
}
