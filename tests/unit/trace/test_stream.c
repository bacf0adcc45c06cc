/* TCP as it is captured: whatever comes twice, late or not at all, the messages that are there are told, once. */
#include <stdio.h>

#include "trace/side.h"
#include "unit/trace/trace_test.h"

static struct ear ear;
static struct wire_talk talk;

static void begin(void)
{
    wire_begin();
    ear_begin(&ear);
    talk_open(&talk, &ear);
}

TND_TEST(stream_plain, "RFC 3261 §18.3",
         "messages of both sides of a connection are told, with their ends")
{
    begin();
    talk_say(&talk, 0, wire_join(wire_message("a"), wire_message_of("b", 700)));
    CHECK_EQ(ear.last.from.port, 40000);
    CHECK_EQ(ear.last.to.port, 5060);
    CHECK_EQ(ear.last.from.transport, TND_TRANSPORT_TCP);
    CHECK_EQ(ear.last.bytes.len, 700);
    CHECK_EQ(ear.last.number, 4);
    talk_say(&talk, 1, wire_join(TND_STR("\r\n\r\n"), wire_message("c")));
    CHECK_EQ(ear.last.from.port, 5060);
    CHECK_EQ(ear.last.from.octets[3], 2);
    talk_flags(&talk, 0, TND_TCP_FIN);
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.open, 1);
    talk_flags(&talk, 1, TND_TCP_FIN);
    talk_flags(&talk, 0, 0);
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.open, 0);
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.size, 0);
    ear_end(&ear, "a b c");
}

TND_TEST(stream_pieces, "RFC 3261 §18.3", "segments of any length make the same messages")
{
    static const size_t lengths[] = {1, 2, 3, 7, 60, 333, 1000};

    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        begin();
        struct tnd_slice all = wire_join(wire_message_of("a", 600), wire_message("b"));
        for (size_t at = 0; at < all.len; at += lengths[i])
            talk_say(&talk, 0, wire_part(all, at, lengths[i]));
        ear_end(&ear, "a b");
    }
}

TND_TEST(stream_orders, "RFC 9293 §3.4",
         "segments in every order, some twice, make the same messages")
{
    enum { PIECE_COUNT = 4, PIECE_LEN = 250 };

    for (unsigned order = 0; order < 256; order++) { /* base 4, each digit once */
        unsigned seen = 0;

        for (int i = 0; i < PIECE_COUNT; i++)
            seen |= 1U << (order >> 2 * i & 3);
        if (seen != 15)
            continue;
        begin();
        struct tnd_slice all = wire_message_of("a", 4 * PIECE_LEN);
        for (int i = 0; i < PIECE_COUNT; i++) {
            size_t at = (order >> 2 * i & 3) * PIECE_LEN;

            talk_say_at(&talk, 0, (int32_t)at, wire_part(all, at, PIECE_LEN));
            talk_say_at(&talk, 0, (int32_t)at, wire_part(all, at, PIECE_LEN));
        }
        talk_lose(&talk, 0, all.len);
        talk_say(&talk, 0, wire_message("b"));
        CHECK_EQ(tnd_tap_stats(ear.tap).streams.gaps, 0);
        ear_end(&ear, "a b");
    }
}

TND_TEST(stream_overlaps, "RFC 9293 §3.10.7.4", "of segments that overlap, no byte is read twice")
{
    begin();
    struct tnd_slice all = wire_message_of("a", 900);
    talk_say_at(&talk, 0, 500, wire_part(all, 500, 200));
    talk_say_at(&talk, 0, 450, wire_part(all, 450, 300));
    talk_say_at(&talk, 0, 0, wire_part(all, 0, 300));
    talk_say_at(&talk, 0, 100, wire_part(all, 100, 400));
    talk_say_at(&talk, 0, 0, wire_part(all, 0, 750));
    talk_say_at(&talk, 0, 740, wire_part(all, 740, 160));
    talk_lose(&talk, 0, all.len);
    talk_say_at(&talk, 0, -1, TND_STR("b")); /* is it still there? */
    talk_say(&talk, 0, wire_message("b"));
    ear_end(&ear, "a b");
}

TND_TEST(stream_gap_acked, "RFC 9293 §3.4",
         "what the other side has and the capture has not is a gap: reading goes on behind it")
{
    begin();
    talk_say(&talk, 0, wire_part(wire_message_of("torn", 900), 0, 400));
    talk_lose(&talk, 0, 500);
    talk_say(&talk, 0, wire_message("a"));
    CHECK_STR(ear_heard(&ear), "");
    talk_flags(&talk, 1, 0);
    ear.now += TND_SIDE_ACKED_WAIT;
    talk_say(&talk, 0, wire_message("b"));
    CHECK_STR(ear_heard(&ear), "torn! a b");
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.gaps, 1);
    ear_end(&ear, "torn! a b");
}

