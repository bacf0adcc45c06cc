/* Endpoints and the addresses of sockets. */
#include "net/sockaddr.h"

#include <sys/socket.h>

#include "net/flow.h"
#include "unit/test.h"

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e), 0);
    return e;
}

TND_TEST(sockaddr_both_ways, "net/sockaddr.h", "an endpoint comes back from its socket address")
{
    static const char *const texts[] = {"udp:192.0.2.1:5070", "tcp:[2001:db8::1]:1",
                                        "udp:[::1]:65535"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct tnd_endpoint e = endpoint(texts[i]), back;
        union tnd_sockaddr address;

        CHECK_EQ(tnd_sockaddr(&e, &address),
                 e.family == TND_FAMILY_IPV4 ? sizeof(address.in4) : sizeof(address.in6));
        CHECK_EQ(ntohs(address.in4.sin_port), e.port);
        back = tnd_sockaddr_endpoint(&address, (enum tnd_transport)e.transport);
        CHECK(tnd_endpoint_eq(&e, &back));
    }
}

TND_TEST(sockaddr_none, "net/sockaddr.h", "what is no IP address is no endpoint, and the other way")
{
    union tnd_sockaddr address = {.any.sa_family = AF_UNIX};
    struct tnd_endpoint none = {0}, e = tnd_sockaddr_endpoint(&address, TND_TRANSPORT_UDP);

    CHECK(tnd_endpoint_eq(&e, &none));
    CHECK_EQ(tnd_sockaddr(&none, &address), 0);
}

TND_TEST(sockaddr_mapped, "RFC 5118 §4.9", "a peer whose IPv4 address came as IPv6 is an IPv4 one")
{
    union tnd_sockaddr address = {.in6 = {.sin6_family = AF_INET6, .sin6_port = htons(5060)}};
    static const uint8_t mapped[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1};

    memcpy(&address.in6.sin6_addr, mapped, 16);
    struct tnd_endpoint e = tnd_sockaddr_endpoint(&address, TND_TRANSPORT_UDP);
    struct tnd_endpoint plain = endpoint("udp:192.0.2.1:5060");
    CHECK(tnd_endpoint_eq(&e, &plain));
}

/* What was asked for on leaving is what is told on arrival, but for the port. */
TND_TEST(sockaddr_leaves_from, "RFC 3581 §4",
         "a response leaves from the address that is asked for")
{
    static const char *const texts[] = {"udp:127.0.0.9:5070", "udp:[2001:db8::1]:5070"};

    for (size_t i = 0; i < 2; i++) {
        _Alignas(8) char room[TND_SOCKADDR_CONTROL_SIZE];
        struct msghdr msg = {.msg_control = room};
        struct tnd_endpoint e = endpoint(texts[i]), told;
        unsigned interface = 0;

        CHECK(!tnd_sockaddr_arrived(&msg, 5070, &told, &interface));
        tnd_sockaddr_leave(&msg, &e, 3, &e, 0);
        CHECK(tnd_sockaddr_arrived(&msg, 5070, &told, &interface));
        CHECK(tnd_endpoint_eq(&told, &e) && interface == 3);
    }
}

TND_TEST(sockaddr_leaves_with_ttl, "net/sockaddr.h",
         "a packet to a group leaves with the ttl asked for")
{
    _Alignas(8) char room[TND_SOCKADDR_CONTROL_SIZE];
    struct msghdr msg = {.msg_control = room};
    struct tnd_endpoint none = {0}, group = endpoint("udp:224.0.1.75:5060");
    int ttl;

    tnd_sockaddr_leave(&msg, &none, 0, &group, 0);
    CHECK_EQ(msg.msg_controllen, 0);
    tnd_sockaddr_leave(&msg, &none, 0, &group, 16);
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    CHECK(c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL);
    memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
    CHECK_EQ(ttl, 16);
}

TND_TEST(flow_ids, "net/flow.h", "an id says whose a flow is and where, and none is 0")
{
    uint64_t c =
        tnd_flow_connection(63, ((uint64_t)1 << 35) - 1, TND_FLOW_CONNECTION_COUNT_MAX - 1);
    uint64_t d = tnd_flow_datagram(0, 63, 64), first = tnd_flow_datagram(0, 0, 0);

    CHECK(tnd_flow_is_connection(c) && tnd_flow_worker(c) == 63);
    CHECK_EQ(tnd_flow_place(c), TND_FLOW_CONNECTION_COUNT_MAX - 1);
    CHECK(!tnd_flow_is_connection(d) && tnd_flow_worker(d) == 0);
    CHECK(tnd_flow_socket(d) == 63 && tnd_flow_local(d) == 64);
    CHECK(first != 0 && tnd_flow_worker(first) == 0);
    CHECK(tnd_flow_connection(0, 1, 7) != tnd_flow_connection(0, 2, 7));
}
