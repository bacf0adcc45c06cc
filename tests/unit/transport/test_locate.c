/* Locating servers, with each attempt failing. */
#include "unit/transport/dns.h"

#include <stdio.h>

static const struct record example[] = {
    /* RFC 3263 §4.1 */
    {"example.com", TND_LOOKUP_NAPTR, "50 50 s SIPS+D2T _sips._tcp.example.com."},
    {"example.com", TND_LOOKUP_NAPTR, "90 50 s SIP+D2T _sip._tcp.example.com"},
    {"example.com", TND_LOOKUP_NAPTR, "100 50 s SIP+D2U _sip._udp.example.com."},
    {"_sip._tcp.example.com", TND_LOOKUP_SRV, "0 1 5060 server1.example.com"},
    {"_sip._tcp.example.com", TND_LOOKUP_SRV, "1 2 5060 server2.example.com"},
    {"_sips._tcp.example.com.", TND_LOOKUP_SRV, "0 1 5061 server1.example.com"},
    {"_sip._udp.example.com", TND_LOOKUP_SRV, "0 1 5070 server1.example.com"},
    {"server1.example.com", TND_LOOKUP_A, "192.0.2.1"},
    {"server2.example.com", TND_LOOKUP_A, "192.0.2.2"},
    {"example.com", TND_LOOKUP_A, "192.0.2.9"},
    {0},
};

static struct tnd_locate l;

static void check_uri(const char *uri, const struct record *zone, const char *expected)
{
    struct tnd_locate_with with = dns_with();

    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, uri, zone)), expected);
}

TND_TEST(locate_naptr, "RFC 3263 §4.1", "the lowest order that we support is used, and no other")
{
    struct tnd_locate_with with = dns_with();

    PROVES(LOCATE_NAPTR);
    PROVES(LOCATE_SRV);
    check_uri("sip:user@example.com", example,
              "?NAPTR example.com ?SRV _sips._tcp.example.com. "
              "?A server1.example.com ?AAAA server1.example.com tls:192.0.2.1:5061");
    /* as in the RFC: a client of TCP and UDP */
    with.transports[2] = TND_TRANSPORT_NONE;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:user@example.com", example)),
              "?NAPTR example.com ?SRV _sip._tcp.example.com "
              "?A server1.example.com ?AAAA server1.example.com tcp:192.0.2.1:5060 "
              "?A server2.example.com ?AAAA server2.example.com tcp:192.0.2.2:5060");
    CHECK_EQ(l.why, TND_RULE_LOCATE_NEXT);
    CHECK_EQ(l.ttl, 300);
}

TND_TEST(locate_sips, "RFC 3263 §4.1", "a SIPS URI is never sent over anything but TLS")
{
    static const struct record insecure[] = {
        {"example.com", TND_LOOKUP_NAPTR, "50 50 s SIP+D2T _sip._tcp.example.com"},
        {"example.com", TND_LOOKUP_NAPTR, "60 50 s SIP+D2U _sip._udp.example.com"},
        {"_sip._tcp.example.com", TND_LOOKUP_SRV, "0 1 5060 server1.example.com"},
        {"example.com", TND_LOOKUP_A, "192.0.2.9"},
        {0},
    };
    struct tnd_locate_with with = dns_with();

    PROVES(LOCATE_TRANSPORT);
    check_uri("sips:user@example.com", insecure,
              "?NAPTR example.com ?SRV _sips._tcp.example.com "
              "?A example.com ?AAAA example.com tls:192.0.2.9:5061");
    check_uri("sips:192.0.2.1", NULL, "tls:192.0.2.1:5061");
    check_uri("sips:192.0.2.1:5060;transport=tcp", NULL, "tls:192.0.2.1:5060");
    check_uri("sips:192.0.2.1;transport=ws", NULL, "wss:192.0.2.1:443");
    check_uri("sips:192.0.2.1;transport=udp", NULL, "");
    CHECK_EQ(l.why, TND_RULE_LOCATE_TRANSPORT);
    with.transports[2] = TND_TRANSPORT_NONE;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sips:example.com", example)), "");
    CHECK_EQ(l.why, TND_RULE_LOCATE_TRANSPORT);
}

