/* tandem-sim: runs scenarios, one seed after the other; man/tandem-sim.1. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/phone.h"
#include "sim/scenario.h"

enum { EXIT_FOUND = 1, EXIT_WRONG = 2, SECONDS_USUAL = 20, SECONDS_MAX = 86400 };

static const char *const levels[] = {"none", "some", "many"};
static const char *const plays[] = {"lab", "users", "agents"};

struct options {
    struct sim_plan plan;
    uint64_t seeds;
    bool trace, shrink;
};

/* What is running, for whoever hears that it crashed. */
static char again[400];

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

static const struct tnd_mem heap = {take, give, NULL};

static void print_line(void *ctx, struct tnd_slice line)
{
    (void)ctx;
    printf("%.*s\n", TND_FMT(line));
}

/* An assertion failed, in this seed. */
static void crashed(int signal_number)
{
    (void)signal_number;
    ssize_t ignored = write(STDERR_FILENO, again, strlen(again));
    (void)ignored;
}

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "tandem-sim: %s%s%s; 'tandem-sim --help' tells more\n", what, value ? ": " : "",
            value ? value : "");
    return EXIT_WRONG;
}

static void help(void)
{
    puts("usage: tandem-sim [OPTION...]\n"
         "\n"
         "Runs Tandem nodes and phones in a simulated world, and checks what they do.\n"
         "\n"
         "  --seed N        the first seed (1)\n"
         "  --seeds M       how many seeds, one after the other (1)\n"
         "  --play NAME     lab, users or agents: who is there (lab)\n"
         "  --faults LEVEL  none, some or many (some)\n"
         "  --seconds S     simulated seconds with faults (20)\n"
         "  --without LIST  switches, parted by commas, that are turned off\n"
         "  --trick NAME    the one thing that phones which misbehave do\n"
         "  --no-shrink     does not look for a smaller run after a failure\n"
         "  --trace         tells what happens, a line for each message\n"
         "  --help          this\n");
    fputs("Switches:", stdout);
    for (unsigned i = 0; i < SIM_SWITCH_COUNT; i++)
        printf(" %s", sim_switch_name((enum sim_switch)i));
    fputs("\nTricks:", stdout);
    for (unsigned i = 0; i < sim_trick_count(); i++)
        printf(" %s", sim_trick_name(i));
    puts("\n\nExit status: 0 nothing found, 1 a law was broken, 2 wrong usage.");
}

static bool read_number(const char *text, uint64_t max, uint64_t *ret)
{
    return tnd_slice_number(tnd_slice_str(text), max, ret);
}

static bool read_switches(const char *text, uint64_t *ret)
{
    while (*text) {
        size_t len = strcspn(text, ",");
        unsigned i = 0;

        while (
            i < SIM_SWITCH_COUNT &&
            !tnd_slice_eq(tnd_slice(text, len), tnd_slice_str(sim_switch_name((enum sim_switch)i))))
            i++;
        if (i == SIM_SWITCH_COUNT)
            return false;
        *ret |= (uint64_t)1 << i;
        text += len + (text[len] == ',');
    }
    return true;
}

static bool read_level(const char *text, enum sim_level *ret)
{
    for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        if (strcmp(text, levels[i]) != 0)
            continue;
        *ret = (enum sim_level)i;
        return true;
    }
    return false;
}

static bool read_play(const char *text, uint8_t *ret)
{
    for (unsigned i = 0; i < sizeof(plays) / sizeof(*plays); i++) {
        if (strcmp(text, plays[i]) != 0)
            continue;
        *ret = (uint8_t)i;
        return true;
    }
    return false;
}

static bool read_trick(const char *text, int *ret)
{
    for (unsigned i = 0; i < sim_trick_count(); i++) {
        if (strcmp(text, sim_trick_name(i)) != 0)
            continue;
        *ret = (int)i;
        return true;
    }
    return false;
}

/* An option that has a value. -1: there is none of that name; 0: the value is wrong. */
static int read_valued(struct options *o, const char *name, const char *value)
{
    uint64_t seconds;

    if (strcmp(name, "--seed") == 0)
        return read_number(value, UINT64_MAX, &o->plan.seed);
    if (strcmp(name, "--seeds") == 0)
        return read_number(value, UINT64_MAX, &o->seeds) && o->seeds > 0;
    if (strcmp(name, "--faults") == 0)
        return read_level(value, &o->plan.level);
    if (strcmp(name, "--play") == 0)
        return read_play(value, &o->plan.play);
    if (strcmp(name, "--without") == 0)
        return read_switches(value, &o->plan.without);
    if (strcmp(name, "--trick") == 0)
        return read_trick(value, &o->plan.trick);
    if (strcmp(name, "--seconds") != 0)
        return -1;
    if (!read_number(value, SECONDS_MAX, &seconds) || seconds == 0)
        return 0;
    o->plan.seconds = (unsigned)seconds;
    return 1;
}