TND_TEST(
    stream_gap_middle, "RFC 3261 §18.3",
    "after a gap in the middle of a message, the rest of it is passed over up to the next start line")
{
    begin();
    struct tnd_slice torn = wire_message_of("torn", 2000);
    talk_say(&talk, 0, wire_message("a"));
    talk_lose(&talk, 0, 1000);
    talk_say(&talk, 0, wire_join(wire_part(torn, 1000, 1000), TND_STR("\r\n")));
    talk_say(&talk, 0, wire_message("b"));
    ear.now += TND_SIDE_WAIT;
    talk_say(&talk, 0, wire_message("c"));
    ear_end(&ear, "a b c");
}

TND_TEST(stream_gap_waits, "RFC 9293 §3.8.1", "a segment that is sent again in time leaves no gap")
{
    begin();
    struct tnd_slice all = wire_join(wire_message("a"), wire_message("b"));
    talk_say_at(&talk, 0, 100, wire_part(all, 100, all.len));
    ear.now += TND_SEC(1);
    talk_say_at(&talk, 0, 0, wire_part(all, 0, 100));
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.gaps, 0);
    ear_end(&ear, "a b");
}

TND_TEST(stream_gap_end, "RFC 9293 §3.6",
         "what waits when a connection or the capture ends is told")
{
    begin();
    talk_say(&talk, 0, wire_part(wire_message_of("torn", 900), 0, 850));
    talk_lose(&talk, 1, 10);
    talk_say(&talk, 1, wire_message("a"));
    talk_flags(&talk, 0, TND_TCP_RST);
    CHECK_STR(ear_heard(&ear), "a torn!");
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.open, 0);
    talk_open(&talk, &ear);
    talk_say(&talk, 0, wire_part(wire_message_of("late", 900), 0, 850));
    ear_end(&ear, "a torn! late!");
}

TND_TEST(stream_joined, "RFC 3261 §7.5",
         "a capture that begins within a connection is read from its first start line")
{
    wire_begin();
    ear_begin(&ear);
    talk = (struct wire_talk){.ear = &ear, .next = {1000, 2000}};
    struct tnd_slice first = wire_message_of("first", 800);
    talk_say(&talk, 0, wire_join(wire_part(first, 90, 710), TND_STR("\r\n")));
    talk_say(&talk, 0, wire_message("a"));
    talk_say(&talk, 1, wire_part(wire_message("b"), 0, 20)); /* not even the first line */
    talk_say(&talk, 1, wire_part(wire_message("b"), 20, 1000));
    ear_end(&ear, "a b");
}

TND_TEST(stream_port_again, "RFC 9293 §3.6.1",
         "a new connection between the same ports begins anew")
{
    begin();
    talk_say(&talk, 0, wire_message("a"));
    talk_say(&talk, 0, wire_part(wire_message("torn"), 0, 100));
    talk.next[0] += 77777;
    talk_flags(&talk, 0, TND_TCP_SYN);
    talk.next[0]++;
    talk_say(&talk, 0, wire_message("b"));
    ear_end(&ear, "a b");
}

TND_TEST(stream_other, "RFC 9112 §2.1",
         "what is not SIP is passed over, and SIP that follows it is not")
{
    begin();
    talk_say(&talk, 0, TND_STR("PROXY TCP4 192.0.2.9 192.0.2.2 1 2\r\n"));
    talk_say(&talk, 0, wire_message("a"));
    talk_say(&talk, 1, wire_join(wire_hex("160303"), wire_fill('x', 500)));
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.encrypted, 1);
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.size, 0);
    ear_end(&ear, "a");
}

TND_TEST(stream_broken, "RFC 3261 §18.3", "behind what is no message, the next one is found")
{
    begin();
    talk_say(&talk, 0,
             TND_STR("OPTIONS sip:a SIP/2.0\r\nCall-ID: long\r\nContent-Length: 99999999\r\n\r\n"));
    talk_say(&talk, 0, wire_join(TND_STR("nonsense\r\nmore of it\r\n\r\n"), wire_message("a")));
    ear_end(&ear, "long! a");
}

TND_TEST(stream_snapped, "RFC 9293 §3.4", "bytes that the capture has cut off its frames are gaps")
{
    begin();
    struct wire_tcp tcp = {
        .from = 40000, .to = 5060, .sequence = talk.next[0], .flags = TND_TCP_ACK};
    struct tnd_slice whole = wire_message_of("a", 1000);
    struct tnd_slice ip = wire_ip4_of(WIRE_TCP, wire_tcp(&tcp, whole));

    ear_cut_frame(&ear, TND_LINK_RAW, ip, 500);
    talk_lose(&talk, 0, whole.len);
    talk_say(&talk, 0, wire_message("b"));
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.gaps, 1);
    ear_end(&ear, "a! b");
}

