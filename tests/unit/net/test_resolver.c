/* Look-ups, of a DNS server that the test plays itself on a loopback address. */
#include "net/resolver.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/clock.h"
#include "net/listen.h"
#include "net/sockaddr.h"
#include "unit/test.h"

enum { TYPE_A = 1, TYPE_AAAA = 28, TYPE_SRV = 33, TYPE_NAPTR = 35 };

struct dns {
    struct tnd_resolver resolver;
    int epoll, server;
    unsigned asked;
};

static void start(struct dns *d)
{
    struct tnd_endpoint e;
    union tnd_sockaddr address;
    socklen_t len = sizeof(address);

    *d = (struct dns){.epoll = epoll_create1(EPOLL_CLOEXEC)};
    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:127.0.0.1:1"), TND_TRANSPORT_UDP, &e), 0);
    e.port = 0; /* any that is free */
    CHECK_EQ(tnd_listen(&e, false, &d->server), 0);
    CHECK_EQ(getsockname(d->server, &address.any, &len), 0);
    e = tnd_sockaddr_endpoint(&address, TND_TRANSPORT_UDP);
    CHECK_EQ(tnd_resolver_library_init(), 0);
    CHECK_EQ(tnd_resolver_init(&d->resolver, d->epoll, &e, 1), 0);
}

static void end(struct dns *d)
{
    tnd_resolver_fini(&d->resolver);
    close(d->server);
    close(d->epoll);
}

static void put16(struct tnd_writer *w, unsigned n)
{
    tnd_put_char(w, (char)(n >> 8));
    tnd_put_char(w, (char)n);
}

/* A record for the name of the question, which stands at octet 12. */
static void put_record(struct tnd_writer *w, unsigned type, struct tnd_slice data)
{
    put16(w, 0xc00c);
    put16(w, type);
    put16(w, 1);
    put16(w, 0);
    put16(w, 77); /* the ttl */
    put16(w, (unsigned)data.len);
    tnd_put(w, data);
}

#define DATA(literal) tnd_slice(literal, sizeof(literal) - 1)

/* Two records of each kind. */
static void put_records(struct tnd_writer *w, unsigned type)
{
    if (type == TYPE_A) {
        put_record(w, type, DATA("\300\0\2\1"));
        put_record(w, type, DATA("\300\0\2\2"));
    } else if (type == TYPE_AAAA) {
        put_record(w, type, DATA("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"));
        put_record(w, type, DATA("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2"));
    } else if (type == TYPE_SRV) {
        put_record(w, type, DATA("\0\1\0\2\23\304\2gw\7example\0"));
        put_record(w, type, DATA("\0\3\0\4\23\305\2gx\7example\0"));
    } else {
        put_record(w, type, DATA("\0\1\0\2\1s\7SIP+D2U\0\4_sip\4_udp\7example\0"));
        put_record(w, type, DATA("\0\3\0\4\1s\7SIP+D2T\0\4_sip\4_tcp\7example\0"));
    }
}

/* Answers one question: a name that begins with 'n' is none, of 'e' there is nothing. */
static void serve(struct dns *d)
{
    char in[512], out[512];
    union tnd_sockaddr from;
    socklen_t from_len = sizeof(from);
    ssize_t len = recvfrom(d->server, in, sizeof(in), MSG_DONTWAIT, &from.any, &from_len);

    if (len < 17)
        return;
    size_t name_end = 12 + strlen(in + 12) + 1;
    unsigned type = (unsigned char)in[name_end + 1];
    bool is_none = in[13] == 'n', is_empty = in[13] == 'e';
    struct tnd_writer w = tnd_writer(out, sizeof(out));
    tnd_put(&w, tnd_slice(in, 2));
    put16(&w, is_none ? 0x8183 : 0x8180);
    put16(&w, 1);
    put16(&w, is_none || is_empty ? 0 : 2);
    put16(&w, 0);
    put16(&w, 0);
    tnd_put(&w, tnd_slice(in + 12, name_end + 4 - 12));
    if (!is_none && !is_empty)
        put_records(&w, type);
    d->asked++;
    CHECK(sendto(d->server, out, w.len, 0, &from.any, from_len) == (ssize_t)w.len);
}

/* Until there is an answer: what the world does in between. */
static const struct tnd_lookup_answer *answer(struct dns *d, uint64_t token)
{
    const struct tnd_lookup_answer *got;
    tnd_time give_up = tnd_clock() + TND_SEC(20);
    uint64_t is;

    while (!tnd_resolver_next(&d->resolver, &is, &got)) {
        struct epoll_event e;

        serve(d);
        if (epoll_wait(d->epoll, &e, 1, 10) == 1)
            tnd_resolver_ready(&d->resolver, (int)(e.data.u64 - TND_RESOLVER_SOCKET), e.events);
        else
            tnd_resolver_tick(&d->resolver);
        CHECK(tnd_clock() < give_up);
    }
    CHECK_EQ(is, token);
    return got;
}

static const struct tnd_lookup_answer *ask(struct dns *d, enum tnd_lookup_kind kind,
                                           const char *name)
{
    static uint64_t token;
    struct tnd_lookup lookup = {tnd_slice_str(name), (uint8_t)kind};

    tnd_resolver_ask(&d->resolver, &lookup, ++token);
    const struct tnd_lookup_answer *got = answer(d, token);
    CHECK(got->lookup.kind == kind && tnd_slice_eq(got->lookup.name, lookup.name));
    return got;
}

