/* tandem diagnose: what went wrong with the calls of a capture, a log or an interface. */
#include "cli/diagnose.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/diagnose_options.h"
#include "cli/diagnose_read.h"
#include "cli/ladder.h"

enum { STATUS_INTERRUPTED = 130 };

/* Who watches wants to know soon; what still belongs to a call that is over comes within some resends. */
#define LIVE_SILENCE TND_SEC(4)

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    interrupted = signal;
}

/* The first one ends reading; the second one ends the program. */
static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void tell(struct diagnose *d, const struct tnd_diag_call *call)
{
    bool is_shown = d->all || d->filter.rule || diagnose_is_trouble(call);

    diagnose_count(d, call);
    if (d->json)
        diagnose_json_put(d, call);
    else if (is_shown)
        diagnose_show(d, call);
    if (is_shown)
        diagnose_page_put(d, call);
}

static void drain(struct diagnose *d)
{
    for (const struct tnd_diag_call *call; (call = tnd_diag_take(d->diag));)
        if (diagnose_filter_fits(&d->filter, call))
            tell(d, call);
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return TND_SEC((int64_t)t.tv_sec) + t.tv_nsec / 1000;
}

/* Whoever reads may have read enough. */
static bool is_enough(const struct diagnose *d)
{
    return interrupted || d->is_broken || (d->out && ferror(d->out)) || ferror(stdout);
}

/* Until there is enough, and then what the system has got from before that moment. */
static void read_live(struct diagnose *d, struct diagnose_reader *r)
{
    int64_t end = INT64_MAX;

    fprintf(stderr, "tandem: watching %s; Ctrl-C ends it\n", d->interface);
    for (;;) {
        const struct tnd_diag_seen *seen;
        enum capture_file_got got = diagnose_read_live(r, &seen);

        if (got == CAPTURE_FILE_SEEN && seen->at <= end)
            tnd_diag_feed(d->diag, seen);
        else if (got == CAPTURE_FILE_IDLE && end == INT64_MAX)
            tnd_diag_pass(d->diag, now());
        else
            return;
        drain(d);
        if (end == INT64_MAX && is_enough(d))
            end = now();
    }
}

static void read_files(struct diagnose *d, struct diagnose_reader *r)
{
    for (const struct tnd_diag_seen *seen; !is_enough(d) && (seen = diagnose_read_next(r));) {
        tnd_diag_feed(d->diag, seen);
        drain(d);
        if (diagnose_progress_is_due(&d->progress)) {
            struct capture_file_progress p = diagnose_read_progress(r);

            diagnose_progress_tell(&d->progress, p.bytes, p.size, d->sum.failed);
        }
    }
}

/* CLI_USAGE: one of them cannot be opened; the others are read all the same. */
static int open_all(const struct diagnose *d, struct diagnose_reader *r)
{
    int status = CLI_OK;

    if (d->interface)
        return diagnose_read_open(
            r, &(struct capture_file_place){.interface = d->interface, .filter = d->packet_filter});
    for (size_t i = 0; d->files[i]; i++)
        if (diagnose_read_open(r, &(struct capture_file_place){
                                      .path = d->files[i], .filter = d->packet_filter}) != CLI_OK)
            status = CLI_USAGE;
    return status;
}

/* All that was read has been told; what it comes to. */
static int sum_up(struct diagnose *d, bool is_whole)
{
    const struct tnd_diag_stats *stats = tnd_diag_stats(d->diag);
    int status = CLI_OK;

    d->sum.messages = stats->messages;
    d->sum.skipped = stats->skipped;
    diagnose_count_end(d);
    if (d->json)
        diagnose_json_end(d);
    else
        diagnose_show_sum(d);
    if (is_whole)
        status = diagnose_page_end(d);
    else
        diagnose_page_drop(d);
    if (stats->lost > 0)
        status = cli_fail("diagnose: out of memory: %llu messages were not looked at",
                          (unsigned long long)stats->lost);
    if (d->is_broken)
        status = cli_fail("diagnose: out of memory: not all calls were told");
    return status;
}

static int run(struct diagnose *d, struct diagnose_reader *r)
{
    int status = open_all(d, r);

    if (r->count == 0)
        return status;
    if (d->json)
        diagnose_json_begin(d);
    diagnose_progress_start(&d->progress);
    if (d->interface)
        read_live(d, r);
    else
        read_files(d, r);
    tnd_diag_end(d->diag);
    drain(d);
    bool is_whole = !interrupted || d->interface;
    int summed = sum_up(d, is_whole), read = diagnose_read_close(r);
    if (!is_whole) {
        cli_fail("diagnose: interrupted: what was read until then is told%s",
                 d->page.path ? ", and the page is not written" : "");
        return STATUS_INTERRUPTED;
    }
    if (summed != CLI_OK || read != CLI_OK)
        status = CLI_USAGE;
    return status == CLI_OK && d->sum.failed + d->sum.broken > 0 ? CLI_FAILED : status;
}

static void look_at_terminal(struct diagnose *d)
{
    d->colour = cli_colour(stdout);
    d->utf8 = ladder_utf8();
    d->width = columns_of(stdout);
}

static int start(struct diagnose *d)
{
    struct tnd_diag_world world = {.mem = &cli_mem, .silence = d->interface ? LIVE_SILENCE : 0};

    if (getrandom(&world.seed, sizeof(world.seed), 0) != sizeof(world.seed))
        return cli_fail("diagnose: random bytes: %s", strerror(errno));
    if (tnd_diag_new(&world, &d->diag) != 0)
        return cli_fail("diagnose: out of memory");
    tnd_arena_init(&d->arena, NULL, 0, &cli_mem, DIAGNOSE_LADDER_SIZE);
    look_at_terminal(d);
    watch_signals();
    return diagnose_page_open(d);
}

int cli_diagnose(int argc, char **argv)
{
    struct diagnose d = {.json = false};
    struct diagnose_reader reader = {.count = 0};
    int status = diagnose_options(&d, argc, argv);

    if (status >= 0)
        return status;
    status = start(&d);
    if (status == CLI_OK)
        status = run(&d, &reader);
    diagnose_page_drop(&d);
    tnd_diag_free(&d.diag);
    tnd_arena_fini(&d.arena);
    free(d.room.ptr);
    return status;
}
