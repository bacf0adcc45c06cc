/* Sections, interfaces, packets; other blocks are passed over. */
#include "trace/pcapng.h"

enum {
    SECTION = 0x0a0d0d0a, /* the same in both orders */
    INTERFACE = 1,
    OLD_PACKET = 2,
    SIMPLE_PACKET = 3,
    PACKET = 6,
    OPTION_RESOLUTION = 9,
    OPTION_OFFSET = 14,
    HEAD_LEN = 8, /* type and length, in front of each block */
    TAIL_LEN = 4, /* the length again */
    BLOCK_SIZE_MIN = HEAD_LEN + TAIL_LEN,
    SECTION_LEN = 16, /* without options, as the others */
    INTERFACE_LEN = 8,
    PACKET_LEN = 20,
    SIMPLE_PACKET_LEN = 4,
    MICROSECONDS = 6,
    DECIMAL_MAX = 18, /* digits of a fraction; what is finer cannot be counted */
    BINARY_MAX = 62,
};

static const uint32_t order = 0x1a2b3c4d;

enum tnd_link tnd_link_of(unsigned link_type)
{
    switch (link_type) {
    case 1:
        return TND_LINK_ETHERNET;
    case 0:
    case 108:
        return TND_LINK_LOOPBACK;
    case 101:
    case 228: /* IPv4 alone */
    case 229: /* IPv6 alone */
        return TND_LINK_RAW;
    case 113:
        return TND_LINK_COOKED;
    case 276:
        return TND_LINK_COOKED2;
    default:
        return TND_LINK_NONE;
    }
}

static uint32_t swapped(uint32_t n)
{
    return n >> 24 | (n >> 8 & 0xff00) | (n << 8 & 0xff0000) | n << 24;
}

/* In the order of the section. */
static uint32_t get_32(const struct tnd_pcapng *p, const char *at)
{
    uint32_t n = tnd_get_32(at);

    return p->is_swapped ? n : swapped(n);
}

static uint32_t get_16(const struct tnd_pcapng *p, const char *at)
{
    uint32_t n = tnd_get_16(at);

    return p->is_swapped ? n : (n >> 8 | n << 8) & 0xffff;
}

static uint64_t get_64(const struct tnd_pcapng *p, const char *at)
{
    uint64_t first = get_32(p, at), second = get_32(p, at + 4);

    return p->is_swapped ? first << 32 | second : second << 32 | first;
}

/* A section says in which order its numbers are. */
static bool begin_section(struct tnd_pcapng *p, struct tnd_slice bytes)
{
    uint32_t mark = tnd_get_32(bytes.ptr + HEAD_LEN);

    if (mark != order && swapped(mark) != order)
        return false;
    *p = (struct tnd_pcapng){.is_begun = true, .is_swapped = mark == order};
    return true;
}

static void read_option(const struct tnd_pcapng *p, struct tnd_pcapng_interface *i, uint32_t code,
                        struct tnd_slice value)
{
    if (code == OPTION_RESOLUTION && value.len >= 1) {
        unsigned char resolution = (unsigned char)value.ptr[0];

        i->is_binary = resolution & 0x80;
        i->exponent = resolution & 0x7f;
    } else if (code == OPTION_OFFSET && value.len >= 8) {
        i->offset = (int64_t)get_64(p, value.ptr);
    }
}

static void read_interface(struct tnd_pcapng *p, struct tnd_slice body)
{
    struct tnd_pcapng_interface i = {.link_type = (uint16_t)get_16(p, body.ptr),
                                     .exponent = MICROSECONDS};
    struct tnd_slice left = tnd_slice(body.ptr + INTERFACE_LEN, body.len - INTERFACE_LEN);

    while (left.len >= 4) {
        uint32_t code = get_16(p, left.ptr), len = get_16(p, left.ptr + 2);
        size_t padded = (len + 3u) & ~3u;

        if (code == 0 || padded > left.len - 4)
            break;
        read_option(p, &i, code, tnd_slice(left.ptr + 4, len));
        left = tnd_slice(left.ptr + 4 + padded, left.len - 4 - padded);
    }
    if (p->interface_count < TND_PCAPNG_INTERFACE_COUNT_MAX)
        p->interface[p->interface_count] = i;
    p->interface_count += p->interface_count < UINT32_MAX;
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t n = 1;

    while (exponent-- > 0)
        n *= 10;
    return n;
}

