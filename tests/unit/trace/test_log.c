/* Logs as servers write them. The texts are made up, the forms are theirs. */
#include "trace/log.h"

#include "trace/log_line.h"
#include "unit/guarded.h"
#include "unit/trace/trace_test.h"

static struct ear ear;         /* what was heard of a whole file */
static struct tnd_traced kept; /* the message that was asked for, and its bytes */
static char kept_bytes[TND_LOG_LINE_MAX];

static void listen(struct tnd_log *log, unsigned want)
{
    struct tnd_traced traced;
    static unsigned count;

    count = ear.len ? count : 0;
    while (tnd_log_next(log, &traced)) {
        ear_write(&ear, &traced);
        if (++count != want)
            continue;
        kept = traced;
        memcpy(kept_bytes, traced.bytes.ptr, traced.bytes.len);
        kept.bytes.ptr = kept_bytes;
    }
}

/* Reads text in pieces of step bytes, and keeps the message with the number want. */
static void read_in(struct tnd_slice text, size_t step, unsigned want)
{
    struct failing_mem mem = failing_mem(0);
    struct tnd_log *log;

    ear.len = 0;
    ear.heard[0] = '\0';
    kept = (struct tnd_traced){0};
    CHECK_EQ(tnd_log_new(failing_mem_use(&mem), &log), 0);
    for (size_t at = 0; at < text.len; at += step) {
        struct tnd_slice piece =
            guarded(tnd_slice(text.ptr + at, text.len - at < step ? text.len - at : step));

        tnd_log_feed(log, piece);
        listen(log, want);
        guarded_free(piece);
    }
    tnd_log_end(log);
    listen(log, want);
    tnd_log_free(&log);
    CHECK_EQ(mem.live_count, 0);
}

/* What it says does not depend on how it is cut. */
static void hear(struct tnd_slice text, unsigned want, const char *heard)
{
    read_in(text, 97, want);
    CHECK_STR(ear_heard(&ear), heard);
    read_in(text, text.len + 1, want);
    CHECK_STR(ear_heard(&ear), heard);
}

static void check_place(const struct tnd_endpoint *e, enum tnd_transport transport,
                        const char *address, unsigned port)
{
    char room[TND_ADDRESS_LEN_MAX + 1];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_address_write(&w, e);
    CHECK_STR(tnd_writer_slice(&w), address);
    CHECK_EQ(e->port, port);
    CHECK_EQ(e->transport, transport);
}

static void check_nowhere(const struct tnd_endpoint *e)
{
    CHECK_EQ(e->family, TND_FAMILY_NONE);
}

#define OK_OF(id)                                  \
    "SIP/2.0 200 OK\n"                             \
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\n" \
    "Call-ID: " id "\n"                            \
    "CSeq: 1 OPTIONS\n"                            \
    "Content-Length: 0\n"

#define INVITE_OF(id)                              \
    "INVITE sip:bob@example.com SIP/2.0\n"         \
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\n" \
    "Call-ID: " id "\n"                            \
    "CSeq: 1 INVITE\n"                             \
    "Content-Type: application/sdp\n"              \
    "Content-Length: 10\n"                         \
    "\n"                                           \
    "v=0\n"                                        \
    "s=-\n"

TND_TEST(log_plain, "RFC 3261 §7.5",
         "messages one after another, with or without an empty line between")
{
    hear(TND_STR(OK_OF("a") "\n" INVITE_OF("b") OK_OF("c") "\n\n\n" INVITE_OF("d") "\n" OK_OF("e")),
         2, "a b c d e");
    CHECK_EQ(kept.number, 7);
    check_nowhere(&kept.from);
    CHECK_STR(tnd_slice(tnd_slice_end(kept.bytes) - 14, 14), "\r\n\r\nv=0\r\ns=-\r\n");
}

