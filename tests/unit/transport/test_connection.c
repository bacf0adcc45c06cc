/* Connections: used again, kept alive. */
#include "tandem/transport/connection.h"
#include "unit/sip/probe.h"

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e), 0);
    return e;
}

static struct tnd_connection connection(const char *remote, bool accepted, bool authenticated)
{
    return (struct tnd_connection){.remote = endpoint(remote),
                                   .alias_port = -1,
                                   .accepted = accepted,
                                   .authenticated = authenticated};
}

static enum tnd_rule carries(const struct tnd_connection *c, const char *to, bool is_identity)
{
    struct tnd_endpoint e = endpoint(to);

    return tnd_connection_carries(c, &e, is_identity);
}

TND_TEST(connection_reuse, "RFC 3261 §18",
         "a connection is found by transport, address and port of its far end")
{
    struct tnd_connection opened = connection("tcp:192.0.2.1:5060", false, false),
                          accepted = connection("tcp:192.0.2.1:40000", true, false),
                          browser = connection("ws:192.0.2.1:40000", true, false);

    PROVES(CONNECTION_REUSE);
    CHECK_EQ(carries(&opened, "tcp:192.0.2.1", false), TND_RULE_CONNECTION_REUSE);
    CHECK_EQ(carries(&opened, "tcp:[::ffff:192.0.2.1]", false), TND_RULE_CONNECTION_REUSE);
    CHECK_EQ(carries(&opened, "tcp:192.0.2.1:5061", false), TND_RULE_NONE);
    CHECK_EQ(carries(&opened, "tcp:192.0.2.2", false), TND_RULE_NONE);
    CHECK_EQ(carries(&opened, "udp:192.0.2.1", false), TND_RULE_NONE);
    CHECK_EQ(carries(&opened, "tls:192.0.2.1:5060", true), TND_RULE_NONE);
    CHECK_EQ(carries(&accepted, "tcp:192.0.2.1:40000", false), TND_RULE_CONNECTION_REUSE);
    CHECK_EQ(carries(&accepted, "tcp:192.0.2.1", false), TND_RULE_NONE);
    CHECK_EQ(carries(&browser, "ws:192.0.2.1:40000", false), TND_RULE_CONNECTION_REUSE);
}

TND_TEST(connection_identity, "RFC 5923 §8.1",
         "over TLS the certificate names the host that the request was located by")
{
    struct tnd_connection known = connection("tls:192.0.2.128:5061", false, true),
                          unknown = connection("tls:192.0.2.128:5061", false, false);

    CHECK_EQ(carries(&known, "tls:192.0.2.128", true), TND_RULE_CONNECTION_REUSE);
    CHECK_EQ(carries(&known, "tls:192.0.2.128", false), TND_RULE_NONE);
    CHECK_EQ(carries(&unknown, "tls:192.0.2.128", true), TND_RULE_NONE);
}

static bool learns(struct tnd_connection *c, const char *via_text)
{
    struct tnd_via via;

    READ(via, via_text, &via);
    return tnd_connection_learn(c, &via);
}

TND_TEST(connection_alias, "RFC 5923 §8.2",
         "a TLS connection that the peer opened and offered carries requests to where it listens")
{
    struct tnd_connection c = connection("tls:192.0.2.1:40000", true, true);

    PROVES(CONNECTION_ALIAS);
    CHECK(!learns(&c, "SIP/2.0/TLS p1.example.com;branch=z9hG4bKa7c8dze"));
    CHECK(!learns(&c, "SIP/2.0/TCP p1.example.com;branch=z9hG4bKa7c8dze;alias"));
    CHECK(!learns(&c, "SIP/2.0/TLS p1.example.com:0;alias"));
    CHECK_EQ(carries(&c, "tls:192.0.2.1:5061", true), TND_RULE_NONE);
    CHECK(learns(&c, "SIP/2.0/TLS p1.example.com;branch=z9hG4bKa7c8dze;alias"));
    CHECK_EQ(carries(&c, "tls:192.0.2.1:5061", true), TND_RULE_CONNECTION_ALIAS);
    CHECK_EQ(carries(&c, "tls:192.0.2.1:5061", false), TND_RULE_NONE);
    CHECK_EQ(carries(&c, "tls:192.0.2.2:5061", true), TND_RULE_NONE);
    CHECK_EQ(carries(&c, "tls:192.0.2.1:5062", true), TND_RULE_NONE);
    CHECK(learns(&c, "SIP/2.0/TLS p1.example.com:5062;alias"));
    CHECK_EQ(carries(&c, "tls:192.0.2.1:5062", true), TND_RULE_CONNECTION_ALIAS);
}

