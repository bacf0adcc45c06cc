/* How far reading has come: one line on a terminal, which is gone when there is something else to show. */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/diagnose.h"

enum {
    CALLS_PER_LOOK = 16,   /* messages between two looks at the clock */
    MOMENT_NS = 700000000, /* before it is shown at all */
    REFRESH_NS = 200000000,
};

static struct timespec later(long ns)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ns;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static bool is_past(const struct timespec *at)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > at->tv_sec || (now.tv_sec == at->tv_sec && now.tv_nsec >= at->tv_nsec);
}

void diagnose_progress_start(struct diagnose_progress *p)
{
    *p = (struct diagnose_progress){.is_on = isatty(STDERR_FILENO), .next = later(MOMENT_NS)};
}

bool diagnose_progress_is_due(struct diagnose_progress *p)
{
    return p->is_on && ++p->calls % CALLS_PER_LOOK == 0 && is_past(&p->next);
}

void diagnose_progress_tell(struct diagnose_progress *p, uint64_t bytes, uint64_t size,
                            uint64_t failed)
{
    fputs("\r\033[K", stderr);
    if (size > 0 && bytes <= size)
        fprintf(stderr, "%u %% of %llu MB", (unsigned)((double)bytes * 100 / (double)size),
                (unsigned long long)(size >> 20));
    else
        fprintf(stderr, "%llu MB", (unsigned long long)(bytes >> 20));
    fprintf(stderr, ", %llu failed", (unsigned long long)failed);
    p->is_shown = true;
    p->next = later(REFRESH_NS);
}

void diagnose_progress_end(struct diagnose_progress *p, bool is_over)
{
    if (p->is_shown)
        fputs("\r\033[K", stderr);
    p->is_shown = false;
    p->is_on &= !is_over;
}
