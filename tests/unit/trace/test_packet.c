/* Frames of every link become messages; whatever the frame holds, no byte behind its end is read. */
#include "unit/trace/trace_test.h"

static struct ear ear;

static void begin(void)
{
    wire_begin();
    ear_begin(&ear);
}

TND_TEST(packet_links, "IEEE 802.1Q", "a datagram is found behind every link, with VLAN tags too")
{
    begin();
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(5060, 5080, wire_message("raw"))));
    CHECK_EQ(ear.last.from.port, 5060);
    CHECK_EQ(ear.last.to.port, 5080);
    CHECK_EQ(ear.last.from.transport, TND_TRANSPORT_UDP);
    CHECK(ear.last.from.octets[3] == 1 && ear.last.to.octets[3] == 2);
    CHECK_EQ(ear.last.number, 1);
    CHECK_EQ(ear.last.at, TND_SEC(1700000000));
    struct tnd_slice ip = wire_ip4(wire_udp(1, 2, wire_message("ethernet")));
    ear_frame(&ear, TND_LINK_ETHERNET, wire_ethernet(0x0800, ip));
    ip = wire_ip4(wire_udp(1, 2, wire_message("vlan")));
    ear_frame(&ear, TND_LINK_ETHERNET, wire_ethernet(0x8100, wire_join(wire_hex("0064 0800"), ip)));
    ip = wire_ip4(wire_udp(1, 2, wire_message("qinq")));
    ear_frame(&ear, TND_LINK_ETHERNET,
              wire_ethernet(0x88a8, wire_join(wire_hex("0064 8100 0001 0800"), ip)));
    ip = wire_ip4(wire_udp(1, 2, wire_message("cooked")));
    ear_frame(&ear, TND_LINK_COOKED,
              wire_join(wire_hex("0000 0001 0006 0200000000010000 0800"), ip));
    ip = wire_ip4(wire_udp(1, 2, wire_message("cooked2")));
    ear_frame(&ear, TND_LINK_COOKED2,
              wire_join(wire_hex("0800 0000 00000002 0001 00 06 0200000000010000"), ip));
    ip = wire_ip4(wire_udp(1, 2, wire_message("null")));
    ear_frame(&ear, TND_LINK_LOOPBACK, wire_join(wire_hex("02000000"), ip));
    ip = wire_ip6(WIRE_UDP, wire_udp(1, 2, wire_message("loop")));
    ear_frame(&ear, TND_LINK_LOOPBACK, wire_join(wire_hex("0000001e"), ip));
    CHECK_EQ(tnd_tap_stats(ear.tap).broken, 0);
    ear_end(&ear, "raw ethernet vlan qinq cooked cooked2 null loop");
}

TND_TEST(packet_trailer, "IEEE 802.3", "what Ethernet puts behind a short datagram is not of it")
{
    begin();
    struct tnd_slice ip = wire_ip4(wire_udp(1, 2, wire_message("a")));
    ear_frame(&ear, TND_LINK_ETHERNET, wire_ethernet(0x0800, wire_join(ip, wire_fill('x', 9))));
    CHECK_EQ(ear.last.bytes.len, wire_message("a").len);
    ear_end(&ear, "a");
}

TND_TEST(packet_ip6_extensions, "RFC 8200 §4.1", "extension headers of IPv6 are gone over")
{
    begin();
    struct tnd_slice udp = wire_udp(1, 2, wire_message("a"));
    struct tnd_slice options = wire_join(wire_hex("3c00 010400000000"), /* hop-by-hop */
                                         wire_hex("1101 0104000000000000000000000000"));
    ear_frame(&ear, TND_LINK_RAW, wire_ip6(0, wire_join(options, udp)));
    CHECK_EQ(ear.last.from.family, TND_FAMILY_IPV6);
    CHECK_EQ(ear.last.to.octets[15], 2);
    ear_end(&ear, "a");
}

TND_TEST(packet_port, "RFC 3261 §18.1.1",
         "SIP is known by its first line, on any port; nothing else is")
{
    begin();
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(33333, 44444, wire_message("a"))));
    ear_frame(&ear, TND_LINK_RAW,
              wire_ip4(wire_udp(1, 2, TND_STR("SIP/2.0 200 OK\r\nCall-ID: b\r\n\r\n"))));
    ear_frame(&ear, TND_LINK_RAW,
              wire_ip4(wire_udp(1, 2, TND_STR("\r\n\r\nSIP/2.0 200 OK\r\nCall-ID: c\r\n\r\n"))));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(5060, 5060, TND_STR("\r\n\r\n"))));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(5060, 5060, TND_STR(""))));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(5060, 5060, wire_fill(-128, 172))));
    ear_frame(&ear, TND_LINK_RAW,
              wire_ip4(wire_udp(5060, 5060, TND_STR("GET / HTTP/1.1\r\n\r\n"))));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_of(1, TND_STR("OPTIONS sip:a SIP/2.0\r\n")));
    ear_end(&ear, "a b c");
}