TND_TEST(stream_hostile, "TND_STREAMS_COUNT_MAX",
         "connections that say half a message each cost no more than their bound")
{
    wire_begin();
    ear_begin(&ear);
    static char bytes[50000];
    const struct tnd_slice half = tnd_slice(bytes, sizeof(bytes));

    memcpy(bytes, wire_message_of("a", 60000).ptr, sizeof(bytes));
    for (unsigned i = 0; i < 3000; i++) {
        struct wire_tcp tcp = {.from = i, .to = 5060, .sequence = 1, .flags = TND_TCP_ACK};

        ear_frame(&ear, TND_LINK_RAW, wire_ip4_of(WIRE_TCP, wire_tcp(&tcp, half)));
        tcp.sequence += 500000;
        ear_frame(&ear, TND_LINK_RAW, wire_ip4_of(WIRE_TCP, wire_tcp(&tcp, half)));
        wire_begin();
        CHECK(tnd_tap_stats(ear.tap).streams.size <= TND_STREAMS_SIZE_MAX);
    }
    CHECK(tnd_tap_stats(ear.tap).streams.forgotten > 0);
    tnd_tap_free(&ear.tap);
    CHECK_EQ(ear.mem.live_count, 0);
}

TND_TEST(stream_no_memory, "TND_ENOMEM", "without memory messages are lost, and nothing else")
{
    static const struct tnd_siphash_key secret = {1, 2};
    bool is_enough = false;

    for (size_t nth = 1; !is_enough; nth++) {
        wire_begin();
        ear = (struct ear){.mem = failing_mem(nth), .now = 1};
        if (tnd_tap_new(failing_mem_use(&ear.mem), &secret, &ear.tap)) {
            CHECK_EQ(ear.mem.live_count, 0);
            continue;
        }
        talk_open(&talk, &ear);
        struct tnd_slice all = wire_message_of("a", 3000);
        talk_say_at(&talk, 0, 2000, wire_part(all, 2000, 1000));
        talk_say_at(&talk, 0, 0, wire_part(all, 0, 1000));
        talk_say_at(&talk, 0, 1000, wire_part(all, 1000, 1000));
        struct tnd_slice udp = wire_udp(1, 2, wire_message_of("b", 2000));
        ear_frame(&ear, TND_LINK_RAW, wire_ip4_fragment(3, 0, true, wire_part(udp, 0, 1480)));
        ear_frame(&ear, TND_LINK_RAW,
                  wire_ip4_fragment(3, 1480, false, wire_part(udp, 1480, 1480)));
        is_enough = tnd_slice_eq(ear_heard(&ear), TND_STR("a b"));
        tnd_tap_end(ear.tap);
        tnd_tap_free(&ear.tap);
        CHECK_EQ(ear.mem.live_count, 0);
        CHECK(nth < 100);
    }
}

TND_TEST(stream_holes, "TND_SIDE_AHEAD_COUNT_MAX",
         "segments with a hole before each do not wait for ever: what comes behind a bound is read")
{
    char expected[4096] = "0";
    int len = 1;

    begin();
    for (int i = 0; i < TND_SIDE_AHEAD_COUNT_MAX + 20; i++) {
        char id[16];

        wire_begin();
        snprintf(id, sizeof(id), "%d", i);
        talk_say(&talk, 0, wire_message(id));
        talk_lose(&talk, 0, 10);
        if (i > 0)
            len += snprintf(expected + len, sizeof(expected) - (size_t)len, " %d", i);
        CHECK(tnd_tap_stats(ear.tap).streams.size < TND_SIDE_AHEAD_SIZE_MAX + 100000);
    }
    CHECK(ear.len > 0);
    CHECK(tnd_tap_stats(ear.tap).streams.gaps > 0);
    ear_end(&ear, expected);
}

TND_TEST(stream_many, "TND_STREAMS_COUNT_MAX",
         "of too many connections, the one that was silent longest is forgotten")
{
    wire_begin();
    ear_begin(&ear);
    for (unsigned i = 0; i < TND_STREAMS_COUNT_MAX + 100; i++) {
        struct wire_tcp tcp = {.from = i & 0xffff, .to = 5060 + (i >> 16), .flags = TND_TCP_SYN};

        wire_begin();
        ear_frame(&ear, TND_LINK_RAW, wire_ip4_of(WIRE_TCP, wire_tcp(&tcp, TND_STR(""))));
    }
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.open, TND_STREAMS_COUNT_MAX);
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.forgotten, 100);
    ear_end(&ear, "");
}
