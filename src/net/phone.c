/* The turn of a phone. */
#include "net/phone.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/heap.h"
#include "net/phone_open.h"
#include "net/sockaddr.h"
#include "net/tcp_conn.h"

enum {
    EVENT_COUNT_MAX = 32,
    FED_COUNT_MAX = TND_NODE_BATCH_MAX / 2, /* no element has a shorter queue than a node */
    ARENA_SIZE = 64 << 10,                  /* of a message and what is read of it */
    ARENA_SIZE_MAX = 1 << 20,
    CONNECTIONS = 256,
    UNSENT_MAX = 1 << 20,
    BUFFERED_MAX = 16 << 20,
};

#define SIGNALS    ((uint64_t)3 << 32)
#define UDP_SOCKET ((uint64_t)4 << 32)
#define WATCH      ((uint64_t)5 << 32)
#define KIND(data) ((data) & ~(uint64_t)UINT32_MAX)

static const tnd_time wait_max = TND_SEC(60);

static int watch(struct tnd_phone *p, int fd, uint64_t data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = data};

    return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? errno : 0;
}

static int init_signals(struct tnd_phone *p)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    p->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return p->signals < 0 ? errno : watch(p, p->signals, SIGNALS);
}

static int init_sockets(struct tnd_phone *p, const struct tnd_phone_with *with)
{
    struct tnd_tcp_with tcp = {.epoll = p->epoll,
                               .now = p->now,
                               .bounds = {.connections = CONNECTIONS,
                                          .connections_per_source = CONNECTIONS,
                                          .message_max = TND_MESSAGE_LEN_MAX,
                                          .unsent_max = UNSENT_MAX,
                                          .buffered_max = BUFFERED_MAX,
                                          .idle = TND_SEC(3600),
                                          .slow = TND_SEC(30)},
                               .failed = &p->failed,
                               .mem = &tnd_heap};
    int fds[2], err = tnd_phone_open(&with->local, p->addresses, fds);

    if (err)
        return err;
    tnd_entropy(&tcp.secret, sizeof(tcp.secret));
    int links_err = tnd_links_new(&tcp.secret, &tnd_heap, &p->links);
    tcp.links = p->links;
    int udp_err = tnd_udp_init(&p->udp, 0, &p->addresses[0], &fds[0], 1, &p->failed);
    int tcp_err = tnd_tcp_init(&p->tcp, &tcp, &p->addresses[1], &fds[1], 1);
    if (links_err || udp_err || tcp_err)
        return ENOMEM;
    tnd_udp_hear_errors(&p->udp);
    p->tcp.asked = &p->asked;
    return watch(p, tnd_udp_fd(&p->udp, 0), UDP_SOCKET);
}

static int init(struct tnd_phone *p, const struct tnd_phone_with *with)
{
    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    p->arena_first = malloc(ARENA_SIZE);
    if (p->epoll < 0 || !p->arena_first)
        return ENOMEM;
    tnd_arena_init(&p->arena, p->arena_first, ARENA_SIZE, &tnd_heap, ARENA_SIZE_MAX);
    int err = init_sockets(p, with);
    err = err ? err : init_signals(p);
    if (!err && tnd_resolver_init(&p->resolver, p->epoll, with->dns, with->dns_count))
        err = ENOMEM;
    return err;
}

int tnd_phone_init(struct tnd_phone *p, const struct tnd_phone_with *with)
{
    *p = (struct tnd_phone){
        .now = tnd_clock(), .onlooker = with->onlooker, .epoll = -1, .signals = -1};
    for (size_t i = 0; i < TND_PHONE_WATCH_COUNT_MAX; i++)
        p->watches[i].fd = -1;
    int err = init(p, with);
    if (err)
        tnd_phone_fini(p);
    return err;
}

void tnd_phone_fini(struct tnd_phone *p)
{
    if (!p->arena_first && p->epoll <= 0)
        return;
    tnd_resolver_fini(&p->resolver);
    tnd_tcp_fini(&p->tcp);
    tnd_udp_fini(&p->udp);
    if (p->links)
        tnd_links_free(&p->links);
    tnd_arena_fini(&p->arena);
    free(p->arena_first);
    if (p->signals >= 0)
        close(p->signals);
    if (p->epoll >= 0)
        close(p->epoll);
    *p = (struct tnd_phone){0};
}

static void show(struct tnd_phone *p, bool sent, const struct tnd_flow *flow,
                 struct tnd_slice bytes)
{
    tnd_show(&p->onlooker, &(struct tnd_seen){.sent = sent,
                                              .at = p->now,
                                              .local = flow->local,
                                              .remote = flow->remote,
                                              .bytes = bytes});
}