TND_TEST(log_line_ends, "RFC 3261 §7",
         "CRLF that a log has made LF is put back; what stands there is not touched")
{
    hear(
        TND_STR(
            "SIP/2.0 200 OK\r\nCall-ID: a\r\nl: 4\r\n\r\na\nb\nSIP/2.0 200 OK\r\nCall-ID: b\r\n\r\n"),
        1, "a b");
    CHECK_STR(kept.bytes, "SIP/2.0 200 OK\r\nCall-ID: a\r\nl: 4\r\n\r\na\nb\n");
    hear(TND_STR("SIP/2.0 200 OK\nCall-ID: a\nl: 6\n\na\nb\n"), 1, "a");
    CHECK_STR(kept.bytes, "SIP/2.0 200 OK\r\nCall-ID: a\r\nl: 6\r\n\r\na\r\nb\r\n");
    hear(TND_STR("SIP/2.0 200 OK\nCall-ID: a\nl: 4\n\na\nb\nSIP/2.0 180 \nCall-ID: b\nl: 0"), 1,
         "a b");
    CHECK_STR(kept.bytes, "SIP/2.0 200 OK\r\nCall-ID: a\r\nl: 4\r\n\r\na\r\nb");
}

TND_TEST(log_asterisk_pjsip, "RFC 3261 §18.3",
         "of Asterisk's pjsip logger: peers, times, other lines in between")
{
    hear(
        TND_STR(
            "[2026-11-26 10:00:00.250] VERBOSE[1234] res_pjsip_logger.c: "
            "<--- Received SIP request (300 bytes) from UDP:192.0.2.7:5061 --->\n" INVITE_OF(
                "a") "\n"
                     "[2026-11-26 10:00:01] VERBOSE[99] pbx.c: Executing [bob@x:1] NoOp(\"PJSIP\") in new stack\n"
                     "<--- Transmitting SIP response (120 bytes) to WSS:[2001:db8::7]:5061 --->\n" OK_OF(
                         "b") "\n\n"
                              "    -- Called PJSIP/bob\n"),
        2, "a b");
    CHECK_EQ(kept.at, TND_SEC(1795687201));
    check_nowhere(&kept.from);
    check_place(&kept.to, TND_TRANSPORT_WSS, "2001:db8::7", 5061);
    hear(TND_STR(
             "<--- Received SIP request (300 bytes) from UDP:192.0.2.7:5061 --->\n" INVITE_OF("a")),
         1, "a");
    check_place(&kept.from, TND_TRANSPORT_UDP, "192.0.2.7", 5061);
    check_nowhere(&kept.to);
    CHECK_EQ(kept.number, 2);
}

TND_TEST(log_asterisk_chan_sip, "RFC 3261 §18.3",
         "of Asterisk's chan_sip: read, transmitted, and sent again")
{
    hear(TND_STR("\n<--- SIP read from UDP:192.0.2.7:5060 --->\n" INVITE_OF(
             "a") "<------------->\n"
                  "--- (6 headers 2 lines) ---\n"
                  "Sending to 192.0.2.7:5060 (no NAT)\n"
                  "\n<--- Reliably Transmitting (no NAT) to 192.0.2.7:5060 --->\n" OK_OF(
                      "b") "\n\n"
                           "<------------>\n"
                           "Retransmitting #4 (NAT) to 192.0.2.8:5090:\n" OK_OF("c") "\n\n---\n"),
         3, "a b c");
    check_nowhere(&kept.from);
    check_place(&kept.to, TND_TRANSPORT_NONE, "192.0.2.8", 5090);
}