/* Microseconds. A unit beyond what can be counted is none: then all is at its beginning. */
static int64_t time_of(const struct tnd_pcapng_interface *i, uint64_t units)
{
    uint64_t second, micros = 1000000;

    if (i->exponent > (i->is_binary ? BINARY_MAX : DECIMAL_MAX))
        return 0;
    second = i->is_binary ? (uint64_t)1 << i->exponent : power_of_ten(i->exponent);
    uint64_t seconds = units / second, rest = units % second;
    while (second > UINT64_MAX / micros / 2) { /* finer than anybody measures */
        second /= 2;
        rest /= 2;
    }
    if (seconds > INT32_MAX || i->offset > INT32_MAX || i->offset < INT32_MIN)
        return 0;
    return TND_SEC((int64_t)seconds + i->offset) + (int64_t)(rest * micros / second);
}

/* What came in by which interface, and when, in its units. */
static enum tnd_pcapng_got give(const struct tnd_pcapng *p, uint32_t interface, uint64_t units,
                                struct tnd_slice bytes, uint32_t on_wire, struct tnd_frame *ret)
{
    static const struct tnd_pcapng_interface unknown = {.link_type = UINT16_MAX,
                                                        .exponent = MICROSECONDS};
    const struct tnd_pcapng_interface *i = &unknown;

    if (interface >= p->interface_count)
        return TND_PCAPNG_BROKEN;
    if (interface < TND_PCAPNG_INTERFACE_COUNT_MAX)
        i = &p->interface[interface];
    *ret = (struct tnd_frame){.at = time_of(i, units),
                              .link = tnd_link_of(i->link_type),
                              .bytes = bytes,
                              .on_wire = on_wire};
    return TND_PCAPNG_FRAME;
}

/* PACKET, and what it was before: there the interface has 16 bits. */
static enum tnd_pcapng_got read_packet(const struct tnd_pcapng *p, uint32_t interface,
                                       struct tnd_slice body, struct tnd_frame *ret)
{
    uint64_t units = (uint64_t)get_32(p, body.ptr + 4) << 32 | get_32(p, body.ptr + 8);
    uint32_t len = get_32(p, body.ptr + 12), on_wire = get_32(p, body.ptr + 16);

    if (len > body.len - PACKET_LEN)
        return TND_PCAPNG_BROKEN;
    return give(p, interface, units, tnd_slice(body.ptr + PACKET_LEN, len), on_wire, ret);
}

static enum tnd_pcapng_got read_body(struct tnd_pcapng *p, uint32_t type, struct tnd_slice body,
                                     struct tnd_frame *ret, uint32_t *ret_interface)
{
    *ret_interface = 0;
    if ((type == PACKET || type == OLD_PACKET) && body.len >= PACKET_LEN) {
        *ret_interface = type == PACKET ? get_32(p, body.ptr) : get_16(p, body.ptr);
        return read_packet(p, *ret_interface, body, ret);
    }
    if (type == SIMPLE_PACKET && body.len >= SIMPLE_PACKET_LEN) {
        uint32_t on_wire = get_32(p, body.ptr);
        size_t len = body.len - SIMPLE_PACKET_LEN;

        return give(p, 0, 0, tnd_slice(body.ptr + SIMPLE_PACKET_LEN, len < on_wire ? len : on_wire),
                    on_wire, ret);
    }
    if (type == PACKET || type == OLD_PACKET || type == SIMPLE_PACKET)
        return TND_PCAPNG_BROKEN;
    if (type == INTERFACE) {
        if (body.len < INTERFACE_LEN)
            return TND_PCAPNG_BROKEN;
        read_interface(p, body);
    }
    return TND_PCAPNG_OTHER;
}

enum tnd_pcapng_got tnd_pcapng_next(struct tnd_pcapng *p, struct tnd_slice bytes,
                                    struct tnd_frame *ret, uint32_t *ret_interface,
                                    size_t *ret_used)
{
    *ret_used = 0;
    if (bytes.len < BLOCK_SIZE_MIN)
        return TND_PCAPNG_MORE;
    bool is_section = tnd_get_32(bytes.ptr) == SECTION;
    if (is_section ? !begin_section(p, bytes) : !p->is_begun)
        return TND_PCAPNG_BROKEN;
    size_t len = get_32(p, bytes.ptr + 4);
    if (len < (is_section ? BLOCK_SIZE_MIN + SECTION_LEN : BLOCK_SIZE_MIN) || len % 4 != 0 ||
        len > TND_PCAPNG_BLOCK_SIZE_MAX)
        return TND_PCAPNG_BROKEN;
    *ret_used = len;
    if (bytes.len < len)
        return TND_PCAPNG_MORE;
    if (get_32(p, bytes.ptr + len - TAIL_LEN) != len)
        return TND_PCAPNG_BROKEN;
    if (is_section)
        return TND_PCAPNG_OTHER;
    return read_body(p, get_32(p, bytes.ptr), tnd_slice(bytes.ptr + HEAD_LEN, len - BLOCK_SIZE_MIN),
                     ret, ret_interface);
}