TND_TEST(connection_alias_hijack, "RFC 5923 §3",
         "without TLS and a certificate nobody is given what is meant for another port")
{
    struct tnd_connection tcp = connection("tcp:192.0.2.1:40000", true, false),
                          stranger = connection("tls:192.0.2.1:40000", true, false),
                          ours = connection("tls:192.0.2.1:5061", false, true);

    CHECK(!learns(&tcp, "SIP/2.0/TCP 192.0.2.1:5060;alias"));
    CHECK(!learns(&tcp, "SIP/2.0/TLS 192.0.2.1:5060;alias"));
    CHECK(!learns(&stranger, "SIP/2.0/TLS 192.0.2.1:5061;alias"));
    CHECK(!learns(&ours, "SIP/2.0/TLS 192.0.2.1:5070;alias"));
    CHECK_EQ(carries(&tcp, "tcp:192.0.2.1:5060", true), TND_RULE_NONE);
    CHECK_EQ(carries(&stranger, "tls:192.0.2.1:5061", true), TND_RULE_NONE);
}

TND_TEST(keepalive_interval, "RFC 5626 §4.4.1",
         "a ping comes after 80 to 100 per cent of the interval, another time each time")
{
    struct tnd_keepalive k;
    tnd_time least = TND_NEVER_DUE, most = 0;

    PROVES(FLOW_PING);
    for (uint64_t random = 0; random < 100000000; random += 99991) {
        tnd_keepalive_start(&k, TND_SEC(1000), 0, random);
        least = k.due < least ? k.due : least;
        most = k.due > most ? k.due : most;
    }
    CHECK(least >= TND_SEC(1096) && least < TND_SEC(1097));
    CHECK(most <= TND_SEC(1120) && most > TND_SEC(1119));
    tnd_keepalive_start(&k, 0, 30, 0);
    CHECK_EQ(k.due, TND_SEC(30));
    tnd_keepalive_start(&k, 0, UINT32_MAX, UINT64_MAX);
    CHECK(k.due > TND_SEC(3000000000));
}

TND_TEST(keepalive_pong, "RFC 5626 §4.4.1",
         "a flow without a pong within 10 s is dead, one with a pong rests")
{
    struct tnd_keepalive k;

    PROVES(FLOW_DEAD);
    tnd_keepalive_start(&k, 0, 30, 0);
    tnd_keepalive_pong(&k, TND_SEC(20), 0); /* answers nothing */
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(30) - 1, false), TND_KEEPALIVE_REST);
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(30), false), TND_KEEPALIVE_PING);
    CHECK_EQ(k.due, TND_SEC(40));
    tnd_keepalive_pong(&k, TND_SEC(31), 0);
    CHECK_EQ(k.due, TND_SEC(61));
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(61), true), TND_KEEPALIVE_PING);
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(71) - 1, false), TND_KEEPALIVE_REST);
    CHECK_EQ(tnd_keepalive_message(&k), TND_KEEPALIVE_REST);
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(71), false), TND_KEEPALIVE_DEAD);
    CHECK_EQ(tnd_keepalive_rule(TND_KEEPALIVE_DEAD), TND_RULE_FLOW_DEAD);
    CHECK_EQ(tnd_keepalive_rule(TND_KEEPALIVE_PING), TND_RULE_FLOW_PING);
    CHECK_EQ(tnd_keepalive_rule(TND_KEEPALIVE_REST), TND_RULE_NONE);
}

TND_TEST(keepalive_behind_a_message, "RFC 5626 §4.4.1",
         "a message that is being received when the 10 s end is processed first")
{
    struct tnd_keepalive k;

    tnd_keepalive_start(&k, 0, 30, 0);
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(30), true), TND_KEEPALIVE_PING);
    CHECK_EQ(tnd_keepalive_tick(&k, TND_SEC(40), true), TND_KEEPALIVE_REST);
    CHECK_EQ(k.due, TND_NEVER_DUE);
    struct tnd_keepalive late = k;
    CHECK_EQ(tnd_keepalive_message(&late), TND_KEEPALIVE_DEAD);
    tnd_keepalive_pong(&k, TND_SEC(41), 0);
    CHECK_EQ(tnd_keepalive_message(&k), TND_KEEPALIVE_REST);
    CHECK_EQ(k.due, TND_SEC(71));
}
