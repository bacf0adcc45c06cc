/* pcapng: blocks in both orders of bytes, interfaces of several kinds, and what is broken. */
#include "trace/pcapng.h"

#include "unit/guarded.h"
#include "unit/trace/trace_test.h"

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, OLD_PACKET = 2, SIMPLE = 3, NAMES = 4, PACKET = 6 };

static bool is_big; /* the order of what is made */

static struct tnd_slice n(uint32_t value, size_t octets)
{
    char *p = (char *)wire_fill(0, octets).ptr;

    for (size_t i = 0; i < octets; i++)
        p[i] = (char)(value >> 8 * (is_big ? octets - 1 - i : i));
    return tnd_slice(p, octets);
}

static struct tnd_slice block(uint32_t type, struct tnd_slice body)
{
    struct tnd_slice padded = wire_join(body, wire_fill(0, -body.len % 4));
    struct tnd_slice len = n((uint32_t)padded.len + 12, 4);

    return wire_join(wire_join(n(type, 4), len), wire_join(padded, len));
}

static struct tnd_slice section(void)
{
    return block(SECTION, wire_join(wire_join(n(0x1a2b3c4d, 4), wire_join(n(1, 2), n(0, 2))),
                                    wire_hex("ffffffff ffffffff")));
}

static struct tnd_slice interface(uint32_t link_type, struct tnd_slice options)
{
    return block(INTERFACE,
                 wire_join(wire_join(n(link_type, 2), n(0, 2)), wire_join(n(262144, 4), options)));
}

static struct tnd_slice option(uint32_t code, struct tnd_slice value)
{
    return wire_join(wire_join(n(code, 2), n((uint32_t)value.len, 2)),
                     wire_join(value, wire_fill(0, -value.len % 4)));
}

static struct tnd_slice packet(uint32_t interface, uint64_t time, struct tnd_slice bytes)
{
    struct tnd_slice head =
        wire_join(n(interface, 4), wire_join(n((uint32_t)(time >> 32), 4), n((uint32_t)time, 4)));

    head = wire_join(head, wire_join(n((uint32_t)bytes.len, 4), n((uint32_t)bytes.len + 5, 4)));
    return block(PACKET, wire_join(head, bytes));
}

/* What the blocks of all are, a letter for each: F, o for OTHER, B where it ends. The last frame is in frame. */
static struct tnd_frame frame;
static uint32_t frame_interface;
static char letters[64];

static const char *walk(struct tnd_slice all)
{
    struct tnd_pcapng p = {0};
    size_t used, count = 0;

    while (all.len > 0) {
        enum tnd_pcapng_got got = tnd_pcapng_next(&p, all, &frame, &frame_interface, &used);

        letters[count++] = "FomB"[got];
        CHECK(count < sizeof(letters) - 1);
        if (got == TND_PCAPNG_MORE || got == TND_PCAPNG_BROKEN)
            break;
        CHECK(used > 0 && used <= all.len);
        all = wire_part(all, used, all.len);
    }
    letters[count] = '\0';
    return letters;
}

#define CHECK_WALK(all, expected) CHECK_STR(tnd_slice_str(walk(all)), expected)

TND_TEST(pcapng_orders, "draft-ietf-opsawg-pcapng §4.1",
         "a section says in which order its numbers are")
{
    for (int i = 0; i < 2; i++) {
        wire_begin();
        is_big = i == 1;
        struct tnd_slice all = wire_join(section(), interface(1, TND_STR("")));
        all = wire_join(all, packet(0, 1700000000250000, TND_STR("hello")));
        CHECK_WALK(all, "ooF");
        CHECK_EQ(frame.at, 1700000000250000);
        CHECK_EQ(frame.link, TND_LINK_ETHERNET);
        CHECK_STR(frame.bytes, "hello");
        CHECK_EQ(frame.on_wire, 10);
    }
}

TND_TEST(pcapng_interfaces, "draft-ietf-opsawg-pcapng §4.2",
         "each packet is of the kind of its interface; a new section begins with none")
{
    static const struct {
        uint32_t type;
        enum tnd_link link;
    } rows[] = {{0, TND_LINK_LOOPBACK},   {1, TND_LINK_ETHERNET},  {101, TND_LINK_RAW},
                {108, TND_LINK_LOOPBACK}, {113, TND_LINK_COOKED},  {228, TND_LINK_RAW},
                {229, TND_LINK_RAW},      {276, TND_LINK_COOKED2}, {105, TND_LINK_NONE}};
    enum { COUNT = sizeof(rows) / sizeof(*rows) };

    wire_begin();
    struct tnd_slice all = section();
    for (size_t i = 0; i < COUNT; i++)
        all = wire_join(all, interface(rows[i].type, TND_STR("")));
    for (uint32_t i = 0; i < COUNT; i++) {
        CHECK_WALK(wire_join(all, packet(i, 0, TND_STR("x"))), "ooooooooooF");
        CHECK_EQ(frame.link, rows[i].link);
        CHECK_EQ(frame_interface, i);
    }
    CHECK_WALK(wire_join(all, packet(COUNT, 0, TND_STR("x"))), "ooooooooooB");
    CHECK_WALK(wire_join(all, wire_join(section(), packet(0, 0, TND_STR("x")))), "oooooooooooB");
}

