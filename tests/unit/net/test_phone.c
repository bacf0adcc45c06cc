/* Phones: two of them on loopback, each with an element that says what the test tells it to. */
#include "net/phone.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/clock.h"
#include "net/phone_open.h"
#include "net/sockaddr.h"
#include "unit/test.h"

struct end {
    struct tnd_phone phone;
    struct tnd_output out; /* to be taken once */
    bool has_out, has_told;
    unsigned came, failed;
    struct tnd_flow flow; /* of the last message */
    tnd_time due;
    unsigned ticks, seen_sent, seen_received;
    struct tnd_endpoint seen_local;
};

static struct end a, b;
static sigset_t before;

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct end *e = self;

    if (in->kind == TND_IN_MESSAGE) {
        e->came++;
        e->flow = in->flow;
        CHECK(in->msg->kind != TND_MSG_REQUEST || in->msg->method == TND_METHOD_OPTIONS);
    }
    e->failed += in->kind == TND_IN_FAILED && in->token == 7;
    if (in->kind == TND_IN_TICK) {
        CHECK(now >= e->due);
        e->ticks++;
        e->due = TND_NEVER_DUE;
    }
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    struct end *e = self;

    *ret = e->out;
    bool has = e->has_out;
    e->has_out = false;
    return has;
}

static tnd_time due(const void *self)
{
    return ((const struct end *)self)->due;
}

static void see(void *ctx, const struct tnd_seen *seen)
{
    struct end *e = ctx;

    CHECK(!seen->is_media && seen->bytes.len > 0);
    if (seen->sent)
        e->seen_local = seen->local;
    *(seen->sent ? &e->seen_sent : &e->seen_received) += 1;
}

static const struct tnd_endpoint loopback = {{127, 0, 0, 1}, 0, 0, TND_FAMILY_IPV4};

static void start_end(struct end *e)
{
    *e = (struct end){.due = TND_NEVER_DUE};
    struct tnd_phone_with with = {.local = loopback, .onlooker = {see, e}};
    CHECK_EQ(tnd_phone_init(&e->phone, &with), 0);
    e->phone.element =
        (struct tnd_phone_element){.feed = feed, .take = take, .due = due, .self = e};
}

static void start(void)
{
    sigprocmask(SIG_SETMASK, NULL, &before);
    tnd_resolver_library_init();
    start_end(&a);
    start_end(&b);
}

