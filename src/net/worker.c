/* The turn of a worker. */
#include "net/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/handover.h"
#include "net/heap.h"
#include "net/worker_send.h"

enum {
    EVENT_COUNT_MAX = 64,
    UDP_ROUND_COUNT_MAX = 8, /* reads of one socket, before others have their turn */
    FED_COUNT_MAX = TND_NODE_BATCH_MAX / 2,
    FAILED_BATCH = 64, /* of what is fed between two takes, as is */
    STORED_BATCH = TND_NODE_BATCH_MAX - FAILED_BATCH,
    ARENA_SIZE = 64 << 10,    /* of a message and what is read of it; nearly always enough */
    ARENA_SIZE_MAX = 1 << 20, /* more, taken for one message that is odd */
};

#define WAKE       ((uint64_t)3 << 32)
#define UDP_SOCKET ((uint64_t)4 << 32)
#define KIND(data) ((data) & ~(uint64_t)UINT32_MAX)

static const tnd_time wait_max = TND_SEC(60);
static const tnd_time wall_again = TND_SEC(1);
static const tnd_time complain_again = TND_SEC(10);

static int watch(struct tnd_worker *w, int fd, uint64_t data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = data};

    return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? TND_ENOMEM : 0;
}

static int init_sockets(struct tnd_worker *w, const struct tnd_worker_with *with)
{
    struct tnd_tcp_with tcp = {.worker = w->number,
                               .epoll = w->epoll,
                               .now = w->now,
                               .bounds = w->settings->bounds,
                               .failed = &w->failed,
                               .links = with->links,
                               .mem = &tnd_heap};

    tnd_entropy(&tcp.secret, sizeof(tcp.secret));
    int err =
        tnd_udp_init(&w->udp, w->number, with->udp, with->udp_fds, with->udp_count, &w->failed);
    int tcp_err = tnd_tcp_init(&w->tcp, &tcp, with->tcp, with->tcp_fds, with->tcp_count);
    err = err ? err : tcp_err;
    for (size_t i = 0; !err && i < with->udp_count; i++)
        err = watch(w, tnd_udp_fd(&w->udp, i), UDP_SOCKET + i);
    return err;
}

/* What makes a time of ours one of the day. Both clocks are looked at now: w->now may be long ago. */
static void set_wall(struct tnd_worker *w)
{
    w->witness.wall_offset = tnd_clock_wall() - tnd_clock();
    tnd_node_set_wall(w->node, w->now, w->now + w->witness.wall_offset);
}

static int init_node(struct tnd_worker *w, const struct tnd_worker_with *with)
{
    struct tnd_node_world world = with->world;

    world.mem = &tnd_heap;
    tnd_entropy(&world.seed, sizeof(world.seed));
    if (tnd_digest_openssl_init(&w->digest))
        return TND_ENOMEM;
    world.digester = &w->digest.digester;
    int err = tnd_node_new(&world, &w->settings->node, w->now, &w->node);
    if (!err)
        set_wall(w);
    return err;
}

int tnd_worker_init(struct tnd_worker *w, const struct tnd_worker_with *with)
{
    *w = (struct tnd_worker){.number = with->number,
                             .count = with->count,
                             .all = with->all,
                             .call_secret = with->call_secret,
                             .log = with->log,
                             .done = with->done,
                             .answered = with->answered,
                             .settings = with->settings,
                             .now = tnd_clock(),
                             .complained_at = INT64_MIN / 2};
    atomic_fetch_add(&w->settings->users, 1);
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    w->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int err = init_sockets(w, with); /* first of all: it takes the sockets */
    w->arena_first = malloc(ARENA_SIZE);
    if (err || w->epoll < 0 || w->wake < 0 || !w->arena_first || watch(w, w->wake, WAKE) ||
        tnd_handover_init(w))
        return TND_ENOMEM;
    tnd_arena_init(&w->arena, w->arena_first, ARENA_SIZE, &tnd_heap, ARENA_SIZE_MAX);
    err = tnd_resolver_init(&w->resolver, w->epoll, with->dns, with->dns_count);
    err = err ? err : tnd_keeper_init(&w->keeper, with->db, w->wake);
    err = err ? err : tnd_witness_init(&w->witness, with->recorder_size);
    return err ? err : init_node(w, with);
}

void tnd_worker_fini(struct tnd_worker *w)
{
    if (!w->all)
        return;
    tnd_node_free(&w->node);
    tnd_digest_openssl_fini(&w->digest);
    tnd_witness_fini(&w->witness);
    tnd_keeper_fini(&w->keeper);
    tnd_resolver_fini(&w->resolver);
    tnd_tcp_fini(&w->tcp);
    tnd_udp_fini(&w->udp);
    tnd_arena_fini(&w->arena);
    free(w->arena_first);
    tnd_handover_fini(w);
    if (w->wake >= 0)
        close(w->wake);
    if (w->epoll >= 0)
        close(w->epoll);
    tnd_settings_release(w->settings);
    tnd_settings_release(atomic_load(&w->mailbox));
    w->all = NULL;
}

