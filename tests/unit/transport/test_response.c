/* received and rport, and where responses go. */
#include <stdio.h>

#include "tandem/transport/response.h"
#include "unit/sip/probe.h"

static struct tnd_via via_of(const char *text)
{
    struct tnd_via via;

    READ(via, text, &via);
    return via;
}

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e), 0);
    return e;
}

/* received NULL: none is put. */
static void check_seen(const char *via_text, const char *source, const char *received, int rport)
{
    struct tnd_via via = via_of(via_text);
    struct tnd_endpoint from = endpoint(source);
    struct tnd_seen seen;
    char room[TND_ADDRESS_LEN_MAX];

    tnd_via_see(&via, &from, room, &seen);
    CHECK_EQ(seen.received.ptr != NULL, received != NULL);
    if (received)
        CHECK_STR(seen.received, received);
    CHECK_EQ(seen.rport, rport);
}

TND_TEST(via_is_given_received, "RFC 3261 §18.2.1",
         "received is put where sent-by is a name or another address than the source")
{
    PROVES(VIA_RECEIVED);
    check_seen("SIP/2.0/UDP bobspc.biloxi.com:5060", "192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/UDP 192.0.2.4:5060", "192.0.2.4:9", NULL, -1);
    check_seen("SIP/2.0/UDP 192.0.2.5:5060", "192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/TCP [2001:db8::9:1]", "tcp:[2001:db8::9:1]:7", NULL, -1);
    check_seen("SIP/2.0/TCP [2001:DB8:0::9:1]", "tcp:[2001:db8::9:1]:7", NULL, -1);
    check_seen("SIP/2.0/UDP [2001:db8::9:1]", "[2001:db8::9:255]", "2001:db8::9:255", -1);
    check_seen("SIP/2.0/UDP [::ffff:192.0.2.10]:19823", "192.0.2.10", NULL, -1);
    check_seen("SIP/2.0/UDP 192.0.2.10:19823", "[::ffff:192.0.2.10]", NULL, -1);
}

TND_TEST(via_is_given_rport, "RFC 3581 §4",
         "rport is given the source port, and received stands even if it equals sent-by")
{
    PROVES(VIA_RPORT);
    check_seen("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff", "192.0.2.1:9988",
               "192.0.2.1", 9988);
    check_seen("SIP/2.0/UDP 10.1.1.1:4540;rport", "10.1.1.1:4540", "10.1.1.1", 4540);
    check_seen("SIP/2.0/TCP [::1];rport", "tcp:[::1]:40000", "::1", 40000);
}

TND_TEST(via_received_is_not_believed, "RFC 3261 §18.2.1",
         "what a client says of its own source is replaced by what was seen")
{
    check_seen("SIP/2.0/UDP 192.0.2.4;received=203.0.113.9", "192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/UDP 192.0.2.4;received=garbage", "192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/UDP 192.0.2.4;rport=53", "192.0.2.4:5060", "192.0.2.4", 5060);
    check_seen("SIP/2.0/UDP a;received=203.0.113.9;rport=53", "192.0.2.4:7", "192.0.2.4", 7);
    check_seen("SIP/2.0/UDP 192.0.2.4;rport=0", "192.0.2.4:5060", "192.0.2.4", 5060);
}

TND_TEST(via_seen_is_what_a_reply_says, "RFC 3581 §6", "the reply carries received and rport")
{
    const struct tnd_msg *msg =
        probe_msg("Via: SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKk\r\n");
    const char *expected = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.1.1.1:4540;branch=z9hG4bKk;"
                           "received=2001:db8::1;rport=9988\r\n";
    struct tnd_endpoint from = endpoint("[2001:db8::1]:9988");
    char room[TND_ADDRESS_LEN_MAX], text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_seen seen;
    struct tnd_via via;

    CHECK(tnd_msg_via(msg, &via, NULL));
    tnd_via_see(&via, &from, room, &seen);
    tnd_reply_write(
        &w, msg, &(struct tnd_reply){.code = 200, .received = seen.received, .rport = seen.rport});
    CHECK_STR(tnd_slice(text, strlen(expected)), expected);
}

