/* Connections: how they begin, how long they last, how they end. */
#include "net/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/owner.h"
#include "net/listen.h"
#include "net/sockaddr.h"
#include "net/tcp_conn.h"

enum { ACCEPT_COUNT_MAX = 16 /* before others have their turn */, PLACE_COUNT_FIRST = 64 };

static const tnd_time pause_time = TND_MS(100);
static const tnd_time linger_time = TND_SEC(2);
/* How long answers to one who has ended its side may take: RFC 3261 §17.1.2.2, timer F, when
 * nobody waits for them any more */
static const tnd_time owed_time = TND_SEC(32);

struct tnd_tcp_listener {
    int fd;
    bool is_any;
    struct tnd_endpoint endpoint;
};

/* Where a connection stands. */
struct tnd_tcp_place {
    struct tnd_tcp_conn *conn; /* NULL: free */
    uint64_t use;
    size_t next_free;
};

#define NO_PLACE SIZE_MAX

static void listen_to(struct tnd_tcp *tcp, int how)
{
    for (size_t i = 0; i < tcp->listener_count; i++) {
        struct epoll_event event = {.events = tcp->paused ? 0 : EPOLLIN,
                                    .data.u64 = TND_TCP_LISTENER + i};

        epoll_ctl(tcp->epoll, how, tcp->listeners[i].fd, &event);
    }
}

