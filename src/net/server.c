/* The server: what is around the workers. */
#include "net/server.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/handover.h"
#include "net/heap.h"
#include "net/links.h"
#include "net/listen.h"
#include "net/question.h"
#include "net/settings.h"
#include "net/worker.h"

enum {
    TRANSACTIONS_MAX = 100000,
    WHY_COUNT = 4096, /* of each worker, of each of both kinds; 450 bytes each */
};

_Static_assert(sizeof(((struct tnd_node_world *)0)->key) == TND_DB_KEY_SIZE, "the key of nodes");

struct tnd_server {
    unsigned count; /* of workers */
    struct tnd_worker *workers;
    int done, answered;
    struct tnd_links *links; /* of the connections of all workers */
    size_t listen_count;
    struct tnd_endpoint listen[TND_SERVER_LISTEN_COUNT_MAX];
    struct tnd_node_config node; /* what it points to is of latest */
    size_t address_count;        /* of its addresses: those that were given */
    struct tnd_server_bounds bounds;
    struct tnd_settings *latest;
    struct tnd_question *question; /* that was asked last; NULL: none */
    bool is_asked;                 /* its answer was not taken yet */
};

/* The sockets of one worker, parted by transport. */
struct sockets {
    size_t udp_count, tcp_count;
    struct tnd_endpoint udp[TND_SERVER_LISTEN_COUNT_MAX], tcp[TND_SERVER_LISTEN_COUNT_MAX];
    int udp_fds[TND_SERVER_LISTEN_COUNT_MAX], tcp_fds[TND_SERVER_LISTEN_COUNT_MAX];
};

static unsigned core_count(void)
{
    cpu_set_t cores;

    if (sched_getaffinity(0, sizeof(cores), &cores) < 0)
        return 1;
    unsigned count = (unsigned)CPU_COUNT(&cores);
    return count < TND_SERVER_WORKER_COUNT_MAX ? count : TND_SERVER_WORKER_COUNT_MAX;
}

/* A connection is a descriptor: as many as we may have. */
static void raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return; /* then with fewer; when none is left it will be told */
}

static void close_all(const struct sockets *s)
{
    for (size_t i = 0; i < s->udp_count; i++)
        close(s->udp_fds[i]);
    for (size_t i = 0; i < s->tcp_count; i++)
        close(s->tcp_fds[i]);
}

static int open_all(const struct tnd_server_config *config, bool shared, struct sockets *s,
                    struct tnd_server_fault *fault)
{
    s->udp_count = s->tcp_count = 0;
    for (size_t i = 0; i < config->listen_count; i++) {
        const struct tnd_endpoint *e = &config->listen[i];
        bool is_udp = e->transport == TND_TRANSPORT_UDP;
        size_t at = is_udp ? s->udp_count : s->tcp_count;

        fault->error = tnd_listen(e, shared, is_udp ? &s->udp_fds[at] : &s->tcp_fds[at]);
        if (fault->error) {
            fault->endpoint = *e;
            close_all(s);
            return TND_ENONE;
        }
        *(is_udp ? &s->udp[s->udp_count++] : &s->tcp[s->tcp_count++]) = *e;
    }
    return 0;
}

/* Nobody else has any of these. */
static int probe_all(const struct tnd_server_config *config, struct tnd_server_fault *fault)
{
    for (size_t i = 0; i < config->listen_count; i++) {
        fault->error = tnd_listen_probe(&config->listen[i]);
        if (fault->error) {
            fault->endpoint = config->listen[i];
            return TND_ENONE;
        }
    }
    return 0;
}

static int init_worker(struct tnd_server *s, unsigned number, struct tnd_worker_with *with,
                       const struct tnd_server_config *config, struct tnd_server_fault *fault)
{
    struct sockets sockets;
    int err = open_all(config, s->count > 1, &sockets, fault);

    if (err)
        return err;
    with->number = number;
    with->udp = sockets.udp;
    with->tcp = sockets.tcp;
    with->udp_fds = sockets.udp_fds;
    with->tcp_fds = sockets.tcp_fds;
    with->udp_count = sockets.udp_count;
    with->tcp_count = sockets.tcp_count;
    return tnd_worker_init(&s->workers[number], with);
}

static int init_workers(struct tnd_server *s, const struct tnd_server_config *config,
                        struct tnd_server_fault *fault)
{
    struct tnd_worker_with with = {.count = s->count,
                                   .all = s->workers,
                                   .log = config->log,
                                   .done = s->done,
                                   .answered = s->answered,
                                   .links = s->links,
                                   .settings = s->latest,
                                   .db = config->db,
                                   .dns = config->dns,
                                   .dns_count = config->dns_count,
                                   .recorder_size = config->recorder_size};

    with.world.transactions_max =
        config->transactions_max ? config->transactions_max : TRANSACTIONS_MAX;
    with.world.memory_max = config->memory_max;
    with.world.why_count = WHY_COUNT;
    tnd_entropy(&with.call_secret, sizeof(with.call_secret));
    tnd_entropy(&with.world.life, sizeof(with.world.life));
    with.world.life |= 1; /* not 0 */
    if (config->db)
        memcpy(with.world.key, tnd_db_key(config->db), sizeof(with.world.key));
    else
        tnd_entropy(with.world.key, sizeof(with.world.key));
    int err = s->count > 1 ? probe_all(config, fault) : 0;
    for (unsigned i = 0; !err && i < s->count; i++)
        err = init_worker(s, i, &with, config, fault);
    return err;
}

