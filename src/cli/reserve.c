/* Reservations, made by a command. */
#include "cli/reserve.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tandem/sdp.h"

enum { ENVIRONMENT_COUNT = 5, ENTRY_SIZE = 320 };

void reserve_start(struct reserve *r, const char *how, struct tnd_phone *phone,
                   void (*done)(void *ctx, tnd_ua_id call, size_t stream, bool ok), void *ctx)
{
    *r = (struct reserve){.how = how, .phone = phone, .done = done, .ctx = ctx};
}

/* The command has ended. */
static void ended(void *ctx, tnd_time now)
{
    struct reserve_job *job = ctx;
    struct reserve *r = job->owner;
    int status = 0;

    (void)now;
    if (waitpid(job->pid, &status, WNOHANG) != job->pid)
        return;
    tnd_phone_unwatch(r->phone, job->pidfd);
    close(job->pidfd);
    job->pid = 0;
    r->done(r->ctx, job->call, job->stream, WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static const struct tnd_oa_flow *flow_of(const struct tnd_ua_event *event)
{
    const struct tnd_oa_session *s = event->session;

    return s && event->stream < s->flow_count ? &s->flows[event->stream] : NULL;
}

static void describe(const struct tnd_ua_event *event, char ret[ENVIRONMENT_COUNT][ENTRY_SIZE])
{
    const struct tnd_oa_flow *flow = flow_of(event);
    enum tnd_sdp_direction direction = (enum tnd_sdp_direction)event->direction;

    snprintf(ret[0], ENTRY_SIZE, "TANDEM_STREAM=%zu", event->stream);
    snprintf(ret[1], ENTRY_SIZE, "TANDEM_DIRECTION=%.*s",
             TND_FMT(tnd_sdp_direction_name(direction)));
    snprintf(ret[2], ENTRY_SIZE, "TANDEM_ADDRESS=%.*s", flow ? (int)flow->remote.address.len : 0,
             flow ? flow->remote.address.ptr : "");
    snprintf(ret[3], ENTRY_SIZE, "TANDEM_PORT=");
    if (flow && flow->remote_port)
        snprintf(ret[3], ENTRY_SIZE, "TANDEM_PORT=%u", flow->remote_port);
    snprintf(ret[4], ENTRY_SIZE, "TANDEM_BANDWIDTH=%u", event->bandwidth);
}

/* The environment of this process and added, in one list of malloc. */
static char **environment(char added[ENVIRONMENT_COUNT][ENTRY_SIZE])
{
    size_t count = 0, kept = 0;

    while (environ[count])
        count++;
    char **list = calloc(count + ENVIRONMENT_COUNT + 1, sizeof(*list));
    for (size_t i = 0; list && i < count; i++)
        if (strncmp(environ[i], "TANDEM_", 7) != 0)
            list[kept++] = environ[i];
    for (size_t i = 0; list && i < ENVIRONMENT_COUNT; i++)
        list[kept++] = added[i];
    return list;
}

/* Its standard output is our standard error: ours is the ladder's, or JSON. Signals that we take ourselves it
 * gets as usual. 0: it could not be started. */
static pid_t spawn(const char *command, char **env)
{
    char shell[] = "sh", option[] = "-c";
    char *argv[] = {shell, option, (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, ours;
    pid_t pid = 0;

    sigemptyset(&none);
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0); /* what it starts ends with it */
    posix_spawnattr_setsigdefault(&attributes, &ours);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    if (posix_spawn(&pid, "/bin/sh", &files, &attributes, argv, env) != 0)
        pid = 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

/* false: it cannot be run. */
static bool run(struct reserve *r, struct reserve_job *job, const struct tnd_ua_event *event)
{
    char added[ENVIRONMENT_COUNT][ENTRY_SIZE];

    describe(event, added);
    char **env = environment(added);
    pid_t pid = env ? spawn(r->how, env) : 0;
    free(env);
    if (pid == 0)
        return false;
    *job = (struct reserve_job){.owner = r, .pid = pid, .call = event->id, .stream = event->stream};
    job->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (job->pidfd >= 0 && tnd_phone_watch(r->phone, job->pidfd, ended, job) == 0)
        return true;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    if (job->pidfd >= 0)
        close(job->pidfd);
    job->pid = 0;
    return false;
}

void reserve_ask(struct reserve *r, const struct tnd_ua_event *event)
{
    struct reserve_job *job = NULL;

    if (!r->how || strcmp(r->how, "ok") == 0 || strcmp(r->how, "fail") == 0) {
        r->done(r->ctx, event->id, event->stream, !r->how || strcmp(r->how, "ok") == 0);
        return;
    }
    for (size_t i = 0; i < RESERVE_COUNT_MAX && !job; i++)
        if (r->jobs[i].pid == 0)
            job = &r->jobs[i];
    if (!job || !run(r, job, event))
        r->done(r->ctx, event->id, event->stream, false);
}

void reserve_end(struct reserve *r)
{
    for (size_t i = 0; i < RESERVE_COUNT_MAX; i++) {
        struct reserve_job *job = &r->jobs[i];

        if (job->pid == 0)
            continue;
        kill(-job->pid, SIGTERM);
        tnd_phone_unwatch(r->phone, job->pidfd);
        close(job->pidfd);
        job->pid = 0;
    }
}
