/* Places calls through a SIP server, answers them, and says what became of them: load.h, README.md. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

static const char USAGE[] =
    "load --mode proxy|message|busy6xx|fork|redirect|register|options|raw --server IP:PORT\n"
    "  --uac IP:PORT        the caller (127.0.0.1:0)\n"
    "  --uas IP:PORT        the callee (127.0.0.1:0)\n"
    "  --calls N            calls of the measured phase (10000)\n"
    "  --window N           calls under way at most (32; with --rate 4096): closed loop\n"
    "  --rate N             calls a second, whatever becomes of them: open loop\n"
    "  --warmup N           calls before the measured phase, not counted\n"
    "  --user NAME          call sip:NAME@DOMAIN, not the callee's own address\n"
    "  --aors N             call one of N users at random; register: user i mod N\n"
    "  --register-first N   register N users with the callee's address, then call them\n"
    "  --prefix P           user part of their names, before eight digits (u; fork: f)\n"
    "  --domain D           what follows @ (the server's address)\n"
    "  --branches N         fork: contacts of each user (3)\n"
    "  --hold S             proxy: let every call ring, redirect: ACK no 302, until all have come\n"
    "                       so far; print RINGING or COMPLETED, and wait S seconds\n"
    "                       (with --sync: for a line of input)\n"
    "  --timeout S          until a call has failed (8)\n"
    "  --linger S           stay after the last call, to see what comes too late (0.6)\n"
    "  --spin               never sleep\n"
    "  --sync               print READY before the measured phase, and wait for a line of input\n"
    "  --raw-script T       raw: the packets; --raw-lat N: the step that is timed\n"
    "Loopback addresses only. Prints one JSON object; status 1 if a call failed.\n";

struct options opt = {
    .calls = 10000,
    .branches = 3,
    .timeout_s = 8,
    .linger_s = 0.6,
};

static const char *raw_script;
static int raw_latency_step;

void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/* ---- time ---- */

uint64_t clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t seconds_ns(double seconds)
{
    return (uint64_t)(seconds * 1e9);
}

