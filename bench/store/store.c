/* What the store costs: bench_store DIRECTORY [COUNT]. Registers COUNT phones (100,000) in a new
 * store there, refreshes them with so many changes on their way at one time, finds them, and opens
 * the store again. Nothing is a test; what a disk takes to keep something for good decides most. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "db/inside.h"
#include "db/lmdb_env.h"

enum {
    SECONDS = 3,
    FIND_COUNT = 1000000,
    SPREAD = 7919, /* a prime: phones come in no order */
};

struct bench {
    struct tnd_db *db;
    struct tnd_db_queue *queue;
    int wake;
    struct tnd_arena a;
    struct tnd_random random;
    unsigned count;   /* of phones */
    uint32_t refresh; /* CSeq */
    unsigned failed;
};

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long status_kib(const char *name)
{
    char line[256];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && fgets(line, sizeof(line), f))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    if (f)
        fclose(f);
    return kib;
}

static size_t commits(const struct bench *b)
{
    MDB_envinfo info;

    mdb_env_info(((struct db_lmdb *)b->db->kv)->env, &info);
    return info.me_last_txnid;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_store: %s\n", what);
    exit(1);
}

static void say(void *ctx, const char *line)
{
    (void)ctx;
    fprintf(stderr, "%s\n", line);
}

static void open_store(struct bench *b, const char *directory)
{
    struct tnd_db_fault fault;

    if (tnd_db_open(directory, &fault, &b->db) ||
        tnd_db_start(b->db, &(struct tnd_db_log){say, NULL}, &fault))
        die(fault.text);
    b->wake = eventfd(0, 0);
    if (b->wake < 0 || tnd_db_queue_new(b->db, b->wake, &b->queue))
        die("no memory");
}

static struct tnd_slice aor_of(unsigned phone, char *room, size_t size)
{
    return tnd_slice(room, (size_t)snprintf(room, size, "user%06u@example.com", phone));
}

/* A phone of today behind UDP: about 180 bytes. */
static void put(struct bench *b, unsigned phone)
{
    char aor[32], uri[96], call_id[64], params[96];
    struct tnd_binding contact = {.until = time(NULL) + 3600, .cseq = b->refresh, .q = -1};

    snprintf(uri, sizeof(uri), "sip:user%06u@192.0.2.%u:5060;transport=udp;ob", phone, phone % 250);
    snprintf(call_id, sizeof(call_id), "%08x-1dd2-11b2-a105-%012x", phone * 2654435761U, phone);
    snprintf(params, sizeof(params), ";+sip.instance=\"<urn:uuid:%08x-1dd2-11b2-a105-%012x>\"",
             phone * 40503U, phone);
    contact.uri = tnd_slice_str(uri);
    contact.call_id = tnd_slice_str(call_id);
    contact.params = tnd_slice_str(params);
    contact.source = tnd_endpoint(TND_TRANSPORT_UDP, (const uint8_t[]){192, 0, 2, 1}, 4, 5060);
    struct tnd_binding_change change = {&contact, 1, false, contact.call_id, contact.cseq, 10};
    struct tnd_store_op op = {TND_STORE_CHANGE, aor_of(phone, aor, sizeof(aor)), &change,
                              time(NULL)};
    if (!tnd_db_queue_put(b->queue, &op, phone))
        die("the queue is full");
}

/* Takes what has come; waits if that is nothing. How much it was. */
static unsigned take(struct bench *b)
{
    struct pollfd wake = {.fd = b->wake, .events = POLLIN};
    struct tnd_store_answer answer;
    uint64_t token, count;
    unsigned taken = 0;

    for (; tnd_arena_reset(&b->a), tnd_db_queue_next(b->queue, &b->a, &token, &answer); taken++)
        b->failed += answer.result != TND_STORE_OK;
    if (taken == 0 && (poll(&wake, 1, -1) < 1 || read(b->wake, &count, sizeof(count)) < 0))
        die("poll");
    return taken;
}