TND_TEST(log_freeswitch, "RFC 3261 §18.3",
         "of sofia: indented, between dashes, with a clock but no date")
{
    hear(TND_STR(
             "2026-11-26 09:59:59.000100 [DEBUG] sofia.c:1 something\n"
             "recv 300 bytes from udp/[192.0.2.7]:5060 at 10:00:00.250000:\n"
             "   ------------------------------------------------------------------------\n"
             "   INVITE sip:bob@example.com SIP/2.0\n"
             "   Via: SIP/2.0/UDP 192.0.2.7\n"
             "2026-11-26 10:00:00.100 [NOTICE] switch_channel.c:1118 New Channel sofia/internal/a\n"
             "   Call-ID: a\n"
             "   Content-Length: 10\n"
             "   \n"
             "   v=0\n"
             "   s=-\n"
             "   ------------------------------------------------------------------------\n"
             "\033[32msend 300 bytes to tls/[2001:db8::9]:5061 at 10:00:00.300000:\n"
             "   ------------------------------------------------------------------------\n"
             "   SIP/2.0 100 Trying\n"
             "   Call-ID: b\n"
             "   Content-Length: 0\n"
             "\n"
             "   ------------------------------------------------------------------------\n"),
         2, "a b");
    CHECK_EQ(kept.at, TND_SEC(1795687200) + 300000);
    check_place(&kept.to, TND_TRANSPORT_TLS, "2001:db8::9", 5061);
    CHECK_STR(kept.bytes, "SIP/2.0 100 Trying\r\nCall-ID: b\r\nContent-Length: 0\r\n\r\n");
    hear(TND_STR("recv 9 bytes from udp/[192.0.2.7] at 23:59:59.900000:\n" OK_OF(
             "a") "\nrecv 9 bytes from udp/[192.0.2.7] at 00:00:00.100000:\n" OK_OF("b")),
         2, "a b");
    CHECK_EQ(kept.at, TND_SEC(86400) + 100000);
    check_place(&kept.from, TND_TRANSPORT_UDP, "192.0.2.7", 5060);
}

TND_TEST(log_sngrep, "RFC 3261 §18.3",
         "of sngrep: both addresses and the time in front of each message")
{
    hear(
        TND_STR("2026/11/26 10:00:00.123456 192.0.2.1:5060 -> 192.0.2.2:5080\n" INVITE_OF(
            "a") "\n\n2026/11/26 10:00:00.223456 192.0.2.2:5080 -> 192.0.2.1:5060\n" OK_OF("b") "\n\n"),
        2, "a b");
    CHECK_EQ(kept.at, TND_SEC(1795687200) + 223456);
    check_place(&kept.from, TND_TRANSPORT_NONE, "192.0.2.2", 5080);
    check_place(&kept.to, TND_TRANSPORT_NONE, "192.0.2.1", 5060);
}

TND_TEST(log_ngrep, "RFC 3261 §18.3", "of ngrep, which prints a dot for CR")
{
    hear(
        TND_STR("interface: any\n#\nU 2026/11/26 10:00:00.123456 192.0.2.1:5060 -> 192.0.2.2:5080\n"
                "INVITE sip:bob@example.com SIP/2.0.\nCall-ID: a.\nContent-Length: 5.\n.\nv=0.\n\n"
                "####\nU 2026/11/26 10:00:00.223456 192.0.2.2:5080 -> 192.0.2.1:5060\n"
                "SIP/2.0 200 OK.\nCall-ID: b.\nContent-Length: 0.\n.\n\n"),
        1, "a b");
    CHECK_STR(
        kept.bytes,
        "INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: a\r\nContent-Length: 5\r\n\r\nv=0\r\n");
    check_place(&kept.to, TND_TRANSPORT_NONE, "192.0.2.2", 5080);
}

TND_TEST(log_pjsua, "RFC 3261 §18.3",
         "of pjsua and what is made of it: the transport is a word of its own")
{
    hear(
        TND_STR("10:11:29.008   pjsua_core.c  .RX 437 bytes Request msg INVITE/cseq=1 (rdata0x7f) from TCP 192.0.2.7:5060:\n" INVITE_OF(
            "a") "\n--end msg--\n"
                 "10:11:29.010   pjsua_core.c  .TX 437 bytes Response msg 200/INVITE/cseq=1 (tdta0x7f) to TCP 192.0.2.7:5060:\n" OK_OF(
                     "b") "\n--end msg--\n"),
        2, "a b");
    CHECK_EQ(kept.at, TND_SEC((10 * 60 + 11) * 60 + 29) + 10000);
    check_place(&kept.to, TND_TRANSPORT_TCP, "192.0.2.7", 5060);
}