/* With every signal blocked: they are for the thread that drives the server. */
static int start_threads(struct tnd_server *s)
{
    sigset_t every, before;
    int err = 0;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    for (unsigned i = 0; !err && i < s->count; i++) {
        struct tnd_worker *w = &s->workers[i];

        err = pthread_create(&w->thread, NULL, tnd_worker_run, w);
        w->started = !err;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err ? TND_ENOMEM : 0;
}

static int start(struct tnd_server *s, const struct tnd_server_config *config,
                 struct tnd_server_fault *fault)
{
    size_t size = s->count * sizeof(*s->workers);
    struct tnd_siphash_key secret;

    s->done = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    s->answered = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    s->latest =
        tnd_settings_new(&config->node, &config->bounds, config->listen, config->listen_count, 1);
    s->workers = aligned_alloc(TND_RING_LINE, size);
    if (s->workers)
        memset(s->workers, 0, size);
    tnd_entropy(&secret, sizeof(secret));
    if (s->done < 0 || s->answered < 0 || !s->latest || !s->workers ||
        tnd_links_new(&secret, &tnd_heap, &s->links))
        return TND_ENOMEM;
    s->node = s->latest->node;
    s->address_count = config->node.address_count;
    raise_limit();
    int err = init_workers(s, config, fault);
    return err ? err : start_threads(s);
}

int tnd_server_start(const struct tnd_server_config *config, struct tnd_server_fault *ret_fault,
                     struct tnd_server **ret)
{
    struct tnd_server *s = calloc(1, sizeof(*s));

    TND_ASSERT(config->listen_count <= TND_SERVER_LISTEN_COUNT_MAX);
    *ret_fault = (struct tnd_server_fault){.error = 0};
    if (!s)
        return TND_ENOMEM;
    s->done = s->answered = -1;
    s->count = config->workers ? config->workers : core_count();
    s->listen_count = config->listen_count;
    memcpy(s->listen, config->listen, config->listen_count * sizeof(*s->listen));
    s->bounds = config->bounds;
    TND_ASSERT(s->count <= TND_SERVER_WORKER_COUNT_MAX);
    int err = tnd_resolver_library_init();
    err = err ? err : start(s, config, ret_fault);
    if (err)
        tnd_server_stop(&s);
    else
        *ret = s;
    return err;
}

unsigned tnd_server_workers(const struct tnd_server *s)
{
    return s->count;
}

/* Hands new settings to each worker. One that has not taken up the last ones never will. */
static int hand_out(struct tnd_server *s, const struct tnd_node_config *node,
                    const struct tnd_server_bounds *bounds)
{
    struct tnd_settings *new =
        tnd_settings_new(node, bounds, s->listen, s->listen_count, s->count + 1);

    if (!new)
        return TND_ENOMEM;
    for (unsigned i = 0; i < s->count; i++) {
        tnd_settings_release(atomic_exchange(&s->workers[i].mailbox, new));
        tnd_worker_wake(&s->workers[i]);
    }
    tnd_settings_release(s->latest);
    s->latest = new;
    s->node = new->node;
    s->address_count = node->address_count;
    if (bounds != &s->bounds)
        s->bounds = *bounds;
    return 0;
}

int tnd_server_configure(struct tnd_server *s, const struct tnd_node_config *node,
                         const struct tnd_server_bounds *bounds)
{
    return hand_out(s, node, bounds);
}

int tnd_server_drain(struct tnd_server *s)
{
    struct tnd_node_config node = s->node;

    node.address_count = s->address_count; /* the others are found again */
    node.draining = true;
    return hand_out(s, &node, &s->bounds);
}

int tnd_server_fd(const struct tnd_server *s)
{
    return s->done;
}

static bool workers_are_empty(struct tnd_server *s)
{
    for (unsigned i = 0; i < s->count; i++)
        if (!atomic_load(&s->workers[i].is_empty))
            return false;
    return true;
}

static bool rings_are_empty(struct tnd_server *s)
{
    for (unsigned i = 0; i < s->count; i++)
        if (tnd_handover_waits(&s->workers[i]))
            return false;
    return true;
}

/* A worker that is empty hands nothing over any more, but what it handed over may be on its way.
 * Who takes it is not empty before the ring is: so he is asked behind the rings once more. */
bool tnd_server_is_empty(struct tnd_server *s)
{
    uint64_t count;

    if (read(s->done, &count, sizeof(count)) < 0 && errno != EAGAIN)
        return false;
    return workers_are_empty(s) && rings_are_empty(s) && workers_are_empty(s);
}

int tnd_server_ask_why(struct tnd_server *s, struct tnd_slice call_id)
{
    TND_ASSERT(!s->is_asked);
    tnd_question_free(&s->question);
    s->question = tnd_question_new(call_id, s->count);
    if (!s->question)
        return TND_ENOMEM;
    s->is_asked = true;
    for (unsigned i = 0; i < s->count; i++) {
        atomic_store(&s->workers[i].question, &s->question->parts[i]);
        tnd_worker_wake(&s->workers[i]);
    }
    return 0;
}

int tnd_server_why_fd(const struct tnd_server *s)
{
    return s->answered;
}

bool tnd_server_why(struct tnd_server *s, struct tnd_server_whys *ret)
{
    uint64_t count;

    if (read(s->answered, &count, sizeof(count)) < 0 && errno != EAGAIN)
        return false;
    if (!s->is_asked || !tnd_question_is_answered(s->question))
        return false;
    s->is_asked = false;
    *ret = tnd_question_sum(s->question);
    return true;
}

static void add(struct tnd_server_stats *to, const struct tnd_worker *w)
{
    for (size_t i = 0; i < TND_SERVER_NODE_COUNT; i++)
        to->node[i] += tnd_count_read(&w->stats.node[i]);
    to->datagrams += tnd_count_read(&w->udp.stats.received);
    to->keepalives += tnd_count_read(&w->udp.stats.keepalives);
    to->datagrams_sent += tnd_count_read(&w->udp.stats.sent);
    to->datagrams_dropped += tnd_count_read(&w->udp.stats.dropped);
    to->connections += tnd_count_read(&w->tcp.stats.open);
    to->accepted += tnd_count_read(&w->tcp.stats.accepted);
    to->connected += tnd_count_read(&w->tcp.stats.connected);
    to->refused += tnd_count_read(&w->tcp.stats.refused);
    to->messages += tnd_count_read(&w->tcp.stats.messages);
    to->pings += tnd_count_read(&w->tcp.stats.pings);
    to->broken += tnd_count_read(&w->tcp.stats.broken);
    to->idle += tnd_count_read(&w->tcp.stats.idle);
    to->slow += tnd_count_read(&w->tcp.stats.slow);
    to->unread += tnd_count_read(&w->tcp.stats.unread);
    to->full += tnd_count_read(&w->tcp.stats.full);
    to->handed += tnd_count_read(&w->stats.handed);
    to->handed_lost += tnd_count_read(&w->stats.handed_lost);
    to->lookups += tnd_count_read(&w->resolver.stats.asked);
    to->lookups_failed += tnd_count_read(&w->resolver.stats.failed);
    to->found += tnd_count_read(&w->keeper.stats.found);
    to->changed += tnd_count_read(&w->keeper.stats.changed);
    to->store_failed += tnd_count_read(&w->keeper.stats.failed);
    to->changes_waiting += tnd_count_read(&w->stats.changes_waiting);
    to->unsent += tnd_count_read(&w->stats.unsent);
    to->buffered += tnd_count_read(&w->stats.buffered);
    for (size_t i = 0; i < TND_NODE_SETUP_COUNT; i++)
        to->setup[i] += tnd_count_read(&w->stats.setup[i]);
    for (unsigned i = 0; i < w->count; i++)
        to->rings += i != w->number ? tnd_ring_fill(&w->rings[i]) : 0;
    tnd_latency_sum_add(&to->finding, &w->keeper.stats.finding);
    tnd_latency_sum_add(&to->changing, &w->keeper.stats.changing);
}

void tnd_server_stats(const struct tnd_server *s, struct tnd_server_stats *ret)
{
    *ret = (struct tnd_server_stats){.datagrams = 0};
    for (unsigned i = 0; i < s->count; i++)
        add(ret, &s->workers[i]);
}

void tnd_server_tally(const struct tnd_server *s, struct tnd_tally *ret)
{
    memset(ret, 0, sizeof(*ret));
    for (unsigned i = 0; i < s->count; i++)
        tnd_tally_add(ret, &s->workers[i].witness.tally);
}

int tnd_server_tape(const struct tnd_server *s, struct tnd_tape **ret)
{
    const struct tnd_recorder *recorders[TND_SERVER_WORKER_COUNT_MAX];

    for (unsigned i = 0; i < s->count; i++) {
        recorders[i] = s->workers[i].witness.recorder;
        if (!recorders[i])
            return TND_ENONE;
    }
    return tnd_tape_new(recorders, s->count, ret);
}

void tnd_server_stop(struct tnd_server **server)
{
    struct tnd_server *s = *server;

    if (!s)
        return;
    for (unsigned i = 0; s->workers && i < s->count; i++)
        if (s->workers[i].started) {
            atomic_store(&s->workers[i].stop, true);
            tnd_worker_wake(&s->workers[i]);
        }
    for (unsigned i = 0; s->workers && i < s->count; i++)
        if (s->workers[i].started)
            pthread_join(s->workers[i].thread, NULL);
    for (unsigned i = 0; s->workers && i < s->count; i++)
        tnd_worker_fini(&s->workers[i]);
    free(s->workers);
    tnd_links_free(&s->links);
    tnd_question_free(&s->question);
    tnd_settings_release(s->latest);
    if (s->done >= 0)
        close(s->done);
    if (s->answered >= 0)
        close(s->answered);
    free(s);
    *server = NULL;
}