void tnd_worker_wake(struct tnd_worker *w)
{
    uint64_t one = 1;

    if (write(w->wake, &one, sizeof(one)) < 0)
        return; /* it is full: then it is awake */
}

/* Says what goes wrong again and again once in a while only. */
static void complain(struct tnd_worker *w, struct tnd_slice text)
{
    if (w->now - w->complained_at < complain_again)
        return;
    w->complained_at = w->now;
    w->log.say(w->log.ctx, TND_SERVER_WARN, text);
}

static void say_why(struct tnd_worker *w, const struct tnd_why *why)
{
    char line[1024];
    struct tnd_writer text = tnd_writer(line, sizeof(line));

    tnd_why_write(&text, why);
    w->log.say(w->log.ctx, TND_SERVER_DEBUG,
               tnd_slice(line, text.len < sizeof(line) ? text.len : sizeof(line)));
}

static void do_output(struct tnd_worker *w, const struct tnd_output *out)
{
    switch ((enum tnd_output_kind)out->kind) {
    case TND_OUT_SEND:
        tnd_worker_send(w, out);
        return;
    case TND_OUT_CLOSE:
        if (tnd_flow_worker(out->flow) == w->number)
            tnd_tcp_close(&w->tcp, out->flow);
        else
            tnd_handover_close(w, out->flow);
        return;
    case TND_OUT_RESOLVE:
        tnd_resolver_ask(&w->resolver, &out->lookup, out->token);
        return;
    case TND_OUT_STORE:
        tnd_keeper_ask(&w->keeper, out->store, out->token);
        return;
    case TND_OUT_WHY:
        say_why(w, out->why);
        return;
    }
    TND_ASSERT(!"an output that is none");
}

/* Tells the nodes what could not be sent, some of it. How much. */
static size_t feed_failed(struct tnd_worker *w)
{
    struct tnd_failed_send failed[FAILED_BATCH];
    size_t count = w->failed.count < FAILED_BATCH ? w->failed.count : FAILED_BATCH;

    w->failed.count -= count;
    memcpy(failed, w->failed.list + w->failed.count, count * sizeof(*failed));
    for (size_t i = 0; i < count; i++) {
        struct tnd_input in = {.kind = TND_IN_FAILED, .token = failed[i].token};

        if (failed[i].worker == w->number)
            tnd_node_feed(w->node, w->now, &in);
        else
            tnd_handover_failed(w, &failed[i]);
    }
    return count;
}

/* Tells the node what the store answered, some of it. How much. */
static size_t feed_stored(struct tnd_worker *w)
{
    struct tnd_store_answer answer;
    size_t count = 0;

    while (count < STORED_BATCH) {
        struct tnd_input in = {.kind = TND_IN_STORED, .stored = &answer};

        if (!tnd_keeper_next(&w->keeper, &in.token, &answer))
            break;
        if (answer.result == TND_STORE_FAILED)
            complain(w, TND_STR("the store could not do what was asked of it; a request is "
                                "answered with 500 (look at the disk)"));
        tnd_node_feed(w->node, w->now, &in);
        count++;
    }
    return count;
}

/* Does what the node wants, until it wants nothing. */
static void act(struct tnd_worker *w)
{
    struct tnd_output out;
    size_t count;

    do {
        while (tnd_node_take(w->node, &out))
            do_output(w, &out);
        tnd_tcp_flush(&w->tcp);
        tnd_udp_flush(&w->udp);
        tnd_witness_whys(&w->witness, w->node);
        w->fed = 0;
        count = feed_failed(w);
        count += feed_stored(w);
    } while (count > 0);
}

/* What the node has no memory for is lost, as in a network. */
static void feed(struct tnd_worker *w, const struct tnd_input *in)
{
    if (w->fed >= FED_COUNT_MAX)
        act(w);
    w->fed++;
    if (tnd_node_feed(w->node, w->now, in) != TND_ESPACE)
        return;
    act(w);
    tnd_node_feed(w->node, w->now, in);
}

void tnd_worker_feed(struct tnd_worker *w, const struct tnd_flow *flow, struct tnd_msg *msg)
{
    tnd_witness_came(&w->witness, w->now, flow, msg->text);
    feed(w, &(struct tnd_input){.kind = TND_IN_MESSAGE, .flow = *flow, .msg = msg, .a = &w->arena});
    tnd_witness_count(&w->witness, msg);
}