/* The hops as one line: "conn", "udp:192.0.2.1:5060", "?name:port", "/ttl" behind a group. */
static struct tnd_slice hops_text(const struct tnd_hops *hops)
{
    static char text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    for (unsigned i = 0; i < hops->count; i++) {
        const struct tnd_hop *hop = &hops->hop[i];

        CHECK(hop->rule);
        tnd_put_str(&w, i > 0 ? " " : "");
        switch ((enum tnd_hop_kind)hop->kind) {
        case TND_HOP_CONNECTION:
            tnd_put_str(&w, "conn");
            break;
        case TND_HOP_ENDPOINT:
            CHECK_EQ(hop->transport, hop->to.transport);
            tnd_endpoint_write(&w, &hop->to);
            break;
        case TND_HOP_LOCATE:
            tnd_put_char(&w, '?');
            tnd_put(&w, hop->host);
            if (hop->port >= 0) {
                tnd_put_char(&w, ':');
                tnd_put_number(&w, (uint64_t)hop->port);
            }
            break;
        }
        if (hop->ttl) {
            tnd_put_char(&w, '/');
            tnd_put_number(&w, hop->ttl);
        }
    }
    return tnd_writer_slice(&w);
}

static void check_to(const char *via_text, struct tnd_response_to to, const char *expected)
{
    struct tnd_via via = via_of(via_text);
    struct tnd_hops hops;

    to.via = &via;
    tnd_response_hops(&to, &hops);
    CHECK_STR(hops_text(&hops), expected);
}

/* As a proxy without a transaction sees it: by Via alone. */
static void check_hops(const char *via_text, const char *expected)
{
    check_to(via_text, (struct tnd_response_to){0}, expected);
}

static enum tnd_rule refusal(const char *via_text)
{
    struct tnd_via via = via_of(via_text);
    struct tnd_hops hops;

    tnd_response_hops(&(struct tnd_response_to){.via = &via}, &hops);
    return hops.refused;
}

TND_TEST(response_over_connection, "RFC 3261 §18.2.2",
         "the same connection, a new one to received and the port of sent-by, then the DNS")
{
    PROVES(RESPONSE_CONNECTION);
    PROVES(RESPONSE_NEW_CONNECTION);
    check_hops("SIP/2.0/TCP a.example.com:5070;received=192.0.2.1",
               "conn tcp:192.0.2.1:5070 ?a.example.com:5070");
    check_hops("SIP/2.0/TCP a.example.com;received=192.0.2.1;rport=4",
               "conn tcp:192.0.2.1:5060 ?a.example.com");
    check_hops("SIP/2.0/TLS a.example.com;received=2001:db8::1",
               "conn tls:[2001:db8::1]:5061 ?a.example.com");
    check_hops("SIP/2.0/TCP 192.0.2.1", "conn tcp:192.0.2.1:5060");
    check_hops("SIP/2.0/TCP 192.0.2.1;received=192.0.2.1", "conn tcp:192.0.2.1:5060");
    check_hops("SIP/2.0/TCP 10.0.0.1;received=192.0.2.1",
               "conn tcp:192.0.2.1:5060 tcp:10.0.0.1:5060");
    check_hops("SIP/2.0/TCP a;maddr=192.0.2.9;received=192.0.2.1", "conn tcp:192.0.2.1:5060 ?a");
    check_hops("SIP/2.0/WSS df7jal23ls0d.invalid;received=192.0.2.1", "conn");
    check_hops("SIP/2.0/TCP a:0;received=192.0.2.1", "conn");
}

TND_TEST(response_by_datagram, "RFC 3581 §4",
         "received and rport; else received and the port of sent-by; then what sent-by means")
{
    PROVES(RESPONSE_RPORT);
    PROVES(RESPONSE_RECEIVED);
    PROVES(RESPONSE_SENT_BY);
    check_hops("SIP/2.0/UDP 10.1.1.1:4540;received=192.0.2.1;rport=9988",
               "udp:192.0.2.1:9988 udp:10.1.1.1:4540");
    check_hops("SIP/2.0/UDP bobspc.biloxi.com:5060;received=192.0.2.4",
               "udp:192.0.2.4:5060 ?bobspc.biloxi.com:5060");
    check_hops("SIP/2.0/UDP a.example.com;received=192.0.2.4", "udp:192.0.2.4:5060 ?a.example.com");
    check_hops("SIP/2.0/UDP a.example.com;received=[2001:db8::9:255]",
               "udp:[2001:db8::9:255]:5060 ?a.example.com");
    check_hops("SIP/2.0/UDP 192.0.2.4:5070", "udp:192.0.2.4:5070");
    check_hops("SIP/2.0/UDP [2001:db8::1]", "udp:[2001:db8::1]:5060");
    check_hops("SIP/2.0/UDP a.example.com", "?a.example.com");
    check_hops("SIP/2.0/UDP 192.0.2.4;rport=9", "udp:192.0.2.4:5060");
    check_hops("SIP/2.0/UDP 10.1.1.1:5070;received=192.0.2.4;rport=0",
               "udp:192.0.2.4:5070 udp:10.1.1.1:5070");
}