static void finish(void)
{
    tnd_phone_fini(&a.phone);
    tnd_phone_fini(&b.phone);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void say(struct end *e, const struct tnd_endpoint *to, uint64_t flow)
{
    e->out =
        (struct tnd_output){.kind = TND_OUT_SEND,
                            .flow = flow,
                            .token = 7,
                            .to = *to,
                            .bytes = TND_STR("OPTIONS sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n")};
    e->has_out = true;
}

TND_TEST(phone_address, "RFC 3261 §18.1.1", "a phone has one port for UDP and TCP")
{
    int fds[2];
    struct tnd_endpoint addresses[2];

    start();
    CHECK(a.phone.addresses[0].port != 0);
    CHECK_EQ(a.phone.addresses[0].port, a.phone.addresses[1].port);
    CHECK_EQ(a.phone.addresses[1].transport, TND_TRANSPORT_TCP);
    CHECK_EQ(tnd_phone_open(&a.phone.addresses[0], addresses, fds), EADDRINUSE);
    finish();
}

TND_TEST(phone_udp, "net/phone.h",
         "what the element sends leaves from its address, and comes with its flow")
{
    start();
    say(&a, &b.phone.addresses[0], 0);
    tnd_phone_turn(&a.phone, 0);
    tnd_phone_turn(&b.phone, 0);
    CHECK_EQ(b.came, 1);
    CHECK(tnd_endpoint_eq(&b.flow.remote, &a.phone.addresses[0]));
    say(&b, &b.flow.remote, b.flow.id); /* back over the same flow */
    tnd_phone_turn(&b.phone, 0);
    tnd_phone_turn(&a.phone, 0);
    CHECK_EQ(a.came, 1);
    CHECK(a.seen_sent == 1 && a.seen_received == 1 && b.seen_sent == 1 && b.seen_received == 1);
    finish();
}

/* Two of a's requests go there, one after the other. */
static void say_to_nobody(const struct tnd_endpoint *nobody)
{
    say(&a, nobody, 0);
    while (a.failed == 0)
        tnd_phone_turn(&a.phone, 0);
    CHECK_EQ(a.failed, 1);
    say(&a, nobody, 0);
    tnd_phone_turn(&a.phone, 0);
    say(&a, &b.phone.addresses[0], 0); /* the error of the one is not that of the other */
    while (a.failed < 2 || b.came == 0) {
        tnd_phone_turn(&a.phone, 0);
        tnd_phone_turn(&b.phone, 0);
    }
    CHECK(a.failed == 2 && b.came == 1);
}

TND_TEST(phone_unreachable, "RFC 3261 §18.4",
         "an ICMP error tells the element at once that nobody is where its request went")
{
    struct tnd_endpoint nobody = loopback;
    union tnd_sockaddr itself;
    int fd;

    start();
    CHECK_EQ(tnd_phone_open_even(&nobody, &fd), 0);
    socklen_t len = tnd_sockaddr(&nobody, &itself);
    CHECK_EQ(connect(fd, &itself.any, len), 0); /* the port is taken, but hears itself alone */
    say_to_nobody(&nobody);
    close(fd);
    finish();
}

TND_TEST(phone_tcp, "net/phone.h",
         "over a connection likewise; who looks on is told the port that it has")
{
    start();
    say(&a, &b.phone.addresses[1], 0);
    while (b.came == 0) {
        tnd_phone_turn(&a.phone, 0);
        tnd_phone_turn(&b.phone, 0);
    }
    CHECK(tnd_endpoint_eq(&b.flow.remote, &a.seen_local));
    say(&b, &b.flow.remote, b.flow.id);
    while (a.came == 0) {
        tnd_phone_turn(&b.phone, 0);
        tnd_phone_turn(&a.phone, 0);
    }
    CHECK(tnd_endpoint_eq(&a.flow.local, &a.seen_local));
    say(&a, &b.phone.addresses[1], 0); /* the connection carries what comes next */
    while (b.came == 1) {
        tnd_phone_turn(&a.phone, 0);
        tnd_phone_turn(&b.phone, 0);
    }
    CHECK_EQ(a.phone.tcp.stats.connected, 1);
    finish();
}

/* a sends bytes to b, which ends the connection when it has them. */
static void say_and_end(struct tnd_slice bytes)
{
    unsigned had = b.came;

    say(&a, &b.phone.addresses[1], 0);
    a.out.bytes = bytes;
    while (b.came == had) {
        tnd_phone_turn(&a.phone, 0);
        tnd_phone_turn(&b.phone, 0);
    }
    CHECK_EQ(a.failed, had);
    tnd_tcp_close(&b.phone.tcp, b.flow.id);
    while (a.phone.tcp.open > 0) {
        tnd_phone_turn(&b.phone, 0);
        tnd_phone_turn(&a.phone, 0);
    }
}

TND_TEST(
    phone_connection_ends, "RFC 3261 §17.1.4",
    "a request fails with the connection over which its answer is to come; a response was sent")
{
    start();
    say_and_end(TND_STR("OPTIONS sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n"));
    CHECK_EQ(a.failed, 1);
    say_and_end(TND_STR("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
    CHECK_EQ(a.failed, 1);
    finish();
}

TND_TEST(phone_failed, "net/phone.h", "what cannot be sent is told to the element")
{
    struct tnd_endpoint to = {{127, 0, 0, 1}, 9, TND_TRANSPORT_TLS, TND_FAMILY_IPV4};

    start();
    say(&a, &to, 0); /* there is no TLS */
    tnd_phone_turn(&a.phone, 0);
    CHECK_EQ(a.failed, 1);
    to = b.phone.addresses[1];
    tnd_phone_fini(&b.phone);
    say(&a, &to, 0); /* nobody listens */
    while (a.failed == 1)
        tnd_phone_turn(&a.phone, 0);
    finish();
}

TND_TEST(phone_time, "net/phone.h", "the element is fed when its time has come, and not before")
{
    start();
    a.due = tnd_clock() + TND_MS(5);
    tnd_phone_turn(&a.phone, 0);
    while (a.ticks == 0)
        tnd_phone_turn(&a.phone, TND_NEVER_DUE);
    CHECK_EQ(a.ticks, 1);
    finish();
}

static bool tell(void *self)
{
    struct end *e = self;

    if (e->came == 0 || e->has_told)
        return false;
    e->has_told = true;
    e->phone.until = 0; /* else this turn would wait for good */
    say(e, &e->flow.remote, e->flow.id);
    return true;
}

TND_TEST(phone_tell, "net/phone.h",
         "what the element tells is heard before its outputs are taken, and may end the wait")
{
    start();
    b.phone.element.tell = tell;
    say(&a, &b.phone.addresses[0], 0);
    tnd_phone_turn(&a.phone, 0);
    tnd_phone_turn(&b.phone, TND_NEVER_DUE);
    tnd_phone_turn(&a.phone, 0);
    CHECK(b.has_told && a.came == 1);
    b.has_told = false;
    tnd_phone_turn(&b.phone, TND_NEVER_DUE); /* nothing comes: until was changed */
    CHECK(b.has_told);
    finish();
}

static void ready(void *ctx, tnd_time now)
{
    struct end *e = ctx;

    (void)now;
    e->came++;
    tnd_phone_unwatch(&e->phone, *(int *)(uintptr_t)e->out.bytes.ptr);
}

TND_TEST(phone_watch, "net/phone.h", "what else can be read is told; a signal ends the wait")
{
    int ends[2];

    start();
    CHECK_EQ(pipe(ends), 0);
    a.out.bytes.ptr = (const char *)&ends[0];
    CHECK_EQ(tnd_phone_watch(&a.phone, ends[0], ready, &a), 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    tnd_phone_turn(&a.phone, TND_NEVER_DUE);
    CHECK_EQ(a.came, 1);
    tnd_phone_turn(&a.phone, 0); /* it was unwatched */
    CHECK_EQ(a.came, 1);
    raise(SIGTERM);
    tnd_phone_turn(&a.phone, TND_NEVER_DUE);
    CHECK_EQ(a.phone.stops, 1);
    close(ends[0]);
    close(ends[1]);
    finish();
}

TND_TEST(phone_route, "net/phone_open.h",
         "the way to a loopback address begins at one; a URI with an address needs no DNS")
{
    struct tnd_endpoint to, from;
    struct tnd_flaw flaw;
    struct tnd_uri uri;

    tnd_resolver_library_init();
    CHECK_EQ(tnd_uri_parse(TND_STR("sip:bob@127.0.0.1:5099;transport=tcp"), &uri, &flaw), 0);
    CHECK_EQ(tnd_phone_locate(&uri, NULL, 0, &to), 0);
    CHECK(to.port == 5099 && to.transport == TND_TRANSPORT_TCP);
    CHECK_EQ(tnd_phone_route(&to, &from), 0);
    CHECK(tnd_address_eq(&from, &loopback) && from.port == 0);
}
