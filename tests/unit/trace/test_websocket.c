/* WebSocket: what a browser says to a server and back, in a capture. */
#include "trace/websocket.h"
#include "unit/trace/trace_test.h"

enum { FIN_TEXT = 0x81, FIN_BINARY = 0x82, TEXT = 0x01, CONTINUED = 0x00, FIN = 0x80, PING = 0x89 };

static struct ear ear;
static struct wire_talk talk;

static void upgrade(void)
{
    wire_begin();
    ear_begin(&ear);
    talk_open(&talk, &ear);
    talk_say(&talk, 0,
             TND_STR("GET /ws HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
                     "UPGRADE:  WebSocket \r\nSec-WebSocket-Protocol: sip\r\n\r\n"));
    talk_say(&talk, 1,
             TND_STR("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\n\r\n"));
}

TND_TEST(websocket_plain, "RFC 6455 §5.2", "behind an upgrade, frames of both sides are messages")
{
    upgrade();
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("a")));
    CHECK_EQ(ear.last.from.transport, TND_TRANSPORT_WS);
    CHECK_EQ(ear.last.bytes.len, wire_message("a").len);
    talk_say(&talk, 1, wire_websocket(FIN_BINARY, false, wire_message_of("b", 60000)));
    talk_say(&talk, 0,
             wire_join(wire_websocket(FIN_TEXT, true, wire_message("c")),
                       wire_websocket(FIN_TEXT, true, wire_message("d"))));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, TND_STR("\r\n"))); /* keep-alive */
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, TND_STR("{\"json\": 1}")));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, TND_STR("")));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("e")));
    CHECK_EQ(tnd_tap_stats(ear.tap).streams.gaps, 0);
    ear_end(&ear, "a b c d e");
}

TND_TEST(
    websocket_pieces, "RFC 6455 §5.4",
    "fragments of a message are put together, pings between them passed over, in segments of any length")
{
    static const size_t lengths[] = {1, 2, 5, 100, 10000};

    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        upgrade();
        struct tnd_slice text = wire_message_of("a", 500);
        struct tnd_slice all = wire_join(wire_websocket(TEXT, true, wire_part(text, 0, 100)),
                                         wire_websocket(PING, true, TND_STR("are you there?")));
        all = wire_join(all, wire_websocket(CONTINUED, true, wire_part(text, 100, 7)));
        all = wire_join(all, wire_websocket(FIN, true, wire_part(text, 107, 500)));
        all = wire_join(all, wire_websocket(FIN_TEXT, true, wire_message("b")));
        for (size_t at = 0; at < all.len; at += lengths[i])
            talk_say(&talk, 0, wire_part(all, at, lengths[i]));
        ear_end(&ear, "a b");
    }
}

TND_TEST(websocket_joined, "RFC 6455 §5.3",
         "a capture that begins within the connection finds the frames that begin with a segment")
{
    wire_begin();
    ear_begin(&ear);
    talk = (struct wire_talk){.ear = &ear, .next = {1000, 2000}};
    talk_say(&talk, 0, wire_part(wire_websocket(FIN_TEXT, true, wire_message("first")), 50, 1000));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("a")));
    talk_say(&talk, 1, wire_websocket(FIN_TEXT, false, wire_message("b")));
    ear_end(&ear, "a b");
}

TND_TEST(websocket_gap, "RFC 6455 §5.4",
         "behind a gap the next frame that begins with a segment is found")
{
    upgrade();
    talk_say(&talk, 0,
             wire_part(wire_websocket(FIN_TEXT, true, wire_message_of("torn", 900)), 0, 400));
    talk_lose(&talk, 0, 200);
    talk_say(&talk, 0, wire_fill('x', 308));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("a")));
    talk_flags(&talk, 1, 0);
    ear.now += TND_SEC(1);
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("b")));
    ear_end(&ear, "torn! a b");
}

TND_TEST(websocket_odd, "RFC 6455 §5.2", "what is compressed, too long or no frame is passed over")
{
    upgrade();
    talk_say(&talk, 0, wire_websocket(0xc1, true, wire_message("compressed")));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("a")));
    struct tnd_slice all = wire_websocket(FIN_TEXT, true, wire_message_of("long", 70000));
    talk_say(&talk, 0, wire_part(all, 0, 40000));
    talk_say(&talk, 0, wire_part(all, 40000, 40000));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("b")));
    talk_say(&talk, 0, wire_hex("8b05 0000")); /* no opcode that there is */
    talk_say(&talk, 0, wire_fill('x', 100));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("c")));
    talk_say(&talk, 0, wire_hex("89fe 00ff 00000000")); /* a ping of 255 bytes */
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("d")));
    talk_say(&talk, 0, wire_hex("81ff ffffffffffffffff 00000000"));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("e")));
    ear_end(&ear, "a b c d e");
}

TND_TEST(websocket_refused, "RFC 6455 §4.2.2", "HTTP without an upgrade is passed over")
{
    wire_begin();
    ear_begin(&ear);
    talk_open(&talk, &ear);
    talk_say(&talk, 0, TND_STR("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n"));
    talk_say(&talk, 1, TND_STR("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    talk_say(&talk, 0, TND_STR("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"));
    talk_say(&talk, 0, wire_websocket(FIN_TEXT, true, wire_message("a")));
    ear_end(&ear, "a");
}