TND_TEST(locate_numeric, "RFC 3263 §4.2", "an address is used as it is, maddr before the host")
{
    struct tnd_locate_with with = dns_with();

    PROVES(LOCATE_NUMERIC);
    check_uri("sip:192.0.2.1", NULL, "udp:192.0.2.1:5060");
    check_uri("sip:a@192.0.2.1:5070;transport=TCP", NULL, "tcp:192.0.2.1:5070");
    check_uri("sip:[2001:db8::1];transport=tls", NULL, "tls:[2001:db8::1]:5061");
    check_uri("sip:[::ffff:192.0.2.1]", NULL, "udp:192.0.2.1:5060");
    check_uri("sip:192.0.2.1;transport=ws", NULL, "ws:192.0.2.1:80");
    check_uri("sip:example.com:5070;maddr=192.0.2.7", NULL, "udp:192.0.2.7:5070");
    with.ipv6 = false;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:[2001:db8::1]", NULL)), "");
}

TND_TEST(locate_port, "RFC 3263 §4.2", "a name with a port is looked up for its addresses only")
{
    PROVES(LOCATE_PORT);
    check_uri("sip:example.com:5060", example,
              "?A example.com ?AAAA example.com udp:192.0.2.9:5060");
    check_uri("sip:example.com:5070;transport=tcp", example,
              "?A example.com ?AAAA example.com tcp:192.0.2.9:5070");
    check_uri("sip:x:9;maddr=server2.example.com", example,
              "?A server2.example.com ?AAAA server2.example.com udp:192.0.2.2:9");
}

TND_TEST(locate_transport_said, "RFC 3263 §4.2", "with a transport only its SRV records are asked")
{
    check_uri("sip:example.com;transport=udp", example,
              "?SRV _sip._udp.example.com ?A server1.example.com ?AAAA server1.example.com "
              "udp:192.0.2.1:5070");
    check_uri("sip:example.com;transport=ws", example,
              "?A example.com ?AAAA example.com ws:192.0.2.9:80");
    check_uri("sip:example.com;transport=sctp", example, "");
    CHECK_EQ(l.why, TND_RULE_LOCATE_TRANSPORT);
}

TND_TEST(locate_without_naptr, "RFC 3263 §4.1",
         "without NAPTR records an SRV query for each transport, in the order of our wishes")
{
    static const struct record tcp_only[] = {
        {"_sip._tcp.example.org", TND_LOOKUP_SRV, "0 1 5080 s.example.org"},
        {"s.example.org", TND_LOOKUP_AAAA, "2001:db8::5"},
        {0},
    };

    check_uri("sip:example.org", tcp_only,
              "?NAPTR example.org ?SRV _sip._udp.example.org ?SRV _sip._tcp.example.org "
              "?A s.example.org ?AAAA s.example.org tcp:[2001:db8::5]:5080 "
              "?SRV _sips._tcp.example.org");
}

TND_TEST(locate_address_alone, "RFC 3263 §4.2",
         "without SRV records the addresses of the name, over UDP at the usual port")
{
    static const struct record plain[] = {{"example.net", TND_LOOKUP_A, "192.0.2.3"}, {0}};
    struct tnd_locate_with with = dns_with();
    struct tnd_lookup_answer unavailable = {.result = TND_LOOKUP_UNAVAILABLE};
    struct tnd_locate_step step;

    PROVES(LOCATE_HOST);
    check_uri("sip:example.net", plain,
              "?NAPTR example.net ?SRV _sip._udp.example.net ?SRV _sip._tcp.example.net "
              "?SRV _sips._tcp.example.net ?A example.net ?AAAA example.net udp:192.0.2.3:5060");
    /* a resolver that knows addresses only */
    dns_start(&l, &with, "sip:example.net");
    for (tnd_locate_next(&l, &step);
         step.kind == TND_LOCATE_ASK && step.lookup.kind >= TND_LOOKUP_SRV;
         tnd_locate_next(&l, &step)) {
        unavailable.lookup = step.lookup;
        CHECK(tnd_locate_answer(&l, &unavailable));
    }
    CHECK_EQ(step.kind, TND_LOCATE_ASK);
    CHECK_EQ(step.rule, TND_RULE_LOCATE_FAMILIES);
    CHECK_EQ(step.lookup.kind, TND_LOOKUP_A);
    CHECK(dns_answer(&l, &step.lookup, plain));
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.lookup.kind, TND_LOOKUP_AAAA);
    CHECK(dns_answer(&l, &step.lookup, plain));
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.kind, TND_LOCATE_TRY);
    CHECK_EQ(step.rule, TND_RULE_LOCATE_HOST);
}