/* The end of a connection of ours that may not be made yet. */
static struct tnd_endpoint local_of(const struct tnd_phone *p, uint64_t flow)
{
    union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};
    const struct tnd_tcp_conn *c = flow ? tnd_tcp_find(&p->tcp, flow) : NULL;
    socklen_t len = sizeof(address);

    if (!c || getsockname(c->fd, &address.any, &len) < 0)
        return p->addresses[1];
    return tnd_sockaddr_endpoint(&address, TND_TRANSPORT_TCP);
}

/* RFC 3261 §17.1.4, §18.4: a request fails with the connection over which its answer is to come. The other side
 * may answer over a new one (§18.2.2), which who has heard of the INVITE is waited for by its transaction. */
static void note_request(struct tnd_phone *p, const struct tnd_output *out, uint64_t flow)
{
    const struct tnd_tcp_conn *c = flow ? tnd_tcp_find(&p->tcp, flow) : NULL;

    if (out->bytes.len > 4 && memcmp(out->bytes.ptr, "SIP/", 4) != 0)
        tnd_unreachable_note(&p->asked, c ? &c->flow.remote : &out->to, out->token);
}

static void send_tcp(struct tnd_phone *p, const struct tnd_output *out)
{
    struct tnd_flow flow = {.id = out->flow, .remote = out->to};

    if (!flow.id)
        flow.id = tnd_tcp_carrier(&p->tcp, &out->to);
    bool is_open = flow.id != 0;
    note_request(p, out, flow.id);
    if (!is_open)
        tnd_tcp_open(&p->tcp, &out->to, out->bytes, out->token);
    flow.local = local_of(p, is_open ? flow.id : tnd_tcp_carrier(&p->tcp, &out->to));
    show(p, true, &flow, out->bytes);
    if (is_open)
        tnd_tcp_put(&p->tcp, flow.id, out->bytes, 0, out->token);
}

static void send_output(struct tnd_phone *p, const struct tnd_output *out)
{
    bool is_tcp =
        out->flow ? tnd_flow_is_connection(out->flow) : out->to.transport == TND_TRANSPORT_TCP;

    if (is_tcp) {
        send_tcp(p, out);
    } else if (out->flow || out->to.transport == TND_TRANSPORT_UDP) {
        tnd_udp_put(&p->udp, out->flow, &out->to, out->ttl, out->bytes, out->token);
        show(p, true, &(struct tnd_flow){out->flow, p->addresses[0], out->to}, out->bytes);
    } else { /* TLS and WebSocket are not there */
        tnd_failed_add(&p->failed, 0, out->token);
    }
}

static void do_output(struct tnd_phone *p, const struct tnd_output *out)
{
    switch ((enum tnd_output_kind)out->kind) {
    case TND_OUT_SEND:
        send_output(p, out);
        return;
    case TND_OUT_CLOSE:
        tnd_tcp_close(&p->tcp, out->flow);
        return;
    case TND_OUT_RESOLVE:
        tnd_resolver_ask(&p->resolver, &out->lookup, out->token);
        return;
    case TND_OUT_STORE:
    case TND_OUT_WHY: /* of a node alone */
        break;
    }
    TND_ASSERT(!"an output that is none of a user agent");
}

/* Tells the element what could not be sent. How much. */
static size_t feed_failed(struct tnd_phone *p)
{
    size_t count = p->failed.count;

    for (size_t i = 0; i < count; i++) {
        struct tnd_input in = {.kind = TND_IN_FAILED, .token = p->failed.list[i].token};

        p->element.feed(p->element.self, p->now, &in);
    }
    p->failed.count = 0;
    return count;
}

/* Does what the element wants, until it wants nothing. */
static void act(struct tnd_phone *p)
{
    struct tnd_output out;
    bool is_told;

    do {
        is_told = p->element.tell && p->element.tell(p->element.self);
        while (p->element.take(p->element.self, &out))
            do_output(p, &out);
        tnd_tcp_flush(&p->tcp);
        tnd_udp_flush(&p->udp);
        p->fed = 0;
    } while (feed_failed(p) > 0 || is_told);
}

/* What the element has no memory for is lost, as in a network. */
static void feed(struct tnd_phone *p, const struct tnd_input *in)
{
    if (p->fed >= FED_COUNT_MAX)
        act(p);
    p->fed++;
    if (p->element.feed(p->element.self, p->now, in) != TND_ESPACE)
        return;
    act(p);
    p->element.feed(p->element.self, p->now, in);
}

static void message(struct tnd_phone *p, const struct tnd_flow *flow, struct tnd_msg *msg)
{
    show(p, false, flow, msg->text);
    feed(p, &(struct tnd_input){.kind = TND_IN_MESSAGE, .flow = *flow, .msg = msg, .a = &p->arena});
}

