/* Endpoints: read, written, compared, judged. */
#include "tandem/transport/endpoint.h"
#include "unit/guarded.h"
#include "unit/test.h"

/* Reads text, and then each prefix of it, from in front of an unmapped page. */
static int parse(const char *text, struct tnd_endpoint *ret)
{
    struct tnd_slice all = tnd_slice_str(text);

    for (size_t len = 0; len < all.len; len++) {
        struct tnd_slice part = guarded(tnd_slice(text, len));
        struct tnd_endpoint e;
        tnd_endpoint_parse(part, TND_TRANSPORT_UDP, &e);
        guarded_free(part);
    }
    struct tnd_slice copy = guarded(all);
    int err = tnd_endpoint_parse(copy, TND_TRANSPORT_UDP, ret);
    guarded_free(copy);
    return err;
}

static void check_reads(const char *text, const char *written)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_endpoint e, again;

    CHECK_EQ(parse(text, &e), 0);
    tnd_endpoint_write(&w, &e);
    CHECK_STR(tnd_writer_slice(&w), written);
    CHECK_EQ(parse(written, &again), 0);
    CHECK(tnd_endpoint_eq(&e, &again));
}

static void check_refuses(const char *text)
{
    struct tnd_endpoint e = {.port = 7};

    CHECK_EQ(parse(text, &e), TND_ESYNTAX);
    CHECK_EQ(e.port, 7);
}

static struct tnd_endpoint address(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_address_parse(tnd_slice_str(text), &e), 0);
    return e;
}

TND_TEST(endpoint_is_read_and_written, "RFC 3261 §18.1.1",
         "an endpoint is a transport, an address and a port; what is not said is the default")
{
    check_reads("udp:127.0.0.1:5060", "udp:127.0.0.1:5060");
    check_reads("UDP:127.0.0.1", "udp:127.0.0.1:5060");
    check_reads("192.0.2.1:5070", "udp:192.0.2.1:5070");
    check_reads("192.0.2.1", "udp:192.0.2.1:5060");
    check_reads("tcp:[::1]:5060", "tcp:[::1]:5060");
    check_reads("tls:[2001:db8::1]", "tls:[2001:db8::1]:5061");
    check_reads("ws:192.0.2.1", "ws:192.0.2.1:80");
    check_reads("wss:192.0.2.1", "wss:192.0.2.1:443");
    check_reads("192.0.2.1:0", "udp:192.0.2.1:0");
    check_reads("wss:[1111:2222:3333:4444:5555:6666:7777:8888]:65535",
                "wss:[1111:2222:3333:4444:5555:6666:7777:8888]:65535");
}

TND_TEST(endpoint_ipv4_mapped, "RFC 5118 §4.9", "an IPv4 address that came as IPv6 is that address")
{
    struct tnd_endpoint a = address("::ffff:192.0.2.10"), b = address("192.0.2.10");

    check_reads("udp:[::ffff:192.0.2.10]:19823", "udp:192.0.2.10:19823");
    CHECK(tnd_address_eq(&a, &b));
    a = address("[::ffff:c000:20a]");
    CHECK(tnd_address_eq(&a, &b));
    a = address("::192.0.2.10");
    CHECK(!tnd_address_eq(&a, &b));
}

TND_TEST(endpoint_ipv6_text, "RFC 5952 §4", "an IPv6 address is written in one way")
{
    check_reads("[2001:0DB8:0:0:1:0:0:1]", "udp:[2001:db8::1:0:0:1]:5060");
    check_reads("[2001:db8:0:1:1:1:1:1]", "udp:[2001:db8:0:1:1:1:1:1]:5060");
    check_reads("[2001:0:0:1:0:0:0:1]", "udp:[2001:0:0:1::1]:5060");
    check_reads("[0:0:0:0:0:0:0:0]", "udp:[::]:5060");
    check_reads("[fe80:0:0:0:0:0:0:0]", "udp:[fe80::]:5060");
    check_reads("[::1:2:3:4:5:6:7]", "udp:[0:1:2:3:4:5:6:7]:5060");
}