/* With so many on their way at one time: each phone once, or any of them for some seconds. */
static void run(struct bench *b, unsigned window, bool each_once)
{
    double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), spent;
    size_t before = commits(b), put_count = 0, taken = 0;
    bool more = true;

    for (b->refresh++; more || taken < put_count; taken += take(b))
        while (more && put_count - taken < window) {
            put(b, (unsigned)(each_once ? put_count * SPREAD % b->count
                                        : tnd_random_below(&b->random, b->count)));
            put_count++;
            b->refresh += !each_once; /* one phone may come twice */
            more = each_once ? put_count < b->count : seconds(CLOCK_MONOTONIC) - start < SECONDS;
        }
    spent = seconds(CLOCK_MONOTONIC) - start;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("%-10s %5u at a time %9.0f changes/s %7.2f us CPU each %8.1f changes/commit\n",
           each_once ? "register" : "refresh", window, (double)taken / spent,
           cpu * 1e6 / (double)taken, (double)taken / (double)(commits(b) - before));
}

static void find(struct bench *b, unsigned beyond, const char *what)
{
    struct tnd_db_reader *reader;
    struct tnd_entry entry;
    size_t found = 0;
    char room[32];

    if (tnd_db_reader_new(b->db, &reader))
        die("no reader");
    double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (unsigned i = 0; i < FIND_COUNT; i++) {
        unsigned phone = beyond + (unsigned)tnd_random_below(&b->random, b->count);

        tnd_arena_reset(&b->a);
        if (tnd_db_find(reader, aor_of(phone, room, sizeof(room)), time(NULL), &b->a, &entry))
            die("a record cannot be read");
        found += entry.binding_count;
    }
    printf("%-10s %7.3f us each; %zu bindings\n", what,
           (seconds(CLOCK_THREAD_CPUTIME_ID) - start) * 1e6 / FIND_COUNT, found);
    tnd_db_reader_free(&reader);
}

static void close_store(struct bench *b)
{
    tnd_db_queue_free(&b->queue);
    close(b->wake);
    tnd_db_close(&b->db);
}

static void reopen(struct bench *b, const char *directory)
{
    struct tnd_db_reader *reader;
    struct tnd_entry entry;
    char room[32];

    close_store(b);
    double start = seconds(CLOCK_MONOTONIC);
    open_store(b, directory);
    if (tnd_db_reader_new(b->db, &reader) ||
        tnd_db_find(reader, aor_of(1, room, sizeof(room)), time(NULL), &b->a, &entry))
        die("nothing is found");
    printf("%-10s %7.3f ms until the first is found: %zu binding\n", "reopen",
           (seconds(CLOCK_MONOTONIC) - start) * 1e3, entry.binding_count);
    tnd_db_reader_free(&reader);
}

int main(int argc, char **argv)
{
    static const unsigned windows[] = {1, 8, 64, 512, 4096};
    static char room[1 << 16];
    struct bench b = {.count = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 100000};

    if (argc < 2)
        die("give a directory, in which there is no store");
    db_arena_init(&b.a, room, sizeof(room));
    tnd_random_init(&b.random, 7);
    open_store(&b, argv[1]);
    long before = status_kib("VmRSS:");
    run(&b, 1024, true);
    find(&b, 0, "find");
    long after = status_kib("VmRSS:");
    printf("%-10s %7.1f bytes of resident memory for each binding\n", "memory",
           (double)(after - before) * 1024 / b.count);
    find(&b, b.count, "find none");
    for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++)
        run(&b, windows[i], false);
    find(&b, 0, "find");
    printf("%-10s %7.1f bytes of resident memory for each binding\n", "memory",
           (double)(status_kib("VmRSS:") - before) * 1024 / b.count);
    reopen(&b, argv[1]);
    close_store(&b);
    if (b.failed > 0)
        printf("%u changes failed\n", b.failed);
    return b.failed > 0;
}
