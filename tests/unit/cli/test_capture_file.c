/* Captures and logs in files: what they are is found out, and what is broken said with its place. */
#include "cli/capture_file.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/trace/trace_test.h"

static char path[] = "/tmp/tandem-capture-file-XXXXXX";

static struct ear ear; /* only written into */

static void make(struct tnd_slice bytes)
{
    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    CHECK_EQ(write(fd, bytes.ptr, bytes.len), bytes.len);
    close(fd);
}

static struct capture_file *open_made(const char *filter)
{
    const char *why = "";
    struct capture_file *file =
        capture_file_open(&(struct capture_file_place){.path = path, .filter = filter}, &why);

    unlink(path);
    CHECK_STR(tnd_slice_str(why), "");
    CHECK(file);
    return file;
}

/* What comes out of it, and how it ends. */
static enum capture_file_got hear(struct capture_file *file, const char *heard)
{
    struct tnd_diag_seen seen;
    enum capture_file_got got;

    ear.len = 0;
    while ((got = capture_file_next(file, &seen)) == CAPTURE_FILE_SEEN)
        ear_write(&ear, &(struct tnd_traced){.at = seen.at,
                                             .number = seen.number,
                                             .from = seen.from,
                                             .to = seen.to,
                                             .bytes = seen.bytes,
                                             .is_cut = seen.is_cut});
    CHECK_STR(ear_heard(&ear), heard);
    CHECK_EQ(capture_file_next(file, &seen), got);
    return got;
}

static const char *why_not(struct tnd_slice bytes, const char *filter)
{
    const char *why = "";

    make(bytes);
    CHECK(!capture_file_open(&(struct capture_file_place){.path = path, .filter = filter}, &why));
    unlink(path);
    return why;
}

static struct tnd_slice le32(uint32_t n)
{
    char *p = (char *)wire_fill(0, 4).ptr;

    for (int i = 0; i < 4; i++)
        p[i] = (char)(n >> 8 * i);
    return tnd_slice(p, 4);
}

static struct tnd_slice pcap_head(uint32_t link)
{
    struct tnd_slice head = wire_hex("d4c3b2a1 0200 0400 00000000 00000000 00000400");

    return wire_join(head, le32(link));
}

static struct tnd_slice pcap_record(uint32_t second, struct tnd_slice frame)
{
    struct tnd_slice head = wire_join(le32(second), le32(250000));

    head = wire_join(head, wire_join(le32((uint32_t)frame.len), le32((uint32_t)frame.len)));
    return wire_join(head, frame);
}

enum { RAW = 101, WIFI = 105, HEAD_LEN = 24, RECORD_LEN = 16 };

static struct tnd_slice frame_of(const char *call_id, unsigned port)
{
    return wire_ip4(wire_udp(port, 5060, wire_message(call_id)));
}

static struct tnd_slice two(void)
{
    return wire_join(pcap_head(RAW), wire_join(pcap_record(1000, frame_of("a", 5060)),
                                               pcap_record(1001, frame_of("b", 5070))));
}

TND_TEST(capture_file_pcap, "cli/capture_file.h",
         "a capture is read, with times, addresses and numbers of packets")
{
    wire_begin();
    make(two());
    struct capture_file *file = open_made(NULL);
    CHECK_EQ(hear(file, "a b"), CAPTURE_FILE_END);
    CHECK_EQ(ear.last.at, TND_SEC(1001) + 250000);
    CHECK_EQ(ear.last.number, 2);
    CHECK_EQ(ear.last.from.port, 5070);
    struct capture_file_progress p = capture_file_progress(file);
    CHECK(p.kind == CAPTURE_FILE_PACKETS && p.packets == 2 && p.messages == 2);
    CHECK(p.bytes == two().len && p.size == two().len);
    CHECK_STR(tnd_slice_str(capture_file_why(file)), "");
    capture_file_close(&file);
    CHECK(!file);
    make(two());
    file = open_made("udp src port 5070");
    CHECK_EQ(hear(file, "b"), CAPTURE_FILE_END);
    CHECK_EQ(ear.last.number, 2); /* where it is in the capture, not among those that pass */
    capture_file_close(&file);
}

/* In pcapng, by the LINKTYPE of an interface: 1 is Ethernet, 101 (0x65) IP. */
static struct tnd_slice ng_head(void)
{
    return wire_hex("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000");
}

static struct tnd_slice ng_interface(const char *link_type)
{
    return wire_join(wire_hex("01000000 14000000"),
                     wire_join(wire_hex(link_type), wire_hex("0000 00000400 14000000")));
}

static struct tnd_slice ng_packet(uint32_t interface, struct tnd_slice frame)
{
    struct tnd_slice padded = wire_join(frame, wire_fill(0, -frame.len % 4));
    struct tnd_slice len = le32((uint32_t)padded.len + 32);
    struct tnd_slice block = wire_join(wire_hex("06000000"), wire_join(len, le32(interface)));