/* A call lives on one worker. */
static unsigned worker_of(const struct tnd_worker *w, const struct tnd_msg *msg)
{
    if (w->count == 1)
        return 0;
    return (unsigned)(tnd_siphash_1_3(&w->call_secret, tnd_msg_value(msg, TND_HEADER_CALL_ID)) %
                      w->count);
}

bool tnd_worker_parse(struct tnd_worker *w, struct tnd_slice bytes, struct tnd_msg *ret)
{
    tnd_arena_reset(&w->arena);
    if (tnd_msg_parse_datagram(ret, &w->arena, bytes))
        return false;
    if (bytes.len > w->settings->bounds.message_max)
        tnd_msg_note(ret, &w->arena, TND_RULE_MESSAGE_LEN, tnd_slice(tnd_slice_end(ret->head), 0));
    return true;
}

static void datagram(struct tnd_worker *w, const struct tnd_datagram *d)
{
    struct tnd_msg msg;

    if (!tnd_worker_parse(w, d->bytes, &msg))
        return;
    unsigned to = worker_of(w, &msg);
    if (to == w->number)
        tnd_worker_feed(w, &d->flow, &msg);
    else
        tnd_handover_datagram(w, to, d);
}

/* Reads on while there is something: to try costs less than to wait and be told. */
static void read_udp(struct tnd_worker *w, size_t socket)
{
    for (int round = 0; round < UDP_ROUND_COUNT_MAX; round++) {
        bool more;
        size_t count = tnd_udp_read(&w->udp, socket, &more);

        for (size_t i = 0; i < count; i++)
            datagram(w, &w->udp.datagrams[i]);
        if (count == 0 && !more)
            return;
        act(w);
        w->now = w->tcp.now = tnd_clock();
    }
}

static void read_tcp(struct tnd_worker *w, uint64_t id)
{
    struct tnd_tcp_conn *c = tnd_tcp_read(&w->tcp, id);
    enum tnd_stream_got got;
    struct tnd_msg msg;

    if (!c)
        return;
    for (;;) {
        tnd_arena_reset(&w->arena);
        got = tnd_tcp_next(&w->tcp, c, &w->arena, &msg);
        if (got == TND_STREAM_MORE)
            return;
        const struct tnd_flow *flow = tnd_tcp_flow(c);
        unsigned to = got == TND_STREAM_BROKEN ? w->number : worker_of(w, &msg);
        if (to == w->number)
            tnd_worker_feed(w, flow, &msg);
        else
            tnd_handover_message(w, to, flow, msg.text);
        if (got == TND_STREAM_BROKEN) {
            act(w);
            tnd_tcp_close(&w->tcp, id);
        }
    }
}

static void event(struct tnd_worker *w, const struct epoll_event *e)
{
    uint64_t data = e->data.u64, count;

    if (tnd_flow_is_connection(data)) {
        tnd_tcp_ready(&w->tcp, data, e->events);
        if ((e->events & EPOLLIN) && !tnd_handover_is_behind(w))
            read_tcp(w, data); /* else: epoll tells of it again */
    } else if (KIND(data) == UDP_SOCKET) {
        read_udp(w, (size_t)(data - UDP_SOCKET));
    } else if (KIND(data) == TND_TCP_LISTENER) {
        if (!tnd_tcp_accept(&w->tcp, (size_t)(data - TND_TCP_LISTENER)))
            complain(w, TND_STR("no file descriptor is left; who connects has to wait "
                                "(raise the limit of open files, or lower limits.connections)"));
    } else if (KIND(data) == TND_RESOLVER_SOCKET) {
        tnd_resolver_ready(&w->resolver, (int)(data - TND_RESOLVER_SOCKET), e->events);
    } else if (read(w->wake, &count, sizeof(count)) < 0) {
        return; /* somebody was quicker to ask than we to answer */
    }
}

/* Counts of the node, for other threads. */
static void publish(struct tnd_worker *w)
{
    const struct tnd_node_stats *from = tnd_node_stats(w->node);
    tnd_count *to = w->stats.node;

    tnd_count_set(&to[TND_SERVER_NODE_REQUESTS], from->requests);
    tnd_count_set(&to[TND_SERVER_NODE_RESPONSES], from->responses);
    tnd_count_set(&to[TND_SERVER_NODE_DROPPED], from->dropped);
    tnd_count_set(&to[TND_SERVER_NODE_LIMITED], from->limited);
    tnd_count_set(&to[TND_SERVER_NODE_ABSORBED], from->absorbed);
    tnd_count_set(&to[TND_SERVER_NODE_SERVED], from->served);
    tnd_count_set(&to[TND_SERVER_NODE_UNDELIVERED], from->undelivered);
    tnd_count_set(&to[TND_SERVER_NODE_LOST], from->lost);
    tnd_count_set(&to[TND_SERVER_NODE_TRANSACTIONS], from->transactions);
    tnd_count_set(&to[TND_SERVER_NODE_CONTEXTS], from->contexts);
    tnd_count_set(&to[TND_SERVER_NODE_RESENT], from->resent);
    tnd_count_set(&to[TND_SERVER_NODE_CALLS], from->calls);
    tnd_count_set(&to[TND_SERVER_NODE_MEMORY], from->memory);
    tnd_count_set(&to[TND_SERVER_NODE_SETUP_TIME], from->setup_time);
    for (size_t i = 0; i < TND_NODE_SETUP_COUNT; i++)
        tnd_count_set(&w->stats.setup[i], from->setup[i]);
    tnd_count_set(&w->stats.changes_waiting, w->keeper.waiting);
    tnd_count_set(&w->stats.unsent, w->tcp.unsent);
    tnd_count_set(&w->stats.buffered, w->tcp.buffered);
}

