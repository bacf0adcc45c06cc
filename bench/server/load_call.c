/* The calls under way, and what is counted. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

enum { CODES = 700 };

static struct call *calls;
static long *vacant; /* a stack of slots that are not in use */
static long vacant_count, slots_touched;
static uint32_t last_number;
static char this_run[RUN_ID + 1];

struct counts run;

static struct {
    uint64_t packets, bytes;
} messages[ENDS][WAYS][METHODS][CODES];

static uint64_t *latencies;
static size_t latency_count, latency_space;
static bool latencies_sorted;

/* ---- calls ---- */

static uint64_t random_next(void)
{
    static uint64_t state;

    if (!state)
        state = clock_ns() ^ (uint64_t)getpid() << 32;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 24;
}

void calls_open(void)
{
    calls = calloc((size_t)opt.window, sizeof(*calls));
    vacant = calloc((size_t)opt.window, sizeof(*vacant));
    if (!calls || !vacant)
        die("no memory for %ld calls", opt.window);
    for (long i = opt.window - 1; i >= 0; i--)
        vacant[vacant_count++] = i;
    for (int i = 0; i < RUN_ID; i++)
        this_run[i] = "abcdefghijklmnopqrstuvwxyz"[random_next() % 26];
}

void calls_close(void)
{
    for (long i = 0; i < slots_touched; i++)
        for (int k = 0; k < BRANCHES_MAX; k++)
            free(calls[i].kept[k].bytes);
    free(calls);
    free(vacant);
    free(latencies);
}

uint32_t call_slot(const struct call *c)
{
    return (uint32_t)(c - calls);
}

const char *run_id(void)
{
    return this_run;
}

static uint32_t choose_aor(void)
{
    if (opt.flow->first == REGISTER)
        return (uint32_t)(run.started % (opt.aors ? opt.aors : 100000000));
    return opt.aors ? (uint32_t)(random_next() % (uint64_t)opt.aors) : 0;
}

static void name_callee(struct call *c)
{
    struct text t = text_over(c->callee, sizeof(c->callee) - 1);

    if (opt.flow->first == OPTIONS) {
        PUT(&t, "sip:", opt.server.text);
    } else if (opt.flow->first == REGISTER || opt.aors) {
        PUT(&t, "sip:", opt.prefix);
        put_decimal(&t, c->aor);
        PUT(&t, "@", opt.domain);
    } else if (opt.user) {
        PUT(&t, "sip:", opt.user, "@", opt.domain);
    } else {
        PUT(&t, "sip:uas@", opt.end[CALLEE].text);
    }
    *t.at = 0;
}

static void name_call(struct call *c)
{
    struct text t = text_over(c->token, TOKEN);

    PUT(&t, this_run);
    put_hex(&t, call_slot(c));
    put_hex(&t, c->number);
    *t.at = 0;
}

struct call *call_start(uint64_t now_ns, uint64_t asked_ns)
{
    struct call *c;

    if (!vacant_count)
        return NULL;
    c = &calls[vacant[--vacant_count]];
    if (call_slot(c) >= slots_touched)
        slots_touched = call_slot(c) + 1;
    memset(c, 0, offsetof(struct call, kept));
    c->used = true;
    c->number = ++last_number;
    c->aor = choose_aor();
    c->asked_ns = asked_ns;
    c->deadline_ns = now_ns + seconds_ns(opt.timeout_s);
    c->missing = flow_messages(opt.flow);
    name_callee(c);
    name_call(c);
    run.started++;
    run.active++;
    return c;
}

void call_end(struct call *c, bool ok, const char *why)
{
    if (ok)
        run.ok++;
    else
        fault(&run.failed, "%s", why);
    c->used = false;
    run.active--;
    run.held -= c->held != NULL;
    vacant[vacant_count++] = call_slot(c);
}

void call_keep(struct call *c, unsigned branch, struct slice bytes)
{
    struct kept *k = &c->kept[branch];

    if (!k->bytes)
        k->bytes = malloc(PACKET_MAX);
    if (!k->bytes)
        die("no memory to keep a message");
    memcpy(k->bytes, bytes.at, bytes.size);
    k->size = bytes.size;
}

struct call *call_find_slot(const char *run_name, uint32_t slot, uint32_t number)
{
    if (memcmp(run_name, this_run, RUN_ID) || slot >= opt.window) {
        run.stale++;
        return NULL;
    }
    if (!calls[slot].used || calls[slot].number != number) {
        run.late++;
        return NULL;
    }
    return &calls[slot];
}

static uint32_t hex(const char *digits)
{
    char copy[9] = "";

    memcpy(copy, digits, 8);
    return (uint32_t)strtoul(copy, NULL, 16);
}

struct call *call_find(const char *token, size_t size)
{
    if (size < TOKEN) {
        run.stale++;
        return NULL;
    }
    return call_find_slot(token, hex(token + RUN_ID), hex(token + RUN_ID + 8));
}

struct call *call_next(struct call *c)
{
    for (long i = c ? call_slot(c) + 1 : 0; i < slots_touched; i++)
        if (calls[i].used)
            return &calls[i];
    return NULL;
}

/* ---- counts ---- */

void count_reset(void)
{
    run = (struct counts){0};
    memset(messages, 0, sizeof(messages));
    latency_count = 0;
    latencies_sorted = false;
}

void count_message(enum end end, enum way way, enum method method, int code, size_t size)
{
    messages[end][way][method][code].packets++;
    messages[end][way][method][code].bytes += size;
}

void fault(long *counter, const char *format, ...)
{
    va_list arguments;

    ++*counter;
    if (*run.why)
        return;
    va_start(arguments, format);
    vsnprintf(run.why, sizeof(run.why), format, arguments);
    va_end(arguments);
}

void count_latency(uint64_t ns)
{
    if (latency_count == latency_space) {
        latency_space = latency_space ? latency_space * 2 : 1 << 16;
        latencies = realloc(latencies, latency_space * sizeof(*latencies));
        if (!latencies)
            die("no memory for %zu latencies", latency_space);
    }
    latencies[latency_count++] = ns;
}

static int compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

double latency_us(double quantile)
{
    size_t at = (size_t)(quantile * (double)latency_count);

    if (!latency_count)
        return 0;
    if (!latencies_sorted)
        qsort(latencies, latency_count, sizeof(*latencies), compare);
    latencies_sorted = true;
    return (double)latencies[at < latency_count ? at : latency_count - 1] / 1000;
}

static void show_message(enum end end, enum way way, enum method method, int code)
{
    static const char *separator = "";
    uint64_t packets = messages[end][way][method][code].packets;
    char suffix[16] = "";

    if (!packets)
        return;
    if (code)
        snprintf(suffix, sizeof(suffix), "/%d", code);
    printf("%s\"%s%s%s%s\":[%llu,%.1f]", separator, end == CALLER ? "uac" : "uas",
           way == TO_SERVER ? ">" : "<", METHOD_NAMES[method], suffix, (unsigned long long)packets,
           (double)messages[end][way][method][code].bytes / (double)packets);
    separator = ",";
}

/* As {"uac>INVITE":[packets,average size],...}: end, way, method and code. */
void show_flow(void)
{
    printf("{");
    for (enum end end = CALLER; end < ENDS; end++)
        for (enum way way = TO_SERVER; way < WAYS; way++)
            for (enum method method = INVITE; method < METHODS; method++)
                for (int code = 0; code < CODES; code++)
                    show_message(end, way, method, code);
    printf("}");
}