static double cpu_us(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* ---- one phase: so many calls of one flow ---- */

static const uint64_t TIMERS_NS = 100000000, NAP_NS = 50000000;

static struct phase {
    long calls, rate;
    long limit; /* calls at work at once; those that are held do not count */
    bool hold;
    uint64_t began_ns, next_ns, last_ns; /* the next call is due; something last happened */
    uint64_t busy_ns;                    /* spent on packets */
    struct call *releasing;
} phase;

static void start_call(uint64_t now_ns, uint64_t asked_ns)
{
    flow_first(call_start(now_ns, asked_ns), now_ns);
}

/* At their times. A call that found the window full starts later, and its wait counts. */
static int start_at_rate(uint64_t now_ns)
{
    int count = 0;

    for (; run.started < phase.calls && phase.next_ns <= now_ns; count++) {
        if (run.active == opt.window) {
            run.behind++;
            break;
        }
        start_call(now_ns, phase.next_ns);
        phase.next_ns += 1000000000 / (uint64_t)phase.rate;
    }
    return count;
}

static int start_in_window(uint64_t now_ns)
{
    int count = 0;

    for (; run.started < phase.calls && run.active < opt.window; count++) {
        if (run.active - run.held >= phase.limit)
            break;
        start_call(now_ns, now_ns);
    }
    return count;
}

static void await_line(void)
{
    char line[16];

    if (!fgets(line, sizeof(line), stdin))
        exit(1);
}

static void say(const char *word)
{
    puts(word);
    fflush(stdout);
}

/* All calls are as far as they come: says so, waits for the word, lets them go on. */
static void await_release(void)
{
    char line[32];

    snprintf(line, sizeof(line), "%s %ld", opt.flow->held, run.held);
    say(line);
    if (opt.sync)
        await_line();
    else
        usleep((useconds_t)(opt.hold_s * 1e6));
    opt.hold = false;
    phase.hold = false;
}

static int release_some(uint64_t now_ns)
{
    int count = 0;

    while (run.held > 0 && run.active - run.held < UNANSWERED_MAX) {
        phase.releasing = call_next(phase.releasing);
        if (!phase.releasing)
            break;
        if (!phase.releasing->held)
            continue;
        flow_release(phase.releasing, now_ns);
        count++;
    }
    return count;
}

static void nap(uint64_t now_ns)
{
    uint64_t ns = NAP_NS;

    if (opt.spin)
        return;
    if (phase.rate && run.started < phase.calls && run.active < opt.window) {
        ns = phase.next_ns > now_ns ? phase.next_ns - now_ns : 0;
        ns = ns < NAP_NS ? ns : NAP_NS;
    }
    net_wait(ns);
}

/* One turn of the loop. */
static void turn(void)
{
    uint64_t now = clock_ns(), after;
    int count;

    if (phase.hold && run.held == phase.calls)
        await_release();
    count = phase.rate ? start_at_rate(now) : start_in_window(now);
    if (!phase.hold)
        count += release_some(now);
    count += net_exchange(flow_receive);
    after = clock_ns();
    if (count) {
        phase.busy_ns += after - now;
        phase.last_ns = after;
    } else {
        nap(after);
    }
}

/* Whoever missed an answer of ours sends again: stay to see it. */
static void linger(double seconds)
{
    uint64_t end = clock_ns() + seconds_ns(seconds);

    for (uint64_t now = clock_ns(); now < end; now = clock_ns()) {
        net_wait(end - now);
        net_exchange(flow_receive);
    }
}

static void run_phase(const struct flow *f, struct phase p, double linger_s)
{
    uint64_t timers_ns = clock_ns() + TIMERS_NS;

    count_reset();
    opt.flow = f;
    opt.hold = p.hold;
    phase = p;
    phase.began_ns = phase.next_ns = phase.last_ns = clock_ns();
    while (run.started < phase.calls || run.active > 0) {
        turn();
        if (clock_ns() > timers_ns) {
            flow_timers(clock_ns());
            timers_ns = clock_ns() + TIMERS_NS;
        }
    }
    linger(linger_s);
}

/* ---- the result ---- */

static void show_result(double own_cpu_us)
{
    double wall_s = (double)(phase.last_ns - phase.began_ns + 1) / 1e9;
    double done = run.ok + run.failed > 0 ? (double)(run.ok + run.failed) : 1;
    double packets = (double)(run.packets[TO_SERVER] + run.packets[FROM_SERVER]);

    printf("{\"mode\":\"%s\",\"calls\":%ld,\"ok\":%ld,\"failed\":%ld,", opt.flow->name,
           run.ok + run.failed, run.ok, run.failed);
    printf("\"wall_s\":%.4f,\"cps\":%.1f,\"msgs_s\":%.0f,", wall_s, (double)run.ok / wall_s,
           packets / wall_s);
    printf("\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,", latency_us(0.5),
           latency_us(0.99), latency_us(0.999), latency_us(1));
    printf("\"retr_sent\":%ld,\"retr_uac\":%ld,\"retr_uas\":%ld,\"timeouts\":%ld,", run.resent,
           run.again[CALLER], run.again[CALLEE], run.timeouts);
    printf("\"unexpected\":%ld,\"bad_forward\":%ld,\"late\":%ld,\"stale\":%ld,\"behind\":%ld,",
           run.unexpected, run.bad_forward, run.late, run.stale, run.behind);
    printf("\"gen_cpu_us_per_call\":%.2f,\"gen_busy_us_per_call\":%.2f,", own_cpu_us / done,
           (double)phase.busy_ns / 1000 / done);
    printf("\"why\":\"%s\",\"flow\":", run.why);
    show_flow();
    printf(",\"server_rx_per_call\":%.3f,\"server_tx_per_call\":%.3f}\n",
           (double)run.packets[TO_SERVER] / done, (double)run.packets[FROM_SERVER] / done);
}

/* ---- options ---- */

static void read_address(const char *text, struct endpoint *ret)
{
    const char *colon = strrchr(text, ':');
    char host[INET_ADDRSTRLEN] = "";

    if (!colon || (size_t)(colon - text) >= sizeof(host))
        die("an address is IP:PORT, not %s", text);
    memcpy(host, text, (size_t)(colon - text));
    ret->address.sin_family = AF_INET;
    ret->address.sin_port = htons((uint16_t)atoi(colon + 1));
    if (inet_pton(AF_INET, host, &ret->address.sin_addr) != 1)
        die("an address is IP:PORT, not %s", text);
    if (ntohl(ret->address.sin_addr.s_addr) >> 24 != 127)
        die("loopback only, not %s", text);
    snprintf(ret->text, sizeof(ret->text), "%s", text);
}

static long read_count(const char *name, const char *text)
{
    char *end;
    long count = strtol(text, &end, 10);

    if (end == text || *end || count < 0)
        die("--%s takes a number, not %s", name, text);
    return count;
}

static double read_seconds(const char *name, const char *text)
{
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end || !(seconds >= 0))
        die("--%s takes seconds, not %s", name, text);
    return seconds;
}

