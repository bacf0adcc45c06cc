/* Connections: which of them what goes to an endpoint is given. */
#include "net/tcp.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/heap.h"
#include "net/sockaddr.h"
#include "unit/test.h"

enum { WORKERS = 2 };

/* Two workers, each with a listener of its own, so that we choose who accepts. */
static struct tnd_links *links;
static struct tnd_failed failed;
static struct tnd_tcp tcp[WORKERS];
static struct tnd_endpoint places[WORKERS];
static int epolls[WORKERS];

static const struct tnd_siphash_key secret = {1, 2};

static struct tnd_endpoint end_of(int fd)
{
    union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t len = sizeof(address);

    CHECK_EQ(getsockname(fd, &address.any, &len), 0);
    return tnd_sockaddr_endpoint(&address, TND_TRANSPORT_TCP);
}

static void start_worker(unsigned i)
{
    struct tnd_tcp_with with = {.worker = i,
                                .now = TND_SEC(1),
                                .bounds = {.connections = 10,
                                           .connections_per_source = 10,
                                           .message_max = 65535,
                                           .unsent_max = 65536,
                                           .buffered_max = 1 << 20,
                                           .idle = TND_SEC(60),
                                           .slow = TND_SEC(60)},
                                .failed = &failed,
                                .links = links,
                                .mem = &tnd_heap};
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + i)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    with.epoll = epolls[i] = epoll_create1(0);
    CHECK_EQ(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
    CHECK_EQ(listen(fd, 10), 0);
    places[i] = end_of(fd);
    CHECK_EQ(tnd_tcp_init(&tcp[i], &with, &places[i], &fd, 1), 0);
}

static void start(void)
{
    failed.count = 0;
    CHECK_EQ(tnd_links_new(&secret, &tnd_heap, &links), 0);
    for (unsigned i = 0; i < WORKERS; i++)
        start_worker(i);
}

static void end(void)
{
    for (unsigned i = 0; i < WORKERS; i++) {
        tnd_tcp_fini(&tcp[i]);
        close(epolls[i]);
    }
    tnd_links_free(&links); /* it asserts that nothing is listed */
}

/* Waits for the next event of that worker, and does what it asks for. How many messages came. */
static unsigned turn(unsigned i)
{
    static char room[65536];
    struct tnd_arena a;
    struct epoll_event e;
    struct tnd_tcp_conn *c;
    struct tnd_msg msg;
    unsigned count = 0;

    CHECK_EQ(epoll_wait(epolls[i], &e, 1, -1), 1);
    if (!tnd_flow_is_connection(e.data.u64)) {
        tnd_tcp_accept(&tcp[i], 0);
        return 0;
    }
    tnd_arena_init(&a, room, sizeof(room), &tnd_heap, sizeof(room));
    tnd_tcp_ready(&tcp[i], e.data.u64, e.events);
    c = e.events & EPOLLIN ? tnd_tcp_read(&tcp[i], e.data.u64) : NULL;
    while (c && tnd_tcp_next(&tcp[i], c, &a, &msg) == TND_STREAM_MESSAGE)
        count++;
    tnd_tcp_reap(&tcp[i]);
    tnd_arena_fini(&a);
    return count;
}

