/* Trials: begun, watched and ended. */
#include "web/trial.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/clock.h"
#include "net/listen.h"

enum { ARG_COUNT = 20 };

/* What a call needs to be answered with its code: of the others the name of the user is enough. */
static const struct {
    unsigned code;
    const char *option, *value;
} specials[] = {
    {420, "--require", "foo"},
    {481, "--mid-call", "hold"},
    {580, "--precondition", "mandatory"},
};

/* Where this server hears itself: at an address of its own, which it serves. */
static void write_place(struct tnd_writer *w, const struct web_settings *settings)
{
    struct tnd_endpoint e = settings->listen[0];
    bool is_any = tnd_listen_is_any(&e), is_ipv6 = e.family == TND_FAMILY_IPV6;

    if (is_any)
        tnd_put_str(w, is_ipv6 ? "[::1]" : "127.0.0.1");
    else
        tnd_address_write_host(w, &e);
    tnd_put_char(w, ':');
    tnd_put_number(w, e.port);
    if (e.transport == TND_TRANSPORT_TCP)
        tnd_put_str(w, ";transport=tcp");
}

static bool write_call(struct web_trials *t, const struct web_settings *settings, unsigned code,
                       struct web_trial_call *ret)
{
    struct tnd_writer from = tnd_writer(ret->from, sizeof(ret->from) - 1);
    struct tnd_writer uri = tnd_writer(ret->uri, sizeof(ret->uri) - 1);
    uint64_t name;

    tnd_entropy(&name, sizeof(name));
    tnd_put_str(&from, "sip:page-");
    tnd_put_number(&from, ++t->count);
    tnd_put_char(&from, '-');
    tnd_put_hex(&from, &name, sizeof(name));
    tnd_put_str(&from, "@page.invalid");
    tnd_put_str(&uri, "sip:lab-");
    tnd_put_number(&uri, code);
    tnd_put_char(&uri, '@');
    write_place(&uri, settings);
    if (tnd_writer_over(&from) || tnd_writer_over(&uri))
        return false;
    ret->from[from.len] = ret->uri[uri.len] = '\0';
    return true;
}

/* With no signal blocked, as a program expects that. */
static int spawn(char *const args[], pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, every;

    sigemptyset(&none);
    sigfillset(&every);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &every);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        posix_spawn_file_actions_addopen(&files, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
    int error = posix_spawn(ret, "/proc/self/exe", &files, &attributes, args, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error ? TND_EIO : 0;
}

static int start(const struct web_trial_call *call, unsigned code, pid_t *ret)
{
    const char *args[ARG_COUNT] = {"tandem",    "call",       call->uri, "--from",    call->from,
                                   "--no-book", "--duration", "1",       "--timeout", "20"};
    size_t count = 10;

    for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
        if (specials[i].code == code) {
            args[count++] = specials[i].option;
            args[count++] = specials[i].value;
        }
    return spawn((char *const *)(uintptr_t)args, ret);
}

int web_trial_begin(struct web_trials *t, const struct web_settings *settings, unsigned code,
                    struct web_trial_call *ret)
{
    struct web_trial *free_one = NULL;

    if (!settings->lab || settings->listen_count == 0)
        return TND_ENONE;
    for (size_t i = 0; i < WEB_TRIAL_COUNT_MAX; i++)
        if (t->list[i].pid == 0)
            free_one = &t->list[i];
    if (!free_one || !write_call(t, settings, code, ret))
        return TND_ESPACE;
    int err = start(ret, code, &free_one->pid);
    if (err)
        free_one->pid = 0;
    free_one->due = tnd_clock() + TND_SEC(WEB_TRIAL_SECONDS);
    return err;
}

bool web_trials_sweep(struct web_trials *t, tnd_time now)
{
    bool any = false;

    for (size_t i = 0; i < WEB_TRIAL_COUNT_MAX; i++) {
        struct web_trial *trial = &t->list[i];

        if (trial->pid == 0)
            continue;
        if (trial->due <= now)
            kill(trial->pid, SIGKILL);
        if (waitpid(trial->pid, NULL, WNOHANG) != 0)
            trial->pid = 0;
        any = any || trial->pid != 0;
    }
    return any;
}

void web_trials_end(struct web_trials *t)
{
    for (size_t i = 0; i < WEB_TRIAL_COUNT_MAX; i++)
        if (t->list[i].pid > 0) {
            kill(t->list[i].pid, SIGKILL);
            waitpid(t->list[i].pid, NULL, 0);
            t->list[i].pid = 0;
        }
}
