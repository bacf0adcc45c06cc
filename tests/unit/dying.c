/* What a function says when it dies of an assertion: in a child, read through a pipe. */
#define _POSIX_C_SOURCE 200809L

#include "unit/dying.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/test.h"

static _Noreturn void be_child(int out, void (*die)(void *ctx), void *ctx)
{
    struct rlimit no_core = {0, 0};

    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGABRT, SIG_DFL); /* no sanitizer's report after the last words */
    dup2(out, STDERR_FILENO);
    die(ctx);
    _exit(0);
}

static void read_all(int in, char *text, size_t size)
{
    size_t len = 0;
    ssize_t n;

    while (len + 1 < size && (n = read(in, text + len, size - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
}

void dying_words(void (*die)(void *ctx), void *ctx, char *text, size_t size)
{
    int pipe_ends[2], status = 0;

    CHECK_EQ(pipe(pipe_ends), 0);
    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        be_child(pipe_ends[1], die, ctx);
    close(pipe_ends[1]);
    read_all(pipe_ends[0], text, size);
    close(pipe_ends[0]);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGABRT);
}

void check_dies(void (*die)(void *ctx), void *ctx)
{
    char text[4096];

    dying_words(die, ctx, text, sizeof(text));
    CHECK(strstr(text, "tandem: assertion failed: "));
}