TND_TEST(log_kamailio_sipdump, "RFC 3261 §18.3",
         "of Kamailio's sipdump: a line for each address and port")
{
    hear(
        TND_STR(
            "====================\ntag: rcv\npid: 1234\nprocess: 2\ntime: 1795687200.123456\n"
            "date: Thu Nov 26 11:00:00 2026\nproto: udp ipv4\nsrcip: 192.0.2.1\nsrcport: 5060\n"
            "dstip: 192.0.2.2\ndstport: 5080\n~~~~~~~~~~~~~~~~~~~~\n" INVITE_OF(
                "a") "||||||||||||||||||||\n"
                     "====================\ntag: snd\npid: 1234\nprocess: 2\ntime: 1795687200.223456\n"
                     "date: Thu Nov 26 11:00:00 2026\nproto: tcp ipv6\nsrcip: 2001:db8::1\nsrcport: 5060\n"
                     "dstip: 2001:db8::2\ndstport: 5080\n~~~~~~~~~~~~~~~~~~~~\n" OK_OF(
                         "b") "\n"
                              "||||||||||||||||||||\n"),
        2, "a b");
    CHECK_EQ(kept.at, TND_SEC(1795687200) + 223456);
    check_place(&kept.from, TND_TRANSPORT_TCP, "2001:db8::1", 5060);
    check_place(&kept.to, TND_TRANSPORT_TCP, "2001:db8::2", 5080);
}

TND_TEST(log_kamailio_xlog, "RFC 3261 §18.3",
         "of xlog: the message behind a prefix, once, on each line, or escaped in one")
{
    hear(
        TND_STR(
            " 5(1234) INFO: <script>: INVITE sip:bob@example.com SIP/2.0\n"
            "Via: SIP/2.0/UDP 192.0.2.1\n"
            " 6(1235) DEBUG: <core>: something else\n"
            "Call-ID: a\nContent-Length: 0\n\n"
            "Nov 26 10:00:01 host kamailio[1234]: INFO: <script>: SIP/2.0 200 OK\n"
            "Nov 26 10:00:01 host kamailio[1234]: INFO: <script>: Call-ID: b\n"
            "Nov 26 10:00:01 host kamailio[1234]: INFO: <script>: Content-Length: 0\n"
            "Nov 26 10:00:01 host kamailio[1234]: INFO: <script>: \n"
            "Nov 26 10:00:02 host kamailio[1234]: INFO: <script>: INVITE sip:bob@example.com SIP/2.0"
            "#015#012Call-ID: c#015#012Content-Length: 5#015#012#015#012v=0#015#012\n"
            "{\"msg\": \"SIP/2.0 200 OK\\r\\nCall-ID: d\\r\\nContent-Length: 0\\r\\n\\r\\n\"}\n"),
        3, "a b c d");
    CHECK_STR(
        kept.bytes,
        "INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: c\r\nContent-Length: 5\r\n\r\nv=0\r\n");
    CHECK_EQ(kept.at, TND_SEC((329 * 24 + 10) * 3600 + 2)); /* of 1970: the year is not said */
}

TND_TEST(log_other_lines, "RFC 3261 §7.1", "lines about messages are no messages")
{
    hear(TND_STR("INFO received INVITE sip:bob@example.com SIP/2.0 from 192.0.2.1\n"
                 "got INVITE sip:bob@example.com SIP/2.0\nand nothing below it\n"
                 "reply \"SIP/2.0 200 OK\" was relayed\n"
                 "Via: SIP/2.0/UDP 192.0.2.1\n"
                 "SIP/2.0 200 OK\n\n\n"),
         1, "");
    hear(TND_STR(""), 1, "");
    hear(TND_STR("\n"), 1, "");
    hear(TND_STR("from here to there, 500 bytes from nobody to 192.0.2.1:99999999\n" OK_OF("a")), 1,
         "a");
    check_nowhere(&kept.to);
    hear(TND_STR("x 192.0.2.1:1 -> 192.0.2.2:2\nsomething\nelse\n" OK_OF("a")), 1, "a");
    check_nowhere(&kept.from);
}

TND_TEST(log_cut, "RFC 3261 §18.3", "a message that lacks its end is told as one that is cut")
{
    hear(TND_STR("INVITE sip:a@b.c SIP/2.0\nCall-ID: a\nContent-Length: 500\n\nv=0\n" OK_OF(
             "b") "\n"
                  "INVITE sip:a@b.c SIP/2.0\nCall-ID: c\n" OK_OF(
                      "d") "\nINVITE sip:a@b.c SIP/2.0\nCall-ID: e\n"),
         1, "a! b c! d e!");
}