TND_TEST(packet_cut, "RFC 3261 §18.3",
         "of a datagram that the capture has cut off, what is there is told")
{
    begin();
    struct tnd_slice ip = wire_ip4(wire_udp(1, 2, wire_message_of("a", 1000)));
    ear_cut_frame(&ear, TND_LINK_RAW, ip, 400);
    CHECK_EQ(ear.last.bytes.len, 400 - 28);
    ear_cut_frame(&ear, TND_LINK_RAW, ip, 40); /* not even the first line: "OPTIONS sip:" */
    ear_end(&ear, "a! ?!");
}

TND_TEST(packet_prefixes, "RFC 8200 §4", "a frame may end anywhere: nothing behind it is read")
{
    begin();
    struct tnd_slice v4 = wire_ip4(wire_udp(1, 2, wire_message("a")));
    struct tnd_slice v6 =
        wire_ip6(0, wire_join(wire_hex("1100 010400000000"), wire_udp(1, 2, wire_message("b"))));
    struct tnd_slice tagged = wire_ethernet(0x8100, wire_join(wire_hex("0064 86dd"), v6));

    for (size_t len = 0; len < v4.len; len++)
        ear_cut_frame(&ear, TND_LINK_RAW, v4, len);
    for (size_t len = 0; len < tagged.len; len++)
        ear_cut_frame(&ear, TND_LINK_ETHERNET, tagged, len);
    CHECK(tnd_tap_stats(ear.tap).broken > 40);
    tnd_tap_free(&ear.tap);
    CHECK_EQ(ear.mem.live_count, 0);
}

/* A message of 3000 bytes in three pieces. */
static void split(struct tnd_slice piece[3])
{
    struct tnd_slice udp = wire_udp(1, 2, wire_message_of("a", 3000));

    piece[0] = wire_ip4_fragment(9, 0, true, wire_part(udp, 0, 1480));
    piece[1] = wire_ip4_fragment(9, 1480, true, wire_part(udp, 1480, 1480));
    piece[2] = wire_ip4_fragment(9, 2960, false, wire_part(udp, 2960, 1480));
}

TND_TEST(fragment_orders, "RFC 791 §3.2",
         "fragments make their datagram in whatever order they come")
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct tnd_slice piece[3];

    for (int i = 0; i < 6; i++) {
        begin();
        split(piece);
        for (int k = 0; k < 3; k++) {
            ear_frame(&ear, TND_LINK_RAW, piece[orders[i][k]]);
            ear_frame(&ear, TND_LINK_RAW, piece[orders[i][0]]); /* and one of them again */
        }
        CHECK_EQ(ear.last.bytes.len, 3000);
        CHECK_EQ(tnd_tap_stats(ear.tap).fragments_lost, 0);
        tnd_tap_free(&ear.tap);
        CHECK_STR(ear_heard(&ear), "a");
    }
}

TND_TEST(fragment_ip6, "RFC 8200 §4.5", "fragments of IPv6 make their datagram")
{
    begin();
    struct tnd_slice udp = wire_udp(1, 2, wire_message_of("a", 2000));
    struct tnd_slice front = wire_part(udp, 0, 1400), back = wire_part(udp, 1400, 1400);
    ear_frame(&ear, TND_LINK_RAW, wire_ip6(44, wire_join(wire_hex("1100 0578 00000007"), back)));
    ear_frame(&ear, TND_LINK_RAW, wire_ip6(44, wire_join(wire_hex("1100 0001 00000007"), front)));
    CHECK_EQ(ear.last.bytes.len, 2000);
    ear_end(&ear, "a");
}

TND_TEST(fragment_lost, "RFC 791 §3.2",
         "of a datagram whose second fragment does not come, the front is told as one that is cut")
{
    struct tnd_slice piece[3];

    begin();
    split(piece);
    ear_frame(&ear, TND_LINK_RAW, piece[0]);
    ear_frame(&ear, TND_LINK_RAW, piece[2]);
    CHECK_STR(ear_heard(&ear), "");
    ear.now += TND_FRAGMENT_WAIT + 1;
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(1, 2, wire_message("b"))));
    CHECK_STR(ear_heard(&ear), "b a!");
    CHECK_EQ(ear.last.bytes.len, 1480 - 8);
    CHECK_EQ(ear.last.at, TND_SEC(1700000000));
    CHECK_EQ(ear.last.number, 2);
    CHECK_EQ(tnd_tap_stats(ear.tap).fragments_lost, 1);
    ear_frame(&ear, TND_LINK_RAW, piece[1]); /* has no front: nothing can be told of it */
    ear_end(&ear, "b a!");
}