TND_TEST(endpoint_refused, "RFC 3261 §25.1", "what is no endpoint is refused")
{
    static const char *const wrong[] = {
        "",
        "udp:",
        ":",
        ":5060",
        "192.0.2",
        "192.0.2.1:",
        "192.0.2.1:x",
        "192.0.2.256",
        "192.0.2.1:65536",
        "192.0.2.1:5060:",
        "example.com",
        "example.com:5060",
        "sctp:192.0.2.1",
        "[::1",
        "[::1]x",
        "[::1]x:5",
        "::1",
        "2001:db8::1",
        "[fe80::1%eth0]",
        "[192.0.2.1]",
        "udp:udp:192.0.2.1",
        " 192.0.2.1",
        "192.0.2.1 ",
        "[]",
        "[]:5060",
        "udp:[::1]:-1",
        "1.2.3.4.5",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        check_refuses(wrong[i]);
}

TND_TEST(address_with_or_without_brackets, "RFC 5118 §4.5",
         "an IPv6 address is read with and without brackets, and written without")
{
    struct tnd_endpoint a = address("[2001:db8::9:255]"), b = address("2001:db8::9:255"), c;
    char room[TND_ADDRESS_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK(tnd_endpoint_eq(&a, &b));
    tnd_address_write(&w, &a);
    CHECK_STR(tnd_writer_slice(&w), "2001:db8::9:255");
    CHECK_EQ(tnd_address_parse(TND_STR("example.com"), &c), TND_ESYNTAX);
    CHECK_EQ(tnd_address_parse(TND_STR("\"192.0.2.1\""), &c), TND_ESYNTAX);
    CHECK_EQ(tnd_address_parse(tnd_slice(NULL, 0), &c), TND_ESYNTAX);
}

TND_TEST(address_kinds, "RFC 4475 §3.3.10", "some addresses are those of no single host")
{
    static const struct {
        const char *text;
        enum tnd_address_kind kind;
    } table[] = {
        {"0.0.0.0", TND_ADDRESS_UNSPECIFIED},
        {"0.1.2.3", TND_ADDRESS_UNSPECIFIED},
        {"::", TND_ADDRESS_UNSPECIFIED},
        {"::ffff:0.0.0.0", TND_ADDRESS_UNSPECIFIED},
        {"127.0.0.1", TND_ADDRESS_LOOPBACK},
        {"127.255.1.1", TND_ADDRESS_LOOPBACK},
        {"::1", TND_ADDRESS_LOOPBACK},
        {"::2", TND_ADDRESS_UNICAST},
        {"224.0.0.1", TND_ADDRESS_MULTICAST},
        {"239.255.255.255", TND_ADDRESS_MULTICAST},
        {"223.255.0.1", TND_ADDRESS_UNICAST},
        {"240.0.0.1", TND_ADDRESS_UNICAST},
        {"ff02::1", TND_ADDRESS_MULTICAST},
        {"fe80::1", TND_ADDRESS_UNICAST},
        {"255.255.255.255", TND_ADDRESS_BROADCAST},
        {"::ffff:255.255.255.255", TND_ADDRESS_BROADCAST},
        {"255.255.255.254", TND_ADDRESS_UNICAST},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        struct tnd_endpoint e = address(table[i].text);
        CHECK_EQ(tnd_address_kind(&e), table[i].kind);
        CHECK(!tnd_endpoint_is_target(&e));
        e.port = 5060;
        CHECK_EQ(tnd_endpoint_is_target(&e), table[i].kind >= TND_ADDRESS_LOOPBACK);
    }
    CHECK_EQ(tnd_address_kind(&(struct tnd_endpoint){.port = 1}), TND_ADDRESS_NONE);
    CHECK(!tnd_endpoint_is_target(&(struct tnd_endpoint){.port = 1}));
}

TND_TEST(transports, "RFC 3261 §20.42", "a transport is known by its name, without case")
{
    CHECK_EQ(tnd_transport_find(TND_STR("UDP")), TND_TRANSPORT_UDP);
    CHECK_EQ(tnd_transport_find(TND_STR("tls")), TND_TRANSPORT_TLS);
    CHECK_EQ(tnd_transport_find(TND_STR("Wss")), TND_TRANSPORT_WSS);
    CHECK_EQ(tnd_transport_find(TND_STR("SCTP")), TND_TRANSPORT_NONE);
    CHECK_EQ(tnd_transport_find(TND_STR("")), TND_TRANSPORT_NONE);
    for (int i = TND_TRANSPORT_UDP; i < TND_TRANSPORT_COUNT; i++) {
        enum tnd_transport t = (enum tnd_transport)i;
        CHECK_EQ(tnd_transport_find(tnd_slice_str(tnd_transport_name(t))), t);
        CHECK_EQ(tnd_transport_is_reliable(t), t != TND_TRANSPORT_UDP);
        CHECK_EQ(tnd_transport_is_secure(t), t == TND_TRANSPORT_TLS || t == TND_TRANSPORT_WSS);
        CHECK_EQ(tnd_transport_is_websocket(t), t == TND_TRANSPORT_WS || t == TND_TRANSPORT_WSS);
    }
}