    block = wire_join(block, wire_join(wire_hex("00000000 40420f00"), le32((uint32_t)frame.len)));
    return wire_join(block, wire_join(wire_join(le32((uint32_t)frame.len), padded), len));
}

static struct tnd_slice ng_two(void)
{
    struct tnd_slice all =
        wire_join(ng_head(), wire_join(ng_interface("6500"), ng_interface("0100")));

    all = wire_join(all, ng_packet(0, frame_of("a", 5060)));
    return wire_join(all, ng_packet(1, wire_ethernet(0x0800, frame_of("b", 5070))));
}

TND_TEST(capture_file_pcapng, "cli/capture_file.h",
         "so is a capture in pcapng, of interfaces of several kinds")
{
    wire_begin();
    make(ng_two());
    struct capture_file *file = open_made(NULL);
    CHECK_EQ(hear(file, "a b"), CAPTURE_FILE_END);
    CHECK_EQ(ear.last.at, TND_SEC(1));
    struct capture_file_progress p = capture_file_progress(file);
    CHECK(p.packets == 2 && p.messages == 2 && p.bytes == ng_two().len && p.size == p.bytes);
    capture_file_close(&file);
    make(ng_two());
    file = open_made("udp src port 5070");
    CHECK_EQ(hear(file, "b"), CAPTURE_FILE_END);
    CHECK_EQ(ear.last.number, 2);
    capture_file_close(&file);
    CHECK(strstr(why_not(ng_two(), "no such filter"), "filter: "));
    CHECK(*why_not(wire_part(ng_head(), 0, 20), NULL));
}

TND_TEST(capture_file_pcapng_broken, "cli/capture_file.h",
         "in pcapng too, what is there is read, and where the rest begins is said")
{
    wire_begin();
    struct tnd_slice all = ng_two();
    size_t first = ng_head().len + 2 * ng_interface("6500").len;
    size_t second = first + ng_packet(0, frame_of("a", 5060)).len;

    for (size_t len = first + 1; len < all.len; len += 7) {
        bool has_first = len >= second;

        make(wire_part(all, 0, len));
        struct capture_file *file = open_made(NULL);
        CHECK_EQ(hear(file, has_first ? "a" : ""),
                 len == second ? CAPTURE_FILE_END : CAPTURE_FILE_BROKEN);
        if (len != second)
            CHECK_EQ(capture_file_progress(file).fault_at, has_first ? second : first);
        capture_file_close(&file);
    }
    make(wire_join(all, wire_fill('\xfe', 500)));
    struct capture_file *file = open_made(NULL);
    CHECK_EQ(hear(file, "a b"), CAPTURE_FILE_BROKEN);
    CHECK_EQ(capture_file_progress(file).fault_at, all.len);
    CHECK_STR(tnd_slice_str(capture_file_why(file)), "what stands there is no block of pcapng");
    capture_file_close(&file);
}

TND_TEST(
    capture_file_truncated, "cli/capture_file.h",
    "of a capture that ends anywhere, what is there is read, and where the rest begins is said")
{
    wire_begin();
    struct tnd_slice all = two();
    size_t second = HEAD_LEN + RECORD_LEN + frame_of("a", 5060).len;

    for (size_t len = HEAD_LEN; len < all.len; len += 7) {
        bool has_first = len >= second;

        make(wire_part(all, 0, len));
        struct capture_file *file = open_made(NULL);
        enum capture_file_got got = hear(file, has_first ? "a" : "");
        bool is_between = len == HEAD_LEN || len == second;
        CHECK_EQ(got, is_between ? CAPTURE_FILE_END : CAPTURE_FILE_BROKEN);
        if (!is_between) {
            CHECK_EQ(capture_file_progress(file).fault_at, has_first ? second : HEAD_LEN);
            CHECK(*capture_file_why(file));
        }
        capture_file_close(&file);
    }
}

TND_TEST(capture_file_garbage, "cli/capture_file.h",
         "garbage within a capture ends it; garbage alone has no message")
{
    wire_begin();
    struct tnd_slice all = wire_join(two(), wire_fill('\xfe', 500));
    make(all);
    struct capture_file *file = open_made(NULL);
    CHECK_EQ(hear(file, "a b"), CAPTURE_FILE_BROKEN);
    CHECK_EQ(capture_file_progress(file).fault_at, two().len);
    capture_file_close(&file);
    make(wire_fill('\xfe', 5000));
    file = open_made(NULL);
    CHECK_EQ(hear(file, ""), CAPTURE_FILE_END);
    CHECK_EQ(capture_file_progress(file).kind, CAPTURE_FILE_LOG);
    capture_file_close(&file);
    make(TND_STR(""));
    file = open_made(NULL);
    CHECK_EQ(hear(file, ""), CAPTURE_FILE_END);
    capture_file_close(&file);
}