TND_TEST(fragment_overlap, "RFC 8200 §4.5", "a datagram of which fragments overlap is thrown away")
{
    struct tnd_slice piece[3];

    begin();
    split(piece);
    ear_frame(&ear, TND_LINK_RAW, piece[0]);
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(9, 1472, true, wire_fill('x', 80)));
    ear_frame(&ear, TND_LINK_RAW, piece[1]);
    ear_frame(&ear, TND_LINK_RAW, piece[2]);
    CHECK_EQ(tnd_tap_stats(ear.tap).broken, 1);
    ear_end(&ear, "");
}

TND_TEST(fragment_hostile, "TND_FRAGMENTED_COUNT_MAX",
         "fragments that never become whole, or are none, cost no more than their bound")
{
    begin();
    for (unsigned id = 0; id < 1000; id++) {
        wire_begin();
        ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(id, 8, true, wire_fill('x', 8)));
    }
    CHECK(ear.mem.live_size < TND_FRAGMENTED_COUNT_MAX * 90000 + 500000);
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(1, 65528, true, wire_fill('x', 800)));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(1, 65528, false, wire_fill('x', 8)));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(2, 0, true, wire_fill('x', 9)));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(2, 0, true, wire_fill('x', 0)));
    CHECK_EQ(tnd_tap_stats(ear.tap).broken, 4);
    ear_end(&ear, "");
}

TND_TEST(look_first_line, "RFC 3261 §7.1",
         "a first line says whether it is SIP, is not, or cannot tell yet")
{
    static const struct {
        const char *text;
        enum tnd_look look;
    } rows[] = {
        {"INVITE sip:a SIP/2.0\r\n", TND_LOOK_SIP},
        {"SIP/2.0 200 OK", TND_LOOK_SIP},
        {"sip/3.0 200 OK", TND_LOOK_SIP},
        {"NEW-METHOD  sip:a b  SIP/7.0\n", TND_LOOK_SIP},
        {"", TND_LOOK_MORE},
        {"SIP/2.", TND_LOOK_MORE},
        {"INV", TND_LOOK_MORE},
        {"INVITE sip:a SIP", TND_LOOK_MORE},
        {"SIP/2.0\r\n", TND_LOOK_NO},
        {"SIP/x", TND_LOOK_NO},
        {"example.com SIP/2.0\r\n", TND_LOOK_NO}, /* the end of a URI */
        {"INVITE sip:a\r\nSIP/2.0 ", TND_LOOK_NO},
        {"GET / HTTP/1.1\r\n", TND_LOOK_NO},
        {"Via: SIP/2.0/UDP a\r\n", TND_LOOK_NO},
        {"\x80\x16", TND_LOOK_NO},
        {"a-method-that-is-longer-than-any-method sip:a SIP/2.0\r\n", TND_LOOK_NO},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        CHECK_EQ(tnd_look(tnd_slice_str(rows[i].text)), rows[i].look);
}

TND_TEST(
    packet_train, "RFC 3261 §18.3",
    "messages that one system call has sent, and that are captured as one datagram, are told apart")
{
    begin();
    struct tnd_slice train = wire_join(wire_message_of("a", 500), wire_message_of("b", 500));
    train = wire_join(train, wire_message_of("c", 400));
    ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(1, 2, train)));
    CHECK_EQ(ear.last.bytes.len, 400);
    CHECK_EQ(ear.last.number, 1);
    ear_cut_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(1, 3, train)), 1328);
    CHECK_STR(ear_heard(&ear), "a b c a b c!");
    ear_frame(&ear, TND_LINK_RAW,
              wire_ip4(wire_udp(1, 2, wire_join(wire_message("d"), TND_STR("and more of it")))));
    CHECK_EQ(ear.last.bytes.len, wire_message("d").len + 14);
    ear_end(&ear, "a b c a b c! d");
}

TND_TEST(look_length, "RFC 3261 §20.14",
         "how long a message is, its Content-Length says, in both its names")
{
    static const struct {
        const char *text;
        size_t len;
    } rows[] = {{"A b SIP/2.0\r\nContent-Length: 3\r\n\r\nabcdef", 37},
                {"A b SIP/2.0\r\nCONTENT-LENGTH :3\r\n\r\nabcdef", 37},
                {"A b SIP/2.0\r\nl:0\r\n\r\nabcdef", 20},
                {"A b SIP/2.0\r\nl: 6\r\n\r\nabcdef", 27},
                {"A b SIP/2.0\r\nl: 7\r\n\r\nabcdef", 27},
                {"A b SIP/2.0\r\nlx: 1\r\nl: x\r\n\r\nabcdef", 34},
                {"A b SIP/2.0\r\nl: 1\r\nabcdef", 25},
                {"", 0}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        CHECK_EQ(tnd_look_len(tnd_slice_str(rows[i].text)), rows[i].len);
}
