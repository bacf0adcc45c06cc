/* A TCP connection of which segments come in any order, overlapping, or not at all: what is told as whole is one of
 * the messages that were sent, and none is told twice, nor before one that was sent before it.
 *
 * The first byte: SIP or WebSocket, and whether the beginning is captured. Then three bytes for a segment: where
 * in the stream it is, its length, how much later it came and whether the other side says what it has. */
#include "fuzz/fuzz.h"

#include "trace/stream.h"
#include "unit/counted_mem.h"

enum {
    MESSAGE_COUNT = 8,
    SEGMENT_SIZE = 3,
    ROOM_SIZE = 8192,
};

static const uint32_t first = 0xfffffe00; /* a sequence number that wraps soon */

static char room[ROOM_SIZE];
static size_t room_len;
static struct tnd_slice sent[MESSAGE_COUNT]; /* as they are told */
static struct tnd_slice last_way;            /* the stream that was made last */
static void put(struct tnd_writer *w, int nth, size_t body)
{
    tnd_put_str(w, nth % 2 ? "SIP/2.0 200 OK\r\n" : "OPTIONS sip:bob@example.com SIP/2.0\r\n");
    tnd_put_str(w, "Call-ID: ");
    tnd_put_number(w, (uint64_t)nth);
    tnd_put_str(w, "\r\nContent-Length: ");
    tnd_put_number(w, body);
    tnd_put_str(w, "\r\n\r\n");
    for (size_t i = 0; i < body; i++)
        tnd_put_char(w, i % 40 == 39 ? '\n' : 'b');
}

/* A frame with a message of that length in it, masked with zero: what it says stays to be read. */
static void put_frame_head(struct tnd_writer *w, size_t len)
{
    tnd_put_char(w, (char)0x81);
    tnd_put_char(w, (char)(0x80 | 126));
    tnd_put_char(w, (char)(len >> 8));
    tnd_put_char(w, (char)len);
    tnd_put(w, tnd_slice("\0\0\0\0", 4));
}

static struct tnd_slice make_stream(bool is_websocket)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (is_websocket)
        tnd_put_str(&w, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        size_t body = (size_t)(i * 97 % 7) * 50;
        struct tnd_writer counter = tnd_writer(NULL, 0);

        put(&counter, i, body);
        if (is_websocket)
            put_frame_head(&w, counter.len);
        sent[i] = tnd_slice(room + w.len, counter.len);
        put(&w, i, body);
    }
    FUZZ_CHECK(!tnd_writer_over(&w));
    room_len = w.len;
    return tnd_slice(room, w.len);
}

/* From where on a message may be told. */
static int check(const struct tnd_traced *traced, int from)
{
    if (traced->is_cut)
        return from;
    for (int i = from; i < MESSAGE_COUNT; i++)
        if (tnd_slice_eq(traced->bytes, sent[i]))
            return i + 1;
    FUZZ_CHECK(!"it was not sent, or was told before");
    return from;
}

static int listen(struct tnd_streams *streams, int from)
{
    struct tnd_traced traced;

    while (tnd_streams_next(streams, &traced))
        from = check(&traced, from);
    return from;
}

/* A copy that is gone when it was read. */
static int feed(struct tnd_streams *streams, struct tnd_packet *packet, struct tnd_slice bytes,
                int from)
{
    char *copy = malloc(bytes.len + !bytes.len);

    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    packet->payload = tnd_slice(copy, bytes.len);
    FUZZ_CHECK(tnd_streams_feed(streams, packet) == 0);
    from = listen(streams, from);
    free(copy);
    return from;
}

static struct tnd_packet packet_of(bool is_back)
{
    static const struct tnd_endpoint a = {{192, 0, 2, 1}, 5060, TND_TRANSPORT_TCP, TND_FAMILY_IPV4};
    static const struct tnd_endpoint b = {{192, 0, 2, 2}, 5060, TND_TRANSPORT_TCP, TND_FAMILY_IPV4};

    return (struct tnd_packet){
        .from = is_back ? b : a, .to = is_back ? a : b, .flags = TND_TCP_ACK};
}

/* All of it, each segment in its turn: every message is told. */
static void check_all(const struct tnd_mem *mem, struct tnd_slice way)
{
    static const struct tnd_siphash_key secret = {1, 2};
    struct tnd_packet packet = packet_of(false);
    struct tnd_streams *streams;

    FUZZ_CHECK(tnd_streams_new(mem, &secret, &streams) == 0);
    packet.sequence = first;
    packet.flags = TND_TCP_SYN;
    int told = feed(streams, &packet, way, 0);
    FUZZ_CHECK(told == MESSAGE_COUNT);
    tnd_streams_free(&streams);
    FUZZ_CHECK(counted_live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tnd_siphash_key secret = {1, 2};
    struct tnd_streams *streams;
    int told = 0;

    if (size == 0)
        return 0;
    struct tnd_slice way = make_stream(data[0] & 1);
    if (last_way.len != way.len)
        check_all(&counted_mem, way);
    last_way = way;
    struct tnd_packet packet = packet_of(false), back = packet_of(true);
    FUZZ_CHECK(tnd_streams_new(&counted_mem, &secret, &streams) == 0);
    if (data[0] & 2) {
        packet.sequence = first - 1;
        packet.flags = TND_TCP_SYN;
        told = feed(streams, &packet, TND_STR(""), told);
        packet.flags = TND_TCP_ACK;
    }
    for (data++, size--; size >= SEGMENT_SIZE; data += SEGMENT_SIZE, size -= SEGMENT_SIZE) {
        size_t at = way.len * data[0] / 256, len = data[1] * 4u;

        len = len < way.len - at ? len : way.len - at;
        packet.at += TND_MS(1) * (data[2] >> 1);
        packet.sequence = first + (uint32_t)at;
        told = feed(streams, &packet, tnd_slice(way.ptr + at, len), told);
        if (!(data[2] & 1))
            continue;
        back.at = packet.at;
        back.acknowledged = packet.sequence;
        told = feed(streams, &back, TND_STR("x"), told);
    }
    tnd_streams_end(streams);
    listen(streams, told);
    tnd_streams_free(&streams);
    FUZZ_CHECK(counted_live == 0);
    return 0;
}