/* Where each option goes, by the kind of its value. */
static const struct option_row {
    const char *name;
    enum { FLOW, ADDRESS, COUNT, NUMBER, SECONDS, STRING, FLAG } kind;
    void *to;
} OPTIONS_KNOWN[] = {
    {"mode", FLOW, &opt.flow},           {"server", ADDRESS, &opt.server},
    {"uac", ADDRESS, &opt.end[CALLER]},  {"uas", ADDRESS, &opt.end[CALLEE]},
    {"calls", COUNT, &opt.calls},        {"window", COUNT, &opt.window},
    {"rate", COUNT, &opt.rate},          {"warmup", COUNT, &opt.warmup},
    {"aors", COUNT, &opt.aors},          {"register-first", COUNT, &opt.register_first},
    {"branches", NUMBER, &opt.branches}, {"raw-lat", NUMBER, &raw_latency_step},
    {"hold", SECONDS, &opt.hold_s},      {"timeout", SECONDS, &opt.timeout_s},
    {"linger", SECONDS, &opt.linger_s},  {"user", STRING, &opt.user},
    {"prefix", STRING, &opt.prefix},     {"domain", STRING, &opt.domain},
    {"raw-script", STRING, &raw_script}, {"spin", FLAG, &opt.spin},
    {"sync", FLAG, &opt.sync},
};

enum { OPTION_COUNT = sizeof(OPTIONS_KNOWN) / sizeof(*OPTIONS_KNOWN) };

static void usage(void)
{
    fputs(USAGE, stderr);
    exit(2);
}

static void set_option(const struct option_row *row, const char *value)
{
    switch (row->kind) {
    case FLOW:
        *(const struct flow **)row->to = flow_named(value);
        break;
    case ADDRESS:
        read_address(value, row->to);
        break;
    case COUNT:
        *(long *)row->to = read_count(row->name, value);
        break;
    case NUMBER:
        *(int *)row->to = (int)read_count(row->name, value);
        break;
    case SECONDS:
        *(double *)row->to = read_seconds(row->name, value);
        if (row->to == &opt.hold_s)
            opt.hold = true;
        break;
    case STRING:
        *(const char **)row->to = value;
        break;
    case FLAG:
        *(bool *)row->to = true;
        break;
    }
}

static void read_options(int argc, char **argv)
{
    struct option known[OPTION_COUNT + 1] = {{0}};
    int index;

    for (int i = 0; i < OPTION_COUNT; i++)
        known[i] = (struct option){.name = OPTIONS_KNOWN[i].name,
                                   .has_arg = OPTIONS_KNOWN[i].kind != FLAG};
    for (int c; (c = getopt_long(argc, argv, "", known, &index)) != -1;) {
        if (c)
            usage();
        set_option(&OPTIONS_KNOWN[index], optarg);
    }
    if (optind != argc || !opt.flow || !*opt.server.text)
        usage();
}

/* What depends on other options. */
static void complete_options(void)
{
    bool fork = opt.flow == flow_named("fork");

    if (opt.branches < 1 || opt.branches > BRANCHES_MAX)
        die("--branches is 1 to %d", BRANCHES_MAX);
    if (opt.hold && !opt.flow->held)
        die("--hold is for proxy and redirect");
    if (opt.flow->raw && !raw_script)
        die("raw wants a script");
    if (opt.flow->raw)
        raw_read_script(raw_script, raw_latency_step);
    if (!fork)
        opt.branches = 0;
    if (fork && !opt.register_first && !opt.aors)
        opt.register_first = 100;
    if (opt.register_first)
        opt.aors = opt.register_first;
    if (!opt.window)
        opt.window = opt.rate ? 4096 : UNANSWERED_MAX;
    if (!opt.prefix)
        opt.prefix = fork ? "f" : "u";
    if (!opt.domain)
        opt.domain = opt.server.text;
}

static void prepare(const struct flow *f)
{
    long limit = opt.window < UNANSWERED_MAX ? opt.window : UNANSWERED_MAX;

    if (opt.register_first) {
        run_phase(flow_named("register"), (struct phase){opt.register_first, .limit = limit}, 0);
        if (run.failed)
            die("--register-first: %ld of %ld failed: %s", run.failed, opt.register_first, run.why);
    }
    if (opt.warmup) {
        run_phase(f, (struct phase){opt.warmup, .limit = limit}, 0.05);
        if (run.failed)
            fprintf(stderr, "load: warm-up: %ld failed: %s\n", run.failed, run.why);
    }
}

static void measure(const struct flow *f, bool hold)
{
    struct phase p = {.calls = opt.calls,
                      .rate = opt.rate,
                      .limit = hold ? UNANSWERED_MAX : opt.window,
                      .hold = hold};
    double cpu;

    if (opt.sync) {
        say("READY");
        await_line();
    }
    cpu = cpu_us();
    run_phase(f, p, opt.linger_s);
    show_result(cpu_us() - cpu);
}

int main(int argc, char **argv)
{
    const struct flow *flow;
    bool hold;

    read_address("127.0.0.1:0", &opt.end[CALLER]);
    read_address("127.0.0.1:0", &opt.end[CALLEE]);
    read_options(argc, argv);
    complete_options();
    flow = opt.flow;
    hold = opt.hold;
    net_open();
    calls_open();
    prepare(flow);
    measure(flow, hold);
    calls_close();
    return run.failed > 0;
}