TND_TEST(capture_file_unreadable, "cli/capture_file.h", "what cannot be opened says why")
{
    const char *why = "";

    wire_begin();
    CHECK(!capture_file_open(&(struct capture_file_place){.path = "/nonexistent/x"}, &why));
    CHECK_STR(tnd_slice_str(why), "No such file or directory");
    CHECK(!capture_file_open(&(struct capture_file_place){.path = "/"}, &why));
    CHECK_STR(tnd_slice_str(why), "Is a directory");
    CHECK_STR(tnd_slice_str(why_not(wire_hex("1f8b08000000"), NULL)),
              "it is compressed: unpack it first");
    CHECK(strstr(why_not(pcap_head(WIFI), NULL), "IEEE802_11"));
    CHECK(strstr(why_not(pcap_head(RAW), "no such filter"), "filter: "));
    CHECK(*why_not(wire_hex("d4c3b2a1 0200"), NULL));
    CHECK(!capture_file_open(&(struct capture_file_place){.interface = "no-such-0"}, &why));
    CHECK(*why);
    capture_file_close(&(struct capture_file *){NULL});
}

TND_TEST(capture_file_log, "cli/capture_file.h",
         "text is read as a log, on standard input as well as from a file")
{
    static const char text[] = "<--- Received SIP request (9 bytes) from UDP:192.0.2.7:5061 --->\n"
                               "SIP/2.0 200 OK\r\nCall-ID: a\r\nContent-Length: 0\r\n\r\n";
    int before = dup(STDIN_FILENO), way[2];
    const char *why;

    CHECK(before >= 0 && pipe(way) == 0);
    CHECK_EQ(write(way[1], text, strlen(text)), strlen(text));
    close(way[1]);
    dup2(way[0], STDIN_FILENO);
    close(way[0]);
    struct capture_file *file = capture_file_open(&(struct capture_file_place){.path = "-"}, &why);
    CHECK(file);
    CHECK_EQ(hear(file, "a"), CAPTURE_FILE_END);
    struct capture_file_progress p = capture_file_progress(file);
    CHECK(p.kind == CAPTURE_FILE_LOG && p.packets == 5 && p.size == 0 && p.bytes == strlen(text));
    CHECK_EQ(ear.last.number, 2);
    CHECK_EQ(ear.last.from.port, 5061);
    capture_file_close(&file);
    dup2(before, STDIN_FILENO);
    close(before);
}

TND_TEST(capture_file_pipe, "cli/capture_file.h",
         "a capture on standard input says the same of its faults as in a file")
{
    int before = dup(STDIN_FILENO), way[2];
    const char *why;

    wire_begin();
    struct tnd_slice all = wire_part(two(), 0, two().len - 5);
    CHECK(before >= 0 && pipe(way) == 0);
    CHECK_EQ(write(way[1], all.ptr, all.len), all.len);
    close(way[1]);
    dup2(way[0], STDIN_FILENO);
    close(way[0]);
    struct capture_file *file = capture_file_open(&(struct capture_file_place){.path = "-"}, &why);
    CHECK(file);
    CHECK_EQ(hear(file, "a"), CAPTURE_FILE_BROKEN);
    CHECK_EQ(capture_file_progress(file).fault_at, HEAD_LEN + RECORD_LEN + frame_of("a", 5060).len);
    capture_file_close(&file);
    dup2(before, STDIN_FILENO);
    close(before);
}

TND_TEST(
    capture_file_live, "cli/capture_file.h",
    "of an interface, what comes is told as it comes, and that nothing does; or why it may not be listened to")
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(here);
    int fd = socket(AF_INET, SOCK_DGRAM, 0), idle = 0;
    enum capture_file_got got;
    struct tnd_diag_seen seen;
    const char *why = "";
    char filter[32];

    wire_begin();
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&here, len) == 0 &&
          getsockname(fd, (struct sockaddr *)&here, &len) == 0);
    snprintf(filter, sizeof(filter), "udp port %u", (unsigned)ntohs(here.sin_port));
    struct capture_file *file =
        capture_file_open(&(struct capture_file_place){.interface = "lo", .filter = filter}, &why);
    if (!file) {
        CHECK(*why);
        close(fd);
        return;
    }
    CHECK_EQ(capture_file_next(file, &seen), CAPTURE_FILE_IDLE);
    struct tnd_slice message = wire_message("a");
    CHECK_EQ(sendto(fd, message.ptr, message.len, 0, (struct sockaddr *)&here, len), message.len);
    while ((got = capture_file_next(file, &seen)) == CAPTURE_FILE_IDLE && idle < 100)
        idle++;
    CHECK_EQ(got, CAPTURE_FILE_SEEN);
    CHECK(tnd_slice_eq(seen.bytes, message));
    CHECK_EQ(seen.from.port, ntohs(here.sin_port));
    CHECK_EQ(capture_file_next(file, &seen), CAPTURE_FILE_IDLE);
    CHECK_EQ(capture_file_progress(file).kind, CAPTURE_FILE_LIVE);
    capture_file_close(&file);
    close(fd);
}
