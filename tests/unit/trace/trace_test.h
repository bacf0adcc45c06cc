/* What the tests of src/trace share: packets made of bytes, and an ear that writes down which messages came.
 *
 *     wire_begin();
 *     struct ear ear;
 *     ear_begin(&ear);
 *     ear_frame(&ear, TND_LINK_RAW, wire_ip4(wire_udp(5060, 5060, wire_message("a"))));
 *     CHECK_EQ(ear_end(&ear, "a"), 0);
 */
#ifndef TESTS_TRACE_TEST_H
#define TESTS_TRACE_TEST_H

#include "trace/tap.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

/* All slices here are good until the next wire_begin(). */
void wire_begin(void);
struct tnd_slice wire_hex(const char *digits);
struct tnd_slice wire_join(struct tnd_slice a, struct tnd_slice b);
struct tnd_slice wire_fill(char c, size_t len);
struct tnd_slice wire_part(struct tnd_slice s, size_t from, size_t len);

/* An OPTIONS with this Call-ID, and a body so that it is len bytes long; 0: none. */
struct tnd_slice wire_message(const char *call_id);
struct tnd_slice wire_message_of(const char *call_id, size_t len);

struct tnd_slice wire_udp(unsigned from, unsigned to, struct tnd_slice payload);

struct wire_tcp {
    unsigned from, to;
    uint32_t sequence, acknowledged;
    unsigned flags;
};
struct tnd_slice wire_tcp(const struct wire_tcp *tcp, struct tnd_slice payload);

enum { WIRE_TCP = 6, WIRE_UDP = 17 };

/* 192.0.2.1 to 192.0.2.2, and 2001:db8::1 to 2001:db8::2; payload is UDP, or what protocol says. */
struct tnd_slice wire_ip4(struct tnd_slice payload);
struct tnd_slice wire_ip4_of(unsigned protocol, struct tnd_slice payload);
struct tnd_slice wire_ip4_fragment(unsigned id, size_t offset, bool has_more,
                                   struct tnd_slice payload);
struct tnd_slice wire_ip6(unsigned protocol, struct tnd_slice payload);
struct tnd_slice wire_ethernet(unsigned type, struct tnd_slice payload);

/* One frame of WebSocket: first is FIN and opcode. */
struct tnd_slice wire_websocket(unsigned first, bool is_masked, struct tnd_slice payload);

/* The Call-IDs of the messages that came, in their order, with a space between; "!" behind that of one that is cut, "?"
 * where there is none. */
struct ear {
    struct failing_mem mem;
    struct tnd_tap *tap;
    int64_t now;
    uint64_t frames;
    struct tnd_traced last;
    char heard[4096];
    size_t len;
};

void ear_begin(struct ear *ear);
void ear_write(struct ear *ear, const struct tnd_traced *traced);
void ear_frame(struct ear *ear, enum tnd_link link, struct tnd_slice bytes);
void ear_cut_frame(struct ear *ear, enum tnd_link link, struct tnd_slice bytes, size_t len);
struct tnd_slice ear_heard(const struct ear *ear);
/* Nothing more comes; what was heard in all is heard. All memory was given back. */
void ear_end(struct ear *ear, const char *heard);

/* A conversation over TCP: bytes to and fro, without a thought for sequence numbers. */
struct wire_talk {
    struct ear *ear;
    uint32_t next[2]; /* of the client, of the server */
};

void talk_open(struct wire_talk *talk, struct ear *ear);
/* side 0: the client. */
void talk_say(struct wire_talk *talk, int side, struct tnd_slice bytes);
/* It is sent, but not captured. */
void talk_lose(struct wire_talk *talk, int side, size_t len);
/* Bytes of the stream that begin so far from the next. */
void talk_say_at(struct wire_talk *talk, int side, int32_t distance, struct tnd_slice bytes);
void talk_flags(struct wire_talk *talk, int side, unsigned flags);

#endif
