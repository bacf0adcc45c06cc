/* Requests: size, transport, Via. */
#include "tandem/transport/request.h"
#include "unit/sip/probe.h"

static enum tnd_transport carrier(enum tnd_transport chosen, size_t len, size_t mtu)
{
    enum tnd_rule rule;
    enum tnd_transport transport = tnd_request_transport(chosen, len, mtu, &rule);

    CHECK_EQ(rule, transport == chosen ? TND_RULE_NONE : TND_RULE_REQUEST_LARGE);
    return transport;
}

TND_TEST(request_large, "RFC 3261 §18.1.1",
         "a request larger than 1300 bytes, or within 200 of the path MTU, goes by TCP")
{
    PROVES(REQUEST_LARGE);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 1300, 0), TND_TRANSPORT_UDP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 1301, 0), TND_TRANSPORT_TCP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 1299, 1500), TND_TRANSPORT_UDP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 1300, 1500), TND_TRANSPORT_TCP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 8000, 9000), TND_TRANSPORT_UDP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 400, 576), TND_TRANSPORT_TCP);
    CHECK_EQ(carrier(TND_TRANSPORT_UDP, 0, 1), TND_TRANSPORT_TCP);
    CHECK_EQ(carrier(TND_TRANSPORT_TCP, 65535, 0), TND_TRANSPORT_TCP);
    CHECK_EQ(carrier(TND_TRANSPORT_TLS, 65535, 1500), TND_TRANSPORT_TLS);
}

TND_TEST(request_back_to_udp, "RFC 3261 §18.1.1",
         "what went by TCP for its size alone goes by UDP where there is no TCP")
{
    const enum tnd_transport udp = TND_TRANSPORT_UDP, tcp = TND_TRANSPORT_TCP;

    PROVES(REQUEST_BACK_TO_UDP);
    CHECK_EQ(tnd_request_back_to_udp(udp, tcp, TND_CONNECT_REFUSED), TND_RULE_REQUEST_BACK_TO_UDP);
    CHECK_EQ(tnd_request_back_to_udp(udp, tcp, TND_CONNECT_NO_PROTOCOL),
             TND_RULE_REQUEST_BACK_TO_UDP);
    CHECK_EQ(tnd_request_back_to_udp(udp, tcp, TND_CONNECT_TIMEOUT), TND_RULE_NONE);
    CHECK_EQ(tnd_request_back_to_udp(udp, tcp, TND_CONNECT_UNREACHABLE), TND_RULE_NONE);
    CHECK_EQ(tnd_request_back_to_udp(tcp, tcp, TND_CONNECT_REFUSED), TND_RULE_NONE);
    CHECK_EQ(tnd_request_back_to_udp(TND_TRANSPORT_TLS, TND_TRANSPORT_TLS, TND_CONNECT_REFUSED),
             TND_RULE_NONE);
    CHECK_EQ(tnd_request_back_to_udp(udp, udp, TND_CONNECT_REFUSED), TND_RULE_NONE);
}

TND_TEST(request_via, "RFC 3261 §18.1.1", "the Via says transport, sent-by, branch and what we ask")
{
    struct tnd_endpoint group = {{224, 0, 1, 75}, 5060, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
    struct tnd_request_via via = {
        .transport = TND_TRANSPORT_UDP,
        .host = TND_STR("proxy.example.com"),
        .port = -1,
        .branch = TND_STR("z9hG4bKkjsh77"),
    };
    struct tnd_via read;

    CHECK_WRITES(request_via, &via, "SIP/2.0/UDP proxy.example.com;branch=z9hG4bKkjsh77");
    via.port = 5070;
    via.rport = true;
    CHECK_WRITES(request_via, &via,
                 "SIP/2.0/UDP proxy.example.com:5070;branch=z9hG4bKkjsh77;rport");
    via.transport = TND_TRANSPORT_TLS;
    via.alias = true;
    via.host = TND_STR("[2001:db8::1]");
    CHECK_WRITES(request_via, &via,
                 "SIP/2.0/TLS [2001:db8::1]:5070;branch=z9hG4bKkjsh77;rport;alias");
    READ(via, "SIP/2.0/TLS [2001:db8::1]:5070;branch=z9hG4bKkjsh77;rport;alias", &read);
    CHECK_EQ(read.rport, 0);
    via = (struct tnd_request_via){.transport = TND_TRANSPORT_UDP,
                                   .host = TND_STR("192.0.2.1"),
                                   .port = -1,
                                   .branch = TND_STR("z9hG4bK1"),
                                   .group = &group};
    CHECK_WRITES(request_via, &via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;maddr=224.0.1.75;ttl=1");
}