TND_TEST(pcapng_times, "draft-ietf-opsawg-pcapng §4.2",
         "an interface says in which units it counts, and since when")
{
    const struct {
        const char *resolution;
        uint64_t time;
        int64_t at;
    } rows[] = {{"06", 1700000000000001, 1700000000000001},
                {"09", 1700000000000001999, 1700000000000001},
                {"03", 1700000000123, 1700000000123000},
                {"00", 1700000000, 1700000000000000},
                {"8a", 1700000000ULL << 10 | 512, 1700000000500000},
                {"a0", (uint64_t)1 << 32 | 1u << 30, 1250000},
                {"13", 1, 0},
                {"ff", 1, 0}};

    wire_begin();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct tnd_slice options =
            wire_join(option(2, TND_STR("eth0")), option(9, wire_hex(rows[i].resolution)));
        struct tnd_slice all = wire_join(section(), interface(1, options));

        CHECK_WALK(wire_join(all, packet(0, rows[i].time, TND_STR("x"))), "ooF");
        CHECK_EQ(frame.at, rows[i].at);
    }
    is_big = false;
    struct tnd_slice all =
        wire_join(section(), interface(1, option(14, wire_hex("0a00000000000000"))));
    CHECK_WALK(wire_join(all, packet(0, 5, TND_STR("x"))), "ooF");
    CHECK_EQ(frame.at, TND_SEC(10) + 5);
}

TND_TEST(pcapng_packets, "draft-ietf-opsawg-pcapng §4.4",
         "packets in the two other kinds of blocks are read too")
{
    wire_begin();
    struct tnd_slice all = wire_join(section(), interface(101, TND_STR("")));
    all = wire_join(all, block(NAMES, TND_STR("whatever")));
    struct tnd_slice old = wire_join(wire_join(n(0, 2), n(7, 2)), wire_join(n(0, 4), n(9, 4)));
    old = wire_join(old, wire_join(wire_join(n(3, 4), n(3, 4)), TND_STR("old")));
    CHECK_WALK(wire_join(all, block(OLD_PACKET, old)), "oooF");
    CHECK_EQ(frame.at, 9);
    CHECK_STR(frame.bytes, "old");
    CHECK_WALK(wire_join(all, block(SIMPLE, wire_join(n(6, 4), TND_STR("simple")))), "oooF");
    CHECK_STR(frame.bytes, "simple");
    CHECK_WALK(wire_join(all, block(SIMPLE, wire_join(n(60, 4), TND_STR("cutt")))), "oooF");
    CHECK(frame.bytes.len == 4 && frame.on_wire == 60);
}

TND_TEST(pcapng_broken, "draft-ietf-opsawg-pcapng §3.1",
         "blocks that cannot be are told from those that are not whole")
{
    wire_begin();
    struct tnd_slice all = wire_join(section(), interface(1, TND_STR("")));
    CHECK_WALK(interface(1, TND_STR("")), "B");
    CHECK_WALK(wire_join(all, wire_hex("06000000 07000000 00000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("06000000 0d000000 00000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("06000000 fcffffff 00000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("06000000 10000000 00000000 11000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("06000000 10000000 00000000 10000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("01000000 10000000 00000000 10000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("0a0d0d0a 1c000000 00000000")), "ooB");
    CHECK_WALK(wire_join(all, wire_hex("0a0d0d0a 10000000 4d3c2b1a 10000000")), "ooB");
    struct tnd_slice liar = packet(0, 0, TND_STR("four"));
    ((char *)liar.ptr)[20] = 5;
    CHECK_WALK(wire_join(all, liar), "ooB");
}

TND_TEST(pcapng_prefixes, "draft-ietf-opsawg-pcapng §3.1",
         "of a block that is not whole, nothing behind its end is read")
{
    wire_begin();
    struct tnd_slice head = wire_join(section(), interface(1, option(9, wire_hex("06"))));
    struct tnd_slice one = packet(0, 1, TND_STR("hello"));

    for (size_t len = 0; len < one.len; len++) {
        struct tnd_pcapng p = {0};
        size_t used;
        struct tnd_slice part = guarded(wire_part(one, 0, len));

        for (struct tnd_slice at = head; at.len > 0; at = wire_part(at, used, at.len))
            CHECK_EQ(tnd_pcapng_next(&p, at, &frame, &frame_interface, &used), TND_PCAPNG_OTHER);
        CHECK_EQ(tnd_pcapng_next(&p, part, &frame, &frame_interface, &used), TND_PCAPNG_MORE);
        CHECK_EQ(used, len < 12 ? 0 : one.len);
        guarded_free(part);
    }
}

TND_TEST(pcapng_many_interfaces, "TND_PCAPNG_INTERFACE_COUNT_MAX",
         "packets of interfaces beyond the bound are there, but cannot be read")
{
    struct tnd_pcapng p = {0};
    size_t used;

    wire_begin();
    is_big = false;
    struct tnd_slice one = interface(1, TND_STR("")),
                     late = packet(TND_PCAPNG_INTERFACE_COUNT_MAX, 0, TND_STR("x"));
    CHECK_EQ(tnd_pcapng_next(&p, section(), &frame, &frame_interface, &used), TND_PCAPNG_OTHER);
    for (int i = 0; i <= TND_PCAPNG_INTERFACE_COUNT_MAX; i++)
        CHECK_EQ(tnd_pcapng_next(&p, one, &frame, &frame_interface, &used), TND_PCAPNG_OTHER);
    CHECK_EQ(tnd_pcapng_next(&p, late, &frame, &frame_interface, &used), TND_PCAPNG_FRAME);
    CHECK_EQ(frame.link, TND_LINK_NONE);
}