int tnd_tcp_init(struct tnd_tcp *tcp, const struct tnd_tcp_with *with,
                 const struct tnd_endpoint *endpoints, const int *fds, size_t count)
{
    *tcp = (struct tnd_tcp){.worker = with->worker,
                            .epoll = with->epoll,
                            .now = with->now,
                            .bounds = with->bounds,
                            .failed = with->failed,
                            .links = with->links,
                            .places_free = NO_PLACE};
    tnd_map_init(&tcp->by_remote, &with->secret, with->mem);
    tnd_map_init(&tcp->by_source, &with->secret, with->mem);
    tnd_wheel_init(&tcp->wheel, with->now);
    tcp->listeners = calloc(count + 1, sizeof(*tcp->listeners));
    tcp->scratch = malloc(TND_TCP_SCRATCH_SIZE);
    if (!tcp->listeners || !tcp->scratch) {
        for (size_t i = 0; i < count; i++)
            close(fds[i]);
        tnd_tcp_fini(tcp);
        return TND_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
        tcp->listeners[i] =
            (struct tnd_tcp_listener){fds[i], tnd_listen_is_any(&endpoints[i]), endpoints[i]};
    tcp->listener_count = count;
    listen_to(tcp, EPOLL_CTL_ADD);
    return 0;
}

void tnd_tcp_fini(struct tnd_tcp *tcp)
{
    for (size_t i = 0; i < tcp->place_count; i++)
        if (tcp->places[i].conn)
            tnd_tcp_die(tcp, tcp->places[i].conn, NULL);
    tnd_tcp_reap(tcp);
    for (size_t i = 0; i < tcp->listener_count; i++)
        close(tcp->listeners[i].fd);
    free(tcp->listeners);
    free(tcp->places);
    free(tcp->scratch);
    tnd_map_fini(&tcp->by_remote);
    tnd_map_fini(&tcp->by_source);
    *tcp = (struct tnd_tcp){0};
}

static bool more_places(struct tnd_tcp *tcp)
{
    size_t count = tcp->place_count ? 2 * tcp->place_count : PLACE_COUNT_FIRST;

    if (count > TND_FLOW_CONNECTION_COUNT_MAX)
        return false;
    struct tnd_tcp_place *places = realloc(tcp->places, count * sizeof(*places));
    if (!places)
        return false;
    for (size_t i = tcp->place_count; i < count; i++)
        places[i] = (struct tnd_tcp_place){.next_free = i + 1 < count ? i + 1 : NO_PLACE};
    tcp->places = places;
    tcp->places_free = tcp->place_count;
    tcp->place_count = count;
    return true;
}

/* false: there is no room. */
static bool take_place(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    if (tcp->places_free == NO_PLACE && !more_places(tcp))
        return false;
    size_t at = tcp->places_free;
    struct tnd_tcp_place *place = &tcp->places[at];
    tcp->places_free = place->next_free;
    place->conn = c;
    c->flow.id = tnd_flow_connection(tcp->worker, place->use++, at);
    return true;
}

static void give_place(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    size_t at = tnd_flow_place(c->flow.id);

    tcp->places[at].conn = NULL;
    tcp->places[at].next_free = tcp->places_free;
    tcp->places_free = at;
}

struct tnd_tcp_conn *tnd_tcp_find(const struct tnd_tcp *tcp, uint64_t id)
{
    size_t at = tnd_flow_place(id);
    struct tnd_tcp_conn *c = at < tcp->place_count ? tcp->places[at].conn : NULL;

    return c && c->flow.id == id ? c : NULL;
}

const struct tnd_flow *tnd_tcp_flow(const struct tnd_tcp_conn *c)
{
    return &c->flow;
}

const struct tnd_flow *tnd_tcp_flow_of(const struct tnd_tcp *tcp, uint64_t id)
{
    const struct tnd_tcp_conn *c = tnd_tcp_find(tcp, id);

    return c ? &c->flow : NULL;
}

/* From now on what goes to its far end goes over c. Over TCP any connection carries that; RFC 3261
 * §18.1.1 lets it be one that the peer has opened: it is the same address and port. */
static void show(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    if (tnd_connection_carries(&c->connection, &c->flow.remote, false) == TND_RULE_NONE)
        return;
    /* two connections from one port, to two of our own: the first is found */
    c->is_by_remote = tnd_map_add(&tcp->by_remote, &c->by_remote,
                                  tnd_map_key(&c->flow.remote, sizeof(c->flow.remote))) == 0;
    c->link = (struct tnd_link){.remote = c->flow.remote, .flow = c->flow.id};
    if (c->connection.accepted) /* where somebody listens, each worker connects for itself */
        tnd_links_add(tcp->links, &c->link);
}

void tnd_tcp_hide(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    if (c->is_by_remote)
        tnd_map_remove(&tcp->by_remote, &c->by_remote);
    c->is_by_remote = false;
    tnd_links_remove(tcp->links, &c->link);
}

/* A connection over fd, which it takes, and closes if there can be none. */
static struct tnd_tcp_conn *new_conn(struct tnd_tcp *tcp, int fd, const struct tnd_endpoint *local,
                                     const struct tnd_endpoint *remote, bool accepted)
{
    struct tnd_tcp_conn *c = calloc(1, sizeof(*c));

    if (!c || !take_place(tcp, c)) {
        close(fd);
        free(c);
        return NULL;
    }
    c->fd = fd;
    c->flow.local = *local;
    c->flow.remote = *remote;
    c->connection =
        (struct tnd_connection){.remote = *remote, .alias_port = -1, .accepted = accepted};
    c->active = c->stage_since = tcp->now;
    c->message_since = -1;
    c->out_last = &c->out_first;
    c->stage = accepted ? TND_TCP_OPEN : TND_TCP_CONNECTING;
    c->events = accepted ? EPOLLIN : EPOLLOUT;
    tnd_stream_init(&c->stream, tcp->bounds.message_max);
    show(tcp, c);
    tnd_count_set(&tcp->stats.open, ++tcp->open);
    struct epoll_event event = {.events = c->events, .data.u64 = c->flow.id};
    if (epoll_ctl(tcp->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        tnd_tcp_die(tcp, c, NULL);
        return NULL;
    }
    return c;
}

static struct tnd_endpoint local_of(int fd)
{
    union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t len = sizeof(address);

    getsockname(fd, &address.any, &len);
    return tnd_sockaddr_endpoint(&address, TND_TRANSPORT_TCP);
}

static void accepted(struct tnd_tcp *tcp, const struct tnd_tcp_listener *l, int fd,
                     const union tnd_sockaddr *from)
{
    struct tnd_endpoint remote = tnd_sockaddr_endpoint(from, TND_TRANSPORT_TCP);
    struct tnd_endpoint local = l->is_any ? local_of(fd) : l->endpoint;
    struct tnd_tcp_source *source =
        tcp->open < tcp->bounds.connections ? tnd_tcp_take_source(tcp, &remote) : NULL;

    if (!source) {
        tnd_count_add(&tcp->stats.refused, 1);
        close(fd);
        return;
    }
    struct tnd_tcp_conn *c = new_conn(tcp, fd, &local, &remote, true);
    if (!c) {
        tnd_tcp_give_source(tcp, source);
        return;
    }
    c->source = source;
    tnd_count_add(&tcp->stats.accepted, 1);
    tnd_tcp_watch(tcp, c);
}

bool tnd_tcp_accept(struct tnd_tcp *tcp, size_t listener)
{
    const struct tnd_tcp_listener *l = &tcp->listeners[listener];

    for (int i = 0; i < ACCEPT_COUNT_MAX && !tcp->paused; i++) {
        union tnd_sockaddr from = {.any.sa_family = AF_UNSPEC};
        socklen_t len = sizeof(from);
        int fd = accept4(l->fd, &from.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            accepted(tcp, l, fd, &from);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* who waits goes on waiting in the backlog; to ask again at once would be to spin */
            tcp->paused = true;
            tnd_wheel_arm(&tcp->wheel, &tcp->pause, tcp->now + pause_time);
            listen_to(tcp, EPOLL_CTL_MOD);
            return false;
        } else if (errno == EAGAIN) {
            break;
        } /* else this one has gone again; there may be others */
    }
    return true;
}

static struct tnd_tcp_conn *connect_to(struct tnd_tcp *tcp, const struct tnd_endpoint *to)
{
    static const struct tnd_endpoint unknown = {0};
    union tnd_sockaddr address;
    socklen_t len = tnd_sockaddr(to, &address);

    if (len == 0)
        return NULL;
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return NULL;
    tnd_listen_connection(fd);
    if (connect(fd, &address.any, len) < 0 && errno != EINPROGRESS) {
        close(fd);
        return NULL;
    }
    return new_conn(tcp, fd, &unknown, to, false);
}

static struct tnd_tcp_conn *open_to(struct tnd_tcp *tcp, const struct tnd_endpoint *to)
{
    struct tnd_tcp_source *source =
        tcp->open < tcp->bounds.connections ? tnd_tcp_take_source(tcp, to) : NULL;
    struct tnd_tcp_conn *c = source ? connect_to(tcp, to) : NULL;

    if (!c) {
        tnd_tcp_give_source(tcp, source);
        return NULL;
    }
    c->source = source;
    tnd_count_add(&tcp->stats.connected, 1);
    return c;
}

uint64_t tnd_tcp_carrier(const struct tnd_tcp *tcp, const struct tnd_endpoint *to)
{
    struct tnd_map_node *found = tnd_map_find(&tcp->by_remote, tnd_map_key(to, sizeof(*to)));

    return found ? TND_OWNER(found, struct tnd_tcp_conn, by_remote)->flow.id
                 : tnd_links_find(tcp->links, to);
}

void tnd_tcp_open(struct tnd_tcp *tcp, const struct tnd_endpoint *to, struct tnd_slice bytes,
                  uint64_t token)
{
    struct tnd_tcp_conn *c = open_to(tcp, to);

    if (!c)
        tnd_failed_add(tcp->failed, tcp->worker, token);
    else if (tnd_tcp_queue(tcp, c, bytes, (struct tnd_failed_send){token, tcp->worker}))
        tnd_tcp_watch(tcp, c);
}

static void connected(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    socklen_t len = sizeof(int);
    int err = 0;

    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0 || err) {
        tnd_tcp_die(tcp, c, NULL);
        return;
    }
    c->flow.local = local_of(c->fd);
    tnd_tcp_enter(tcp, c, TND_TCP_OPEN);
}

void tnd_tcp_ready(struct tnd_tcp *tcp, uint64_t id, uint32_t events)
{
    struct tnd_tcp_conn *c = tnd_tcp_find(tcp, id);

    if (!c)
        return;
    if (c->stage == TND_TCP_CONNECTING)
        connected(tcp, c);
    if (c->stage != TND_TCP_DEAD && (events & EPOLLOUT))
        tnd_tcp_write(tcp, c);
    /* with EPOLLIN there may be words to read before the end */
    if (c->stage != TND_TCP_DEAD && (events & (EPOLLERR | EPOLLHUP)) && !(events & EPOLLIN))
        tnd_tcp_die(tcp, c, NULL);
}

void tnd_tcp_enter(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, enum tnd_tcp_stage stage)
{
    if (stage > TND_TCP_OPEN) /* what went out now, nobody would answer over c */
        tnd_tcp_hide(tcp, c);
    c->stage = (uint8_t)stage;
    c->stage_since = tcp->now;
}

static tnd_time sooner(tnd_time a, tnd_time b)
{
    return a < b ? a : b;
}

/* When c has taken too long, and what the matter is then. */
static tnd_time due_of(struct tnd_tcp *tcp, const struct tnd_tcp_conn *c, tnd_count **ret_why)
{
    tnd_time idle = c->active + tcp->bounds.idle, slow = TND_NEVER_DUE, unread = TND_NEVER_DUE,
             ending = TND_NEVER_DUE;

    if (c->message_since >= 0)
        slow = c->message_since + tcp->bounds.slow;
    if (c->out_first)
        unread = c->out_first->since + tcp->bounds.slow;
    if (c->stage == TND_TCP_DEAF)
        ending = c->stage_since + owed_time;
    if (c->stage == TND_TCP_LINGERING)
        ending = c->stage_since + linger_time;
    tnd_time due = sooner(sooner(idle, slow), sooner(unread, ending));
    *ret_why = due == ending   ? NULL
               : due == unread ? &tcp->stats.unread
               : due == slow   ? &tcp->stats.slow
                               : &tcp->stats.idle;
    return due;
}

/* A timer that is too early is set right when it is due: most are moved on with each message. */
void tnd_tcp_watch(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    uint32_t events = c->stage == TND_TCP_OPEN || c->stage == TND_TCP_LINGERING ? EPOLLIN : 0;
    tnd_count *why;

    if (c->stage == TND_TCP_DEAD)
        return;
    if (c->out_first || c->stage == TND_TCP_CONNECTING)
        events |= EPOLLOUT;
    if (events != c->events) {
        struct epoll_event event = {.events = events, .data.u64 = c->flow.id};

        c->events = events;
        epoll_ctl(tcp->epoll, EPOLL_CTL_MOD, c->fd, &event);
    }
    tnd_time due = due_of(tcp, c, &why);
    if (!tnd_wheel_armed(&c->timer) || due < c->timer.due)
        tnd_wheel_arm(&tcp->wheel, &c->timer, due);
}

void tnd_tcp_tick(struct tnd_tcp *tcp)
{
    struct tnd_wheel_timer *timer;

    while ((timer = tnd_wheel_next(&tcp->wheel, tcp->now))) {
        if (timer == &tcp->pause) {
            tcp->paused = false;
            listen_to(tcp, EPOLL_CTL_MOD);
            continue;
        }
        struct tnd_tcp_conn *c = TND_OWNER(timer, struct tnd_tcp_conn, timer);
        tnd_count *why;
        if (due_of(tcp, c, &why) <= tcp->now)
            tnd_tcp_die(tcp, c, why);
        else
            tnd_tcp_watch(tcp, c);
    }
}

static void drop_output(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    for (struct tnd_tcp_chunk *chunk = c->out_first, *next; chunk; chunk = next) {
        next = chunk->next;
        tnd_failed_add(tcp->failed, chunk->token.worker, chunk->token.token);
        free(chunk);
    }
    tcp->unsent -= c->out_first != NULL;
    tcp->buffered -= c->out_len;
    c->out_first = NULL;
    c->out_len = 0;
}

void tnd_tcp_die(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, tnd_count *why)
{
    TND_ASSERT(c->stage != TND_TCP_DEAD);
    if (why)
        tnd_count_add(why, 1);
    drop_output(tcp, c);
    if (tcp->asked)
        tnd_unreachable_tell(tcp->asked, &c->flow.remote, tcp->worker, tcp->failed);
    tcp->buffered -= c->in_size;
    c->in_size = 0;
    tnd_wheel_disarm(&tcp->wheel, &c->timer);
    tnd_tcp_hide(tcp, c);
    tnd_tcp_give_source(tcp, c->source);
    give_place(tcp, c);
    if (why == &tcp->stats.unread) { /* or the kernel went on keeping what nobody reads */
        struct linger reset = {.l_onoff = 1};

        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    }
    close(c->fd); /* epoll lets go of it too */
    c->stage = TND_TCP_DEAD;
    c->next_dead = tcp->dead;
    tcp->dead = c;
    tnd_count_set(&tcp->stats.open, --tcp->open);
}

void tnd_tcp_reap(struct tnd_tcp *tcp)
{
    for (struct tnd_tcp_conn *c = tcp->dead, *next; c; c = next) {
        next = c->next_dead;
        free(c->in); /* not sooner: a message that is being worked on may borrow from it */
        free(c);
    }
    tcp->dead = NULL;
}

bool tnd_tcp_may_buffer(struct tnd_tcp *tcp, size_t size)
{
    if (size > tcp->bounds.buffered_max - tcp->buffered)
        return false;
    tcp->buffered += size;
    return true;
}