/* 0: go on; else end with that status, less one. */
static int read_options(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char name[32] = {0};
        const char *equals = strchr(argv[i], '=');
        size_t len = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);

        memcpy(name, argv[i], len < sizeof(name) ? len : sizeof(name) - 1);
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help();
            return 1 + EXIT_SUCCESS;
        }
        if (strcmp(argv[i], "--trace") == 0) {
            o->trace = true;
            continue;
        }
        if (strcmp(argv[i], "--no-shrink") == 0) {
            o->shrink = false;
            continue;
        }
        const char *value = equals ? equals + 1 : i + 1 < argc ? argv[i + 1] : "";
        int read = read_valued(o, name, value);
        if (read < 0)
            return 1 + wrong("there is no option", argv[i]);
        if (read == 0)
            return 1 + wrong("wrong value", argv[i]);
        i += !equals;
    }
    return 0;
}

static void put_command(struct tnd_writer *w, const struct sim_plan *plan)
{
    bool first = true;

    tnd_put_str(w, "tandem-sim --seed ");
    tnd_put_number(w, plan->seed);
    tnd_put_str(w, " --faults ");
    tnd_put_str(w, levels[plan->level]);
    if (plan->play != SIM_PLAY_LAB) {
        tnd_put_str(w, " --play ");
        tnd_put_str(w, plays[plan->play]);
    }
    if (plan->seconds != SECONDS_USUAL) {
        tnd_put_str(w, " --seconds ");
        tnd_put_number(w, plan->seconds);
    }
    if (plan->trick >= 0) {
        tnd_put_str(w, " --trick ");
        tnd_put_str(w, sim_trick_name((unsigned)plan->trick));
    }
    for (unsigned i = 0; i < SIM_SWITCH_COUNT; i++) {
        if ((plan->without >> i & 1) == 0)
            continue;
        tnd_put_str(w, first ? " --without " : ",");
        tnd_put_str(w, sim_switch_name((enum sim_switch)i));
        first = false;
    }
}

static void say_again(const struct sim_plan *plan)
{
    struct tnd_writer w = tnd_writer(again, sizeof(again) - 1);

    memset(again, 0, sizeof(again));
    tnd_put_str(&w, "tandem-sim: crashed; again: ");
    put_command(&w, plan);
    tnd_put_str(&w, "\n");
}

static void report(const struct options *o, const struct sim_plan *plan,
                   const struct sim_result *result)
{
    static struct sim_result small;
    char room[400];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    put_command(&w, plan);
    printf("seed %llu: %.*s  again: %.*s --trace\n", (unsigned long long)plan->seed,
           (int)result->violation.len, result->violation.text, TND_FMT(tnd_writer_slice(&w)));
    if (!o->shrink)
        return;
    struct sim_plan smaller = sim_shrink(&heap, plan, &small);
    if (smaller.without == plan->without)
        return;
    w = tnd_writer(room, sizeof(room));
    put_command(&w, &smaller);
    printf("  smaller: %.*s --trace\n", TND_FMT(tnd_writer_slice(&w)));
}

static void add(struct sim_counts *sum, const struct sim_counts *c)
{
    sum->messages += c->messages;
    sum->lost += c->lost;
    sum->doubled += c->doubled;
    sum->connections += c->connections;
    sum->broken += c->broken;
    sum->crashes += c->crashes;
    sum->lookups += c->lookups;
}

static void progress(uint64_t done, uint64_t all, uint64_t failed)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%llu of %llu seeds, %llu failed ", (unsigned long long)done,
                (unsigned long long)all, (unsigned long long)failed);
}

static int run_all(const struct options *o)
{
    static struct sim_result result;
    struct sim_counts sum = {0};
    uint64_t failed = 0, calls = 0, answered = 0;

    for (uint64_t i = 0; i < o->seeds; i++) {
        struct sim_plan plan = o->plan;

        plan.seed += i;
        plan.put = o->trace ? print_line : NULL;
        say_again(&plan);
        sim_run(&heap, &plan, &result);
        add(&sum, &result.counts);
        calls += result.calls;
        answered += result.answered;
        progress(i + 1, o->seeds, failed);
        if (result.violation.law == SIM_LAW_NONE)
            continue;
        failed++;
        report(o, &plan, &result);
    }
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    printf("%llu messages, %llu requests of phones that behave, %llu answered; %llu crashes, "
           "%llu lost, %llu doubled, %llu connections, %llu broken, %llu look-ups\n",
           (unsigned long long)sum.messages, (unsigned long long)calls,
           (unsigned long long)answered, (unsigned long long)sum.crashes,
           (unsigned long long)sum.lost, (unsigned long long)sum.doubled,
           (unsigned long long)sum.connections, (unsigned long long)sum.broken,
           (unsigned long long)sum.lookups);
    if (o->seeds == 1)
        printf("trace %016llx\n", (unsigned long long)result.hash);
    printf("%llu passed, %llu failed\n", (unsigned long long)(o->seeds - failed),
           (unsigned long long)failed);
    return failed > 0 ? EXIT_FOUND : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct options o = {
        .plan = {.seed = 1, .level = SIM_FAULTS_SOME, .seconds = SECONDS_USUAL, .trick = -1},
        .seeds = 1,
        .shrink = true,
    };
    int end = read_options(&o, argc, argv);

    if (end != 0)
        return end - 1;
    struct sigaction action = {.sa_handler = crashed, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGABRT, &action, NULL);
    int status = run_all(&o);
    if (fflush(stdout) != 0 || ferror(stdout))
        return wrong("standard output cannot be written", NULL);
    return status;
}