TND_TEST(log_sipfrag, "RFC 3420 §2", "a body that is a start line is no message of its own")
{
    hear(
        TND_STR(
            "NOTIFY sip:a@b.c SIP/2.0\nCall-ID: a\nContent-Type: message/sipfrag\nContent-Length: 20\n\n"
            "SIP/2.0 100 Trying\n\n" OK_OF("b")),
        1, "a b");
    CHECK_STR(tnd_slice(tnd_slice_end(kept.bytes) - 20, 20), "SIP/2.0 100 Trying\r\n");
}

TND_TEST(log_long, "TND_LOG_LINE_MAX",
         "lines and messages beyond their bounds are cut off, and end all the same")
{
    wire_begin();
    struct tnd_slice text =
        wire_join(TND_STR("SIP/2.0 200 OK\nCall-ID: a\nSubject: "), wire_fill('x', 200000));
    text = wire_join(text, TND_STR("\nContent-Length: 0\n\n" OK_OF("b")));
    read_in(text, 1000, 1);
    CHECK_STR(ear_heard(&ear), "a! b");
    text = wire_join(TND_STR("SIP/2.0 200 OK\nCall-ID: a\nContent-Length: 65000\n\n"),
                     wire_fill('x', 66000));
    read_in(wire_join(text, TND_STR("\n" OK_OF("b"))), 1000, 1);
    CHECK_STR(ear_heard(&ear), "a! b");
}

TND_TEST(log_no_memory, "TND_ENOMEM", "without memory there is no reader, and nothing is kept")
{
    for (size_t nth = 1; nth < 3; nth++) {
        struct failing_mem mem = failing_mem(nth);
        struct tnd_log *log = NULL;

        CHECK_EQ(tnd_log_new(failing_mem_use(&mem), &log), TND_ENOMEM);
        CHECK(!log);
        CHECK_EQ(mem.live_count, 0);
    }
}

TND_TEST(log_place, "RFC 3986 §3.2", "places in the ways that logs write them")
{
    static const struct {
        const char *text, *address;
        unsigned port;
        enum tnd_transport transport;
    } rows[] = {
        {"192.0.2.1:5060", "192.0.2.1", 5060, TND_TRANSPORT_NONE},
        {"UDP:192.0.2.1:5070", "192.0.2.1", 5070, TND_TRANSPORT_UDP},
        {"udp/[192.0.2.1]:5070:", "192.0.2.1", 5070, TND_TRANSPORT_UDP},
        {"tls/192.0.2.1", "192.0.2.1", 5061, TND_TRANSPORT_TLS},
        {"(192.0.2.1:5070),", "192.0.2.1", 5070, TND_TRANSPORT_NONE},
        {"[2001:db8::1]:5070", "2001:db8::1", 5070, TND_TRANSPORT_NONE},
        {"tcp:[2001:db8::1]", "2001:db8::1", 5060, TND_TRANSPORT_TCP},
        {"2001:db8::1:5070", "2001:db8::1", 5070, TND_TRANSPORT_NONE},
    };
    static const char *const none[] = {"",
                                       ":",
                                       "[",
                                       "[]",
                                       "[]:",
                                       "udp:",
                                       "udp/",
                                       "5060",
                                       "example.com:5060",
                                       "192.0.2.1:65536",
                                       "192.0.2.1:x",
                                       "[192.0.2.1",
                                       "udp/[]:5060",
                                       "<>"};
    struct tnd_endpoint e = {0};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(tnd_log_place(tnd_slice_str(rows[i].text), &e));
        check_place(&e, rows[i].transport, rows[i].address, rows[i].port);
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        CHECK(!tnd_log_place(tnd_slice_str(none[i]), &e));
}

TND_TEST(log_nothing, "trace/log.h", "a log that was never fed has no lines")
{
    struct failing_mem mem = failing_mem(0);
    struct tnd_traced traced;
    struct tnd_log *log;

    CHECK_EQ(tnd_log_new(failing_mem_use(&mem), &log), 0);
    CHECK(!tnd_log_next(log, &traced));
    tnd_log_end(log);
    CHECK(!tnd_log_next(log, &traced));
    CHECK_EQ(tnd_log_line_count(log), 0);
    tnd_log_free(&log);
    CHECK_EQ(mem.live_count, 0);
}