TND_TEST(response_to_maddr, "RFC 3261 §18.2.2",
         "maddr and the port of sent-by go before received and rport, and nothing comes after")
{
    const char *group = "SIP/2.0/UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1;rport=1"
                        ";received=192.0.2.1";
    struct tnd_response_to by_multicast = {.by_multicast = true}, no_maddr = {.no_maddr = true};

    PROVES(RESPONSE_MADDR);
    check_hops("SIP/2.0/UDP a:5070;maddr=192.0.2.9;received=192.0.2.1;rport=1",
               "udp:192.0.2.9:5070");
    check_hops("SIP/2.0/UDP a;maddr=b.example.com;received=192.0.2.1", "?b.example.com");
    check_to("SIP/2.0/UDP a:5070;maddr=192.0.2.9;received=192.0.2.1;rport=1", no_maddr,
             "udp:192.0.2.1:1 ?a:5070");
    check_to(group, by_multicast, "udp:224.2.0.1:4000/16");
    check_to("SIP/2.0/UDP a;maddr=224.0.1.75", by_multicast, "udp:224.0.1.75:5060/1");
    check_to("SIP/2.0/UDP a;maddr=224.0.1.75;ttl=0", by_multicast, "udp:224.0.1.75:5060/1");
    check_to("SIP/2.0/UDP a;maddr=[ff02::1]", by_multicast, "");
    check_hops(group, "");
    CHECK_EQ(refusal(group), TND_RULE_RESPONSE_ONE_HOST);
}

TND_TEST(response_to_one_host, "RFC 4475 §3.3.10",
         "nothing goes to a broadcast, unspecified or multicast address, nor to port 0")
{
    static const char *const nowhere[] = {
        "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23",
        "SIP/2.0/UDP 0.0.0.0",
        "SIP/2.0/UDP [::]",
        "SIP/2.0/UDP [::ffff:255.255.255.255]",
        "SIP/2.0/UDP 224.0.0.1",
        "SIP/2.0/UDP [ff02::1]:5060",
        "SIP/2.0/UDP 192.0.2.1:0",
        "SIP/2.0/UDP a.example.com:0",
        "SIP/2.0/UDP 192.0.2.1;maddr=255.255.255.255",
        "SIP/2.0/UDP 192.0.2.1;maddr=0.0.0.0",
        "SIP/2.0/UDP 192.0.2.1:0;maddr=192.0.2.2",
        "SIP/2.0/UDP 255.255.255.255;received=255.255.255.255;rport=5060",
        "SIP/2.0/UDP 192.0.2.1;maddr=\"x\"",
        "SIP/2.0/UDP 192.0.2.1;maddr=127.0.0.1;received=192.0.2.1",
    };

    PROVES(RESPONSE_ONE_HOST);
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++) {
        check_hops(nowhere[i], "");
        CHECK_EQ(refusal(nowhere[i]), TND_RULE_RESPONSE_ONE_HOST);
    }
    check_hops("SIP/2.0/TCP 255.255.255.255", "conn");
    check_hops("SIP/2.0/UDP 255.255.255.255;received=192.0.2.1", "udp:192.0.2.1:5060");
    CHECK_EQ(refusal("SIP/2.0/UDP 192.0.2.1"), TND_RULE_NONE);
}

TND_TEST(response_not_into_us, "RFC 4475 §3.3.10",
         "only who is on the loopback address is answered there")
{
    check_hops("SIP/2.0/UDP 127.0.0.1;received=192.0.2.1", "udp:192.0.2.1:5060");
    check_hops("SIP/2.0/UDP 127.0.0.1:5070;received=127.0.0.2;rport=6",
               "udp:127.0.0.2:6 udp:127.0.0.1:5070");
    check_hops("SIP/2.0/UDP 127.0.0.1:5070", "udp:127.0.0.1:5070");
}

TND_TEST(response_garbage, "RFC 3261 §18.2.2", "a received that is no address counts as none")
{
    check_hops("SIP/2.0/UDP 192.0.2.1;received=example.com;rport=7", "udp:192.0.2.1:5060");
    check_hops("SIP/2.0/UDP 192.0.2.1;received=\"203.0.113.1\"", "udp:192.0.2.1:5060");
    check_hops("SIP/2.0/UDP 192.0.2.1;received=999.1.1.1", "udp:192.0.2.1:5060");
}