TND_TEST(locate_large, "RFC 3263 §4.1", "what is too large for UDP goes to TCP first")
{
    struct tnd_locate_with with = dns_with();

    with.large = true;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:192.0.2.1", NULL)), "tcp:192.0.2.1:5060");
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:example.net", NULL)),
              "?NAPTR example.net ?SRV _sip._tcp.example.net ?SRV _sips._tcp.example.net "
              "?SRV _sip._udp.example.net ?A example.net ?AAAA example.net");
    CHECK_EQ(l.why, TND_RULE_LOCATE_NO_SERVER);
}

TND_TEST(locate_families, "RFC 7984 §4",
         "the addresses of two servers are never mixed; families follow one another")
{
    static const struct record dual[] = {
        {"_sip._tcp.example.com", TND_LOOKUP_SRV, "20 1 5060 sip-2.example.com."},
        {"_sip._tcp.example.com", TND_LOOKUP_SRV, "10 1 5060 sip-1.example.com."},
        {"sip-1.example.com.", TND_LOOKUP_AAAA, "2001:0db8:58:c02::face"},
        {"sip-1.example.com.", TND_LOOKUP_AAAA, "2001:0db8:c:a06::2:cafe"},
        {"sip-1.example.com.", TND_LOOKUP_A, "192.0.2.45"},
        {"sip-1.example.com.", TND_LOOKUP_A, "203.0.113.109"},
        {"sip-2.example.com.", TND_LOOKUP_AAAA, "2001:0db8:58:c02::dead"},
        {"sip-2.example.com.", TND_LOOKUP_A, "192.0.2.75"},
        {0},
    };
    struct tnd_locate_with with = dns_with();

    PROVES(LOCATE_FAMILIES);
    PROVES(LOCATE_NEXT);
    check_uri("sip:example.com;transport=tcp", dual,
              "?SRV _sip._tcp.example.com ?A sip-1.example.com. ?AAAA sip-1.example.com. "
              "tcp:[2001:db8:58:c02::face]:5060 tcp:[2001:db8:c:a06::2:cafe]:5060 "
              "tcp:192.0.2.45:5060 tcp:203.0.113.109:5060 "
              "?A sip-2.example.com. ?AAAA sip-2.example.com. "
              "tcp:[2001:db8:58:c02::dead]:5060 tcp:192.0.2.75:5060");
    with.ipv4_first = true;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:sip-2.example.com.:1", dual)),
              "?A sip-2.example.com. ?AAAA sip-2.example.com. udp:192.0.2.75:1 "
              "udp:[2001:db8:58:c02::dead]:1");
    with.ipv6 = false;
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, "sip:sip-2.example.com.:1", dual)),
              "?A sip-2.example.com. udp:192.0.2.75:1");
}

static const char *sent_by(enum tnd_transport transport, const char *host, int32_t port)
{
    struct tnd_locate_with with = dns_with();

    tnd_locate_host(&l, &with, transport, tnd_slice_str(host), port);
    return dns_play(&l, example);
}

TND_TEST(locate_sent_by, "RFC 3263 §5",
         "a response goes to the address, the addresses or the SRV records of sent-by")
{
    CHECK_STR(tnd_slice_str(sent_by(TND_TRANSPORT_UDP, "192.0.2.1", -1)), "udp:192.0.2.1:5060");
    CHECK_STR(tnd_slice_str(sent_by(TND_TRANSPORT_TLS, "192.0.2.1", 5070)), "tls:192.0.2.1:5070");
    CHECK_STR(tnd_slice_str(sent_by(TND_TRANSPORT_UDP, "example.com", 5060)),
              "?A example.com ?AAAA example.com udp:192.0.2.9:5060");
    CHECK_STR(tnd_slice_str(sent_by(TND_TRANSPORT_UDP, "example.com", -1)),
              "?SRV _sip._udp.example.com ?A server1.example.com ?AAAA server1.example.com "
              "udp:192.0.2.1:5070");
    CHECK_STR(tnd_slice_str(sent_by(TND_TRANSPORT_TLS, "server2.example.com", -1)),
              "?SRV _sips._tcp.server2.example.com ?A server2.example.com "
              "?AAAA server2.example.com tls:192.0.2.2:5061");
}