static void read_udp(struct tnd_phone *p)
{
    bool more;
    size_t count = tnd_udp_read(&p->udp, 0, &more);
    struct tnd_msg msg;

    for (size_t i = 0; i < count; i++) {
        tnd_arena_reset(&p->arena);
        if (tnd_msg_parse_datagram(&msg, &p->arena, p->udp.datagrams[i].bytes) == 0)
            message(p, &p->udp.datagrams[i].flow, &msg);
    }
}

static void read_tcp(struct tnd_phone *p, uint64_t id)
{
    struct tnd_tcp_conn *c = tnd_tcp_read(&p->tcp, id);
    enum tnd_stream_got got;
    struct tnd_msg msg;

    for (; c;) {
        tnd_arena_reset(&p->arena);
        got = tnd_tcp_next(&p->tcp, c, &p->arena, &msg);
        if (got == TND_STREAM_MORE)
            return;
        message(p, tnd_tcp_flow(c), &msg);
        if (got == TND_STREAM_BROKEN) {
            act(p);
            tnd_tcp_close(&p->tcp, id);
        }
    }
}

static void read_signals(struct tnd_phone *p)
{
    struct signalfd_siginfo info;

    while (read(p->signals, &info, sizeof(info)) == sizeof(info))
        p->stops++;
}

static void event(struct tnd_phone *p, const struct epoll_event *e)
{
    uint64_t data = e->data.u64;

    if (tnd_flow_is_connection(data)) {
        tnd_tcp_ready(&p->tcp, data, e->events);
        if (e->events & EPOLLIN)
            read_tcp(p, data);
    } else if (KIND(data) == UDP_SOCKET) {
        if (e->events & EPOLLERR)
            tnd_udp_read_errors(&p->udp, 0);
        read_udp(p);
    } else if (KIND(data) == TND_TCP_LISTENER) {
        tnd_tcp_accept(&p->tcp, (size_t)(data - TND_TCP_LISTENER));
    } else if (KIND(data) == TND_RESOLVER_SOCKET) {
        tnd_resolver_ready(&p->resolver, (int)(data - TND_RESOLVER_SOCKET), e->events);
    } else if (data == SIGNALS) {
        read_signals(p);
    } else if (p->watches[data - WATCH].fd >= 0) { /* it may have been unwatched in this turn */
        p->watches[data - WATCH].ready(p->watches[data - WATCH].ctx, p->now);
    }
}

static int wait_ms(struct tnd_phone *p)
{
    tnd_time due = p->element.due(p->element.self), tcp = tnd_tcp_due(&p->tcp);
    tnd_time first = due < tcp ? due : tcp;

    first = first < p->until ? first : p->until;
    tnd_time wait = first > p->now + wait_max ? wait_max : first - p->now;
    if (wait <= 0)
        return 0;
    wait = tnd_resolver_wait(&p->resolver, wait);
    return (int)((wait + TND_MS(1) - 1) / TND_MS(1)); /* up, or the last part is spun away */
}

static void catch_up(struct tnd_phone *p)
{
    const struct tnd_lookup_answer *answer;
    uint64_t token;

    tnd_tcp_tick(&p->tcp);
    if (p->resolver.count > 0)
        tnd_resolver_tick(&p->resolver);
    while (tnd_resolver_next(&p->resolver, &token, &answer)) {
        feed(p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = answer});
        act(p); /* the element may ask on */
    }
    if (p->element.due(p->element.self) <= p->now)
        feed(p, &(struct tnd_input){.kind = TND_IN_TICK});
    act(p);
    tnd_tcp_reap(&p->tcp);
}

void tnd_phone_turn(struct tnd_phone *p, tnd_time until)
{
    struct epoll_event events[EVENT_COUNT_MAX];

    p->until = until;
    p->now = p->tcp.now = tnd_clock();
    act(p); /* what was asked of the element since the last turn */
    int count = epoll_wait(p->epoll, events, EVENT_COUNT_MAX, wait_ms(p));
    p->now = p->tcp.now = tnd_clock();
    for (int i = 0; i < count; i++)
        event(p, &events[i]);
    catch_up(p);
}

int tnd_phone_watch(struct tnd_phone *p, int fd, void (*ready)(void *ctx, tnd_time now), void *ctx)
{
    for (size_t i = 0; i < TND_PHONE_WATCH_COUNT_MAX; i++) {
        struct tnd_phone_watch *w = &p->watches[i];

        if (w->fd >= 0)
            continue;
        if (watch(p, fd, WATCH + i))
            return TND_ESPACE;
        *w = (struct tnd_phone_watch){fd, ready, ctx};
        return 0;
    }
    return TND_ESPACE;
}

void tnd_phone_unwatch(struct tnd_phone *p, int fd)
{
    for (size_t i = 0; i < TND_PHONE_WATCH_COUNT_MAX; i++)
        if (p->watches[i].fd == fd && fd >= 0) {
            epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, NULL);
            p->watches[i].fd = -1;
        }
}