TND_TEST(response_transport, "RFC 3261 §18.2.2",
         "the transport is how the request came, or what Via names; another is refused")
{
    const char *unknown = "SIP/2.0/UNKNOWN t4.example.com;received=192.0.2.1";

    PROVES(RESPONSE_TRANSPORT);
    check_hops(unknown, "");
    CHECK_EQ(refusal(unknown), TND_RULE_RESPONSE_TRANSPORT);
    CHECK_EQ(refusal("SIP/2.0/SCTP 192.0.2.1"), TND_RULE_RESPONSE_TRANSPORT);
    check_to(unknown, (struct tnd_response_to){.arrived = TND_TRANSPORT_UDP},
             "udp:192.0.2.1:5060 ?t4.example.com");
    check_to("SIP/2.0/UDP 192.0.2.1", (struct tnd_response_to){.arrived = TND_TRANSPORT_TCP},
             "conn tcp:192.0.2.1:5060");
}

static enum tnd_rule fault(const char *via_text, const char *host, int32_t port)
{
    struct tnd_via via = via_of(via_text);

    return tnd_response_fault(&via, tnd_slice_str(host), port);
}

TND_TEST(response_is_ours, "RFC 3261 §18.1.2",
         "a response whose sent-by is not what we put into requests is not ours")
{
    PROVES(RESPONSE_OURS);
    CHECK_EQ(fault("SIP/2.0/UDP p.example.com", "P.example.com", -1), TND_RULE_NONE);
    CHECK_EQ(fault("SIP/2.0/UDP p.example.com:5060", "p.example.com", -1), TND_RULE_NONE);
    CHECK_EQ(fault("SIP/2.0/TLS p.example.com", "p.example.com", 5061), TND_RULE_NONE);
    CHECK_EQ(fault("SIP/2.0/UDP [2001:db8:0::1]", "[2001:db8::1]", 5060), TND_RULE_NONE);
    CHECK_EQ(fault("SIP/2.0/UDP p.example.com:5070", "p.example.com", -1), TND_RULE_RESPONSE_OURS);
    CHECK_EQ(fault("SIP/2.0/TLS p.example.com", "p.example.com", 5060), TND_RULE_RESPONSE_OURS);
    CHECK_EQ(fault("SIP/2.0/UDP q.example.com", "p.example.com", -1), TND_RULE_RESPONSE_OURS);
}

TND_TEST(response_first, "RFC 3261 §18.2.2",
         "the first hop follows from the source, as among all hops")
{
    static const char *const vias[] = {"192.0.2.4",        "192.0.2.4:5062", "192.0.2.4:0",
                                       "192.0.2.9:5070",   "h.example:5080", "h.example",
                                       "[2001:db8::1]:99", "127.0.0.1"};
    static const char *const params[] = {"", ";rport", ";received=203.0.113.1;rport=7",
                                         ";maddr=203.0.113.1"};
    static const char *const sources[] = {"udp:192.0.2.4:5062", "udp:127.0.0.1:9",
                                          "udp:[2001:db8::1]:5060", "udp:192.0.2.4:0",
                                          "tcp:192.0.2.4:40000"};

    for (size_t i = 0; i < 8 * 4 * 5; i++) {
        char text[128], room[TND_ADDRESS_LEN_MAX];
        struct tnd_endpoint source = endpoint(sources[i % 5]);
        struct tnd_hops hops;
        struct tnd_seen seen;
        struct tnd_hop first = {0};

        snprintf(text, sizeof(text), "SIP/2.0/UDP %s%s", vias[i / 20], params[i / 5 % 4]);
        struct tnd_via via = via_of(text);
        tnd_via_see(&via, &source, room, &seen);
        tnd_via_set_seen(&via, &seen);
        tnd_response_hops(&(struct tnd_response_to){.via = &via,
                                                    .arrived = (enum tnd_transport)source.transport,
                                                    .no_maddr = true},
                          &hops);
        bool is_there = tnd_response_first(&via, &source, &first);
        /* where the source is no place, only what a name means may be one */
        CHECK_EQ(is_there, hops.count > 0 && hops.hop[0].kind != TND_HOP_LOCATE);
        if (!is_there)
            continue;
        CHECK_EQ(first.kind, hops.hop[0].kind);
        CHECK_EQ(first.rule, hops.hop[0].rule);
        CHECK(first.kind == TND_HOP_CONNECTION || tnd_endpoint_eq(&first.to, &hops.hop[0].to));
    }
}