TND_TEST(locate_nowhere, "RFC 3263 §4.2", "what names no host that can be reached ends at once")
{
    static const struct {
        const char *uri;
        enum tnd_rule why;
    } table[] = {
        {"tel:+15551234", TND_RULE_LOCATE_SCHEME},
        {"http://example.com", TND_RULE_LOCATE_SCHEME},
        {"sip:192.0.2.1:0", TND_RULE_LOCATE_NO_SERVER},
        {"sip:example.com:0", TND_RULE_LOCATE_NO_SERVER},
        {"sip:255.255.255.255", TND_RULE_LOCATE_NO_SERVER},
        {"sip:0.0.0.0", TND_RULE_LOCATE_NO_SERVER},
        {"sip:alice@atlanta.com;maddr=239.255.255.1;ttl=15", TND_RULE_LOCATE_NO_SERVER},
        {"sip:a;maddr=b/c", TND_RULE_HOST},
        {"sip:a;maddr", TND_RULE_HOST},
        {"sip:a;maddr=%61", TND_RULE_HOST},
        {"sip:a;transport", TND_RULE_LOCATE_TRANSPORT},
    };

    PROVES(LOCATE_SCHEME);
    PROVES(LOCATE_NO_SERVER);
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        check_uri(table[i].uri, NULL, "");
        CHECK_EQ(l.why, table[i].why);
    }
}

TND_TEST(locate_srv_oddities, "RFC 3263 §4.2",
         "a service that is decidedly not there, addresses for names, ports of 0, repetitions")
{
    static const struct record odd[] = {
        {"_sip._udp.none.example", TND_LOOKUP_SRV, "0 0 0 ."},
        {"_sip._tcp.none.example", TND_LOOKUP_SRV, "0 0 5060 ."},
        {"none.example", TND_LOOKUP_A, "192.0.2.1"},
        {"_sip._udp.odd.example", TND_LOOKUP_SRV, "0 0 5060 192.0.2.5"},
        {"_sip._udp.odd.example", TND_LOOKUP_SRV, "1 0 5060 same.example"},
        {"_sip._udp.odd.example", TND_LOOKUP_SRV, "2 0 0 zero.example"},
        {"same.example", TND_LOOKUP_A, "192.0.2.5"},
        {"same.example", TND_LOOKUP_A, "224.0.0.1"},
        {"same.example", TND_LOOKUP_AAAA, "::ffff:192.0.2.5"},
        {"same.example", TND_LOOKUP_AAAA, "::"},
        {0},
    };

    check_uri("sip:none.example;transport=udp", odd, "?SRV _sip._udp.none.example");
    check_uri("sip:none.example;transport=tcp", odd, "?SRV _sip._tcp.none.example");
    CHECK_EQ(l.why, TND_RULE_LOCATE_NO_SERVER);
    check_uri("sip:odd.example;transport=udp", odd,
              "?SRV _sip._udp.odd.example udp:192.0.2.5:5060 ?A same.example ?AAAA same.example");
}

TND_TEST(locate_failed_lookups, "RFC 3263 §4.2",
         "a look-up that fails is told from one that finds nothing, and does not stop the rest")
{
    static const struct record broken[] = {
        {"example.com", TND_LOOKUP_NAPTR, "!"},
        {"_sip._udp.example.com", TND_LOOKUP_SRV, "!"},
        {"example.com", TND_LOOKUP_AAAA, "!"},
        {"example.com", TND_LOOKUP_A, "192.0.2.9"},
        {0},
    };

    check_uri("sip:example.com", broken,
              "?NAPTR example.com ?SRV _sip._udp.example.com ?SRV _sip._tcp.example.com "
              "?SRV _sips._tcp.example.com ?A example.com ?AAAA example.com udp:192.0.2.9:5060");
    CHECK(l.lookup_failed);
    check_uri("sip:example.com:1", example, "?A example.com ?AAAA example.com udp:192.0.2.9:1");
    CHECK(!l.lookup_failed);
}

