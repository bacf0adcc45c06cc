#include "unit/trace/trace_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"

static char room[1 << 22];
static size_t room_len;

void wire_begin(void)
{
    room_len = 0;
}

static char *take(size_t len)
{
    CHECK(len <= sizeof(room) - room_len);
    room_len += len;
    return room + room_len - len;
}

struct tnd_slice wire_hex(const char *digits)
{
    char *p = take(strlen(digits) / 2);
    size_t len = 0;

    for (; *digits; digits++) {
        if (*digits == ' ')
            continue;
        p[len++] = (char)(tnd_hex_value(digits[0]) << 4 | tnd_hex_value(digits[1]));
        digits++;
    }
    return tnd_slice(p, len);
}

struct tnd_slice wire_join(struct tnd_slice a, struct tnd_slice b)
{
    char *p = take(a.len + b.len);

    if (a.len > 0)
        memcpy(p, a.ptr, a.len);
    if (b.len > 0)
        memcpy(p + a.len, b.ptr, b.len);
    return tnd_slice(p, a.len + b.len);
}

struct tnd_slice wire_fill(char c, size_t len)
{
    char *p = take(len);

    memset(p, c, len);
    return tnd_slice(p, len);
}

struct tnd_slice wire_part(struct tnd_slice s, size_t from, size_t len)
{
    CHECK(from <= s.len);
    return tnd_slice(s.ptr + from, len < s.len - from ? len : s.len - from);
}

static struct tnd_slice number(uint32_t n, size_t octets)
{
    char *p = take(octets);

    for (size_t i = 0; i < octets; i++)
        p[i] = (char)(n >> 8 * (octets - 1 - i));
    return tnd_slice(p, octets);
}

static struct tnd_slice message(const char *call_id, size_t body)
{
    char *p = take(512);
    int len = snprintf(p, 512,
                       "OPTIONS sip:bob@example.com SIP/2.0\r\n"
                       "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK%s\r\n"
                       "From: <sip:a@example.com>;tag=1\r\n"
                       "To: <sip:bob@example.com>\r\n"
                       "Call-ID: %s\r\n"
                       "CSeq: 1 OPTIONS\r\n"
                       "Max-Forwards: 70\r\n"
                       "Content-Length: %5zu\r\n\r\n",
                       call_id, call_id, body);

    return wire_join(tnd_slice(p, (size_t)len), wire_fill('b', body));
}

struct tnd_slice wire_message(const char *call_id)
{
    return message(call_id, 0);
}

struct tnd_slice wire_message_of(const char *call_id, size_t len)
{
    return message(call_id, len - wire_message(call_id).len);
}

struct tnd_slice wire_udp(unsigned from, unsigned to, struct tnd_slice payload)
{
    struct tnd_slice ports = wire_join(number(from, 2), number(to, 2));

    return wire_join(
        ports, wire_join(number((uint32_t)payload.len + 8, 2), wire_join(number(0, 2), payload)));
}

struct tnd_slice wire_tcp(const struct wire_tcp *tcp, struct tnd_slice payload)
{
    struct tnd_slice head = wire_join(number(tcp->from, 2), number(tcp->to, 2));

    head = wire_join(head, wire_join(number(tcp->sequence, 4), number(tcp->acknowledged, 4)));
    head = wire_join(head, wire_join(number(0x5000 | tcp->flags, 2), number(0xffff, 2)));
    return wire_join(head, wire_join(number(0, 4), payload));
}

static struct tnd_slice ip4(unsigned id, unsigned fragment, unsigned protocol,
                            struct tnd_slice payload)
{
    struct tnd_slice head = wire_join(number(0x4500, 2), number((uint32_t)payload.len + 20, 2));

    head = wire_join(head, wire_join(number(id, 2), number(fragment, 2)));
    head = wire_join(head, wire_join(number(64, 1), number(protocol, 1)));
    head = wire_join(head, wire_hex("0000 c0000201 c0000202"));
    return wire_join(head, payload);
}

struct tnd_slice wire_ip4(struct tnd_slice payload)
{
    return ip4(1, 0, WIRE_UDP, payload);
}

struct tnd_slice wire_ip4_of(unsigned protocol, struct tnd_slice payload)
{
    return ip4(1, 0, protocol, payload);
}

struct tnd_slice wire_ip4_fragment(unsigned id, size_t offset, bool has_more,
                                   struct tnd_slice payload)
{
    return ip4(id, (unsigned)(offset / 8) | (has_more ? 0x2000 : 0), WIRE_UDP, payload);
}

struct tnd_slice wire_ip6(unsigned protocol, struct tnd_slice payload)
{
    struct tnd_slice head = wire_join(number(6U << 28, 4), number((uint32_t)payload.len, 2));

    head = wire_join(head, wire_join(number(protocol, 1), number(64, 1)));
    head = wire_join(head, wire_hex("20010db8000000000000000000000001"
                                    "20010db8000000000000000000000002"));
    return wire_join(head, payload);
}

struct tnd_slice wire_ethernet(unsigned type, struct tnd_slice payload)
{
    return wire_join(wire_hex("020000000001 020000000002"), wire_join(number(type, 2), payload));
}