static void check_address(const struct tnd_lookup_answer *got, size_t i, const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_address_parse(tnd_slice_str(text), &e), 0);
    CHECK(got->count > i && tnd_endpoint_eq(&got->addresses[i], &e));
}

TND_TEST(resolver_addresses, "RFC 3263 §4.2", "a name is looked up for its addresses")
{
    const struct tnd_lookup_answer *got;
    struct dns d;

    start(&d);
    got = ask(&d, TND_LOOKUP_A, "host.example");
    CHECK(got->result == TND_LOOKUP_FOUND && got->count == 2 && got->ttl == 77);
    check_address(got, 0, "192.0.2.1");
    check_address(got, 1, "192.0.2.2");
    got = ask(&d, TND_LOOKUP_AAAA, "host.example");
    CHECK(got->result == TND_LOOKUP_FOUND && got->count == 2 && got->ttl == 77);
    check_address(got, 0, "2001:db8::1");
    end(&d);
}

TND_TEST(resolver_srv, "RFC 2782", "a service is looked up for its servers")
{
    struct dns d;

    start(&d);
    const struct tnd_lookup_answer *got = ask(&d, TND_LOOKUP_SRV, "_sip._udp.example");
    CHECK(got->result == TND_LOOKUP_FOUND && got->count == 2);
    CHECK_STR(got->srvs[0].target, "gw.example");
    CHECK(got->srvs[0].priority == 1 && got->srvs[0].weight == 2 && got->srvs[0].port == 5060);
    CHECK_STR(got->srvs[1].target, "gx.example");
    CHECK(got->srvs[1].priority == 3 && got->srvs[1].weight == 4 && got->srvs[1].port == 5061);
    end(&d);
}

TND_TEST(resolver_naptr, "RFC 3263 §4.1", "a domain is looked up for its services")
{
    struct dns d;

    start(&d);
    const struct tnd_lookup_answer *got = ask(&d, TND_LOOKUP_NAPTR, "domain.example");
    CHECK(got->result == TND_LOOKUP_FOUND && got->count == 2);
    CHECK(got->naptrs[0].order == 1 && got->naptrs[0].preference == 2);
    CHECK_STR(got->naptrs[0].flags, "s");
    CHECK_STR(got->naptrs[0].service, "SIP+D2U");
    CHECK_STR(got->naptrs[0].regexp, "");
    CHECK_STR(got->naptrs[0].replacement, "_sip._udp.example");
    CHECK_STR(got->naptrs[1].service, "SIP+D2T");
    end(&d);
}

TND_TEST(resolver_none, "net/resolver.h", "no such name and no such record are both NONE")
{
    static const char *const names[] = {"no.example", "empty.example"};
    struct dns d;

    start(&d);
    for (size_t i = 0; i < 2; i++)
        for (int kind = TND_LOOKUP_A; kind <= TND_LOOKUP_NAPTR; kind++) {
            const struct tnd_lookup_answer *got = ask(&d, (enum tnd_lookup_kind)kind, names[i]);
            CHECK(got->result == TND_LOOKUP_NONE && got->count == 0);
        }
    end(&d);
}

TND_TEST(resolver_no_name, "net/resolver.h", "what is no name is not asked for")
{
    struct tnd_lookup nul = {tnd_slice("a\0b", 3), TND_LOOKUP_A},
                      empty = {TND_STR(""), TND_LOOKUP_A};
    struct dns d;

    start(&d);
    tnd_resolver_ask(&d.resolver, &nul, 1000);
    CHECK_EQ(answer(&d, 1000)->result, TND_LOOKUP_NONE);
    tnd_resolver_ask(&d.resolver, &empty, 1001);
    CHECK_EQ(answer(&d, 1001)->result, TND_LOOKUP_NONE);
    CHECK_EQ(d.asked, 0);
    end(&d);
}

TND_TEST(resolver_localhost, "RFC 6761 §6.3",
         "localhost is the loopback address, and not asked for")
{
    static const char *const names[] = {"localhost", "LocalHost.", "sip.localhost"};
    struct dns d;

    start(&d);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        check_address(ask(&d, TND_LOOKUP_A, names[i]), 0, "127.0.0.1");
        check_address(ask(&d, TND_LOOKUP_AAAA, names[i]), 0, "::1");
    }
    CHECK_EQ(d.asked, 0);
    check_address(ask(&d, TND_LOOKUP_A, "mylocalhost"), 0, "192.0.2.1");
    CHECK_EQ(d.asked, 1);
    end(&d);
}

TND_TEST(resolver_bound, "net/resolver.h", "beyond the bound of look-ups one fails at once")
{
    struct tnd_lookup lookup = {TND_STR("host.example"), TND_LOOKUP_SRV};
    unsigned failed = 0, found = 0;
    struct dns d;

    start(&d);
    for (uint64_t i = 1; i <= TND_RESOLVER_COUNT_MAX + 5; i++)
        tnd_resolver_ask(&d.resolver, &lookup, i);
    CHECK_EQ(d.resolver.count, TND_RESOLVER_COUNT_MAX + 5);
    for (unsigned i = 1; i <= 5; i++)
        failed += answer(&d, TND_RESOLVER_COUNT_MAX + i)->result == TND_LOOKUP_FAILED;
    CHECK_EQ(failed, 5);
    for (unsigned i = 1; i <= 3; i++)
        found += answer(&d, i)->result == TND_LOOKUP_FOUND;
    CHECK_EQ(found, 3);
    end(&d); /* with those that wait still */
}