static void tell_if_empty(struct tnd_worker *w)
{
    uint64_t one = 1;

    if (w->settings->node.draining) { /* what has ended is gone with the next feed */
        feed(w, &(struct tnd_input){.kind = TND_IN_TICK});
        act(w);
    }
    bool is_empty = w->settings->node.draining && w->tcp.unsent == 0 &&
                    tnd_node_stats(w->node)->transactions == 0;

    if (is_empty == atomic_load_explicit(&w->is_empty, memory_order_relaxed))
        return;
    atomic_store(&w->is_empty, is_empty);
    if (is_empty && write(w->done, &one, sizeof(one)) < 0)
        return; /* it was told already */
}

static void read_mailbox(struct tnd_worker *w)
{
    if (!atomic_load_explicit(&w->mailbox, memory_order_relaxed))
        return;
    struct tnd_settings *new = atomic_exchange(&w->mailbox, NULL);
    tnd_node_configure(w->node, &new->node);
    w->tcp.bounds = new->bounds;
    tnd_settings_release(w->settings);
    w->settings = new;
}

static void read_question(struct tnd_worker *w)
{
    uint64_t one = 1;

    if (!atomic_load_explicit(&w->question, memory_order_relaxed))
        return;
    struct tnd_question_part *part = atomic_exchange(&w->question, NULL);
    if (tnd_question_answer(part, w->node, tnd_clock(), tnd_clock_wall()) &&
        write(w->answered, &one, sizeof(one)) < 0)
        return; /* it was told already */
}

static int wait_ms(struct tnd_worker *w)
{
    tnd_time due = tnd_node_due(w->node), tcp = tnd_tcp_due(&w->tcp);
    tnd_time first = due < tcp ? due : tcp;
    tnd_time wait = first > w->now + wait_max ? wait_max : first - w->now;

    if (wait <= 0)
        return 0;
    wait = tnd_resolver_wait(&w->resolver, wait);
    return (int)((wait + TND_MS(1) - 1) / TND_MS(1)); /* up, or the last part is spun away */
}

/* Somebody may set the clock. */
static void look_at_wall(struct tnd_worker *w)
{
    if (w->now - w->wall_seen_at < wall_again)
        return;
    w->wall_seen_at = w->now;
    set_wall(w);
}

/* What is due, and what others have handed over. */
static void catch_up(struct tnd_worker *w)
{
    const struct tnd_lookup_answer *answer;
    uint64_t token;

    w->tcp.now = w->now;
    look_at_wall(w);
    tnd_tcp_tick(&w->tcp);
    if (w->resolver.count > 0)
        tnd_resolver_tick(&w->resolver);
    while (tnd_resolver_next(&w->resolver, &token, &answer)) {
        feed(w, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = answer});
        act(w); /* the node may ask on */
    }
    tnd_handover_read(w);
    if (tnd_node_due(w->node) <= w->now)
        feed(w, &(struct tnd_input){.kind = TND_IN_TICK});
    act(w);
    tnd_tcp_reap(&w->tcp);
    if (tnd_handover_wake(w) > 0)
        complain(w, TND_STR("a worker is too busy to take what is handed to it; some is lost"));
}

void *tnd_worker_run(void *worker)
{
    struct epoll_event events[EVENT_COUNT_MAX];
    struct tnd_worker *w = worker;

    while (!atomic_load(&w->stop)) {
        read_mailbox(w);
        read_question(w);
        publish(w);
        tell_if_empty(w);
        w->now = tnd_clock();
        int wait = wait_ms(w);
        atomic_store(&w->asleep, wait > 0);
        if (wait > 0 && tnd_handover_waits(w))
            wait = 0;
        int count = epoll_wait(w->epoll, events, EVENT_COUNT_MAX, wait);
        atomic_store_explicit(&w->asleep, false, memory_order_relaxed);
        w->now = w->tcp.now = tnd_clock();
        for (int i = 0; i < count; i++)
            event(w, &events[i]);
        catch_up(w);
    }
    return NULL;
}