TND_TEST(locate_stray_answers, "ARCHITECTURE §5", "an answer that nobody waits for changes nothing")
{
    struct tnd_locate_with with = dns_with();
    struct tnd_lookup stray = {.name = TND_STR_INIT("example.com"), .kind = TND_LOOKUP_A};
    struct tnd_locate_step step;

    dns_start(&l, &with, "sip:example.com:5070");
    CHECK(!dns_answer(&l, &stray, example)); /* not asked yet */
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.lookup.kind, TND_LOOKUP_A);
    stray.name = TND_STR("other.example");
    CHECK(!dns_answer(&l, &stray, example));
    CHECK(dns_answer(&l, &step.lookup, example));
    CHECK(!dns_answer(&l, &step.lookup, example)); /* twice */
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.lookup.kind, TND_LOOKUP_AAAA);
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.kind, TND_LOCATE_WAIT);
    tnd_locate_next(&l, &step);
    CHECK_EQ(step.kind, TND_LOCATE_WAIT);
}

/* A zone of count records "192.0.2.i" or servers "s<i>.example" of rising priority, each with
 * addresses of its own. */
static const struct record *big_zone(unsigned servers, unsigned addresses)
{
    static struct record records[40 + 40 * 40 + 1];
    static char text[40 + 40 * 40][64], names[40][32];
    size_t n = 0;

    memset(records, 0, sizeof(records));
    for (unsigned i = 0; i < servers; i++) {
        snprintf(names[i], sizeof(names[i]), "s%u.example", i);
        snprintf(text[n], sizeof(text[n]), "%u 0 5060 s%u.example", i, i);
        records[n] = (struct record){"_sip._udp.big.example", TND_LOOKUP_SRV, text[n]};
        n++;
    }
    for (unsigned i = 0; i < servers; i++) {
        for (unsigned j = 0; j < addresses; j++, n++) {
            snprintf(text[n], sizeof(text[n]), "192.0.%u.%u", i, j + 1);
            records[n] = (struct record){names[i], TND_LOOKUP_A, text[n]};
        }
    }
    return records;
}

static unsigned count(const char *text, const char *word)
{
    unsigned n = 0;

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        n++;
    return n;
}

TND_TEST(locate_bounds, "ARCHITECTURE §5",
         "however many records a stranger's DNS has, look-ups and attempts are bounded")
{
    struct tnd_locate_with with = dns_with();
    char long_uri[320] = "sip:";
    const char *played;

    PROVES(LOCATE_NAME_LEN);
    PROVES(LOCATE_RECORD_COUNT);
    PROVES(LOCATE_LOOKUP_COUNT);
    PROVES(LOCATE_TRY_COUNT);
    played = dns_play_uri(&l, &with, "sip:big.example;transport=udp", big_zone(3, 40));
    CHECK_EQ(count(played, "udp:"), TND_LOCATE_TRY_COUNT_MAX);
    CHECK_EQ(l.cut, TND_RULE_LOCATE_RECORD_COUNT);
    CHECK_EQ(l.why, TND_RULE_LOCATE_TRY_COUNT);
    played = dns_play_uri(&l, &with, "sip:big.example;transport=udp", big_zone(40, 0));
    CHECK_EQ(count(played, "?"), TND_LOCATE_LOOKUP_COUNT_MAX);
    CHECK_EQ(l.why, TND_RULE_LOCATE_LOOKUP_COUNT);
    memset(long_uri + 4, 'a', 256);
    CHECK_STR(tnd_slice_str(dns_play_uri(&l, &with, long_uri, NULL)), "");
    CHECK_EQ(l.why, TND_RULE_LOCATE_NAME_LEN);
    long_uri[4 + 250] = '\0'; /* a name, but with "_sip._udp." none */
    played = dns_play_uri(&l, &with, long_uri, NULL);
    CHECK_EQ(count(played, "SRV"), 0);
    CHECK_EQ(count(played, "?A"), 2);
}

TND_TEST(locate_out_of_memory, "ARCHITECTURE §5", "with too small an arena it ends early, and well")
{
    static _Alignas(TND_ARENA_ALIGN) char small[256];

    for (size_t size = 0; size <= sizeof(small); size += TND_ARENA_ALIGN) {
        struct tnd_locate_with with = dns_with();
        struct tnd_arena a;

        tnd_arena_init(&a, small, size, NULL, 0);
        with.a = &a;
        dns_play_uri(&l, &with, "sip:example.com", example);
        CHECK(l.why);
    }
}