/* A phone that is connected to the worker, from that port of 127.0.0.1; 0: any. */
static int phone_at(unsigned worker, uint16_t port)
{
    struct sockaddr_in from = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    union tnd_sockaddr to;
    socklen_t len = tnd_sockaddr(&places[worker], &to);
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    CHECK_EQ(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
    CHECK_EQ(connect(fd, &to.any, len), 0);
    turn(worker);
    return fd;
}

static void reset(int fd)
{
    struct linger now = {.l_onoff = 1};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(fd);
}

TND_TEST(tcp_carrier, "RFC 3261 §18.1.1",
         "a connection that a peer has opened carries what any worker sends to where it comes from")
{
    start();
    int fd = phone_at(0, 0);
    struct tnd_endpoint phone = end_of(fd), other = phone;
    uint64_t flow = tnd_tcp_carrier(&tcp[0], &phone);

    CHECK(tnd_flow_is_connection(flow) && tnd_flow_worker(flow) == 0);
    CHECK_EQ(tnd_tcp_carrier(&tcp[1], &phone), flow);
    other.port++;
    CHECK_EQ(tnd_tcp_carrier(&tcp[1], &other), 0);
    reset(fd);
    turn(0);
    CHECK_EQ(tnd_tcp_carrier(&tcp[0], &phone), 0);
    CHECK_EQ(tnd_tcp_carrier(&tcp[1], &phone), 0);
    tnd_tcp_put(&tcp[0], flow, TND_STR("too late"), 1, 7); /* as it was handed over meanwhile */
    CHECK(failed.count == 1 && failed.list[0].worker == 1 && failed.list[0].token == 7);
    end();
}

TND_TEST(tcp_carrier_ending, "net/tcp.h",
         "a connection that is being ended takes answers that are owed, and nothing new")
{
    static const char options[] =
        "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/TCP a.example;branch=z9hG4bK1\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:a@a.example>;tag=1\r\nTo: <sip:example.com>\r\n"
        "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    static const char ok[] = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";
    char got[sizeof(ok)];

    start();
    int fd = phone_at(0, 0);
    struct tnd_endpoint phone = end_of(fd);
    uint64_t flow = tnd_tcp_carrier(&tcp[0], &phone);

    CHECK_EQ(send(fd, options, sizeof(options) - 1, 0), sizeof(options) - 1);
    CHECK_EQ(turn(0), 1);
    CHECK_EQ(tnd_tcp_carrier(&tcp[1], &phone), flow);
    shutdown(fd, SHUT_WR);
    turn(0);
    CHECK(tnd_tcp_carrier(&tcp[0], &phone) == 0 && tnd_tcp_carrier(&tcp[1], &phone) == 0);
    tnd_tcp_put(&tcp[0], flow, tnd_slice(ok, sizeof(ok) - 1), 0, 7);
    tnd_tcp_flush(&tcp[0]);
    CHECK_EQ(recv(fd, got, sizeof(got), 0), sizeof(ok) - 1);
    CHECK_EQ(failed.count, 0);
    close(fd);

    fd = phone_at(1, 0);
    phone = end_of(fd);
    flow = tnd_tcp_carrier(&tcp[0], &phone);
    CHECK_EQ(tnd_flow_worker(flow), 1);
    tnd_tcp_close(&tcp[1], flow);
    CHECK(tnd_tcp_carrier(&tcp[0], &phone) == 0 && tnd_tcp_carrier(&tcp[1], &phone) == 0);
    close(fd);
    end();
}

TND_TEST(
    tcp_carrier_several, "net/tcp.h",
    "a worker takes a connection of its own first; when it ends, that of the other one is found")
{
    start();
    int first = phone_at(0, 0);
    struct tnd_endpoint phone = end_of(first);
    int second = phone_at(1, phone.port); /* to another address of ours, from the same port */

    CHECK_EQ(tnd_flow_worker(tnd_tcp_carrier(&tcp[0], &phone)), 0);
    CHECK_EQ(tnd_flow_worker(tnd_tcp_carrier(&tcp[1], &phone)), 1);
    reset(first);
    turn(0);
    CHECK_EQ(tnd_flow_worker(tnd_tcp_carrier(&tcp[0], &phone)), 1);
    reset(second);
    turn(1);
    CHECK_EQ(tnd_tcp_carrier(&tcp[0], &phone), 0);
    end();
}

TND_TEST(tcp_opened, "net/tcp.h",
         "a connection that a worker has opened is used again by it, and not by others")
{
    start();
    tnd_tcp_open(&tcp[0], &places[1], TND_STR("\r\n\r\n"), 7);
    uint64_t flow = tnd_tcp_carrier(&tcp[0], &places[1]);

    CHECK(tnd_flow_is_connection(flow) && tnd_flow_worker(flow) == 0);
    CHECK_EQ(tnd_tcp_carrier(&tcp[1], &places[1]), 0);
    turn(1); /* accepts it */
    turn(0);
    CHECK_EQ(tnd_tcp_carrier(&tcp[0], &places[1]), flow);
    tnd_tcp_close(&tcp[0], flow);
    CHECK_EQ(tnd_tcp_carrier(&tcp[0], &places[1]), 0);
    tnd_tcp_open(&tcp[0], &places[1], TND_STR("\r\n\r\n"), 8);
    CHECK(tnd_tcp_carrier(&tcp[0], &places[1]) != 0);
    tnd_tcp_close(&tcp[0], tnd_tcp_carrier(&tcp[0], &places[1])); /* what waits is written first */
    CHECK_EQ(tnd_tcp_carrier(&tcp[0], &places[1]), 0);
    CHECK_EQ(failed.count, 0);
    end();
}