struct tnd_slice wire_websocket(unsigned first, bool is_masked, struct tnd_slice payload)
{
    static const char mask[4] = {0x12, 0x34, 0x56, 0x78};
    unsigned bit = is_masked ? 0x80 : 0;
    struct tnd_slice head =
        payload.len < 126 ? number(first << 8 | bit | (unsigned)payload.len, 2)
        : payload.len < 65536
            ? wire_join(number(first << 8 | bit | 126, 2), number((uint32_t)payload.len, 2))
            : wire_join(number(first << 8 | bit | 127, 2),
                        wire_join(number(0, 4), number((uint32_t)payload.len, 4)));
    char *p = take(payload.len);

    for (size_t i = 0; i < payload.len; i++)
        p[i] = (char)(payload.ptr[i] ^ (is_masked ? mask[i % 4] : 0));
    if (is_masked)
        head = wire_join(head, tnd_slice(mask, 4));
    return wire_join(head, tnd_slice(p, payload.len));
}

void ear_begin(struct ear *ear)
{
    static const struct tnd_siphash_key secret = {1, 2};

    *ear = (struct ear){.mem = failing_mem(0), .now = TND_SEC(1700000000)};
    CHECK_EQ(tnd_tap_new(failing_mem_use(&ear->mem), &secret, &ear->tap), 0);
}

static struct tnd_slice call_id(struct tnd_slice bytes)
{
    static const char name[] = "Call-ID: ";

    for (size_t i = 0; i + sizeof(name) < bytes.len; i++)
        if (memcmp(bytes.ptr + i, name, sizeof(name) - 1) == 0) {
            const char *begin = bytes.ptr + i + sizeof(name) - 1;
            const char *end = memchr(begin, '\r', (size_t)(tnd_slice_end(bytes) - begin));

            return end ? tnd_slice_between(begin, end) : TND_STR("?");
        }
    return TND_STR("?");
}

void ear_write(struct ear *ear, const struct tnd_traced *traced)
{
    struct tnd_slice id = call_id(traced->bytes);

    ear->last = *traced;
    ear->len += (size_t)snprintf(ear->heard + ear->len, sizeof(ear->heard) - ear->len, "%s%.*s%s",
                                 ear->len ? " " : "", TND_FMT(id), traced->is_cut ? "!" : "");
    CHECK(ear->len < sizeof(ear->heard));
}

static void listen(struct ear *ear)
{
    struct tnd_traced traced;

    while (tnd_tap_next(ear->tap, &traced))
        ear_write(ear, &traced);
}

/* In memory of its own, so that nothing is read behind its end, nor when it is gone. */
void ear_cut_frame(struct ear *ear, enum tnd_link link, struct tnd_slice bytes, size_t len)
{
    char *copy = malloc(len + !len);

    CHECK(copy);
    if (len > 0)
        memcpy(copy, bytes.ptr, len);
    tnd_tap_feed(ear->tap, &(struct tnd_frame){.at = ear->now,
                                               .number = ++ear->frames,
                                               .link = link,
                                               .bytes = tnd_slice(copy, len),
                                               .on_wire = bytes.len});
    listen(ear);
    memset(copy, 'x', len);
    free(copy);
}

void ear_frame(struct ear *ear, enum tnd_link link, struct tnd_slice bytes)
{
    ear_cut_frame(ear, link, bytes, bytes.len);
}

struct tnd_slice ear_heard(const struct ear *ear)
{
    return tnd_slice(ear->heard, ear->len);
}

void ear_end(struct ear *ear, const char *heard)
{
    tnd_tap_end(ear->tap);
    listen(ear);
    tnd_tap_free(&ear->tap);
    CHECK_STR(ear_heard(ear), heard);
    CHECK_EQ(ear->mem.live_count, 0);
}

static void segment(struct wire_talk *talk, int side, uint32_t sequence, unsigned flags,
                    struct tnd_slice bytes)
{
    struct wire_tcp tcp = {.from = side ? 5060 : 40000,
                           .to = side ? 40000 : 5060,
                           .sequence = sequence,
                           .acknowledged = talk->next[!side],
                           .flags = flags};
    struct tnd_slice ip = wire_ip4_of(WIRE_TCP, wire_tcp(&tcp, bytes));
    char from[4];

    if (side) { /* it comes from the other one */
        char *p = (char *)ip.ptr;

        memcpy(from, p + 12, 4);
        memcpy(p + 12, p + 16, 4);
        memcpy(p + 16, from, 4);
    }
    ear_frame(talk->ear, TND_LINK_RAW, ip);
}

void talk_open(struct wire_talk *talk, struct ear *ear)
{
    *talk = (struct wire_talk){.ear = ear, .next = {0xfffffff0, 7}};
    segment(talk, 0, talk->next[0]++, TND_TCP_SYN, TND_STR(""));
    segment(talk, 1, talk->next[1]++, TND_TCP_SYN | TND_TCP_ACK, TND_STR(""));
    talk_flags(talk, 0, TND_TCP_ACK);
}

void talk_say(struct wire_talk *talk, int side, struct tnd_slice bytes)
{
    talk_say_at(talk, side, 0, bytes);
    talk->next[side] += (uint32_t)bytes.len;
}

void talk_lose(struct wire_talk *talk, int side, size_t len)
{
    talk->next[side] += (uint32_t)len;
}

void talk_say_at(struct wire_talk *talk, int side, int32_t distance, struct tnd_slice bytes)
{
    segment(talk, side, talk->next[side] + (uint32_t)distance, TND_TCP_ACK, bytes);
}

void talk_flags(struct wire_talk *talk, int side, unsigned flags)
{
    segment(talk, side, talk->next[side], flags | TND_TCP_ACK, TND_STR(""));
    talk->next[side] += (flags & TND_TCP_FIN) != 0;
}
